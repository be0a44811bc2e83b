#include "tests/support/dissect.h"

namespace pr::dissect {
extern const Dissector dhcp_dissector;
}

namespace {

using namespace pr;
using namespace pr::test;
using dissect::dhcp_dissector;
using dissect::Likeness;

std::string zeros(std::size_t octets) { return std::string(2 * octets, '0'); }

// A message of Ethernet hardware with an address for the client, and these options.
std::string message(int op, std::string_view your, std::string_view options, const std::string& server = zeros(64)) {
  return "0" + std::to_string(op) + "010600 83b47078 1e00 8000 00000000" + std::string(your) + zeros(8) +
         "5cf3fca9338d" + zeros(10) + server + zeros(128) + "63825363" + std::string(options);
}

Options udp() {
  Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

struct Listener final : dissect::Observer {
  void message(ProtocolId, const Message& m) override {
    roles.push_back(m.role);
    named.emplace_back(m.name);
  }
  void name_answers(std::span<const NameAnswer> answers) override {
    for (const NameAnswer& answer : answers) names.push_back(std::string(answer.name) + "=" + answer.address.text());
  }
  std::vector<Message::Role> roles;
  std::vector<std::string> named, names;
};

}  // namespace

class DhcpTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_a_discover() {
    const Result r =
        run(dhcp_dissector,
            from_hex(message(1, "00000000", "350101 3d07015cf3fca9338d 0c0957696e536e69666632 370401030600 ff 0000")),
            udp());
    QCOMPARE(r.outcome, Outcome::kDone);
    QCOMPARE(r.uint("dhcp.id"), 0x83b47078U);
    QCOMPARE(r.uint("dhcp.secs"), 30U);
    QCOMPARE(r.uint("dhcp.flags.bc"), 1U);
    QCOMPARE(r.values("dhcp.hw.mac_addr").size(), std::size_t{2});
    QCOMPARE(r.text("dhcp.option.hostname"), std::string("WinSniff2"));
    QCOMPARE(r.values("dhcp.option.request_list_item").size(), std::size_t{4});
    QCOMPARE(r.hex("dhcp.option.padding"), std::string("0000"));
    QCOMPARE(r.tree.info, std::string("DHCP Discover - Transaction ID 0x83b47078"));
  }

  void reads_addresses_times_routes_and_names() {
    const Result r = run(dhcp_dissector,
                         from_hex(message(2, "c0a80101",
                                          "350102 3604c0a801fe 330400015180 0608c0a80102c0a80103 79080ac0a8 c0a801fe"
                                          "770b 0361626303636f6d00 c000 5108 040000 01 61 02 6465ff")),
                         udp());
    QCOMPARE(r.uint("dhcp.option.ip_address_lease_time"), 86400U);
    QCOMPARE(r.values("dhcp.option.domain_name_server").size(), std::size_t{2});
    QCOMPARE(r.hex("dhcp.option.classless_static_route"), std::string("0ac0a8c0a801fe"));
  }

  void reads_options_where_names_would_stand() {
    const std::string server = "420568656c6c6fff" + zeros(56);
    const Result r = run(dhcp_dissector, from_hex(message(2, "00000000", "350105340102ff", server)), udp());
    QVERIFY(r.has("dhcp.server_name_overloaded_by_dhcp"));
    QCOMPARE(r.text("dhcp.option.tftp_server_name"), std::string("hello"));
    QVERIFY(r.has("dhcp.file"));
  }

  void tells_who_got_which_address() {
    Listener listener;
    Options options = udp();
    options.observer = &listener;
    run(dhcp_dissector, from_hex(message(1, "00000000", "350103 0c0161 ff")), options);
    run(dhcp_dissector, from_hex(message(2, "c0a80107", "350105 0c0161 ff")), options);
    QCOMPARE(listener.roles, (std::vector{Message::Role::kRequest, Message::Role::kResponse}));
    QCOMPARE(listener.names, (std::vector<std::string>{"a=192.168.1.7"}));
    QCOMPARE(listener.named, (std::vector<std::string>{"a", "a"}));
  }

  void knows_bootp_and_content() {
    std::string bootp = message(1, "00000000", "");
    bootp.replace(bootp.size() - 8, 8, "00000000");
    const Result r = run(dhcp_dissector, from_hex(bootp), udp());
    QCOMPARE(r.tree.info, std::string("Boot Request from 5c:f3:fc:a9:33:8d"));
    QCOMPARE(r.tree.column_protocol_text, std::string("BOOTP"));
    const dissect::ProbeHint foreign{.tcp = false, .orig_port = 1, .resp_port = 2};
    QCOMPARE(dhcp_dissector.probe(from_hex(message(1, "00000000", "ff")), foreign), Likeness::kYes);
    QCOMPARE(dhcp_dissector.probe(from_hex(bootp), foreign), Likeness::kMaybe);
    QCOMPARE(dhcp_dissector.probe(from_hex("05000000"), foreign), Likeness::kNo);
  }

  void survives_every_prefix() {
    sweep_prefixes(
        dhcp_dissector,
        from_hex(message(1, "00000000",
                         "350103 3d07015cf3fca9338d 5108 00000077686f3f3f 520601040a000001 4d03026162"
                         "7d09000000030402 616162 790504c0c0a801fe 3d0fff00000001000100011111111155555555 ff")),
        udp());
  }
};

QTEST_APPLESS_MAIN(DhcpTest)
#include "dhcp_test.moc"
