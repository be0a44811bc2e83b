// Prism header in front of 802.11 frames: a list of values that say what they are. Some drivers put an AVS header
// where the file says that there is this one.
#include <algorithm>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kCode, kLength, kDevice, kDid, kDidType, kDidStatus, kDidLength, kFieldCount };

constexpr FieldDef kFields[] = {
    {"prism.msgcode", "Message Code", FieldType::kUint, Show::kHex, 32},
    {"prism.msglen", "Message Length", FieldType::kUint},
    {"prism.devname", "Device Name", FieldType::kText},
    {"prism.did", "DID", FieldType::kNone},
    {"prism.did.type", "DID", FieldType::kUint, Show::kHex, 32},
    {"prism.did.status", "Status", FieldType::kUint},
    {"prism.did.length", "Length", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 119}};
constexpr std::size_t kHead = 24, kItem = 12;
constexpr std::uint16_t kAvsMagic = 0x8021;

void add_items(Cursor in, bool little, LayerBuilder& out) {
  while (in.left() >= kItem) {
    out.mark(kDid, in.peek(kItem));
    Cursor item = in.sub(kItem);
    LayerBuilder::Subtree below(out);
    little ? out.u32le(item, kDidType) : out.u32(item, kDidType);
    little ? out.u16le(item, kDidStatus) : out.u16(item, kDidStatus);
    little ? out.u16le(item, kDidLength) : out.u16(item, kDidLength);
  }
}

Outcome dissect_prism(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(kHead);
  if (head.size() < kHead) return Outcome::kTruncated;
  if ((head[0] << 8U | head[1]) == kAvsMagic && out.next("wlancap", in)) return Outcome::kDone;
  const bool little = head[0] != 0;  // codes are small numbers
  little ? out.u32le(in, kCode) : out.u32(in, kCode);
  const std::uint32_t length = little ? out.u32le(in, kLength) : out.u32(in, kLength);
  const Bytes device = in.take(16);
  const auto end = std::ranges::find(device, std::uint8_t{0});
  out.add(kDevice, device.first(static_cast<std::size_t>(end - device.begin())), device);
  if (length < kHead) return Outcome::kMalformed;
  const Cursor items = in.sub(length - kHead);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) add_items(items, little, out);
  if (!out.next("wlan_radio", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector prism_dissector{.name = "prism",
                                                 .title = "Prism capture header",
                                                 .column = "Prism",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_prism};

}  // namespace pr::dissect
