#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector mdns_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::mdns_dissector;

// Two questions, the second for a unicast answer.
constexpr std::string_view kQuery =
    "0000 0000 0002 0000 0000 0000 05 5f69707073 04 5f746370 05 6c6f63616c 00 000c 0001 04 5f697070 c012 000c 8001";
// PTR _ipp._tcp.local -> x._ipp._tcp.local, with SRV and address in the additional section.
constexpr std::string_view kAnswer =
    "0000 8400 0000 0001 0000 0002 04 5f697070 04 5f746370 05 6c6f63616c 00 000c 0001 00001194 0004 01 78 c00c"
    "c027 0021 8001 00000078 000a 0000 0000 0277 01 68 c016"
    "c03d 0001 8001 00000078 0004 c0000207";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override { named.emplace_back(m.name); }
  void name_answers(std::span<const NameAnswer> answers) override {
    for (const NameAnswer& answer : answers) names.push_back(std::string(answer.name) + "=" + answer.address.text());
  }
  std::vector<std::string> named, names;
};

}  // namespace

class MdnsTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_questions() {
    const Result r = run(mdns_dissector, from_hex(kQuery), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.values("dns.qry.qu").size(), std::size_t{2});
    QCOMPARE(r.values("dns.qry.qu")[0].number, 0U);
    QCOMPARE(r.values("dns.qry.qu")[1].number, 1U);
    QCOMPARE(r.values("dns.qry.class")[1].number, 1U);
    QCOMPARE(r.tree.info,
             std::string("Standard query 0x0000 PTR _ipps._tcp.local, \"QM\" question PTR _ipp._tcp.local, "
                         "\"QU\" question"));
  }

  void tells_of_names_and_addresses() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    const Result r = run(mdns_dissector, from_hex(kAnswer), options);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.values("dns.resp.cache_flush").size(), std::size_t{3});
    QCOMPARE(r.uint("dns.srv.port"), 631U);
    QCOMPARE(listener.names, (std::vector<std::string>{"h.local=192.0.2.7"}));
    QCOMPARE(listener.named, (std::vector<std::string>{"_ipp._tcp.local"}));
  }

  void goes_by_its_port_and_form() {
    const auto query = from_hex(kQuery), noise = from_hex("ffffffffffffffffffffffffffffffff");
    const dissect::ProbeHint own{.tcp = false, .orig_port = 5353, .resp_port = 5353};
    const dissect::ProbeHint dns{.tcp = false, .orig_port = 5353, .resp_port = 53};
    QCOMPARE(mdns_dissector.probe(query, own), Likeness::kMaybe);
    QCOMPARE(mdns_dissector.probe(query, dns), Likeness::kNo);
    QCOMPARE(mdns_dissector.probe(noise, own), Likeness::kNo);
  }

  void survives_every_prefix() {
    sweep_prefixes(mdns_dissector, from_hex(kQuery), udp());
    sweep_prefixes(mdns_dissector, from_hex(kAnswer), udp());
  }
};

QTEST_APPLESS_MAIN(MdnsTest)
#include "mdns_test.moc"
