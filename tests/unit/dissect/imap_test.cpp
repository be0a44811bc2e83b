#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector imap_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::imap_dissector;
using dissect::Likeness;

}  // namespace

class ImapTest : public QObject {
  Q_OBJECT
 private slots:
  void follows_commands() {
    TextTalk talk(imap_dissector);
    QCOMPARE(talk.server("* OK IMAP4rev1 ready\r\n").uint("imap.isrequest"), 0U);
    const Result& login = talk.client("a1 LOGIN \"bob\" \"secret\"\r\n");
    QCOMPARE(login.text("imap.request_tag"), "a1"s);
    QCOMPARE(login.text("imap.request.command"), "LOGIN"s);
    QCOMPARE(login.text("imap.request.username"), "\"bob\""s);
    QCOMPARE(login.text("imap.request.password"), "secret"s);
    const Result& r = talk.server("* 3 EXISTS\r\na1 OK LOGIN completed.\r\n");
    QCOMPARE(r.values("imap.line").size(), std::size_t{2});
    QCOMPARE(r.text("imap.response.status"), "OK"s);
    QCOMPARE(r.text("imap.response.command"), "LOGIN"s);
    QCOMPARE(talk.client("a2 UID FETCH 1 BODY\r\n").text("imap.request.command"), "FETCH"s);
    QCOMPARE(talk.listener.told.back().role, Message::Role::kRequest);
  }

  void waits_for_literals() {
    TextTalk talk(imap_dissector);
    talk.server("* OK IMAP4rev1 ready\r\n");
    const std::string_view line = "* 1 FETCH (BODY[HEADER] {14}\r\n";
    const Result& part = talk.server(std::string(line) + "Subject: ");
    QCOMPARE(part.outcome, Outcome::kNeedMore);
    QCOMPARE(part.app.need, std::uint64_t{line.size() + 15});
    const Result& r = talk.server(std::string(line) + "Subject: x\r\n\r\n)\r\na1 OK done\r\n");
    QCOMPARE(r.text("imf.subject"), "x"s);
    QCOMPARE(r.values("imap.line").size(), std::size_t{3});
  }

  void starttls_leads_to_another_protocol() {
    TextTalk talk(imap_dissector);
    talk.server("* OK IMAP4rev1 ready\r\n");
    talk.client("a1 STARTTLS\r\n");
    QVERIFY(!talk.server("a0 OK other\r\n").app.upgrade);
    QVERIFY(talk.server("a1 OK begin\r\n").app.upgrade);
  }

  void recognises() {
    const auto probe = [](std::string_view s) { return imap_dissector.probe(as_bytes(s), {}); };
    QCOMPARE(probe("* OK IMAP4 ready\r\n"), Likeness::kYes);
    QCOMPARE(probe("* OK ready\r\n"), Likeness::kMaybe);
    QCOMPARE(probe("a1 CAPABILITY\r\n"), Likeness::kYes);
    QCOMPARE(probe("GET / HTTP/1.1\r\n"), Likeness::kNo);
  }

  void sweeps() {
    sweep_prefixes(imap_dissector, octets("* OK IMAP4\r\n* 1 FETCH (RFC822 {3}\r\nabc)\r\na OK x\r\n"),
                   {.from_orig = false});
    sweep_prefixes(imap_dissector, octets("a1 SELECT \"INBOX\"\r\n"));
  }
};

QTEST_APPLESS_MAIN(ImapTest)
#include "imap_test.moc"
