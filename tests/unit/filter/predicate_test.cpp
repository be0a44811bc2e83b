// What filters mean: each one against a packet made by hand. Where Wireshark gives the answer, it is Wireshark's.
#include <QtTest>
#include <chrono>

#include "tests/unit/filter/sample.h"

namespace pr {

class PredicateTest : public QObject {
  Q_OBJECT

 private:
  FieldCatalog catalog_ = test::make_catalog();

  static QString explained(const std::variant<std::unique_ptr<filter::Ast>, filter::Error>& result,
                           const std::string& text) {
    const auto* error = std::get_if<filter::Error>(&result);
    return error == nullptr ? QString() : QString::fromStdString(error->explain(text));
  }

 private slots:
  void means_what_wireshark_means_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("holds");
    const auto yes = [](const char* text) { QTest::newRow(text) << text << true; };
    const auto no = [](const char* text) { QTest::newRow(text) << text << false; };
    // existence
    yes("");
    yes("tcp");
    no("udp");
    yes("tcp.port");
    no("udp.port");
    yes("tcp.flags.syn");
    yes("tcp.analysis.flags");
    yes("not udp");
    yes("!udp && tcp");
    // numbers
    yes("tcp.port == 443");
    yes("tcp.port eq 0x1bb");
    yes("tcp.port == 0673");
    yes("tcp.port == 0b110111011");
    no("tcp.port == 80");
    no("tcp.port != 443");
    yes("tcp.port != 80");
    yes("tcp.port ~= 443");
    yes("tcp.port !== 443");
    yes("tcp.port any_ne 443");
    no("tcp.port === 443");
    no("tcp.port all_eq 443");
    yes("all tcp.port > 400");
    no("all tcp.port > 443");
    yes("any tcp.port > 443");
    yes("any tcp.port != 443");
    yes("tcp.port > 49999");
    no("udp.port != 80");
    yes("not udp.port == 80");
    yes("!(tcp.port == 80)");
    yes("443 == tcp.port");
    yes("400 < tcp.dstport < 500");
    no("400 < tcp.dstport < 443");
    yes("tcp.window_size_scalefactor == -2");
    yes("tcp.window_size_scalefactor < 0");
    yes("ip.ttl == '@'");
    yes("flow.score > 0.5");
    yes("flow.score == .75");
    no("flow.score >= 1");
    yes("flow.score < tcp.port");
    // booleans
    yes("tcp.flags.syn == 1");
    yes("tcp.flags.syn == true");
    yes("tcp.flags.syn == True");
    yes("tcp.flags.syn == 2");
    yes("tcp.flags.syn == \"Set\"");
    no("tcp.flags.syn == 0");
    no("tcp.flags.syn == false");
    // sets
    yes("tcp.port in {80, 443}");
    yes("tcp.port in {80 443}");
    yes("tcp.port in {440..445}");
    yes("tcp.port in {1, 440 .. 445, 9}");
    no("tcp.port in {444..49999}");
    no("tcp.dstport not in {443}");
    yes("tcp.dstport not in {80}");
    no("all tcp.port in {443}");
    yes("all tcp.port in {443, 50000}");
    yes("ip.addr in {192.168.0.0/16, 1.1.1.1}");
    yes("ip.src in {10.1.2.0..10.1.2.9}");
    yes("http.request.method in {\"GET\"} or tls.handshake.extensions_server_name in {\"a\", \"www.Example.com\"}");
    yes("tcp.srcport in {tcp.dstport, 50000}");
    // addresses
    yes("ip.addr == 10.1.2.3");
    yes("ip.src == 10.0.0.0/8");
    no("ip.src != 10.0.0.0/8");
    yes("ip.addr == 5.6.7.8");
    no("ip.addr != 5.6.7.8");
    yes("ip.src#1 == 10.1.2.3");
    no("ip.src#2 == 10.1.2.3");
    yes("ip.src#2 == 1.2.3.4");
    yes("ip.src#[1-2] == 1.2.3.4");
    no("ip.src#[2:1] == 10.1.2.3");
    yes("ip.src#[-1] == 1.2.3.4");
    yes("ip#2");
    no("ip#3");
    yes("ip.dst > 192.168.0.0");
    no("ip.dst > 192.168.0.0/16");
    yes("ip.dst >= 192.168.0.0/16");
    yes("ip.src[0] == 0a");
    no("ip.src == ip.dst");
    yes("@ip.src == 0a:01:02:03");
    yes("eth.addr[0:3] == 00:0c:29");
    yes("eth.src == 00-0c-29-01-02-03");
    yes("eth.dst == ff:ff:ff:ff:ff:ff");
    yes("eth.dst == \"ff:ff:ff:ff:ff:ff\"");
    yes("eth.addr contains 29:01");
    // text and bytes
    yes("tls.handshake.extensions_server_name == \"www.Example.com\"");
    no("tls.handshake.extensions_server_name == \"www.example.com\"");
    yes("tls.handshake.extensions_server_name contains \"Example\"");
    yes("tls.handshake.extensions_server_name contains Example");
    yes("tls.handshake.extensions_server_name matches \"EXAMPLE\\\\.com$\"");
    yes("tls.handshake.extensions_server_name ~ r\"^www\\.\"");
    no("tls.handshake.extensions_server_name matches \"(?-i)EXAMPLE\"");
    yes("tls.handshake.extensions_server_name[0:3] == \"www\"");
    yes("tls.handshake.extensions_server_name[0:3] == 77:77:77");
    yes("tls.handshake.extensions_server_name[-3:] == \"com\"");
    yes("tls.handshake.extensions_server_name[:3] == \"www\"");
    yes("tls.handshake.extensions_server_name[1-2,0,-1] == \"wwwm\"");
    yes("tls.handshake.extensions_server_name > \"www.A\"");
    yes("lower(tls.handshake.extensions_server_name) == \"www.example.com\"");
    yes("upper(tls.handshake.extensions_server_name) contains \"EXAMPLE\"");
    yes("len(tls.handshake.extensions_server_name) == 15");
    yes("frame contains \"example\"");
    yes("frame contains 01:02:03");
    yes("frame matches \"COM\\\\x00\\\\xff\"");
    yes("tcp.payload contains \"\\x00\\xfe\"");
    yes("tcp.payload[0:4] == 47:45:54:20");
    yes("tcp.payload contains 'G'");
    yes("frame[4] == 0x77");
    yes("tcp.payload[0:3] > ff:ff");
    yes("tcp.payload[0:1] < 00:00");
    yes("tcp.payload[0:2] in {00..00:00:00}");
    yes("frame[100:2] <= ff:ff");
    no("frame[100:2]");
    yes("frame[1]");
    // functions and arithmetic
    yes("count(tcp.port) == 2");
    yes("count(ip.src) == 2");
    no("count(udp.port) == 0");
    yes("max(tcp.srcport, tcp.dstport) == 50000");
    yes("min(tcp.port) == 443");
    yes("abs(tcp.window_size_scalefactor) == 2");
    yes("string(tcp.dstport) contains \"44\"");
    yes("string(ip.src) matches \"^10\\\\.\"");
    yes("string(eth.src) == \"00:0c:29:01:02:03\"");
    yes("tcp.flags & 2");
    no("tcp.flags & 1");
    yes("tcp.flags & 0x02 == 2");
    yes("(tcp.flags & 2) == 2");
    yes("tcp.flags & 2 > 1");
    yes("tcp[13] & 2");
    no("tcp[13] & 1");
    yes("tcp.dstport + 1 == 444");
    yes("tcp.dstport -1 == 442");
    yes("tcp.dstport * 2 == 886");
    yes("tcp.len / 3 == 33");
    yes("tcp.len % 7 == 2");
    no("tcp.len / 0 == 1");
    yes("tcp.srcport >= 4 * {tcp.dstport + 3}");
    yes("tcp.dstport - 1000 < 0");
    yes("frame.len > tcp.len");
    // time
    yes("frame.time == \"2023-11-14T22:13:20.25Z\"");
    yes("frame.time > \"Nov 14, 2023 22:13:20 UTC\"");
    yes("frame.time < \"2023-11-14 22:13:21Z\"");
    yes("frame.time_delta == 0.25");
    yes("frame.time_delta > 0.2");
    yes("frame.time_delta in {0.2..0.3}");
    yes("frame.time_delta + 1 > 1.2");
    // short forms
    yes("sni:Example");
    no("sni:nothere");
    yes("port:443");
    no("port:80");
    yes("ech:true");
    no("ech:false");
    yes("sni == \"www.Example.com\"");
    yes("port == 443 && !(port == 80)");
    // precedence
    yes("tcp or udp and dns");
    no("(tcp or udp) and dns");
    yes("not udp or dns and dns");
    yes("tcp xor udp");
    no("tcp ^^ tls");
    yes("tcp xor udp xor dns");
    yes("tcp xor udp and dns");
    no("not tcp.port == 443");
    yes("not not tcp");
  }
  void means_what_wireshark_means() {
    QFETCH(QString, text);
    QFETCH(bool, holds);
    const std::string filter_text = text.toStdString();
    const auto parsed = filter::parse(filter_text, catalog_);
    QVERIFY2(std::holds_alternative<std::unique_ptr<filter::Ast>>(parsed), qPrintable(explained(parsed, filter_text)));
    test::SampleRow row(catalog_);
    test::fill_tls_packet(row);
    const filter::Predicate predicate(std::get<0>(parsed).get());
    QCOMPARE(predicate.matches(row), holds);
    // Nothing there: only a negation, or nothing at all, can hold.
    test::SampleRow empty(catalog_);
    const bool negative = text.isEmpty() || text.contains("not ") || text.contains('!') || text.contains("false");
    if (!negative) QVERIFY(!predicate.matches(empty));
  }

