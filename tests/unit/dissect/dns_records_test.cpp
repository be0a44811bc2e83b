// Record data that is rare in captures, and what stands in the place of records.
#include "tests/support/golden.h"

namespace pr::dissect {
extern const Dissector dns_dissector;
}

namespace pr {
namespace {

test::Options udp() {
  test::Options options;
  options.transport = dissect::Transport::kUdp;
  return options;
}

}  // namespace

class DnsRecordsTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_early_records_data() {
    test::golden_columns();
    test::golden("MD", "00018180 00000001 00000000 00000300 01000000 3c000601 61026578 00", {{"dns.md", "a.ex"}});
    test::golden("MF", "00018180 00000001 00000000 00000400 01000000 3c000601 61026578 00", {{"dns.mf", "a.ex"}});
    test::golden("MB", "00018180 00000001 00000000 00000700 01000000 3c000601 61026578 00", {{"dns.mb", "a.ex"}});
    test::golden("MG", "00018180 00000001 00000000 00000800 01000000 3c000601 61026578 00", {{"dns.mg", "a.ex"}});
    test::golden("MR", "00018180 00000001 00000000 00000900 01000000 3c000601 61026578 00", {{"dns.mr", "a.ex"}});
    test::golden("NSAP-PTR", "00018180 00000001 00000000 00001700 01000000 3c000601 61026578 00",
                 {{"dns.nsap_ptr.owner", "a.ex"}});
    test::golden("NULL", "00018180 00000001 00000000 00000a00 01000000 3c000301 02ff", {{"dns.null", "0102ff"}});
    test::golden("WKS", "00018180 00000001 00000000 00000b00 01000000 3c000ac0 00020106 00000040 01",
                 {{"dns.wks.address", "192.0.2.1"}, {"dns.wks.bits", "0x40,0x01"}, {"dns.wks.protocol", "6"}});
    test::golden("MINFO", "00018180 00000001 00000000 00000e00 01000000 3c000c01 72026578 00016502 657800",
                 {{"dns.minfo.e", "e.ex"}, {"dns.minfo.r", "r.ex"}});
    test::golden("RP", "00018180 00000001 00000000 00001100 01000000 3c000c01 6d026578 00017402 657800",
                 {{"dns.rp.mailbox", "m.ex"}});
    test::golden("AFSDB", "00018180 00000001 00000000 00001200 01000000 3c000800 01016102 657800",
                 {{"dns.afsdb.hostname", "a.ex"}, {"dns.afsdb.subtype", "1"}});
    test::golden("X25", "00018180 00000001 00000000 00001300 01000000 3c000d0c 33313130 36313730 30393536",
                 {{"dns.x25.length", "12"}, {"dns.x25.psdn_address", "311061700956"}});
    test::golden("ISDN",
                 "00018180 00000001 00000000 00001400 01000000 3c00140f 31353038 36323032 38303033 32313703 303034",
                 {{"dns.idsn.address", "150862028003217"},
                  {"dns.idsn.length", "15"},
                  {"dns.idsn.sa.address", "004"},
                  {"dns.idsn.sa.length", "3"}});
    test::golden("RT", "00018180 00000001 00000000 00001500 01000000 3c000800 0a016802 657800",
                 {{"dns.rt.intermediate_host", "h.ex"}, {"dns.rt.subtype", "10"}});
    test::golden("NSAP",
                 "00018180 00000001 00000000 00001600 01000000 3c001447 00058000 5a000000 0001e133 ffffff00 016100",
                 {{"dns.nsap.rdata", "47000580005a0000000001e133ffffff00016100"}});
  }
  void reads_early_records() { test::check_golden(dissect::dns_dissector, udp()); }
  void reads_records_of_places_and_services_data() {
    test::golden_columns();
    test::golden("KEY", "00018180 00000001 00000000 00001900 01000000 3c000926 81030501 02030405",
                 {{"dns.key.algorithm", "5"},
                  {"dns.key.flags", "0x2681"},
                  {"dns.key.flags.associated_named_entity", "1"},
                  {"dns.key.flags.associated_user", "1"},
                  {"dns.key.flags.authentication", "0"},
                  {"dns.key.flags.confidentiality", "0"},
                  {"dns.key.flags.ipsec", "1"},
                  {"dns.key.flags.mime", "0"},
                  {"dns.key.flags.required", "1"},
                  {"dns.key.flags.signatory", "1"},
                  {"dns.key.key_id", "12940"},
                  {"dns.key.protocol", "3"},
                  {"dns.key.public_key", "0102030405"}});
    test::golden("KEY none", "00018180 00000001 00000000 00001900 01000000 3c0004c0 000305",
                 {{"dns.key.flags.confidentiality", "1"}, {"dns.key.flags.ipsec", ""}});
    test::golden("PX", "00018180 00000001 00000000 00001a00 01000000 3c000e00 0a016202 65780001 78026578 00",
                 {{"dns.px.map400", "x.ex"}, {"dns.px.map822", "b.ex"}, {"dns.px.preference", "10"}});
    test::golden(
        "GPOS",
        "00018180 00000001 00000000 00001b00 01000000 3c001708 2d33322e 36383832 08313136 2e383635 32043130 2e30",
        {{"dns.gpos.altitude", "10.0"},
         {"dns.gpos.altitude_length", "4"},
         {"dns.gpos.latitude", "116.8652"},
         {"dns.gpos.latitude_length", "8"},
         {"dns.gpos.longitude", "-32.6882"},
         {"dns.gpos.longitude_length", "8"}});
    test::golden("LOC", "00018180 00000001 00000000 00001d00 01000000 3c001000 12161389 17172070 be15f000 988d20",
                 {{"dns.loc.altitude", "9997600"}});
    test::golden("LOC of another version", "00018180 00000001 00000000 00001d00 01000000 3c000501 12161389",
                 {{"dns.loc.unknown_data", "0112161389"}});
    test::golden("NXT", "00018180 00000001 00000000 00001e00 01000000 3c000a01 6e026578 00400000 02",
                 {{"dns.nxt.next_domain_name", "n.ex"}});
    test::golden("NAPTR",
                 "00018180 00000001 00000000 00002300 01000000 3c002400 64003201 75074532 552b7369 700f215e 2e2a2421 "
                 "7369703a 61406578 21017202 657800",
                 {{"dns.naptr.flags_length", "1"},
                  {"dns.naptr.order", "100"},
                  {"dns.naptr.preference", "50"},
                  {"dns.naptr.regex", "!^.*$!sip:a@ex!"},
                  {"dns.naptr.regex_length", "15"},
                  {"dns.naptr.replacement", "r.ex"},
                  {"dns.naptr.replacement_length", "4"},
                  {"dns.naptr.service", "E2U+sip"},
                  {"dns.naptr.service_length", "7"}});
    test::golden("KX", "00018180 00000001 00000000 00002400 01000000 3c000800 0a016b02 657800",
                 {{"dns.kx.key_exchange", "k.ex"}, {"dns.kx.preference", "10"}});
  }
  void reads_records_of_places_and_services() { test::check_golden(dissect::dns_dissector, udp()); }
  void reads_records_of_keys_and_gateways_data() {
    test::golden_columns();
    test::golden("CERT", "00018180 00000001 00000000 00002500 01000000 3c000800 0104d208 aabbcc",
                 {{"dns.cert.algorithm", "8"},
                  {"dns.cert.certificate", "aabbcc"},
                  {"dns.cert.key_tag", "0x04d2"},
                  {"dns.cert.type", "1"}});
    test::golden("A6", "00018180 00000001 00000000 00002600 01000000 3c000f40 00000000 00000001 01700265 7800",
                 {{"dns.a6.address_suffix", "::1"}, {"dns.a6.prefix_len", "64"}, {"dns.a6.prefix_name", "p.ex"}});
    test::golden("A6 whole",
                 "00018180 00000001 00000000 00002600 01000000 3c001100 20010db8 00000000 00000000 00000001",
                 {{"dns.a6.address_suffix", "2001:db8::1"}, {"dns.a6.prefix_name", ""}});
    test::golden("APL",
                 "00018180 00000001 00000000 00002a00 01000000 3c001300 011002c0 00000220 8420010d b8000308 01ff",
                 {{"dns.apl.address_family", "1,2,3"},
                  {"dns.apl.afdlength", "2,4,1"},
                  {"dns.apl.afdpart.data", "ff"},
                  {"dns.apl.afdpart.ipv4", "192.0.0.0"},
                  {"dns.apl.afdpart.ipv6", "2001:db8::"},
                  {"dns.apl.coded_prefix", "16,32,8"},
                  {"dns.apl.negation", "0,1,0"}});
    test::golden("IPSECKEY to an IPv4 address",
                 "00018180 00000001 00000000 00002d00 01000000 3c000a0a 0102c000 02260102 03",
                 {{"dns.ipseckey.gateway_algorithm", "2"},
                  {"dns.ipseckey.gateway_ipv4", "192.0.2.38"},
                  {"dns.ipseckey.gateway_precedence", "10"},
                  {"dns.ipseckey.gateway_type", "1"},
                  {"dns.ipseckey.public_key", "010203"}});
    test::golden(
        "IPSECKEY to an IPv6 address",
        "00018180 00000001 00000000 00002d00 01000000 3c00160a 02022001 0db80000 00000000 00000000 00010102 03",
        {{"dns.ipseckey.gateway_ipv6", "2001:db8::1"}});
    test::golden("IPSECKEY to a name", "00018180 00000001 00000000 00002d00 01000000 3c000c0a 03020167 02657800 010203",
                 {{"dns.ipseckey.gateway_dns", "g.ex"}});
    test::golden("DHCID", "00018180 00000001 00000000 00003100 01000000 3c000600 0201aabb cc",
                 {{"dns.dhcid.rdata", "000201aabbcc"}});
    test::golden("TLSA", "00018180 00000001 00000000 00003400 01000000 3c000503 01025454",
                 {{"dns.tlsa.certificate_usage", "3"}, {"dns.tlsa.matching_type", "2"}, {"dns.tlsa.selector", "1"}});
    test::golden("HIP",
                 "00018180 00000001 00000000 00003700 01000000 3c001304 02000320 010db801 02030372 76730265 7800",
                 {{"dns.hip.hit", "20010db8"},
                  {"dns.hip.hit.length", "4"},
                  {"dns.hip.hit.pk.algo", "2"},
                  {"dns.hip.pk", "010203"},
                  {"dns.hip.pk.length", "3"},
                  {"dns.hip.rendezvous_server", "rvs.ex"}});
    test::golden("OPENPGPKEY", "00018180 00000001 00000000 00003d00 01000000 3c00066d 51454e42 46",
                 {{"dns.openpgpkey", "mQENBF"}});
    test::golden("CSYNC", "00018180 00000001 00000000 00003e00 01000000 3c000c00 00004200 03000460 000003",
                 {{"dns.csync.flags", "0x0003"},
                  {"dns.csync.flags.immediate", "1"},
                  {"dns.csync.flags.soaminimum", "1"},
                  {"dns.csync.soa", "66"},
                  {"dns.csync.type_bitmap", "000460000003"}});
  }
  void reads_records_of_keys_and_gateways() { test::check_golden(dissect::dns_dissector, udp()); }
  void reads_later_records_data() {
    test::golden_columns();
    test::golden("ZONEMD", "00018180 00000001 00000000 00003f00 01000000 3c000a00 00004201 01aabbcc dd",
                 {{"dns.zonemd.digest", "aabbccdd"},
                  {"dns.zonemd.hash_algo", "1"},
                  {"dns.zonemd.scheme", "1"},
                  {"dns.zonemd.serial", "66"}});
    test::golden("SVCB mandatory and its own keys",
                 "00018180 00000001 00000000 00004000 01000000 3c002a00 01017302 65780000 00000400 01000300 01000302 "
                 "68320003 00020035 80010003 010203fd e80002ab cd",
                 {{"dns.svcb.svcparam.mandatory.key", "1,3"},
                  {"dns.svcb.svcparam.odohconfig", "010203"},
                  {"dns.svcb.svcparam.value", "abcd"}});
    test::golden("NID", "00018180 00000001 00000000 00006800 01000000 3c000a00 0a00144f ffff20ee 64",
                 {{"dns.ilnp.nid", "00144fffff20ee64"}, {"dns.ilnp.nid.preference", "10"}});
    test::golden("L32", "00018180 00000001 00000000 00006900 01000000 3c000600 0ac00002 01",
                 {{"dns.ilnp.l32", "192.0.2.1"}, {"dns.ilnp.l32.preference", "10"}});
    test::golden("L64", "00018180 00000001 00000000 00006a00 01000000 3c000a00 0a20010d b8114000 00",
                 {{"dns.ilnp.l64", "20010db811400000"}, {"dns.ilnp.l64.preference", "10"}});
    test::golden("LP", "00018180 00000001 00000000 00006b00 01000000 3c000800 0a016c02 657800",
                 {{"dns.ilnp.lp", "l.ex"}, {"dns.ilnp.lp.preference", "10"}});
    test::golden("EUI48", "00018180 00000001 00000000 00006c00 01000000 3c000600 005e0053 00",
                 {{"dns.eui48", "00:00:5e:00:53:00"}});
    test::golden("EUI64", "00018180 00000001 00000000 00006d00 01000000 3c000800 005effff 005300",
                 {{"dns.eui64", "00:00:5e:ff:ff:00:53:00"}});
  }
  void reads_later_records() { test::check_golden(dissect::dns_dissector, udp()); }
  void reads_signed_and_private_records_data() {
    test::golden_columns();
    test::golden("TKEY",
                 "00018180 00000001 00000000 0000f900 01000000 3c001e08 6773732d 74736967 005f5e10 005f5f61 80000500 "
                 "000002aa bb0002cc dd",
                 {{"dns.tkey.other_data", "ccdd"}});
    test::golden("TSIG",
                 "00018180 00000001 00000000 0000fa00 01000000 3c002208 686d6163 2d6d6435 0000005f 5e100001 2c0002aa "
                 "bb000100 12000600 005f5e10 01",
                 {{"dns.tsig.other_data", "00005f5e1001"}});
    test::golden("CAA issuewild",
                 "00018180 00000001 00000000 00010100 01000000 3c001000 09697373 75657769 6c646361 2e6578",
                 {{"dns.caa.issuewild", "ca.ex"}});
    test::golden("CAA iodef",
                 "00018180 00000001 00000000 00010100 01000000 3c001280 05696f64 65666d61 696c746f 3a614065 78",
                 {{"dns.caa.iodef", "mailto:a@ex"}});
    test::golden("CAA of another tag", "00018180 00000001 00000000 00010100 01000000 3c000c00 03746273 556e6b6e 6f776e",
                 {{"dns.caa.unknown", "Unknown"}});
    test::golden(
        "WINS",
        "00018180 00000001 00000000 00ff0100 01000000 3c001800 01000000 00000200 00038400 000002c0 000201c0 000202",
        {{"dns.wins.cache_timeout", "900"},
         {"dns.wins.local_flag", "0"},
         {"dns.wins.lookup_timeout", "2"},
         {"dns.wins.nb_wins_servers", "2"},
         {"dns.wins.wins_server", "192.0.2.1,192.0.2.2"}});
    test::golden("WINS local",
                 "00018180 00000001 00000000 00ff0100 01000000 3c001400 00000100 00000200 00038400 000001c0 000201",
                 {{"dns.wins.local_flag", "1"}});
    test::golden("WINS-R",
                 "00018180 00000001 00000000 00ff0200 01000000 3c001200 00000100 00000200 00038401 77026578 00",
                 {{"dns.winsr.cache_timeout", "900"},
                  {"dns.winsr.local_flag", "1"},
                  {"dns.winsr.lookup_timeout", "2"},
                  {"dns.winsr.name_result_domain", "w.ex"}});
    test::golden("XPF of IPv4", "00018180 00000001 00000000 00ff8e00 01000000 3c000e04 11c00002 01c00002 029c4000 35",
                 {{"dns.xpf.destination_ipv4", "192.0.2.2"},
                  {"dns.xpf.dport", "53"},
                  {"dns.xpf.ip_version", "4"},
                  {"dns.xpf.protocol", "17"},
                  {"dns.xpf.source_ipv4", "192.0.2.1"},
                  {"dns.xpf.sport", "40000"}});
    test::golden("XPF of IPv6",
                 "00018180 00000001 00000000 00ff8e00 01000000 3c002606 0620010d b8000000 00000000 00000000 0120010d "
                 "b8000000 00000000 00000000 029c4000 35",
                 {{"dns.xpf.destination_ipv6", "2001:db8::2"}, {"dns.xpf.source_ipv6", "2001:db8::1"}});
    test::golden("OPT subnet of another family",
                 "00018180 00000000 00000001 00002910 00000000 00000a00 08000600 031000aa bb",
                 {{"dns.opt.client.addr", "aabb"}});
    test::golden("OPT extended error", "00018180 00000000 00000001 00002910 00000000 00000a00 0f000600 126c6174 65",
                 {{"dns.opt.ext_error.extra_text", "late"}, {"dns.opt.ext_error.info_code", "18"}});
    test::golden("TTL beyond its range", "00018180 00000001 00000000 00000100 01800000 010004c0 000201",
                 {{"dns.ttl.high_bit_set", "1"}});
  }
  void reads_signed_and_private_records() { test::check_golden(dissect::dns_dissector, udp()); }
  void reads_stateful_operations_data() {
    test::golden_columns();
    test::golden("DSO keepalive and padding", "001e0001 30000000 00000000 00000001 00080000 3a980000 3a980003 00020000",
                 {{"dns.dso", "1"},
                  {"dns.dso.tlv", "1,1"},
                  {"dns.dso.tlv.encpad.padding", "0000"},
                  {"dns.dso.tlv.keepalive.inactivity", "15000"},
                  {"dns.dso.tlv.keepalive.interval", "15000"},
                  {"dns.dso.tlv.length", "8,2"},
                  {"dns.dso.tlv.type", "1,3"}});
    test::golden("DSO retry delay", "00140001 30000000 00000000 00000002 00040000 03e8",
                 {{"dns.dso.tlv.retrydelay.retrydelay", "1000"}});
    test::golden("DSO of another type", "00120001 30000000 00000000 0000f800 0002abcd", {{"dns.dso.tlv.data", "abcd"}});
  }
  void reads_stateful_operations() { test::check_golden(dissect::dns_dissector); }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::DnsRecordsTest)
#include "dns_records_test.moc"
