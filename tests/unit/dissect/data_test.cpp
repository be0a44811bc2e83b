#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector data_dissector;
}

namespace pr {

class DataTest : public QObject {
  Q_OBJECT

 private slots:
  void keeps_bytes_and_length() {
    const auto r = test::run(dissect::data_dissector, test::from_hex("64 0a ff"));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.hex("data.data"), std::string("640aff"));
    QCOMPARE(r.uint("data.len"), 3U);
  }
  void every_prefix() { test::sweep_prefixes(dissect::data_dissector, test::from_hex("64 0a ff")); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::DataTest)
#include "data_test.moc"
