#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector snmp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::snmp_dissector;

// get-request of sysUpTime.0 by "public", version 2c; its response with a timeticks value and one with a gauge.
constexpr std::string_view kGet =
    "3029 020101 0406 7075626c6963 a01c 0204 01020304 020100 020100 300e 300c 0608 2b06010201010300 0500";
constexpr std::string_view kResponse =
    "303d 020101 0406 7075626c6963 a230 0204 01020304 020102 020101 3022"
    "300e 0608 2b06010201010300 4302 1234 3010 0608 2b06010201010400 4204 ffffffff";
constexpr std::string_view kTrap =
    "3028 020100 0406 7075626c6963 a41b 0607 2b060104018759 4004 c0a80101 020106 02012a 4302 0064 3000";
// Discovery of version 3: a report with an engine id of net-snmp's own form.
constexpr std::string_view kReport =
    "3057 020103 3011 02045e85a33a 0203 00ffe3 040100 020103"
    "0421 301f 0411 80001f8880468a3a41a3a51b5c00000000 020103 020124 0400 0400 0400"
    "301c 0400 0400 a816 0204 47a30443 020100 020100 3008 3006 0601 2b 410101";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override {
    roles.push_back(m.role);
    ids.push_back(m.id);
    names.emplace_back(m.name);
    status = m.status;
  }
  std::vector<Message::Role> roles;
  std::vector<std::uint64_t> ids;
  std::vector<std::string> names;
  std::int64_t status = -1;
};

}  // namespace

class SnmpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_requests_and_responses() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    const Result get = run(snmp_dissector, from_hex(kGet), options);
    QCOMPARE(get.outcome, Outcome::kDone);
    QCOMPARE(get.text("snmp.community"), std::string("public"));
    QCOMPARE(get.uint("snmp.request_id"), 0x01020304U);
    QCOMPARE(get.text("snmp.name"), std::string("1.3.6.1.2.1.1.3.0"));
    QVERIFY(get.has("snmp.value.null"));
    QCOMPARE(get.tree.info, std::string("get-request 1.3.6.1.2.1.1.3.0"));
    const Result response = run(snmp_dissector, from_hex(kResponse), options);
    QCOMPARE(response.outcome, Outcome::kDone);
    QCOMPARE(response.uint("snmp.value.timeticks"), 0x1234U);
    QCOMPARE(response.uint("snmp.value.g32"), 0xffffffffU);
    QCOMPARE(response.uint("snmp.variable_bindings"), 2U);
    QCOMPARE(listener.ids[0], listener.ids[1]);
    QCOMPARE(listener.names[0], std::string("1.3.6.1.2.1.1.3.0"));
    QCOMPARE(listener.status, std::int64_t{2});
  }

  void reads_old_traps() {
    const Result r = run(snmp_dissector, from_hex(kTrap), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("snmp.agent_addr"), 0xc0a80101U);
    QCOMPARE(r.uint("snmp.generic_trap"), 6U);
    QCOMPARE(r.uint("snmp.time_stamp"), 100U);
  }

  void reads_version_3() {
    const Result r = run(snmp_dissector, from_hex(kReport), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("snmp.msgVersion"), 3U);
    QCOMPARE(r.uint("snmp.msgMaxSize"), 65507U);
    QCOMPARE(r.uint("snmp.engineid.enterprise"), 8072U);
    QCOMPARE(r.uint("snmp.engineid.time") / 1'000'000'000, 0x5c1ba5a3U);
    QCOMPARE(r.uint("snmp.value.counter"), 1U);
    QCOMPARE(r.tree.info, std::string("report 1.3"));
  }

  void is_known_by_its_form() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    for (const std::string_view hex : {kGet, kResponse, kTrap, kReport})
      QCOMPARE(snmp_dissector.probe(from_hex(hex), foreign), Likeness::kYes);
    QCOMPARE(snmp_dissector.probe(from_hex("300a 020101 6305 0400 0a0100"), foreign), Likeness::kNo);  // LDAP
    QCOMPARE(snmp_dissector.probe(from_hex("3003020101"), foreign), Likeness::kNo);
  }

  void refuses_what_contradicts_itself() {
    QCOMPARE(run(snmp_dissector, from_hex("300a 020101 0401 61 af02 0500"), udp()).outcome, Outcome::kMalformed);
    QCOMPARE(run(snmp_dissector, from_hex("040161"), udp()).outcome, Outcome::kNotMine);
  }

  void survives_every_prefix() {
    for (const std::string_view hex : {kGet, kResponse, kTrap, kReport})
      sweep_prefixes(snmp_dissector, from_hex(hex), udp());
  }
};

QTEST_APPLESS_MAIN(SnmpTest)
#include "snmp_test.moc"
