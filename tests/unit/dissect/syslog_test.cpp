#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector syslog_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::syslog_dissector;

constexpr std::string_view kOld = "<13>Sep 12 19:16:18 through logger: test message 22";
constexpr std::string_view kNew =
    "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 111 ID47 [exampleSDID@32473 iut=\"3\"] event";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}
Result read(std::string_view text) { return run(syslog_dissector, from_hex(to_hex(as_bytes(text))), udp()); }

}  // namespace

class SyslogTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_heads_of_rfc_3164() {
    const Result r = read(kOld);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("syslog.facility"), 1U);
    QCOMPARE(r.uint("syslog.level"), 5U);
    QCOMPARE(r.text("syslog.timestamp_rfc3164"), std::string("Sep 12 19:16:18"));
    QCOMPARE(r.text("syslog.hostname"), std::string("through"));
    QCOMPARE(r.text("syslog.procid"), std::string("logger"));
    QCOMPARE(r.text("syslog.msgid"), std::string(": test message 22"));
    QCOMPARE(r.tree.info, std::string("USER.NOTICE: Sep 12 19:16:18 through logger: test message 22"));
  }

  void reads_heads_of_rfc_5424() {
    const Result r = read(kNew);
    QCOMPARE(r.text("syslog.version"), std::string("1"));
    QCOMPARE(r.uint("syslog.timestamp"), 1'065'910'455'003'000'000U);
    QCOMPARE(r.text("syslog.hostname"), std::string("mymachine.example.com"));
    QCOMPARE(r.text("syslog.appname"), std::string("evntslog"));
    QCOMPARE(r.text("syslog.msgid"), std::string("ID47"));
    QCOMPARE(read("<1>1 2003-08-24T05:14:15.000003-07:00 a b c d e").uint("syslog.timestamp"),
             1'061'727'255'000'003'000U);
  }

  void takes_text_without_a_priority() {
    const Result r = read("no priority at all");
    QVERIFY(!r.has("syslog.level"));
    QCOMPARE(r.text("syslog.msg"), std::string("no priority at all"));
  }

  void is_known_by_its_head() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(syslog_dissector.probe(as_bytes(kOld), foreign), Likeness::kYes);
    QCOMPARE(syslog_dissector.probe(as_bytes(kNew), foreign), Likeness::kYes);
    QCOMPARE(syslog_dissector.probe(as_bytes("<13>hello"), foreign), Likeness::kMaybe);
    QCOMPARE(syslog_dissector.probe(as_bytes("<999>\x01\x02"), foreign), Likeness::kNo);
  }

  void survives_every_prefix() {
    for (const std::string_view text : {kOld, kNew})
      sweep_prefixes(syslog_dissector, from_hex(to_hex(as_bytes(text))), udp());
  }
};

QTEST_APPLESS_MAIN(SyslogTest)
#include "syslog_test.moc"
