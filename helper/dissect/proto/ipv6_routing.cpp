// The routing header of IPv6, RFC 8200 section 4.4: source routes (deprecated, RFC 5095), mobility (RFC 6275) and
// segment routing (RFC 8754).
#include "helper/dissect/proto/ipv6/extension.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{0, "Source Route"},
                                     {1, "Nimrod"},
                                     {2, "Type 2 Routing"},
                                     {3, "RPL Source Route"},
                                     {4, "Segment Routing"},
                                     {5, "Compact Routing Header (16 bit)"},
                                     {6, "Compact Routing Header (32 bit)"}};

enum Field : std::size_t {
  kNxt,
  kLen,
  kLenOct,
  kType,
  kSegleft,
  kSrcReserved,
  kSrcAddr,
  kMipv6Reserved,
  kMipv6HomeAddress,
  kSrhLastEntry,
  kSrhFlags,
  kSrhTag,
  kSrhAddr,
  kUnknownData,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ipv6.routing.nxt", "Next Header", FieldType::kUint, Show::kDec, 0, kIpProtoNames},
    {"ipv6.routing.len", "Length", FieldType::kUint},
    {"ipv6.routing.len_oct", "Length", FieldType::kUint},
    {"ipv6.routing.type", "Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"ipv6.routing.segleft", "Segments Left", FieldType::kUint},
    {"ipv6.routing.src.reserved", "Reserved", FieldType::kBytes},
    {"ipv6.routing.src.addr", "Address", FieldType::kIpv6},
    {"ipv6.routing.mipv6.reserved", "Reserved", FieldType::kBytes},
    {"ipv6.routing.mipv6.home_address", "Home Address", FieldType::kIpv6},
    {"ipv6.routing.srh.last_entry", "Last Entry", FieldType::kUint},
    {"ipv6.routing.srh.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"ipv6.routing.srh.tag", "Tag", FieldType::kBytes},
    {"ipv6.routing.srh.addr", "Address", FieldType::kIpv6},
    {"ipv6.routing.unknown_data", "Type-Specific Data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoRouting}};
constexpr const char* kTables[] = {"ip.proto"};

enum Type : std::uint8_t { kSource = 0, kMobile = 2, kSegments = 4 };

// Returns the address that the packet goes to in the end; empty: the header does not say.
Bytes read_addresses(Cursor& body, LayerBuilder& out, std::uint8_t type) {
  Bytes last, first;
  const std::size_t field = type == kSource ? kSrcAddr : type == kMobile ? kMipv6HomeAddress : kSrhAddr;
  while (body.left() >= 16) {
    last = out.bytes(body, field, 16);
    if (first.empty()) first = last;
  }
  return type == kSegments ? first : last;  // segments stand in reverse
}

Bytes read_body(Cursor& body, LayerBuilder& out, std::uint8_t type) {
  switch (type) {
    case kSource: out.bytes(body, kSrcReserved, 4); return read_addresses(body, out, type);
    case kMobile: out.bytes(body, kMipv6Reserved, 4); return read_addresses(body, out, type);
    case kSegments: {
      const std::uint8_t last_entry = out.u8(body, kSrhLastEntry);
      out.u8(body, kSrhFlags);
      out.bytes(body, kSrhTag, 2);
      Cursor list = body.sub(std::min<std::size_t>(body.left(), (last_entry + std::size_t{1}) * 16));
      return read_addresses(list, out, type);
    }
    default:
      if (body.left() > 0) out.bytes(body, kUnknownData, body.left());
      return {};
  }
}

Outcome dissect_routing(Cursor& in, LayerBuilder& out) {
  if (!ipv6::enter_extension(in, out)) return Outcome::kDone;
  const std::uint8_t next = out.u8(in, kNxt);
  const Bytes where = in.peek(1);
  const std::uint8_t units = out.u8(in, kLen);
  if (!in.ok()) return Outcome::kTruncated;
  const std::size_t length = (units + std::size_t{1}) * 8;
  out.add(kLenOct, length, where);
  const std::uint8_t type = out.u8(in, kType);
  const std::uint8_t segments_left = out.u8(in, kSegleft);
  if (!in.ok()) return Outcome::kTruncated;
  Cursor body = in.sub(std::min(length - 4, in.left()));
  const bool whole = body.left() == length - 4;
  const Bytes destination = read_body(body, out, type);
  if (!whole) return Outcome::kTruncated;
  if (segments_left > 0 && destination.size() == 16 && !out.quoted()) {
    out.frame().dst.ip = IpAddress::from(destination);
  }
  ipv6::dissect_next(next, length, in, out);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ipv6_routing_dissector{.name = "ipv6.routing",
                                                        .title = "Routing Header for IPv6",
                                                        .fields = kFields,
                                                        .binds = kBinds,
                                                        .tables = kTables,
                                                        .dissect = &dissect_routing};

}  // namespace pr::dissect
