#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector sip_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::sip_dissector;

constexpr std::string_view kSession =
    "494e56495445207369703a614062205349502f322e300d0a633a206170706c69636174696f6e2f7364700d0a6c3a20333636"
    "0d0a0d0a763d300d0a6f3d6a646f652032383930383434353236203238393038343238303720494e204950342031302e3437"
    "2e31362e350d0a733d5344502053656d696e61720d0a693d412053656d696e61720d0a753d687474703a2f2f782f790d0a65"
    "3d6140620d0a703d2b310d0a633d494e20495034203232342e322e31372e31322f3132370d0a623d41533a36340d0a743d32"
    "38373333393734393620323837333430343639360d0a723d363034383030203336303020302039303030300d0a7a3d323838"
    "32383434353236202d31680d0a6b3d636c6561723a6162630d0a613d726563766f6e6c790d0a613d746f6f6c3a780d0a6d3d"
    "617564696f2034393137302f32205254502f41565020302039370d0a693d7469746c650d0a613d7274706d61703a39372069"
    "4c42432f383030300d0a613d666d74703a3937206d6f64653d33303b20783d310d0a613d7074696d653a32300d0a6d3d696d"
    "616765203330303020756470746c207433380d0a";

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

class SdpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_conversation() {
    Talk talk;
    {
      const Result r = talk.say(true, kSession);
      QCOMPARE(r.outcome, Outcome::kDone);
      QCOMPARE(r.text("sdp.version"), std::string("0"));
      QCOMPARE(r.text("sdp.owner.username"), std::string("jdoe"));
      QCOMPARE(r.text("sdp.owner.address"), std::string("10.47.16.5"));
      QCOMPARE(r.text("sdp.session_info"), std::string("A Seminar"));
      QCOMPARE(r.text("sdp.connection_info.address"), std::string("224.2.17.12"));
      QCOMPARE(r.text("sdp.connection_info.ttl"), std::string("127"));
      QCOMPARE(r.text("sdp.bandwidth.value"), std::string("64"));
      QCOMPARE(r.text("sdp.time.stop"), std::string("2873404696"));
      QCOMPARE(r.values("sdp.repeat_time.offset").size(), std::size_t{2});
      QCOMPARE(r.text("sdp.timezone.offset"), std::string("-1h"));
      QCOMPARE(r.text("sdp.encryption_key.data"), std::string("abc"));
      QCOMPARE(r.values("sdp.session_attr").size(), std::size_t{2});
      QCOMPARE(r.text("sdp.session_attr.value"), std::string("x"));
      QCOMPARE(r.values("sdp.media").size(), std::size_t{2});
      QCOMPARE(r.uint("sdp.media.port"), std::uint64_t{49170U});
      QCOMPARE(r.text("sdp.media.portcount"), std::string("2"));
      QCOMPARE(r.text("sdp.media.format"), std::string("ITU-T G.711 PCMU"));
      QCOMPARE(r.text("sdp.media_title"), std::string("title"));
      QCOMPARE(r.text("sdp.mime.type"), std::string("iLBC"));
      QCOMPARE(r.text("sdp.sample_rate"), std::string("8000"));
      QCOMPARE(r.values("sdp.fmtp.parameter").size(), std::size_t{2});
      QCOMPARE(r.text("sdp.media_attribute.value"), std::string("20"));
    }
  }

  void every_prefix_and_changed_octet_is_harmless() {
    Talk talk;
    for (const auto& [from_orig, hex] : {std::pair{true, kSession}}) {
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
};

QTEST_APPLESS_MAIN(SdpTest)
#include "sdp_test.moc"
