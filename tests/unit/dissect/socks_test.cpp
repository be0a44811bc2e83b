#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector socks_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::Likeness;
using dissect::socks_dissector;

}  // namespace

class SocksTest : public QObject {
  Q_OBJECT
 private slots:
  void version_4_leads_to_what_it_carries() {
    TextTalk talk(socks_dissector);
    const Result& ask = talk.client("\4\1\1\xbb\0\0\0\1me\0example.com\0"sv);
    QCOMPARE(ask.uint("socks.dstport"), 443U);
    QCOMPARE(ask.text("socks.username"), "me"s);
    QCOMPARE(ask.text("socks.v4a_dns_name"), "example.com"s);
    QCOMPARE(talk.listener.told.back().name, "example.com"s);
    const Result& r = talk.server("\0\x5a\1\xbb\1\2\3\4"sv);
    QCOMPARE(r.uint("socks.results"), 90U);
    QVERIFY(r.app.upgrade);
  }

  void version_5_signs_in_and_connects() {
    TextTalk talk(socks_dissector);
    QCOMPARE(talk.client("\5\2\0\2"sv).values("socks.auth_method").size(), std::size_t{2});
    QCOMPARE(talk.server("\5\2"sv).uint("socks.auth_accepted_method"), 2U);
    QCOMPARE(talk.client("\1\2me\6secret"sv).text("socks.password"), "secret"s);
    QCOMPARE(talk.server("\1\0"sv).uint("socks.auth_status"), 0U);
    const Result& ask = talk.client("\5\1\0\3\4host\0\x50"sv);
    QCOMPARE(ask.text("socks.remote_name"), "host"s);
    QCOMPARE(ask.uint("socks.port"), 80U);
    QVERIFY(talk.server("\5\0\0\1\1\2\3\4\0\x50"sv).app.upgrade);
  }

  void a_refusal_carries_nothing() {
    TextTalk talk(socks_dissector);
    talk.client("\4\1\1\xbb\1\2\3\4\0"sv);
    QVERIFY(!talk.server("\0\x5b\1\xbb\1\2\3\4"sv).app.upgrade);
  }

  void recognises() {
    const auto probe = [](std::string_view s) { return socks_dissector.probe(as_bytes(s), {}); };
    QCOMPARE(probe("\5\1\0"sv), Likeness::kYes);
    QCOMPARE(probe("\5\2\0"sv), Likeness::kNo);
    QCOMPARE(probe("\4\1\1\xbb\1\2\3\4\0"sv), Likeness::kYes);
    QCOMPARE(probe("\4\1\0\0\0\0\0\0\0"sv), Likeness::kNo);
  }

  void sweeps() {
    sweep_prefixes(socks_dissector, octets("\4\1\1\xbb\0\0\0\1me\0example.com\0"sv));
    sweep_prefixes(socks_dissector, octets("\5\2\0\2"sv));
  }
};

QTEST_APPLESS_MAIN(SocksTest)
#include "socks_test.moc"
