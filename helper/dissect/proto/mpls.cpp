// MPLS label stacks, RFC 3032. What is behind them is not said: IP by its first half octet, else a guess at Ethernet
// (pwethheuristic).
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/tunnel_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kLabelNames[] = {{0, "IPv4 Explicit-Null"},
                                      {1, "Router Alert"},
                                      {2, "IPv6 Explicit-Null"},
                                      {3, "Implicit-Null"},
                                      {7, "Entropy Label Indicator (ELI)"},
                                      {13, "Generic Associated Channel Label (GAL)"},
                                      {14, "OAM Alert"}};

enum Field : std::size_t { kLabel, kExp, kBottom, kTtl, kFieldCount };

constexpr FieldDef kFields[] = {
    {"mpls.label", "MPLS Label", FieldType::kUint, Show::kDec, 0, kLabelNames},
    {"mpls.exp", "MPLS Experimental Bits", FieldType::kUint},
    {"mpls.bottom", "MPLS Bottom Of Label Stack", FieldType::kUint},
    {"mpls.ttl", "MPLS TTL", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x8847},      {"ethertype", 0x8848}, {"ppp.protocol", 0x0281},
                           {"ppp.protocol", 0x0283},   {"gre.proto", 0x8847}, {"gre.proto", 0x8848},
                           {"chdlc.protocol", 0x8847}, {"ip.proto", 137},     {"vxlan.next_proto", 5},
                           {"udp.tunnel", 6635}};
constexpr const char* kTables[] = {"ip.version"};
constexpr std::uint16_t kUdpPort = 6635;

// Over UDP a port alone says little.
bool is_stack(Bytes data) {
  for (std::size_t at = 0; at + 4 <= data.size() && at < 16 * 4U; at += 4) {
    if ((data[at + 2] & 1U) == 0) continue;
    return at + 4 < data.size() && looks_like_ip(data.subspan(at + 4));
  }
  return false;
}

Outcome dissect_mpls(Cursor& in, LayerBuilder& out) {
  const Frame& frame = out.frame();
  const bool over_udp = frame.ip_proto == kIpProtoUdp && (frame.dst.port == kUdpPort || frame.src.port == kUdpPort);
  if (over_udp && !is_stack(in.rest())) return Outcome::kNotMine;
  std::uint32_t entry = 0;
  std::uint32_t label = 0;
  do {
    const Bytes where = in.peek(4);
    entry = in.u32();
    if (!in.ok()) return Outcome::kTruncated;
    label = entry >> 12U;
    if (!out.wanted()) continue;
    out.add(kLabel, label, where.first(3));
    out.add(kExp, entry >> 9U & 7U, where.subspan(2, 1));
    out.add(kBottom, entry >> 8U & 1U, where.subspan(2, 1));
    out.add(kTtl, entry & 0xffU, where.subspan(3));
  } while ((entry & 0x100U) == 0);
  if (out.wanted()) out.info("MPLS Label Switched Packet");
  if (in.left() == 0) return Outcome::kDone;
  if (!out.enter_tunnel({.name = "mpls", .id = label, .has_id = true}, in)) return Outcome::kDone;
  const unsigned version = in.rest()[0] >> 4U;
  if ((version == 4 || version == 6) && out.next(0, version, in)) return Outcome::kDone;
  if (version == 1 || !out.next("pwethheuristic", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector mpls_dissector{.name = "mpls",
                                                .title = "MultiProtocol Label Switching Header",
                                                .column = "MPLS",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .tables = kTables,
                                                .dissect = &dissect_mpls};

}  // namespace pr::dissect
