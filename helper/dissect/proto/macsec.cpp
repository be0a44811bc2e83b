// MACsec, IEEE 802.1AE clause 9. What is not encrypted is read on.
#include "helper/dissect/proto/tag_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kTci,
  kVersion,
  kEndStation,
  kSecureChannel,
  kBroadcast,
  kEncryption,
  kChanged,
  kAssociation,
  kShortLength,
  kNumber,
  kSystem,
  kPort,
  kType,
  kIcv,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"macsec.TCI", "TCI", FieldType::kUint, Show::kHex, 8},
    {"macsec.TCI.V", "VER", FieldType::kUint, Show::kHex, 8},
    {"macsec.TCI.ES", "ES", FieldType::kBool},
    {"macsec.TCI.SC", "SC", FieldType::kBool},
    {"macsec.TCI.SCB", "SCB", FieldType::kBool},
    {"macsec.TCI.E", "E", FieldType::kBool},
    {"macsec.TCI.C", "C", FieldType::kBool},
    {"macsec.AN", "AN", FieldType::kUint, Show::kHex, 8},
    {"macsec.SL", "Short length", FieldType::kUint},
    {"macsec.PN", "Packet number", FieldType::kUint},
    {"macsec.SCI.system_identifier", "System Identifier", FieldType::kEther},
    {"macsec.SCI.port_identifier", "Port Identifier", FieldType::kUint},
    {"macsec.etype", "Ethertype", FieldType::kUint, Show::kHex, 16},
    {"macsec.ICV", "ICV", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x88e5}};
constexpr const char* kTables[] = {"ethertype"};
// The check value is 16 octets with the default cipher suites.
constexpr std::size_t kIcvLength = 16;
constexpr std::uint8_t kHasChannel = 0x20, kIsEncrypted = 0x08, kIsChanged = 0x04;

void add_control(std::uint8_t octet, Bytes where, LayerBuilder& out) {
  out.add(kTci, octet >> 2U, where);
  {
    LayerBuilder::Subtree below(out);
    out.add(kVersion, octet >> 7U, where);
    out.add(kEndStation, octet >> 6U & 1U, where);
    out.add(kSecureChannel, octet >> 5U & 1U, where);
    out.add(kBroadcast, octet >> 4U & 1U, where);
    out.add(kEncryption, octet >> 3U & 1U, where);
    out.add(kChanged, octet >> 2U & 1U, where);
  }
  out.add(kAssociation, octet & 3U, where);
}

void add_check_value(const Cursor& in, LayerBuilder& out, std::size_t before) {
  const Bytes check = in.rest().subspan(std::min(before, in.left()));
  if (!check.empty()) out.add(kIcv, check, check);
}

// Only the last octets of what is encrypted are known to be the check value.
void dissect_encrypted(Cursor& in, LayerBuilder& out) {
  const bool complete = wire_left(in, out) == in.left() && in.left() >= kIcvLength;
  const std::size_t secured = complete ? in.left() - kIcvLength : in.left();
  if (out.wanted()) add_check_value(in, out, secured);
  Cursor data = in.sub(secured);
  out.data(data);
  in.skip(in.left());
}

Outcome dissect_plain(Cursor& in, LayerBuilder& out) {
  const std::uint16_t type = out.u16(in, kType);
  if (!in.ok()) return Outcome::kTruncated;
  const std::size_t unstated = in.left() - std::min(in.left(), kIcvLength);
  const std::size_t length = std::min(stated_length(type, in.rest()).value_or(unstated), in.left());
  if (out.wanted()) add_check_value(in, out, length);
  Cursor payload = in.sub(length);
  if (!out.next(0, type, payload)) out.data(payload);
  in.skip(in.left());
  return Outcome::kDone;
}

Outcome dissect_macsec(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t control = in.u8();
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) add_control(control, where, out);
  out.u8(in, kShortLength);
  out.u32(in, kNumber);
  if ((control & kHasChannel) != 0) {
    out.bytes(in, kSystem, 6);
    out.u16(in, kPort);
  }
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("MACsec frame");
  if ((control & (kIsEncrypted | kIsChanged)) == 0) return dissect_plain(in, out);
  dissect_encrypted(in, out);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector macsec_dissector{.name = "macsec",
                                                  .title = "802.1AE Security tag",
                                                  .column = "MACSEC",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .tables = kTables,
                                                  .dissect = &dissect_macsec};

}  // namespace pr::dissect
