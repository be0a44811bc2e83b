#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector xmpp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::Likeness;
using dissect::xmpp_dissector;

}  // namespace

class XmppTest : public QObject {
  Q_OBJECT
 private slots:
  void leads_to_tls() {
    TextTalk talk(xmpp_dissector);
    const std::string_view open =
        "<?xml version=\"1.0\"?><stream:stream to=\"a\" xmlns:stream=\"http://etherx.jabber.org/streams\">";
    QVERIFY(talk.client(open).has("xmpp.stream"));
    talk.server(open);
    QVERIFY(talk.server("<stream:features><starttls/></stream:features>").has("xmpp.features"));
    QVERIFY(talk.client("<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>").has("xmpp.starttls"));
    QVERIFY(talk.server("<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>").app.upgrade);
    QCOMPARE(xmpp_dissector.probe(as_bytes(open), {}), Likeness::kYes);
    QCOMPARE(xmpp_dissector.probe(as_bytes("<html>"sv), {}), Likeness::kNo);
  }

  void sweeps() { sweep_prefixes(xmpp_dissector, octets("<?xml version=\"1.0\"?><stream:stream a=\"b\">")); }
};

QTEST_APPLESS_MAIN(XmppTest)
#include "xmpp_test.moc"
