// ATM as SunATM captures it: what kind of traffic, path and channel, then the reassembled packet.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTrafficNames[] = {{0, "Unknown"}, {1, "LLC multiplexed"}, {3, "LANE"}, {4, "ILMI"}};

enum Field : std::size_t { kChannel, kAal, kTraffic, kLane, kVpi, kVci, kFieldCount };

constexpr FieldDef kFields[] = {
    {"atm.channel", "Channel", FieldType::kUint},
    {"atm.aal", "AAL", FieldType::kUint},
    {"atm.traffic_type", "Traffic type", FieldType::kUint, Show::kDec, 0, kTrafficNames},
    {"atm.traffic.lane", "LANE traffic type", FieldType::kUint},
    {"atm.vpi", "VPI", FieldType::kUint},
    {"atm.vci", "VCI", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 123}};
// SunATM's numbers of traffic, and those that they are shown as.
enum SunTraffic : std::uint8_t { kSunLane = 1, kSunLlc = 2 };
enum Traffic : std::uint8_t { kUnknown = 0, kLlc = 1, kLanEmulation = 3 };
constexpr std::uint8_t kAal5 = 4, kLane8023 = 2;

Traffic traffic_of(std::uint8_t sun) {
  if (sun == kSunLlc) return kLlc;
  return sun == kSunLane ? kLanEmulation : kUnknown;
}

Outcome dissect_atm(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(4);
  const std::uint8_t flags = in.u8();
  in.skip(3);
  if (!in.ok()) return Outcome::kTruncated;
  const Traffic traffic = traffic_of(flags & 0xfU);
  if (out.wanted()) {
    out.add(kChannel, (flags & 0x80U) != 0 ? 0 : 1, head.first(1));
    out.add(kAal, kAal5, head.first(1));
    out.add(kTraffic, traffic, head.first(1));
    if (traffic == kLanEmulation) out.add(kLane, kLane8023, head.first(1));
    out.add(kVpi, head[1], head.subspan(1, 1));
    out.add(kVci, static_cast<std::uint64_t>(head[2] << 8U | head[3]), head.subspan(2));
    out.info("ATM");
  }
  const bool known = traffic == kLlc ? out.next("llc", in) : traffic == kLanEmulation && out.next("lane", in);
  if (!known) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector atm_dissector{.name = "atm",
                                               .title = "Asynchronous Transfer Mode",
                                               .column = "ATM",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_atm};

}  // namespace pr::dissect
