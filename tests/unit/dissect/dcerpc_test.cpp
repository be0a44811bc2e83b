#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector dcerpc_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::dcerpc_dissector;
using dissect::Likeness;

// A bind to the task scheduler.
constexpr std::string_view kBind =
    "05000b0310000000a000000002000000b810b8100000000003000000000001008206f71f510ae830076d740be8cee98b01000000045d888a"
    "eb1cc9119fe808002b10486002000000010001008206f71f510ae830076d740be8cee98b0100000033057171babe37498319b5dbef9ccc36"
    "01000000020001008206f71f510ae830076d740be8cee98b010000002c1cb76c12984045030000000000000001000000";
// A request, by hand.
constexpr std::string_view kRequest = "050000031000000020000000070000000800000000000f000102030405060708";
// Its answer.
constexpr std::string_view kResponse = "0500020310000000200000000700000008000000000000000102030405060708";

Options options(bool from_orig) {
  Options made;
  made.transport = dissect::Transport::kTcp;
  made.from_orig = from_orig;
  return made;
}

}  // namespace

class DcerpcTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_bind() {
    const Result r = run(dcerpc_dissector, from_hex(kBind), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("dcerpc.pkt_type"), std::uint64_t{11});
    QCOMPARE(r.text("dcerpc.cn_bind_to_uuid"), std::string("1ff70682-0a51-30e8-076d-740be8cee98b"));
    QVERIFY(r.has("dcerpc.cn_bind_trans_id"));
  }

  void reads_request() {
    const Result r = run(dcerpc_dissector, from_hex(kRequest), options(true));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("dcerpc.opnum"), std::uint64_t{15});
    QCOMPARE(r.uint("dcerpc.cn_call_id"), std::uint64_t{7});
    QCOMPARE(r.uint("dcerpc.cn_flags.last_frag"), std::uint64_t{1});
  }

  void reads_response() {
    const Result r = run(dcerpc_dissector, from_hex(kResponse), options(false));
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(!r.has_issue(IssueKind::kMalformed));
    QCOMPARE(r.uint("dcerpc.pkt_type"), std::uint64_t{2});
    QVERIFY(!r.has("dcerpc.opnum"));
  }

  void calls_are_named_by_what_was_bound() {
    struct Listener final : dissect::Observer {
      void message(ProtocolId, const Message& m) override { told.emplace_back(m.name); }
      std::vector<std::string> told;
    } listener;
    Options talk = options(true);
    talk.observer = &listener;
    talk.state = run(dcerpc_dissector, from_hex(kBind), talk).state;
    talk.state = run(dcerpc_dissector, from_hex(kRequest), talk).state;
    talk.from_orig = false;
    const Result answer = run(dcerpc_dissector, from_hex(kResponse), talk);
    QCOMPARE(answer.uint("dcerpc.opnum"), std::uint64_t{15});
    QCOMPARE(listener.told, (std::vector<std::string>{"atsvc opnum 15", "opnum 15"}));
  }

  void probe_is_sure() {
    const auto probe = [](std::string_view hex) {
      return dcerpc_dissector.probe(from_hex(hex),
                                    {.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 4000});
    };
    QCOMPARE(probe(kBind), Likeness::kYes);
    QCOMPARE(probe(kRequest), Likeness::kYes);
    QCOMPARE(probe("0500"), Likeness::kMaybe);
    QCOMPARE(probe("05000003100000000f000000"), Likeness::kMaybe);
    QCOMPARE(probe("05000003100000000f00000007000000"), Likeness::kNo);
    QCOMPARE(probe("05010200000000000000000000000000"), Likeness::kNo);
  }

  void damage_is_harmless() {
    for (const std::string_view wire : {kBind, kRequest, kResponse}) {
      const auto good = from_hex(wire);
      sweep_prefixes(dcerpc_dissector, good, options(true));
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0x80, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(dcerpc_dissector, bytes, options(i % 2 == 0));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(DcerpcTest)
#include "dcerpc_test.moc"
