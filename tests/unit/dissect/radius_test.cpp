#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector radius_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::Likeness;
using dissect::radius_dissector;

const std::string kAuthenticator(32, 'a');
// User "bob" with a password, the NAS, a Cisco attribute, a tunnel type with a tag, and the time.
const std::string kRequest = "01 05 004f " + kAuthenticator +
                             "0105 626f62 0212 00112233445566778899aabbccddeeff 0406 0a000001 0506 00000007"
                             "1a0c 00000009 0106 6162 6364 4006 01 00000d 3706 5b22a0e3";
const std::string kAccept = "02 05 001a " + kAuthenticator + "0606 00000002";

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override {
    ids.push_back(m.id);
    roles.push_back(m.role);
    names.emplace_back(m.name);
  }
  std::vector<std::uint64_t> ids;
  std::vector<Message::Role> roles;
  std::vector<std::string> names;
};

}  // namespace

class RadiusTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_attributes() {
    const Result r = run(radius_dissector, from_hex(kRequest), udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.text("radius.User_Name"), std::string("bob"));
    QCOMPARE(r.value("radius.User_Password_encrypted").size, 16U);
    QCOMPARE(r.uint("radius.NAS_IP_Address"), 0x0a000001U);
    QCOMPARE(r.uint("radius.avp.vendor_id"), 9U);
    QCOMPARE(r.text("radius.Cisco_AVPair"), std::string("abcd"));
    QCOMPARE(r.uint("radius.Tunnel_Type.tag"), 1U);
    QCOMPARE(r.uint("radius.Tunnel_Type"), 13U);
    QCOMPARE(r.uint("radius.Event_Timestamp"), 0x5b22a0e3ULL * 1'000'000'000);
    QCOMPARE(r.tree.info, std::string("Access-Request id=5"));
  }

  void pairs_by_identifier() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    run(radius_dissector, from_hex(kRequest), options);
    run(radius_dissector, from_hex(kAccept), options);
    QCOMPARE(listener.ids[0], listener.ids[1]);
    QCOMPARE(listener.roles, (std::vector{Message::Role::kRequest, Message::Role::kResponse}));
    QCOMPARE(listener.names[0], std::string("bob"));
  }

  void is_known_by_attributes_that_fit() {
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(radius_dissector.probe(from_hex(kRequest), foreign), Likeness::kYes);
    QCOMPARE(radius_dissector.probe(from_hex(kAccept), foreign), Likeness::kMaybe);
    QCOMPARE(radius_dissector.probe(from_hex("ff" + kRequest.substr(2)), foreign), Likeness::kNo);
  }

  void refuses_lengths_that_lie() {
    QCOMPARE(run(radius_dissector, from_hex("02 05 0010 " + kAuthenticator), udp()).outcome, Outcome::kMalformed);
    QCOMPARE(run(radius_dissector, from_hex("02 05 0016 " + kAuthenticator + "0601"), udp()).outcome,
             Outcome::kMalformed);
  }

  void survives_every_prefix() {
    sweep_prefixes(radius_dissector, from_hex(kRequest), udp());
    sweep_prefixes(radius_dissector, from_hex(kAccept), udp());
  }
};

QTEST_APPLESS_MAIN(RadiusTest)
#include "radius_test.moc"
