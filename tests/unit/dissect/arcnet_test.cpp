#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector arcnet_dissector;
}

namespace pr {
namespace {

constexpr std::uint16_t kBsd = 7, kLinux = 129;
constexpr const char* kArp = "be 00 ed08 f1 0007 0800 01 04 0001 be 0a508301 00 0a5083fe";
const std::string kIp = "4500 0014 0001 0000 40 3b 0000 0a000001 0a000002";

}  // namespace

class ArcnetTest : public QObject {
  Q_OBJECT

 private slots:
  void arp_of_rfc_1051_on_linux() {
    const auto r = test::run(dissect::arcnet_dissector, test::from_hex(kArp), {.link_type = kLinux});
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("arcnet.src"), 0xbeU);
    QCOMPARE(r.uint("arcnet.dst"), 0U);
    QCOMPARE(r.hex("arcnet.offset"), std::string("ed08"));
    QCOMPARE(r.uint("arcnet.protID"), 0xf1U);
    QVERIFY(!r.has("arcnet.split_flag"));
    QCOMPARE(r.uint("arp.opcode"), 1U);
    QCOMPARE(r.hex("arp.src.hw"), std::string("be"));
    QCOMPARE(r.uint("arp.dst.proto_ipv4"), 0x0a5083feU);
  }
  void ip_of_rfc_1201() {
    const auto r = test::run(dissect::arcnet_dissector, test::from_hex("be 50 d4 00 0007" + kIp), {.link_type = kBsd});
    QCOMPARE(r.uint("arcnet.split_flag"), 0U);
    QCOMPARE(r.uint("arcnet.sequence"), 7U);
    QVERIFY(!r.has("arcnet.offset"));
    QVERIFY(r.frame.has_ip);
  }
  void an_exception_repeats_the_protocol() {
    const auto packet = test::from_hex("be 50 d4 ff 0000 d4 03 0007" + kIp);
    const auto r = test::run(dissect::arcnet_dissector, packet, {.link_type = kBsd});
    QCOMPARE(r.uint("arcnet.exception_flag"), 0xffU);
    QCOMPARE(r.uint("arcnet.padding"), 0U);
    QCOMPARE(r.values("arcnet.protID").size(), std::size_t{2});
    QCOMPARE(r.uint("arcnet.split_flag"), 3U);
    QVERIFY(r.frame.has_ip);
  }
  void a_later_part_is_data() {
    const auto r = test::run(dissect::arcnet_dissector, test::from_hex("be 50 d4 02 0007" + kIp), {.link_type = kBsd});
    QVERIFY(!r.frame.has_ip);
    QVERIFY(r.has("data.data"));
  }
  void every_prefix() {
    test::sweep_prefixes(dissect::arcnet_dissector, test::from_hex(kArp), {.link_type = kLinux});
    test::sweep_prefixes(dissect::arcnet_dissector, test::from_hex("be 50 d4 ff 0000 d4 03 0007" + kIp),
                         {.link_type = kBsd});
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::ArcnetTest)
#include "arcnet_test.moc"
