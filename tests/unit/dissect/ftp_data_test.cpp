#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector ftp_data_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::ftp_data_dissector;
using dissect::Likeness;

}  // namespace

class FtpDataTest : public QObject {
  Q_OBJECT
 private slots:
  void shows_what_the_control_connection_said() {
    const Result bare = run(ftp_data_dissector, octets("data"));
    QCOMPARE(bare.outcome, Outcome::kDone);
    QCOMPARE(bare.tree.info, "FTP Data: 4 bytes"s);
    QVERIFY(!bare.has("ftp-data.setup-frame"));
    Options options;
    options.state.raw.fill(std::byte{0x41});  // whatever it is told, it stays inside
    const Result odd = run(ftp_data_dissector, octets("data"), options);
    QCOMPARE(odd.uint("ftp-data.command-frame"), 0x4141414141414141U);
    QCOMPARE(odd.text("ftp-data.command").size(), std::size_t{47});
  }

  void sweeps() { sweep_prefixes(ftp_data_dissector, octets("data")); }
};

QTEST_APPLESS_MAIN(FtpDataTest)
#include "ftp_data_test.moc"
