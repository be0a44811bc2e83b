// The Common Industrial Protocol (CIP volume 1): service, request path, status of a response.
#include <string>

#include "helper/dissect/dissector.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kDirections[] = {{0, "Request"}, {1, "Response"}};
constexpr NamedValue kServices[] = {{0x01, "Get Attributes All"},
                                    {0x02, "Set Attributes All"},
                                    {0x03, "Get Attribute List"},
                                    {0x04, "Set Attribute List"},
                                    {0x05, "Reset"},
                                    {0x06, "Start"},
                                    {0x07, "Stop"},
                                    {0x08, "Create"},
                                    {0x09, "Delete"},
                                    {0x0a, "Multiple Service Packet"},
                                    {0x0d, "Apply Attributes"},
                                    {0x0e, "Get Attribute Single"},
                                    {0x10, "Set Attribute Single"},
                                    {0x11, "Find Next Object Instance"},
                                    {0x15, "Restore"},
                                    {0x16, "Save"},
                                    {0x17, "Nop"},
                                    {0x18, "Get Member"},
                                    {0x19, "Set Member"},
                                    {0x1a, "Insert Member"},
                                    {0x1b, "Remove Member"},
                                    {0x1c, "Group Sync"}};
constexpr NamedValue kStatuses[] = {{0x00, "Success"},
                                    {0x01, "Connection failure"},
                                    {0x02, "Resource unavailable"},
                                    {0x03, "Invalid parameter value"},
                                    {0x04, "Path segment error"},
                                    {0x05, "Path destination unknown"},
                                    {0x06, "Partial transfer"},
                                    {0x07, "Connection lost"},
                                    {0x08, "Service not supported"},
                                    {0x09, "Invalid attribute value"},
                                    {0x0a, "Attribute list error"},
                                    {0x0b, "Already in requested mode/state"},
                                    {0x0c, "Object state conflict"},
                                    {0x0e, "Attribute not settable"},
                                    {0x0f, "Privilege violation"},
                                    {0x10, "Device state conflict"},
                                    {0x11, "Reply data too large"},
                                    {0x13, "Not enough data"},
                                    {0x14, "Attribute not supported"},
                                    {0x15, "Too much data"},
                                    {0x16, "Object does not exist"}};

enum : std::size_t {
  kSeq,
  kService,
  kRr,
  kSc,
  kGenstat,
  kAddstatSize,
  kAddstat,
  kRequestPathSize,
  kMspNumServices,
  kMspOffset
};

constexpr FieldDef kFields[] = {
    {"cip.seq", "CIP Sequence Count", FieldType::kUint},
    {"cip.service", "Service", FieldType::kUint, Show::kHex, 8},
    {"cip.rr", "Request/Response", FieldType::kUint, Show::kHex, 8, kDirections},
    {"cip.sc", "Service", FieldType::kUint, Show::kHex, 8, kServices},
    {"cip.genstat", "General Status", FieldType::kUint, Show::kHex, 8, kStatuses},
    {"cip.addstat_size", "Additional Status Size", FieldType::kUint},
    {"cip.addstat", "Additional Status", FieldType::kUint, Show::kHex, 16},
    {"cip.request_path_size", "Request Path Size", FieldType::kUint},
    {"cip.msp.num_services", "Number of Services", FieldType::kUint},
    {"cip.msp.offset", "Offset", FieldType::kUint},
};

constexpr std::uint8_t kMultiple = 0x0a;
constexpr unsigned kMaxDepth = 3;
constexpr unsigned kMaxServices = 512;

void message(Cursor in, LayerBuilder& out, std::uint64_t path_words, unsigned depth);

// Counted messages, each found by its offset from the count. The offset stands in the list and with its message.
void services(Cursor in, LayerBuilder& out, unsigned depth) {
  const Bytes all = in.rest();
  const std::uint16_t count = out.u16le(in, kMspNumServices);
  const LayerBuilder::Subtree deeper(out);
  Cursor offsets = in;
  for (unsigned i = 0; i < count && i < kMaxServices; ++i) out.u16le(in, kMspOffset);
  for (unsigned i = 0; i < count && i < kMaxServices; ++i) {
    const Bytes where = offsets.peek(2);
    const std::uint16_t at = offsets.u16le();
    const std::size_t next = i + 1 == count ? all.size() : Cursor(offsets.peek(2)).u16le();
    if (!offsets.ok() || next < at || next > all.size()) return;
    out.add(kMspOffset, at, where);
    const LayerBuilder::Subtree service(out);
    message(Cursor(all.subspan(at, next - at)), out, 0, depth + 1);
  }
}

// path_words: of the request that a response answers, 0 if that is not known.
void message(Cursor in, LayerBuilder& out, std::uint64_t path_words, unsigned depth) {
  const Bytes at = in.peek(1);
  const std::uint8_t service = out.u8(in, kService);
  if (!in.ok()) return;
  const bool response = (service & 0x80U) != 0;
  {
    const LayerBuilder::Subtree deeper(out);
    out.add(kRr, response ? 1 : 0, at);
    out.add(kSc, service & 0x7fU, at);
  }
  std::string line;
  if (response) {
    in.skip(1);
    const std::uint8_t status = out.u8(in, kGenstat);
    line = std::string(value_name(kStatuses, status)) + ": ";
    const std::uint8_t words = out.u8(in, kAddstatSize);
    for (unsigned i = 0; i < words && in.left() >= 2; ++i) out.u16le(in, kAddstat);
    if (path_words != 0) out.add(kRequestPathSize, path_words, {});
  } else {
    const std::uint8_t words = out.u8(in, kRequestPathSize);
    in.skip(std::size_t{words} * 2);
  }
  if (depth == 0) {
    const std::string_view name = value_name(kServices, service & 0x7fU);
    line += name.empty() ? "Service (0x" + std::to_string(service & 0x7fU) + ")" : std::string(name);
    out.info(std::move(line));
  }
  if ((service & 0x7fU) == kMultiple && in.left() >= 4 && depth < kMaxDepth) services(in, out, depth);
}

// The encapsulation passes bit 0 for connected messages, which begin with a sequence count, and above it the words of
// the path of the request that is answered here.
Outcome dissect_cip(Cursor& in, LayerBuilder& out) {
  const std::uint64_t passed = out.passed();
  if (out.wanted()) {
    if ((passed & 1U) != 0) out.u16le(in, kSeq);
    if (in.ok()) message(Cursor(in.rest()), out, passed >> 1U & 0xffU, 0);
  }
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector cip_dissector{
    .name = "cip", .title = "Common Industrial Protocol", .column = "CIP", .fields = kFields, .dissect = &dissect_cip};

}  // namespace pr::dissect
