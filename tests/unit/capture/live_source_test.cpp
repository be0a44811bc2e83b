// Capture on real interfaces. Needs CAP_NET_RAW; where it is missing the tests skip and say so.
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QtTest>
#include <cstdlib>
#include <thread>

#include "helper/capture/packet_source.h"

using pr::Batch;
using pr::capture::LiveOptions;
using pr::capture::open_live;
using pr::capture::PacketSource;

namespace {

constexpr int kPort = 46871;
const char* const kSkip = "no permission to open interfaces (CAP_NET_RAW)";

class Sender {
 public:
  explicit Sender(const std::string& device = {}) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (!device.empty()) {
      ::setsockopt(fd_, SOL_SOCKET, SO_BINDTODEVICE, device.c_str(), static_cast<socklen_t>(device.size()));
    }
    const int yes = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes);
  }
  ~Sender() { ::close(fd_); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  bool send(const std::string& text, const char* address = "127.0.0.1") const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(kPort);
    inet_pton(AF_INET, address, &to.sin_addr);
    return ::sendto(fd_, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) ==
           static_cast<ssize_t>(text.size());
  }

 private:
  int fd_;
};

// std::system and not QProcess: ThreadSanitizer ends programs that fork beside other threads.
bool ip(const std::string& arguments) { return std::system(("ip " + arguments).c_str()) == 0; }

// A pair of interfaces joined to each other, named so that two runs do not meet.
class Veth {
 public:
  explicit Veth(int number) : name_("pr" + std::to_string(::getpid()) + "x" + std::to_string(number)) {
    made_ = ip("link add " + a() + " type veth peer name " + b()) && ip("link set " + a() + " up") &&
            ip("link set " + b() + " up") && ip("addr add 10.213." + std::to_string(number) + ".1/24 dev " + a());
  }
  ~Veth() { remove(); }
  Veth(const Veth&) = delete;
  Veth& operator=(const Veth&) = delete;
  void remove() {
    if (std::exchange(made_, false)) ip("link del " + a());
  }
  [[nodiscard]] bool made() const { return made_; }
  [[nodiscard]] std::string a() const { return name_ + "a"; }
  [[nodiscard]] std::string b() const { return name_ + "b"; }

 private:
  std::string name_;
  bool made_ = false;
};

struct Seen {
  std::vector<std::string> payloads;
  std::vector<pr::Packet> packets;  // without bytes
  std::vector<pr::InterfaceInfo> interfaces;
  bool ended = false;
};

// Reads until enough payloads that begin with `mark` were seen, the source ends, or time is up.
void read_until(PacketSource& source, Seen& seen, std::size_t enough, const std::string& mark, int seconds = 20) {
  QElapsedTimer timer;
  timer.start();
  Batch batch;
  while (seen.payloads.size() < enough && timer.elapsed() < seconds * 1000) {
    batch.clear();
    const auto more = source.read(batch);
    QVERIFY2(more.ok(), std::string(more.status().message()).c_str());
    for (const auto& info : batch.new_interfaces) seen.interfaces.push_back(info);
    for (const pr::Packet& packet : batch.packets) {
      const std::string text(pr::as_text(packet.bytes));
      const std::size_t at = text.find(mark);
      if (at == std::string::npos) continue;
      seen.payloads.push_back(text.substr(at));
      seen.packets.push_back(packet);
      seen.packets.back().bytes = {};
    }
    if (!*more) {
      seen.ended = true;
      return;
    }
  }
}

constexpr std::size_t kAll = SIZE_MAX;

}  // namespace

class LiveSourceTest : public QObject {
  Q_OBJECT

  std::unique_ptr<PacketSource> open(const LiveOptions& options) {
    auto source = open_live(options);
    if (source.ok()) return *std::move(source);
    denied_ = source.status().code() == absl::StatusCode::kPermissionDenied;
    if (!denied_) qWarning() << source.status().ToString().c_str();
    return nullptr;
  }
  bool denied_ = false;

#define OPEN(source, ...)                         \
  auto source = open(__VA_ARGS__);                \
  if (source == nullptr && denied_) QSKIP(kSkip); \
  QVERIFY(source != nullptr)

