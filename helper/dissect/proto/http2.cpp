// HTTP/2 (RFC 9113) in clear text: by prior knowledge or after an upgrade. One frame is one message. Header
// decompression needs what came before: see Memory in context.h.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/http2/fields.h"
#include "helper/dissect/proto/http2/hpack.h"

namespace pr::dissect {
namespace {

using namespace http2;  // NOLINT(google-build-using-namespace): the parts of this very dissector

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kHeadSize = 9;
constexpr std::uint32_t kMaxBlock = 256U << 10U;  // octets of a frame with headers
constexpr std::size_t kMaxHeaders = 1000;         // shown of one frame
constexpr std::size_t kMaxText = 256U << 10U;     // of their names and values

enum Type : std::uint8_t {
  kDataFrame,
  kHeadersFrame,
  kPriorityFrame,
  kRstStream,
  kSettingsFrame,
  kPushPromise,
  kPingFrame,
  kGoaway,
  kWindowUpdate,
  kContinuation
};
enum Flag : std::uint8_t {
  kEndStream = 0x01,
  kAck = 0x01,
  kEndHeaders = 0x04,
  kPaddedFlag = 0x08,
  kPriorityFlag = 0x20
};

// What a stream carries, where that matters to its DATA frames.
enum class Content : std::uint8_t { kOther, kGrpc, kDns };

struct State {
  MemoryLinks links;
  bool seen;
  std::uint8_t next;
  std::array<Content, 6> contents;
  std::array<std::uint32_t, 6> streams;  // the last ones with such a content

  void set(std::uint32_t stream, Content content) {
    if (content == Content::kOther || of(stream) == content) return;
    streams[next] = stream;
    contents[next] = content;
    next = static_cast<std::uint8_t>((next + 1U) % streams.size());
  }
  [[nodiscard]] Content of(std::uint32_t stream) const {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (streams[i] == stream) return contents[i];
    }
    return Content::kOther;
  }
};

// What a block says of its message.
struct Summary {
  std::string method, path, authority, scheme, status, content_type, user_agent, grpc_status;
  std::size_t octets = 0, count = 0;

