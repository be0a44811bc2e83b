// IP over InfiniBand, RFC 4391: a global route header that names the receiver, a type and two reserved octets.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kDst,
  kDstQpn,
  kDstGid,
  kRoute,
  kVersion,
  kTrafficClass,
  kFlowLabel,
  kSrcQpn,
  kSrcGid,
  kType,
  kReserved,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ipoib.daddr", "Destination address", FieldType::kNone},
    {"ipoib.daddr.qpn", "Destination QPN", FieldType::kUint, Show::kHex, 24},
    {"ipoib.dgid", "Destination GID", FieldType::kIpv6},
    {"ipoib.grh", "Global Route Header", FieldType::kNone},
    {"ipoib.grh.ipver", "IP Version", FieldType::kUint},
    {"ipoib.grh.tclass", "Traffic Class", FieldType::kUint},
    {"ipoib.grh.flowlabel", "Flow Label", FieldType::kUint},
    {"ipoib.grh.sqpn", "Source QPN", FieldType::kUint, Show::kHex, 24},
    {"ipoib.grh.sgid", "Source GID", FieldType::kIpv6},
    {"ipoib.type", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"ipoib.reserved", "Reserved", FieldType::kUint, Show::kHex, 16},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 242}};
// Ethernet types; what is found in this table stands directly below.
constexpr const char* kTables[] = {"llc.type"};
constexpr std::size_t kRouteLength = 40;

// A received packet has the whole route header, a sent one only the receiver's address at its end.
void add_addresses(Bytes head, LayerBuilder& out) {
  const auto qpn = [head](std::size_t at) {
    return static_cast<std::uint64_t>(head[at] << 16U | head[at + 1] << 8U | head[at + 2]);
  };
  const bool route = head[0] >> 4U == 6;
  const Bytes gid = head.subspan(24, 16);
  if (!route) {
    out.mark(kDst, head.subspan(20));
    LayerBuilder::Subtree below(out);
    out.add(kDstQpn, qpn(21), head.subspan(21, 3));
    out.add(kDstGid, gid, gid);
    return;
  }
  out.mark(kRoute, head);
  LayerBuilder::Subtree below(out);
  out.add(kVersion, head[0] >> 4U, head.first(1));
  out.add(kTrafficClass, (head[0] & 0xfU) << 4U | head[1] >> 4U, head.first(2));
  out.add(kFlowLabel, static_cast<std::uint64_t>((head[1] & 0xfU) << 16U | head[2] << 8U | head[3]), head.first(4));
  out.add(kSrcQpn, qpn(5), head.subspan(5, 3));
  out.add(kSrcGid, head.subspan(8, 16), head.subspan(8, 16));
  out.add(kDstGid, gid, gid);
}

Outcome dissect_ipoib(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.take(kRouteLength);
  const std::uint16_t type = out.u16(in, kType);
  out.u16(in, kReserved);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    add_addresses(head, out);
    out.info("IP over Infiniband");
  }
  if (!out.next(0, type, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ipoib_dissector{.name = "ipoib",
                                                 .title = "IP over Infiniband",
                                                 .column = "IPoIB",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .tables = kTables,
                                                 .dissect = &dissect_ipoib};

}  // namespace pr::dissect
