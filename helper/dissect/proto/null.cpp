// BSD loopback: four octets of protocol family in the byte order of the machine that captured; OpenBSD's in network
// order. Both orders are understood for both link types.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kFamilyNames[] = {
    {2, "IP"},           {7, "OSI"},         {10, "IPv6 (Linux)"},   {16, "Appletalk"},
    {23, "Netware IPX"}, {24, "IPv6 (BSD)"}, {28, "IPv6 (FreeBSD)"}, {30, "IPv6 (Darwin)"}};

enum Field : std::size_t { kFamily, kType, kFieldCount };

constexpr FieldDef kFields[] = {
    {"null.family", "Family", FieldType::kUint, Show::kDec, 0, kFamilyNames},
    {"null.type", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 0}, {"link", 108}};
constexpr const char* kTables[] = {"null.bsd", "ethertype"};

std::uint32_t swapped(std::uint32_t value) { return __builtin_bswap32(value); }

// Families are small numbers: a value with its high half set was written the other way round, or in 16 bits.
std::uint32_t family_of(std::uint32_t little_endian) {
  if ((little_endian & 0xffff0000U) == 0) return little_endian;
  if ((little_endian & 0xff000000U) == 0 && (little_endian & 0x00ff0000U) < 0x00060000U) {
    return static_cast<std::uint16_t>((little_endian & 0xffU) << 8U | (little_endian >> 8U & 0xffU));
  }
  return swapped(little_endian);
}

Outcome dissect_null(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.peek(4);
  if (start.size() >= 2 && start[0] == 0xff && start[1] == 0x03 && out.next("ppp", in)) return Outcome::kDone;
  const std::uint32_t family = family_of(in.u32le());
  if (!in.ok()) return Outcome::kTruncated;
  constexpr std::uint32_t kMaxLength = 1500;
  if (family > kMaxLength) {
    out.add(kType, family & 0xffffU, start);
    if (family > 0xffff || !out.next(1, family, in)) out.data(in);
    return Outcome::kDone;
  }
  out.add(kFamily, family, start);
  if (!out.next(0, family, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector null_dissector{.name = "null",
                                                .title = "Null/Loopback",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .tables = kTables,
                                                .dissect = &dissect_null};

}  // namespace pr::dissect
