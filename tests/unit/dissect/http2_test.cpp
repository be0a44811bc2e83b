#include <bit>

#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector http2_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::http2_dissector;
using dissect::Likeness;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
// GET http://www.example.com/ (RFC 7541 C.3.1): the authority goes into the table.
constexpr std::string_view kRequest = "\0\0\x14\1\5\0\0\0\1\x82\x86\x84\x41\x0fwww.example.com"sv;
// The same, referring to it (C.3.2).
constexpr std::string_view kAgain = "\0\0\4\1\5\0\0\0\3\x82\x86\x84\xbe"sv;
constexpr std::string_view kSettings = "\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64"sv;

}  // namespace

class Http2Test : public QObject {
  Q_OBJECT
 private slots:
  void reads_frames() {
    TextTalk talk(http2_dissector);
    QCOMPARE(talk.client(kPreface).text("http2.magic"), std::string(kPreface));
    const Result& settings = talk.client(kSettings);
    QCOMPARE(settings.uint("http2.type"), 4U);
    QCOMPARE(settings.uint("http2.settings.max_concurrent_streams"), 100U);
    const Result& get = talk.client(kRequest);
    QCOMPARE(get.uint("http2.streamid"), 1U);
    QCOMPARE(get.uint("http2.header.count"), 4U);
    QCOMPARE(get.text("http2.headers.authority"), "www.example.com"s);
    QCOMPARE(get.text("http2.request.full_uri"), "http://www.example.com/"s);
    QCOMPARE(get.text("http2.header.repr"), "Indexed Header Field"s);
    QCOMPARE(get.tree.info, "HEADERS[1]: GET /"s);
    QCOMPARE(talk.listener.told.back().name, "www.example.com/"s);
    const Result& answer = talk.server("\0\0\1\1\5\0\0\0\1\x88"sv);
    QCOMPARE(answer.uint("http2.headers.status"), 200U);
    QCOMPARE(talk.listener.told.back().status, 200);
    const Result& data = talk.server("\0\0\2\0\1\0\0\0\1hi"sv);
    QCOMPARE(data.text("http2.data.data"), "hi"s);
    QCOMPARE(data.uint("http2.flags.end_stream"), 1U);
  }

  void names_the_packets_that_its_memory_comes_from() {
    TextTalk talk(http2_dissector);
    talk.client(kPreface);
    talk.client(kRequest);
    const auto links = std::bit_cast<std::array<std::uint64_t, 8>>(talk.options.state.raw);
    QCOMPARE(links[0], std::uint64_t{1});
    QCOMPARE(links[1], std::uint64_t{0});
  }

  void without_its_past_it_shows_what_it_can() {
    TextTalk talk(http2_dissector);
    talk.client(kPreface);
    const Result& r = talk.client(kAgain);
    QCOMPARE(r.text("http2.headers.method"), "GET"s);
    QVERIFY(!r.has("http2.headers.authority"));
    QCOMPARE(r.outcome, Outcome::kDone);
  }

  void finds_grpc() {
    TextTalk talk(http2_dissector);
    talk.client(kPreface);
    talk.client(
        "\0\0\x14\1\4\0\0\0\1\x83\x84\x5f\x10"
        "application/grpc"sv);
    QCOMPARE(talk.client("\0\0\7\0\1\0\0\0\1\0\0\0\0\2ab"sv).text("grpc.message_data"), "ab"s);
  }

  void recognises() {
    const auto probe = [](std::string_view s) { return http2_dissector.probe(as_bytes(s), {}); };
    QCOMPARE(probe(kPreface), Likeness::kYes);
    QCOMPARE(probe("PRI * HTTP/1.1\r\n\r\n"), Likeness::kNo);
    QCOMPARE(run(http2_dissector, octets("GET / HTTP/1.1\r\n\r\n")).outcome, Outcome::kNotMine);
  }

  void sweeps() {
    sweep_prefixes(http2_dissector, octets(kPreface));
    TextTalk talk(http2_dissector);
    talk.client(kPreface);
    sweep_prefixes(http2_dissector, octets(kRequest), talk.options);
    sweep_prefixes(http2_dissector,
                   octets("\0\0\x12\7\0\0\0\0\0\0\0\0\3\0\0\0\2"
                          "bye-bye.."sv),
                   talk.options);
  }
};

QTEST_APPLESS_MAIN(Http2Test)
#include "http2_test.moc"
