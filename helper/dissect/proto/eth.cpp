// Ethernet II and IEEE 802.3 frames.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kDst,
  kDstOui,
  kDstLg,
  kDstIg,
  kSrc,
  kSrcOui,
  kSrcLg,
  kSrcIg,
  kType,
  kLen,
  kInvalidLentype,
  kPadding,
  kTrailer,
  kFcs,
  kFcsStatus,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"eth.dst", "Destination", FieldType::kEther},
    {"eth.dst.oui", "Destination OUI", FieldType::kUint},
    {"eth.dst.lg", "LG bit", FieldType::kBool},
    {"eth.dst.ig", "IG bit", FieldType::kBool},
    {"eth.src", "Source", FieldType::kEther},
    {"eth.src.oui", "Source OUI", FieldType::kUint},
    {"eth.src.lg", "LG bit", FieldType::kBool},
    {"eth.src.ig", "IG bit", FieldType::kBool},
    {"eth.type", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"eth.len", "Length", FieldType::kUint},
    {"eth.invalid_lentype", "Invalid length/type", FieldType::kUint, Show::kHex, 16},
    {"eth.padding", "Padding", FieldType::kBytes},
    {"eth.trailer", "Trailer", FieldType::kBytes},
    {"eth.fcs", "Frame check sequence", FieldType::kUint, Show::kHex, 32},
    {"eth.fcs.status", "FCS Status", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr const char* kAddr[] = {"eth.dst", "eth.src"};
constexpr const char* kAddrOui[] = {"eth.dst.oui", "eth.src.oui"};
constexpr const char* kLg[] = {"eth.dst.lg", "eth.src.lg"};
constexpr const char* kIg[] = {"eth.dst.ig", "eth.src.ig"};
constexpr AliasDef kAliases[] = {{"eth.addr", "Address", kAddr},
                                 {"eth.addr.oui", "Address OUI", kAddrOui},
                                 {"eth.lg", "LG bit", kLg},
                                 {"eth.ig", "IG bit", kIg}};

constexpr Bind kBinds[] = {{"link", 1},           {"ethertype", 0x6558},   {"ip.proto", 143},
                           {"gre.proto", 0x6558}, {"vxlan.next_proto", 3}, {"arcnet.protocol_id", 0xe8}};
constexpr const char* kTables[] = {"ethertype"};
constexpr TrailerFields kTrailers{kPadding, kTrailer, kFcs, kFcsStatus, true};
// Frames inside others come without their check sequence.
constexpr TrailerFields kInnerTrailers{kPadding, kTrailer, kFcs, kFcsStatus, false};

constexpr std::uint16_t kMaxLength = 1500;     // IEEE 802.3 clause 3.2.6: up to here a length,
constexpr std::uint16_t kMinEtherType = 1536;  // from here on a type

const TrailerFields& trailers(LayerBuilder& out) {
  return out.frame().tunnels_entered == 0 ? kTrailers : kInnerTrailers;
}

[[gnu::noinline]] void add_address(LayerBuilder& out, std::size_t field, Bytes address) {
  out.add(field, address, address);
  LayerBuilder::Subtree below(out);
  const Bytes oui = address.first(3);
  out.add(field + 1, static_cast<std::uint64_t>(oui[0] << 16U | oui[1] << 8U | oui[2]), oui);
  out.add(field + 2, address[0] >> 1U & 1U, oui);
  out.add(field + 3, address[0] & 1U, oui);
}

// IEEE 802.3: LLC within the length, padding behind. Novell's raw IPX starts with two octets that no LLC has.
Outcome dissect_8023(Cursor& in, LayerBuilder& out, std::uint16_t length) {
  const std::size_t wire = wire_left(in, out);
  const Bytes start = in.peek(2);
  const bool raw_ipx = start.size() == 2 && start[0] == 0xff && start[1] == 0xff;
  if (out.wanted() && length < wire) add_trailer(in, out, length, trailers(out));
  Cursor inner = in.sub(std::min<std::size_t>(length, in.left()));
  if (!out.next(raw_ipx ? "ipx" : "llc", inner)) out.data(inner);
  return Outcome::kDone;
}

// FabricPath uses the place of the addresses in a way of its own.
bool is_fabricpath(Bytes head) { return head.size() >= 14 && head[12] == 0x89 && head[13] == 0x03; }

Outcome dissect_eth(Cursor& in, LayerBuilder& out) {
  if (is_fabricpath(in.rest()) && out.next("cfp", in)) return Outcome::kDone;
  const Bytes dst = in.take(6);
  const Bytes src = in.take(6);
  if (out.wanted()) {
    if (dst.size() == 6) add_address(out, kDst, dst);
    if (src.size() == 6) add_address(out, kSrc, src);
    if (src.size() == 6) out.info("Ethernet II");
  }
  const Bytes where = in.peek(2);
  const std::uint16_t type = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  if (type <= kMaxLength) {
    out.add(kLen, type, where);
    return dissect_8023(in, out, type);
  }
  if (type < kMinEtherType) {
    out.add(kInvalidLentype, type, where);
    out.data(in);
    return Outcome::kDone;
  }
  out.add(kType, type, where);
  if (out.wanted()) {
    const auto stated = stated_length(type, in.rest());
    if (stated.has_value()) add_trailer(in, out, *stated, trailers(out));
  }
  if (!out.next(0, type, in)) {
    if (out.wanted()) out.column("0x" + hex16(type));
    out.data(in);
  }
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector eth_dissector{.name = "eth",
                                               .title = "Ethernet II",
                                               .column = "Ethernet",
                                               .fields = kFields,
                                               .aliases = kAliases,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_eth};

// Here because Ethernet is where trailers come from; 802.1Q frames have the same ones.
void add_trailer(const Cursor& in, LayerBuilder& out, std::size_t payload_wire, const TrailerFields& fields) {
  const std::size_t wire = wire_left(in, out);
  if (payload_wire >= wire) return;
  Bytes captured = in.rest();
  captured = captured.subspan(std::min(payload_wire, captured.size()));
  std::size_t reported = wire - payload_wire;
  const std::size_t before = out.packet().wire_len - std::min<std::size_t>(out.packet().wire_len, reported);
  if (out.packet().wire_len >= 60 && before < 60) {
    const std::size_t room = std::min({60 - before, reported, captured.size()});
    const Bytes padding = captured.first(room);
    if (room > 0 && std::ranges::all_of(padding, [](std::uint8_t octet) { return octet == 0; })) {
      out.add(fields.padding, padding, padding);
      captured = captured.subspan(room);
      reported -= room;
    }
  }
  const bool has_fcs = fields.has_fcs && out.packet().wire_len >= 64 && reported >= 4;
  Bytes trailer = captured;
  if (has_fcs) trailer = trailer.first(std::min(trailer.size(), reported - 4));
  if (!trailer.empty()) out.add(fields.trailer, trailer, trailer);
  if (!has_fcs || captured.size() < reported) return;
  const Bytes fcs = captured.subspan(reported - 4, 4);
  out.add(fields.fcs, std::uint64_t{fcs[0]} << 24U | static_cast<std::uint64_t>(fcs[1] << 16U | fcs[2] << 8U | fcs[3]),
          fcs);
  out.add(fields.fcs_status, 2, Bytes{});
}

}  // namespace pr::dissect
