#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector tftp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::Likeness;
using dissect::tftp_dissector;

Options udp() { return {.transport = dissect::Transport::kUdp}; }

}  // namespace

class TftpTest : public QObject {
  Q_OBJECT
 private slots:
  void a_request_announces_its_transfer() {
    TextTalk talk(tftp_dissector);
    talk.options.transport = dissect::Transport::kUdp;
    const Result& r = talk.client(
        "\0\1boot.bin\0octet\0blksize\0"
        "1024\0"sv);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.text("tftp.source_file"), "boot.bin"s);
    QCOMPARE(r.text("tftp.type"), "octet"s);
    QCOMPARE(r.text("tftp.option.value"), "1024"s);
    QCOMPARE(r.tree.info, "Read Request, File: boot.bin, Transfer type: octet, blksize=1024"s);
    QCOMPARE(talk.listener.expected.size(), std::size_t{1});
    TextTalk next(tftp_dissector);
    next.options.transport = dissect::Transport::kUdp;
    next.options.state = talk.listener.expected[0].state;
    const Result& data = next.server("\0\3\0\1some"sv);
    QCOMPARE(data.text("tftp.destination_file"), "boot.bin"s);
    QCOMPARE(data.uint("tftp.request_frame"), 1U);
    QCOMPARE(data.uint("tftp.block"), 1U);
    next.server("\0\3\xff\xff"sv);
    QCOMPARE(next.server("\0\3\0\0"sv).uint("tftp.block.full"), 65536U);
    const Result& error = next.client("\0\5\0\1gone\0"sv);
    QCOMPARE(error.uint("tftp.error.code"), 1U);
    QCOMPARE(error.text("tftp.error.message"), "gone"s);
  }

  void recognises() {
    const auto probe = [](std::string_view s) { return tftp_dissector.probe(as_bytes(s), {.tcp = false}); };
    QCOMPARE(probe("\0\1f\0octet\0"sv), Likeness::kYes);
    QCOMPARE(probe("\0\1f\0other\0"sv), Likeness::kMaybe);
    QCOMPARE(probe("\0\1\1\0\0\1"sv), Likeness::kNo);
    QCOMPARE(probe("\0\x09\0\0"sv), Likeness::kNo);
  }

  void sweeps() {
    sweep_prefixes(tftp_dissector,
                   octets("\0\2boot.bin\0octet\0tsize\0"
                          "1024\0"sv),
                   udp());
    sweep_prefixes(tftp_dissector, octets("\0\5\0\1gone\0"sv), udp());
  }
};

QTEST_APPLESS_MAIN(TftpTest)
#include "tftp_test.moc"
