#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector ftp_dissector, ftp_data_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::ftp_data_dissector;
using dissect::ftp_dissector;
using dissect::Likeness;

}  // namespace

class FtpTest : public QObject {
  Q_OBJECT
 private slots:

  void reads_commands_and_replies() {
    TextTalk talk(ftp_dissector);
    const Result& greeting = talk.server("220-one\r\n220 two\r\n");
    QCOMPARE(greeting.uint("ftp.response.code"), 220U);
    QCOMPARE(greeting.text("ftp.response.arg"), "one"s);
    const Result& user = talk.client("USER bob\r\n");
    QCOMPARE(user.uint("ftp.request"), 1U);
    QCOMPARE(user.text("ftp.request.command"), "USER"s);
    QCOMPARE(user.text("ftp.request.arg"), "bob"s);
    talk.server("331 password\r\n");
    QCOMPARE(talk.listener.told.back().status, 331);
    talk.client("PWD\r\n");
    QCOMPARE(talk.server("257 \"/home\" is it\r\n").text("ftp.current-working-directory"), "/home"s);
    talk.client("CWD x\r\n");
    QCOMPARE(talk.server("250 ok\r\n").text("ftp.current-working-directory"), "/home/x"s);
  }

  void announces_data_connections() {
    TextTalk talk(ftp_dissector);
    talk.server("220 FTP ready\r\n");
    talk.client("PASV\r\n");
    const Result& r = talk.server("227 Entering Passive Mode (10,0,0,2,185,13).\r\n");
    QCOMPARE(r.uint("ftp.passive.ip"), 0x0a000002U);
    QCOMPARE(r.uint("ftp.passive.port"), 47373U);
    QCOMPARE(talk.listener.expected.size(), std::size_t{1});
    QCOMPARE(talk.listener.expected[0].endpoint.port, std::uint16_t{47373});
    QCOMPARE(std::string(talk.listener.expected[0].protocol), "ftp-data"s);
    talk.client("RETR file\r\n");
    QCOMPARE(talk.listener.expected.size(), std::size_t{2});
    Options data{.state = talk.listener.expected[1].state};
    const Result transfer = run(ftp_data_dissector, octets("octets"), data);
    QCOMPARE(transfer.text("ftp-data.setup-method"), "PASV"s);
    QCOMPARE(transfer.text("ftp-data.command"), "RETR file"s);
    QCOMPARE(transfer.tree.info, "FTP Data: 6 bytes (PASV) (RETR file)"s);
    QCOMPARE(talk.client("PORT 10,0,0,1,1,2\r\n").uint("ftp.active.port"), 258U);
    QCOMPARE(talk.client("EPRT |2|fd00::3|40467|\r\n").uint("ftp.eprt.port"), 40467U);
    QCOMPARE(talk.server("229 Entering (|||21008|)\r\n").uint("ftp.epsv.port"), 21008U);
    QCOMPARE(talk.listener.expected.size(), std::size_t{5});
  }

  void says_nothing_of_nonsense() {
    TextTalk talk(ftp_dissector);
    talk.server("220 FTP ready\r\n");
    talk.client("PORT 10,0,0,1,256,2\r\n");
    talk.client("PORT 10,0\r\n");
    talk.client("EPRT |1|x\r\n");
    talk.server("227 nothing\r\n");
    talk.server("229 (\r\n");
    QVERIFY(talk.listener.expected.empty());
  }

  void auth_tls_leads_to_another_protocol() {
    TextTalk talk(ftp_dissector);
    talk.server("220 FTP ready\r\n");
    talk.client("AUTH TLS\r\n");
    QVERIFY(talk.server("234 go on\r\n").app.upgrade);
  }

  void recognises() {
    const auto probe = [](std::string_view s) { return ftp_dissector.probe(as_bytes(s), {}); };
    QCOMPARE(probe("220 FTP server\r\n"), Likeness::kYes);
    QCOMPARE(probe("220 mx ESMTP\r\n"), Likeness::kMaybe);
    QCOMPARE(probe("PORT 1,2,3,4,5,6\r\n"), Likeness::kYes);
    QCOMPARE(probe("USER a\r\n"), Likeness::kMaybe);
    QCOMPARE(probe("<html>"), Likeness::kNo);
  }

  void sweeps() {
    sweep_prefixes(ftp_dissector, octets("227 Entering (10,0,0,2,185,13).\r\n250 x\r\n"), {.from_orig = false});
    sweep_prefixes(ftp_dissector, octets("EPRT |2|fd00::3|40467|\r\n"));
    sweep_prefixes(ftp_dissector, octets("PORT 10,0,0,1,1,2\r\n"));
  }
};

QTEST_APPLESS_MAIN(FtpTest)
#include "ftp_test.moc"
