#include "shared/model/community_id.h"

#include <QTest>

using namespace pr;

class CommunityIdTest : public QObject {
  Q_OBJECT

  static FlowKey key(const char* src, int sport, const char* dst, int dport, int proto) {
    return {.orig = {*IpAddress::parse(src), static_cast<std::uint16_t>(sport)},
            .resp = {*IpAddress::parse(dst), static_cast<std::uint16_t>(dport)},
            .ip_proto = static_cast<std::uint8_t>(proto)};
  }
  static FlowKey reversed(const FlowKey& k) { return {.orig = k.resp, .resp = k.orig, .ip_proto = k.ip_proto}; }

 private slots:
  // Known answers of other implementations.
  void matches_the_specification_data() {
    QTest::addColumn<QString>("src");
    QTest::addColumn<int>("sport");
    QTest::addColumn<QString>("dst");
    QTest::addColumn<int>("dport");
    QTest::addColumn<int>("proto");
    QTest::addColumn<int>("seed");
    QTest::addColumn<QString>("expected");
    const char* a6 = "fe80::200:86ff:fe05:80da";
    QTest::newRow("tcp") << "1.2.3.4" << 1122 << "5.6.7.8" << 3344 << 6 << 0 << "1:wCb3OG7yAFWelaUydu0D+125CLM=";
    QTest::newRow("tcp seeded") << "128.232.110.120" << 34855 << "66.35.250.204" << 80 << 6 << 1
                                << "1:3V71V58M3Ksw/yuFALMcW0LAHvc=";
    QTest::newRow("tcp 2") << "128.232.110.120" << 34855 << "66.35.250.204" << 80 << 6 << 0
                           << "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
    QTest::newRow("udp") << "192.168.1.52" << 54585 << "8.8.8.8" << 53 << 17 << 0 << "1:d/FP5EW3wiY1vCndhwleRRKHowQ=";
    QTest::newRow("sctp") << "192.168.170.8" << 7 << "192.168.170.56" << 7 << 132 << 0
                          << "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=";
    QTest::newRow("icmp echo") << "192.168.0.89" << 8 << "192.168.0.1" << 0 << 1 << 0
                               << "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=";
    QTest::newRow("icmp echo reply") << "192.168.0.1" << 0 << "192.168.0.89" << 0 << 1 << 0
                                     << "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=";
    QTest::newRow("icmp unreachable") << "10.5.5.26" << 3 << "10.5.5.1" << 0 << 1 << 0
                                      << "1:k15QUIT9/zLKVvu3NO7Rg2F5xqU=";
    QTest::newRow("icmp6 report") << "::" << 143 << "ff02::16" << 0 << 58 << 0 << "1:ikDqa5zwxtfbMnBkctuAzacX7zg=";
    QTest::newRow("icmp6 neighbour") << a6 << 135 << "fe80::260:97ff:fe07:69ea" << 0 << 58 << 1
                                     << "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=";
    QTest::newRow("icmp6 echo") << "3ffe:507:0:1:200:86ff:fe05:80da" << 128 << "3ffe:501:0:1001::2" << 0 << 58 << 1
                                << "1:GfZxjAkDk2MkegpBYHV6tadtFXQ=";
  }
  void matches_the_specification() {
    QFETCH(QString, src);
    QFETCH(int, sport);
    QFETCH(QString, dst);
    QFETCH(int, dport);
    QFETCH(int, proto);
    QFETCH(int, seed);
    QFETCH(QString, expected);
    const FlowKey flow = key(src.toLatin1().data(), sport, dst.toLatin1().data(), dport, proto);
    QCOMPARE(QString::fromStdString(community_id(flow, static_cast<std::uint16_t>(seed))), expected);
    if (proto == 1 || proto == 58) return;  // type and code do not swap
    QCOMPARE(QString::fromStdString(community_id(reversed(flow), static_cast<std::uint16_t>(seed))), expected);
  }

  void equal_addresses_are_ordered_by_port() {
    const FlowKey flow = key("10.0.0.1", 80, "10.0.0.1", 40000, 6);
    QCOMPARE(community_id(flow), community_id(reversed(flow)));
    QVERIFY(community_id(flow) != community_id(key("10.0.0.1", 81, "10.0.0.1", 40000, 6)));
  }

  void pairs_of_icmp_types_are_one_conversation_data() {
    QTest::addColumn<int>("proto");
    QTest::addColumn<int>("request");
    QTest::addColumn<int>("reply");
    const int pairs[][3] = {{1, 8, 0},      {1, 13, 14},    {1, 15, 16},    {1, 10, 9},
                            {1, 17, 18},    {58, 128, 129}, {58, 133, 134}, {58, 135, 136},
                            {58, 130, 131}, {58, 139, 140}, {58, 144, 145}};
    for (const auto& p : pairs) QTest::addRow("%d %d/%d", p[0], p[1], p[2]) << p[0] << p[1] << p[2];
  }
  void pairs_of_icmp_types_are_one_conversation() {
    QFETCH(int, proto);
    QFETCH(int, request);
    QFETCH(int, reply);
    const char* a = proto == 1 ? "10.0.0.1" : "fd00::1";
    const char* b = proto == 1 ? "10.0.0.2" : "fd00::2";
    QCOMPARE(community_id(key(a, request, b, 0, proto)), community_id(key(b, reply, a, 0, proto)));
    QCOMPARE(community_id(key(b, request, a, 0, proto)), community_id(key(a, reply, b, 0, proto)));
  }

  void one_way_icmp_keeps_its_direction() {
    QVERIFY(community_id(key("10.0.0.1", 3, "10.0.0.2", 1, 1)) != community_id(key("10.0.0.2", 3, "10.0.0.1", 1, 1)));
  }

  void protocols_without_ports_leave_them_out() {
    QCOMPARE(community_id(key("10.1.24.4", 1, "10.1.12.1", 2, 46)), std::string("1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4="));
  }
};

QTEST_APPLESS_MAIN(CommunityIdTest)
#include "community_id_test.moc"