 private slots:
  void sees_datagrams_and_their_nanoseconds() {
    OPEN(source, {.interfaces = {"lo"}, .filter = "udp port 46871", .buffer_mib = 4});
    const Sender sender;
    for (int i = 0; i < 100; ++i) QVERIFY(sender.send("pr-see " + std::to_string(i)));
    Seen seen;
    // The loopback shows each one twice: as sent, and as received. libpcap gives one of them.
    read_until(*source, seen, 100, "pr-see ");
    source->stop();
    read_until(*source, seen, kAll, "pr-see ");
    QVERIFY(seen.ended);
    QCOMPARE(seen.payloads.size(), std::size_t{100});
    bool finer = false;
    for (int i = 0; i < 100; ++i) {
      const auto& packet = seen.packets[static_cast<std::size_t>(i)];
      QCOMPARE(seen.payloads[static_cast<std::size_t>(i)], "pr-see " + std::to_string(i));
      finer = finer || pr::to_ns(packet.ts) % 1000 != 0;
    }
    QVERIFY(finer);
    QCOMPARE(seen.interfaces.size(), std::size_t{1});
    QCOMPARE(seen.interfaces[0].name, std::string("lo"));
    QCOMPARE(seen.interfaces[0].filter, std::string("udp port 46871"));
    QCOMPARE(seen.interfaces[0].link_type, std::uint16_t{1});
    QCOMPARE(source->stats().received, std::uint64_t{100} + source->stats().dropped_kernel);
  }

  void stop_drains_what_the_kernel_holds_and_ends() {
    OPEN(source, {.interfaces = {"lo"}, .filter = "udp port 46871", .buffer_mib = 4});
    const Sender sender;
    for (int i = 0; i < 500; ++i) QVERIFY(sender.send("pr-drain " + std::to_string(i)));
    source->stop();
    // What comes after the stop is not part of it, and does not keep it from ending.
    std::atomic<bool> done = false;
    std::jthread noise([&] {
      while (!done) sender.send("pr-noise");
    });
    QElapsedTimer timer;
    timer.start();
    Seen seen;
    read_until(*source, seen, kAll, "pr-drain ");
    done = true;
    QVERIFY(seen.ended);
    QVERIFY2(timer.elapsed() < 5000, std::to_string(timer.elapsed()).c_str());
    QCOMPARE(seen.payloads.size(), std::size_t{500});
    Batch batch;
    const auto again = source->read(batch);
    QVERIFY(again.ok() && !*again);
  }

  void stop_wakes_a_waiting_read() {
    OPEN(source, {.interfaces = {"lo"}, .filter = "udp port 1", .buffer_mib = 4});
    const std::jthread stopper([&] { source->stop(); });
    Seen seen;
    read_until(*source, seen, kAll, "x");
    QVERIFY(seen.ended);
  }

  void every_packet_is_delivered_or_counted_as_dropped() {
    OPEN(source, {.interfaces = {"lo"}, .filter = "udp port 46871", .buffer_mib = 1});
    const Sender sender;
    const std::string text = "pr-flood " + std::string(1400, 'f');
    std::size_t sent = 0;
    // Nobody reads meanwhile, so the ring of 1 MiB overflows.
    for (int i = 0; i < 5000; ++i) sent += sender.send(text) ? 1 : 0;
    source->stop();
    Seen seen;
    read_until(*source, seen, kAll, "pr-flood ");
    QVERIFY(seen.ended);
    const pr::SourceStats stats = source->stats();
    QVERIFY(stats.dropped_kernel > 0);
    QCOMPARE(seen.payloads.size() + stats.dropped_kernel, sent);
    QCOMPARE(stats.received, std::uint64_t{sent});
  }

  void a_bad_filter_shows_itself_and_libpcaps_words() {
    const auto source = open_live({.interfaces = {"lo"}, .filter = "tcp prot 80"});
    if (source.status().code() == absl::StatusCode::kPermissionDenied) QSKIP(kSkip);
    QCOMPARE(source.status().code(), absl::StatusCode::kInvalidArgument);
    const std::string message(source.status().message());
    QVERIFY2(message.find("tcp prot 80") != std::string::npos, message.c_str());
    QVERIFY2(message.find("syntax error") != std::string::npos, message.c_str());
  }

  void an_interface_that_is_not_there_is_named() {
    const auto source = open_live({.interfaces = {"pr-none0"}});
    if (source.status().code() == absl::StatusCode::kPermissionDenied) QSKIP(kSkip);
    QCOMPARE(source.status().code(), absl::StatusCode::kNotFound);
    QVERIFY(std::string(source.status().message()).find("pr-none0") != std::string::npos);
  }

