// Token Ring, IEEE 802.5, with source routing.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{0, "MAC"}, {1, "LLC"}, {2, "Reserved"}, {3, "Unknown"}};

enum Field : std::size_t {
  kAccess,
  kPriority,
  kFrame,
  kMonitor,
  kReservation,
  kControl,
  kType,
  kPcf,
  kDst,
  kSrc,
  kRouted,
  kRifBytes,
  kBroadcast,
  kMaxFrame,
  kDirection,
  kRing,
  kBridge,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"tr.ac", "Access Control", FieldType::kUint, Show::kHex, 8},
    {"tr.priority", "Priority", FieldType::kUint},
    {"tr.frame", "Frame", FieldType::kBool},
    {"tr.monitor_cnt", "Monitor Count", FieldType::kUint},
    {"tr.priority_reservation", "Priority Reservation", FieldType::kUint},
    {"tr.fc", "Frame Control", FieldType::kUint, Show::kHex, 8},
    {"tr.frame_type", "Frame Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"tr.frame_pcf", "Frame PCF", FieldType::kUint},
    {"tr.dst", "Destination", FieldType::kEther},
    {"tr.src", "Source", FieldType::kEther},
    {"tr.sr", "Source Routed", FieldType::kBool},
    {"tr.rif_bytes", "RIF Bytes", FieldType::kUint},
    {"tr.broadcast", "Broadcast Type", FieldType::kUint},
    {"tr.max_frame_size", "Maximum Frame Size", FieldType::kUint},
    {"tr.direction", "Direction", FieldType::kUint},
    {"tr.rif.ring", "RIF Ring", FieldType::kUint, Show::kHex, 16},
    {"tr.rif.bridge", "RIF Bridge", FieldType::kUint, Show::kHex, 8},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr const char* kAddress[] = {"tr.dst", "tr.src"};
constexpr AliasDef kAliases[] = {{"tr.addr", "Source or Destination Address", kAddress}};
constexpr Bind kBinds[] = {{"link", 6}};
constexpr unsigned kLlc = 1;

void add_control(std::uint8_t access, std::uint8_t control, Bytes where, LayerBuilder& out) {
  const Bytes first = where.first(1);
  const Bytes second = where.subspan(1);
  out.add(kAccess, access, first);
  {
    LayerBuilder::Subtree below(out);
    out.add(kPriority, access >> 5U, first);
    out.add(kFrame, access >> 4U & 1U, first);
    out.add(kMonitor, access >> 3U & 1U, first);
    out.add(kReservation, access & 7U, first);
  }
  out.add(kControl, control, second);
  LayerBuilder::Subtree below(out);
  out.add(kType, control >> 6U, second);
  out.add(kPcf, control & 0xfU, second);
}

// The route: two octets of control, then a ring and the bridge that leads to the next one.
bool read_route(Cursor& in, LayerBuilder& out) {
  const Bytes control = in.peek(2);
  if (control.size() < 2) return false;
  const std::size_t length = control[0] & 0x1fU;
  if (length < 2 || length % 2 != 0 || length > in.left()) return false;
  Cursor route = in.sub(length);
  if (!out.wanted()) return true;
  out.add(kRifBytes, length, control.first(1));
  out.add(kBroadcast, control[0] >> 5U, control.first(1));
  out.add(kMaxFrame, control[1] & 0x70U, control.subspan(1));
  out.add(kDirection, control[1] >> 7U, control.subspan(1));
  route.skip(2);
  while (route.left() >= 2) {
    const Bytes where = route.peek(2);
    const std::uint16_t hop = route.u16();
    out.add(kRing, hop >> 4U, where);
    if (route.left() > 0) out.add(kBridge, hop & 0xfU, where.subspan(1));
  }
  return true;
}

Outcome dissect_tr(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint8_t access = in.u8();
  const std::uint8_t control = in.u8();
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) add_control(access, control, where, out);
  out.bytes(in, kDst, 6);
  const Bytes src = in.take(6);
  if (!in.ok()) return Outcome::kTruncated;
  const bool routed = (src[0] & 0x80U) != 0;
  if (out.wanted()) {
    std::string plain(reinterpret_cast<const char*>(src.data()), src.size());
    plain[0] = static_cast<char>(src[0] & 0x7fU);
    out.add_text(kSrc, plain, src);
    out.add(kRouted, routed ? 1 : 0, src.first(1));
    out.info("Token-Ring " + std::string(name_of(kTypeNames, control >> 6U, "Unknown")));
  }
  if (routed && !read_route(in, out)) return Outcome::kTruncated;
  if (control >> 6U != kLlc || !out.next("llc", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector tr_dissector{.name = "tr",
                                              .title = "Token-Ring",
                                              .column = "TR",
                                              .fields = kFields,
                                              .aliases = kAliases,
                                              .binds = kBinds,
                                              .dissect = &dissect_tr};

}  // namespace pr::dissect
