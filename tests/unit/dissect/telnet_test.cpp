#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector telnet_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::Likeness;
using dissect::telnet_dissector;

}  // namespace

class TelnetTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_options_and_text() {
    const Result r =
        run(telnet_dissector, from_hex("fffd18 fffb1f fffa1f00500020fff0 fffa1800787465726dfff0 68690d0a 41"));
    QCOMPARE(r.outcome, Outcome::kDone);
    const auto commands = r.values("telnet.cmd");
    QCOMPARE(commands.size(), std::size_t{6});
    QCOMPARE(commands[0].number, 253U);
    QCOMPARE(r.uint("telnet.subcmd"), 24U);
    QCOMPARE(r.uint("telnet.naws_subopt.width"), 80U);
    QCOMPARE(r.uint("telnet.naws_subopt.height"), 32U);
    QCOMPARE(r.text("telnet.string_subopt.value"), "xterm"s);
    QCOMPARE(r.text("telnet.data"), "hi\r\n"s);
    QCOMPARE(run(telnet_dissector, from_hex("fffa220380fff0")).hex("telnet.option_data"), "0380"s);
    QCOMPARE(r.values("telnet.data").size(), std::size_t{2});
  }

  void a_command_may_come_in_pieces() {
    QCOMPARE(run(telnet_dissector, from_hex("fffd")).outcome, Outcome::kNeedMore);
    QCOMPARE(run(telnet_dissector, from_hex("fffa1800")).outcome, Outcome::kNeedMore);
    const Result r = run(telnet_dissector, from_hex("4142fffd"));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{2});
  }

  void tls_begins_when_both_say_so() {
    TextTalk talk(telnet_dissector);
    QVERIFY(!talk.client("\xff\xfa\x2e\x01\xff\xf0"sv).app.upgrade);
    QVERIFY(talk.server("\xff\xfa\x2e\x01\xff\xf0"sv).app.upgrade);
  }

  void recognises() {
    const auto probe = [](std::string_view hex) { return telnet_dissector.probe(from_hex(hex), {}); };
    QCOMPARE(probe("fffd18fffb1f"), Likeness::kYes);
    QCOMPARE(probe("fffd18fffd90"), Likeness::kMaybe);
    QCOMPARE(probe("fffa25020ffff0"), Likeness::kMaybe);
    QCOMPARE(probe("ffd8ffe0"), Likeness::kNo);
    QCOMPARE(probe("6c6f67696e"), Likeness::kMaybe);
  }

  void sweeps() { sweep_prefixes(telnet_dissector, from_hex("fffd18fffa1f00500020fff0fffa2101fff0686921fffffe")); }
};

QTEST_APPLESS_MAIN(TelnetTest)
#include "telnet_test.moc"
