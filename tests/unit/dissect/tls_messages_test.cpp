// Messages and extensions that are rare in captures, each after the hellos that it needs.
#include "tests/support/golden.h"

namespace pr::dissect {
extern const Dissector tls_dissector;
}

namespace pr {
class TlsMessagesTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_extensions_data() {
    test::golden_columns();
    test::golden("client extensions",
                 "16030300 6b010000 67030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                 "00041301 c02f0100 003a0001 00010400 13000302 02000014 00020102 002c0005 00030102 03337400 00003600 "
                 "05040102 0304ff01 000302ab cd000f00 0101001c 00024001",
                 {{"tls.connection_id", "01020304"},
                  {"tls.connection_id_length", "4"},
                  {"tls.handshake.cert_type.type", "0x02,0x00,0x02"},
                  {"tls.handshake.cert_type.types", "1,1"},
                  {"tls.handshake.cert_type.types_len", "2,1"},
                  {"tls.handshake.extensions.cookie", "010203"},
                  {"tls.handshake.extensions.cookie_len", "3"},
                  {"tls.handshake.extensions_reneg_info", "abcd"},
                  {"tls.handshake.max_fragment_length", "4"}});
    test::golden(
        "server extensions",
        {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 00041301 "
         "c02f0100 000c0000 00080006 00000361 2e62",
         "<16030300 56020000 52030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 c02f0000 "
         "2a000100 01040013 00010233 74000c02 68320868 7474702f 312e3100 36000302 abcdff01 00050401 020304"},
        {{"tls.handshake.extensions_npn", "h2,http/1.1"}, {"tls.handshake.extensions_npn_str_len", "2,8"}});
    test::golden("next protocol",
                 {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 000c0000 00080006 00000361 2e62",
                  "<16030300 33020000 2f030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "c02f0000 07337400 03026832",
                  "16030300 0b430000 07026832 03000000"},
                 {{"tls.handshake.npn_padding", "000000"},
                  {"tls.handshake.npn_padding_len", "3"},
                  {"tls.handshake.npn_selected_protocol", "h2"},
                  {"tls.handshake.npn_selected_protocol_len", "2"}});
  }
  void reads_extensions() { test::check_golden(dissect::tls_dissector); }
  void reads_messages_data() {
    test::golden_columns();
    test::golden("status of a chain",
                 {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 000c0000 00080006 00000361 2e62",
                  "<16030300 30020000 2c030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "c02f0000 04000500 00",
                  "<16030300 0f160000 0b020000 07000001 00000000"},
                 {{"tls.handshake.ocsp_response_list_len", "7"}});
    test::golden(
        "temporary RSA key",
        {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 00041301 "
         "c02f0100 000c0000 00080006 00000361 2e62",
         "<16030100 2a020000 26030120 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 000300",
         "<16030100 150c0000 110004a1 a2a3a400 03010001 00045152 5354"},
        {{"tls.handshake.exponent", "010001"},
         {"tls.handshake.exponent_len", "3"},
         {"tls.handshake.modulus", "a1a2a3a4"},
         {"tls.handshake.modulus_len", "4"}});
    test::golden(
        "PSK hint",
        {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 00041301 "
         "c02f0100 000c0000 00080006 00000361 2e62",
         "<16030300 2a020000 26030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 008c00",
         "<16030300 0a0c0000 06000468 696e74"},
        {{"tls.handshake.hint", "68696e74"}, {"tls.handshake.hint_len", "4"}});
    test::golden(
        "PSK identity",
        {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 00041301 "
         "c02f0100 000c0000 00080006 00000361 2e62",
         "<16030300 2a020000 26030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 008c00",
         "16030300 08100000 0400026d 65"},
        {{"tls.handshake.identity", "6d65"}, {"tls.handshake.identity_len", "2"}});
    test::golden(
        "Finished of TLS",
        {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 00041301 "
         "c02f0100 000c0000 00080006 00000361 2e62",
         "<16030300 2a020000 26030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 c02f00",
         "16030300 10140000 0c010203 04050607 08090a0b 0c"},
        {{"tls.handshake.verify_data", "1"}});
    test::golden(
        "Finished of SSL 3",
        {"16030300 31010000 2d030020 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 00041301 "
         "c02f0100 0000",
         "<16030000 2a020000 26030020 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 000a00",
         "16030000 28140000 24000102 03040506 0708090a 0b0c0d0e 0f101112 13141516 1718191a 1b1c1d1e 1f202122 23"},
        {{"tls.handshake.md5_hash", "1"}, {"tls.handshake.sha_hash", "1"}});
    test::golden("heartbeat",
                 {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 000c0000 00080006 00000361 2e62",
                  "<16030300 31020000 2d030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "c02f0000 05000f00 0101",
                  "18030300 16010003 61626300 00000000 00000000 00000000 000000"},
                 {{"tls.heartbeat_message.padding", "00000000000000000000000000000000"},
                  {"tls.heartbeat_message.payload", "616263"},
                  {"tls.heartbeat_message.type", "1"}});
    test::golden("heartbeat response",
                 {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 000c0000 00080006 00000361 2e62",
                  "<16030300 31020000 2d030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "c02f0000 05000f00 0101",
                  "<18030300 16020003 61626300 00000000 00000000 00000000 000000"},
                 {{"tls.heartbeat_message.type", "2"}, {"tls.heartbeat_message.payload", "616263"}});
    test::golden(
        "names and addresses of a certificate",
        {"16030300 3d010000 39030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 00041301 "
         "c02f0100 000c0000 00080006 00000361 2e62",
         "<16030300 2a020000 26030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 c02f00",
         "<16030301 330b0001 2f00012c 00012930 82012530 82010aa0 03020102 02010530 0a06082a 8648ce3d 04030230 28310f30 "
         "0d060355 040a1e06 0042006d 00703115 30130603 5504031c 0c000000 55000000 6e000000 69301e17 0d323630 31303130 "
         "30303030 305a170d 32373031 30313030 30303030 5a302831 0f300d06 0355040a 1e060042 006d0070 31153013 06035504 "
         "031c0c00 00005500 00006e00 00006930 59301306 072a8648 ce3d0201 06082a86 48ce3d03 01070342 00040000 00000000 "
         "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
         "00000000 00000000 0000a325 30233021 0603551d 11041a30 18871020 010db800 00000000 00000000 00000187 04c00002 "
         "01300a06 082a8648 ce3d0403 02030900 30060201 01020101"},
        {{"x509ce.IPAddress.ipv6", "2001:db8::1"},
         {"x509sat.bmpString", "Bmp,Bmp"},
         {"x509sat.universalString", "Uni,Uni"}});
  }
  void reads_messages() { test::check_golden(dissect::tls_dissector); }
  void reads_messages_of_tls13_data() {
    test::golden_columns();
    test::golden("NewSessionTicket of TLS 1.3",
                 {"16030300 44010000 40030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 00130000 00080006 00000361 2e62002b 00030203 04",
                  "<16030300 32020000 2e030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "13010000 06002b00 020304",
                  "<16030300 1e040000 1a00000e 10010203 04020001 0003aabb cc000800 2a000400 004000"},
                 {{"tls.early_data.max_early_data_size", "16384"},
                  {"tls.handshake.session_ticket_age_add", "16909060"},
                  {"tls.handshake.session_ticket_nonce", "0001"},
                  {"tls.handshake.session_ticket_nonce_length", "2"}});
    test::golden("key update",
                 {"16030300 44010000 40030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 00130000 00080006 00000361 2e62002b 00030203 04",
                  "<16030300 32020000 2e030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "13010000 06002b00 020304",
                  "16030300 05180000 0101"},
                 {{"tls.handshake.key_update.request_update", "1"}});
    test::golden("certificate request of TLS 1.3",
                 {"16030300 44010000 40030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 00130000 00080006 00000361 2e62002b 00030203 04",
                  "<16030300 32020000 2e030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "13010000 06002b00 020304",
                  "<16030300 110d0000 0d02abcd 0008000d 00040002 0403"},
                 {{"tls.handshake.certificate_request_context", "abcd"},
                  {"tls.handshake.certificate_request_context_length", "2"}});
    test::golden("compressed certificate",
                 {"16030300 44010000 40030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 00130000 00080006 00000361 2e62002b 00030203 04",
                  "<16030300 32020000 2e030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "13010000 06002b00 020304",
                  "<16030300 0f190000 0b000200 01000000 03010203"},
                 {{"tls.compress_certificate.compressed_certificate_message", "010203"},
                  {"tls.compress_certificate.compressed_certificate_message.length", "3"},
                  {"tls.compress_certificate.uncompressed_length", "256"}});
    test::golden("encrypted extensions",
                 {"16030300 44010000 40030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "00041301 c02f0100 00130000 00080006 00000361 2e62002b 00030203 04",
                  "<16030300 32020000 2e030320 21222324 25262728 292a2b2c 2d2e2f30 31323334 35363738 393a3b3c 3d3e3f00 "
                  "13010000 06002b00 020304",
                  "<16030300 0b080000 07000500 01000101"},
                 {{"tls.handshake.extensions_alpn_list", ""},
                  {"tls.handshake.extension.type", "1"},
                  {"tls.handshake.max_fragment_length", "1"}});
  }
  void reads_messages_of_tls13() { test::check_golden(dissect::tls_dissector); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::TlsMessagesTest)
#include "tls_messages_test.moc"
