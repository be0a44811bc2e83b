// Configuration Test Protocol, Ethernet's loopback test (Ethernet version 2.0, section 8).
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kFunctionNames[] = {{1, "Reply"}, {2, "Forward Data"}};

enum Field : std::size_t { kSkipcount, kRelevantFunction, kFunction, kReceiptNumber, kForwardingAddress, kFieldCount };

constexpr FieldDef kFields[] = {
    {"loop.skipcount", "skipCount", FieldType::kUint},
    {"loop.relevant_function", "Relevant function", FieldType::kUint, Show::kDec, 0, kFunctionNames},
    {"loop.function", "Function", FieldType::kUint, Show::kDec, 0, kFunctionNames},
    {"loop.receipt_number", "Receipt number", FieldType::kUint},
    {"loop.forwarding_address", "Forwarding address", FieldType::kEther},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ethertype", 0x9000}};
constexpr std::uint16_t kReply = 1, kForward = 2;
constexpr int kMaxForwards = 32;

Outcome dissect_loop(Cursor& in, LayerBuilder& out) {
  const std::uint16_t skip = out.u16le(in, kSkipcount);
  if (!in.ok()) return Outcome::kTruncated;
  const Bytes body = in.rest();
  if (skip + 2U <= body.size()) {
    const auto relevant = static_cast<std::uint64_t>(body[skip] | body[skip + 1U] << 8U);
    out.add(kRelevantFunction, relevant, body.subspan(skip, 2));
    if (out.wanted())
      out.info(relevant == kReply ? "Reply" : relevant == kForward ? "Forward Data" : "Unknown function");
  }
  for (int i = 0; i < kMaxForwards && in.left() > 0; ++i) {
    const std::uint16_t function = out.u16le(in, kFunction);
    if (function == kForward) {
      out.bytes(in, kForwardingAddress, 6);
      continue;
    }
    if (function == kReply) out.u16le(in, kReceiptNumber);
    break;
  }
  if (!in.ok()) return Outcome::kTruncated;
  out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector loop_dissector{.name = "loop",
                                                .title = "Configuration Test Protocol (loopback)",
                                                .column = "LOOP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_loop};

}  // namespace pr::dissect
