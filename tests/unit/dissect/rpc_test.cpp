#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector rpc_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::rpc_dissector;

// GETATTR of NFS 3 by a user of the machine "host"; its reply.
const std::string kCall =
    "00000007 00000000 00000002 000186a3 00000003 00000001"
    "00000001 0000001c 11223344 00000004 686f7374 000003e8 00000064 00000001 0000000a"
    "00000000 00000000 00000004 01020304";
const std::string kReply = "00000007 00000001 00000000 00000000 00000000 00000000 00000000";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override {
    ids.push_back(m.id);
    names.emplace_back(m.name);
    status = m.status;
  }
  std::vector<std::uint64_t> ids;
  std::vector<std::string> names;
  std::int64_t status = -1;
};

}  // namespace

class RpcTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_calls_and_replies() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    const Result call = run(rpc_dissector, from_hex(kCall), options);
    QCOMPARE(call.outcome, Outcome::kDone);
    QCOMPARE(call.uint("rpc.program"), 100003U);
    QCOMPARE(call.text("rpc.auth.machinename"), std::string("host"));
    QCOMPARE(call.values("rpc.auth.gid").size(), std::size_t{2});
    QCOMPARE(call.values("rpc.auth.flavor").size(), std::size_t{2});
    QCOMPARE(call.tree.info, std::string("V3 GETATTR Call"));
    QCOMPARE(call.tree.column_protocol_text, std::string("NFS"));
    options.state = call.state;
    const Result reply = run(rpc_dissector, from_hex(kReply), options);
    QCOMPARE(reply.uint("rpc.procedure"), 1U);
    QCOMPARE(reply.tree.info, std::string("V3 GETATTR Reply "));
    QCOMPARE(listener.ids[0], listener.ids[1]);
    QCOMPARE(listener.names[1], std::string("NFS GETATTR"));
    QCOMPARE(listener.status, std::int64_t{0});
  }

  void takes_one_record_of_a_stream() {
    const std::string mark = "80000050";
    const Result r = run(rpc_dissector, from_hex(mark + kCall + mark + kCall));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{84});
    QCOMPARE(r.uint("rpc.fraglen"), 80U);
    const Result part = run(rpc_dissector, from_hex(mark + kCall.substr(0, 40)));
    QCOMPARE(part.outcome, Outcome::kNeedMore);
    QCOMPARE(part.app.need, std::uint64_t{84});
    QCOMPARE(run(rpc_dissector, from_hex("ffffffff" + kCall)).outcome, Outcome::kNotMine);
  }

  void is_known_by_calls() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(rpc_dissector.probe(from_hex(kCall), foreign), Likeness::kYes);
    QCOMPARE(rpc_dissector.probe(from_hex(kReply), foreign), Likeness::kMaybe);
    QCOMPARE(rpc_dissector.probe(from_hex("00000007 00000009"), foreign), Likeness::kNo);
  }

  void survives_every_prefix() {
    sweep_prefixes(rpc_dissector, from_hex(kCall), udp());
    sweep_prefixes(rpc_dissector, from_hex(kReply), udp());
    sweep_prefixes(rpc_dissector, from_hex("80000050" + kCall));
  }
};

QTEST_APPLESS_MAIN(RpcTest)
#include "rpc_test.moc"
