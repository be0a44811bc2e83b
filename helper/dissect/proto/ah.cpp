// IP authentication header, RFC 4302. What it protects stays readable.
#include "helper/dissect/proto/ipv6/extension.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kNextHeader, kLength, kReserved, kSpi, kSequence, kIcv, kFieldCount };

constexpr FieldDef kFields[] = {
    {"ah.next_header", "Next header", FieldType::kUint, Show::kDec, 0, kIpProtoNames},
    {"ah.length", "Length", FieldType::kUint},
    {"ah.reserved", "Reserved", FieldType::kBytes},
    {"ah.spi", "AH SPI", FieldType::kUint, Show::kHex, 32},
    {"ah.sequence", "AH Sequence", FieldType::kUint},
    {"ah.icv", "AH ICV", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoAh}};
constexpr const char* kTables[] = {"ip.proto"};
constexpr std::size_t kFixed = 12;

Outcome dissect_ah(Cursor& in, LayerBuilder& out) {
  if (!ipv6::enter_extension(in, out)) return Outcome::kDone;
  const Bytes start = in.rest();
  const std::uint8_t next = out.u8(in, kNextHeader);
  const std::uint8_t units = out.u8(in, kLength);
  out.bytes(in, kReserved, 2);
  out.u32(in, kSpi);
  out.u32(in, kSequence);
  if (!in.ok()) return Outcome::kTruncated;
  const std::size_t length = (units + std::size_t{2}) * 4;
  if (length > kFixed) out.bytes(in, kIcv, length - kFixed);
  if (!in.ok()) return Outcome::kTruncated;
  // A length that stops within the fixed part is believed all the same: what follows begins there.
  Cursor rest(start.subspan(length));
  ipv6::dissect_next(next, length, rest, out);
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ah_dissector{.name = "ah",
                                              .title = "Authentication Header",
                                              .column = "AH",
                                              .fields = kFields,
                                              .binds = kBinds,
                                              .tables = kTables,
                                              .dissect = &dissect_ah};

}  // namespace pr::dissect
