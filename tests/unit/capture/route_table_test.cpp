#include "helper/capture/route_table.h"

#include <QtTest>

using pr::capture::default_route_v4;
using pr::capture::default_route_v6;

class RouteTableTest : public QObject {
  Q_OBJECT
 private slots:
  void finds_the_ipv4_default_route_data() {
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("one") << QByteArray("eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n")
                         << QByteArray("eth0");
    QTest::newRow("no default") << QByteArray("eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
                                << QByteArray();
    QTest::newRow("0.0.0.0/1 is none") << QByteArray("tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0\n")
                                       << QByteArray();
    QTest::newRow("lowest metric") << QByteArray(
                                          "wlan0\t00000000\t0100000A\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
                                          "eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n")
                                   << QByteArray("eth0");
    QTest::newRow("unreachable") << QByteArray("*\t00000000\t00000000\t0200\t0\t0\t0\t00000000\t0\t0\t0\n")
                                 << QByteArray();
    QTest::newRow("garbage") << QByteArray("eth0\t00000000\tz\tq\t\n\t\t\n\n") << QByteArray();
  }
  void finds_the_ipv4_default_route() {
    QFETCH(QByteArray, rows);
    QFETCH(QByteArray, name);
    const std::string table =
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" + rows.toStdString();
    QCOMPARE(default_route_v4(table), name.toStdString());
  }

  void finds_the_ipv6_default_route() {
    const std::string zero(32, '0');
    const auto row = [&zero](const char* prefix, const char* metric, const char* flags, const char* name) {
      return zero + " " + prefix + " " + zero + " 00 " + zero + " " + metric + " 00000001 00000000 " + flags + "   " +
             name + "\n";
    };
    QCOMPARE(default_route_v6(row("00", "ffffffff", "00200200", "lo")), std::string());
    QCOMPARE(default_route_v6(row("40", "00000001", "00000003", "eth0")), std::string());
    QCOMPARE(default_route_v6(row("00", "00000400", "00000003", "eth0") + row("00", "00000064", "00000003", "eth1")),
             std::string("eth1"));
  }
};

QTEST_APPLESS_MAIN(RouteTableTest)
#include "route_table_test.moc"
