// PPP over Ethernet, discovery stage, RFC 2516.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kCodeNames[] = {{0x07, "Active Discovery Offer (PADO)"},
                                     {0x09, "Active Discovery Initiation (PADI)"},
                                     {0x0a, "Active Discovery Session-Grant (PADG)"},
                                     {0x0b, "Active Discovery Session-Credit Response (PADC)"},
                                     {0x0c, "Active Discovery Quality (PADQ)"},
                                     {0x19, "Active Discovery Request (PADR)"},
                                     {0x65, "Active Discovery Session-confirmation (PADS)"},
                                     {0xa7, "Active Discovery Terminate (PADT)"},
                                     {0xd3, "Active Discovery Message (PADM)"},
                                     {0xd4, "Active Discovery Network (PADN)"}};

enum Field : std::size_t {
  kVersion,
  kType,
  kCode,
  kSession,
  kLength,
  kTags,
  kServiceName,
  kAcName,
  kHostUniq,
  kAcCookie,
  kVendorId,
  kRelaySessionId,
  kHurl,
  kMotm,
  kMaxPayload,
  kServiceNameError,
  kAcSystemError,
  kGenericError,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"pppoe.version", "Version", FieldType::kUint},
    {"pppoe.type", "Type", FieldType::kUint},
    {"pppoe.code", "Code", FieldType::kUint, Show::kHex, 8, kCodeNames},
    {"pppoe.session_id", "Session ID", FieldType::kUint, Show::kHex, 16},
    {"pppoe.payload_length", "Payload Length", FieldType::kUint},
    {"pppoed.tags", "PPPoE Tags", FieldType::kNone},
    {"pppoed.tags.service_name", "Service-Name", FieldType::kText},
    {"pppoed.tags.ac_name", "AC-Name", FieldType::kText},
    {"pppoed.tags.host_uniq", "Host-Uniq", FieldType::kBytes},
    {"pppoed.tags.ac_cookie", "AC-Cookie", FieldType::kBytes},
    {"pppoed.tags.vendor_id", "Vendor id", FieldType::kUint},
    {"pppoed.tags.relay_session_id", "Relay-Session-Id", FieldType::kBytes},
    {"pppoed.tags.hurl", "HURL", FieldType::kBytes},
    {"pppoed.tags.motm", "MOTM", FieldType::kBytes},
    {"pppoed.tags.max_payload", "PPP-Max-Payload", FieldType::kBytes},
    {"pppoed.tags.service_name_error", "Service-Name-Error", FieldType::kText},
    {"pppoed.tags.ac_system_error", "AC-System-Error", FieldType::kText},
    {"pppoed.tags.generic_error", "Generic-Error", FieldType::kText},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x8863}};

// The field that a tag's value is; kFieldCount: none.
std::size_t field_of(std::uint16_t tag) {
  switch (tag) {
    case 0x0101: return kServiceName;
    case 0x0102: return kAcName;
    case 0x0103: return kHostUniq;
    case 0x0104: return kAcCookie;
    case 0x0110: return kRelaySessionId;
    case 0x0111: return kHurl;
    case 0x0112: return kMotm;
    case 0x0120: return kMaxPayload;
    case 0x0201: return kServiceNameError;
    case 0x0202: return kAcSystemError;
    case 0x0203: return kGenericError;
    default: return kFieldCount;
  }
}

void add_tags(Cursor& in, LayerBuilder& out) {
  if (in.left() == 0) return;
  out.mark(kTags, in.rest());
  LayerBuilder::Subtree below(out);
  constexpr std::uint16_t kVendor = 0x0105;
  while (in.left() >= 4) {
    const std::uint16_t tag = in.u16();
    const std::uint16_t length = in.u16();
    Cursor value = in.sub(length);
    if (!in.ok() || tag == 0) return;
    const std::size_t field = field_of(tag);
    if (tag == kVendor && length >= 4) {
      out.u32(value, kVendorId);
    } else if (field != kFieldCount && length > 0) {
      out.bytes(value, field, length);
    }
  }
}

Outcome dissect_pppoed(Cursor& in, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  const std::uint8_t octet = in.u8();
  if (in.ok()) {
    out.add(kVersion, octet >> 4U, first);
    out.add(kType, octet & 15U, first);
  }
  const std::uint8_t code = out.u8(in, kCode);
  out.u16(in, kSession);
  const std::uint16_t length = out.u16(in, kLength);
  if (!in.ok()) return Outcome::kTruncated;
  Cursor tags = in.sub(std::min<std::size_t>(length, in.left()));
  if (!out.wanted()) return Outcome::kDone;
  out.info(std::string(name_of(kCodeNames, code, "Unknown")));
  add_tags(tags, out);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector pppoed_dissector{.name = "pppoed",
                                                  .title = "PPP-over-Ethernet Discovery",
                                                  .column = "PPPoED",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .dissect = &dissect_pppoed};

}  // namespace pr::dissect