  void lists_the_loopback() {
    const auto all = pr::capture::list_interfaces();
    QVERIFY(all.ok());
    const auto lo = std::find_if(all->begin(), all->end(), [](const auto& each) { return each.loopback; });
    if (lo == all->end()) QSKIP("this system has no loopback interface");
    QVERIFY(std::find(lo->addresses.begin(), lo->addresses.end(), "127.0.0.1") != lo->addresses.end());
    QVERIFY(!pr::capture::library_version().empty());
  }

  void several_interfaces_come_in_the_order_of_time() {
    Veth first(0), second(1);
    if (!first.made() || !second.made()) QSKIP("no permission to make interfaces (CAP_NET_ADMIN)");
    OPEN(source, {.interfaces = {first.b(), second.b()}, .filter = "udp port 46871", .buffer_mib = 4});
    const Sender to_first(first.a()), to_second(second.a());
    std::jthread sending([&] {
      for (int i = 0; i < 400; ++i) {
        (i % 2 == 0 ? to_first : to_second).send("pr-merge " + std::to_string(i), "255.255.255.255");
        if (i % 20 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));  // over several blocks
      }
    });
    Seen seen;
    read_until(*source, seen, 400, "pr-merge ");
    source->stop();
    read_until(*source, seen, kAll, "pr-merge ");
    QCOMPARE(seen.payloads.size(), std::size_t{400});
    QCOMPARE(seen.interfaces.size(), std::size_t{2});
    for (std::size_t i = 0; i < 400; ++i) {
      QCOMPARE(seen.payloads[i], "pr-merge " + std::to_string(i));
      QCOMPARE(seen.packets[i].interface_id, static_cast<std::uint32_t>(i % 2));
    }
  }

  void an_interface_that_goes_away_is_waited_for_data() {
    QTest::addColumn<bool>("removed");
    QTest::newRow("down and up") << false;
    QTest::newRow("removed and made again") << true;
  }
  void an_interface_that_goes_away_is_waited_for() {
    QFETCH(bool, removed);
    auto veth = std::make_unique<Veth>(2);
    if (!veth->made()) QSKIP("no permission to make interfaces (CAP_NET_ADMIN)");
    OPEN(source, {.interfaces = {veth->b()}, .filter = "udp port 46871", .buffer_mib = 4});
    Seen seen;
    QVERIFY(Sender(veth->a()).send("pr-gone 1", "255.255.255.255"));
    read_until(*source, seen, 1, "pr-gone ");
    if (removed) {
      veth->remove();
    } else {
      QVERIFY(ip("link set " + veth->b() + " down"));
    }
    Seen none;
    read_until(*source, none, 1, "pr-gone ", 2);
    QVERIFY(!none.ended);
    QVERIFY(source->take_gaps().empty());  // it lasts
    if (removed) {
      veth = std::make_unique<Veth>(2);
      QVERIFY(veth->made());
    } else {
      QVERIFY(ip("link set " + veth->b() + " up"));
    }
    std::vector<pr::capture::Gap> gaps;
    QElapsedTimer timer;
    timer.start();
    while (gaps.empty() && timer.elapsed() < 10000) {
      read_until(*source, none, kAll, "pr-gone ", 0);
      Batch batch;
      QVERIFY(source->read(batch).ok());
      gaps = source->take_gaps();
    }
    QCOMPARE(gaps.size(), std::size_t{1});
    QVERIFY(gaps[0].from < gaps[0].to);
    QVERIFY2(gaps[0].why.find(veth->b()) != std::string::npos, gaps[0].why.c_str());
    std::atomic<bool> done = false;
    std::jthread sending([&] {
      while (!done) {
        Sender(veth->a()).send("pr-gone 2", "255.255.255.255");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    });
    read_until(*source, seen, 2, "pr-gone ");
    done = true;
    QCOMPARE(seen.payloads.size() >= 2, true);
    QCOMPARE(seen.payloads[1], std::string("pr-gone 2"));
    QCOMPARE(seen.packets[1].interface_id, 0U);
  }
};

QTEST_GUILESS_MAIN(LiveSourceTest)
#include "live_source_test.moc"
