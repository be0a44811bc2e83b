#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector kerberos_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::kerberos_dissector;
using dissect::Likeness;

// Over TCP: the answer of a KDC that wants pre-authentication.
constexpr std::string_view kError =
    "000000937e819030818da003020105a10302011ea411180f32303233303931323037333831345aa5050203075d6ba603020119a9091b"
    "07505552502e4c45aa1c301aa003020102a11330111b066b72627467741b07505552502e4c45ac39043730353012a103020113a20b04"
    "0930073005a0030201173009a103020102a20204003009a103020110a20204003009a10302010fa2020400";
// One element: tag, length, contents, in hex.
std::string tlv(std::string_view tag, const std::string& contents) {
  const std::size_t n = contents.size() / 2;
  const auto octet = [](std::size_t v) { return to_hex(std::vector<std::uint8_t>{static_cast<std::uint8_t>(v)}); };
  return std::string(tag) + (n < 128 ? octet(n) : "82" + octet(n >> 8U) + octet(n & 0xffU)) + contents;
}
std::string text(std::string_view value) { return tlv("1b", to_hex(as_bytes(value))); }
std::string number(std::string_view hex) { return tlv("02", std::string(hex)); }
std::string name(std::string_view type, const std::string& parts) {
  return tlv("30", tlv("a0", number(type)) + tlv("a1", tlv("30", parts)));
}

// Over UDP, made by hand: alice asks for a ticket for krbtgt/EXAMPLE.
const std::string kAsReq = [] {
  const std::string pac = tlv("30", tlv("a1", number("0080")) + tlv("a2", tlv("04", "3005a0030101ff")));
  const std::string body = tlv("a0", "03050040810010") + tlv("a1", name("01", text("alice"))) +
                           tlv("a2", text("EXAMPLE")) + tlv("a3", name("02", text("krbtgt") + text("EXAMPLE"))) +
                           tlv("a7", number("7fffffff")) + tlv("a8", tlv("30", number("12") + number("17")));
  return tlv("6a", tlv("30", tlv("a1", number("05")) + tlv("a2", number("0a")) + tlv("a3", tlv("30", pac)) +
                                 tlv("a4", tlv("30", body))));
}();

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override {
    role = m.role;
    name = m.name;
    summary = m.summary;
    status = m.status;
    ++count;
  }
  Message::Role role = Message::Role::kEvent;
  std::string name, summary;
  std::int64_t status = -1;
  int count = 0;
};

Options over(dissect::Transport transport, dissect::Observer* observer = nullptr) {
  Options options;
  options.transport = transport;
  options.observer = observer;
  return options;
}

}  // namespace

class KerberosTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_an_error() {
    Listener listener;
    const Result r = run(kerberos_dissector, from_hex(kError), over(dissect::Transport::kTcp, &listener));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{kError.size() / 2});
    QCOMPARE(r.uint("kerberos.rm.length"), 147U);
    QCOMPARE(r.uint("kerberos.msg_type"), 30U);
    QCOMPARE(r.uint("kerberos.error_code"), 25U);
    QCOMPARE(r.text("kerberos.realm"), std::string("PURP.LE"));
    QCOMPARE(r.uint("kerberos.stime"), std::uint64_t{1694504294} * 1'000'000'000);
    QCOMPARE(r.values("kerberos.padata_type").size(), 4U);
    QCOMPARE(r.uint("kerberos.etype"), 23U);
    QCOMPARE(r.tree.info, std::string("KRB Error: KRB5KDC_ERR_PREAUTH_REQUIRED"));
    QCOMPARE(listener.status, std::int64_t{25});
    QVERIFY(listener.role == Message::Role::kResponse);
    QCOMPARE(listener.name, std::string("krbtgt/PURP.LE"));
  }

  void reads_a_request() {
    Listener listener;
    const Result r = run(kerberos_dissector, from_hex(kAsReq), over(dissect::Transport::kUdp, &listener));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.text("kerberos.CNameString"), std::string("alice"));
    QCOMPARE(r.values("kerberos.SNameString").size(), 2U);
    QCOMPARE(r.uint("kerberos.sname_string"), 2U);
    QCOMPARE(r.hex("kerberos.kdc_options"), std::string("40810010"));
    QCOMPARE(r.uint("kerberos.KDCOptions.forwardable"), 1U);
    QCOMPARE(r.uint("kerberos.KDCOptions.proxy"), 0U);
    QCOMPARE(r.uint("kerberos.KDCOptions.renewable.ok"), 1U);
    QCOMPARE(r.uint("kerberos.nonce"), 0x7fffffffU);
    QCOMPARE(r.values("kerberos.ENCTYPE").size(), 2U);
    QCOMPARE(r.uint("kerberos.include_pac"), 1U);
    QVERIFY(listener.role == Message::Role::kRequest);
    QCOMPARE(listener.name, std::string("alice"));
    QCOMPARE(listener.summary, std::string("AS-REQ alice krbtgt/EXAMPLE"));
  }

  void a_message_may_come_in_pieces() {
    const auto whole = from_hex(kError);
    const std::vector<std::uint8_t> part(whole.begin(), whole.begin() + 60);
    const Result r = run(kerberos_dissector, part, over(dissect::Transport::kTcp));
    QCOMPARE(r.outcome, Outcome::kNeedMore);
    QCOMPARE(r.app.need, std::uint64_t{whole.size()});
  }

  void probe_is_sure() {
    const auto probe = [](std::string_view hex, bool tcp) {
      const auto bytes = from_hex(hex);
      return kerberos_dissector.probe(bytes, {.from_orig = true, .tcp = tcp, .orig_port = 40000, .resp_port = 4000});
    };
    QCOMPARE(probe(kError, true), Likeness::kYes);
    QCOMPARE(probe(kError, false), Likeness::kNo);
    QCOMPARE(probe(kAsReq, false), Likeness::kYes);
    QCOMPARE(probe(kAsReq.substr(0, 80), false), Likeness::kMaybe);
    QCOMPARE(probe("30820102020101a0820100040000", false), Likeness::kNo);
  }

  void damage_is_harmless() {
    sweep_prefixes(kerberos_dissector, from_hex(kError), over(dissect::Transport::kTcp));
    sweep_prefixes(kerberos_dissector, from_hex(kAsReq), over(dissect::Transport::kUdp));
    const auto good = from_hex(kAsReq);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
        auto bytes = good;
        bytes[i] ^= change;
        (void)run(kerberos_dissector, bytes, over(dissect::Transport::kUdp));
      }
    }
  }
};

QTEST_APPLESS_MAIN(KerberosTest)
#include "kerberos_test.moc"
