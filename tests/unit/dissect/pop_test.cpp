#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector pop_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::Likeness;
using dissect::pop_dissector;

}  // namespace

class PopTest : public QObject {
  Q_OBJECT
 private slots:
  void follows_a_mail() {
    TextTalk talk(pop_dissector);
    QCOMPARE(talk.server("+OK POP3 ready\r\n").text("pop.response.description"), "POP3 ready"s);
    QCOMPARE(talk.client("USER bob\r\n").text("pop.request.parameter"), "bob"s);
    QCOMPARE(talk.server("-ERR no\r\n").text("pop.response.indicator"), "-ERR"s);
    talk.client("RETR 1\r\n");
    const std::string_view reply = "+OK 20 octets\r\n", mail = "Subject: hi\r\n\r\ntext\r\n";
    const Result& ok = talk.server(std::string(reply) + std::string(mail));
    QCOMPARE(ok.app.consumed, std::uint64_t{reply.size()});
    QCOMPARE(talk.server(mail).outcome, Outcome::kNeedMore);
    const Result& r = talk.server(std::string(mail) + ".\r\n");
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.text("imf.subject"), "hi"s);
    QCOMPARE(r.app.consumed, std::uint64_t{mail.size() + 3});
    talk.client("LIST\r\n");
    QCOMPARE(talk.server("+OK\r\n1 20\r\n.\r\n").values("pop.response.data").size(), std::size_t{1});
    QCOMPARE(talk.listener.told[2].status, 1);
  }

  void shows_a_mail_of_unknown_length_in_pieces() {
    TextTalk talk(pop_dissector);
    talk.server("+OK POP3 ready\r\n");
    talk.client("RETR 1\r\n");
    talk.server("+OK\r\n");
    QCOMPARE(talk.server("Subject: hi\r\nTo: a").text("imf.subject"), "hi"s);
    QVERIFY(talk.server("\r\n\r\nno header\r\n").has("imf.message_text"));
    const Result& end = talk.server(".\r\n+OK bye\r\n");
    QCOMPARE(end.app.consumed, std::uint64_t{3});
    QCOMPARE(talk.server("+OK bye\r\n").text("pop.response.description"), "bye"s);
  }

  void stls_leads_to_another_protocol() {
    TextTalk talk(pop_dissector);
    talk.server("+OK ready\r\n");
    talk.client("STLS\r\n");
    QVERIFY(talk.server("+OK go on\r\n").app.upgrade);
  }

  void recognises() {
    const auto probe = [](std::string_view s) { return pop_dissector.probe(as_bytes(s), {}); };
    QCOMPARE(probe("+OK POP3 server ready\r\n"), Likeness::kYes);
    QCOMPARE(probe("+OK\r\n"), Likeness::kMaybe);
    QCOMPARE(probe("PING\r\n"), Likeness::kNo);
  }

  void sweeps() {
    sweep_prefixes(pop_dissector, octets("+OK POP3 ready\r\n1 2\r\n.\r\n"), {.from_orig = false});
    sweep_prefixes(pop_dissector, octets("USER bob\r\n"));
  }
};

QTEST_APPLESS_MAIN(PopTest)
#include "pop_test.moc"
