#include "tests/support/golden.h"

namespace pr::dissect {
extern const Dissector ssh_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::ssh_dissector;

// A server's KEXINIT, the client's and the server's part of a curve25519-sha256 exchange, new keys after it.
constexpr std::string_view kKexInit =
    "000001240a14e8319eeb1d39d67866339be8d9269b5600000011637572766532353531392d7368613235360000002c7373682d656432"
    "353531392c7373682d656432353531392d636572742d763031406f70656e7373682e636f6d0000001d63686163686132302d706f6c79"
    "31333035406f70656e7373682e636f6d0000001d63686163686132302d706f6c7931333035406f70656e7373682e636f6d0000001d68"
    "6d61632d736861322d3531322d65746d406f70656e7373682e636f6d0000001d686d61632d736861322d3531322d65746d406f70656e"
    "7373682e636f6d000000156e6f6e652c7a6c6962406f70656e7373682e636f6d000000156e6f6e652c7a6c6962406f70656e7373682e"
    "636f6d0000000000000000000000000000000000000000000000";
constexpr std::string_view kEcdhInit =
    "0000002c061e000000208692c62bc8487cc52f431df00c172f63961c1885579344de0ec0e6fb95074e27000000000000";
constexpr std::string_view kEcdhReplyAndNewKeys =
    "000001f4071f0000016c000000207373682d656432353531392d636572742d763031406f70656e7373682e636f6d000000204622ad8e"
    "679e3f7b8aac6525cca3075e7b10de76a665eac91df8f17cc0a3abc700000020d3bb2ac1b6d84c644195629b6014f834d0acdcf0bdc8"
    "e8c6b6a09dfdf40cd36f000000000000000000000002000000104261626261676520686f7374206b65790000003200000013686f6d65"
    "2e677269676f72657363752e6f72670000000c3139322e3136382e312e333200000007626162626167650000000054b169cc00000000"
    "56914c20000000000000000000000000000000330000000b7373682d6564323535313900000020b5b46f21b47e7ae61beef227941a40"
    "1d4ba553dc3c3907f60f41d7f98570afa5000000530000000b7373682d65643235353139000000402dc9752bb15bfffa7bc069666234"
    "0a6e018af464c8858f4db54e853711594af43392d7b33280ad613242907beb4c7664e36b36321d9585d9b19fda740f9cb60500000020"
    "d42f0d91a1cc844ba049908fa08a72bc3ebfcc34fe1294aadfcd2143e15f7f20000000530000000b7373682d65643235353139000000"
    "40ca4f293c04fc7fe1d97f37c7e378354a8d05da3f8d2a3cdaad7f686cce46d22cadd64700d37f0c55770350b2fad5902100e556a2eb"
    "d37293541eb0c3a5263e03000000000000000000000c0a150000000000000000000079e5cae3b9834cdf17fe31258d4e6c436c197199"
    "b1f856b0cd2cbbac3551fc1b95476d45600ee3f84738819ec925011dfea1385f3324a99dec57c1dbee0ecb9c6f07024fdfd83ba08746"
    "7b44742eac589cd7b5b2a1dfb3fd8494fd4088b5a8c420e032808e7fae38f260122939ae28a58342bd87b71df5eb5c29626a62d352b7"
    "c4e9551b1ec9afffa0788157820cb54e27083acb54a43b273b19e85708bf33dde1292911f0d6b91d8ec37a73";

std::string banner(std::string_view text) { return to_hex(as_bytes(text)) + "0d0a"; }

std::string u32(std::size_t n) {
  std::string out;
  for (int i = 4; i-- > 0;) out += to_hex(std::vector<std::uint8_t>{static_cast<std::uint8_t>(n >> (8 * i))});
  return out;
}
std::string packet(const std::string& payload) { return u32(1 + payload.size() / 2 + 4) + "04" + payload + "00000000"; }
std::string list(std::string_view names) { return u32(names.size()) + to_hex(as_bytes(names)); }
std::string kexinit(std::string_view kex) {
  std::string out = "14" + std::string(32, 'c') + list(kex) + list("ssh-rsa");
  for (const std::string_view names : {"c2s-cipher", "s2c-cipher", "c2s-mac", "s2c-mac", "none", "zlib", "", ""})
    out += list(names);
  return packet(out + "00" + "00000000");
}

struct Listener final : dissect::Observer {
  const SshFingerprint* ssh_kexinit(const SshKexInit& lists, bool from_client) override {
    kex = lists.kex;
    encryption = from_client ? lists.encryption_c2s : lists.encryption_s2c;
    print.hash = from_client ? "client-hash" : "server-hash";
    return &print;
  }
  void ssh_banner(std::string_view line, bool) override { banners.emplace_back(line); }
  void message(ProtocolId, const Message& m) override { told.push_back(m.role); }
  std::string kex, encryption;
  std::vector<std::string> banners;
  std::vector<Message::Role> told;
  SshFingerprint print;
};

// A conversation: each message is dissected with the memory that the one before left.
struct Talk {
  Options options;
  Listener listener;

