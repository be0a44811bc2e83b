// BSD loopback: LINKTYPE_NULL (address family in the order of the machine that captured) and LINKTYPE_LOOP (network
// order). Some writers put an Ethernet type, or PPP's ff 03 xx xx, in the same four octets.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kFamily, kType };

constexpr NamedValue kFamilies[] = {{2, "IP"},    {7, "OSI"},   {10, "IPv6"}, {16, "Appletalk"}, {23, "Netware IPX/SPX"},
                                    {24, "IPv6"}, {28, "IPv6"}, {30, "IPv6"}};
constexpr FieldDef kFields[] = {{"null.family", "Family", FieldType::kUint, Show::kDec, 0, kFamilies},
                                {"null.type", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames}};
constexpr Bind kBinds[] = {{"link", 0}, {"link", 108}};
constexpr const char* kTables[] = {"ethertype"};
constexpr std::uint16_t kLinkLoop = 108;

Outcome dissect_null(Cursor& in, LayerBuilder& out) {
  const bool network_order = out.packet().link_type == kLinkLoop;
  const Bytes head = in.peek(4);
  if (!network_order && head.size() == 4 && head[0] == 0xff && head[1] == 0x03) {
    in.skip(2);
    return out.next("ppp", in) ? Outcome::kDone : Outcome::kMalformed;
  }
  std::uint32_t family = network_order ? in.u32() : in.u32le();
  if (!in.ok()) return Outcome::kTruncated;
  // A big family is one of the other byte order, or with the type in the upper half.
  if (!network_order && (family & 0xffff0000U) != 0) family = __builtin_bswap32(family);
  if (family > 0x05dc) {
    const auto type = static_cast<std::uint16_t>(family);
    out.add(kType, type, head.last(2));
    if (!out.next(0, type, in)) out.data(in);
    return Outcome::kDone;
  }
  out.add(kFamily, family, head);
  const bool ipv6 = family == 10 || family == 24 || family == 28 || family == 30;
  const bool taken = family == 2 ? out.next("ip", in) : ipv6 && out.next("ipv6", in);
  if (!taken) out.data(in);
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
