// Cisco Dynamic Trunk Protocol, over SNAP.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTlvNames[] = {{1, "Domain"}, {2, "Trunk Status"}, {3, "Trunk Type"}, {4, "Sender ID"}};
constexpr NamedValue kOperatingNames[] = {{0, "Access"}, {1, "Trunk"}};
constexpr NamedValue kStatusNames[] = {{1, "On"}, {2, "Off"}, {3, "Desirable"}, {4, "Auto"}};
constexpr NamedValue kTypeNames[] = {{0, "Negotiated"}, {1, "Native"}, {2, "ISL"}, {5, "802.1Q"}};

enum Field : std::size_t { kVersion, kTlvType, kTlvLen, kDomain, kTos, kTas, kTot, kTat, kSenderid, kFieldCount };

constexpr FieldDef kFields[] = {
    {"dtp.version", "Version", FieldType::kUint},
    {"dtp.tlv_type", "Type", FieldType::kUint, Show::kHex, 16, kTlvNames},
    {"dtp.tlv_len", "Length", FieldType::kUint},
    {"dtp.domain", "Domain", FieldType::kText},
    {"dtp.tos", "Trunk Operating Status", FieldType::kUint, Show::kHex, 8, kOperatingNames},
    {"dtp.tas", "Trunk Administrative Status", FieldType::kUint, Show::kHex, 8, kStatusNames},
    {"dtp.tot", "Trunk Operating Type", FieldType::kUint, Show::kHex, 8, kTypeNames},
    {"dtp.tat", "Trunk Administrative Type", FieldType::kUint, Show::kHex, 8, kTypeNames},
    {"dtp.senderid", "Sender ID", FieldType::kEther},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"llc.cisco_pid", 0x2004}};

void read_value(std::uint16_t type, Bytes value, LayerBuilder& out) {
  if (type == 1) {
    const std::string_view text = as_text(value);
    out.add_text(kDomain, text.substr(0, text.find('\0')), value);
  } else if (type == 2 && value.size() == 1) {
    out.add(kTos, value[0] >> 7U, value);
    out.add(kTas, value[0] & 7U, value);
  } else if (type == 3 && value.size() == 1) {
    out.add(kTot, value[0] >> 5U, value);
    out.add(kTat, value[0] & 7U, value);
  } else if (type == 4 && value.size() == 6) {
    out.add(kSenderid, value, value);
  }
}

Outcome dissect_dtp(Cursor& in, LayerBuilder& out) {
  out.u8(in, kVersion);
  if (out.wanted()) out.info("Dynamic Trunk Protocol");
  while (in.left() >= 4) {
    const std::uint16_t type = out.u16(in, kTlvType);
    const std::uint16_t length = out.u16(in, kTlvLen);
    if (length < 4) return Outcome::kMalformed;
    const Bytes value = in.take(std::min<std::size_t>(length - 4U, in.left()));
    read_value(type, value, out);
  }
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector dtp_dissector{.name = "dtp",
                                               .title = "Dynamic Trunk Protocol",
                                               .column = "DTP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_dtp};

}  // namespace pr::dissect
