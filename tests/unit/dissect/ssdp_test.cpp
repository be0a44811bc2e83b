#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector ssdp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::ssdp_dissector;

constexpr std::string_view kSearch =
    "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n";
constexpr std::string_view kNotify =
    "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nLOCATION: http://192.0.2.1/d.xml\r\nNTS: ssdp:alive\r\n";
constexpr std::string_view kFound = "HTTP/1.1 200 OK\r\nLOCATION: http://192.0.2.1/d.xml\r\nSERVER: x UPnP/1.1\r\n\r\n";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}
std::vector<std::uint8_t> octets(std::string_view text) { return from_hex(to_hex(as_bytes(text))); }

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override {
    roles.push_back(m.role);
    names.emplace_back(m.name);
  }
  void http_host(std::string_view) override { hosts = true; }
  std::vector<Message::Role> roles;
  std::vector<std::string> names;
  bool hosts = false;
};

}  // namespace

class SsdpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_heads() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    const Result search = run(ssdp_dissector, octets(kSearch), options);
    QCOMPARE(search.outcome, Outcome::kDone);
    QCOMPARE(search.text("http.request.method"), std::string("M-SEARCH"));
    QCOMPARE(search.text("http.host"), std::string("239.255.255.250:1900"));
    QCOMPARE(search.tree.info, std::string("M-SEARCH * HTTP/1.1 "));
    QCOMPARE(run(ssdp_dissector, octets(kNotify), options).text("http.location"),
             std::string("http://192.0.2.1/d.xml"));
    QCOMPARE(run(ssdp_dissector, octets(kFound), options).uint("http.response.code"), 200U);
    QCOMPARE(listener.roles, (std::vector{Message::Role::kRequest, Message::Role::kEvent, Message::Role::kResponse}));
    QCOMPARE(listener.names[1], std::string("http://192.0.2.1/d.xml"));
    QVERIFY(!listener.hosts);  // a group is no host
  }

  void is_known_by_its_methods() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(ssdp_dissector.probe(as_bytes(kSearch), foreign), Likeness::kYes);
    QCOMPARE(ssdp_dissector.probe(as_bytes(kFound), foreign), Likeness::kMaybe);
    QCOMPARE(ssdp_dissector.probe(from_hex("0001020304050607"), foreign), Likeness::kNo);
    QCOMPARE(run(ssdp_dissector, octets("hello\r\n\r\n"), udp()).outcome, Outcome::kNotMine);
  }

  void survives_every_prefix() {
    for (const std::string_view text : {kSearch, kNotify, kFound}) sweep_prefixes(ssdp_dissector, octets(text), udp());
  }
};

QTEST_APPLESS_MAIN(SsdpTest)
#include "ssdp_test.moc"
