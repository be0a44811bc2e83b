#include "tests/support/golden.h"

namespace pr::dissect {
extern const Dissector ntp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::ntp_dissector;

constexpr std::string_view kZero = "0000000000000000";
// A client's request with nothing but its own time, and the server's response.
const std::string kRequest = "23 00 06 20 00000000 00000000 00000000" + std::string(kZero) + std::string(kZero) +
                             std::string(kZero) + "d9f4f57f4eb8f5a8";
const std::string kResponse =
    "24 02 06 e9 00000422 00000030 0a1f0880 e69e4a0f3996bf11 d9f4f57f4eb8f5a8 e69e4a4230246400 e69e4a4230289a00";
const std::string kControl = "16 82 0001 0615 0000 0000 0004 61 3d 31 2c";
const std::string kMonlist =
    "97 0e 03 2a 0001 0048 00000000 0000103a 00000000 00000188 48ef596d ac100c65 00000001 0c02 07 02 00000000 "
    "00000000" +
    std::string(64, '0');

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override { told.emplace_back(m.role, m.id); }
  std::vector<std::pair<Message::Role, std::uint64_t>> told;
};

}  // namespace

class NtpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_times() {
    const Result r = run(ntp_dissector, from_hex(kResponse), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("ntp.flags.vn"), 4U);
    QCOMPARE(r.uint("ntp.flags.mode"), 4U);
    QCOMPARE(r.uint("ntp.stratum"), 2U);
    QCOMPARE(r.hex("ntp.refid"), std::string("0a1f0880"));
    QCOMPARE(r.uint("ntp.org") / 1'000'000'000, 1447720703U);
    QCOMPARE(r.tree.info, std::string("NTP Version 4, server"));
  }

  void reads_extensions_and_authenticators() {
    const std::string extension = "0104 0020" + std::string(56, '1');
    const Result r = run(ntp_dissector, from_hex(kRequest + extension + "00000007" + std::string(32, 'a')), udp());
    QCOMPARE(r.uint("ntp.ext.type"), 0x104U);
    QCOMPARE(r.value("ntp.ext.value").size, 28U);
    QCOMPARE(r.hex("ntp.keyid"), std::string("00000007"));
    QCOMPARE(r.value("ntp.mac").size, 16U);
  }

  void reads_control_and_private_messages() {
    const Result control = run(ntp_dissector, from_hex(kControl), udp());
    QCOMPARE(control.uint("ntp.ctrl.flags2.opcode"), 2U);
    QCOMPARE(control.uint("ntp.ctrl.sys_status.clksrc"), 6U);
    QVERIFY(!control.has("ntp.ctrl.peer_status.reach"));
    const Result list = run(ntp_dissector, from_hex(kMonlist), udp());
    QCOMPARE(list.uint("ntp.priv.numitems"), 1U);
    QCOMPARE(list.uint("ntp.priv.monlist.port"), 3074U);
    QCOMPARE(list.uint("ntp.priv.monlist.remote_address"), 0x48ef596dU);
    QVERIFY(!list.has("ntp.flags.li"));
  }

