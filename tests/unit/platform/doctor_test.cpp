#include "helper/platform/doctor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <fstream>

#include "helper/platform/disk.h"
#include "helper/platform/terminal.h"

using pr::platform::Check;
using pr::platform::DoctorInput;

namespace {

DoctorInput healthy() {
  DoctorInput input;
  input.interfaces = {{"lo", true, true, true}, {"eth0", true, true, false}};
  input.default_interface = "eth0";
  input.capture_library = "libpcap version 1.10.3 (with TPACKET_V3)";
  input.now = pr::from_ns(1'790'000'000'000'000'000);
  return input;
}

Check check(const DoctorInput& input, const std::string& name) {
  const auto all = pr::platform::examine(input);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Check& each) { return each.name == name; });
  return found != all.end() ? *found : Check{};
}

}  // namespace

#define FINDS(input, name, words)                                          \
  do {                                                                     \
    const Check found_ = check(input, name);                               \
    QVERIFY2(!found_.ok, found_.found.c_str());                            \
    QVERIFY2(!found_.fix.empty(), name);                                   \
    QVERIFY2((found_.found + found_.fix).find(words) != std::string::npos, \
             (found_.found + " / " + found_.fix).c_str());                 \
  } while (false)

class DoctorTest : public QObject {
  Q_OBJECT
 private slots:
  void every_check_says_something_and_every_failure_its_fix() {
    const QTemporaryDir folder;
    DoctorInput input = healthy();
    input.database = folder.filePath("captures.db").toStdString();
    for (const Check& each : pr::platform::examine(input)) {
      QVERIFY(!each.name.empty() && !each.found.empty());
      QCOMPARE(each.ok, each.fix.empty());
    }
    for (const char* const name : {"interface", "default interface", "library", "clock", "database", "writer"}) {
      QVERIFY2(check(input, name).ok, name);
    }
  }

  void finds_what_is_wrong_with_interfaces() {
    DoctorInput input = healthy();
    input.interfaces[1].up = false;
    FINDS(input, "interface", "sudo ip link set 'eth0' up");
    input.interfaces.pop_back();
    FINDS(input, "interface", "no interface besides the loopback");
    input.default_interface.clear();
    FINDS(input, "default interface", "--interface NAME");
    input = healthy();
    input.interfaces[1].running = false;
    FINDS(input, "default interface", "no carrier");
  }

  void finds_an_old_library_and_a_wrong_clock() {
    DoctorInput input = healthy();
    input.capture_library = "libpcap version 1.8.1";
    FINDS(input, "library", "too old");
    input.capture_library = "something else";
    FINDS(input, "library", "not known");
    input.capture_library = "libpcap version 2.0";
    QVERIFY(check(input, "library").ok);
    input.now = pr::from_ns(0);
    FINDS(input, "clock", "1970");
  }

  void finds_a_buffer_beyond_the_memory() {
    DoctorInput input = healthy();
    if (pr::platform::available_memory() == 0) QSKIP("this system does not say how much memory is available");
    input.buffer_mib = 0xffffffff;
    FINDS(input, "memory", "--buffer ");
  }

  void finds_what_is_wrong_with_the_database() {
    const QTemporaryDir folder;
    DoctorInput input = healthy();
    input.database = folder.filePath("none/it's.db").toStdString();
    FINDS(input, "database", "mkdir -p '");
    input.database = folder.path().toStdString();
    FINDS(input, "database", "is a folder");
    if (::geteuid() == 0) QSKIP("root may write everywhere");
    input.database = "/proc/captures.db";
    FINDS(input, "database", "cannot write");
  }

  void names_the_writer() {
    const QTemporaryDir folder;
    DoctorInput input = healthy();
    input.database = folder.filePath("captures.db").toStdString();
    const std::string lock = input.database + ".lock";
    std::ofstream(lock) << "4711\n";
    QVERIFY(check(input, "writer").ok);  // the file stays when its writer has gone
    const int fd = ::open(lock.c_str(), O_RDWR | O_CLOEXEC);
    QCOMPARE(::flock(fd, LOCK_EX | LOCK_NB), 0);
    FINDS(input, "writer", "process 4711");
    QCOMPARE(::ftruncate(fd, 0), 0);
    FINDS(input, "writer", "fuser");
    ::close(fd);
    QVERIFY(check(input, "writer").ok);
  }

  void room_is_told_of_the_nearest_folder_that_exists() {
    const QTemporaryDir folder;
    const auto here = pr::platform::disk_space(folder.path().toStdString());
    const auto below = pr::platform::disk_space(folder.filePath("a/b/c.db").toStdString());
    QVERIFY(here.ok() && below.ok());
    QVERIFY(here->total > 0 && here->free <= here->total);
    QCOMPARE(below->total, here->total);
  }

  void a_pipe_is_no_terminal() {
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    QVERIFY(!pr::platform::is_terminal(ends[0]));
    QCOMPARE(pr::platform::terminal_width(ends[0]), 80);
    ::close(ends[0]);
    ::close(ends[1]);
  }
};

QTEST_APPLESS_MAIN(DoctorTest)
#include "doctor_test.moc"
