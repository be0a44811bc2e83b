#include <set>
#include "helper/store/columns.h"

#include "sample.h"
#include "shared/filter/filter.h"
#include "shared/model/community_id.h"

using namespace pr;
using namespace pr::store;
using test::Place;
using test::Sample;

namespace {

// The fields that the filters below name.
FieldCatalog make_catalog() {
  FieldCatalog catalog;
  FieldId id = 1;
  const auto add = [&](const char* name, FieldType type, bool protocol = false) {
    catalog.add(
        {.name = name, .description = "", .protocol = "x", .type = type, .ids = {id++}, .is_protocol = protocol});
  };
  for (const char* name : {"flow.id", "flow.packets", "tcp.srcport", "tcp.dstport", "flow.session"})
    add(name, FieldType::kUint);
  for (const char* name :
       {"flow.app_proto", "flow.state", "flow.verdict", "flow.sni", "flow.orig.ip", "flow.cert.sha256",
        "tls.handshake.extensions_server_name", "communityid", "dns.qry.name", "flow.issuer"}) {
    add(name, FieldType::kText);
  }
  add("ip.src", FieldType::kIpv4);
  add("ip.dst", FieldType::kIpv4);
  add("ip.ttl", FieldType::kUint);
  add("tcp", FieldType::kNone, true);
  catalog.add({.name = "ip.addr", .description = "", .protocol = "x", .type = FieldType::kIpv4, .ids = {16, 17}});
  return catalog;
}

FlowSlice slice(std::uint64_t id, std::uint32_t n = 0) {
  FlowSlice s;
  s.flow_id = id;
  s.n = n;
  s.last = true;
  s.key = {{IpAddress::v4(0x0a000001), static_cast<std::uint16_t>(1000 + id)}, {IpAddress::v4(0x0a000002), 443}, 6, 0};
  s.first_seen = s.start = from_ns(1'000'000'000 * static_cast<std::int64_t>(id));
  s.last_seen = s.end = s.start + std::chrono::seconds(2);
  s.total[0] = s.delta[0] = {.packets = 3, .bytes = 300, .payload_bytes = 100};
  s.total[1] = s.delta[1] = {.packets = 2, .bytes = 200, .payload_bytes = 50};
  s.stream = static_cast<std::uint32_t>(id - 1);
  s.has_stream = true;
  s.state = ConnState::kSf;
  s.history = "ShADadFf";
  s.rtt_ns = 5'000'000;
  s.community =
      community_digest(FlowKey{{*IpAddress::parse("1.2.3.4"), 1122}, {*IpAddress::parse("5.6.7.8"), 3344}, 6, 0});
  return s;
}

struct Found {
  std::vector<Row> rows;
  bool exact = false;
  std::vector<bool> certain;
};

}  // namespace

class StoreRowsTest : public QObject {
  Q_OBJECT

  static std::size_t column(Noun noun, const std::string& key) {
    const auto list = columns(noun);
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (key == list[i].key) return i;
    }
    qFatal("no column %s", key.c_str());
  }
  static Cell cell(Noun noun, const Row& row, const std::string& key) { return row[column(noun, key)]; }

  static Found ask(Reader& reader, RowQuery query, const std::string& filter = "") {
    static const FieldCatalog catalog = make_catalog();
    Found found;
    auto parsed = filter::parse(filter, catalog);
    if (auto* error = std::get_if<filter::Error>(&parsed)) qFatal("%s", error->message.c_str());
    const auto ast = std::get<0>(std::move(parsed));
    query.where = ast.get();
    bool certain = false;
    query.certain = &certain;
    const auto result = reader.rows(query, [&](const Row& row) {
      found.rows.push_back(row);
      found.certain.push_back(certain);
      return true;
    });
    if (!result.ok()) qFatal("%s", std::string(result.status().message()).c_str());
    found.exact = result->exact;
    return found;
  }

