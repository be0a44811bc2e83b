#include "tests/support/golden.h"
#include "tests/support/talk.h"

namespace pr::dissect {
extern const Dissector imf_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using namespace std::literals;
using dissect::imf_dissector;
using dissect::Likeness;

}  // namespace

class ImfTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_headers() {
    const Result r =
        run(imf_dissector, octets("From: Chris <c@example.com>\r\nTo: \"B, A.\" <a@b.c>, d@e.f\r\nSubject: a\r\n\tb\r\n"
                                  "Content-Type: text/plain; charset=x\r\nX-Own: 1\r\n\r\nbody\r\n"));
    QCOMPARE(r.text("imf.from"), "Chris <c@example.com>"s);
    QCOMPARE(r.text("imf.display_name"), "Chris"s);
    QCOMPARE(r.text("imf.address"), "c@example.com"s);
    QCOMPARE(r.text("imf.address_list.item"), "\"B, A.\" <a@b.c>, d@e.f\r\n"s);
    QCOMPARE(r.values("imf.address").size(), std::size_t{4});
    QCOMPARE(r.text("imf.subject"), "a\r\n\tb"s);
    QCOMPARE(r.text("imf.content.type.type"), "text/plain"s);
    QCOMPARE(r.text("imf.content.type.parameters"), " charset=x"s);
    QCOMPARE(r.text("imf.extension.type"), "X-Own"s);
    QCOMPARE(r.text("imf.extension.value"), "1"s);
    QVERIFY(!r.has("imf.message_text"));
    QVERIFY(run(imf_dissector, octets("Date: x\r\n\r\nbody")).has("imf.message_text"));
  }

  void sweeps() {
    sweep_prefixes(imf_dissector, octets("From: <a@b>\r\nTo: x, y <z>\r\nContent-Type: a;b\r\n\r\nbody"));
  }
  void reads_rare_headers_data() {
    test::golden_columns();
    test::golden("of mail",
                 test::lines({"Bcc: B <b@b.ex>", "Cc: C <c@b.ex>", "Comments: none", "Content-Description: text",
                              "Content-ID: <1@b.ex>", "Delivered-To: d@b.ex", "Keywords: a, b", "Lines: 3",
                              "Resent-Date: Tue, 1 Jul 2003 10:52:37 +0200", "Resent-From: R <r@b.ex>",
                              "Resent-Sender: S <s@b.ex>", "Resent-To: T <t@b.ex>", "Resent-Cc: U <u@b.ex>",
                              "Resent-Bcc: V <v@b.ex>", "Resent-Message-ID: <2@b.ex>",
                              "Content-Type: text/plain; charset=x", "Subject: x", "", "body"})
                     .c_str(),
                 {{"imf.bcc", "B <b@b.ex>"},
                  {"imf.cc", "C <c@b.ex>"},
                  {"imf.comments", "none"},
                  {"imf.content.description", "text"},
                  {"imf.content.id", "<1@b.ex>"},
                  {"imf.delivered_to", "d@b.ex"},
                  {"imf.keywords", "a, b"},
                  {"imf.lines", "3"},
                  {"imf.resent.bcc", "V <v@b.ex>"},
                  {"imf.resent.cc", "U <u@b.ex>"},
                  {"imf.resent.date", "Tue, 1 Jul 2003 10:52:37 +0200"},
                  {"imf.resent.from", "R <r@b.ex>"},
                  {"imf.resent.message_id", "<2@b.ex>"},
                  {"imf.resent.sender", "S <s@b.ex>"},
                  {"imf.resent.to", "T <t@b.ex>"}});
    test::golden("of X.400",
                 test::lines({"Autosubmitted: auto-generated",
                              "Autoforwarded: true",
                              "Conversion: Prohibited",
                              "Conversion-With-Loss: Prohibited",
                              "Deferred-Delivery: Tue, 1 Jul 2003",
                              "Delivery-Date: Tue, 1 Jul 2003",
                              "Discarded-X400-IPMS-Extensions: 1",
                              "Discarded-X400-MTS-Extensions: 2",
                              "DL-Expansion-History: 3",
                              "Expires: Tue, 1 Jul 2003",
                              "Expiry-Date: Wed, 2 Jul 2003",
                              "Incomplete-Copy: 4",
                              "Latest-Delivery-Time: Tue, 1 Jul 2003",
                              "Message-Type: Multiple Part",
                              "Original-Encoded-Information-Types: ia5",
                              "Originator-Return-Address: o@b.ex",
                              "Precedence: bulk",
                              "Priority: urgent",
                              "Reply-By: Tue, 1 Jul 2003",
                              "Sensitivity: Private",
                              "Supersedes: <3@b.ex>",
                              "X400-Content-Identifier: 5",
                              "X400-Content-Type: P2",
                              "X400-MTS-Identifier: 6",
                              "X400-Originator: 7",
                              "X400-Received: 8",
                              "X400-Recipients: 9",
                              "",
                              "body"})
                     .c_str(),
                 {{"imf.autoforwarded", "true"},
                  {"imf.autosubmitted", "auto-generated"},
                  {"imf.conversion", "Prohibited"},
                  {"imf.conversion_with_loss", "Prohibited"},
                  {"imf.deferred_delivery", "Tue, 1 Jul 2003"},
                  {"imf.discarded_x400_ipms_extensions", "1"},
                  {"imf.discarded_x400_mts_extensions", "2"},
                  {"imf.dl_expansion_history", "3"},
                  {"imf.expires", "Tue, 1 Jul 2003"},
                  {"imf.ext.expiry-date", "Wed, 2 Jul 2003"},
                  {"imf.incomplete_copy", "4"},
                  {"imf.latest_delivery_time", "Tue, 1 Jul 2003"},
                  {"imf.message_type", "Multiple Part"},
                  {"imf.original_encoded_information_types", "ia5"},
                  {"imf.originator_return_address", "o@b.ex"},
                  {"imf.precedence", "bulk"},
                  {"imf.priority", "urgent"},
                  {"imf.reply_by", "Tue, 1 Jul 2003"},
                  {"imf.sensitivity", "Private"},
                  {"imf.supersedes", "<3@b.ex>"},
                  {"imf.x400_content_identifier", "5"},
                  {"imf.x400_content_type", "P2"},
                  {"imf.x400_mts_identifier", "6"},
                  {"imf.x400_originator", "7"},
                  {"imf.x400_received", "8"},
                  {"imf.x400_recipients", "9"}});
    test::golden(
        "of others",
        test::lines({"X-Authentication-Warning: a", "X-Original-To: b@b.ex", "X-UIDL: 7", "X-Virus-Scanned: by x",
                     "SIO-Label: label=\"A\"; marking=\"B\"; fgcolor=Black; bgcolor=White; type=\":ess\"; other=\"x\"",
                     "X-Mailer: q", "", "body"})
            .c_str(),
        {{"imf.ext.authentication_warning", "a"},
         {"imf.ext.original-to", "b@b.ex"},
         {"imf.ext.uidl", "7"},
         {"imf.ext.virus_scanned", "by x"},
         {"imf.siolabel", "1"},
         {"imf.siolabel.bgcolor", "White"},
         {"imf.siolabel.fgcolor", "Black"},
         {"imf.siolabel.label", "\"A\""},
         {"imf.siolabel.marking", "\"B\""},
         {"imf.siolabel.type", "\":ess\""},
         {"imf.siolabel.unknown", "other=\"x\""},
         {"imf.unknown_param", "1"}});
  }
  void reads_rare_headers() { test::check_golden(dissect::imf_dissector); }
};

QTEST_APPLESS_MAIN(ImfTest)
#include "imf_test.moc"
