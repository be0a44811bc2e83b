#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector lacp_dissector;
}

namespace pr {

class LacpTest : public QObject {
  Q_OBJECT

  static constexpr const char* kActorAndPartner =
      "01011480000200000000010001800000023d000000021480000200000000020001800000033d00000003100000000000"
      "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "00000000000000000000000000";

 private slots:
  void actor_and_partner() {
    const auto r = test::run(dissect::lacp_dissector, test::from_hex(kActorAndPartner));
    QVERIFY(r.outcome == test::Outcome::kDone);
    QCOMPARE(r.uint("lacp.version"), 1U);
    QCOMPARE(r.hex("lacp.actor.sysid"), std::string("020000000001"));
    QCOMPARE(r.uint("lacp.actor.port"), 2U);
    QCOMPARE(r.uint("lacp.actor.state.collecting"), 1U);
    QCOMPARE(r.text("lacp.actor.state_str"), std::string("**DCSG*A"));
    QCOMPARE(r.hex("lacp.partner.sysid"), std::string("020000000002"));
    QCOMPARE(r.uint("lacp.partner.key"), 1U);
    QCOMPARE(r.uint("lacp.collector.max_delay"), 0U);
    QCOMPARE(r.uint("lacp.tlv_type"), 1U);
    QCOMPARE(r.uint("lacp.tlv_length"), 20U);
    QCOMPARE(r.uint("lacp.actor.sys_priority"), 32768U);
    QCOMPARE(r.uint("lacp.actor.key"), 1U);
    QCOMPARE(r.uint("lacp.actor.port_priority"), 32768U);
    QCOMPARE(r.uint("lacp.actor.state"), 61U);
    QCOMPARE(r.uint("lacp.actor.state.activity"), 1U);
    QCOMPARE(r.uint("lacp.actor.state.timeout"), 0U);
    QCOMPARE(r.uint("lacp.actor.state.aggregation"), 1U);
    QCOMPARE(r.uint("lacp.actor.state.synchronization"), 1U);
    QCOMPARE(r.uint("lacp.actor.state.distributing"), 1U);
    QCOMPARE(r.uint("lacp.actor.state.defaulted"), 0U);
    QCOMPARE(r.uint("lacp.actor.state.expired"), 0U);
    QCOMPARE(r.hex("lacp.actor.reserved"), std::string("000000"));
    QCOMPARE(r.uint("lacp.partner.sys_priority"), 32768U);
    QCOMPARE(r.uint("lacp.partner.port_priority"), 32768U);
    QCOMPARE(r.uint("lacp.partner.port"), 3U);
    QCOMPARE(r.uint("lacp.partner.state"), 61U);
    QCOMPARE(r.uint("lacp.partner.state.activity"), 1U);
    QCOMPARE(r.uint("lacp.partner.state.timeout"), 0U);
    QCOMPARE(r.uint("lacp.partner.state.aggregation"), 1U);
    QCOMPARE(r.uint("lacp.partner.state.synchronization"), 1U);
    QCOMPARE(r.uint("lacp.partner.state.collecting"), 1U);
    QCOMPARE(r.uint("lacp.partner.state.distributing"), 1U);
    QCOMPARE(r.uint("lacp.partner.state.defaulted"), 0U);
    QCOMPARE(r.uint("lacp.partner.state.expired"), 0U);
    QCOMPARE(r.text("lacp.partner.state_str"), std::string("**DCSG*A"));
    QCOMPARE(r.hex("lacp.partner.reserved"), std::string("000000"));
    QCOMPARE(r.hex("lacp.coll_reserved"), std::string("000000000000000000000000"));
    QCOMPARE(
        r.hex("lacp.pad"),
        std::string(
            "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"));
  }
  void every_prefix() { test::sweep_prefixes(dissect::lacp_dissector, test::from_hex(kActorAndPartner)); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::LacpTest)
#include "lacp_test.moc"