  void pairs_by_time() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    run(ntp_dissector, from_hex(kRequest), options);
    run(ntp_dissector, from_hex(kResponse), options);
    QCOMPARE(listener.told.size(), std::size_t{2});
    QCOMPARE(listener.told[0].first, Message::Role::kRequest);
    QCOMPARE(listener.told[1].first, Message::Role::kResponse);
    QCOMPARE(listener.told[0].second, listener.told[1].second);
  }

  void is_known_by_content() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 40000, .resp_port = 40001};
    QCOMPARE(ntp_dissector.probe(from_hex(kRequest), foreign), Likeness::kYes);
    QCOMPARE(ntp_dissector.probe(from_hex(kResponse), foreign), Likeness::kYes);
    QCOMPARE(ntp_dissector.probe(from_hex(kControl), foreign), Likeness::kMaybe);
    QCOMPARE(ntp_dissector.probe(from_hex("ffffffffff"), foreign), Likeness::kNo);
    QCOMPARE(ntp_dissector.probe(from_hex(std::string(96, '7')), foreign), Likeness::kNo);
  }

  void survives_every_prefix() {
    for (const std::string& hex : {kRequest, kResponse, kControl, kMonlist})
      sweep_prefixes(ntp_dissector, from_hex(hex), udp());
  }
  void reads_rare_messages_data() {
    test::golden_columns();
    test::golden("control: system status", "16c200014635000000000000",
                 {{"ntp.ctrl.associd", "0"},
                  {"ntp.ctrl.count", "0"},
                  {"ntp.ctrl.err_status", "70"},
                  {"ntp.ctrl.flags2", "0xc2"},
                  {"ntp.ctrl.flags2.error", "1"},
                  {"ntp.ctrl.flags2.more", "0"},
                  {"ntp.ctrl.flags2.r", "1"},
                  {"ntp.ctrl.offset", "0"},
                  {"ntp.ctrl.sequence", "1"},
                  {"ntp.ctrl.status", "0x4635"}});
    test::golden("control: peer status", "16820002f8a7123400000004613d312c",
                 {{"ntp.ctrl.peer_status.authenable", "1"},
                  {"ntp.ctrl.peer_status.authentic", "1"},
                  {"ntp.ctrl.peer_status.bcast", "1"},
                  {"ntp.ctrl.peer_status.code", "7"},
                  {"ntp.ctrl.peer_status.config", "1"},
                  {"ntp.ctrl.peer_status.count", "10"},
                  {"ntp.ctrl.peer_status.selection", "0"}});
    test::golden("control: clock status", "16a400030102000100040000",
                 {{"ntp.ctrl.clock_status.code", "2"}, {"ntp.ctrl.clock_status.status", "1"}});
    test::golden(
        "control: authenticated", "168200040615000000000004613d312c00000001000102030405060708090a0b0c0d0e0f",
        {{"ntp.ctrl.sys_status.code", "5"}, {"ntp.ctrl.sys_status.count", "1"}, {"ntp.ctrl.sys_status.li", "0"}});
    test::golden("monlist 6",
                 "9700032a00010048000000010000000200000003000000040a0000010a00000200000005007b0304000000010000000020010"
                 "db800000000000000000000000120010db8000000000000000000000002",
                 {{"ntp.priv.monlist.addr6", "2001:db8::1"}, {"ntp.priv.monlist.daddr6", "2001:db8::2"}});
    test::golden("control: associations", "1681000506150000000000080001961400028011",
                 {{"ntp.ctrl.data", "1"}, {"ntp.ctrl.item", "1,1"}});
    test::golden("control: trap", "168700010615000000000004613d312c",
                 {{"ntp.ctrl.data", "1"}, {"ntp.ctrl.trapmsg", "a=1,"}});
    test::golden("control: configuration", "168800010615000000000004613d312c",
                 {{"ntp.ctrl.configuration", "a=1,"}, {"ntp.ctrl.data", "1"}});
    test::golden("control: recent clients", "168a00010615000000000004613d312c",
                 {{"ntp.ctrl.data", "1"}, {"ntp.ctrl.mru", "a=1,"}});
    test::golden("control: ordered list", "168b00010615000000000004613d312c",
                 {{"ntp.ctrl.data", "1"}, {"ntp.ctrl.ordlist", "a=1,"}});
    test::golden("control: nonce", "168c00010615000000000004613d312c",
                 {{"ntp.ctrl.data", "1"}, {"ntp.ctrl.nonce", "a=1,"}});
  }
  void reads_rare_messages() { test::check_golden(dissect::ntp_dissector, {.transport = dissect::Transport::kUdp}); }
};

QTEST_APPLESS_MAIN(NtpTest)
#include "ntp_test.moc"