  static std::vector<std::uint64_t> ids(const Found& found) {
    std::vector<std::uint64_t> list;
    for (const Row& row : found.rows) list.push_back(std::get<std::uint64_t>(cell(Noun::kFlows, row, "flow_id")));
    return list;
  }

 private slots:
  void init() {
    place_ = std::make_unique<Place>();
    auto store = place_->open();
    PR_OK(store);
    store_ = *std::move(store);
    PR_OK(store_->begin_session({.file = "x.pcap", .label = "", .live = false}));
  }
  void cleanup() {
    store_.reset();
    place_.reset();
  }

  void a_flow_comes_back_as_it_was() {
    Batch batch;
    FlowSlice s = slice(1);
    s.key.vlan = 7;
    s.total[0].retransmissions = 4;
    s.tunnel.make() = "vxlan:5001>gre";
    s.app_proto = "tls";
    s.app_evidence = Evidence::kContent;
    s.identity.make().sni = "example.org";
    s.identity->alpn = "h2";
    s.identity->ja4 = "t13d1516h2_8daaf6152771_e5627efa2ab1";
    s.identity->cert_sha256 = {std::string(64, 'a'), std::string(64, 'b')};
    s.identity->issuer = "CN=R3";
    s.identity->verdicts = kResolved | kMatchesSan;
    batch.slices.push_back(s);
    PR_OK(store_->write(batch));
    PR_OK(store_->commit({}));
    auto reader = place_->read();
    PR_OK(reader);
    const Found found = ask(**reader, {});
    QCOMPARE(found.rows.size(), std::size_t{1});
    const auto get = [&](const char* key) { return cell(Noun::kFlows, found.rows[0], key); };
    QCOMPARE(get("file"), Cell(std::string("x.pcap")));
    QCOMPARE(get("session"), Cell(std::uint64_t{1}));
    QCOMPARE(get("src"), Cell(std::string("10.0.0.1")));
    QCOMPARE(get("sport"), Cell(std::uint64_t{1001}));
    QCOMPARE(get("dst"), Cell(std::string("10.0.0.2")));
    QCOMPARE(get("dport"), Cell(std::uint64_t{443}));
    QCOMPARE(get("proto"), Cell(std::string("tcp")));
    QCOMPARE(get("packets"), Cell(std::uint64_t{5}));
    QCOMPARE(get("bytes"), Cell(std::uint64_t{500}));
    QCOMPARE(get("orig_packets"), Cell(std::uint64_t{3}));
    QCOMPARE(get("resp_bytes"), Cell(std::uint64_t{200}));
    QCOMPARE(get("first_seen"), Cell(s.first_seen));
    QCOMPARE(get("duration"), Cell(Duration(std::chrono::seconds(2))));
    QCOMPARE(get("state"), Cell(std::string("SF")));
    QCOMPARE(get("history"), Cell(std::string("ShADadFf")));
    QCOMPARE(get("app_proto"), Cell(std::string("tls")));
    QCOMPARE(get("app_proto_evidence"), Cell(std::string("content")));
    QCOMPARE(get("sni"), Cell(std::string("example.org")));
    QCOMPARE(get("alpn"), Cell(std::string("h2")));
    QCOMPARE(get("ja4"), Cell(s.identity->ja4));
    QCOMPARE(get("ja3"), Cell());
    QCOMPARE(get("cert_sha256"), Cell(s.identity->cert_sha256));
    QCOMPARE(get("issuer"), Cell(std::string("CN=R3")));
    QCOMPARE(get("verdicts"), Cell(std::vector<std::string>{"resolved", "matches_san"}));
    QCOMPARE(get("community_id"), Cell(std::string("1:wCb3OG7yAFWelaUydu0D+125CLM=")));
    QCOMPARE(get("vlan"), Cell(std::uint64_t{7}));
    QCOMPARE(get("tunnel"), Cell(std::string("vxlan:5001>gre")));
    QCOMPARE(get("rtt"), Cell(Duration(5'000'000)));
    QCOMPARE(get("retransmissions"), Cell(std::uint64_t{4}));
    QCOMPARE(get("tcp_stream"), Cell(std::uint64_t{0}));
    QCOMPARE(get("udp_stream"), Cell());
  }

