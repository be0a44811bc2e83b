#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector irc_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::irc_dissector;
using dissect::Likeness;

}  // namespace

class IrcTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_messages() {
    TextTalk talk(irc_dissector);
    const Result& nick = talk.client("NICK bob\r\nUSER bob * * :Bob B\r\n");
    QCOMPARE(nick.app.consumed, std::uint64_t{10});
    QCOMPARE(nick.text("irc.request.command"), "NICK"s);
    QCOMPARE(nick.text("irc.request.command_parameter"), "bob"s);
    QCOMPARE(nick.tree.info, "Request (NICK)"s);
    const Result& r = talk.server(":irc.example.com 001 bob :Welcome here\r\n");
    QCOMPARE(r.text("irc.response.prefix"), "irc.example.com"s);
    QCOMPARE(r.text("irc.response.command"), "001"s);
    QCOMPARE(r.uint("irc.response.num_command"), 1U);
    QCOMPARE(r.text("irc.response.trailer"), "Welcome here"s);
    QCOMPARE(talk.client("PRIVMSG al :\x01"
                         "DCC SEND x 1 2 3\x01\r\n")
                 .text("irc.ctcp"),
             "DCC SEND x 1 2 3"s);
  }

  void recognises() {
    const auto probe = [](std::string_view s) { return irc_dissector.probe(as_bytes(s), {}); };
    QCOMPARE(probe("NICK bob\r\n"), Likeness::kYes);
    QCOMPARE(probe("USER a b c :d\r\n"), Likeness::kYes);
    QCOMPARE(probe("USER anonymous\r\n"), Likeness::kMaybe);
    QCOMPARE(probe(":srv NOTICE * :hello\r\n"), Likeness::kYes);
    QCOMPARE(probe("PING\r\n"), Likeness::kMaybe);
    QCOMPARE(probe("EHLO x\r\n"), Likeness::kNo);
  }

  void sweeps() {
    sweep_prefixes(irc_dissector, octets(":srv 353 bob = #c :@bob\r\n"), {.from_orig = false});
    sweep_prefixes(irc_dissector, octets("PRIVMSG al :\x01PING\x01\r\n"));
  }
};

QTEST_APPLESS_MAIN(IrcTest)
#include "irc_test.moc"
