// Options that are rare in captures.
#include "tests/support/golden.h"

namespace pr::dissect {
extern const Dissector tcp_dissector;
}

namespace pr {
class TcpOptionsTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_rare_options_data() {
    test::golden_columns();
    test::golden("echo", "9c441267 000003e8 00001388 70100200 00000000 06060000 00070101",
                 {{"tcp.options.echo", "060600000007"}, {"tcp.options.echo_value", "7"}});
    test::golden("echo reply", "9c451267 000003e8 00001388 70100200 00000000 07060000 00080101",
                 {{"tcp.options.echo", "070600000008"}, {"tcp.options.echo_value", "8"}});
    test::golden("CC", "9c461267 000003e8 00001388 70100200 00000000 0b060000 00090101",
                 {{"tcp.options.cc", "0b0600000009"}, {"tcp.options.cc_value", "9"}});
    test::golden("CC.NEW", "9c471267 000003e8 00000000 70020200 00000000 0c060000 000a0101",
                 {{"tcp.options.cc", "0c060000000a"}, {"tcp.options.cc_value", "10"}});
    test::golden("CC.ECHO", "9c481267 000003e8 00001388 70120200 00000000 0d060000 000b0101",
                 {{"tcp.options.cc", "0d060000000b"}, {"tcp.options.cc_value", "11"}});
    test::golden("quick start", "9c491267 000003e8 00001388 70100200 00000000 1b081234 56789abc",
                 {{"tcp.options.qs", "1b08123456789abc"}});
    test::golden("user timeout", "9c4a1267 000003e8 00001388 60100200 00000000 1c048005",
                 {{"tcp.options.user_to", "1c048005"},
                  {"tcp.options.user_to_granularity", "1"},
                  {"tcp.options.user_to_val", "5"}});
    test::golden("AO", "9c4b1267 000003e8 00001388 90100200 00000000 1d100102 01020304 05060708 090a0b0c",
                 {{"tcp.options.ao", "1d1001020102030405060708090a0b0c"},
                  {"tcp.options.ao.keyid", "1"},
                  {"tcp.options.ao.mac", "0102030405060708090a0b0c"},
                  {"tcp.options.ao.rnextkeyid", "2"}});
    test::golden("fast open wanted", "9c4c1267 000003e8 00000000 60020200 00000000 22020101",
                 {{"tcp.options.tfo.request", "1"}});
    test::golden("fast open", "9c4d1267 000003e8 00000000 80020200 00000000 220a0102 03040506 07080101",
                 {{"tcp.options.tfo.cookie", "0102030405060708"}});
    test::golden("fast open as an experiment, wanted", "9c4e1267 000003e8 00000000 60020200 00000000 fe04f989",
                 {{"tcp.options.experimental.exid", "0xf989"}, {"tcp.options.tfo.request", "1"}});
    test::golden("experiment", "9c4f1267 000003e8 00001388 70100200 00000000 fd06e2d4 abcd0101",
                 {{"tcp.options.experimental.data", "abcd"}});
    test::golden("unknown", "9c501267 000003e8 00001388 60100200 00000000 4d04abcd",
                 {{"tcp.options.unknown.payload", "abcd"}});
  }
  void reads_rare_options() { test::check_golden(dissect::tcp_dissector); }
  void reads_options_of_multipath_tcp_data() {
    test::golden_columns();
    test::golden("MPTCP capable", "9c511267 000003e8 00000000 80020200 00000000 1e0c0181 01020304 05060708",
                 {{"tcp.options.mptcp.version", "1"},
                  {"tcp.options.mptcp.checksumreq.flags", "1"},
                  {"tcp.options.mptcp.sha256.flag", "1"},
                  {"tcp.options.mptcp.sendkey", "72623859790382856"}});
    test::golden("MPTCP capable, version 0", "9c521267 000003e8 00000000 80020200 00000000 1e0c0081 01020304 05060708",
                 {{"tcp.options.mptcp.version", "0"}, {"tcp.options.mptcp.sha1.flag", "1"}});
    test::golden("MPTCP join", "9c531267 000003e8 00000000 80020200 00000000 1e0c1103 0a0b0c0d 05060708",
                 {{"tcp.options.mptcp.backup.flag", "1"},
                  {"tcp.options.mptcp.recvtok", "168496141"},
                  {"tcp.options.mptcp.sendrand", "84281096"}});
    test::golden("MPTCP join answered",
                 "9c541267 000003e8 00001388 90120200 00000000 1e101004 01020304 05060708 05060708",
                 {{"tcp.options.mptcp.sendtrunchmac", "72623859790382856"}});
    test::golden("MPTCP join complete",
                 "9c551267 000003e8 00001388 b0100200 00000000 1e181000 00010203 04050607 08090a0b 0c0d0e0f 10111213",
                 {{"tcp.options.mptcp.sendhmac", "000102030405060708090a0b0c0d0e0f10111213"}});
    test::golden("MPTCP address", "9c561267 000003e8 00001388 90100200 00000000 1e103002 0a000003 01020304 05060708",
                 {{"tcp.options.mptcp.echo", "0"},
                  {"tcp.options.mptcp.ipv4", "10.0.0.3"},
                  {"tcp.options.mptcp.addaddrtrunchmac", "72623859790382856"}});
    test::golden("MPTCP address and port",
                 "9c571267 000003e8 00001388 a0100200 00000000 1e123002 0a000003 00500102 03040506 07080101",
                 {{"tcp.options.mptcp.port", "80"}});
    test::golden("MPTCP address echoed", "9c581267 000003e8 00001388 70100200 00000000 1e083102 0a000003",
                 {{"tcp.options.mptcp.echo", "1"}, {"tcp.options.mptcp.addaddrtrunchmac", ""}});
    test::golden(
        "MPTCP IPv6 address",
        "9c591267 000003e8 00001388 c0100200 00000000 1e1c3002 20010db8 00000000 00000000 00000003 01020304 05060708",
        {{"tcp.options.mptcp.ipv6", "2001:db8::3"}});
    test::golden("MPTCP IPv6 address and port",
                 "9c5a1267 000003e8 00001388 d0100200 00000000 1e1e3002 20010db8 00000000 00000000 00000003 00500102 "
                 "03040506 07080101",
                 {{"tcp.options.mptcp.ipv6", "2001:db8::3"},
                  {"tcp.options.mptcp.port", "80"},
                  {"tcp.options.mptcp.addaddrtrunchmac", "72623859790382856"}});
    test::golden("MPTCP address, version 0", "9c5b1267 000003e8 00001388 70100200 00000000 1e083402 0a000003",
                 {{"tcp.options.mptcp.ipver", "4"}});
    test::golden(
        "MPTCP address and port, version 0", "9c5c1267 000003e8 00001388 80100200 00000000 1e0a3402 0a000003 00500101",
        {{"tcp.options.mptcp.ipver", "4"}, {"tcp.options.mptcp.ipv4", "10.0.0.3"}, {"tcp.options.mptcp.port", "80"}});
    test::golden("MPTCP IPv6 address, version 0",
                 "9c5d1267 000003e8 00001388 a0100200 00000000 1e143602 20010db8 00000000 00000000 00000003",
                 {{"tcp.options.mptcp.ipver", "6"}, {"tcp.options.mptcp.ipv6", "2001:db8::3"}});
    test::golden("MPTCP addresses removed", "9c5e1267 000003e8 00001388 70100200 00000000 1e054002 03010101",
                 {{"tcp.options.mptcp.addrid", "2,3"}});
    test::golden("MPTCP priority", "9c5f1267 000003e8 00001388 60100200 00000000 1e045102",
                 {{"tcp.options.mptcp.backup.flag", "1"}, {"tcp.options.mptcp.addrid", "2"}});
    test::golden("MPTCP fail", "9c601267 000003e8 00001388 80100200 00000000 1e0c6000 01020304 05060708",
                 {{"tcp.options.mptcp.rawdataseqno", "72623859790382856"}});
    test::golden("MPTCP fast close", "9c611267 000003e8 00001388 80100200 00000000 1e0c7000 01020304 05060708",
                 {{"tcp.options.mptcp.recvkey", "72623859790382856"}});
    test::golden("MPTCP data sequence signal",
                 "9c621267 000003e8 00001388 a0100200 00000000 1e142005 00000001 00000002 00000003 0004abcd",
                 {{"tcp.options.mptcp.rawdataack", "1"},
                  {"tcp.options.mptcp.rawdataseqno", "2"},
                  {"tcp.options.mptcp.subflowseqno", "3"},
                  {"tcp.options.mptcp.datalvllen", "4"}});
    test::golden(
        "MPTCP data sequence signal, wide",
        "9c631267 000003e8 00001388 c0100200 00000000 1e1c201f 00000000 00000001 00000000 00000002 00000003 0004abcd",
        {{"tcp.options.mptcp.datafin.flag", "1"},
         {"tcp.options.mptcp.rawdataack", "1"},
         {"tcp.options.mptcp.rawdataseqno", "2"}});
  }
  void reads_options_of_multipath_tcp() { test::check_golden(dissect::tcp_dissector); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::TcpOptionsTest)
#include "tcp_options_test.moc"
