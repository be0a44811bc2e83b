#include "helper/dissect/ber.h"

#include "tests/support/dissect.h"

namespace {

using namespace pr;
using namespace pr::test;
namespace ber = pr::dissect::ber;

std::string oid(std::string_view hex) { return std::string(ber::OidText(from_hex(hex)).text()); }

}  // namespace

class BerTest : public QObject {
  Q_OBJECT
 private slots:
  void looks_at_heads() {
    ber::Header head;
    QCOMPARE(ber::look(from_hex("3003"), &head), ber::Sight::kWhole);
    QCOMPARE(head.total(), std::size_t{5});
    QVERIFY(head.constructed());
    QCOMPARE(ber::look(from_hex("04820102"), &head), ber::Sight::kWhole);
    QCOMPARE(head.length, std::size_t{258});
    QCOMPARE(head.size, std::size_t{4});
    QCOMPARE(ber::look(from_hex("7f8105 02"), &head), ber::Sight::kWhole);
    QCOMPARE(head.number, 133U);
    QCOMPARE(head.total(), std::size_t{6});
    for (const char* hex : {"", "30", "3082", "308201", "7f", "7f81"})
      QCOMPARE(ber::look(from_hex(hex), &head), ber::Sight::kShort);
    for (const char* hex : {"3080", "308500000000", "30ff", "1fffffffffff01"})
      QCOMPARE(ber::look(from_hex(hex), &head), ber::Sight::kBad);
  }

  void walks_elements() {
    const auto bytes = from_hex("02010505000401ff0403aabb");
    Cursor in(bytes);
    ber::Element element;
    QVERIFY(ber::next(in, &element));
    QVERIFY(element.is(ber::kInteger));
    QCOMPARE(to_hex(element.contents), std::string("05"));
    QVERIFY(!ber::next_if(in, ber::kInteger, &element));
    QVERIFY(in.ok());
    QVERIFY(ber::expect(in, ber::kNull, &element));
    QVERIFY(element.contents.empty());
    QVERIFY(ber::next(in, &element));
    QCOMPARE(to_hex(element.whole), std::string("0401ff"));
    QVERIFY(!ber::next(in, &element));  // reaches beyond the end
    QVERIFY(!in.ok());
    Cursor end(Bytes{});
    QVERIFY(!ber::next(end, &element));
    QVERIFY(end.ok());
    QVERIFY(!ber::expect(end, ber::kNull, &element));
    QVERIFY(!end.ok());
  }

  void reads_numbers() {
    QCOMPARE(ber::signed_integer(from_hex("7f")), std::int64_t{127});
    QCOMPARE(ber::signed_integer(from_hex("ff7f")), std::int64_t{-129});
    QCOMPARE(ber::signed_integer(from_hex("00ffffffff")), std::int64_t{0xffffffff});
    QCOMPARE(ber::signed_integer({}), std::int64_t{0});
    QCOMPARE(ber::unsigned_integer(from_hex("ffffffff")), std::uint64_t{0xffffffff});
  }

  void writes_object_identifiers() {
    QCOMPARE(oid("2b06010201010100"), std::string("1.3.6.1.2.1.1.1.0"));
    QCOMPARE(oid("550403"), std::string("2.5.4.3"));
    QCOMPARE(oid("883703"), std::string("2.999.3"));
    QCOMPARE(oid(""), std::string());
    QCOMPARE(std::string(ber::OidText(from_hex("8148"), true).text()), std::string("200"));
    std::string many = "2b";
    for (int i = 0; i < 1000; ++i) many += "ffffffff7f";
    const std::string text = oid(many);
    QVERIFY(text.size() <= 768 && text.ends_with(".34359738367"));
  }
};

QTEST_APPLESS_MAIN(BerTest)
#include "ber_test.moc"
