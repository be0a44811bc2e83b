#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector dhcpv6_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::dhcpv6_dissector;
using dissect::Likeness;

const std::string kSolicit =
    "01 63eb83 0001 000e 000100011c39cf88080027fe8f95 0008 0002 0007 0006 0004 0017 0018"
    "0003 000c 27fe8f95 00000e10 00001518";
const std::string kReply =
    "07 63eb83 0001 000e 000100011c39cf88080027fe8f95 0027 0007 01 04 686f7374 00"
    "0003 0028 27fe8f95 00000e10 00001518 0005 0018 20010db8000100020000000000001002 00000e10 00001c20"
    "0017 0010 20010db8000000000000000000000035";
const std::string kRelay =
    "0c 00 20010db800dc00000000000000000001 fe800000000000000000000000000002 0012 0002 6535 0009 0024" +
    std::string("01 63eb83 0001 000e 000100011c39cf88080027fe8f95 0008 0002 0007 0006 0004 0017 0018") +
    "0012 0004 01020304";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override { ids.push_back(m.id); }
  void name_answers(std::span<const NameAnswer> answers) override {
    for (const NameAnswer& answer : answers) names.push_back(std::string(answer.name) + "=" + answer.address.text());
  }
  std::vector<std::uint64_t> ids;
  std::vector<std::string> names;
};

}  // namespace

class Dhcpv6Test : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_solicit() {
    const Result r = run(dhcpv6_dissector, from_hex(kSolicit), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("dhcpv6.xid"), 0x63eb83U);
    QCOMPARE(r.uint("dhcpv6.duidllt.time") / 1'000'000'000, 1420235528U);
    QCOMPARE(r.text("dhcpv6.duidllt.link_layer_addr"), std::string("08:00:27:fe:8f:95"));
    QCOMPARE(r.uint("dhcpv6.elapsed_time"), 70U);
    QCOMPARE(r.text("dhcpv6.iaid"), std::string("27fe8f95"));
    QCOMPARE(r.values("dhcpv6.requested_option_code").size(), std::size_t{2});
    QCOMPARE(r.tree.info, std::string("Solicit XID: 0x63eb83 CID: 000100011c39cf88080027fe8f95 "));
  }

  void tells_who_got_which_address() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    run(dhcpv6_dissector, from_hex(kSolicit), options);
    const Result r = run(dhcpv6_dissector, from_hex(kReply), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("dhcpv6.iaaddr.valid_lifetime"), 7200U);
    QCOMPARE(r.text("dhcpv6.client_domain"), std::string("host"));
    QVERIFY(r.has("dhcpv6.dns_server"));
    QCOMPARE(listener.ids[0], listener.ids[1]);
    QCOMPARE(listener.names, (std::vector<std::string>{"host=2001:db8:1:2::1002"}));
  }

  void reads_what_a_relay_carries() {
    const Result r = run(dhcpv6_dissector, from_hex(kRelay), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.values("dhcpv6.msgtype").size(), std::size_t{2});
    QCOMPARE(r.uint("dhcpv6.xid"), 0x63eb83U);
    QCOMPARE(r.values("dhcpv6.interface_id").size(), std::size_t{2});
  }

  void stops_at_too_many_relays() {
    std::string inside = "01 000001";
    for (int i = 0; i < 20; ++i) {
      const std::size_t size = from_hex(inside).size();
      const std::vector<std::uint8_t> length{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
      inside = "0c 00" + std::string(64, '0') + "0009" + to_hex(length) + inside;
    }
    QCOMPARE(run(dhcpv6_dissector, from_hex(inside), udp()).outcome, Outcome::kMalformed);
  }

  void is_known_by_its_options() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(dhcpv6_dissector.probe(from_hex(kSolicit), foreign), Likeness::kYes);
    QCOMPARE(dhcpv6_dissector.probe(from_hex("07 63eb83 0017 0000"), foreign), Likeness::kMaybe);
    QCOMPARE(dhcpv6_dissector.probe(from_hex("ff 63eb83 0017 0000"), foreign), Likeness::kNo);
  }

  void survives_every_prefix() {
    for (const std::string& hex : {kSolicit, kReply, kRelay}) sweep_prefixes(dhcpv6_dissector, from_hex(hex), udp());
  }
};

QTEST_APPLESS_MAIN(Dhcpv6Test)
#include "dhcpv6_test.moc"