  void a_slice_written_again_replaces_the_earlier_one() {
    Batch batch;
    FlowSlice s = slice(1);
    s.open = true;
    s.last = false;
    batch.slices.push_back(s);
    s.total[0].packets = s.delta[0].packets = 10;
    batch.slices.push_back(s);
    PR_OK(store_->write(batch));
    PR_OK(store_->commit({}));
    auto reader = place_->read();
    PR_OK(reader);
    Found found = ask(**reader, {});
    QCOMPARE(found.rows.size(), std::size_t{1});
    QCOMPARE(cell(Noun::kFlows, found.rows[0], "orig_packets"), Cell(std::uint64_t{10}));
    // The next slice of the flow takes its place in the list.
    batch.clear();
    s = slice(1, 1);
    s.total[0].packets = 15;
    s.delta[0].packets = 5;
    s.start = s.end = from_ns(100'000'000'000);
    batch.slices.push_back(s);
    PR_OK(store_->write(batch));
    PR_OK(store_->commit({}));
    found = ask(**reader, {});
    QCOMPARE(found.rows.size(), std::size_t{1});
    QCOMPARE(cell(Noun::kFlows, found.rows[0], "orig_packets"), Cell(std::uint64_t{15}));
    // In a range, counts are what was added in it.
    RowQuery query;
    query.range.from = from_ns(90'000'000'000);
    found = ask(**reader, query);
    QCOMPARE(found.rows.size(), std::size_t{1});
    QCOMPARE(cell(Noun::kFlows, found.rows[0], "orig_packets"), Cell(std::uint64_t{5}));
    query.range = {from_ns(0), from_ns(50'000'000'000)};
    found = ask(**reader, query);
    QCOMPARE(cell(Noun::kFlows, found.rows[0], "orig_packets"), Cell(std::uint64_t{10}));
  }

  void filters_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QList<int>>("want");
    QTest::addColumn<bool>("exact");
    const auto row = [](const char* filter, const QList<int>& want, bool exact) {
      QTest::newRow(filter) << QString(filter) << want << exact;
    };
    row("flow.id == 3", {3}, true);
    row("flow.id > 3 && flow.app_proto == \"tls\"", {4, 6}, true);
    row("flow.sni contains \"host4\"", {4}, true);
    row("flow.sni matches \"^HOST[26]\\\\.\"", {2, 6}, true);
    row("!flow.sni", {1, 3, 5, 7}, true);
    row("flow.state == \"SF\" && flow.packets == 5 && flow.id < 3", {1, 2}, true);
    row("flow.verdict == \"ech\"", {2, 4, 6}, true);
    row("flow.orig.ip == \"10.0.0.1\" && flow.id == 1", {1}, true);
    row("communityid == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\" && flow.id == 2", {2, 7}, false);
    row("ip.src == 10.0.0.2", {1, 2, 3, 4, 5, 6, 7}, false);
    row("ip.addr == 192.168.0.0/16", {7}, false);
    row("tcp.dstport == 443", {1, 2, 3, 4, 5, 6, 7}, false);
    row("tcp.srcport == 1002", {2, 7}, false);
    row("ip.ttl == 3", {1, 2, 3, 4, 5, 6, 7}, false);
    row("ip.ttl == 3 && flow.id == 2", {2}, false);
  }

  // Six flows of TCP, every second of TLS, and one of ICMP, whose packets may quote others.
  void filters() {
    QFETCH(QString, filter);
    QFETCH(QList<int>, want);
    QFETCH(bool, exact);
    Batch batch;
    for (unsigned i = 1; i <= 7; ++i) {
      FlowSlice s = slice(i);
      if (i == 7) {
        s.key.ip_proto = 1;
        s.key.orig.port = 3;  // the type: destination unreachable
      }
      if (i % 2 == 0) {
        s.app_proto = "tls";
        s.identity.make().sni = "host" + std::to_string(i) + ".example";
        s.identity->verdicts = kEch;
      }
      batch.slices.push_back(s);
    }
    PR_OK(store_->write(batch));
    PR_OK(store_->commit({}));
    auto reader = place_->read();
    PR_OK(reader);
    const Found found = ask(**reader, {}, filter.toStdString());
    QList<int> got;
    for (const std::uint64_t id : ids(found)) {
      if (id != 7 || filter.contains("flow.id == 2") == false) got << static_cast<int>(id);
    }
    want.removeIf([&](int id) { return id == 7 && filter.contains("flow.id == 2"); });
    QCOMPARE(got, want);
    QCOMPARE(found.exact, exact);
    if (filter == "ip.src == 10.0.0.2") QCOMPARE(found.certain, (std::vector<bool>{1, 1, 1, 1, 1, 1, 1}));
    if (filter == "ip.addr == 192.168.0.0/16") QCOMPARE(found.certain, std::vector<bool>{false});
    if (filter.startsWith("ip.ttl")) QVERIFY(std::ranges::none_of(found.certain, [](bool b) { return b; }));
  }

  void order_and_limit() {
    Batch batch;
    for (unsigned i = 1; i <= 20; ++i) {
      FlowSlice s = slice(i);
      s.total[0].bytes = (i * 7919) % 101;
      if (i % 3 == 0) s.identity.make().sni = "h" + std::to_string(100 - i);
      batch.slices.push_back(s);
    }
    PR_OK(store_->write(batch));
    PR_OK(store_->end_session({}, "complete"));
    PR_OK(store_->begin_session({.file = "second", .label = "", .live = false}));
    batch.clear();
    batch.slices.push_back(slice(1));
    PR_OK(store_->write(batch));
    PR_OK(store_->commit({}));
    auto reader = place_->read();
    PR_OK(reader);
    RowQuery query;
    query.limit = 5;
    Found found = ask(**reader, query);
    QCOMPARE(ids(found), (std::vector<std::uint64_t>{1, 1, 2, 3, 4}));  // newest session first, within one by time
    QCOMPARE(cell(Noun::kFlows, found.rows[0], "file"), Cell(std::string("second")));
    query.limit = 0;
    query.order = "bytes";
    query.descending = true;
    query.sessions = {1};
    found = ask(**reader, query);
    QCOMPARE(found.rows.size(), std::size_t{20});
    std::uint64_t last = ~0ULL;
    for (const Row& row : found.rows) {
      const auto bytes = std::get<std::uint64_t>(cell(Noun::kFlows, row, "bytes"));
      QVERIFY(bytes <= last);
      last = bytes;
    }
    query.order = "sni";
    query.limit = 1;
    QCOMPARE(ids(ask(**reader, query)), std::vector<std::uint64_t>{3});
    query.order = "1; DROP TABLE slice";
    QVERIFY(absl::IsInvalidArgument((*reader)->rows(query, [](const Row&) { return true; }).status()));
  }

  void flows_over_several_partitions_are_one() {
    Batch batch;
    for (std::uint32_t n = 0; n < 3; ++n) {
      batch.clear();
      for (std::uint64_t id = 1; id <= 4; ++id) {
        if (n > 0 && id > 2) continue;
        FlowSlice s = slice(id, n);
        s.last = n == 2 || id > 2;
        s.total[0].packets = 10 * (n + 1);
        s.delta[0].packets = 10;
        s.start = s.end = from_ns(1'000'000'000'000LL * (n + 1));
        s.last_seen = s.end;
        batch.slices.push_back(s);
      }
      PR_OK(store_->write(batch));
      PR_OK(store_->commit({}));
      place_->clock.advance(std::chrono::hours(2));
    }
    QCOMPARE(QDir(place_->folder.filePath("a.packets")).entryList({"*.idx"}).size(), 3);
    auto reader = place_->read();
    PR_OK(reader);
    const auto packets = [&](const Found& found) {
      std::vector<std::uint64_t> list;
      for (const Row& row : found.rows)
        list.push_back(std::get<std::uint64_t>(cell(Noun::kFlows, row, "orig_packets")));
      return list;
    };
    Found found = ask(**reader, {});
    QCOMPARE(ids(found), (std::vector<std::uint64_t>{1, 2, 3, 4}));
    QCOMPARE(packets(found), (std::vector<std::uint64_t>{30, 30, 10, 10}));
    RowQuery query;
    query.limit = 3;
    QCOMPARE(ids(ask(**reader, query)), (std::vector<std::uint64_t>{1, 2, 3}));
    query.limit = 0;
    query.range.to = from_ns(2'500'000'000'000LL);
    found = ask(**reader, query);
    QCOMPARE(ids(found), (std::vector<std::uint64_t>{1, 2, 3, 4}));
    QCOMPARE(packets(found), (std::vector<std::uint64_t>{20, 20, 10, 10}));
    query.range = {from_ns(2'500'000'000'000LL), std::nullopt};
    found = ask(**reader, query);
    QCOMPARE(packets(found), (std::vector<std::uint64_t>{10, 10}));
  }

  void handshakes_certificates_transactions_names_stats() {
    Batch batch;
    Handshake h;
    h.flow_id = 4;
    h.ts = from_ns(5'000'000'000);
    h.protocol = "tls";
    h.sni = "example.org";
    h.client.ja4_r = "long";
    h.cert_sha256 = {std::string(64, 'c')};
    h.ech = true;
    batch.handshakes.push_back(h);
    h.ts = from_ns(6'000'000'000);
    batch.handshakes.push_back(h);
    Certificate c;
    c.sha256 = std::string(64, 'c');
    c.sha1 = std::string(40, 'd');
    c.subject = "CN=example.org";
    c.issuer = "CN=R3";
    c.san = {"example.org", "10.0.0.1"};
    c.not_after = from_ns(9'000'000'000);
    c.key_bits = 2048;
    c.der = {1, 2, 3};
    batch.certificates = {c, c};
    Transaction t;
    t.flow_id = 4;
    t.request_ts = from_ns(1'000'000'000);
    t.response_ts = from_ns(1'500'000'000);
    t.protocol = "dns";
    t.name = "example.org";
    t.status = 0;
    t.fields = R"("dns.qry.name":"example.org","dns.a":["10.0.0.1","10.0.0.2"])";
    batch.transactions.push_back(t);
    batch.names = {{"example.org", IpAddress::v4(0x0a000001), from_ns(1), 60},
                   {"example.org", IpAddress::v4(0x0a000002), from_ns(7), 60},
                   {"example.org", IpAddress::v4(0x0a000001), from_ns(9), 60}};
    PR_OK(store_->write(batch));
    place_->clock.advance(std::chrono::hours(2));  // another partition
    batch.clear();
    batch.names = {{"example.org", IpAddress::v4(0x0a000003), from_ns(20), 60}};
    PR_OK(store_->write(batch));
    SessionTotals totals;
    totals.counters = {{"protocol.dns", 7}};
    totals.link_types = {113, 1};
    totals.dropped_kernel = 2;
    PR_OK(store_->note_gap(from_ns(1), from_ns(2), "eth0 went away"));
    PR_OK(store_->commit(totals));
    auto reader = place_->read();
    PR_OK(reader);
    const auto one = [&](Noun noun, const char* key) {
      const Found found = ask(**reader, {.noun = noun});
      return found.rows.empty() ? Cell() : cell(noun, found.rows[0], key);
    };
    QCOMPARE(ask(**reader, {.noun = Noun::kHandshakes}).rows.size(), std::size_t{2});
    QCOMPARE(one(Noun::kHandshakes, "ja4_r"), Cell(std::string("long")));
    QCOMPARE(one(Noun::kHandshakes, "cert_sha256"), Cell(h.cert_sha256));
    QCOMPARE(one(Noun::kHandshakes, "ech"), Cell(true));
    QCOMPARE(ask(**reader, {.noun = Noun::kCertificates}).rows.size(), std::size_t{1});
    QCOMPARE(one(Noun::kCertificates, "subject"), Cell(c.subject));
    QCOMPARE(one(Noun::kCertificates, "san"), Cell(c.san));
    QCOMPARE(one(Noun::kCertificates, "count"), Cell(std::uint64_t{2}));
    QCOMPARE(one(Noun::kCertificates, "last_seen"), Cell(h.ts));
    QCOMPARE(one(Noun::kCertificates, "sha1"), Cell(c.sha1));
    QCOMPARE(one(Noun::kTransactions, "name"), Cell(t.name));
    QCOMPARE(one(Noun::kTransactions, "latency"), Cell(Duration(500'000'000)));
    QCOMPARE(one(Noun::kTransactions, "fields"), Cell("{" + t.fields + "}"));
    QCOMPARE(ask(**reader, {.noun = Noun::kTransactions}, "dns.qry.name contains \"xample\"").rows.size(),
             std::size_t{1});
    QCOMPARE(ask(**reader, {.noun = Noun::kTransactions}, "dns.qry.name == \"other\"").rows.size(), std::size_t{0});
    QCOMPARE(ask(**reader, {.noun = Noun::kNames}).rows.size(), std::size_t{1});
    QCOMPARE(ask(**reader, {.noun = Noun::kNames}, "ip.addr == 10.0.0.3").rows.size(), std::size_t{1});
    QCOMPARE(ask(**reader, {.noun = Noun::kNames}, "ip.addr == 10.0.0.4").rows.size(), std::size_t{0});
    const auto addresses = std::get<std::vector<std::string>>(one(Noun::kNames, "addresses"));
    QCOMPARE((std::set<std::string>(addresses.begin(), addresses.end())),
             (std::set<std::string>{"10.0.0.1", "10.0.0.2", "10.0.0.3"}));
    QCOMPARE(one(Noun::kNames, "sources"), Cell(std::vector<std::string>{"dns"}));
    QCOMPARE(one(Noun::kNames, "count"), Cell(std::uint64_t{4}));
    QCOMPARE(one(Noun::kStats, "value"), Cell(std::uint64_t{7}));
    QCOMPARE(one(Noun::kSessions, "linktype"), Cell(std::string("ETHERNET+LINUX_SLL")));
    QCOMPARE(one(Noun::kSessions, "dropped"), Cell(std::string(R"({"kernel":2,"interface":0,"queue":0,"store":0})")));
    QVERIFY(std::get<std::string>(one(Noun::kSessions, "gaps")).find("eth0 went away") != std::string::npos);
  }

  void every_column_of_every_noun_can_be_asked_and_ordered_by() {
    Batch batch;
    batch.slices.push_back(slice(1));
    PR_OK(store_->write(batch));
    PR_OK(store_->commit({}));
    auto reader = place_->read();
    PR_OK(reader);
    for (const Noun noun : {Noun::kFlows, Noun::kHandshakes, Noun::kCertificates, Noun::kTransactions, Noun::kNames,
                            Noun::kSessions, Noun::kStats}) {
      for (const ColumnDef& def : columns(noun)) {
        RowQuery query{.noun = noun};
        query.order = def.key;
        query.range = {from_ns(0), from_ns(1'000'000'000'000)};
        PR_OK((*reader)->rows(query, [](const Row&) { return true; }));
      }
    }
  }

 private:
  std::unique_ptr<Place> place_;
  std::unique_ptr<Store> store_;
};

QTEST_GUILESS_MAIN(StoreRowsTest)
#include "store_rows_test.moc"
