// IEEE 802.2 logical link control, and SNAP behind it (IEEE 802, section 9.2).
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kSapNames[] = {{0x00, "NULL LSAP"},
                                    {0x02, "LLC Sub-Layer Management"},
                                    {0x04, "SNA Path Control"},
                                    {0x06, "TCP/IP"},
                                    {0x08, "SNA"},
                                    {0x0e, "PROWAY (IEC955) Network Management and Initialization"},
                                    {0x42, "Spanning Tree BPDU"},
                                    {0x7e, "ISO 8208 (X.25 over 802.2)"},
                                    {0x98, "ARP"},
                                    {0xaa, "SNAP"},
                                    {0xbc, "Banyan Vines"},
                                    {0xe0, "NetWare"},
                                    {0xf0, "NetBIOS"},
                                    {0xf4, "IBM Net Management"},
                                    {0xfc, "Remote Program Load"},
                                    {0xfe, "ISO Network Layer"},
                                    {0xff, "Global DSAP"}};
constexpr NamedValue kSapNumberNames[] = {{0x00, "NULL LSAP"}, {0x21, "Spanning Tree BPDU"},
                                          {0x55, "SNAP"},      {0x70, "NetWare"},
                                          {0x78, "NetBIOS"},   {0x7f, "ISO Network Layer"}};
constexpr NamedValue kFrameTypeNames[] = {{0, "Information frame"}, {1, "Supervisory frame"}, {3, "Unnumbered frame"}};
constexpr NamedValue kSupervisoryNames[] = {{0, "Receiver ready"}, {1, "Receiver not ready"}, {2, "Reject"}};
constexpr NamedValue kCommandNames[] = {{0x00, "Unnumbered Information"},
                                        {0x08, "Disconnect"},
                                        {0x1b, "Set Asynchronous Balanced Mode Extended"},
                                        {0x2b, "Exchange identification"},
                                        {0x38, "Test"}};

enum Field : std::size_t {
  kDsap,
  kDsapSap,
  kDsapIg,
  kSsap,
  kSsapSap,
  kSsapCr,
  kControl,
  kControlNR,
  kControlNS,
  kControlP,
  kControlF,
  kControlSFtype,
  kControlUModifierCmd,
  kControlUModifierResp,
  kControlFtype,
  kOui,
  kType,
  kPid,
  kCiscoPid,
  kNortelPid,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"llc.dsap", "DSAP", FieldType::kUint, Show::kHex, 8, kSapNames},
    {"llc.dsap.sap", "SAP", FieldType::kUint, Show::kDec, 0, kSapNumberNames},
    {"llc.dsap.ig", "IG Bit", FieldType::kBool},
    {"llc.ssap", "SSAP", FieldType::kUint, Show::kHex, 8, kSapNames},
    {"llc.ssap.sap", "SAP", FieldType::kUint, Show::kDec, 0, kSapNumberNames},
    {"llc.ssap.cr", "CR Bit", FieldType::kBool},
    {"llc.control", "Control", FieldType::kUint, Show::kHex, 16},
    {"llc.control.n_r", "N(R)", FieldType::kUint},
    {"llc.control.n_s", "N(S)", FieldType::kUint},
    {"llc.control.p", "Poll", FieldType::kBool},
    {"llc.control.f", "Final", FieldType::kBool},
    {"llc.control.s_ftype", "Supervisory frame type", FieldType::kUint, Show::kHex, 16, kSupervisoryNames},
    {"llc.control.u_modifier_cmd", "Command", FieldType::kUint, Show::kHex, 8, kCommandNames},
    {"llc.control.u_modifier_resp", "Response", FieldType::kUint, Show::kHex, 8, kCommandNames},
    {"llc.control.ftype", "Frame type", FieldType::kUint, Show::kHex, 8, kFrameTypeNames},
    {"llc.oui", "Organization Code", FieldType::kUint},
    {"llc.type", "Type", FieldType::kUint, Show::kHex, 16, kEtherTypeNames},
    {"llc.pid", "Protocol ID", FieldType::kUint, Show::kHex, 16},
    {"llc.cisco_pid", "PID", FieldType::kUint, Show::kHex, 16},
    {"llc.nortel_pid", "PID", FieldType::kUint, Show::kHex, 16},
};
static_assert(std::size(kFields) == kFieldCount);

// SNAP's Ethernet types have a table of their own: what is found there stands directly below LLC.
enum Table : std::size_t { kTableDsap, kTableType, kTableCisco, kTableNortel, kTablePid };
// ATM and RFC 2684, the first number is BSD's.
constexpr Bind kBinds[] = {{"link", 11}, {"link", 100}};
constexpr const char* kTables[] = {"llc.dsap", "llc.type", "llc.cisco_pid", "llc.nortel_pid", "llc.pid"};

constexpr std::uint8_t kSnap = 0xaa;
constexpr std::uint8_t kUnnumbered = 3;
constexpr std::uint8_t kXid = 0xaf, kTest = 0xe3;

struct Control {
  std::uint16_t value = 0;
  Bytes where;
  [[nodiscard]] unsigned frame_type() const { return (value & 1U) == 0 ? 0 : value & 3U; }
  // Information frames, and unnumbered ones of the function UI, carry a protocol.
  [[nodiscard]] bool carries_data() const { return frame_type() == 0 || (value & 0xefU) == kUnnumbered; }
};

