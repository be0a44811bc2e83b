// Cisco VLAN Trunking Protocol, over SNAP: versions 1 and 2.
#include <utility>

#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kCodeNames[] = {
    {1, "Summary Advertisement"}, {2, "Subset Advertisement"}, {3, "Advertisement Request"}, {4, "Join/Prune Message"}};

enum Field : std::size_t {
  kVersion,
  kCode,
  kFollowers,
  kSeqNum,
  kStartValue,
  kMdLen,
  kMd,
  kConfRevNum,
  kUpdId,
  kUpdTs,
  kMd5Digest,
  kVlanInfoLen,
  kVlanInfoStatus,
  kVlanInfoVlanType,
  kVlanInfoIslVlanId,
  kVlanInfoMtuSize,
  kVlanInfo80210Index,
  kVlanInfoVlanNameLen,
  kVlanInfoVlanName,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"vtp.version", "Version", FieldType::kUint, Show::kHex, 8},
    {"vtp.code", "Code", FieldType::kUint, Show::kHex, 8, kCodeNames},
    {"vtp.followers", "Followers", FieldType::kUint},
    {"vtp.seq_num", "Sequence Number", FieldType::kUint},
    {"vtp.start_value", "Start Value", FieldType::kUint, Show::kHex, 16},
    {"vtp.md_len", "Management Domain Length", FieldType::kUint},
    {"vtp.md", "Management Domain", FieldType::kText},
    {"vtp.conf_rev_num", "Configuration Revision Number", FieldType::kUint},
    {"vtp.upd_id", "Updater Identity", FieldType::kIpv4},
    {"vtp.upd_ts", "Update Timestamp", FieldType::kText},
    {"vtp.md5_digest", "MD5 Digest", FieldType::kBytes},
    {"vtp.vlan_info.len", "VLAN Information Length", FieldType::kUint},
    {"vtp.vlan_info.status", "Status", FieldType::kUint, Show::kHex, 8},
    {"vtp.vlan_info.vlan_type", "VLAN Type", FieldType::kUint, Show::kHex, 8},
    {"vtp.vlan_info.isl_vlan_id", "ISL VLAN ID", FieldType::kUint, Show::kHex, 16},
    {"vtp.vlan_info.mtu_size", "MTU Size", FieldType::kUint},
    {"vtp.vlan_info.802_10_index", "802.10 Index", FieldType::kUint, Show::kHex, 32},
    {"vtp.vlan_info.vlan_name_len", "VLAN Name Length", FieldType::kUint},
    {"vtp.vlan_info.vlan_name", "VLAN Name", FieldType::kText},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"llc.cisco_pid", 0x2003}};
enum Code : std::uint8_t { kSummary = 1, kSubset = 2, kRequest = 3 };
constexpr std::size_t kDomain = 32;

void read_vlan(Cursor& in, LayerBuilder& out) {
  const std::uint8_t length = in.peek(1)[0];
  if (length < 12) return in.fail();
  Cursor vlan = in.sub(length);
  read_pieces(vlan, out, {{kVlanInfoLen, 1}, {kVlanInfoStatus, 1}, {kVlanInfoVlanType, 1}});
  const std::uint8_t name = out.u8(vlan, kVlanInfoVlanNameLen);
  read_pieces(vlan, out, {{kVlanInfoIslVlanId, 2}, {kVlanInfoMtuSize, 2}, {kVlanInfo80210Index, 4}});
  out.bytes(vlan, kVlanInfoVlanName, name);
}

Outcome dissect_vtp(Cursor& in, LayerBuilder& out) {
  out.u8(in, kVersion);
  const std::uint8_t code = out.u8(in, kCode);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info(std::string(name_of(kCodeNames, code, "Unknown")));
  std::uint8_t sequence = 0;
  if (code == kSummary) {
    out.u8(in, kFollowers);
  } else if (code == kSubset) {
    sequence = out.u8(in, kSeqNum);
  } else {
    in.skip(1);
  }
  const std::uint8_t length = out.u8(in, kMdLen);
  const Bytes domain = in.take(kDomain);
  if (!in.ok()) return Outcome::kTruncated;
  const Bytes name = domain.first(std::min<std::size_t>(length, kDomain));
  out.add(kMd, name, domain);
  if (code == kSummary) {
    const std::uint32_t revision = out.u32(in, kConfRevNum);
    if (out.wanted()) out.append_info(", Revision: " + std::to_string(revision));
    out.ipv4(in, kUpdId);
    const Bytes when = in.take(12);  // YYMMDDhhmmss
    if (in.ok() && out.wanted()) {
      std::string text(as_text(when));
      constexpr std::pair<std::size_t, char> kMarks[] = {{10, ':'}, {8, ':'}, {6, ' '}, {4, '-'}, {2, '-'}};
      for (const auto& [at, mark] : kMarks) text.insert(at, 1, mark);
      out.add_text(kUpdTs, text, when);
    }
    read_pieces(in, out, {{kMd5Digest, 16, true}});
  } else if (code == kSubset) {
    const std::uint32_t revision = out.u32(in, kConfRevNum);
    if (out.wanted()) out.append_info(", Revision: " + std::to_string(revision) + ", Seq: " + std::to_string(sequence));
    while (in.left() > 0) read_vlan(in, out);
  } else if (code == kRequest) {
    out.u16(in, kStartValue);
  }
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector vtp_dissector{.name = "vtp",
                                               .title = "VLAN Trunking Protocol",
                                               .column = "VTP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_vtp};

}  // namespace pr::dissect
