// ATM LAN emulation, af-lane-0084: a client's number in front of an Ethernet frame.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kClient, kFieldCount };

constexpr FieldDef kFields[] = {
    {"atm.le_client.client", "LE Client", FieldType::kUint, Show::kHex, 16},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr std::uint16_t kControl = 0xff00;

Outcome dissect_lane(Cursor& in, LayerBuilder& out) {
  const std::uint16_t client = out.u16(in, kClient);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("ATM LANE");
  if (client == kControl || !out.next("eth", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector lane_dissector{
    .name = "lane", .title = "ATM LANE", .column = "ATM LANE", .fields = kFields, .dissect = &dissect_lane};

}  // namespace pr::dissect
