#include "helper/platform/privileges.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QtTest>
#include <cstdlib>
#include <fstream>
#include <functional>

using pr::platform::drop_privileges;
using pr::platform::sudo_identity;

namespace {

constexpr uid_t kNobody = 65534;

// What a process of its own returns, so that this one keeps its privileges.
int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

std::string process_status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
  }
  return {};
}

}  // namespace

class PrivilegesTest : public QObject {
  Q_OBJECT
 private slots:
  void believes_sudo_only_when_it_names_a_user_data() {
    QTest::addColumn<QByteArray>("uid");
    QTest::addColumn<QByteArray>("gid");
    QTest::addColumn<bool>("valid");
    QTest::newRow("a user") << QByteArray("1000") << QByteArray("100") << true;
    QTest::newRow("root") << QByteArray("0") << QByteArray("0") << false;
    QTest::newRow("no group") << QByteArray("1000") << QByteArray() << false;
    QTest::newRow("negative") << QByteArray("-1") << QByteArray("1000") << false;
    QTest::newRow("the id that means none") << QByteArray("4294967295") << QByteArray("1000") << false;
    QTest::newRow("words") << QByteArray("1000x") << QByteArray("1000") << false;
  }
  void believes_sudo_only_when_it_names_a_user() {
    QFETCH(QByteArray, uid);
    QFETCH(QByteArray, gid);
    QFETCH(bool, valid);
    const auto identity = sudo_identity(uid.constData(), gid.isNull() ? nullptr : gid.constData());
    QCOMPARE(identity.has_value(), valid);
    if (valid) QCOMPARE(identity->uid, uid_t{1000});
    QVERIFY(!sudo_identity(nullptr, nullptr));
  }

  void root_through_sudo_becomes_the_user_with_one_capability() {
#ifndef __linux__
    QSKIP("capabilities are Linux's");
#endif
    if (::geteuid() != 0) QSKIP("needs root");
    if (!pr::platform::can_capture().ok()) QSKIP("this root has no CAP_NET_RAW");
    const int result = in_child([] {
      ::setenv("SUDO_UID", "65534", 1);
      ::setenv("SUDO_GID", "65534", 1);
      if (!drop_privileges().ok()) return 1;
      if (::getuid() != kNobody || ::geteuid() != kNobody || ::getgid() != kNobody || ::getegid() != kNobody) return 2;
      for (const char* const set : {"CapEff", "CapPrm"}) {
        if (std::stoull(process_status(set), nullptr, 16) != 0x2000) return 3;
      }
      for (const char* const set : {"CapInh", "CapBnd", "CapAmb"}) {
        if (std::stoull(process_status(set), nullptr, 16) != 0) return 4;
      }
      if (process_status("NoNewPrivs") != "1") return 5;
      rlimit core{};
      if (::getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0) return 6;
      if (::setuid(0) == 0 || ::open("/etc/shadow", O_RDONLY) >= 0) return 7;
      // An interface that comes back can still be opened.
      return pr::platform::can_capture().ok() ? 0 : 8;
    });
    QCOMPARE(result, 0);
  }

  void root_stays_root_with_what_a_capture_needs() {
#ifndef __linux__
    QSKIP("capabilities are Linux's");
#endif
    if (::geteuid() != 0) QSKIP("needs root");
    const int result = in_child([] {
      ::unsetenv("SUDO_UID");
      ::unsetenv("SUDO_GID");
      if (!drop_privileges().ok()) return 1;
      if (::geteuid() != 0) return 2;
      // chown, dac_override, fowner, net_admin, net_raw
      constexpr unsigned long long kMost = 1U << 0U | 1U << 1U | 1U << 3U | 1U << 12U | 1U << 13U;
      for (const char* const set : {"CapEff", "CapPrm"}) {
        const auto held = std::stoull(process_status(set), nullptr, 16);
        if ((held & ~kMost) != 0) return 3;
      }
      return process_status("NoNewPrivs") == "1" ? 0 : 4;
    });
    QCOMPARE(result, 0);
  }

  void without_permission_the_way_to_get_it_is_told() {
    if (::geteuid() != 0) QSKIP("needs root, to have something to give up");
    const int result = in_child([] {
      if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) return 1;
      if (!drop_privileges().ok()) return 2;  // nothing to drop is no error
      const absl::Status status = pr::platform::can_capture();
      if (status.code() != absl::StatusCode::kPermissionDenied) return 3;
      return std::string(status.message()).find("sudo") != std::string::npos ? 0 : 4;
    });
    QCOMPARE(result, 0);
  }
};

QTEST_APPLESS_MAIN(PrivilegesTest)
#include "privileges_test.moc"
