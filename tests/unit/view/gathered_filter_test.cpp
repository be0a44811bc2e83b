// A flow is judged packet by packet as its packets' values would be all at once.
#include "helper/view/gathered_filter.h"

#include <QtTest>
#include <random>

#include "tests/unit/filter/sample.h"

using namespace pr;

namespace {

std::unique_ptr<filter::Ast> parse(const std::string& text, const FieldCatalog& catalog) {
  auto parsed = filter::parse(text, catalog);
  if (const auto* error = std::get_if<filter::Error>(&parsed)) qFatal("%s", error->explain(text).c_str());
  return std::get<0>(std::move(parsed));
}

}  // namespace

class GatheredFilterTest : public QObject {
  Q_OBJECT

  FieldCatalog catalog_ = test::make_catalog();
  std::mt19937 random_{11};

  unsigned pick(unsigned n) { return static_cast<unsigned>(random_()) % n; }

  std::string leaf() {
    static constexpr const char* kLeaves[] = {"tcp",
                                              "udp",
                                              "tcp.port == 2",
                                              "tcp.port != 2",
                                              "tcp.port > 1",
                                              "tcp.len == 3",
                                              "all tcp.len<3",
                                              "tcp.srcport == tcp.len",
                                              "min(tcp.len) == 1",
                                              "tcp.port in {1, 3}",
                                              "tcp.flags & 2",
                                              "ip.src == 10.0.0.1",
                                              "ip.addr != 10.0.0.2",
                                              "dns.qry.name contains \"b\"",
                                              "len(dns.qry.name) > 1",
                                              "max(tcp.len) > 2",
                                              "tcp.srcport#1 == 1",
                                              "dns.qry.name[0:1] == \"a\""};
    return kLeaves[pick(std::size(kLeaves))];
  }
  std::string random_filter(unsigned depth) {
    if (depth == 0 || pick(4) == 0) return leaf();
    static constexpr const char* kWords[] = {" && ", " || ", " xor "};
    const unsigned how = pick(4);
    if (how == 3) return "!(" + random_filter(depth - 1) + ")";
    return "(" + random_filter(depth - 1) + kWords[how] + random_filter(depth - 1) + ")";
  }

  // The same values into both rows.
  void fill(test::SampleRow& packet, test::SampleRow& whole) {
    const auto number = [&](const char* field, std::uint64_t value) {
      packet.number(field, value);
      whole.number(field, value);
    };
    if (pick(2) == 0) {
      packet.bytes("tcp", "x");
      whole.bytes("tcp", "x");
      number("tcp.srcport", pick(4));
      number("tcp.dstport", pick(4));
      number("tcp.len", pick(4));
      number("tcp.flags", pick(4));
    }
    if (pick(3) == 0) number("ip.src", 0x0a000000 + pick(3));
    if (pick(3) == 0) number("ip.dst", 0x0a000000 + pick(3));
    if (pick(3) != 0) return;
    static constexpr const char* kNames[] = {"a", "ab", "bc"};
    const char* name = kNames[pick(3)];
    packet.bytes("dns.qry.name", name);
    whole.bytes("dns.qry.name", name);
  }

 private slots:
  void packet_by_packet_as_all_at_once() {
    int passed = 0, settled_early = 0;
    for (int round = 0; round < 4000; ++round) {
      const std::string text = random_filter(3);
      const auto ast = parse(text, catalog_);
      const filter::Predicate predicate(ast.get());
      view::GatheredFilter filter(ast.get());
      view::GatheredFilter::State state;
      test::SampleRow whole(catalog_), more(catalog_);
      bool settled = false;
      for (unsigned n = pick(4); n > 0; --n) {
        test::SampleRow packet(catalog_);
        fill(packet, whole);
        filter.add(state, packet);
        settled = settled || filter.settled(state);
      }
      if (pick(2) == 0) fill(more, whole);
      const bool want = predicate.matches(whole);
      QVERIFY2(filter.passes(state, more) == want, text.c_str());
      QVERIFY2(!settled || want, text.c_str());
      passed += want ? 1 : 0;
      settled_early += settled ? 1 : 0;
      QCOMPARE(filter.left_out(), 0U);
    }
    QVERIFY(passed > 500 && passed < 3500);
    QVERIFY(settled_early > 200);
  }

  void different_values_are_counted() {
    const auto ast = parse("count(tcp.len) == 2", catalog_);
    view::GatheredFilter filter(ast.get());
    view::GatheredFilter::State state;
    test::SampleRow packet(catalog_);
    for (const unsigned length : {7U, 7U, 9U, 7U}) {
      packet.clear();
      packet.number("tcp.len", length);
      filter.add(state, packet);
    }
    QVERIFY(filter.passes(state, test::SampleRow(catalog_)));
  }

  void more_tests_than_bits() {
    std::string text = "tcp.port == 9999";
    for (int i = 0; i < 100; ++i) text += " || tcp.srcport == " + std::to_string(1000 + i);
    const auto ast = parse(text, catalog_);
    for (unsigned port : {1000U, 1063U, 1064U, 1099U, 1100U}) {
      view::GatheredFilter filter(ast.get());
      view::GatheredFilter::State state;
      test::SampleRow packet(catalog_), nothing(catalog_);
      packet.number("tcp.srcport", port);
      filter.add(state, packet);
      QCOMPARE(filter.passes(state, nothing), port != 1100);
    }
  }

  void too_many_values_are_told() {
    const auto ast = parse("tcp.len != 1", catalog_);
    view::GatheredFilter filter(ast.get());
    view::GatheredFilter::State state;
    test::SampleRow packet(catalog_);
    for (std::uint64_t i = 0; i < 1'000'010; ++i) {
      packet.clear();
      packet.number("tcp.len", i + 2);
      filter.add(state, packet);
    }
    QCOMPARE(filter.left_out(), 10U);
  }

  void no_filter_takes_everything() {
    view::GatheredFilter filter(nullptr);
    QVERIFY(filter.settled({}));
    QVERIFY(filter.passes({}, test::SampleRow(catalog_)));
  }
};

QTEST_APPLESS_MAIN(GatheredFilterTest)
#include "gathered_filter_test.moc"