Control read_control(Cursor& in) {
  Control control;
  const bool short_form = !in.rest().empty() && (in.rest()[0] & 3U) == kUnnumbered;
  control.where = in.peek(short_form ? 1 : 2);
  control.value = short_form ? in.u8() : in.u16le();
  return control;
}

std::string control_text(const Control& control, bool response) {
  constexpr const char* kSupervisory[] = {"RR", "RNR", "REJ", "SREJ"};
  const auto number = [](unsigned n) { return std::to_string(n); };
  const bool poll = (control.frame_type() == kUnnumbered ? control.value >> 4U & 1U : control.value >> 8U & 1U) != 0;
  const std::string bit = poll ? (response ? " F" : " P") : "";
  if (control.frame_type() == 0) {
    return "I" + bit + ", N(R)=" + number(control.value >> 9U) + ", N(S)=" + number(control.value >> 1U & 0x7fU);
  }
  if (control.frame_type() == 1) {
    return "S" + bit + ", func=" + kSupervisory[control.value >> 2U & 3U] + ", N(R)=" + number(control.value >> 9U);
  }
  const unsigned function = control.value & 0xefU;
  const char* name = function == 3       ? "UI"
                     : function == kXid  ? "XID"
                     : function == kTest ? "TEST"
                     : function == 0x6f  ? "SABME"
                     : function == 0x43  ? "DISC"
                     : function == 0x0f  ? "DM"
                     : function == 0x63  ? "UA"
                     : function == 0x87  ? "FRMR"
                                         : "Unknown";
  return "U" + bit + ", func=" + name;
}

void add_control(const Control& control, bool response, LayerBuilder& out) {
  out.add(kControl, control.value, control.where);
  LayerBuilder::Subtree below(out);
  const bool unnumbered = control.frame_type() == kUnnumbered;
  const bool poll = (control.value >> (unnumbered ? 4U : 8U) & 1U) != 0;
  if (!unnumbered) out.add(kControlNR, control.value >> 9U, control.where);
  if (control.frame_type() == 0) out.add(kControlNS, control.value >> 1U & 0x7fU, control.where);
  if (poll) out.add(response ? kControlF : kControlP, 1, control.where);
  if (control.frame_type() == 1) out.add(kControlSFtype, control.value >> 2U & 3U, control.where);
  if (unnumbered) {
    out.add(response ? kControlUModifierResp : kControlUModifierCmd, (control.value & 0xecU) >> 2U, control.where);
  }
  out.add(kControlFtype, control.frame_type(), control.where);
}

void add_saps(std::uint8_t dsap, std::uint8_t ssap, Bytes where, LayerBuilder& out) {
  out.add(kDsap, dsap, where.first(1));
  {
    LayerBuilder::Subtree below(out);
    out.add(kDsapSap, dsap >> 1U, where.first(1));
    out.add(kDsapIg, dsap & 1U, where.first(1));
  }
  out.add(kSsap, ssap, where.subspan(1));
  LayerBuilder::Subtree below(out);
  out.add(kSsapSap, ssap >> 1U, where.subspan(1));
  out.add(kSsapCr, ssap & 1U, where.subspan(1));
}

Outcome dissect_snap(Cursor& in, LayerBuilder& out, bool carries_data) {
  const std::uint32_t oui = out.u24(in, kOui);
  struct Organisation {
    std::uint32_t oui;
    std::size_t field, table;
  };
  constexpr Organisation kOrganisations[] = {{0x000000, kType, kTableType},
                                             {0x0000f8, kType, kTableType},
                                             {0x00000c, kCiscoPid, kTableCisco},
                                             {0x000081, kNortelPid, kTableNortel}};
  Organisation found{oui, kPid, kTablePid};
  for (const Organisation& known : kOrganisations) {
    if (known.oui == oui) found = known;
  }
  const std::uint16_t pid = out.u16(in, found.field);
  if (!in.ok()) return Outcome::kTruncated;
  if (!carries_data || !out.next(found.table, pid, in)) out.data(in);
  return Outcome::kDone;
}

Outcome dissect_llc(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint8_t dsap = in.u8();
  const std::uint8_t ssap = in.u8();
  if (!in.ok()) return Outcome::kTruncated;
  const bool response = (ssap & 1U) != 0;
  if (out.wanted()) add_saps(dsap, ssap, where, out);
  const Control control = read_control(in);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    add_control(control, response, out);
    out.info(control_text(control, response) + "; DSAP " + std::string(name_of(kSapNames, dsap & 0xfeU, "Unknown")) +
             ((dsap & 1U) != 0 ? " Group, SSAP " : " Individual, SSAP ") +
             std::string(name_of(kSapNames, ssap & 0xfeU, "Unknown")) + (response ? " Response" : " Command"));
  }
  if (dsap == kSnap && ssap == kSnap) return dissect_snap(in, out, control.carries_data());
  if (control.carries_data() && out.next(kTableDsap, dsap, in)) return Outcome::kDone;
  out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector llc_dissector{.name = "llc",
                                               .title = "Logical-Link Control",
                                               .column = "LLC",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_llc};

}  // namespace pr::dissect
