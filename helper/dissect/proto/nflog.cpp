// Packets that Linux' netfilter logs (NFLOG): attributes in the byte order of the machine, the packet in one of them.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kFamilyNames[] = {{2, "IPv4"}, {7, "Bridge"}, {10, "IPv6"}};
constexpr NamedValue kTypeNames[] = {{1, "NFULA_PACKET_HDR"},
                                     {2, "NFULA_MARK"},
                                     {3, "NFULA_TIMESTAMP"},
                                     {4, "NFULA_IFINDEX_INDEV"},
                                     {5, "NFULA_IFINDEX_OUTDEV"},
                                     {6, "NFULA_IFINDEX_PHYSINDEV"},
                                     {7, "NFULA_IFINDEX_PHYSOUTDEV"},
                                     {8, "NFULA_HWADDR"},
                                     {9, "NFULA_PAYLOAD"},
                                     {10, "NFULA_PREFIX"},
                                     {11, "NFULA_UID"},
                                     {12, "NFULA_SEQ"},
                                     {13, "NFULA_SEQ_GLOBAL"},
                                     {14, "NFULA_GID"},
                                     {15, "NFULA_HWTYPE"},
                                     {16, "NFULA_HWHEADER"},
                                     {17, "NFULA_HWLEN"}};
constexpr NamedValue kHookNames[] = {
    {0, "Pre-routing"}, {1, "Local in"}, {2, "Forward"}, {3, "Local out"}, {4, "Post-routing"}};

enum Field : std::size_t {
  kFamily,
  kVersion,
  kResource,
  kTlv,
  kTlvLength,
  kTlvType,
  kProtocol,
  kHook,
  kInDevice,
  kOutDevice,
  kPhysicalIn,
  kPhysicalOut,
  kPrefix,
  kUid,
  kGid,
  kTimestamp,
  kTlvValue,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"nflog.family", "Family", FieldType::kUint, Show::kDec, 0, kFamilyNames},
    {"nflog.version", "Version", FieldType::kUint},
    {"nflog.res_id", "Resource id", FieldType::kUint},
    {"nflog.tlv", "TLV", FieldType::kBytes},
    {"nflog.tlv_length", "Length", FieldType::kUint},
    {"nflog.tlv_type", "Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"nflog.protocol", "HW protocol", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"nflog.hook", "Netfilter hook", FieldType::kUint, Show::kDec, 0, kHookNames},
    {"nflog.ifindex_indev", "IFINDEX_INDEV", FieldType::kUint},
    {"nflog.ifindex_outdev", "IFINDEX_OUTDEV", FieldType::kUint},
    {"nflog.ifindex_physindev", "IFINDEX_PHYSINDEV", FieldType::kUint},
    {"nflog.ifindex_physoutdev", "IFINDEX_PHYSOUTDEV", FieldType::kUint},
    {"nflog.prefix", "Prefix", FieldType::kText},
    {"nflog.uid", "UID", FieldType::kInt},
    {"nflog.gid", "GID", FieldType::kInt},
    {"nflog.timestamp", "Timestamp", FieldType::kTime},
    {"nflog.tlv_value", "Value", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 239}};
constexpr const char* kTables[] = {"null.bsd"};

enum Attribute : std::uint16_t {
  kPacketHeader = 1,
  kTime = 3,
  kFirstDevice = 4,
  kLastDevice = 7,
  kPayload = 9,
  kPrefixText = 10,
  kUserId = 11,
  kGroupId = 14
};
constexpr std::uint16_t kTypeMask = 0x7fff;
constexpr std::size_t kHead = 4;
constexpr std::uint8_t kBridge = 7;

// The first attribute's length tells the byte order: read the wrong way round it is at least 1,024.
bool is_little_endian(Bytes attributes) {
  return attributes.size() < 2 || attributes[1] == 0 ||
         (attributes[0] != 0 && static_cast<std::size_t>(attributes[1] << 8U | attributes[0]) <= attributes.size());
}

void add_time(Cursor value, LayerBuilder& out) {
  const Bytes where = value.peek(16);
  const std::uint64_t seconds = value.u64();
  const std::uint64_t micros = value.u64();
  constexpr std::uint64_t kMaxSeconds = 0xffffffff;
  if (!value.ok() || seconds > kMaxSeconds || micros >= 1'000'000) return;
  out.add(kTimestamp, seconds * 1'000'000'000 + micros * 1'000, where);
}

// Values are in network order, whatever the heads are in.
void add_value(std::uint16_t type, Cursor value, LayerBuilder& out) {
  if (type == kPacketHeader) {
    out.u16(value, kProtocol);
    out.u8(value, kHook);
  } else if (type == kTime) {
    add_time(value, out);
  } else if (type >= kFirstDevice && type <= kLastDevice) {
    out.u32(value, kInDevice + (type - kFirstDevice));
  } else if (type == kPrefixText) {
    const Bytes text = value.rest();
    const auto end = std::ranges::find(text, std::uint8_t{0});
    out.add(kPrefix, text.first(static_cast<std::size_t>(end - text.begin())), text);
  } else if (type == kUserId || type == kGroupId) {
    const Bytes where = value.peek(4);
    const auto id = static_cast<std::int32_t>(value.u32());
    if (value.ok()) out.add(type == kUserId ? kUid : kGid, static_cast<std::uint64_t>(std::int64_t{id}), where);
  } else if (type != kPayload) {
    out.add(kTlvValue, value.rest(), value.rest());
  }
}

// The packet, or a cursor without octets where none was logged.
Cursor read_attributes(Cursor& in, LayerBuilder& out) {
  const bool little = is_little_endian(in.rest());
  Cursor payload(Bytes{});
  while (in.left() > 0) {
    const Bytes start = in.rest();
    const std::uint16_t length = little ? in.u16le() : in.u16();
    const std::uint16_t type = (little ? in.u16le() : in.u16()) & kTypeMask;
    if (!in.ok() || length < kHead) {
      in.fail();
      break;
    }
    const Cursor value = in.sub(std::min<std::size_t>(length - kHead, in.left()));
    if (out.wanted()) {
      const Bytes whole = start.first(std::min<std::size_t>(length, start.size()));
      out.add(kTlv, whole, whole);
      LayerBuilder::Subtree below(out);
      out.add(kTlvLength, length, whole.first(2));
      out.add(kTlvType, type, whole.subspan(2, 2));
      add_value(type, value, out);
    }
    if (type == kPayload) payload = value;
    in.skip(std::min<std::size_t>((4U - length % 4U) % 4U, in.left()));
  }
  return payload;
}

Outcome dissect_nflog(Cursor& in, LayerBuilder& out) {
  const std::uint8_t family = out.u8(in, kFamily);
  out.u8(in, kVersion);
  out.u16(in, kResource);
  if (!in.ok()) return Outcome::kTruncated;
  Cursor payload = read_attributes(in, out);
  if (out.wanted()) out.info("NFLOG");
  const bool ok = in.ok();
  if (payload.left() > 0 && !(family == kBridge ? out.next("eth", payload) : out.next(0, family, payload))) {
    out.data(payload);
  }
  return ok ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector nflog_dissector{.name = "nflog",
                                                 .title = "Linux Netfilter NFLOG",
                                                 .column = "NFLOG",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .tables = kTables,
                                                 .dissect = &dissect_nflog};

}  // namespace pr::dissect
