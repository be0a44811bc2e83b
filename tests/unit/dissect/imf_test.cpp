#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector imf_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::imf_dissector;
using dissect::Likeness;

}  // namespace

class ImfTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_headers() {
    const Result r =
        run(imf_dissector, octets("From: Chris <c@example.com>\r\nTo: \"B, A.\" <a@b.c>, d@e.f\r\nSubject: a\r\n\tb\r\n"
                                  "Content-Type: text/plain; charset=x\r\nX-Own: 1\r\n\r\nbody\r\n"));
    QCOMPARE(r.text("imf.from"), "Chris <c@example.com>"s);
    QCOMPARE(r.text("imf.display_name"), "Chris"s);
    QCOMPARE(r.text("imf.address"), "c@example.com"s);
    QCOMPARE(r.text("imf.address_list.item"), "\"B, A.\" <a@b.c>, d@e.f\r\n"s);
    QCOMPARE(r.values("imf.address").size(), std::size_t{4});
    QCOMPARE(r.text("imf.subject"), "a\r\n\tb"s);
    QCOMPARE(r.text("imf.content.type.type"), "text/plain"s);
    QCOMPARE(r.text("imf.content.type.parameters"), " charset=x"s);
    QCOMPARE(r.text("imf.extension.type"), "X-Own"s);
    QCOMPARE(r.text("imf.extension.value"), "1"s);
    QVERIFY(!r.has("imf.message_text"));
    QVERIFY(run(imf_dissector, octets("Date: x\r\n\r\nbody")).has("imf.message_text"));
  }

  void sweeps() {
    sweep_prefixes(imf_dissector, octets("From: <a@b>\r\nTo: x, y <z>\r\nContent-Type: a;b\r\n\r\nbody"));
  }
};

QTEST_APPLESS_MAIN(ImfTest)
#include "imf_test.moc"
