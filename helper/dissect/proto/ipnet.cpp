// Solaris' IP observability devices (ipnet): interface and zones in front of an IP packet.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kFamilyNames[] = {{2, "Solaris AF_INET"}, {26, "Solaris AF_INET6"}};
constexpr NamedValue kHookNames[] = {{0, "Inbound"}, {1, "Outbound"}, {2, "Local"}};

enum Field : std::size_t { kVersion, kFamily, kHook, kDataLength, kInterface, kGroup, kSrcZone, kDstZone, kFieldCount };

constexpr FieldDef kFields[] = {
    {"ipnet.version", "Header version", FieldType::kUint},
    {"ipnet.family", "Address family", FieldType::kUint, Show::kDec, 0, kFamilyNames},
    {"ipnet.htype", "Hook type", FieldType::kUint, Show::kDec, 0, kHookNames},
    {"ipnet.pktlen", "Data length", FieldType::kUint},
    {"ipnet.ifindex", "Interface index", FieldType::kUint},
    {"ipnet.grifindex", "Group interface index", FieldType::kUint},
    {"ipnet.zsrc", "Source Zone ID", FieldType::kUint},
    {"ipnet.zdst", "Destination Zone ID", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 226}};
constexpr const char* kTables[] = {"ip.version"};
constexpr std::uint8_t kInet = 2, kInet6 = 26;

Outcome dissect_ipnet(Cursor& in, LayerBuilder& out) {
  out.u8(in, kVersion);
  const std::uint8_t family = out.u8(in, kFamily);
  out.u16(in, kHook);
  for (std::size_t field = kDataLength; field <= kDstZone; ++field) out.u32(in, field);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("IPNET");
  const unsigned version = family == kInet ? 4 : family == kInet6 ? 6 : 0;
  if (version == 0 || !out.next(0, version, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ipnet_dissector{.name = "ipnet",
                                                 .title = "Solaris IPNET",
                                                 .column = "IPNET",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .tables = kTables,
                                                 .dissect = &dissect_ipnet};

}  // namespace pr::dissect
