// Cisco's address resolution and keepalives on serial lines.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{0, "Address request"}, {1, "Address reply"}, {2, "Line keepalive"}};

enum Field : std::size_t { kType, kAddress, kNetmask, kMine, kYours, kReliability, kFieldCount };

constexpr FieldDef kFields[] = {
    {"slarp.ptype", "Packet type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"slarp.address", "Address", FieldType::kIpv4},
    {"slarp.netmask", "Netmask", FieldType::kIpv4},
    {"slarp.mysequence", "Outgoing sequence number", FieldType::kUint},
    {"slarp.yoursequence", "Returned sequence number", FieldType::kUint},
    {"slarp.reliability", "Reliability", FieldType::kUint, Show::kHex, 16},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"chdlc.protocol", 0x8035}};
constexpr std::uint32_t kKeepalive = 2;

Outcome dissect_slarp(Cursor& in, LayerBuilder& out) {
  const std::uint32_t type = out.u32(in, kType);
  if (type < kKeepalive) {
    out.ipv4(in, kAddress);
    out.ipv4(in, kNetmask);
  } else if (type == kKeepalive) {
    const std::uint32_t mine = out.u32(in, kMine);
    const std::uint32_t yours = out.u32(in, kYours);
    out.u16(in, kReliability);
    if (out.wanted() && in.ok()) {
      out.info("Line keepalive, outgoing sequence " + std::to_string(mine) + ", returned sequence " +
               std::to_string(yours));
    }
  }
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector slarp_dissector{.name = "slarp",
                                                 .title = "Cisco SLARP",
                                                 .column = "SLARP",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_slarp};

}  // namespace pr::dissect
