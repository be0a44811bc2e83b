#include <QTest>

#include "shared/base/boxed.h"
#include "shared/base/digest.h"
#include "shared/base/hex.h"
#include "shared/base/text.h"

namespace pr {

class ValuesTest : public QObject {
  Q_OBJECT

 private slots:
  void a_boxed_value_is_absent_until_it_is_made() {
    Boxed<std::string> box;
    QVERIFY(!box);
    box.make() = "one";
    QCOMPARE(box.make(), std::string("one"));
    box.reset();
    QVERIFY(!box);
  }

  void a_copy_of_a_box_is_a_copy_of_the_value() {
    Boxed<std::string> box;
    box.make() = "one";
    Boxed<std::string> copy(box);
    copy.make() = "two";
    QCOMPARE(*box, std::string("one"));
    box = copy;
    QCOMPARE(*box, std::string("two"));
    const Boxed<std::string> moved(std::move(copy));
    QCOMPARE(*moved, std::string("two"));
  }

  // FIPS 180-4 and RFC 1321 examples; the second use of an object must not remember the first.
  void digests_are_those_of_the_standards() {
    Digest sha1("SHA1"), md5("MD5");
    for (int i = 0; i < 2; ++i) {
      QCOMPARE(hex_text(sha1.of(as_bytes("abc"))), std::string("a9993e364706816aba3e25717850c26c9cd0d89d"));
      QCOMPARE(hex_text(md5.of(as_bytes("abc"))), std::string("900150983cd24fb0d6963f7d28e17f72"));
    }
    QVERIFY(Digest("no such thing").of(as_bytes("abc")).empty());
  }

  void ascii_is_counted_to_the_first_other_octet() {
    for (std::size_t length = 0; length < 40; ++length) {
      const std::string plain(length, 'x');
      QCOMPARE(ascii_prefix(plain), length);
      QCOMPARE(ascii_prefix(plain + "\xc3\xa4" + plain), length);
      QVERIFY(is_valid_utf8(plain + "\xc3\xa4" + plain));
      QVERIFY(!is_valid_utf8(plain + "\xc3" + plain));
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::ValuesTest)
#include "values_test.moc"
