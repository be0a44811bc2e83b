// HSRP versions 1 (RFC 2281) and 2 (Cisco), over IPv4 and IPv6.
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kOpcodeNames[] = {{0, "Hello"}, {1, "Coup"}, {2, "Resign"}, {3, "Advertise"}};
constexpr NamedValue kStateNames[] = {{0, "Initial"}, {1, "Learn"},   {2, "Listen"},
                                      {4, "Speak"},   {8, "Standby"}, {16, "Active"}};
constexpr NamedValue kState2Names[] = {{1, "Init"},  {2, "Learn"},   {3, "Listen"},
                                       {4, "Speak"}, {5, "Standby"}, {6, "Active"}};
constexpr NamedValue kAdvStateNames[] = {{1, "Dormant"}, {2, "Passive"}, {3, "Active"}};

enum Field : std::size_t {
  kVersion,
  kOpcode,
  kState,
  kHellotime,
  kHoldtime,
  kPriority,
  kGroup,
  kReserved,
  kAuthData,
  kVirtIp,
  kAdvTlvtype,
  kAdvTlvlength,
  kAdvState,
  kAdvReserved1,
  kAdvActivegrp,
  kAdvPassivegrp,
  kAdvReserved2,
  kHsrp2GroupStateTlv,
  kHsrp2Version,
  kHsrp2Opcode,
  kHsrp2State,
  kHsrp2Ipversion,
  kHsrp2Group,
  kHsrp2Identifier,
  kHsrp2Priority,
  kHsrp2Hellotime,
  kHsrp2Holdtime,
  kHsrp2VirtIp,
  kHsrp2VirtIpV6,
  kHsrp2TextAuthTlv,
  kHsrp2AuthData,
  kHsrp2InterfaceStateTlv,
  kHsrp2ActiveGroups,
  kHsrp2PassiveGroups,
  kHsrp2Md5AuthTlv,
  kHsrp2Md5Algorithm,
  kHsrp2Md5Padding,
  kHsrp2Md5Flags,
  kMd5IpAddress,
  kHsrp2Md5KeyId,
  kHsrp2Md5AuthData,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"hsrp.version", "Version", FieldType::kUint},
    {"hsrp.opcode", "Op Code", FieldType::kUint, Show::kDec, 0, kOpcodeNames},
    {"hsrp.state", "State", FieldType::kUint, Show::kDec, 0, kStateNames},
    {"hsrp.hellotime", "Hellotime", FieldType::kUint},
    {"hsrp.holdtime", "Holdtime", FieldType::kUint},
    {"hsrp.priority", "Priority", FieldType::kUint},
    {"hsrp.group", "Group", FieldType::kUint},
    {"hsrp.reserved", "Reserved", FieldType::kUint},
    {"hsrp.auth_data", "Authentication Data", FieldType::kText},
    {"hsrp.virt_ip", "Virtual IP Address", FieldType::kIpv4},
    {"hsrp.adv.tlvtype", "Adv type", FieldType::kUint},
    {"hsrp.adv.tlvlength", "Adv length", FieldType::kUint},
    {"hsrp.adv.state", "Adv state", FieldType::kUint, Show::kDec, 0, kAdvStateNames},
    {"hsrp.adv.reserved1", "Adv reserved1", FieldType::kUint},
    {"hsrp.adv.activegrp", "Adv active groups", FieldType::kUint},
    {"hsrp.adv.passivegrp", "Adv passive groups", FieldType::kUint},
    {"hsrp.adv.reserved2", "Adv reserved2", FieldType::kUint},
    {"hsrp2.group_state_tlv", "Group State TLV", FieldType::kUint},
    {"hsrp2.version", "Version", FieldType::kUint},
    {"hsrp2.opcode", "Op Code", FieldType::kUint, Show::kDec, 0, kOpcodeNames},
    {"hsrp2.state", "State", FieldType::kUint, Show::kDec, 0, kState2Names},
    {"hsrp2.ipversion", "IP Ver.", FieldType::kUint},
    {"hsrp2.group", "Group", FieldType::kUint},
    {"hsrp2.identifier", "Identifier", FieldType::kEther},
    {"hsrp2.priority", "Priority", FieldType::kUint},
    {"hsrp2.hellotime", "Hellotime", FieldType::kUint},
    {"hsrp2.holdtime", "Holdtime", FieldType::kUint},
    {"hsrp2.virt_ip", "Virtual IP Address", FieldType::kIpv4},
    {"hsrp2.virt_ip_v6", "Virtual IPv6 Address", FieldType::kIpv6},
    {"hsrp2.text_auth_tlv", "Text Authentication TLV", FieldType::kUint},
    {"hsrp2.auth_data", "Authentication Data", FieldType::kText},
    {"hsrp2.interface_state_tlv", "Interface State TLV", FieldType::kUint},
    {"hsrp2.active_groups", "Active Groups", FieldType::kUint},
    {"hsrp2.passive_groups", "Passive Groups", FieldType::kUint},
    {"hsrp2.md5_auth_tlv", "MD5 Authentication TLV", FieldType::kUint},
    {"hsrp2.md5_algorithm", "MD5 Algorithm", FieldType::kUint},
    {"hsrp2.md5_padding", "Padding", FieldType::kUint, Show::kHex, 8},
    {"hsrp2.md5_flags", "MD5 Flags", FieldType::kUint},
    {"hsrp.md5_ip_address", "Sender's IP Address", FieldType::kIpv4},
    {"hsrp2.md5_key_id", "MD5 Key ID", FieldType::kUint},
    {"hsrp2.md5_auth_data", "MD5 Authentication Data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 1985}, {"udp.port", 2029}};
constexpr std::uint8_t kAdvertise = 3;
constexpr std::size_t kLength1 = 20, kGroupState = 40;

// The last state of the groups that are spoken of: events are changes.
struct Group {
  std::uint16_t number;
  std::uint8_t state;
  bool seen;
};
struct Memory {
  Group groups[2][7];  // by direction
};

void tell(std::uint16_t group, std::uint8_t said, std::string_view name, std::span<const NamedValue> names,
          const std::string& virtual_ip, Event& event, LayerBuilder& out) {
  Group* slot = nullptr;
  for (Group& known : out.state<Memory>().groups[out.from_orig() ? 0 : 1]) {
    if (known.seen && known.number != group) continue;
    slot = &known;
    break;
  }
  if (slot == nullptr || (slot->seen && slot->state == said)) return;
  event.text = "group " + std::to_string(group) + " at " + out.frame().src.ip.text() + ": ";
  if (slot->seen) event.say(std::string(name_of(names, slot->state, "Unknown")) + " to ");
  event.say(std::string(name) + ", virtual router " + virtual_ip);
  event.send(out, name);
  *slot = {.number = group, .state = said, .seen = true};
}

void add_padded_text(std::size_t field, Bytes where, LayerBuilder& out) {
  const std::string_view text = as_text(where);
  out.add_text(field, text.substr(0, text.find('\0')), where);
}

Outcome dissect_advertise(Cursor& in, LayerBuilder& out) {
  const std::uint16_t type = out.u16(in, kAdvTlvtype);
  const std::uint16_t length = out.u16(in, kAdvTlvlength);
  if (!in.ok() || type != 1 || length < 10) return in.ok() ? Outcome::kDone : Outcome::kTruncated;
  const Bytes state = in.peek(1);
  read_pieces(in, out,
              {{kAdvState, 1}, {kAdvReserved1, 1}, {kAdvActivegrp, 2}, {kAdvPassivegrp, 2}, {kAdvReserved2, 4}});
  if (out.wanted() && in.ok())
    out.info("Advertise (state " + std::string(name_of(kAdvStateNames, state[0], "Unknown")) + ")");
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

Outcome dissect_version1(Cursor& in, LayerBuilder& out) {
  out.u8(in, kVersion);
  const std::uint8_t opcode = out.u8(in, kOpcode);
  if (!in.ok()) return Outcome::kTruncated;
  if (opcode == kAdvertise) return dissect_advertise(in, out);
  const std::uint8_t said = out.u8(in, kState);
  read_pieces(in, out, {{kHellotime, 1}, {kHoldtime, 1}});
  const std::uint8_t priority = out.u8(in, kPriority);
  const std::uint8_t group = out.u8(in, kGroup);
  out.u8(in, kReserved);
  const Bytes auth = in.take(8);
  if (in.ok() && out.wanted()) add_padded_text(kAuthData, auth, out);
  const std::uint32_t address = out.ipv4(in, kVirtIp);
  if (!in.ok()) return Outcome::kTruncated;
  const std::string_view name = name_of(kStateNames, said, "Unknown");
  if (out.wanted())
    out.info(std::string(name_of(kOpcodeNames, opcode, "Unknown")) + " (state " + std::string(name) + ")");
  Event event;
  event.item(kOpcode, opcode);
  event.item(kState, said);
  event.item(kGroup, group);
  event.item(kPriority, priority);
  event.item(kVirtIp, address);
  tell(group, said, name, kStateNames, ipv4_text(address), event, out);
  return Outcome::kDone;
}

void read_group_state(Cursor& in, LayerBuilder& out) {
  out.u8(in, kHsrp2Version);
  const std::uint8_t opcode = out.u8(in, kHsrp2Opcode);
  const std::uint8_t said = out.u8(in, kHsrp2State);
  const std::uint8_t ip = out.u8(in, kHsrp2Ipversion);
  const std::uint16_t group = out.u16(in, kHsrp2Group);
  out.bytes(in, kHsrp2Identifier, 6);
  const std::uint32_t priority = out.u32(in, kHsrp2Priority);
  read_pieces(in, out, {{kHsrp2Hellotime, 4}, {kHsrp2Holdtime, 4}});
  const Bytes address = in.peek(ip == 6 ? 16 : 4);
  if (ip == 6) {
    out.bytes(in, kHsrp2VirtIpV6, 16);
  } else {
    out.ipv4(in, kHsrp2VirtIp);
  }
  if (!in.ok()) return;
  const std::string_view name = name_of(kState2Names, said, "Unknown");
  if (out.wanted())
    out.info(std::string(name_of(kOpcodeNames, opcode, "Unknown")) + " (state " + std::string(name) + ")");
  Event event;
  event.item(kHsrp2Opcode, opcode);
  event.item(kHsrp2State, said);
  event.item(kHsrp2Group, group);
  event.item(kHsrp2Priority, priority);
  if (ip != 6) event.item(kHsrp2VirtIp, number_of(address));
  tell(group, said, name, kState2Names, IpAddress::from(address).text(), event, out);
}

Outcome dissect_version2(Cursor& in, LayerBuilder& out) {
  if (out.wanted()) out.column("HSRPv2");
  while (in.left() >= 2) {
    const Bytes type = in.take(1);
    const std::uint8_t length = in.u8();
    Cursor value = in.sub(length);
    if (!in.ok()) return Outcome::kTruncated;
    switch (type[0]) {
      case 1:
        out.add(kHsrp2GroupStateTlv, type[0], type);
        read_group_state(value, out);
        break;
      case 2:
        out.add(kHsrp2InterfaceStateTlv, type[0], type);
        read_pieces(value, out, {{kHsrp2ActiveGroups, 2}, {kHsrp2PassiveGroups, 2}});
        break;
      case 3:
        out.add(kHsrp2TextAuthTlv, type[0], type);
        if (out.wanted()) add_padded_text(kHsrp2AuthData, value.take(value.left()), out);
        break;
      case 4:
        out.add(kHsrp2Md5AuthTlv, type[0], type);
        read_pieces(value, out,
                    {{kHsrp2Md5Algorithm, 1},
                     {kHsrp2Md5Padding, 1},
                     {kHsrp2Md5Flags, 2},
                     {kMd5IpAddress, 4},
                     {kHsrp2Md5KeyId, 4},
                     {kHsrp2Md5AuthData, 16, true}});
        break;
      default: break;
    }
  }
  return Outcome::kDone;
}

Outcome dissect_hsrp(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.peek(2);
  if (start.size() < 2) return Outcome::kTruncated;
  if (start[0] == 0) return dissect_version1(in, out);
  return start[0] <= 4 ? dissect_version2(in, out) : Outcome::kNotMine;
}

Likeness probe_hsrp(Bytes start, const ProbeHint&) {
  if (start.size() < 12) return Likeness::kNo;
  if (start[0] == 1 && start[1] == kGroupState && start.size() >= 2 + kGroupState) {
    const bool plain =
        start[2] == 2 && start[3] <= 2 && start[4] >= 1 && start[4] <= 6 && (start[5] == 4 || start[5] == 6);
    return plain ? Likeness::kYes : Likeness::kNo;
  }
  if (start[0] != 0 || start[1] > kAdvertise) return start[0] == 2 && start[1] == 4 ? Likeness::kMaybe : Likeness::kNo;
  const bool cisco = start.size() >= kLength1 && as_text(start.subspan(8, 8)) == std::string_view("cisco\0\0\0", 8);
  return cisco && std::has_single_bit(static_cast<unsigned>(start[2])) ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector hsrp_dissector{.name = "hsrp",
                                                .title = "Cisco Hot Standby Router Protocol",
                                                .column = "HSRP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_hsrp,
                                                .probe = &probe_hsrp,
                                                .datagram = true};

}  // namespace pr::dissect
