#include "tests/support/golden.h"

namespace pr::dissect {
extern const Dissector sip_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::sip_dissector;

constexpr std::string_view kInvite =
    "494e56495445207369703a746573744031302e302e322e31353a35303630205349502f322e300d0a5669613a205349502f32"
    "2e302f5544502031302e302e322e32303a353036303b6272616e63683d7a39684734624b2d32343431312d312d300d0a4672"
    "6f6d3a2022473732392f3830303022203c7369703a736970704031302e302e322e32303a353036303e3b7461673d310d0a54"
    "6f3a2074657374203c7369703a746573744031302e302e322e31353a353036303e0d0a43616c6c2d49443a20312d32343431"
    "314031302e302e322e32300d0a435365713a203120494e564954450d0a436f6e746163743a207369703a736970704031302e"
    "302e322e32303a353036300d0a4d61782d466f7277617264733a2037300d0a436f6e74656e742d547970653a206170706c69"
    "636174696f6e2f7364700d0a436f6e74656e742d4c656e6774683a2020203132350d0a0d0a763d300d0a6f3d2d2034322034"
    "3220494e204950342031302e302e322e32300d0a733d2d0d0a633d494e204950342031302e302e322e32300d0a743d302030"
    "0d0a6d3d617564696f2036303030205254502f4156502031380d0a613d7274706d61703a313820473732392f383030300d0a"
    "613d726563766f6e6c790d0a";
constexpr std::string_view kTrying =
    "5349502f322e302031303020547279696e670d0a5669613a205349502f322e302f5544502031302e302e322e32303a353036"
    "303b6272616e63683d7a39684734624b2d32343431312d312d300d0a46726f6d3a2022473732392f3830303022203c736970"
    "3a736970704031302e302e322e32303a353036303e3b7461673d310d0a546f3a2074657374203c7369703a74657374403130"
    "2e302e322e31353a353036303e0d0a43616c6c2d49443a20312d32343431314031302e302e322e32300d0a435365713a2031"
    "20494e564954450d0a557365722d4167656e743a20467265655357495443482d6d6f645f736f6669612f312e362e31322d32"
    "302d623931613061367e36346269740d0a436f6e74656e742d4c656e6774683a20300d0a0d0a";
constexpr std::string_view kOk =
    "5349502f322e3020323030204f4b0d0a5669613a205349502f322e302f5544502031302e302e322e32303a353036303b6272"
    "616e63683d7a39684734624b2d32343431312d312d300d0a46726f6d3a2022473732392f3830303022203c7369703a736970"
    "704031302e302e322e32303a353036303e3b7461673d310d0a546f3a2074657374203c7369703a746573744031302e302e32"
    "2e31353a353036303e3b7461673d4436334e4637445a51383967480d0a43616c6c2d49443a20312d32343431314031302e30"
    "2e322e32300d0a435365713a203120494e564954450d0a436f6e746163743a203c7369703a746573744031302e302e322e31"
    "353a353036303b7472616e73706f72743d7564703e0d0a557365722d4167656e743a20467265655357495443482d6d6f645f"
    "736f6669612f312e362e31322d32302d623931613061367e36346269740d0a4163636570743a206170706c69636174696f6e"
    "2f7364700d0a416c6c6f773a20494e564954452c2041434b2c204259452c2043414e43454c2c204f5054494f4e532c204d45"
    "53534147452c20494e464f2c205550444154452c2052454749535445522c2052454645522c204e4f544946592c205055424c"
    "4953482c205355425343524942450d0a537570706f727465643a2074696d65722c20706174682c207265706c616365730d0a"
    "416c6c6f772d4576656e74733a2074616c6b2c20686f6c642c20636f6e666572656e63652c2070726573656e63652c206173"
    "2d666561747572652d6576656e742c206469616c6f672c206c696e652d7365697a652c2063616c6c2d696e666f2c20736c61"
    "2c20696e636c7564652d73657373696f6e2d6465736372697074696f6e2c2070726573656e63652e77696e666f2c206d6573"
    "736167652d73756d6d6172792c2072656665720d0a436f6e74656e742d547970653a206170706c69636174696f6e2f736470"
    "0d0a436f6e74656e742d446973706f736974696f6e3a2073657373696f6e0d0a436f6e74656e742d4c656e6774683a203234"
    "390d0a52656d6f74652d50617274792d49443a20227465737422203c7369703a746573744031302e302e322e31353e3b7061"
    "7274793d63616c6c696e673b707269766163793d6f66663b73637265656e3d6e6f0d0a0d0a763d300d0a6f3d467265655357"
    "495443482031343830363437313631203134383036343731363220494e204950342031302e302e322e31350d0a733d467265"
    "655357495443480d0a633d494e204950342031302e302e322e31350d0a743d3020300d0a6d3d617564696f20323831323020"
    "5254502f415650203138203130310d0a613d7274706d61703a313820473732392f383030300d0a613d666d74703a31382061"
    "6e6e6578623d6e6f0d0a613d7274706d61703a3130312074656c6570686f6e652d6576656e742f383030300d0a613d666d74"
    "703a31303120302d31360d0a613d73656e646f6e6c790d0a613d7074696d653a32300d0a";

// The messages of a conversation in order: each is dissected with the memory that the one before left.
struct Talk {
  Options options;

