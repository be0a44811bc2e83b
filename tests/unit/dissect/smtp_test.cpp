#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector smtp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::Likeness;
using dissect::smtp_dissector;

}  // namespace

class SmtpTest : public QObject {
  Q_OBJECT
 private slots:
  void follows_a_mail() {
    TextTalk talk(smtp_dissector);
    const Result& greeting = talk.server("220 mail.example.com ESMTP\r\n");
    QCOMPARE(greeting.uint("smtp.response.code"), 220U);
    QCOMPARE(greeting.text("smtp.rsp.parameter"), "mail.example.com ESMTP"s);
    const Result& hello = talk.client("EHLO client\r\nMAIL FROM:<a@example.com>\r\n");
    QCOMPARE(hello.app.consumed, std::uint64_t{13});
    QCOMPARE(hello.text("smtp.req.command"), "EHLO"s);
    QCOMPARE(hello.text("smtp.req.parameter"), "client"s);
    const Result& reply = talk.server("250-mail\r\n250-SIZE 100\r\n250 DSN\r\n");
    QCOMPARE(reply.app.consumed, std::uint64_t{33});
    QCOMPARE(reply.values("smtp.rsp.parameter").size(), std::size_t{3});
    QCOMPARE(reply.values("smtp.response.code").size(), std::size_t{1});
    QCOMPARE(reply.tree.info, "S: 250-mail | SIZE 100 | DSN"s);
    QCOMPARE(talk.server("250-more\r\n").outcome, Outcome::kNeedMore);
    talk.client("DATA\r\n");
    talk.server("354 go on\r\n");
    const std::string_view mail = "From: A <a@example.com>\r\nSubject: Greetings\r\n\r\nHello\r\n";
    QCOMPARE(talk.client(mail).outcome, Outcome::kNeedMore);
    const Result& data = talk.client(std::string(mail) + ".\r\nQUIT\r\n");
    QCOMPARE(data.app.consumed, std::uint64_t{mail.size() + 3});
    QCOMPARE(data.uint("smtp.data.reassembled.length"), std::uint64_t{mail.size()});
    QVERIFY(data.has("smtp.eom"));
    QCOMPARE(data.text("imf.subject"), "Greetings"s);
    QCOMPARE(talk.client("QUIT\r\n").text("smtp.req.command"), "QUIT"s);
    talk.server("250 2.0.0 Ok: queued\r\n");
    const auto& told = talk.listener.told;
    QCOMPARE(told.front().role, Message::Role::kEvent);
    const auto named = [](const auto& t) { return t.name == "Greetings"; };
    QVERIFY(std::any_of(told.begin(), told.end(), named));
    QCOMPARE(told.back().status, 250);
  }

  void a_dot_inside_ends_nothing() {
    TextTalk talk(smtp_dissector);
    talk.client("DATA\r\n");
    talk.server("354 go on\r\n");
    QCOMPARE(talk.client("Subject: x\r\n\r\n..\r\n.x\r\n").outcome, Outcome::kNeedMore);
    QCOMPARE(talk.client("Subject: x\r\n\r\n..\r\n.x\r\n.\r\n").outcome, Outcome::kDone);
  }

  void does_not_count_an_empty_line_before_the_end() {
    TextTalk talk(smtp_dissector);
    talk.client("DATA\r\n");
    talk.server("354 go on\r\n");
    const Result& r = talk.client("A: b\r\n\r\n.\r\n");
    QCOMPARE(r.uint("smtp.data.reassembled.length"), 6U);
  }

  void chunks_have_a_length() {
    TextTalk talk(smtp_dissector);
    talk.client("BDAT 10 LAST\r\n");
    QCOMPARE(talk.client("123456").outcome, Outcome::kNeedMore);
    const Result& r = talk.client("A: b\r\n\r\nxyQUIT\r\n");
    QCOMPARE(r.app.consumed, std::uint64_t{10});
    QCOMPARE(r.uint("smtp.data.reassembled.length"), 10U);
    QCOMPARE(talk.client("QUIT\r\n").text("smtp.req.command"), "QUIT"s);
  }

  void starttls_leads_to_another_protocol() {
    TextTalk talk(smtp_dissector);
    talk.server("220 x ESMTP\r\n");
    talk.client("EHLO a\r\n");
    talk.client("STARTTLS\r\n");
    QVERIFY(!talk.server("250 hello\r\n").app.upgrade);
    QVERIFY(talk.server("220 ready\r\n").app.upgrade);
    TextTalk refused(smtp_dissector);
    refused.client("STARTTLS\r\n");
    QVERIFY(!refused.server("454 not now\r\n").app.upgrade);
  }

  void signs_in() {
    TextTalk talk(smtp_dissector);
    talk.client("AUTH LOGIN\r\n");
    talk.server("334 VXNlcm5hbWU6\r\n");
    QCOMPARE(talk.client("Z2FsdW50\r\n").text("smtp.auth.username"), "Z2FsdW50"s);
    talk.server("334 UGFzc3dvcmQ6\r\n");
    QCOMPARE(talk.client("c2VjcmV0\r\n").text("smtp.auth.password"), "c2VjcmV0"s);
    talk.server("235 welcome\r\n");
    QCOMPARE(talk.client("NOOP\r\n").text("smtp.req.command"), "NOOP"s);
  }

  void recognises() {
    const auto probe = [](std::string_view s) { return smtp_dissector.probe(as_bytes(s), {}); };
    QCOMPARE(probe("220 mx ESMTP\r\n"), Likeness::kYes);
    QCOMPARE(probe("EHLO x\r\n"), Likeness::kYes);
    QCOMPARE(probe("220 FTP server\r\n"), Likeness::kMaybe);
    QCOMPARE(probe("GET / HTTP/1.1\r\n"), Likeness::kNo);
    QCOMPARE(probe("\x16\x03\x01"), Likeness::kNo);
  }

  void sweeps() {
    sweep_prefixes(smtp_dissector, octets("250-mail\r\n250 DSN\r\n"));
    TextTalk talk(smtp_dissector);
    talk.client("DATA\r\n");
    talk.server("354 go on\r\n");
    sweep_prefixes(smtp_dissector, octets("From: \"B, A.\" <a@b>, c\r\nTo:\r\n x\r\nX-Y: z\r\n\r\ntext\r\n.\r\n"),
                   talk.options);
  }
};

QTEST_APPLESS_MAIN(SmtpTest)
#include "smtp_test.moc"
