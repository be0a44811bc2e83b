#include "helper/identity/name_cache.h"

#include <QTest>

using namespace pr;
using identity::NameCache;

class NameCacheTest : public QObject {
  Q_OBJECT

  static IpAddress at(std::uint32_t n) { return IpAddress::v4(n); }

 private slots:
  void a_name_belongs_to_the_client_that_asked() {
    NameCache cache;
    cache.add(at(1), at(100), "example.com", from_ns(10));
    QCOMPARE(cache.find(at(1), at(100)), std::string("example.com"));
    QCOMPARE(cache.find(at(2), at(100)), std::string());
    QCOMPARE(cache.find(at(1), at(101)), std::string());
  }

  void the_newest_answer_wins() {
    NameCache cache;
    cache.add(at(1), at(100), "old.example", from_ns(10));
    cache.add(at(1), at(100), "new.example", from_ns(20));
    cache.add(at(1), at(100), "late.example", from_ns(15));
    cache.add(at(1), at(100), "", from_ns(30));
    QCOMPARE(cache.find(at(1), at(100)), std::string("new.example"));
  }

  void the_least_recent_goes_first() {
    NameCache cache(3);
    for (std::uint32_t i = 0; i < 3; ++i) cache.add(at(1), at(100 + i), "n" + std::to_string(i), from_ns(i));
    QCOMPARE(cache.find(at(1), at(100)), std::string("n0"));  // and is recent now
    cache.add(at(1), at(200), "n3", from_ns(9));
    QCOMPARE(cache.find(at(1), at(101)), std::string());
    QCOMPARE(cache.find(at(1), at(100)), std::string("n0"));
    QCOMPARE(cache.find(at(1), at(200)), std::string("n3"));
  }
};

QTEST_APPLESS_MAIN(NameCacheTest)
#include "name_cache_test.moc"
