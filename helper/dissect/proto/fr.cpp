// Frame relay, Q.922, with the encapsulations of RFC 2427 and of Cisco.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kNlpidNames[] = {{0x08, "Q.933"},
                                      {0x80, "SNAP"},
                                      {0x81, "CLNP"},
                                      {0x82, "ESIS"},
                                      {0x83, "ISIS"},
                                      {0x8e, "IPv6"},
                                      {0xb0, "Data compression protocol"},
                                      {0xb1, "FRF.12"},
                                      {0xcc, "IPv4"},
                                      {0xcf, "PPP"}};

enum Field : std::size_t {
  kFirstOctet,
  kUpperDlci,
  kCr,
  kEa,
  kSecondOctet,
  kSecondDlci,
  kFecn,
  kBecn,
  kDe,
  kThirdOctet,
  kThirdDlci,
  kLowerDlci,
  kControlOctet,
  kDc,
  kDlci,
  kControl,
  kCommand,
  kFrameType,
  kNlpid,
  kSnapOui,
  kSnapPid,
  kSnapType,
  kChdlcType,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"fr.first_addr_octet", "First address octet", FieldType::kUint, Show::kHex, 8},
    {"fr.upper_dlci", "Upper DLCI", FieldType::kUint, Show::kHex, 8},
    {"fr.cr", "CR", FieldType::kBool},
    {"fr.ea", "EA", FieldType::kBool},
    {"fr.second_addr_octet", "Second address octet", FieldType::kUint, Show::kHex, 8},
    {"fr.second_dlci", "Second DLCI", FieldType::kUint, Show::kHex, 8},
    {"fr.fecn", "FECN", FieldType::kBool},
    {"fr.becn", "BECN", FieldType::kBool},
    {"fr.de", "DE", FieldType::kBool},
    {"fr.third_addr_octet", "Third address octet", FieldType::kUint, Show::kHex, 8},
    {"fr.third_dlci", "Third DLCI", FieldType::kUint, Show::kHex, 8},
    {"fr.lower_dlci", "Lower DLCI", FieldType::kUint, Show::kHex, 8},
    {"fr.dlcore_control", "DL-CORE Control", FieldType::kUint, Show::kHex, 8},
    {"fr.dc", "DC", FieldType::kBool},
    {"fr.dlci", "DLCI", FieldType::kUint},
    {"fr.control", "Control Field", FieldType::kUint, Show::kHex, 8},
    {"fr.control.u_modifier_cmd", "Command", FieldType::kUint, Show::kHex, 8},
    {"fr.control.ftype", "Frame type", FieldType::kUint, Show::kHex, 8},
    {"fr.nlpid", "NLPID", FieldType::kUint, Show::kHex, 8, kNlpidNames},
    {"fr.snap.oui", "Organization Code", FieldType::kUint},
    {"fr.snap.pid", "Protocol ID", FieldType::kUint, Show::kHex, 16},
    {"fr.snaptype", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"fr.chdlctype", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 107}, {"gre.proto", 0x6559}};
enum Table : std::size_t { kTableNlpid, kTableChdlc, kTableSnap };
constexpr const char* kTables[] = {"fr.nlpid", "chdlc.protocol", "llc.type"};
constexpr std::uint8_t kUnnumbered = 0x03, kNlpidSnap = 0x80;
constexpr unsigned kLast = 1;

std::uint32_t read_rest_of_address(Cursor& in, LayerBuilder& out, std::uint32_t dlci) {
  Bytes where = in.peek(1);
  std::uint8_t octet = in.u8();
  if (!in.ok()) return dlci;
  if ((octet & kLast) == 0) {
    out.add(kThirdOctet, octet, where);
    dlci = dlci << 7U | octet >> 1U;
    LayerBuilder::Subtree below(out);
    out.add(kThirdDlci, octet & 0xfeU, where);
    out.add(kEa, octet & 1U, where);
    where = in.peek(1);
    octet = in.u8();
    if (!in.ok()) return dlci;
  }
  const bool control = (octet >> 1U & 1U) != 0;
  out.add(control ? kControlOctet : kLowerDlci, octet >> 2U, where);
  if (!control) dlci = dlci << 6U | octet >> 2U;
  out.add(kDc, control ? 1 : 0, where);
  out.add(kEa, octet & 1U, where);
  return dlci;
}

std::uint32_t read_address(Cursor& in, LayerBuilder& out) {
  Bytes where = in.peek(1);
  std::uint8_t octet = in.u8();
  if (!in.ok()) return 0;
  out.add(kFirstOctet, octet, where);
  {
    LayerBuilder::Subtree below(out);
    out.add(kUpperDlci, octet >> 2U, where);
    out.add(kCr, octet >> 1U & 1U, where);
    out.add(kEa, octet & 1U, where);
  }
  std::uint32_t dlci = octet >> 2U;
  if ((octet & kLast) != 0) return dlci;
  where = in.peek(1);
  octet = in.u8();
  if (!in.ok()) return dlci;
  out.add(kSecondOctet, octet, where);
  {
    LayerBuilder::Subtree below(out);
    out.add(kSecondDlci, octet >> 4U, where);
    out.add(kFecn, octet >> 3U & 1U, where);
    out.add(kBecn, octet >> 2U & 1U, where);
    out.add(kDe, octet >> 1U & 1U, where);
    out.add(kEa, octet & 1U, where);
  }
  dlci = dlci << 4U | octet >> 4U;
  return (octet & kLast) != 0 ? dlci : read_rest_of_address(in, out, dlci);
}

Outcome dissect_snap(Cursor& in, LayerBuilder& out) {
  const std::uint32_t oui = out.u24(in, kSnapOui);
  const std::uint16_t pid = out.u16(in, oui == 0 ? kSnapType : kSnapPid);
  if (!in.ok()) return Outcome::kTruncated;
  if (oui != 0 || !out.next(kTableSnap, pid, in)) out.data(in);
  return Outcome::kDone;
}

// What RFC 2427 has: unnumbered information, and a number of the network layer protocol.
Outcome dissect_multiprotocol(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  out.u8(in, kControl);
  out.add(kCommand, 0, where);
  out.add(kFrameType, 3, where);
  std::uint8_t nlpid = out.u8(in, kNlpid);
  if (nlpid == 0) nlpid = out.u8(in, kNlpid);  // that was a pad octet
  if (!in.ok()) return Outcome::kTruncated;
  if (nlpid == kNlpidSnap) return dissect_snap(in, out);
  if (!out.next(kTableNlpid, nlpid, in)) out.data(in);
  return Outcome::kDone;
}

Outcome dissect_fr(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.rest();
  const std::uint32_t dlci = read_address(in, out);
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kDlci, dlci, start.first(start.size() - in.left()));
  if (out.wanted()) out.info("DLCI " + std::to_string(dlci));
  const Bytes control = in.peek(1);
  if (control.empty()) return Outcome::kTruncated;
  if (control[0] == kUnnumbered) return dissect_multiprotocol(in, out);
  if (dlci == 0) {  // signalling
    out.data(in);
    return Outcome::kDone;
  }
  const std::uint16_t type = out.u16(in, kChdlcType);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.next(kTableChdlc, type, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector fr_dissector{.name = "fr",
                                              .title = "Frame Relay",
                                              .column = "FR",
                                              .fields = kFields,
                                              .binds = kBinds,
                                              .tables = kTables,
                                              .dissect = &dissect_fr};

}  // namespace pr::dissect
