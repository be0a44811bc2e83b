// Link Aggregation Control Protocol, IEEE 802.1AX section 6.4.2.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"
#include "shared/base/hex.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTlvNames[] = {
    {0, "Terminator"}, {1, "Actor Information"}, {2, "Partner Information"}, {3, "Collector Information"}};

enum Field : std::size_t {
  kVersion,
  kTlvType,
  kTlvLength,
  kActorSysPriority,
  kActorSysid,
  kActorKey,
  kActorPortPriority,
  kActorPort,
  kActorState,
  kActorStateActivity,
  kActorStateTimeout,
  kActorStateAggregation,
  kActorStateSynchronization,
  kActorStateCollecting,
  kActorStateDistributing,
  kActorStateDefaulted,
  kActorStateExpired,
  kActorStateStr,
  kActorReserved,
  kPartnerSysPriority,
  kPartnerSysid,
  kPartnerKey,
  kPartnerPortPriority,
  kPartnerPort,
  kPartnerState,
  kPartnerStateActivity,
  kPartnerStateTimeout,
  kPartnerStateAggregation,
  kPartnerStateSynchronization,
  kPartnerStateCollecting,
  kPartnerStateDistributing,
  kPartnerStateDefaulted,
  kPartnerStateExpired,
  kPartnerStateStr,
  kPartnerReserved,
  kCollectorMaxDelay,
  kCollReserved,
  kPad,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"lacp.version", "LACP Version", FieldType::kUint, Show::kHex, 8},
    {"lacp.tlv_type", "TLV Type", FieldType::kUint, Show::kHex, 8, kTlvNames},
    {"lacp.tlv_length", "TLV Length", FieldType::kUint, Show::kHex, 8},
    {"lacp.actor.sys_priority", "Actor System Priority", FieldType::kUint},
    {"lacp.actor.sysid", "Actor System ID", FieldType::kEther},
    {"lacp.actor.key", "Actor Key", FieldType::kUint},
    {"lacp.actor.port_priority", "Actor Port Priority", FieldType::kUint},
    {"lacp.actor.port", "Actor Port", FieldType::kUint},
    {"lacp.actor.state", "Actor State", FieldType::kUint, Show::kHex, 8},
    {"lacp.actor.state.activity", "LACP Activity", FieldType::kBool},
    {"lacp.actor.state.timeout", "LACP Timeout", FieldType::kBool},
    {"lacp.actor.state.aggregation", "Aggregation", FieldType::kBool},
    {"lacp.actor.state.synchronization", "Synchronization", FieldType::kBool},
    {"lacp.actor.state.collecting", "Collecting", FieldType::kBool},
    {"lacp.actor.state.distributing", "Distributing", FieldType::kBool},
    {"lacp.actor.state.defaulted", "Defaulted", FieldType::kBool},
    {"lacp.actor.state.expired", "Expired", FieldType::kBool},
    {"lacp.actor.state_str", "Actor State Flags", FieldType::kText},
    {"lacp.actor.reserved", "Reserved", FieldType::kBytes},
    {"lacp.partner.sys_priority", "Partner System Priority", FieldType::kUint},
    {"lacp.partner.sysid", "Partner System", FieldType::kEther},
    {"lacp.partner.key", "Partner Key", FieldType::kUint},
    {"lacp.partner.port_priority", "Partner Port Priority", FieldType::kUint},
    {"lacp.partner.port", "Partner Port", FieldType::kUint},
    {"lacp.partner.state", "Partner State", FieldType::kUint, Show::kHex, 8},
    {"lacp.partner.state.activity", "LACP Activity", FieldType::kBool},
    {"lacp.partner.state.timeout", "LACP Timeout", FieldType::kBool},
    {"lacp.partner.state.aggregation", "Aggregation", FieldType::kBool},
    {"lacp.partner.state.synchronization", "Synchronization", FieldType::kBool},
    {"lacp.partner.state.collecting", "Collecting", FieldType::kBool},
    {"lacp.partner.state.distributing", "Distributing", FieldType::kBool},
    {"lacp.partner.state.defaulted", "Defaulted", FieldType::kBool},
    {"lacp.partner.state.expired", "Expired", FieldType::kBool},
    {"lacp.partner.state_str", "Partner State Flags", FieldType::kText},
    {"lacp.partner.reserved", "Reserved", FieldType::kBytes},
    {"lacp.collector.max_delay", "Collector Max Delay", FieldType::kUint},
    {"lacp.coll_reserved", "Reserved", FieldType::kBytes},
    {"lacp.pad", "Pad", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"slow.subtype", 1}};

// Fields of one side follow each other in the table, the same for both.
// The first field of a side; the other side's stand in the same order.
using Side = std::size_t;
constexpr Side kActor = kActorSysPriority, kPartner = kPartnerSysPriority;
constexpr std::size_t kState = kActorState - kActor, kFirstBit = kActorStateActivity - kActor,
                      kText = kActorStateStr - kActor;
static_assert(kPartnerReserved - kPartner == kActorReserved - kActor);

struct System {
  Bytes id;
  std::uint16_t key = 0, port = 0;
  std::string state;  // a letter for each bit
  [[nodiscard]] std::string text() const {
    return hex_text(id, ':') + " P: " + std::to_string(port) + " K: " + std::to_string(key) + " " + state;
  }
};

System read_side(Side side, Cursor& in, LayerBuilder& out) {
  System system;
  std::size_t field = side;
  out.u16(in, field++);
  system.id = out.bytes(in, field++, 6);
  system.key = out.u16(in, field++);
  out.u16(in, field++);
  system.port = out.u16(in, field++);
  const Bytes where = in.peek(1);
  const std::uint8_t state = out.u8(in, side + kState);
  if (!in.ok()) return system;
  {
    const LayerBuilder::Subtree below(out);
    for (std::size_t bit = 0; bit < 8; ++bit) out.add(side + kFirstBit + bit, state >> bit & 1U, where);
  }
  constexpr char kLetters[] = "EFDCSGSA";  // the highest bit first, as they are drawn
  for (std::size_t bit = 0; bit < 8 && out.wanted(); ++bit)
    system.state += (state >> (7U - bit) & 1U) != 0 ? kLetters[bit] : '*';
  out.add_text(side + kText, system.state, where);
  out.bytes(in, side + (kActorReserved - kActor), 3);
  return system;
}

Outcome dissect_lacp(Cursor& in, LayerBuilder& out) {
  const std::uint8_t version = out.u8(in, kVersion);
  read_pieces(in, out, {{kTlvType, 1}, {kTlvLength, 1}});
  const System actor = read_side(kActor, in, out);
  read_pieces(in, out, {{kTlvType, 1}, {kTlvLength, 1}});
  const System partner = read_side(kPartner, in, out);
  read_pieces(in, out,
              {{kTlvType, 1},
               {kTlvLength, 1},
               {kCollectorMaxDelay, 2},
               {kCollReserved, 12, true},
               {kTlvType, 1},
               {kTlvLength, 1}});
  if (in.ok() && out.wanted()) {
    out.info("v" + std::to_string(version) + " ACTOR " + actor.text() + " PARTNER " + partner.text());
  }
  if (in.left() > 0) out.bytes(in, kPad, in.left());
  return in.ok() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector lacp_dissector{.name = "lacp",
                                                .title = "Link Aggregation Control Protocol",
                                                .column = "LACP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_lacp};

}  // namespace pr::dissect
