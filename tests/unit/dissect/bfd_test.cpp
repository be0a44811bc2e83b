#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector bfd_dissector;
}

namespace pr {

class BfdTest : public QObject {
  Q_OBJECT

  static constexpr const char* kMd5 =
      "204405300000000100000000000f4240000f424000000000021802000000000501020304050607080910111213141516";
  static constexpr const char* kPassword = "204405210000000100000000000f4240000f424000000000010902736563726574";

 private slots:
  void md5() {
    const auto r = test::run(dissect::bfd_dissector, test::from_hex(kMd5));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("bfd.version"), 1U);
    QCOMPARE(r.uint("bfd.sta"), 1U);
    QCOMPARE(r.uint("bfd.flags.a"), 1U);
    QCOMPARE(r.uint("bfd.my_discriminator"), 1U);
    QCOMPARE(r.uint("bfd.auth.seq_num"), 5U);
  }
  void password() {
    const auto r = test::run(dissect::bfd_dissector, test::from_hex(kPassword));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.text("bfd.auth.password"), std::string("secret"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::bfd_dissector, test::from_hex(kMd5));
    test::sweep_prefixes(dissect::bfd_dissector, test::from_hex(kPassword));
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::BfdTest)
#include "bfd_test.moc"
