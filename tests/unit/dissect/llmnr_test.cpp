#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector llmnr_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::llmnr_dissector;

constexpr std::string_view kQuery = "293d 0000 0001 0000 0000 0000 09 43585f304437353630 00 0001 0001";
constexpr std::string_view kAnswer =
    "293d 8500 0001 0001 0000 0000 09 43585f304437353630 00 0001 0001 c00c 0001 0001 0000001e 0004 c0a80163";

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

class LlmnrTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_its_own_flags() {
    const Result r = run(llmnr_dissector, from_hex(kAnswer), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("dns.flags.conflict"), 1U);
    QCOMPARE(r.uint("dns.flags.tentative"), 1U);
    QVERIFY(!r.has("dns.flags.recdesired"));
    QVERIFY(!r.has("dns.flags.authoritative"));
    QCOMPARE(r.tree.info, std::string("Standard query response 0x293d A CX_0D7560 A 192.168.1.99"));
  }

  void pairs_and_names() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    run(llmnr_dissector, from_hex(kQuery), options);
    run(llmnr_dissector, from_hex(kAnswer), options);
    QCOMPARE(listener.ids.size(), std::size_t{2});
    QCOMPARE(listener.ids[0], listener.ids[1]);
    QCOMPARE(listener.names, (std::vector<std::string>{"CX_0D7560=192.168.1.99"}));
  }

  void goes_by_its_port_and_form() {
    const dissect::ProbeHint own{.tcp = false, .orig_port = 50000, .resp_port = 5355};
    QCOMPARE(llmnr_dissector.probe(from_hex(kQuery), own), Likeness::kMaybe);
    QCOMPARE(llmnr_dissector.probe(from_hex("00112233445566778899aabbccddeeff"), own), Likeness::kNo);
  }

  void survives_every_prefix() { sweep_prefixes(llmnr_dissector, from_hex(kAnswer), udp()); }
};

QTEST_APPLESS_MAIN(LlmnrTest)
#include "llmnr_test.moc"
