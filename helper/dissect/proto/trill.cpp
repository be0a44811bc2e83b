// TRILL data frames, RFC 6325 section 3: Ethernet between routing bridges.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kVersion,
  kReserved,
  kMultiDestination,
  kOptionLength,
  kHopCount,
  kEgress,
  kIngress,
  kOptions,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"trill.version", "Version", FieldType::kUint},
    {"trill.reserved", "Reserved", FieldType::kUint},
    {"trill.multi_dst", "Multi Destination", FieldType::kBool},
    {"trill.op_len", "Option Length", FieldType::kUint},
    {"trill.hop_cnt", "Hop Count", FieldType::kUint},
    {"trill.egress_nick", "Egress/Root RBridge Nickname", FieldType::kUint},
    {"trill.ingress_nick", "Ingress RBridge Nickname", FieldType::kUint},
    {"trill.options", "Options", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x22f3}, {"ppp.protocol", 0x005d}};

Outcome dissect_trill(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t head = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  const std::size_t options = (head >> 6U & 0x1fU) * std::size_t{4};
  if (out.wanted()) {
    out.add(kVersion, head >> 14U, where);
    out.add(kReserved, head >> 12U & 3U, where);
    out.add(kMultiDestination, head >> 11U & 1U, where);
    out.add(kOptionLength, head >> 6U & 0x1fU, where);
    out.add(kHopCount, head & 0x3fU, where);
    out.info("TRILL");
  }
  const std::uint16_t egress = out.u16(in, kEgress);
  out.u16(in, kIngress);
  if (options > 0) out.bytes(in, kOptions, options);
  if (!in.ok()) return Outcome::kTruncated;
  if (in.left() == 0) return Outcome::kDone;
  if (!out.enter_tunnel({.name = "trill", .id = egress, .has_id = true}, in)) return Outcome::kDone;
  if (!out.next("eth", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector trill_dissector{.name = "trill",
                                                 .title = "TRILL",
                                                 .column = "TRILL",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_trill};

}  // namespace pr::dissect
