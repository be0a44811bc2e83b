// gRPC messages in an HTTP/2 DATA frame: length-prefixed, compressed or not. Service and method stand in the stream's
// :path.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t {
  kFrameType,
  kCompressedFlag,
  kMessageLength,
  kMessageData,
};

constexpr FieldDef kFields[] = {
    {"grpc.frame_type", "Frame Type", FieldType::kUint},
    {"grpc.compressed_flag", "Compressed Flag", FieldType::kUint},
    {"grpc.message_length", "Message Length", FieldType::kUint},
    {"grpc.message_data", "Message Data", FieldType::kBytes},
};

Outcome dissect_grpc(Cursor& in, LayerBuilder& out) {
  int messages = 0;
  while (in.left() >= 5) {
    const Bytes where = in.peek(1);
    const std::uint8_t flags = in.u8();
    if ((flags & 0x7eU) != 0 && messages == 0) return Outcome::kNotMine;  // the rest of an earlier message
    out.add(kFrameType, flags >> 7U, where);
    out.add(kCompressedFlag, flags & 1U, where);
    const std::uint32_t length = out.u32(in, kMessageLength);
    const std::size_t there = std::min<std::size_t>(length, in.left());
    if (there > 0) out.bytes(in, kMessageData, there);
    ++messages;
  }
  in.skip(in.left());
  return messages > 0 ? Outcome::kDone : Outcome::kNotMine;
}

}  // namespace

extern constinit const Dissector grpc_dissector{
    .name = "grpc", .title = "GRPC Message", .column = "GRPC", .fields = kFields, .dissect = &dissect_grpc};

}  // namespace pr::dissect
