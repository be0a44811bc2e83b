// FDDI, ISO 9314. Captures have the addresses in FDDI's order of bits: each octet is the other way round.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kClassNames[] = {{0x0, "Void"},  {0x4, "SMT"}, {0x5, "Async LLC"},
                                      {0x8, "Token"}, {0xc, "MAC"}, {0xd, "Sync LLC"}};

enum Field : std::size_t { kControl, kClass, kPriority, kSmtSubtype, kMacSubtype, kDst, kSrc, kFieldCount };

constexpr FieldDef kFields[] = {
    {"fddi.fc", "Frame Control", FieldType::kUint, Show::kHex, 8},
    {"fddi.fc.clf", "Class/Length/Format", FieldType::kUint, Show::kHex, 8, kClassNames},
    {"fddi.fc.prio", "Priority", FieldType::kUint},
    {"fddi.fc.smt_subtype", "SMT Subtype", FieldType::kUint},
    {"fddi.fc.mac_subtype", "MAC Subtype", FieldType::kUint},
    {"fddi.dst", "Destination", FieldType::kEther},
    {"fddi.src", "Source", FieldType::kEther},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr const char* kAddress[] = {"fddi.dst", "fddi.src"};
constexpr AliasDef kAliases[] = {{"fddi.addr", "Source or Destination Address", kAddress}};
constexpr Bind kBinds[] = {{"link", 10}};

enum FrameClass : std::uint8_t { kSmt = 4, kAsyncLlc = 5, kMac = 12, kSyncLlc = 13 };

std::uint8_t reversed(std::uint8_t octet) {
  unsigned out = 0;
  for (unsigned bit = 0; bit < 8; ++bit) out |= (octet >> bit & 1U) << (7U - bit);
  return static_cast<std::uint8_t>(out);
}

void add_address(std::size_t field, Bytes address, LayerBuilder& out) {
  std::string swapped;
  for (const std::uint8_t octet : address) swapped += static_cast<char>(reversed(octet));
  out.add_text(field, swapped, address);
}

void add_control(std::uint8_t control, Bytes where, LayerBuilder& out) {
  out.add(kControl, control, where);
  LayerBuilder::Subtree below(out);
  const unsigned frame_class = control >> 4U;
  out.add(kClass, frame_class, where);
  if (frame_class == kSmt) out.add(kSmtSubtype, control & 0xfU, where);
  if (frame_class == kMac) out.add(kMacSubtype, control & 0xfU, where);
  if (frame_class == kAsyncLlc) out.add(kPriority, control & 7U, where);
}

Outcome dissect_fddi(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t control = in.u8();
  const Bytes dst = in.take(6);
  const Bytes src = in.take(6);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    add_control(control, where, out);
    add_address(kDst, dst, out);
    add_address(kSrc, src, out);
    out.info(std::string(name_of(kClassNames, control >> 4U, "Unknown frame type")));
  }
  const unsigned frame_class = control >> 4U;
  const bool llc = frame_class == kAsyncLlc || frame_class == kSyncLlc;
  if (!llc || !out.next("llc", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector fddi_dissector{.name = "fddi",
                                                .title = "Fiber Distributed Data Interface",
                                                .column = "FDDI",
                                                .fields = kFields,
                                                .aliases = kAliases,
                                                .binds = kBinds,
                                                .dissect = &dissect_fddi};

}  // namespace pr::dissect