  Result say(bool from_client, std::string_view hex) {
    options.from_orig = from_client;
    options.observer = &listener;
    Result r = run(ssh_dissector, from_hex(hex), options);
    options.state = r.state;
    return r;
  }
  void greet() {
    say(true, banner("SSH-2.0-Client_1"));
    say(false, banner("SSH-2.0-Server_1"));
  }
};

}  // namespace

class SshTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_banners() {
    Talk talk;
    const Result r = talk.say(true, banner("SSH-2.0-OpenSSH_9.2") + "0000");
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.text("ssh.protocol"), std::string("SSH-2.0-OpenSSH_9.2"));
    QCOMPARE(r.app.consumed, std::uint64_t{21});
    QCOMPARE(r.uint("ssh.direction"), 0U);
    QCOMPARE(r.tree.info, std::string("Client: Protocol (SSH-2.0-OpenSSH_9.2)"));
    QCOMPARE(talk.listener.banners, (std::vector<std::string>{"SSH-2.0-OpenSSH_9.2"}));
    QCOMPARE(talk.say(true, "5353482d322e30").outcome, Outcome::kDone);  // not a second banner: noise
  }

  void a_banner_may_come_in_pieces() {
    QCOMPARE(run(ssh_dissector, from_hex("5353")).outcome, Outcome::kNeedMore);
    QCOMPARE(run(ssh_dissector, from_hex("5353482d322e302d")).outcome, Outcome::kNeedMore);
    const std::string endless(2 * 300, '4');
    QCOMPARE(run(ssh_dissector, from_hex("5353482d" + endless)).outcome, Outcome::kMalformed);
  }

  void a_server_may_say_something_first() {
    Talk talk;
    const Result r = talk.say(false, to_hex(as_bytes(std::string_view("Welcome\r\nSSH-2.0-x\r\n"))));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{9});
    QVERIFY(!r.has("ssh.protocol"));
  }

  void reads_kexinit() {
    Talk talk;
    talk.greet();
    const Result r = talk.say(false, kKexInit);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.app.consumed, std::uint64_t{kKexInit.size() / 2});
    QCOMPARE(r.uint("ssh.message_code"), 20U);
    QCOMPARE(r.uint("ssh.kex_algorithms_length"), std::uint64_t{r.text("ssh.kex_algorithms").size()});
    QCOMPARE(r.text("ssh.kex_algorithms"), talk.listener.kex);
    QCOMPARE(r.text("ssh.encryption_algorithms_server_to_client"), talk.listener.encryption);
    QCOMPARE(r.text("ssh.kex.hasshserver"), std::string("server-hash"));
    QVERIFY(!r.has("ssh.kex.hassh"));
    QCOMPARE(r.uint("ssh.first_kex_packet_follows"), 0U);
    QCOMPARE(r.tree.info, std::string("Server: Key Exchange Init"));
    QCOMPARE(r.tree.column_protocol_text, std::string("SSHv2"));
  }

  void follows_an_exchange_to_new_keys() {
    Talk talk;
    talk.greet();
    talk.say(false, kKexInit);
    talk.say(true, kexinit("nobody-knows,curve25519-sha256@libssh.org,curve25519-sha256"));
    const Result init = talk.say(true, kEcdhInit);
    QCOMPARE(init.uint("ssh.message_code"), 30U);
    QCOMPARE(init.uint("ssh.ecdh.q_c_length"), 32U);
    QCOMPARE(init.value("ssh.ecdh.q_c").size, 32U);
    const Result reply = talk.say(false, kEcdhReplyAndNewKeys);
    QCOMPARE(reply.uint("ssh.message_code"), 31U);
    QVERIFY(reply.text("ssh.host_key.type").starts_with("ssh-"));
    QVERIFY(reply.has("ssh.ecdh.q_s"));
    QVERIFY(reply.has("ssh.host_sig.type"));
    QVERIFY(!reply.has_issue(IssueKind::kMalformed));
    const Result keys = talk.say(false, kEcdhReplyAndNewKeys.substr(2 * reply.app.consumed));
    QCOMPARE(keys.uint("ssh.message_code"), 21U);
    const Result hidden = talk.say(false, "00112233445566778899");
    QCOMPARE(hidden.outcome, Outcome::kDone);
    QCOMPARE(hidden.app.consumed, std::uint64_t{10});
    QVERIFY(!hidden.has("ssh.packet_length"));
    QVERIFY(!hidden.has("ssh.encrypted_packet"));
    // The client has not switched yet.
    QCOMPARE(talk.say(true, packet("15")).uint("ssh.message_code"), 21U);
    QCOMPARE(talk.listener.told, (std::vector<Message::Role>{Message::Role::kRequest, Message::Role::kResponse}));
  }

  void the_method_decides_how_messages_read_data() {
    QTest::addColumn<QString>("client");
    QTest::addColumn<QString>("server");
    QTest::addColumn<bool>("client_first");
    QTest::addColumn<QString>("field");
    for (const bool first : {true, false}) {
      const char* who = first ? "client first" : "server first";
      QTest::addRow("dh, %s", who) << "diffie-hellman-group14-sha256,ecdh-sha2-nistp256"
                                   << "ecdh-sha2-nistp256,diffie-hellman-group14-sha256" << first << "ssh.dh.e";
      QTest::addRow("ecdh, %s", who) << "x,ecdh-sha2-nistp256,diffie-hellman-group14-sha256"
                                     << "diffie-hellman-group14-sha256,ecdh-sha2-nistp256" << first << "ssh.ecdh.q_c";
      QTest::addRow("group exchange, %s", who)
          << "diffie-hellman-group-exchange-sha256"
          << "curve25519-sha256,diffie-hellman-group-exchange-sha256" << first << "ssh.dh_gex.nbits";
    }
  }
  void the_method_decides_how_messages_read() {
    QFETCH(QString, client);
    QFETCH(QString, server);
    QFETCH(bool, client_first);
    QFETCH(QString, field);
    Talk talk;
    talk.greet();
    talk.say(client_first, kexinit((client_first ? client : server).toStdString()));
    talk.say(!client_first, kexinit((client_first ? server : client).toStdString()));
    QVERIFY(talk.say(true, packet("1e" + u32(2) + "0102")).has(field.toStdString()));
  }

  void joined_in_the_middle_everything_is_hidden() {
    const Result r = run(ssh_dissector, from_hex("a0112233445566778899"));
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.hex("ssh.packet_length_encrypted"), std::string("a0112233"));
    QCOMPARE(r.hex("ssh.encrypted_packet"), std::string("445566778899"));
  }

  void version_1() {
    Talk talk;
    talk.say(true, banner("SSH-1.5-old"));
    talk.say(false, banner("SSH-1.99-server"));
    const std::string body = "03" + std::string(2 * 13, 'a');
    const Result r = talk.say(true, u32(14) + "0000" + body);
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("ssh.packet_length"), 14U);
    QCOMPARE(r.uint("ssh.padding_length"), 2U);
    QCOMPARE(r.uint("ssh.message_code"), 3U);
    QVERIFY(!talk.say(true, u32(14) + "0000" + body).has("ssh.message_code"));
  }

  void probe_is_sure() {
    const auto probe = [](std::string_view text) {
      return ssh_dissector.probe(as_bytes(text), {.from_orig = true, .tcp = true, .orig_port = 40000, .resp_port = 22});
    };
    QCOMPARE(probe("SSH-2.0-OpenSSH"), Likeness::kYes);
    QCOMPARE(probe("SSH-1.99-x"), Likeness::kYes);
    QCOMPARE(probe("GET / HTTP/1.1"), Likeness::kNo);
    QCOMPARE(probe(std::string_view("\x8a\x01\x02\x03", 4)), Likeness::kMaybe);
  }

  void every_prefix_is_harmless() {
    Talk talk;
    talk.greet();
    sweep_prefixes(ssh_dissector, from_hex(banner("SSH-2.0-x")));
    sweep_prefixes(ssh_dissector, from_hex(kKexInit), talk.options);
    talk.say(false, kKexInit);
    talk.say(true, kexinit("curve25519-sha256"));
    sweep_prefixes(ssh_dissector, from_hex(kEcdhReplyAndNewKeys), talk.options);
  }

  void every_changed_octet_is_harmless() {
    Talk talk;
    talk.greet();
    for (const std::string_view wire : {kKexInit, kEcdhReplyAndNewKeys}) {
      const auto good = from_hex(wire);
      for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t change : {0x01, 0x7f, 0xff}) {
          auto bytes = good;
          bytes[i] ^= change;
          (void)run(ssh_dissector, bytes, talk.options);
        }
      }
    }
  }
  void reads_host_keys_data() {
    test::golden_columns();
    test::golden(
        "DSA",
        {"5353482d 322e302d 610d0a", "<5353482d 322e302d 620d0a",
         "00000094 05140000 00000000 00000000 00000000 00000000 001b6469 66666965 2d68656c 6c6d616e 2d67726f 75703134 "
         "2d736861 31000000 07737368 2d647373 0000000a 61657331 32382d63 74720000 000a6165 73313238 2d637472 00000009 "
         "686d6163 2d736861 31000000 09686d61 632d7368 61310000 00046e6f 6e650000 00046e6f 6e650000 00000000 00000000 "
         "00000000 00000000",
         "<00000094 05140000 00000000 00000000 00000000 00000000 001b6469 66666965 2d68656c 6c6d616e 2d67726f 75703134 "
         "2d736861 31000000 07737368 2d647373 0000000a 61657331 32382d63 74720000 000a6165 73313238 2d637472 00000009 "
         "686d6163 2d736861 31000000 09686d61 632d7368 61310000 00046e6f 6e650000 00046e6f 6e650000 00000000 00000000 "
         "00000000 00000000",
         "00000014 0b1e0000 00030102 03000000 00000000 00000000",
         "<0000006c 061f0000 001f0000 00077373 682d6473 73000000 01110000 00011200 00000113 00000001 14000000 02040500 "
         "00003700 00000773 73682d64 73730000 00280001 02030405 06070809 0a0b0c0d 0e0f1011 12131415 16171819 1a1b1c1d "
         "1e1f2021 22232425 26270000 00000000"},
        {{"ssh.host_key.dsa.g", "13"},
         {"ssh.host_key.dsa.p", "11"},
         {"ssh.host_key.dsa.q", "12"},
         {"ssh.host_key.dsa.y", "14"},
         {"ssh.host_sig.dsa", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"}});
    test::golden("key of another type",
                 {"5353482d 322e302d 610d0a", "<5353482d 322e302d 620d0a",
                  "00000094 05140000 00000000 00000000 00000000 00000000 001b6469 66666965 2d68656c 6c6d616e 2d67726f "
                  "75703134 2d736861 31000000 07737368 2d647373 0000000a 61657331 32382d63 74720000 000a6165 73313238 "
                  "2d637472 00000009 686d6163 2d736861 31000000 09686d61 632d7368 61310000 00046e6f 6e650000 00046e6f "
                  "6e650000 00000000 00000000 00000000 00000000",
                  "<00000094 05140000 00000000 00000000 00000000 00000000 001b6469 66666965 2d68656c 6c6d616e 2d67726f "
                  "75703134 2d736861 31000000 07737368 2d647373 0000000a 61657331 32382d63 74720000 000a6165 73313238 "
                  "2d637472 00000009 686d6163 2d736861 31000000 09686d61 632d7368 61310000 00046e6f 6e650000 00046e6f "
                  "6e650000 00000000 00000000 00000000 00000000",
                  "00000014 0b1e0000 00030102 03000000 00000000 00000000",
                  "<00000034 0a1f0000 000b0000 0005782d 6b6579aa bb000000 02040500 00000f00 00000578 2d6b6579 00000002 "
                  "01020000 00000000 00000000"},
                 {{"ssh.host_key.data", "aabb"}, {"ssh.host_key.type", "x-key"}});
  }
  void reads_host_keys() { test::check_golden(dissect::ssh_dissector); }
};

QTEST_APPLESS_MAIN(SshTest)
#include "ssh_test.moc"
