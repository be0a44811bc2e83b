#include <zlib.h>

#include "tests/support/golden.h"

namespace pr::dissect {
extern const Dissector http_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::http_dissector;

std::vector<std::uint8_t> bytes(std::string_view text) { return {text.begin(), text.end()}; }

constexpr std::string_view kGet =
    "GET /a/b?x=1&y=2 HTTP/1.1\r\nHost: ex.com\r\nUser-Agent: test\r\nCookie: a=b; c=d\r\nAuthorization: Basic "
    "dXNlcjpwYXNz\r\n\r\n";
constexpr std::string_view kOk =
    "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello";
constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=1\r\nabc\r\n0\r\nTrail: er\r\n\r\n";

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override {
    if (m.role == Message::Role::kInterim) return;
    told.push_back(std::string(m.name) + "|" + std::string(m.summary) + "|" + std::to_string(m.status));
  }
  void http_host(std::string_view host) override { hosts.emplace_back(host); }
  std::vector<std::string> told, hosts;
};

// One direction after the other through a stream as the analysis keeps it: bytes of a message are given again until
// it is done. Returns the lengths of messages; `step` octets arrive at a time.
struct Side {
  std::string pending;
  std::uint64_t need = 0, skip = 0;
};

std::vector<std::uint64_t> feed(std::string_view text, std::size_t step, bool from_orig, AppState* state,
                                dissect::Observer* observer = nullptr, bool end = false) {
  std::vector<std::uint64_t> lengths;
  Side side;
  for (std::size_t at = 0; at < text.size(); at += step) {
    std::string_view part = text.substr(at, step);
    const auto skipped = std::min<std::uint64_t>(side.skip, part.size());
    side.skip -= skipped;
    part.remove_prefix(skipped);
    side.pending += part;
    const bool last = end && at + step >= text.size();
    while (!side.pending.empty()) {
      if (side.pending.size() < side.need && !last) break;
      Options options{.from_orig = from_orig, .at_end = last, .tree = false, .state = *state, .observer = observer};
      const Result r = run(http_dissector, bytes(side.pending), options);
      *state = r.state;
      if (r.outcome == Outcome::kNeedMore) {
        side.need = r.app.need;
        break;
      }
      if (r.outcome != Outcome::kDone) return lengths;
      lengths.push_back(r.app.consumed);
      side.need = 0;
      const auto here = std::min<std::uint64_t>(r.app.consumed, side.pending.size());
      side.skip = r.app.consumed - here;
      side.pending.erase(0, here);
    }
  }
  return lengths;
}

}  // namespace

class HttpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_request() {
    const Result r = run(http_dissector, bytes(kGet));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{kGet.size()});
    QCOMPARE(r.text("http.request.method"), "GET");
    QCOMPARE(r.text("http.request.uri"), "/a/b?x=1&y=2");
    QCOMPARE(r.text("http.request.uri.path"), "/a/b");
    QCOMPARE(r.values("http.request.uri.query.parameter").size(), std::size_t{2});
    QCOMPARE(r.text("http.request.version"), "HTTP/1.1");
    QCOMPARE(r.text("http.host"), "ex.com");
    QCOMPARE(r.text("http.request.full_uri"), "http://ex.com/a/b?x=1&y=2");
    QCOMPARE(r.text("http.authbasic"), "user:pass");
    QCOMPARE(r.text("http.cookie"), "a=b; c=d");
    QCOMPARE(r.values("http.cookie_pair").size(), std::size_t{2});
    QCOMPARE(r.text("http.request.line"), "Host: ex.com\r\n");
    QCOMPARE(r.uint("http.request"), 1U);
    QCOMPARE(r.uint("http.request_number"), 1U);
    QCOMPARE(r.tree.info, "GET /a/b?x=1&y=2 HTTP/1.1 ");
  }

  void reads_a_response() {
    const Result r = run(http_dissector, bytes(kOk), {.from_orig = false});
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("http.response.code"), 200U);
    QCOMPARE(r.text("http.response.phrase"), "OK");
    QCOMPARE(r.text("http.content_length_header"), "5");
    QCOMPARE(r.uint("http.content_length"), 5U);
    QCOMPARE(r.text("http.file_data"), "hello");
    QCOMPARE(r.tree.info, "HTTP/1.1 200 OK  (text/plain)");
  }

  void tells_of_a_message_at_its_head() {
    Listener listener;
    AppState state;
    const std::string head(kOk.substr(0, kOk.size() - 5));
    QCOMPARE(feed(kGet, 1000, true, &state, &listener), (std::vector<std::uint64_t>{kGet.size()}));
    QCOMPARE(feed(head, 1000, false, &state, &listener), (std::vector<std::uint64_t>{kOk.size()}));
    QCOMPARE(listener.hosts, (std::vector<std::string>{"ex.com"}));
    QCOMPARE(listener.told,
             (std::vector<std::string>{"ex.com/a/b?x=1&y=2|GET /a/b?x=1&y=2 HTTP/1.1|-1", "|HTTP/1.1 200 OK|200"}));
  }

  void frames_alike_however_it_arrives_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("request");
    QTest::addColumn<QList<int>>("lengths");
    const auto size = [](std::string_view text) { return static_cast<int>(text.size()); };
    QTest::newRow("pipelined requests") << QByteArray::fromStdString(std::string(kGet) + std::string(kGet)) << true
                                        << QList<int>{size(kGet), size(kGet)};
    QTest::newRow("length") << QByteArray::fromStdString(std::string(kOk) + std::string(kOk)) << false
                            << QList<int>{size(kOk), size(kOk)};
    QTest::newRow("chunked") << QByteArray::fromStdString(std::string(kChunked) + std::string(kOk)) << false
                             << QList<int>{size(kChunked), size(kOk)};
    const std::string none = "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n";
    QTest::newRow("no body") << QByteArray::fromStdString(none + std::string(kOk)) << false
                             << QList<int>{size(none), size(kOk)};
    const std::string lf = "POST / HTTP/1.0\nContent-Length: 2\n\nab";
    QTest::newRow("line feeds") << QByteArray::fromStdString(lf + lf) << true << QList<int>{size(lf), size(lf)};
    const std::string open = "HTTP/1.0 200 OK\r\n\r\nuntil the end";
    QTest::newRow("until the end") << QByteArray::fromStdString(open) << false << QList<int>{size(open)};
    const std::string upload =
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + std::string(255, 'x') + "\r\n0\r\n\r\n";
    QTest::newRow("chunked request") << QByteArray::fromStdString(upload + std::string(kGet)) << true
                                     << QList<int>{size(upload), size(kGet)};
  }
  void frames_alike_however_it_arrives() {
    QFETCH(QByteArray, text);
    QFETCH(bool, request);
    QFETCH(QList<int>, lengths);
    std::vector<std::uint64_t> expected(lengths.begin(), lengths.end());
    for (const std::size_t step :
         {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{50}, std::size_t{100000}}) {
      AppState state;
      Listener listener;
      QCOMPARE(feed(text.toStdString(), step, request, &state, &listener, true), expected);
      QCOMPARE(listener.told.size(), expected.size());
      // What is shown later, from the message's start with the memory of then, has the same length.
      std::size_t at = 0;
      for (const std::uint64_t length : expected) {
        const auto whole = text.toStdString().substr(at, length);
        const Result r = run(http_dissector, bytes(whole),
                             {.from_orig = request, .at_end = at + length == static_cast<std::size_t>(text.size())});
        QCOMPARE(r.outcome, Outcome::kDone);
        QCOMPARE(r.app.consumed, length);
        at += length;
      }
    }
  }

  void puts_chunks_together() {
    const Result r = run(http_dissector, bytes(kChunked), {.from_orig = false});
    QCOMPARE(r.values("http.chunk_size").size(), std::size_t{3});
    QCOMPARE(r.text("http.chunk_data"), "hello");
    QCOMPARE(r.text("http.chunked_trailer_part"), "Trail: er\r\n");
    QCOMPARE(r.text("http.file_data"), "helloabc");
  }

  void knows_which_response_has_no_body() {
    AppState state;
    const std::string requests = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n";
    QCOMPARE(feed(requests, 9, true, &state).size(), std::size_t{2});
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    QCOMPARE(feed(head + std::string(kOk), 9, false, &state), (std::vector<std::uint64_t>{head.size(), kOk.size()}));
  }

  void does_not_pair_an_interim_response() {
    AppState state;
    Listener listener;
    feed("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", 9, true, &state, &listener);
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n", head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    QCOMPARE(feed(interim + head, 9, false, &state, &listener),
             (std::vector<std::uint64_t>{interim.size(), head.size()}));
    QCOMPARE(listener.told.size(), std::size_t{2});
  }

  void upgrades_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<bool>("upgrade");
    QTest::newRow("connect") << QByteArray("CONNECT h:443 HTTP/1.1\r\n\r\n") << QByteArray("HTTP/1.1 200 ok\r\n\r\n")
                             << true;
    QTest::newRow("connect refused") << QByteArray("CONNECT h:443 HTTP/1.1\r\n\r\n")
                                     << QByteArray("HTTP/1.1 403 no\r\nContent-Length: 0\r\n\r\n") << false;
    QTest::newRow("switching") << QByteArray("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n")
                               << QByteArray("HTTP/1.1 101 Switching\r\n\r\n") << true;
  }
  void upgrades() {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, response);
    QFETCH(bool, upgrade);
    AppState state;
    feed(request.toStdString(), 1000, true, &state);
    const Result r = run(http_dissector, bytes(response.toStdString()), {.from_orig = false, .state = state});
    QCOMPARE(r.app.upgrade, upgrade);
    QCOMPARE(r.app.upgrade_to, ProtocolId{0});
  }

  void decompresses_within_limits() {
    std::string zeros(4 << 20, '\0');
    std::vector<std::uint8_t> packed(compressBound(zeros.size()));
    uLongf size = packed.size();
    QCOMPARE(compress(packed.data(), &size, reinterpret_cast<const Bytef*>(zeros.data()), zeros.size()), Z_OK);
    packed.resize(size);
    const std::string head =
        "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
    std::vector<std::uint8_t> message = bytes(head);
    message.insert(message.end(), packed.begin(), packed.end());
    const Result r = run(http_dissector, message, {.from_orig = false});
    QCOMPARE(r.outcome, Outcome::kDone);
    QVERIFY(r.has_issue(IssueKind::kReassemblyLimit));
    QVERIFY(r.tree.sources.back().bytes.size() <= std::size_t{1} << 20U);
    const Result broken =
        run(http_dissector, bytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nnotgz"),
            {.from_orig = false});
    QVERIFY(broken.has("http.decompression_failed"));
    QVERIFY(!broken.has("http.file_data"));
  }

  void folds_header_lines() {
    const Result r = run(http_dissector, bytes("GET / HTTP/1.1\r\nHost: h\r\nX-A: one\r\n two\r\nServer: s\r\n\r\n"));
    QCOMPARE(r.values("http.request.line").size(), std::size_t{3});
    QCOMPARE(r.text("http.server"), "s");
  }

  void is_not_http_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("tls") << QByteArray::fromHex("16030100050100000100");
    QTest::newRow("ssh") << QByteArray("SSH-2.0-x\r\n");
    QTest::newRow("text") << QByteArray("hello\r\nworld: x\r\n\r\n");
    QTest::newRow("unknown method") << QByteArray("FOO / HTTP/1.1\r\nHost: h\r\n\r\n");
    QTest::newRow("lower case") << QByteArray("get / HTTP/1.1\r\n\r\n");
  }
  void is_not_http() {
    QFETCH(QByteArray, text);
    const auto start = bytes(text.toStdString());
    QCOMPARE(run(http_dissector, start).outcome, Outcome::kNotMine);
    QVERIFY(http_dissector.probe(start, {}) == dissect::Likeness::kNo);
  }

  void goes_on_after_an_unannounced_body() {
    AppState state;
    feed(kOk, 1000, false, &state);
    const Result r = run(http_dissector, bytes("something else"), {.from_orig = false, .state = state});
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.tree.info, "Continuation");
    QCOMPARE(r.uint("data.len"), 14U);
  }

  void takes_line_ends_between_messages() {
    AppState state;
    const std::string post = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab";
    QCOMPARE(feed(post + "\r\n", 1000, true, &state), (std::vector<std::uint64_t>{post.size(), 2}));
    const Result next = run(http_dissector, bytes("\r\n" + post), {.state = state});
    QCOMPARE(next.app.consumed, std::uint64_t{post.size() + 2});
    QVERIFY(next.has("http.leading_crlf"));
  }

  void finds_chunked_among_codings() {
    const std::string_view text = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n";
    QCOMPARE(run(http_dissector, bytes(text)).app.consumed, std::uint64_t{text.size()});
  }

  void starts_anew_when_the_stream_gave_up() {
    AppState state;
    const std::string open = "HTTP/1.0 200 OK\r\n\r\n" + std::string(1000, 'x');
    feed(open, 100, false, &state);
    QCOMPARE(run(http_dissector, bytes("xxxxxxxx"), {.from_orig = false, .tree = false, .state = state}).outcome,
             Outcome::kNotMine);
    const Result next = run(http_dissector, bytes(kOk), {.from_orig = false, .tree = false, .state = state});
    QCOMPARE(next.outcome, Outcome::kDone);
    QCOMPARE(next.app.consumed, std::uint64_t{kOk.size()});
  }

  void refuses_an_endless_head() {
    const std::string text = "GET / HTTP/1.1\r\nX: " + std::string(70'000, 'a');
    QCOMPARE(run(http_dissector, bytes(text)).outcome, Outcome::kMalformed);
    QCOMPARE(run(http_dissector, bytes(text.substr(0, 1000))).outcome, Outcome::kNeedMore);
  }

  void shows_whom_it_answers() {
    PacketFacts facts;
    facts.request_frame = 7;
    facts.request_ts = from_ns(1'700'000'000'000'000'000 - 12'345'000);
    AppState state;
    feed(kGet, 1000, true, &state);
    const Result r = run(http_dissector, bytes(kOk), {.from_orig = false, .state = state, .facts = &facts});
    QCOMPARE(r.uint("http.request_in"), 7U);
    QCOMPARE(r.uint("http.time"), 12'345'000U);
    QCOMPARE(r.uint("http.response_number"), 1U);
    const Result again = run(http_dissector, bytes(kOk), {.from_orig = false, .state = r.state, .facts = &facts});
    QCOMPARE(again.uint("http.response_number"), 2U);
    QVERIFY(!again.has("http.request_in"));
  }

  void names_what_is_inside() {
    const auto inside = [](std::string_view type) {
      const std::string text =
          "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) + "\r\nContent-Length: 2\r\n\r\n{}";
      const Result r = run(http_dissector, bytes(text), {.from_orig = false});
      return r.tree.mentions.empty() ? std::string() : std::string(r.tree.mentions.back().name);
    };
    QCOMPARE(inside("application/JSON; charset=utf-8"), std::string("json"));
    QCOMPARE(inside("multipart/mixed;boundary=x"), std::string("mime_multipart"));
    QCOMPARE(inside("video/x"), std::string("media"));
    QCOMPARE(inside("application/octet-stream"), std::string());
  }

  void an_empty_body_may_be_compressed() {
    const std::string body("\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", 20);
    const Result r =
        run(http_dissector,
            bytes("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: "
                  "20\r\n\r\n" +
                  body),
            {.from_orig = false});
    QVERIFY(!r.has("http.decompression_failed"));
    QVERIFY(r.tree.mentions.empty());
  }

  void hands_over_windows_tokens() {
    const std::string text =
        "GET / HTTP/1.1\r\nAuthorization: NTLM TlRMTVNTUAABAAAAB4IIAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n";
    const Result r = run(http_dissector, {text.begin(), text.end()});
    QCOMPARE(r.uint("ntlmssp.messagetype"), 1U);
    QCOMPARE(r.uint("ntlmssp.negotiateunicode"), 1U);
  }

  void reads_rare_headers_data() {
    test::golden_columns();
    test::golden("notification",
                 "4e4f5449 4659202f 6576656e 74204854 54502f31 2e310d0a 486f7374 3a20612e 65780d0a 4e543a20 75706e70 "
                 "3a657665 6e740d0a 436f6e74 656e742d 4c656e67 74683a20 300d0a0d 0a",
                 {{"http.notification", "1"}, {"http.unknown_header", "NT: upnp:event\\r\\n"}});
    test::golden("proxy asks",
                 {"47455420 68747470 3a2f2f61 2e65782f 20485454 502f312e 310d0a48 6f73743a 20612e65 780d0a0d 0a",
                  "<48545450 2f312e31 20343037 2050726f 78792041 75746865 6e746963 6174696f 6e205265 71756972 65640d0a "
                  "50726f78 792d4175 7468656e 74696361 74653a20 42617369 63207265 616c6d3d 2270220d 0a436f6e 74656e74 "
                  "2d4c656e 6774683a 20300d0a 0d0a"},
                 {{"http.proxy_authenticate", "Basic realm=\"p\""}});
    test::golden("proxy credentials",
                 "47455420 68747470 3a2f2f61 2e65782f 20485454 502f312e 310d0a48 6f73743a 20612e65 780d0a50 726f7879 "
                 "2d417574 686f7269 7a617469 6f6e3a20 42617369 63205954 70690d0a 0d0a",
                 {{"http.proxy_authorization", "Basic YTpi"}});
    test::golden("two framings",
                 "504f5354 202f2048 5454502f 312e310d 0a486f73 743a2061 2e65780d 0a547261 6e736665 722d456e 636f6469 "
                 "6e673a20 6368756e 6b65640d 0a436f6e 74656e74 2d4c656e 6774683a 20350d0a 0d0a300d 0a0d0a",
                 {{"http.te_and_length", "1"}});
    test::golden("two framings, length first",
                 "504f5354 202f2048 5454502f 312e310d 0a486f73 743a2061 2e65780d 0a436f6e 74656e74 2d4c656e 6774683a "
                 "20350d0a 5472616e 73666572 2d456e63 6f64696e 673a2063 68756e6b 65640d0a 0d0a300d 0a0d0a",
                 {{"http.te_and_length", "1"}});
    test::golden("coding that nobody knows",
                 "504f5354 202f2048 5454502f 312e310d 0a486f73 743a2061 2e65780d 0a547261 6e736665 722d456e 636f6469 "
                 "6e673a20 666f6f0d 0a0d0a",
                 {{"http.te_unknown", "1"}});
    test::golden("codings known",
                 "504f5354 202f2048 5454502f 312e310d 0a486f73 743a2061 2e65780d 0a547261 6e736665 722d456e 636f6469 "
                 "6e673a20 677a6970 2c206368 756e6b65 640d0a0d 0a300d0a 0d0a",
                 {{"http.te_unknown", ""}, {"http.transfer_encoding", "gzip, chunked"}});
    test::golden("codings too many",
                 "504f5354 202f2048 5454502f 312e310d 0a486f73 743a2061 2e65780d 0a547261 6e736665 722d456e 636f6469 "
                 "6e673a20 677a6970 2c206465 666c6174 650d0a0d 0a",
                 {{"http.te_unknown", "1"}});
  }
  void reads_rare_headers() { test::check_golden(dissect::http_dissector); }

  void survives_every_prefix() {
    for (const std::string_view text : {kGet, kOk, kChunked}) {
      for (const bool end : {false, true})
        sweep_prefixes(http_dissector, bytes(text), {.from_orig = false, .at_end = end});
    }
  }
};

QTEST_APPLESS_MAIN(HttpTest)
#include "http_test.moc"