  void take(const Header& header) {
    const auto is = [&](std::string_view name, std::string& to) {
      if (header.name == name) to = header.value.substr(0, 4096);
    };
    is(":method", method);
    is(":path", path);
    is(":authority", authority);
    is(":scheme", scheme);
    is(":status", status);
    is("content-type", content_type);
    is("user-agent", user_agent);
    is("grpc-status", grpc_status);
  }
};

std::uint64_t number_of(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

const char* type_name(std::uint8_t type) {
  for (const NamedValue& named : kTypes) {
    if (named.value == type) return named.name;
  }
  return "Unknown";
}

class FrameReader {
 public:
  FrameReader(Cursor& in, LayerBuilder& out) : in_(in), out_(out), state_(out.state<State>()) {}

  Outcome run() {
    const Bytes start = in_.rest();
    if (!state_.seen || start[0] == 'P') {
      if (const auto outcome = preface(); outcome) return *outcome;
    }
    if (start.size() < kHeadSize) return more(kHeadSize);
    Cursor look(start);
    length_ = look.u24();
    type_ = look.u8();
    flags_ = look.u8();
    stream_ = look.u32() & 0x7fffffffU;
    if (!plausible()) return Outcome::kNotMine;
    const bool headers = type_ == kHeadersFrame || type_ == kPushPromise || type_ == kContinuation;
    if (headers && length_ > kMaxBlock) return Outcome::kMalformed;
    const std::uint64_t whole = kHeadSize + length_;
    if (start.size() < whole && type_ != kDataFrame) {
      if (!out_.at_end()) return more(whole);
      return Outcome::kNotMine;
    }
    state_.seen = true;
    head();
    Cursor body = in_.sub(static_cast<std::size_t>(std::min<std::uint64_t>(length_, in_.left())));
    out_.message_length(whole);
    frame(body);
    return body.ok() ? Outcome::kDone : Outcome::kMalformed;
  }

 private:
  Outcome more(std::uint64_t octets) {
    if (out_.at_end()) return Outcome::kNotMine;
    out_.need(octets);
    return Outcome::kNeedMore;
  }

  std::optional<Outcome> preface() {
    const std::string_view text = as_text(in_.peek(kPreface.size()));
    if (!kPreface.starts_with(text)) return std::nullopt;
    if (text.size() < kPreface.size()) return more(kPreface.size());
    state_.seen = true;
    out_.mark(kStream, in_.peek(kPreface.size()));
    const LayerBuilder::Subtree tree(out_);
    out_.bytes(in_, kMagic, kPreface.size());
    info("Magic");
    return Outcome::kDone;
  }

  // A conversation begins with SETTINGS; later anything may come that looks like a frame.
  [[nodiscard]] bool plausible() const {
    if (!state_.seen) return type_ == kSettingsFrame && stream_ == 0 && length_ % 6 == 0 && length_ <= 600;
    switch (type_) {
      case kSettingsFrame: return stream_ == 0 && length_ % 6 == 0 && length_ <= 6000;
      case kPingFrame: return stream_ == 0 && length_ == 8;
      case kWindowUpdate: return length_ == 4;
      case kRstStream: return length_ == 4 && stream_ != 0;
      case kPriorityFrame: return length_ == 5 && stream_ != 0;
      case kGoaway: return stream_ == 0 && length_ >= 8;
      case kDataFrame:
      case kHeadersFrame:
      case kPushPromise:
      case kContinuation: return stream_ != 0;
      default: return length_ <= 65536;
    }
  }

  void info(std::string_view text) {
    if (!out_.wanted()) return;
    const Frame& frame = out_.frame();
    const std::uint8_t n = frame.layer_count;
    const bool further = n > 1 && frame.layers[n - 1U] == frame.layers[n - 2U];
    further ? out_.append_info(", " + std::string(text)) : out_.info(std::string(text));
  }

  void head() {
    out_.mark(kStream, in_.peek(kHeadSize + length_));
    const LayerBuilder::Subtree tree(out_);
    out_.u24(in_, http2::kLength);
    out_.u8(in_, http2::kType);
    const Bytes where = in_.peek(1);
    in_.u8();
    out_.add(http2::kFlags, flags_, where);
    flag_fields(where);
    const Bytes id = in_.peek(4);
    const std::uint32_t word = in_.u32();
    out_.add(kR, word >> 31U, id);
    out_.add(kStreamid, stream_, id);
  }

  void flag_fields(Bytes where) {
    const LayerBuilder::Subtree tree(out_);
    const auto flag = [&](Field field, std::uint8_t bit) { out_.add(field, (flags_ & bit) != 0 ? 1 : 0, where); };
    switch (type_) {
      case kDataFrame:
        out_.add(kFlagsUnusedData, (flags_ & 0xf6U) >> 1U, where);
        flag(kFlagsPadded, kPaddedFlag);
        flag(kFlagsEndStream, kEndStream);
        break;
      case kHeadersFrame:
        out_.add(kFlagsUnusedHeaders, (flags_ & 0xd2U) >> 1U, where);
        flag(kFlagsPriority, kPriorityFlag);
        flag(kFlagsPadded, kPaddedFlag);
        flag(kFlagsEh, kEndHeaders);
        flag(kFlagsEndStream, kEndStream);
        break;
      case kSettingsFrame:
        out_.add(kFlagsUnusedSettings, (flags_ & 0xfeU) >> 1U, where);
        flag(kFlagsAckSettings, kAck);
        break;
      case kPushPromise:
        out_.add(kFlagsUnusedPushPromise, flags_ & 0xf3U, where);
        flag(kFlagsPadded, kPaddedFlag);
        flag(kFlagsEh, kEndHeaders);
        break;
      case kPingFrame:
        out_.add(kFlagsUnusedPing, (flags_ & 0xfeU) >> 1U, where);
        flag(kFlagsAckPing, kAck);
        break;
      case kContinuation:
        out_.add(kFlagsUnusedContinuation, flags_ & 0xfbU, where);
        flag(kFlagsEh, kEndHeaders);
        break;
      default: out_.add(kFlagsUnused, flags_, where); break;
    }
  }

  void frame(Cursor& body) {
    const LayerBuilder::Subtree tree(out_);
    std::string text = std::string(type_name(type_)) + "[" + std::to_string(stream_) + "]";
    switch (type_) {
      case kDataFrame: data(body, text); return;
      case kHeadersFrame:
      case kPushPromise:
      case kContinuation: headers(body, text); return;
      case kPriorityFrame: priority(body); break;
      case kRstStream: out_.u32(body, kRstStreamError); break;
      case kSettingsFrame: settings(body); break;
      case kPingFrame: out_.bytes(body, (flags_ & kAck) != 0 ? kPong : kPing, 8); break;
      case kGoaway: goaway(body); break;
      case kWindowUpdate: {
        const Bytes where = body.peek(4);
        const std::uint32_t word = body.u32();
        out_.add(kWindowUpdateR, word >> 31U, where);
        out_.add(kWindowUpdateWindowSizeIncrement, word & 0x7fffffffU, where);
        break;
      }
      default:
        if (body.left() > 0) out_.bytes(body, kUnknown, body.left());
        break;
    }
    info(text);
  }

  void priority(Cursor& body) {
    const Bytes where = body.peek(4);
    const std::uint32_t word = body.u32();
    const Bytes at = body.peek(1);
    const std::uint64_t weight = body.u8();
    if (!body.ok()) return;
    out_.add(kExclusive, word >> 31U, where);
    out_.add(kStreamDependency, word & 0x7fffffffU, where);
    out_.add(kHeadersWeight, weight, at);
    out_.add(kHeadersWeightReal, weight + 1, at);
  }

  void settings(Cursor& body) {
    static constexpr Field kByNumber[] = {
        kSettingsUnknown,           kSettingsHeaderTableSize, kSettingsEnablePush,        kSettingsMaxConcurrentStreams,
        kSettingsInitialWindowSize, kSettingsMaxFrameSize,    kSettingsMaxHeaderListSize, kSettingsUnknown,
        kSettingsExtendedConnect};
    while (body.left() >= 6) {
      out_.mark(http2::kSettings, body.peek(6));
      const LayerBuilder::Subtree tree(out_);
      const std::uint16_t id = out_.u16(body, kSettingsId);
      out_.u32(body, id < std::size(kByNumber) ? kByNumber[id] : kSettingsUnknown);
    }
  }

  void goaway(Cursor& body) {
    const Bytes where = body.peek(4);
    const std::uint32_t word = body.u32();
    out_.add(kGowayR, word >> 31U, where);
    out_.add(kGoawayLastStreamId, word & 0x7fffffffU, where);
    out_.u32(body, kGoawayError);
    if (body.left() > 0) out_.bytes(body, kGoawayAddata, body.left());
  }

  // Takes the padding off; its length is shown where the frame has room for one.
  std::size_t padding(Cursor& body) {
    if ((flags_ & kPaddedFlag) == 0) {
      out_.add(kPadLength, 0, {});
      return 0;
    }
    return out_.u8(body, kPadLength);
  }

  void data(Cursor& body, std::string text) {
    const std::size_t pad = padding(body);
    const Content kind = state_.of(stream_);
    if (!out_.wanted() && kind != Content::kDns) return;
    const std::size_t size = body.left() - std::min(body.left(), pad);
    Cursor content(out_.bytes(body, kDataData, size));
    if (pad > 0 && body.left() >= pad) out_.bytes(body, kDataPadding, pad);
    info(text);
    if (size == 0) return;
    if (kind == Content::kGrpc) out_.next("grpc", content);
    if (kind == Content::kDns) {
      out_.pass(stream_);  // pairs query and answer
      out_.next("dns", content);
    }
  }

  void headers(Cursor& body, std::string text) {
    std::size_t pad = 0;
    if (type_ != kContinuation) pad = padding(body);
    if (type_ == kHeadersFrame && (flags_ & kPriorityFlag) != 0) priority(body);
    if (type_ == kPushPromise) {
      const Bytes where = body.peek(4);
      const std::uint32_t word = body.u32();
      out_.add(kPushPromiseR, word >> 31U, where);
      out_.add(kPushPromisePromisedStreamId, word & 0x7fffffffU, where);
    }
    if (!body.ok()) return;
    const Bytes block = body.take(body.left() - std::min(body.left(), pad));
    const bool promise = type_ == kPushPromise;
    out_.add(promise                  ? kPushPromiseHeader
             : type_ == kContinuation ? kContinuationHeader
                                      : http2::kHeaders,
             block, block);
    if (pad > 0 && body.left() >= pad) out_.bytes(body, promise ? kPushPromisePadding : kHeadersPadding, pad);
    const Summary said = decode(block);
    const bool ends = (flags_ & kEndHeaders) != 0;
    if (!ends || changes_table(block)) state_.links.changed(out_);
    if (said.content_type.starts_with("application/grpc")) state_.set(stream_, Content::kGrpc);
    if (said.content_type.starts_with("application/dns-message")) state_.set(stream_, Content::kDns);
    tell(said);
    if (!said.method.empty()) text += ": " + said.method + " " + said.path;
    if (!said.status.empty()) text += ": " + said.status;
    info(text);
  }

  Summary decode(Bytes block) {
    Summary said;
    const bool show = out_.wanted();
    std::vector<Instruction> instructions;
    if (show) instructions = read_instructions(block, kMaxHeaders);
    std::size_t at = 0;
    out_.memory<Decoder>().decode(block, (flags_ & kEndHeaders) != 0, [&](const Header& header) {
      said.take(header);
      said.octets += header.name.size() + header.value.size() + 8;
      ++said.count;
      if (!show || said.count > kMaxHeaders || said.octets > kMaxText) return;
      while (at < instructions.size() && instructions[at].kind == Instruction::Kind::kTableSize)
        size_update(instructions[at++]);
      show_header(header, at < instructions.size() ? &instructions[at] : nullptr);
      ++at;
    });
    return said;
  }

  void size_update(const Instruction& instruction) {
    out_.mark(kHeaderTableSizeUpdate, instruction.bytes);
    const LayerBuilder::Subtree tree(out_);
    out_.add(kHeaderTableSizeUpdateHeaderTableSize, instruction.index, instruction.bytes);
  }

  static std::string representation(const Instruction& instruction) {
    using Kind = Instruction::Kind;
    if (instruction.kind == Kind::kIndexed) return "Indexed Header Field";
    std::string text = instruction.kind == Kind::kIncremental ? "Literal Header Field with Incremental Indexing"
                       : instruction.kind == Kind::kNever     ? "Literal Header Field never Indexed"
                                                              : "Literal Header Field without Indexing";
    return text + (instruction.index == 0 ? " - New Name" : " - Indexed Name");
  }

  void show_header(const Header& header, const Instruction* instruction) {
    const Bytes where = instruction != nullptr ? instruction->bytes : Bytes{};
    out_.mark(kHeader, where);
    if (header.name.empty()) return;  // it refers to what was not seen
    const LayerBuilder::Subtree tree(out_);
    out_.add(kHeaderNameLength, header.name.size(), where);
    out_.add_text(kHeaderName, header.name, where);
    out_.add(kHeaderValueLength, header.value.size(), where);
    out_.add_text(kHeaderValue, header.value, where);
    named_field(header, where);
    out_.add_text(kHeaderUnescaped, header.value, where);
    if (instruction == nullptr) return;
    out_.add_text(kHeaderRepr, representation(*instruction), where);
    if (instruction->index != 0) out_.add(kHeaderIndex, instruction->index, where);
  }

  void named_field(const Header& header, Bytes where) {
    if (header.name == ":status") return out_.add(kHeadersStatus, number_of(header.value), where);
    const auto found = std::ranges::lower_bound(kKnownHeaders, header.name, {}, &KnownHeader::name);
    if (found == std::end(kKnownHeaders) || found->name != header.name) return;
    if (found->number) {
      out_.add(found->field, number_of(header.value), where);
    } else {
      out_.add_text(found->field, header.value, where);
    }
  }

  // A request by its method; a response by its status, a gRPC one by what its trailer says.
  void tell(const Summary& said) {
    if (out_.wanted() && said.count > 0) {
      out_.add(kHeaderLength, said.octets, {});
      out_.add(kHeaderCount, said.count, {});
      if (!said.path.empty() && !said.authority.empty()) {
        out_.add_text(kRequestFullUri, said.scheme + "://" + said.authority + said.path, {});
      }
    }
    std::array<Message::Item, 6> items;
    std::size_t used = 0;
    const auto item = [&](Field field, const std::string& text) {
      if (!text.empty()) items[used++] = {field, Value::of(as_bytes(text))};
    };
    if (!said.method.empty()) {
      item(kHeadersMethod, said.method);
      item(kHeadersPath, said.path);
      item(kHeadersAuthority, said.authority);
      item(kHeadersContentType, said.content_type);
      item(kHeadersUserAgent, said.user_agent);
      out_.message({.role = type_ == kPushPromise ? Message::Role::kEvent : Message::Role::kRequest,
                    .id = stream_,
                    .name = said.authority + said.path,
                    .summary = said.method + " " + said.path,
                    .items = std::span(items).first(used)});
      return;
    }
    const bool grpc = state_.of(stream_) == Content::kGrpc;
    if (grpc ? said.grpc_status.empty() && (flags_ & kEndStream) == 0 : said.status.empty()) return;
    const std::uint64_t status = number_of(grpc && !said.grpc_status.empty() ? said.grpc_status : said.status);
    if (!grpc && status >= 100 && status < 200) return;  // the answer is still to come
    if (!said.status.empty()) items[used++] = {kHeadersStatus, Value::of(number_of(said.status))};
    item(kHeadersContentType, said.content_type);
    out_.message({.role = Message::Role::kResponse,
                  .id = stream_,
                  .summary = grpc ? "grpc-status " + std::to_string(status) : std::to_string(status),
                  .status = static_cast<std::int64_t>(status),
                  .items = std::span(items).first(used)});
  }

  Cursor& in_;
  LayerBuilder& out_;
  State& state_;
  std::uint32_t length_ = 0, stream_ = 0;
  std::uint8_t type_ = 0, flags_ = 0;
};

Outcome dissect_http2(Cursor& in, LayerBuilder& out) {
  if (in.left() == 0) return Outcome::kNotMine;
  return FrameReader(in, out).run();
}

Likeness probe_http2(Bytes start, const ProbeHint& hint) {
  constexpr std::size_t kEnough = 16;
  if (!hint.tcp || start.size() < kEnough) return Likeness::kNo;
  return kPreface.starts_with(as_text(start.first(std::min(start.size(), kPreface.size())))) ? Likeness::kYes
                                                                                             : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector http2_dissector{.name = "http2",
                                                 .title = "HyperText Transfer Protocol 2",
                                                 .column = "HTTP2",
                                                 .fields = http2::kFields,
                                                 .dissect = &dissect_http2,
                                                 .probe = &probe_http2,
                                                 .stream = true,
                                                 .remembers = true};

}  // namespace pr::dissect
