// Datagrams that need each other, and connections that move: over made-up packets and captures.
#include <QTest>

#include "helper/dissect/registry.h"
#include "tests/support/analyse.h"
#include "tests/support/corpus.h"

namespace pr::test {
namespace {

using Capture = std::vector<std::pair<Packet, std::vector<std::uint8_t>>>;

const FlowSlice* flow_from(const Analysed& all, std::uint16_t port) {
  for (const FlowSlice& slice : all.slices) {
    if (slice.last && slice.key.orig.port == port) return &slice;
  }
  return nullptr;
}

// Ethernet, IPv4, UDP.
std::vector<std::uint8_t> datagram(std::uint16_t src, std::uint16_t dst, bool back, Bytes payload) {
  std::vector<std::uint8_t> out(12, 2);
  const std::size_t udp = 8 + payload.size(), ip = 20 + udp;
  const auto u8 = [](std::size_t n) { return static_cast<std::uint8_t>(n); };
  out.insert(out.end(), {8, 0, 0x45, 0, u8(ip >> 8U), u8(ip), 0, 0, 0, 0, 64, 17, 0, 0});
  const std::uint8_t client[] = {10, 0, 0, 1}, server[] = {10, 0, 0, 2};
  for (const auto* host : {back ? server : client, back ? client : server}) out.insert(out.end(), host, host + 4);
  out.insert(out.end(), {u8(src >> 8U), u8(src), u8(dst >> 8U), u8(dst), u8(udp >> 8U), u8(udp), 0, 0});
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

}  // namespace

class DatagramsTest : public QObject {
  Q_OBJECT

 private slots:
  void a_hello_over_datagrams_gives_one_identity() {
    if (!has_corpus()) QSKIP("the corpus folder is not there");
    const dissect::Registry registry;
    const dissect::Engine engine(registry);
    int with_parts = 0;
    for (const char* name : {"OISF_suricata-verify/quic-frag-unordered__input.pcap",
                             "cisco_mercury/unit_tests__pcaps__dtls_fragmented_client_hello.pcap"}) {
      const Analysed all = analyse(engine, read_capture(corpus_folder().toStdString() + "/pcaps/" + name));
      QVERIFY2(!all.handshakes.empty() && !all.handshakes[0].client.ja4.empty(), name);
      for (const PacketFacts& facts : all.facts) with_parts += facts.parts.size() == 2 ? 1 : 0;
    }
    QCOMPARE(with_parts, 2);
  }

  void a_connection_that_moves_keeps_its_identity_data() {
    QTest::addColumn<unsigned>("shards");
    QTest::addColumn<unsigned>("batch");
    QTest::newRow("one shard, one batch") << 1U << 4096U;
    QTest::newRow("four shards") << 4U << 4096U;
    QTest::newRow("packet by packet") << 2U << 1U;
  }
  void a_connection_that_moves_keeps_its_identity() {
    if (!has_corpus()) QSKIP("the corpus folder is not there");
    QFETCH(unsigned, shards);
    QFETCH(unsigned, batch);
    const dissect::Registry registry;
    const dissect::Engine engine(registry);
    Capture capture =
        read_capture(corpus_folder().toStdString() + "/pcaps/zeek_zeek/quic__quic_win11_firefox_google.pcap");
    QVERIFY(capture.size() > 20);
    capture.resize(20);
    // The server's first packet says which id the client has to use: b409bae10c6b44e5.
    std::vector<std::uint8_t> payload(60, 0x55);
    const std::uint8_t head[] = {0x41, 0xb4, 0x09, 0xba, 0xe1, 0x0c, 0x6b, 0x44, 0xe5};
    std::ranges::copy(head, payload.begin());
    for (int i = 0; i < 3; ++i) {
      Packet packet = capture.back().first;
      ++packet.number;
      auto bytes = datagram(7777, 4433, false, payload);
      packet.wire_len = static_cast<std::uint32_t>(bytes.size());
      capture.emplace_back(packet, std::move(bytes));
    }
    const Analysed all = analyse(engine, capture, shards, batch);
    const FlowSlice* moved = flow_from(all, 7777);
    QVERIFY(moved != nullptr && moved->identity);
    QCOMPARE(moved->identity->sni, std::string("www.google.com"));
    QVERIFY(!moved->identity->ja3.empty());
    QCOMPARE(std::string(moved->app_proto), std::string("quic"));
    QCOMPARE(moved->app_evidence, Evidence::kHeuristic);
    QVERIFY(moved->app_evidence != Evidence::kNone);
  }
};

}  // namespace pr::test

QTEST_APPLESS_MAIN(pr::test::DatagramsTest)
#include "datagrams_test.moc"