  void asks_only_for_what_it_needs() {
    const auto parsed = filter::parse("tcp.port == 443 || len(http.host) > 3", catalog_);
    const filter::Predicate predicate(std::get<0>(parsed).get());
    for (const char* name : {"tcp.srcport", "tcp.dstport", "http.host"})
      QVERIFY(predicate.needs().has(catalog_.find(name)->ids.front()));
    for (const char* name : {"tcp", "udp.srcport", "http"})
      QVERIFY(!predicate.needs().has(catalog_.find(name)->ids.front()));
  }

  void port_of_a_row_is_fast() {
    const auto parsed = filter::parse("tcp.port == 80 || udp.port == 53", catalog_);
    const filter::Predicate predicate(std::get<0>(parsed).get());
    test::SampleRow row(catalog_);
    test::fill_tls_packet(row);
    constexpr int kRounds = 200'000;
    int hits = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kRounds; ++i) hits += predicate.matches(row) ? 1 : 0;
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    qInfo("%.0f ns a row", spent.count() / kRounds);
    QCOMPARE(hits, 0);
    QVERIFY(spent.count() / kRounds < 5000);  // some hundred times what it takes: only a change of order fails
  }
};

}  // namespace pr

using pr::PredicateTest;
QTEST_APPLESS_MAIN(PredicateTest)
#include "predicate_test.moc"
