// What one protocol leads to: another in the same flow, another flow, a memory that later packets need.
#include <QTest>

#include "helper/analysis/packet_view.h"
#include "tests/support/analyse.h"
#include "tests/support/dissect.h"

namespace pr::analysis {
namespace {

using namespace std::literals;

struct Talk {
  std::uint16_t client_port = 40000, server_port = 80;
  std::uint32_t sent[2] = {};  // octets, by sender
};

// A capture of TCP segments between 10.0.0.1, who opens, and 10.0.0.2.
struct Capture {
  std::vector<std::pair<Packet, std::vector<std::uint8_t>>> packets;

  void say(Talk& talk, bool client, std::string_view text) {
    std::vector<std::uint8_t> bytes = test::from_hex("4500 0000 0000 0000 4006 0000");
    const auto put = [&bytes](std::uint64_t value, int octets) {
      while (octets-- > 0) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * octets)));
    };
    put(client ? 0x0a000001 : 0x0a000002, 4);
    put(client ? 0x0a000002 : 0x0a000001, 4);
    put(client ? talk.client_port : talk.server_port, 2);
    put(client ? talk.server_port : talk.client_port, 2);
    put(1000 + talk.sent[client ? 0 : 1], 4);
    put(1000 + talk.sent[client ? 1 : 0], 4);
    put(0x5018, 2);
    put(0x2000, 2);
    put(0, 4);
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes[2] = static_cast<std::uint8_t>(bytes.size() >> 8U);
    bytes[3] = static_cast<std::uint8_t>(bytes.size());
    talk.sent[client ? 0 : 1] += static_cast<std::uint32_t>(text.size());
    const std::uint64_t number = packets.size() + 1;
    packets.emplace_back(
        Packet{.number = number,
               .ts = from_ns(1'700'000'000'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000),
               .link_type = 101,
               .wire_len = static_cast<std::uint32_t>(bytes.size())},
        std::move(bytes));
  }
};

struct Seen {
  explicit Seen(const Capture& capture) : all(test::analyse(engine, capture.packets)) {}

  // A packet fetched alone.
  std::string text(std::uint64_t number, std::string_view field) {
    const auto fetch = [this](std::uint64_t n, Packet* packet, PacketFacts* facts) {
      if (n == 0 || n > all.packets.size()) return false;
      *packet = all.packets[n - 1];
      *facts = all.facts[n - 1];
      return true;
    };
    PacketView view(engine, fetch);
    view.dissect(all.packets[number - 1], all.facts[number - 1], {}, nullptr, tree);
    const FieldInfo* info = registry.catalog().find(field);
    for (const Field& f : tree.fields) {
      if (f.id == info->ids.front())
        return f.value.data == nullptr ? std::to_string(f.value.number) : std::string(as_text(f.value.bytes()));
    }
    return {};
  }
  std::string app(std::uint16_t port) const {
    for (const FlowSlice& slice : all.slices) {
      if (slice.key.resp.port == port || slice.key.orig.port == port) return std::string(slice.app_proto);
    }
    return "no such flow";
  }

  const dissect::Registry registry;
  const dissect::Engine engine{registry};
  test::Analysed all;
  Dissection tree;
};

}  // namespace

class UpgradesTest : public QObject {
  Q_OBJECT

 private slots:
  void both_protocols_may_share_a_packet() {
    Capture capture;
    Talk talk;
    capture.say(talk, true, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
    capture.say(talk, false, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n\r\n\x81\x05Hello");
    Seen seen(capture);
    QCOMPARE(seen.app(80), "websocket"s);
    QCOMPARE(seen.text(2, "http.response.code"), "101"s);
    QCOMPARE(seen.text(2, "websocket.payload.text"), "Hello"s);
  }

  void a_flow_keeps_the_name_that_it_began_with() {
    Capture capture;
    Talk talk{.server_port = 1080};
    capture.say(talk, true, "\4\1\0\x50\1\2\3\4\0"sv);
    capture.say(talk, false, "\0\x5a\0\x50\1\2\3\4"sv);
    capture.say(talk, true, "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
    Seen seen(capture);
    QCOMPARE(seen.app(1080), "socks"s);
    QCOMPARE(seen.text(3, "http.host"), "example.com"s);
    QCOMPARE(seen.all.slices.back().identity->http_host, "example.com"s);
  }

  void a_flow_may_announce_another() {
    Capture capture;
    Talk talk{.server_port = 21}, data{.client_port = 40001, .server_port = 5000};
    capture.say(talk, false, "220 FTP ready\r\n");
    capture.say(talk, true, "PASV\r\n");
    capture.say(talk, false, "227 Entering Passive Mode (10,0,0,2,19,136).\r\n");
    capture.say(talk, true, "RETR page\r\n");
    capture.say(data, false, "HTTP/1.1 200 is what it begins with\r\n");
    Seen seen(capture);
    QCOMPARE(seen.app(21), "ftp"s);
    QCOMPARE(seen.app(5000), "ftp-data"s);
    QCOMPARE(seen.text(5, "ftp-data.setup-frame"), "3"s);
    QCOMPARE(seen.text(5, "ftp-data.command"), "RETR page"s);
  }

  // RFC 7541 C.3: the second request refers to what the first put into the table.
  void headers_that_refer_to_earlier_packets() {
    Capture capture;
    Talk talk{.server_port = 8080};
    capture.say(talk, true, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    capture.say(talk, true, "\0\0\x14\1\5\0\0\0\1\x82\x86\x84\x41\x0fwww.example.com"sv);
    capture.say(talk, true, "\0\0\x0e\1\5\0\0\0\3\x82\x86\x84\xbe\x58\x08no-cache"sv);
    capture.say(talk, true, "\0\0\5\1\5\0\0\0\5\x82\x86\x84\xbf\xbe"sv);
    Seen seen(capture);
    QCOMPARE(seen.text(4, "http2.headers.authority"), "www.example.com"s);
    QCOMPARE(seen.text(4, "http2.headers.cache_control"), "no-cache"s);
    QCOMPARE(seen.text(3, "http2.headers.authority"), "www.example.com"s);
    QCOMPARE(seen.text(2, "http2.headers.authority"), "www.example.com"s);
    QCOMPARE(seen.all.transactions.size(), std::size_t{3});
    QCOMPARE(seen.all.transactions.back().name, "www.example.com/"s);
  }
};

}  // namespace pr::analysis

QTEST_APPLESS_MAIN(pr::analysis::UpgradesTest)
#include "upgrades_test.moc"
