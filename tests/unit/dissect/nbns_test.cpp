#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector nbns_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::nbns_dissector;

constexpr std::string_view kName =
    "20 43 41 43 41 43 41 43 41 43 41 43 41 43 41 43 41 43 41 43 41 43 41 43 41 43 41 43 41 43 41 41 41 00";

// "HOST" padded with spaces, for workstations.
std::string encoded(std::string_view name, unsigned suffix) {
  std::string octets(name);
  octets.resize(15, ' ');
  octets += static_cast<char>(suffix);
  std::string text;
  for (const char c : octets) {
    text += static_cast<char>('A' + (static_cast<unsigned char>(c) >> 4));
    text += static_cast<char>('A' + (c & 15));
  }
  return "20" + to_hex(as_bytes(text)) + "00";
}

const std::string kQuery = "a769 0110 0001 0000 0000 0000" + encoded("HOST", 0) + "0020 0001";
const std::string kAnswer =
    "a769 8500 0000 0001 0000 0000" + encoded("HOST", 0) + "0020 0001 00000e10 0006 0000 c0a80108";
const std::string kStatus = "0a34 8400 0000 0001 0000 0000" + encoded("*", 0) + "0021 0001 00000000 0041 01" +
                            to_hex(as_bytes(std::string_view("SERVER         "))) + "20 0400 b8aeed7e1b4c" +
                            std::string(80, '0');

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

class NbnsTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_query() {
    const Result r = run(nbns_dissector, from_hex(kQuery), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.text("nbns.name"), std::string("HOST<00>"));
    QCOMPARE(r.uint("nbns.flags.broadcast"), 1U);
    QVERIFY(!r.has("nbns.flags.rcode"));
    QCOMPARE(r.tree.info, std::string("Name query NB HOST<00>"));
  }

  void reads_addresses_and_names_hosts() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    run(nbns_dissector, from_hex(kQuery), options);
    const Result r = run(nbns_dissector, from_hex(kAnswer), options);
    QCOMPARE(r.uint("nbns.addr"), 0xc0a80108U);
    QCOMPARE(r.uint("nbns.ttl"), 3600U);
    QCOMPARE(listener.names, (std::vector<std::string>{"HOST=192.168.1.8"}));
    QCOMPARE(listener.ids[0], listener.ids[1]);
  }

  void reads_a_node_status() {
    const Result r = run(nbns_dissector, from_hex(kStatus), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.text("nbns.netbios_name"), std::string("SERVER"));
    QCOMPARE(r.uint("nbns.name_flags.act"), 1U);
    QCOMPARE(r.hex("nbns.unit_id"), std::string("b8aeed7e1b4c"));
    QVERIFY(r.has("nbns.session_data_packet_size"));
  }

  void follows_pointers_but_not_in_circles() {
    const Result r = run(nbns_dissector,
                         from_hex("0100 2910 0001 0000 0000 0001" + encoded("X", 3) +
                                  "0020 0001 c00c 0020 0001 0 0000000 0006 0000 01020304"),
                         udp());
    QCOMPARE(r.values("nbns.name").size(), std::size_t{2});
    QCOMPARE(run(nbns_dissector, from_hex("0100 2910 0001 0000 0000 0000 c00c 0020 0001"), udp()).outcome,
             Outcome::kMalformed);
  }

  void is_known_by_its_names() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(nbns_dissector.probe(from_hex(kQuery), foreign), Likeness::kYes);
    QCOMPARE(nbns_dissector.probe(from_hex("0001 0000 0001 0000 0000 0000" + std::string(kName) + "00200001"), foreign),
             Likeness::kYes);
    QCOMPARE(nbns_dissector.probe(from_hex("1234 0100 0001 0000 0000 0000 03777777 00 0001 0001"), foreign),
             Likeness::kMaybe);
    QCOMPARE(nbns_dissector.probe(from_hex("ffffffffffffffffffffffffff"), foreign), Likeness::kNo);
  }

  void survives_every_prefix() {
    for (const std::string& hex : {kQuery, kAnswer, kStatus}) sweep_prefixes(nbns_dissector, from_hex(hex), udp());
  }
};

QTEST_APPLESS_MAIN(NbnsTest)
#include "nbns_test.moc"
