#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector grpc_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::grpc_dissector;
using dissect::Likeness;

}  // namespace

class GrpcTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_messages() {
    const Result r = run(grpc_dissector, from_hex("00000000020a0b0100000001ff"));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.values("grpc.message_length").size(), std::size_t{2});
    QCOMPARE(r.hex("grpc.message_data"), "0a0b"s);
    QCOMPARE(r.values("grpc.compressed_flag")[1].number, 1U);
    QCOMPARE(run(grpc_dissector, from_hex("42")).outcome, Outcome::kNotMine);
  }

  void sweeps() { sweep_prefixes(grpc_dissector, from_hex("00000000020a0b0100000001ff")); }
};

QTEST_APPLESS_MAIN(GrpcTest)
#include "grpc_test.moc"
