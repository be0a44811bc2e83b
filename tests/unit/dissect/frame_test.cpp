#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector frame_dissector;
}

namespace pr {
namespace {

constexpr const char* kArp =
    "ffffffff ffff0011 22334455 08060001 08000604 00010011 22334455 c0a80001 00000000 0000c0a8 "
    "0002";

}  // namespace

class FrameTest : public QObject {
  Q_OBJECT

 private slots:
  void shows_what_is_known_before_the_first_octet() {
    const auto r = test::run(dissect::frame_dissector, test::from_hex(kArp));
    QCOMPARE(r.outcome, test::Outcome::kDone);
    QCOMPARE(r.uint("frame.number"), 1U);
    QCOMPARE(r.uint("frame.len"), 42U);
    QCOMPARE(r.uint("frame.cap_len"), 42U);
    QCOMPARE(r.uint("frame.encap_type"), 1U);
    QCOMPARE(r.uint("frame.time_epoch"), 1'700'000'000'000'000'000U);
    QCOMPARE(r.uint("frame.time_relative"), 0U);
    QVERIFY(!r.has("frame.interface_name"));
    QVERIFY(r.has("arp.opcode"));
  }
  void names_the_interface() {
    const auto r = test::run(dissect::frame_dissector, test::from_hex(kArp), {.interface_name = "eth0"});
    QCOMPARE(r.uint("frame.interface_id"), 0U);
    QCOMPARE(r.text("frame.interface_name"), std::string("eth0"));
  }
  void names_the_protocols() {
    const std::vector<std::uint8_t> bytes = test::from_hex(kArp);
    const Packet packet{.number = 7, .ts = from_ns(5), .link_type = 1, .wire_len = 42, .bytes = bytes};
    const dissect::Engine engine(test::registry());
    dissect::Context context;
    dissect::Frame frame;
    Dissection tree;
    engine.dissect(packet, context, frame, {.tree = &tree});
    engine.finish({.tree = &tree});
    test::Result r;
    r.tree = std::move(tree);
    QCOMPARE(r.text("frame.protocols"), std::string("eth:ethertype:arp"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::frame_dissector, test::from_hex(kArp)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::FrameTest)
#include "frame_test.moc"
