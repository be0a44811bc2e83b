#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector s7comm_dissector;
extern const Dissector tpkt_dissector;
}  // namespace pr::dissect

namespace {

using namespace pr;
using namespace pr::test;
using dissect::s7comm_dissector;
using dissect::tpkt_dissector;

// Setup communication.
constexpr std::string_view kSetup = "32010000020000080000f0000001000101e0";
// Four octets of DB 1 are read, by hand.
constexpr std::string_view kRead = "320100000300000e00000401120a10020004000184000010";
// They are given.
constexpr std::string_view kValues = "3203000003000002000800000401ff04002001020304";
// A system status list is asked for.
constexpr std::string_view kStatus = "320700000500000800080001120411440100ff09000401320004";
// Of a table of two variables, by hand: what is to be read, and three octets and one octet.
constexpr std::string_view kTable =
    "32070000000100 0c 002a 00011208124102000000 0000 ff090026 0014000e 0000000100000012000100010001000100010200 0002"
    "010600000000 110100000008";
constexpr std::string_view kTableValues =
    "32070000000100 0c 001c 00011208120102020000 0000 ff090018 00040010 01000002 0002 ff090003aabbcc00 ff09000102 00";
// The two parts of a list of system status lists.
constexpr std::string_view kFirstPart = "32070000000200 0c 000c 00011208128401010701 0000 ff090008 0124000100020003";
constexpr std::string_view kLastPart = "32070000000200 0c 0008 00011208128401010700 0000 ff090004 00050006";

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

  void reads_variable_tables() {
    const Result asked = run(s7comm_dissector, from_hex(kTable), options(true));
    QCOMPARE(asked.outcome, Outcome::kDone);
    QCOMPARE(asked.values("s7comm.param.item").size(), std::size_t{2});
    QVERIFY(!asked.has("s7comm.data.item"));
    const Result said = run(s7comm_dissector, from_hex(kTableValues), options(false));
    QCOMPARE(said.outcome, Outcome::kDone);
    QCOMPARE(said.values("s7comm.data.item").size(), std::size_t{2});
    QCOMPARE(said.hex("s7comm.resp.data"), std::string("aabbcc"));
    QCOMPARE(said.values("s7comm.resp.data").size(), std::size_t{2});
  }

  void shows_a_list_in_its_last_part() {
    // The memory is that of the flow, which TPKT begins.
    const auto message = [](std::string_view wire) {
      std::vector<std::uint8_t> octets = from_hex("0300000002f080");
      const std::vector<std::uint8_t> body = from_hex(wire);
      octets.insert(octets.end(), body.begin(), body.end());
      octets[3] = static_cast<std::uint8_t>(octets.size());
      return octets;
    };
    const Result first = run(tpkt_dissector, message(kFirstPart), {.from_orig = false});
    QVERIFY(!first.has("s7comm.data.userdata.szl_id"));
    const Result last = run(tpkt_dissector, message(kLastPart), {.from_orig = false, .state = first.state});
    QCOMPARE(last.uint("s7comm.data.userdata.szl_id"), std::uint64_t{0x0124});
    QCOMPARE(last.uint("s7comm.data.userdata.szl_index"), std::uint64_t{1});
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kSetup, kRead, kValues, kStatus, kTable, kTableValues, kFirstPart}) {
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
