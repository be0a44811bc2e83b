// Elasticsearch's transport between nodes: "ES", a length, then request, status, version and what is asked for.
#include <algorithm>

#include "helper/dissect/bits.h"
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum : std::size_t {
  kHeaderToken,
  kHeaderMessageLength,
  kHeaderRequestId,
  kHeaderStatusFlags,
  kHeaderStatusFlagsCompression,
  kHeaderStatusFlagsError,
  kHeaderStatusFlagsMessageType,
  kVersion
};

constexpr FieldDef kFields[] = {
    {"elasticsearch.header.token", "Token", FieldType::kText},
    {"elasticsearch.header.message_length", "Message length", FieldType::kUint},
    {"elasticsearch.header.request_id", "Request ID", FieldType::kUint},
    {"elasticsearch.header.status_flags", "Status flags", FieldType::kUint, Show::kHex, 8},
    {"elasticsearch.header.status_flags.compression", "Compression", FieldType::kBool},
    {"elasticsearch.header.status_flags.error", "Error", FieldType::kBool},
    {"elasticsearch.header.status_flags.message_type", "Message type", FieldType::kUint},
    {"elasticsearch.version", "Version", FieldType::kUint},
};

constexpr Bind kBinds[] = {{"tcp.port", 9300}};
constexpr std::size_t kHead = 6;
constexpr std::uint32_t kRest = 13;  // request id, status and version
constexpr std::uint32_t kMaxLength = 1U << 30U;

Outcome dissect_elasticsearch(Cursor& in, LayerBuilder& out) {
  Cursor look(in.peek(kHead));
  const bool token = look.u8() == 'E' && look.u8() == 'S';
  const std::uint32_t length = look.u32();
  if (look.ok() && (!token || length > kMaxLength)) return Outcome::kNotMine;
  // Of a message the head is enough; a ping has no more.
  const std::size_t head = kHead + (length < kRest ? length : kRest);
  if (!look.ok() || in.left() < head) {
    if (out.at_end()) return look.ok() ? Outcome::kTruncated : Outcome::kNotMine;
    out.need(look.ok() ? head : kHead);
    return Outcome::kNeedMore;
  }
  out.bytes(in, kHeaderToken, 2);
  out.u32(in, kHeaderMessageLength);
  if (length >= kRest) {
    const std::uint64_t id = out.u64(in, kHeaderRequestId);
    const Bytes at = in.peek(1);
    const std::uint8_t flags = out.u8(in, kHeaderStatusFlags);
    {
      const LayerBuilder::Subtree deeper(out);
      add_bits(out, flags, at,
               {{kHeaderStatusFlagsCompression, 2}, {kHeaderStatusFlagsError, 1}, {kHeaderStatusFlagsMessageType, 0}});
    }
    out.u32(in, kVersion);
    const bool response = (flags & 1U) != 0;
    out.message({.role = response ? Message::Role::kResponse : Message::Role::kRequest,
                 .id = id + 1,
                 .status = response ? std::int64_t{flags >> 1U & 1U} : -1});
    if (out.wanted()) out.info(response ? "Response" : "Request");
  }
  in.skip(std::min(in.left(), kHead + std::size_t{length} - head));
  out.message_length(kHead + std::uint64_t{length});
  return Outcome::kDone;
}

Likeness probe_elasticsearch(Bytes start, const ProbeHint& hint) {
  Cursor in(start);
  const bool token = in.u8() == 'E' && in.u8() == 'S';
  const std::uint32_t length = in.u32();
  if (!hint.tcp || !in.ok() || !token || length > kMaxLength) return Likeness::kNo;
  if (length < kRest) return Likeness::kMaybe;
  const std::uint64_t id = in.u64();
  const std::uint8_t flags = in.u8();
  return in.ok() && id < 1ULL << 32U && flags < 0x10 ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector elasticsearch_dissector{.name = "elasticsearch",
                                                         .title = "Elasticsearch",
                                                         .column = "Elasticsearch",
                                                         .fields = kFields,
                                                         .binds = kBinds,
                                                         .dissect = &dissect_elasticsearch,
                                                         .probe = &probe_elasticsearch,
                                                         .stream = true};

}  // namespace pr::dissect
