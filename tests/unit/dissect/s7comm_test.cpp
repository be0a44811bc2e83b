#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector s7comm_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::s7comm_dissector;

// Setup communication.
constexpr std::string_view kSetup = "32010000020000080000f0000001000101e0";
// Four octets of DB 1 are read, by hand.
constexpr std::string_view kRead = "320100000300000e00000401120a10020004000184000010";
// They are given.
constexpr std::string_view kValues = "3203000003000002000800000401ff04002001020304";
// A system status list is asked for.
constexpr std::string_view kStatus = "320700000500000800080001120411440100ff09000401320004";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kNone;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class S7commTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_setup() {
    const Result r = run(s7comm_dissector, from_hex(kSetup), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("s7comm.header.rosctr"), std::uint64_t{1});
    QCOMPARE(r.uint("s7comm.header.pduref"), std::uint64_t{512});
    QCOMPARE(r.uint("s7comm.param.maxamq_calling"), std::uint64_t{1});
    QCOMPARE(r.tree.info, std::string("ROSCTR:[Job] Function:[Setup communication]"));
  }

  void reads_read() {
    const Result r = run(s7comm_dissector, from_hex(kRead), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("s7comm.param.itemcount"), std::uint64_t{1});
    QCOMPARE(r.uint("s7comm.param.item.db"), std::uint64_t{1});
    QCOMPARE(r.uint("s7comm.param.item.area"), std::uint64_t{0x84});
    QCOMPARE(r.uint("s7comm.param.item.address.byte"), std::uint64_t{2});
  }

  void reads_values() {
    const Result r = run(s7comm_dissector, from_hex(kValues), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("s7comm.data.returncode"), std::uint64_t{0xff});
    QCOMPARE(r.hex("s7comm.resp.data"), std::string("01020304"));
    QCOMPARE(r.uint("s7comm.data.length"), std::uint64_t{4});
  }

  void reads_status() {
    const Result r = run(s7comm_dissector, from_hex(kStatus), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("s7comm.param.userdata.funcgroup"), std::uint64_t{4});
    QCOMPARE(r.uint("s7comm.data.userdata.szl_id"), std::uint64_t{0x0132});
    QCOMPARE(r.tree.info, std::string("ROSCTR:[Userdata] Function:[Request] -> [CPU functions]"));
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kSetup, kRead, kValues, kStatus}) {
      const auto good = from_hex(wire);
      sweep_prefixes(s7comm_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(s7comm_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(S7commTest)
#include "s7comm_test.moc"
