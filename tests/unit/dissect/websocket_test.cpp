#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector websocket_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::Likeness;
using dissect::websocket_dissector;

}  // namespace

class WebsocketTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_frames() {
    const Result hello = run(websocket_dissector, from_hex("810548656c6c6f"));
    QCOMPARE(hello.outcome, Outcome::kDone);
    QCOMPARE(hello.uint("websocket.fin"), 1U);
    QCOMPARE(hello.uint("websocket.opcode"), 1U);
    QCOMPARE(hello.text("websocket.payload.text"), "Hello"s);
    const Result masked = run(websocket_dissector, from_hex("818537fa213d7f9f4d5158"));
    QCOMPARE(masked.text("websocket.payload.text"), "Hello"s);
    QCOMPARE(masked.hex("websocket.masking_key"), "37fa213d"s);
    QCOMPARE(run(websocket_dissector, from_hex("c107f248cdc9c90700")).text("websocket.payload.text"), "Hello"s);
    const Result over = run(websocket_dissector, from_hex("880403e86f6b"));
    QCOMPARE(over.uint("websocket.payload.close.status_code"), 1000U);
    QCOMPARE(over.text("websocket.payload.close.reason"), "ok"s);
    QCOMPARE(run(websocket_dissector, from_hex("8901aa")).hex("websocket.payload.ping"), "aa"s);
  }

  void knows_where_a_frame_ends() {
    QCOMPARE(run(websocket_dissector, from_hex("817e")).app.need, std::uint64_t{4});
    const Result r = run(websocket_dissector, from_hex("827e010000"));
    QCOMPARE(r.app.consumed, std::uint64_t{260});
    QCOMPARE(run(websocket_dissector, from_hex("827fffffffffffffffff00")).outcome, Outcome::kMalformed);
    QCOMPARE(run(websocket_dissector, from_hex("8300")).outcome, Outcome::kNotMine);
  }

  void sweeps() {
    sweep_prefixes(websocket_dissector, from_hex("818537fa213d7f9f4d5158"));
    sweep_prefixes(websocket_dissector, from_hex("880403e86f6b"));
  }
};

QTEST_APPLESS_MAIN(WebsocketTest)
#include "websocket_test.moc"
