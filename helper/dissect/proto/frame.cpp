// What is known of a packet before its first octet is read. The outermost layer of every packet; the link layer is
// found by the capture's link type.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kEncapNames[] = {{1, "Ethernet"},
                                      {4, "PPP"},
                                      {7, "Raw IP"},
                                      {15, "NULL/Loopback"},
                                      {20, "IEEE 802.11 Wireless LAN"},
                                      {23, "IEEE 802.11 plus radiotap radio header"},
                                      {25, "Linux cooked-mode capture v1"},
                                      {26, "Frame Relay"},
                                      {28, "Cisco HDLC"},
                                      {97, "Per-Packet Information header"},
                                      {129, "Raw IPv4"},
                                      {130, "Raw IPv6"},
                                      {210, "Linux cooked-mode capture v2"}};

enum Field : std::size_t {
  kEncapType,
  kInterfaceId,
  kInterfaceName,
  kTime,
  kTimeEpoch,
  kTimeDelta,
  kTimeRelative,
  kNumber,
  kLen,
  kCapLen,
  kProtocols,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"frame.encap_type", "Encapsulation type", FieldType::kInt, Show::kDec, 0, kEncapNames},
    {"frame.interface_id", "Interface id", FieldType::kUint},
    {"frame.interface_name", "Interface name", FieldType::kText},
    {"frame.time", "Arrival Time", FieldType::kTime},
    {"frame.time_epoch", "Epoch Time", FieldType::kDuration},
    {"frame.time_delta", "Time delta from previous captured frame", FieldType::kDuration},
    {"frame.time_relative", "Time since reference or first frame", FieldType::kDuration},
    {"frame.number", "Frame Number", FieldType::kUint},
    {"frame.len", "Frame length on the wire", FieldType::kUint},
    {"frame.cap_len", "Frame length stored into the capture file", FieldType::kUint},
    {"frame.protocols", "Protocols in frame", FieldType::kText},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr const char* kTables[] = {"link"};

// Wireshark's number of a link type; -1: not one of those that are dissected.
int encap_of(std::uint16_t link_type) {
  switch (link_type) {
    case 0:
    case 108: return 15;
    case 1: return 1;
    case 9:
    case 50: return 4;
    case 6: return 2;
    case 7: return 8;
    case 10: return 6;
    case 106: return 11;
    case 109: return 38;
    case 11:
    case 100: return 10;
    case 117: return 39;
    case 119: return 21;
    case 122: return 18;
    case 123: return 13;
    case 129: return 9;
    case 138: return 62;
    case 163: return 24;
    case 178: return 83;
    case 226: return 124;
    case 239: return 141;
    case 242: return 180;
    case 258: return 171;
    case 12:
    case 14:
    case 101: return 7;
    case 104: return 28;
    case 113: return 25;
    case 105: return 20;
    case 107: return 26;
    case 127: return 23;
    case 192: return 97;
    case 228: return 129;
    case 229: return 130;
    case 276: return 210;
    default: return -1;
  }
}

void add_times(const Packet& packet, LayerBuilder& out) {
  const Context& context = out.context();
  const auto since = [&](Timestamp start) {
    return to_ns(start) == 0 ? std::uint64_t{0} : static_cast<std::uint64_t>((packet.ts - start).count());
  };
  out.add(kTime, static_cast<std::uint64_t>(to_ns(packet.ts)), Bytes{});
  out.add(kTimeEpoch, static_cast<std::uint64_t>(to_ns(packet.ts)), Bytes{});
  out.add(kTimeDelta, since(context.packet_before), Bytes{});
  out.add(kTimeRelative, since(context.session_start), Bytes{});
}

void add_fields(const Packet& packet, LayerBuilder& out) {
  const std::string_view interface_name = out.context().interface_name;
  // A classic pcap file knows of no interfaces: without a name there is nothing to show.
  if (!interface_name.empty()) {
    out.add(kInterfaceId, packet.interface_id, Bytes{});
    out.add_text(kInterfaceName, interface_name, Bytes{});
  }
  const int encap = encap_of(packet.link_type);
  if (encap >= 0) out.add(kEncapType, static_cast<std::uint64_t>(encap), Bytes{});
  add_times(packet, out);
  out.add(kNumber, packet.number, Bytes{});
  out.add(kLen, packet.wire_len, Bytes{});
  out.add(kCapLen, packet.bytes.size(), Bytes{});
  out.add(kProtocols, Bytes{}, Bytes{});  // Engine::finish knows
}

Outcome dissect_frame(Cursor& in, LayerBuilder& out) {
  const Packet& packet = out.packet();
  if (out.wanted()) {
    add_fields(packet, out);
    out.layer_length(packet.bytes.size());
  }
  if (!out.next(0, packet.link_type, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector frame_dissector{
    .name = "frame", .title = "Frame", .fields = kFields, .tables = kTables, .dissect = &dissect_frame};

}  // namespace pr::dissect