  Talk() {
    options.transport = dissect::Transport::kUdp;
    options.at_end = true;
  }
  Result say(bool from_orig, std::string_view hex) {
    options.from_orig = from_orig;
    Result r = run(sip_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
};

}  // namespace

class SipTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_session_among_other_parts() {
    constexpr std::string_view kParts =
        "INVITE sip:a@b SIP/2.0\r\nContent-Type: multipart/mixed;boundary=x\r\nContent-Length: 118\r\n\r\n"
        "--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x\r\nContent-Type: "
        "application/sdp\r\n\r\nv=0\r\ns=call\r\nk=clear:abc\r\nk=prompt\r\n"
        "--x--\r\n";
    Talk talk;
    const Result r = talk.say(true, to_hex(as_bytes(kParts)));
    QCOMPARE(r.text("sdp.session_name"), std::string("call"));
    QCOMPARE(r.values("sdp.version").size(), std::size_t{1});
    QCOMPARE(r.values("sdp.encryption_key").size(), std::size_t{2});
    QCOMPARE(r.values("sdp.encryption_key.type").size(), std::size_t{1});
    QCOMPARE(r.text("sdp.encryption_key.type"), std::string("clear"));
  }

  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kInvite);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.text("sip.Method"), std::string("INVITE"));
      QCOMPARE(r.text("sip.r-uri"), std::string("sip:test@10.0.2.15:5060"));
      QCOMPARE(r.text("sip.r-uri.user"), std::string("test"));
      QCOMPARE(r.text("sip.r-uri.port"), std::string("5060"));
      QCOMPARE(r.text("sip.from.display.info"), std::string("\"G729/8000\""));
      QCOMPARE(r.text("sip.from.tag"), std::string("1"));
      QCOMPARE(r.text("sip.to.host"), std::string("10.0.2.15"));
      QCOMPARE(r.text("sip.Call-ID"), std::string("1-24411@10.0.2.20"));
      QCOMPARE(r.text("sip.Via.branch"), std::string("z9hG4bK-24411-1-0"));
      QCOMPARE(r.uint("sip.Via.sent-by.port"), std::uint64_t{5060U});
      QCOMPARE(r.uint("sip.CSeq.seq"), std::uint64_t{1U});
      QCOMPARE(r.uint("sip.Content-Length"), std::uint64_t{125U});
      QVERIFY(r.has("sdp.media"));
      QCOMPARE(r.tree.info, std::string("Request: INVITE sip:test@10.0.2.15:5060 | "));
      QCOMPARE(r.tree.column_protocol_text, std::string("SIP/SDP"));
    }
    {
      const Result r = talk.say(false, kTrying);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("sip.Status-Code"), std::uint64_t{100U});
      QVERIFY(!r.has("sip.Method"));
      QVERIFY(!r.has("sdp.media"));
      QCOMPARE(r.tree.info, std::string("Status: 100 Trying | "));
    }
    {
      const Result r = talk.say(false, kOk);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.uint("sip.Status-Code"), std::uint64_t{200U});
      QCOMPARE(r.text("sip.to.tag"), std::string("D63NF7DZQ89gH"));
      QCOMPARE(r.text("sip.contact.param"), std::string("transport=udp"));
      QCOMPARE(r.tree.info, std::string("Status: 200 OK (INVITE) | "));
    }
  }

  void is_found_by_content() {
    const dissect::ProbeHint hint{.from_orig = true, .tcp = false, .orig_port = 40000, .resp_port = 50000};
    dissect::ProbeHint answer = hint;
    answer.from_orig = false;
    QCOMPARE(sip_dissector.probe(from_hex(kInvite), hint), Likeness::kYes);
    QCOMPARE(sip_dissector.probe(from_hex(kTrying), answer), Likeness::kYes);
    QCOMPARE(sip_dissector.probe(from_hex(kOk), answer), Likeness::kYes);
    QVERIFY(sip_dissector.probe(from_hex("4e4f54494659202a20485454502f312e310d0a"), hint) != Likeness::kYes);
    QVERIFY(sip_dissector.probe(from_hex("494e56495445207369703a614062205349502f332e300d0a"), hint) != Likeness::kYes);
    QVERIFY(sip_dissector.probe(from_hex("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a"), hint) !=
            Likeness::kYes);
    QVERIFY(sip_dissector.probe(from_hex("16030100c8010000c40303aabbccdd00112233"), hint) != Likeness::kYes);
    QVERIFY(sip_dissector.probe(from_hex("00000000000000000000000000000000"), hint) != Likeness::kYes);
    QVERIFY(sip_dissector.probe(from_hex("ffffffffffffffffffffffffffffffff"), hint) != Likeness::kYes);
    QVERIFY(sip_dissector.probe(from_hex(""), hint) != Likeness::kYes);
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] : {std::pair{true, kInvite}, std::pair{false, kTrying}, std::pair{false, kOk}}) {
      const auto good = from_hex(hex);
      talk.options.from_orig = from_orig;
      sweep_prefixes(sip_dissector, good, talk.options);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(sip_dissector, bytes, talk.options);
        }
      }
      talk.say(from_orig, hex);
    }
  }

  void runs_over_tcp_too() {
    Options options;
    const auto good = from_hex(kInvite);
    QCOMPARE(run(sip_dissector, good, options).app.consumed, std::uint64_t{good.size()});
    auto cut = good;
    cut.resize(good.size() - 10);
    const Result r = run(sip_dissector, cut, options);
    QCOMPARE(r.outcome, Outcome::kNeedMore);
    QCOMPARE(r.app.need, std::uint64_t{good.size()});
    sweep_prefixes(sip_dissector, good, options);
  }
  void reads_rare_headers_data() {
    test::golden_columns();
    test::golden("of media and languages",
                 test::lines({"OPTIONS sip:b@b.ex SIP/2.0", "Accept-Encoding: gzip", "Accept-Language: da, en-gb;q=0.8",
                              "Content-Encoding: gzip", "Content-Language: fr", "MIME-Version: 1.0",
                              "Subject: Need boxes", "Organization: Boxes by Bob", "Priority: urgent",
                              "Timestamp: 54.5", "Call-Info: <http://a.ex/p.jpg> ;purpose=icon",
                              "Error-Info: <sip:n@b.ex>", "Warning: 301 isi.edu \"Incompatible\"", "Unsupported: foo",
                              "In-Reply-To: 70710@s.ex", "Reply-To: Bob <sip:bob@b.ex>", ""})
                     .c_str(),
                 {{"sip.Accept-Encoding", "gzip"},
                  {"sip.Accept-Language", "da, en-gb;q=0.8"},
                  {"sip.Call-Info", "<http://a.ex/p.jpg> ;purpose=icon"},
                  {"sip.Content-Encoding", "gzip"},
                  {"sip.Content-Language", "fr"},
                  {"sip.Error-Info", "<sip:n@b.ex>"},
                  {"sip.In-Reply-To", "70710@s.ex"},
                  {"sip.MIME-Version", "1.0"},
                  {"sip.Organization", "Boxes by Bob"},
                  {"sip.Priority", "urgent"},
                  {"sip.Reply-To", "Bob <sip:bob@b.ex>"},
                  {"sip.Subject", "Need boxes"},
                  {"sip.Timestamp", "54.5"},
                  {"sip.Unsupported", "foo"},
                  {"sip.Warning", "301 isi.edu \"Incompatible\""}});
    test::golden("of routes",
                 test::lines({"OPTIONS sip:b@b.ex SIP/2.0", "Max-Breadth: 69", "Min-Expires: 60",
                              "Path: <sip:p1.ex;lr>", "Service-Route: <sip:h1.ex;lr>",
                              "Record-Route: \"One\" <sip:us@h.ex:5061;lr>", "Route: \"Two\" <sip:h2.ex;lr>",
                              "Via: SIP/2.0/UDP h:5060;maddr=224.2.0.1;ttl=16;comp=sigcomp;branch=z9hG4bK1",
                              "Contact: \"Carl\" <sip:c@h.ex>", "Flow-Timer: 126",
                              "Diversion: <sip:d@h.ex>;reason=busy", "History-Info: <sip:a@b.ex>", ""})
                     .c_str(),
                 {{"sip.Diversion", "<sip:d@h.ex>;reason=busy"},
                  {"sip.Flow-Timer", "126"},
                  {"sip.Max-Breadth", "69"},
                  {"sip.Min-Expires", "60"},
                  {"sip.Path", "<sip:p1.ex;lr>"},
                  {"sip.Record-Route.display.info", "\"One\""},
                  {"sip.Record-Route.port", "5061"},
                  {"sip.Record-Route.user", "us"},
                  {"sip.Route.display.info", "\"Two\""},
                  {"sip.Service-Route", "<sip:h1.ex;lr>"},
                  {"sip.Via.comp", "sigcomp"},
                  {"sip.Via.maddr", "224.2.0.1"},
                  {"sip.Via.ttl", "16"},
                  {"sip.contact.display.info", "\"Carl\""}});
    test::golden("of events",
                 test::lines({"OPTIONS sip:b@b.ex SIP/2.0",
                              "SIP-ETag: qwi982ks",
                              "SIP-If-Match: qwi982ks",
                              "Suppress-If-Match: *",
                              "Subscription-State: active;expires=60",
                              "Event: presence",
                              "Info-Package: foo",
                              "Recv-Info: bar",
                              "Refer-To: <sip:r@b.ex>",
                              "Referred-By: <sip:s@b.ex>",
                              "Refer-Sub: false",
                              "Replaces: 1@b.ex;to-tag=1;from-tag=2",
                              "Join: 2@b.ex;to-tag=1;from-tag=2",
                              "Target-Dialog: 3@b.ex;local-tag=1",
                              "Session-ID: ab30317f1a784dc48ff824d0d3715d86",
                              "RSeq: 988789",
                              "RAck: 776656 1 INVITE",
                              "Reject-Contact: *;actor=\"msg-taker\"",
                              "Answer-Mode: Auto",
                              "Priv-Answer-Mode: Auto",
                              "Permission-Missing: a@b.ex",
                              "Trigger-Consent: sip:c@b.ex",
                              "Policy-Contact: sip:p@b.ex",
                              "Policy-ID: sip:q@b.ex",
                              ""})
                     .c_str(),
                 {{"sip.Answer-Mode", "Auto"},
                  {"sip.ETag", "qwi982ks"},
                  {"sip.If_Match", "qwi982ks"},
                  {"sip.Info-Package", "foo"},
                  {"sip.Join", "2@b.ex;to-tag=1;from-tag=2"},
                  {"sip.Permission-Missing", "a@b.ex"},
                  {"sip.Policy_Contact", "sip:p@b.ex"},
                  {"sip.Policy_ID", "sip:q@b.ex"},
                  {"sip.Priv-Answer-mode", "Auto"},
                  {"sip.RAck", "776656 1 INVITE"},
                  {"sip.RAck.CSeq.seq", "1"},
                  {"sip.RAck.RSeq.seq", "776656"},
                  {"sip.RSeq", "988789"},
                  {"sip.Recv-Info", "bar"},
                  {"sip.Refer-Sub", "false"},
                  {"sip.Refer-To", "<sip:r@b.ex>"},
                  {"sip.Referred-by", "<sip:s@b.ex>"},
                  {"sip.Reject-Contact", "*;actor=\"msg-taker\""},
                  {"sip.Replaces", "1@b.ex;to-tag=1;from-tag=2"},
                  {"sip.Session-ID", "ab30317f1a784dc48ff824d0d3715d86"},
                  {"sip.Subscription-State", "active;expires=60"},
                  {"sip.Suppress_If_Match", "*"},
                  {"sip.Target-Dialog", "3@b.ex;local-tag=1"},
                  {"sip.Trigger-Consent", "sip:c@b.ex"}});
    test::golden("of identity",
                 test::lines({"OPTIONS sip:b@b.ex SIP/2.0",
                              "Identity: \"ZYNBbHC00VMZr2kZt6VmCvPonWJMGvQTBDqghoWeLxJfzB2a\"",
                              "Identity-Info: <https://a.ex/a.cer>;alg=rsa-sha1",
                              "Geolocation: <cid:t@b.ex>",
                              "Geolocation-Routing: yes",
                              "Geolocation-Error: 201",
                              "Additional-Identity: <sip:i@b.ex>",
                              "Attestation-Info: A",
                              "Origination-Id: 123e4567",
                              "Accept-Resource-Priority: dsn.flash",
                              "Resource-Priority: wps.3",
                              "Resource-Share: a",
                              "Response-Source: <urn:x>",
                              "Restoration-Info: noresponse",
                              "Relayed-Charge: a",
                              "Priority-Share: allowed",
                              "Service-Interact-Info: a",
                              "Feature-Caps: *;+g.x",
                              "Cellular-Network-Info: 3GPP-E-UTRAN",
                              "Security-Verify: tls",
                              "User-to-User: 00c81031;encoding=hex",
                              ""})
                     .c_str(),
                 {{"sip.Accept-Resource-Priority", "dsn.flash"},
                  {"sip.Additional-Identity", "<sip:i@b.ex>"},
                  {"sip.Attestation-Info", "A"},
                  {"sip.Cellular-Network-Info", "3GPP-E-UTRAN"},
                  {"sip.Feature-Caps", "*;+g.x"},
                  {"sip.Geolocation", "<cid:t@b.ex>"},
                  {"sip.Geolocation-Error", "201"},
                  {"sip.Geolocation-Routing", "yes"},
                  {"sip.Identity", "\"ZYNBbHC00VMZr2kZt6VmCvPonWJMGvQTBDqghoWeLxJfzB2a\""},
                  {"sip.Identity-info", "<https://a.ex/a.cer>;alg=rsa-sha1"},
                  {"sip.Origination-Id", "123e4567"},
                  {"sip.Priority-Share", "allowed"},
                  {"sip.Relayed-Charge", "a"},
                  {"sip.Resource-Priority", "wps.3"},
                  {"sip.Resource-Share", "a"},
                  {"sip.Response-Source", "<urn:x>"},
                  {"sip.Restoration-Info", "noresponse"},
                  {"sip.Security-Verify", "tls"},
                  {"sip.Service-Interact-Info", "a"},
                  {"sip.uui", "00c81031;encoding=hex"}});
    test::golden("of carriers",
                 test::lines({"OPTIONS sip:b@b.ex SIP/2.0",
                              "P-Access-Network-Info: 3GPP-UTRAN-TDD; utran-cell-id-3gpp=00000000",
                              "P-Answer-State: Confirmed",
                              "P-Asserted-Service: urn:x",
                              "P-Called-Party-ID: <sip:k@b.ex>",
                              "P-Charge-Info: <sip:c@b.ex>",
                              "P-Charging-Function-Addresses: ccf=192.0.8.1",
                              "P-Charging-Vector: icid-value=1",
                              "P-DCS-Billing-Info: a",
                              "P-DCS-LAES: b",
                              "P-DCS-OSPS: BLV",
                              "P-DCS-Redirect: c",
                              "P-DCS-Trace-Party-ID: <sip:t@b.ex>",
                              "P-Media-Authorization: 01",
                              "P-Profile-Key: <sip:p@b.ex>",
                              "P-Refused-URI-List: sip:r@b.ex",
                              "P-Served-User: <sip:s@b.ex>",
                              "P-User-Database: <aaa://h.ex>",
                              "P-Visited-Network-ID: other.net",
                              "P-Asserted-Identity: \"Cullen\" <sip:f@b.ex:5061>",
                              "P-Preferred-Identity: \"Jen\" <sip:jen@b.ex:5062;p=1>",
                              ""})
                     .c_str(),
                 {{"sip.P-Access-Network-Info.access-type", "3GPP-UTRAN-TDD"},
                  {"sip.P-Access-Network-Info.utran-cell-id-3gpp", "00000000"},
                  {"sip.P-Answer-State", "Confirmed"},
                  {"sip.P-Asserted-Service", "urn:x"},
                  {"sip.P-Called-Party-ID", "<sip:k@b.ex>"},
                  {"sip.P-Charge-Info", "<sip:c@b.ex>"},
                  {"sip.P-Charging-Function-Addresses", "ccf=192.0.8.1"},
                  {"sip.P-Charging-Vector", "icid-value=1"},
                  {"sip.P-DCS-Billing-Info", "a"},
                  {"sip.P-DCS-LAES", "b"},
                  {"sip.P-DCS-OSPS", "BLV"},
                  {"sip.P-DCS-Redirect", "c"},
                  {"sip.P-DCS-Trace-Party-ID", "<sip:t@b.ex>"},
                  {"sip.P-Media-Authorization", "01"},
                  {"sip.P-Profile-Key", "<sip:p@b.ex>"},
                  {"sip.P-Refused-URI-List", "sip:r@b.ex"},
                  {"sip.P-Served-User", "<sip:s@b.ex>"},
                  {"sip.P-User-Database", "<aaa://h.ex>"},
                  {"sip.P-Visited-Network-ID", "other.net"},
                  {"sip.pai.display.info", "\"Cullen\""},
                  {"sip.pai.port", "5061"},
                  {"sip.ppi.display.info", "\"Jen\""},
                  {"sip.ppi.host", "b.ex"},
                  {"sip.ppi.param", "p=1"},
                  {"sip.ppi.port", "5062"},
                  {"sip.ppi.user", "jen"}});
    test::golden(
        "of credentials",
        test::lines(
            {"OPTIONS sip:b@b.ex SIP/2.0",
             "Proxy-Authenticate: Digest realm=\"a.ex\", domain=\"sip:s.ex\", nonce=\"f8\", stale=FALSE, auts=\"x\"",
             ""})
            .c_str(),
        {{"sip.Proxy-Authenticate",
          "Digest realm=\"a.ex\", domain=\"sip:s.ex\", nonce=\"f8\", stale=FALSE, auts=\"x\""},
         {"sip.auth.auts", "\"x\""},
         {"sip.auth.domain", "\"sip:s.ex\""},
         {"sip.auth.stale", "FALSE"}});
    test::golden(
        "of credentials given",
        test::lines({"OPTIONS sip:b@b.ex SIP/2.0",
                     "Proxy-Authorization: Digest username=\"bob\", realm=\"a.ex\", cnonce=\"0a4f\", nc=00000001", ""})
            .c_str(),
        {{"sip.Proxy-Authorization", "Digest username=\"bob\", realm=\"a.ex\", cnonce=\"0a4f\", nc=00000001"},
         {"sip.auth.cnonce", "\"0a4f\""}});
    test::golden(
        "of the answer",
        test::lines({"OPTIONS sip:b@b.ex SIP/2.0", "Authentication-Info: nextnonce=\"47364c23\"",
                     "Reason: SIP;cause=200;text=\"done\"", "Reason: X;cause=7", ""})
            .c_str(),
        {{"sip.auth.nextnonce", "\"47364c23\""}, {"sip.reason_cause_other", "7"}, {"sip.reason_cause_sip", "200"}});
    test::golden("of an old answer", test::lines({"OPTIONS sip:b@b.ex SIP/2.0", "Reason-Phrase: x", ""}).c_str(),
                 {{"sip.Reason-Phrase", "x"}});
  }
  void reads_rare_headers() { test::check_golden(sip_dissector, {.transport = dissect::Transport::kUdp}); }
};

QTEST_APPLESS_MAIN(SipTest)
#include "sip_test.moc"
