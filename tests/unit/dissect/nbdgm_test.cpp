#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector nbdgm_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::nbdgm_dissector;

std::string encoded(char letter) {  // fifteen times this letter, for workstations
  std::string text;
  for (int i = 0; i < 15; ++i) {
    text += static_cast<char>('A' + (letter >> 4));
    text += static_cast<char>('A' + (letter & 15));
  }
  return "20" + to_hex(as_bytes(text + "AA")) + "00";
}

const std::string kDatagram = "11 0e 88fb ac10e130 008a 0048 0000" + encoded('P') + encoded('B') + "01020304";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

}  // namespace

class NbdgmTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_datagram() {
    const Result r = run(nbdgm_dissector, from_hex(kDatagram), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("nbdgm.node_type"), 3U);
    QCOMPARE(r.uint("nbdgm.first"), 1U);
    QCOMPARE(r.uint("nbdgm.src.port"), 138U);
    QCOMPARE(r.text("nbdgm.source_name"), std::string(15, 'P') + "<00> (Workstation/Redirector)");
    QCOMPARE(r.text("nbdgm.destination_name"), std::string(15, 'B') + "<00> (Workstation/Redirector)");
    QVERIFY(r.has("data.data"));
    QCOMPARE(r.tree.info, std::string("Direct_group datagram"));
  }

  void reads_errors_and_queries() {
    QCOMPARE(run(nbdgm_dissector, from_hex("13 0e 0001 0a000001 008a 82"), udp()).uint("nbdgm.error_code"), 0x82U);
    QVERIFY(
        run(nbdgm_dissector, from_hex("14 0e 0001 0a000001 008a" + encoded('Q')), udp()).has("nbdgm.destination_name"));
    QCOMPARE(run(nbdgm_dissector, from_hex("44 0e"), udp()).outcome, Outcome::kNotMine);
  }

  void is_known_by_its_names() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(nbdgm_dissector.probe(from_hex(kDatagram), foreign), Likeness::kYes);
    QCOMPARE(nbdgm_dissector.probe(from_hex("13 0e 0001 0a000001 008a 82"), foreign), Likeness::kMaybe);
    QCOMPARE(nbdgm_dissector.probe(from_hex("00ff"), foreign), Likeness::kNo);
  }

  void survives_every_prefix() { sweep_prefixes(nbdgm_dissector, from_hex(kDatagram), udp()); }
};

QTEST_APPLESS_MAIN(NbdgmTest)
#include "nbdgm_test.moc"
