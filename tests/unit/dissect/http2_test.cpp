#include <bit>

#include "tests/support/golden.h"
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

  void finds_dns() {
    TextTalk talk(http2_dissector);
    talk.client(kPreface);
    talk.client(
        "\0\0\x1c\1\4\0\0\0\1\x83\x84\x5f\x17"
        "application/dns-message\x87"sv);
    const std::string_view query = "\0\0\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1"sv;
    const std::string head = "\0\0\x1d\0\0\0\0\0\1"s;
    QCOMPARE(talk.client(head + std::string(query)).text("dns.qry.name"), "example.com"s);
    const std::string part(query.substr(0, 20));
    QVERIFY(!talk.client("\0\0\x14\0\1\0\0\0\1"s + part).has("dns.qry.name"));
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
  void reads_rare_frames_data() {
    test::golden_columns();
    test::golden(
        "rare headers",
        {"> 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a", "> 000000040000000000",
         "> "
         "000162010500000001000e6163636570742d63686172736574016100036167650236300005616c6c6f770161000d617574686f72697a6"
         "174696f6e01610013636f6e74656e742d646973706f736974696f6e01610010636f6e74656e742d6c616e677561676501610010636f6e"
         "74656e742d6c6f636174696f6e016100066578706563740161000466726f6d0161000869662d6d617463680161001169662d6d6f64696"
         "66965642d73696e63650161000d69662d6e6f6e652d6d617463680161000869662d72616e67650161001369662d756e6d6f6469666965"
         "642d73696e6365016100046c696e6b016100086c6f636174696f6e0161000c6d61782d666f7277617264730139001270726f78792d617"
         "57468656e7469636174650161001370726f78792d617574686f72697a6174696f6e0161000572616e6765016100077265667265736801"
         "61000b72657472792d6166746572016100107777772d61757468656e7469636174650161"},
        {{"http2.headers.accept_charset", "a"},
         {"http2.headers.age", "60"},
         {"http2.headers.allow", "a"},
         {"http2.headers.authorization", "a"},
         {"http2.headers.content_disposition", "a"},
         {"http2.headers.content_language", "a"},
         {"http2.headers.content_location", "a"},
         {"http2.headers.expect", "a"},
         {"http2.headers.from", "a"},
         {"http2.headers.if_match", "a"},
         {"http2.headers.if_modified_since", "a"},
         {"http2.headers.if_none_match", "a"},
         {"http2.headers.if_range", "a"},
         {"http2.headers.if_unmodified_since", "a"},
         {"http2.headers.link", "a"},
         {"http2.headers.location", "a"},
         {"http2.headers.max_forwards", "9"},
         {"http2.headers.proxy_authenticate", "a"},
         {"http2.headers.proxy_authorization", "a"},
         {"http2.headers.range", "a"},
         {"http2.headers.refresh", "a"},
         {"http2.headers.retry_after", "a"},
         {"http2.headers.www_authenticate", "a"}});
    test::golden("padded headers",
                 {"> 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a", "> 000000040000000000",
                  "> 000006010d00000001028286840000"},
                 {{"http2.headers.padding", "0000"}});
    test::golden("push promise",
                 {"> 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a", "> 000000040000000000",
                  "> 000003010500000001828684", "< 00000705040000000100000002828684"},
                 {{"http2.flags.unused_push_promise", "0x00"},
                  {"http2.push_promise.promised_stream_id", "2"},
                  {"http2.push_promise.r", "0x00000000"}});
    test::golden("push promise, padded",
                 {"> 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a", "> 000000040000000000",
                  "> 000003010500000001828684", "< 000009050c00000001018000000282868400"},
                 {{"http2.push_promise.header", "828684"}, {"http2.push_promise.padding", "00"}});
    test::golden("going away",
                 {"> 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a", "> 000000040000000000",
                  "> 00000b0700000000000000000100000000627965"},
                 {{"http2.goaway.addata", "627965"}});
    test::golden("settings",
                 {"> 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a", "> 000000040000000000",
                  "> 00001204000000000000080000000100090000000100f000000002"},
                 {{"http2.settings.extended_connect", "1"}, {"http2.settings.unknown", "1,2"}});
    test::golden(
        "another frame",
        {"> 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a", "> 000000040000000000", "> 0000024000000000000102"},
        {{"http2.unknown", "0102"}});
  }
  void reads_rare_frames() { test::check_golden(dissect::http2_dissector); }
};

QTEST_APPLESS_MAIN(Http2Test)
#include "http2_test.moc"
