// PPP over Ethernet, session stage, RFC 2516.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kVersion, kType, kCode, kSession, kLength, kFieldCount };

constexpr NamedValue kCodeNames[] = {{0, "Session Data"}};
constexpr FieldDef kFields[] = {
    {"pppoe.version", "Version", FieldType::kUint},
    {"pppoe.type", "Type", FieldType::kUint},
    {"pppoe.code", "Code", FieldType::kUint, Show::kHex, 8, kCodeNames},
    {"pppoe.session_id", "Session ID", FieldType::kUint, Show::kHex, 16},
    {"pppoe.payload_length", "Payload Length", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x8864}};

Outcome dissect_pppoes(Cursor& in, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  const std::uint8_t octet = in.u8();
  if (in.ok()) {
    out.add(kVersion, octet >> 4U, first);
    out.add(kType, octet & 15U, first);
  }
  out.u8(in, kCode);
  const std::uint16_t session = out.u16(in, kSession);
  const std::uint16_t length = out.u16(in, kLength);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("Session");
  Cursor inner = in.sub(std::min<std::size_t>(length, in.left()));
  if (inner.left() == 0) return Outcome::kDone;
  if (!out.enter_tunnel({.name = "pppoes", .id = session, .has_id = true}, inner)) return Outcome::kDone;
  if (!out.next("ppp", inner)) out.data(inner);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector pppoes_dissector{.name = "pppoes",
                                                  .title = "PPP-over-Ethernet Session",
                                                  .column = "PPPoES",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .dissect = &dissect_pppoes};

}  // namespace pr::dissect
