#include "helper/flow/ip_fragments.h"

#include <QTest>
#include <algorithm>
#include <random>

#include "tests/unit/flow/packets.h"

namespace pr::flow {

using Octets = std::vector<std::uint8_t>;

class IpFragmentsTest : public QObject {
  Q_OBJECT

 private slots:
  void in_order();
  void any_order_data();
  void any_order();
  void first_copy_wins();
  void keys_are_apart();
  void old_ones_are_given_up();
  void too_many_or_too_large_data();
  void too_many_or_too_large();
  void many_datagrams_stay_bounded();
};

IpFragments::Piece piece(const Octets& all, std::uint32_t at, std::uint32_t n, std::uint64_t packet,
                         std::int64_t ms = 0) {
  return {.src = *IpAddress::parse("10.0.0.1"),
          .dst = *IpAddress::parse("10.0.0.2"),
          .id = 77,
          .ip_proto = 17,
          .offset = at,
          .more = at + n < all.size(),
          .bytes = Bytes(all).subspan(at, n),
          .packet = packet,
          .ts = after_ms(ms)};
}

Octets counted(std::size_t n) {
  Octets out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(i * 7);
  return out;
}

void IpFragmentsTest::in_order() {
  IpFragments fragments;
  std::vector<Part> parts;
  const Octets all = counted(3000);
  QVERIFY(fragments.add(piece(all, 0, 1480, 1), &parts).empty());
  QVERIFY(fragments.add(piece(all, 1480, 1480, 2), &parts).empty());
  const Bytes whole = fragments.add(piece(all, 2960, 40, 3), &parts);
  QVERIFY(std::ranges::equal(whole, all));
  QCOMPARE(parts, (std::vector<Part>{{1, 0, 1480}, {2, 0, 1480}, {3, 0, 40}}));
  QCOMPARE(fragments.given_up(), 0U);
}

void IpFragmentsTest::any_order_data() {
  QTest::addColumn<unsigned>("seed");
  for (unsigned seed = 1; seed <= 50; ++seed) QTest::addRow("seed %u", seed) << seed;
}

void IpFragmentsTest::any_order() {
  QFETCH(unsigned, seed);
  std::mt19937 random(seed);
  const Octets all = counted(8 + random() % 60000);
  std::vector<IpFragments::Piece> pieces;
  const auto step = static_cast<std::uint32_t>((all.size() / 20 + 8) / 8 * 8);
  for (std::uint32_t at = 0; at < all.size(); at += step) {
    const auto n = std::min<std::uint32_t>(step, static_cast<std::uint32_t>(all.size()) - at);
    pieces.push_back(piece(all, at, n, pieces.size() + 1));
    if (random() % 4 == 0 && at > 0) pieces.push_back(piece(all, at - 8, n, pieces.size() + 1));
  }
  std::shuffle(pieces.begin(), pieces.end(), random);
  IpFragments fragments;
  std::vector<Part> parts;
  Octets whole;
  for (const auto& one : pieces) {
    const Bytes got = fragments.add(one, &parts);
    if (got.empty()) continue;
    whole.assign(got.begin(), got.end());
    break;
  }
  QCOMPARE(whole, all);
  Octets joined;
  for (const Part& part : parts) {
    const auto from = std::ranges::find(pieces, part.packet, &IpFragments::Piece::packet);
    const Bytes bytes = from->bytes.subspan(part.offset, part.length);
    joined.insert(joined.end(), bytes.begin(), bytes.end());
  }
  QCOMPARE(joined, all);
}

void IpFragmentsTest::first_copy_wins() {
  IpFragments fragments;
  std::vector<Part> parts;
  const Octets good = counted(48), bad(48, 0xee);
  QVERIFY(fragments.add(piece(good, 8, 16, 1), &parts).empty());
  QVERIFY(fragments.add(piece(bad, 16, 16, 2), &parts).empty());
  QVERIFY(fragments.add(piece(good, 0, 16, 3), &parts).empty());
  const Bytes whole = fragments.add(piece(good, 24, 24, 4), &parts);
  QCOMPARE(whole.size(), 48U);
  QVERIFY(std::equal(whole.begin(), whole.begin() + 24, good.begin()));
  QCOMPARE(int{whole[24]}, 0xee);
  QCOMPARE(parts, (std::vector<Part>{{3, 0, 8}, {1, 0, 16}, {2, 8, 8}, {4, 8, 16}}));
}

void IpFragmentsTest::keys_are_apart() {
  IpFragments fragments;
  std::vector<Part> parts;
  const Octets all = counted(16);
  QVERIFY(fragments.add(piece(all, 0, 8, 1), &parts).empty());
  IpFragments::Piece other = piece(all, 8, 8, 2);
  other.id = 78;
  QVERIFY(fragments.add(other, &parts).empty());
  other = piece(all, 8, 8, 3);
  other.vlan = 5;
  QVERIFY(fragments.add(other, &parts).empty());
  other = piece(all, 8, 8, 4);
  std::swap(other.src, other.dst);
  QVERIFY(fragments.add(other, &parts).empty());
  QCOMPARE(fragments.add(piece(all, 8, 8, 5), &parts).size(), 16U);
}

void IpFragmentsTest::old_ones_are_given_up() {
  IpFragments fragments;
  std::vector<Part> parts;
  const Octets all = counted(16);
  QVERIFY(fragments.add(piece(all, 0, 8, 1, 0), &parts).empty());
  QVERIFY(fragments.add(piece(all, 8, 8, 2, 30'001), &parts).empty());
  QCOMPARE(fragments.given_up(), 1U);
}

void IpFragmentsTest::too_many_or_too_large_data() {
  QTest::addColumn<int>("count");
  QTest::addColumn<int>("size");
  QTest::addColumn<bool>("fits");
  QTest::newRow("64 pieces") << 64 << 8 << true;
  QTest::newRow("65 pieces") << 65 << 8 << false;
  QTest::newRow("65,528 octets") << 2 << 32764 << true;
  QTest::newRow("65,536 octets") << 2 << 32768 << false;
}

void IpFragmentsTest::too_many_or_too_large() {
  QFETCH(int, count);
  QFETCH(int, size);
  QFETCH(bool, fits);
  IpFragments fragments;
  std::vector<Part> parts;
  const Octets all = counted(static_cast<std::size_t>(count) * static_cast<std::size_t>(size));
  bool done = false;
  for (int i = 0; i < count; ++i) {
    const auto n = static_cast<std::uint32_t>(size);
    done = !fragments.add(piece(all, static_cast<std::uint32_t>(i) * n, n, 1), &parts).empty();
  }
  QCOMPARE(done, fits);
  QCOMPARE(fragments.given_up() == 0, fits);
}

void IpFragmentsTest::many_datagrams_stay_bounded() {
  IpFragments fragments;
  std::vector<Part> parts;
  const Octets all = counted(16);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    IpFragments::Piece one = piece(all, 0, 8, i);
    one.id = i;
    QVERIFY(fragments.add(one, &parts).empty());
  }
  QVERIFY(fragments.given_up() >= 3900);
  IpFragments::Piece last = piece(all, 8, 8, 9999);
  last.id = 4999;
  QCOMPARE(fragments.add(last, &parts).size(), 16U);
}

}  // namespace pr::flow

QTEST_APPLESS_MAIN(pr::flow::IpFragmentsTest)
#include "ip_fragments_test.moc"
