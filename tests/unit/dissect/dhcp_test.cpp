#include "tests/support/golden.h"

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
  void reads_rare_options_data() {
    test::golden_columns();
    test::golden("of servers",
                 message(2, "00000000",
                         "35010505040a00000107040a00000108040a00000109040a0000010a040a0000010b040a00000110040a000001200"
                         "40a00000129040a0000012d040a00000130040a00000131040a00000141040a00000144040a00000145040a000001"
                         "46040a00000147040a00000148040a00000149040a0000014a040a0000014b040a0000014c040a0000015c040a000"
                         "00170040a00000176040a00000188040a0000018a040a0000018e040a00000196040a000001ff")
                     .c_str(),
                 {{"dhcp.option.andsf_server", "10.0.0.1"},
                  {"dhcp.option.associated_ip_option", "10.0.0.1"},
                  {"dhcp.option.capwap_access_controller", "10.0.0.1"},
                  {"dhcp.option.default_finger_server", "10.0.0.1"},
                  {"dhcp.option.default_irc_server", "10.0.0.1"},
                  {"dhcp.option.default_www_server", "10.0.0.1"},
                  {"dhcp.option.impress_server", "10.0.0.1"},
                  {"dhcp.option.log_server", "10.0.0.1"},
                  {"dhcp.option.lpr_server", "10.0.0.1"},
                  {"dhcp.option.mobile_ip_home_agent", "10.0.0.1"},
                  {"dhcp.option.name_server", "10.0.0.1"},
                  {"dhcp.option.netbios_over_tcpip_dd_name_server", "10.0.0.1"},
                  {"dhcp.option.netinfo_parent_server_address", "10.0.0.1"},
                  {"dhcp.option.nis_plus_server", "10.0.0.1"},
                  {"dhcp.option.nis_server", "10.0.0.1"},
                  {"dhcp.option.nntp_server", "10.0.0.1"},
                  {"dhcp.option.pana_agent", "10.0.0.1"},
                  {"dhcp.option.pop3_server", "10.0.0.1"},
                  {"dhcp.option.quotes_server", "10.0.0.1"},
                  {"dhcp.option.resource_location_server", "10.0.0.1"},
                  {"dhcp.option.router_solicitation_address", "10.0.0.1"},
                  {"dhcp.option.smtp_server", "10.0.0.1"},
                  {"dhcp.option.streettalk_da_server", "10.0.0.1"},
                  {"dhcp.option.streettalk_server", "10.0.0.1"},
                  {"dhcp.option.subnet_selection_option", "10.0.0.1"},
                  {"dhcp.option.swap_server", "10.0.0.1"},
                  {"dhcp.option.tftp_server_address", "10.0.0.1"},
                  {"dhcp.option.xwindows_system_display_manager", "10.0.0.1"},
                  {"dhcp.option.xwindows_system_font_server", "10.0.0.1"}});
    test::golden("of texts",
                 message(2, "00000000",
                         "3501050e036131341103613137120361313828036134302f036134374003613634560361383657036138376404613"
                         "13030650461313031710461313133720461313134a10461313631d10461323039d20461323130fc0461323532ff")
                     .c_str(),
                 {{"dhcp.option.captive_portal", "a114"},
                  {"dhcp.option.extension_path", "a18"},
                  {"dhcp.option.merit_dump_file", "a14"},
                  {"dhcp.option.mudurl", "a161"},
                  {"dhcp.option.netbios_over_tcpip_scope", "a47"},
                  {"dhcp.option.netinfo_parent_server_tag", "a113"},
                  {"dhcp.option.nis_domain", "a40"},
                  {"dhcp.option.nis_plus_domain", "a64"},
                  {"dhcp.option.novell_ds_context", "a87"},
                  {"dhcp.option.novell_ds_tree_name", "a86"},
                  {"dhcp.option.private_proxy_autodiscovery", "a252"},
                  {"dhcp.option.pxe_config_file", "a209"},
                  {"dhcp.option.pxe_path_prefix", "a210"},
                  {"dhcp.option.root_path", "a17"},
                  {"dhcp.option.tz_pcode", "a100"},
                  {"dhcp.option.tz_tcode", "a101"}});
    test::golden("of numbers",
                 message(2, "00000000",
                         "3501050204ffffb9b00d020010130101140100160202401701401804000002581904004401281b01011d01001e010"
                         "11f010022010123040000003c2401002501402604000000782701015b040000000a5d0400070009ff")
                     .c_str(),
                 {{"dhcp.option.all_subnets_are_local", "1"},
                  {"dhcp.option.arp_cache_timeout", "60"},
                  {"dhcp.option.boot_file_size", "16"},
                  {"dhcp.option.client_last_transaction_time", "10"},
                  {"dhcp.option.client_system_architecture", "7,9"},
                  {"dhcp.option.default_ip_ttl", "64"},
                  {"dhcp.option.ethernet_encapsulation", "0"},
                  {"dhcp.option.ip_forwarding", "1"},
                  {"dhcp.option.mask_supplier", "1"},
                  {"dhcp.option.max_datagram_reassembly_size", "576"},
                  {"dhcp.option.non_local_source_routing", "0"},
                  {"dhcp.option.path_mtu_aging_timeout", "600"},
                  {"dhcp.option.path_mtu_plateau_table_item", "68,296"},
                  {"dhcp.option.perform_mask_discovery", "0"},
                  {"dhcp.option.perform_router_discover", "0"},
                  {"dhcp.option.tcp_default_ttl", "64"},
                  {"dhcp.option.tcp_keepalive_garbage", "1"},
                  {"dhcp.option.tcp_keepalive_interval", "120"},
                  {"dhcp.option.time_offset", "-18000"},
                  {"dhcp.option.trailer_encapsulation", "1"}});
    test::golden(
        "of relays and names",
        message(2, "00000000",
                "3501055219010201020202aabb05040a00000106037375620b040a0000027705036162630089090361626303636f6d00ff")
            .c_str(),
        {{"dhcp.option.agent_information_option.agent_circuit_id", "0102"},
         {"dhcp.option.agent_information_option.agent_remote_id", "aabb"},
         {"dhcp.option.agent_information_option.link_selection", "10.0.0.1"},
         {"dhcp.option.agent_information_option.server_id_override", "10.0.0.2"},
         {"dhcp.option.agent_information_option.subscriber_id", "sub"},
         {"dhcp.option.dhcp_dns_domain_search_list_fqdn", "abc"},
         {"dhcp.option.lost_server_domain_name", "\003abc\003com"}});
    test::golden("with a unique id of link and time",
                 message(1, "00000000", "3501013d13ff000000010001000112345678020000000001ff").c_str(),
                 {{"dhcp.client_id.duid_llt_hw_type", "1"},
                  {"dhcp.client_id.duid_type", "1"},
                  {"dhcp.client_id.iaid", "00000001"},
                  {"dhcp.client_id.link_layer_address", "02:00:00:00:00:01"},
                  {"dhcp.client_id.time", "305419896"}});
    test::golden("with a unique id of a vendor",
                 message(1, "00000000", "3501013d0dff000000010002000000090102ff").c_str(),
                 {{"dhcp.client_id.enterprise_num", "9"}});
    test::golden("with a unique id of a link",
                 message(1, "00000000", "3501013d0fff0000000100030001020000000001ff").c_str(),
                 {{"dhcp.client_id.duid_ll_hw_type", "1"}});
    test::golden(
        "with a uuid",
        message(1, "00000000", "3501013d110000112233445566778899aabbccddeeff61110000112233445566778899aabbccddeeffff")
            .c_str(),
        {{"dhcp.client_id.uuid", "33221100-5544-7766-8899-aabbccddeeff,33221100-5544-7766-8899-aabbccddeeff"}});
    test::golden(
        "of another link",
        ("0106080083b470781e008000000000000000000000000000000000000102030405060708" + zeros(200) + "63825363350101ff")
            .c_str(),
        {{"dhcp.hw.addr", "01020304050607080000000000000000"}});
  }
  void reads_rare_options() { test::check_golden(dhcp_dissector, {.transport = dissect::Transport::kUdp}); }
};

QTEST_APPLESS_MAIN(DhcpTest)
#include "dhcp_test.moc"
