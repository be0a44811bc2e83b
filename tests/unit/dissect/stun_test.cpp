#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector stun_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::stun_dissector;

constexpr std::string_view kRequest = "0001 0010 2112a442 0102030405060708090a0b0c 0006 0009 616c6963653a626f62 000000";
// XOR-MAPPED-ADDRESS of 192.0.2.1:32853, then the IPv6 form, then an error code.
constexpr std::string_view kSuccess =
    "0101 0024 2112a442 0102030405060708090a0b0c 0020 0008 0001 a147 e112a643"
    "0020 0014 0002 a147 0113a9fa 0102030405060708090a0b0d";
constexpr std::string_view kError =
    "0111 0010 2112a442 0102030405060708090a0b0c 0009 000b 0000 04 01 4e6f206e6f74 21 00";
// RFC 5769 2.1: a request with a fingerprint.
constexpr std::string_view kVector =
    "0001 0058 2112a442 b7e7a701bc34d686fa87dfae 8022 0010 5354554e207465737420636c69656e74 0024 0004 6e0001ff"
    "8029 0008 932ff9b151263b36 0006 0009 6576746a3a683676592020 20 0008 0014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "8028 0004 e57a3bcf";

Options over(dissect::Transport transport) {
  Options options;
  options.transport = transport;
  return options;
}
Options udp() { return over(dissect::Transport::kUdp); }

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override { told.emplace_back(m.role, m.id, m.status); }
  std::vector<std::tuple<Message::Role, std::uint64_t, std::int64_t>> told;
};

}  // namespace

class StunTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_request() {
    const Result r = run(stun_dissector, from_hex(kRequest), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.text("stun.att.username"), std::string("alice:bob"));
    QCOMPARE(r.uint("stun.att.padding"), 3U);
    QCOMPARE(r.hex("stun.id"), std::string("0102030405060708090a0b0c"));
    QCOMPARE(r.tree.info, std::string("Binding Request user: alice:bob"));
  }

  void reveals_hidden_addresses() {
    const Result r = run(stun_dissector, from_hex(kSuccess), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("stun.att.ipv4"), 0xc0000201U);
    QCOMPARE(r.uint("stun.att.port"), 32853U);
    QCOMPARE(r.hex("stun.att.ipv4-xord"), std::string("e112a643"));
    QCOMPARE(r.hex("stun.att.ipv6"), std::string("20010db8000000000000000000000001"));
    QCOMPARE(r.uint("stun.type.class"), 0x10U);
  }

  void checks_fingerprints() {
    const Result good = run(stun_dissector, from_hex(kVector), udp());
    QCOMPARE(good.uint("stun.att.crc32.status"), 1U);
    QCOMPARE(good.value("stun.att.hmac").size, 20U);
    std::string bad(kVector);
    bad.replace(bad.size() - 1, 1, "0");
    QCOMPARE(run(stun_dissector, from_hex(bad), udp()).uint("stun.att.crc32.status"), 0U);
  }

  void pairs_by_transaction_id() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    run(stun_dissector, from_hex(kRequest), options);
    const Result r = run(stun_dissector, from_hex(kError), options);
    QCOMPARE(r.uint("stun.att.error.class"), 4U);
    QCOMPARE(r.text("stun.att.error.reason"), std::string("No not!"));
    QCOMPARE(std::get<1>(listener.told[0]), std::get<1>(listener.told[1]));
    QCOMPARE(std::get<2>(listener.told[1]), std::int64_t{401});
  }

  void takes_one_message_of_a_stream() {
    const std::string two = std::string(kRequest) + "4000 0003 010203 00" + std::string(kRequest);
    const Result first = run(stun_dissector, from_hex(two));
    QCOMPARE(first.app.consumed, std::uint64_t{36});
    const Result second = run(stun_dissector, from_hex(two.substr(kRequest.size())));
    QCOMPARE(second.outcome, Outcome::kDone);
    QCOMPARE(second.app.consumed, std::uint64_t{8});
    QCOMPARE(second.uint("stun.channel"), 0x4000U);
    QCOMPARE(run(stun_dissector, from_hex(kRequest.substr(0, 40))).outcome, Outcome::kNeedMore);
  }

  void is_known_by_its_cookie() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(stun_dissector.probe(from_hex(kRequest), foreign), Likeness::kYes);
    QCOMPARE(stun_dissector.probe(from_hex("40000004 01020304"), foreign), Likeness::kMaybe);
    QCOMPARE(stun_dissector.probe(from_hex("0001 0000 00000000 000000000000000000000000"), foreign), Likeness::kNo);
  }

  void survives_every_prefix() {
    for (const std::string_view hex : {kRequest, kSuccess, kError, kVector}) {
      sweep_prefixes(stun_dissector, from_hex(hex), udp());
      sweep_prefixes(stun_dissector, from_hex(hex));
    }
  }
};

QTEST_APPLESS_MAIN(StunTest)
#include "stun_test.moc"
