// HTTP/1.x over TCP as a sequence of messages (RFC 9112). While recording, a message is told of as soon as its head is
// there, and no body is kept that has a length. The layer belongs to the packet that completes the message.
#include <algorithm>
#include <array>
#include <cstring>

#include "helper/dissect/proto/http/http.h"

namespace pr::dissect {
namespace {

using namespace http;  // NOLINT(google-build-using-namespace): the parts of this very dissector

constexpr Bind kBinds[] = {{"tcp.port", 80},   {"tcp.port", 8080},  {"tcp.port", 8088}, {"tcp.port", 3128},
                           {"tcp.port", 3132}, {"tcp.port", 5985},  {"tcp.port", 2710}, {"tcp.port", 1900},
                           {"tcp.port", 2869}, {"tcp.port", 11371}, {"tcp.port", 3689}, {"tcp.port", 631},
                           {"sctp.port", 80}};

enum class Phase : std::uint8_t { kIdle, kHead, kChunks, kUntilEnd };

// The message that one side is in the middle of. Phase::kHead: the start line is complete if next is not 0, and the
// first next octets hold no end of the header block. Phase::kChunks: a chunk begins at offset next. From kChunks on the
// message has been told of.
struct Side {
  std::uint32_t start, size;  // first octets and size of what was seen of it
  std::uint32_t next;
  Phase phase;
  Method method;  // of the request that was open when the message began: what it answers, if it is a response
  bool seen;      // that the conversation is HTTP, when the message began
  bool lost;      // the stream gave up on a body: what follows is the rest of it
};

struct Conversation {
  static constexpr unsigned kMaxPending = 32;

  Side sides[2];
  std::uint64_t pending;  // what unanswered requests are, two bits each, the oldest lowest
  std::uint32_t number;   // of the latest exchange
  std::uint8_t pending_count;
  bool responded;  // to it
  bool seen;       // an HTTP message

  void ask(Method method) {
    if (pending_count == kMaxPending) answered();
    pending |= static_cast<std::uint64_t>(method) << (2U * pending_count++);
  }
  [[nodiscard]] Method oldest() const { return static_cast<Method>(pending & 3U); }
  void answered() {
    if (pending_count == 0) return;
    pending >>= 2U;
    --pending_count;
  }
};

enum class Framing : std::uint8_t { kNone, kLength, kChunked, kUntilEnd, kRest };

std::uint32_t first_octets(Bytes message) {
  std::uint32_t value = 0;
  std::memcpy(&value, message.data(), std::min(message.size(), sizeof value));
  return value;
}

bool interim(std::uint16_t code) { return code >= 100 && code < 200 && code != 101; }

// RPC over HTTP announces a length that it does not keep (MS-RPCH 2.1.2.1): the body is a protocol of its own.
bool rpc_channel(const Head& head) {
  constexpr std::uint64_t kLeastChannel = 128U << 10U;
  const std::string_view method = as_text(head.line.method);
  return head.content_length.value_or(0) >= kLeastChannel &&
         (as_text(head.content_type).starts_with("application/rpc") || method == "RPC_IN_DATA" ||
          method == "RPC_OUT_DATA");
}

Framing framing_of(const Head& head, Method method) {
  if (head.line.kind == Kind::kResponse) {
    const std::uint16_t code = head.line.code;
    if (method == Method::kHead || (code >= 100 && code < 200) || code == 204 || code == 304) return Framing::kNone;
    if (method == Method::kConnect && code >= 200 && code < 300) return Framing::kNone;
  }
  if (head.chunked) return Framing::kChunked;
  if (rpc_channel(head)) return Framing::kRest;
  if (head.content_length) return *head.content_length == 0 ? Framing::kNone : Framing::kLength;
  return head.line.kind == Kind::kResponse ? Framing::kUntilEnd : Framing::kNone;
}

// The message is told of here: what people search for.
class Teller {
 public:
  Teller(const Head& head, LayerBuilder& out) : head_(head), out_(out) {}

  void run() {
    const StartLine& line = head_.line;
    const bool response = line.kind == Kind::kResponse;
    if (response && interim(line.code)) return out_.message({.role = Message::Role::kInterim});
    if (!response && !head_.host.empty()) out_.observer().http_host(as_text(head_.host));
    if (response) {
      item(http::kResponseCode, Value::of(std::uint64_t{line.code}));
      text(kResponsePhrase, line.phrase);
      text(kServer, head_.server);
      text(kLocation, head_.location);
    } else {
      text(kRequestMethod, line.method);
      text(kRequestUri, line.uri);
      text(kHost, head_.host);
      text(kUserAgent, head_.user_agent);
      text(kReferer, head_.referer);
      text(kXForwardedFor, head_.forwarded_for);
      name();
    }
    text(kContentType, head_.content_type);
    text(kContentEncoding, head_.content_encoding);
    if (head_.content_length) item(kContentLength, Value::of(*head_.content_length));
    Bytes summary = line.whole;
    while (!summary.empty() && (summary.back() == '\n' || summary.back() == '\r'))
      summary = summary.first(summary.size() - 1);
    out_.message({.role = response                           ? Message::Role::kResponse
                          : line.kind == Kind::kNotification ? Message::Role::kEvent
                                                             : Message::Role::kRequest,
                  .id = 0,
                  .name = {name_.data(), name_used_},
                  .summary = as_text(summary),
                  .status = response ? line.code : -1,
                  .items = {items_.data(), used_}});
  }

 private:
  void item(Field field, Value value) { items_[used_++] = {field, value}; }
  void text(Field field, Bytes value) {
    if (!value.empty()) item(field, Value::of(value));
  }
  // Host and path; a proxy's absolute URI without its scheme.
  void name() {
    std::string_view uri = as_text(head_.line.uri);
    const std::size_t scheme = uri.find("://");
    const bool absolute = scheme != uri.npos && scheme < 10;
    if (absolute) uri.remove_prefix(scheme + 3);
    for (const std::string_view part : {absolute ? std::string_view{} : as_text(head_.host), uri}) {
      const std::size_t n = std::min(part.size(), name_.size() - name_used_);
      if (n > 0) std::memcpy(name_.data() + name_used_, part.data(), n);
      name_used_ += n;
    }
  }

  const Head& head_;
  LayerBuilder& out_;
  std::array<Message::Item, 16> items_;
  std::size_t used_ = 0, name_used_ = 0;
  std::array<char, 1024> name_;
};

class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out)
      : in_(in),
        out_(out),
        all_(in.rest()),
        talk_(out.state<Conversation>()),
        side_(talk_.sides[out.from_orig() ? 0 : 1]),
        end_(out.at_end() || out.frame().transport != Transport::kTcp) {}

  Outcome run() {
    if (all_.empty()) return Outcome::kNotMine;
    if (side_.phase != Phase::kIdle && !same_message()) {
      side_ = {.lost = side_.phase > Phase::kHead};
    }
    if (side_.phase > Phase::kHead && !out_.wanted()) return go_on();
    if (side_.phase == Phase::kIdle) {
      side_.method = talk_.oldest();
      side_.seen = talk_.seen;
    }
    std::size_t lead = 0;
    while (lead < all_.size() && lead < kMaxLead && (all_[lead] == '\r' || all_[lead] == '\n')) ++lead;
    // Line ends alone are left over from the message before; waiting for more would show them late.
    if (lead == all_.size() && side_.seen) return stranger();
    const bool known = side_.phase == Phase::kHead && side_.next > 0 && !out_.wanted();
    if (!known && !starts(lead)) return stranger();
    const std::size_t head = find_head_end(all_, known ? side_.next : lead);
    if (head == 0) return head_incomplete(lead);
    in_.skip(lead);
    if (lead > 0) out_.mark(kLeadingCrlf, all_.first(lead));
    return message(dissect_head(in_, head - lead, out_));
  }

 private:
  static constexpr std::size_t kMaxLead = 4;

  // More of the message that was begun, not what came after the stream gave up on it.
  [[nodiscard]] bool same_message() const {
    return all_.size() >= side_.size && first_octets(all_.first(side_.size)) == side_.start;
  }

  [[nodiscard]] bool starts(std::size_t lead) const {
    const Bytes text = all_.subspan(lead);
    if (text.empty()) return !end_;
    const void* feed = std::memchr(text.data(), '\n', text.size());
    if (feed == nullptr) return text.size() <= kMaxHead && may_be_start_line(text);
    const auto length = static_cast<std::size_t>(static_cast<const std::uint8_t*>(feed) - text.data());
    const Bytes line = text.first(length > 0 && text[length - 1] == '\r' ? length - 1 : length);
    return parse_start_line(line).kind != Kind::kNone;
  }

  // Octets that are no HTTP message. In a conversation that has had one, a body that was not announced.
  Outcome stranger() {
    if (!side_.seen || side_.lost) return Outcome::kNotMine;
    side_ = {};
    show_info("Continuation");
    out_.data(in_);
    return Outcome::kDone;
  }

  Outcome head_incomplete(std::size_t lead) {
    if (all_.size() > kMaxHead) {
      side_ = {};
      in_.skip(in_.left());
      return Outcome::kMalformed;
    }
    if (end_) {
      side_ = {};
      return Outcome::kNotMine;
    }
    const bool line = std::ranges::find(all_.subspan(lead), '\n') != all_.end();
    return wait(Phase::kHead, line ? all_.size() : 0, 0);
  }

  Outcome wait(Phase phase, std::uint64_t next, std::uint64_t need) {
    side_.start = first_octets(all_);
    side_.size = static_cast<std::uint32_t>(std::min<std::uint64_t>(all_.size(), ~std::uint32_t{0}));
    side_.next = static_cast<std::uint32_t>(std::min<std::uint64_t>(next, ~std::uint32_t{0}));
    side_.phase = phase;
    out_.need(need);
    return Outcome::kNeedMore;
  }

  Outcome message(const Head& head) {
    const bool response = head.line.kind == Kind::kResponse;
    if (side_.phase <= Phase::kHead) begin(head);
    const Method method = side_.method;
    const Framing framing = framing_of(head, method);
    const std::size_t body = in_.at();
    std::uint64_t total = body;
    if (framing == Framing::kLength) total = body + *head.content_length;
    if (framing == Framing::kRest) total = all_.size();
    if (framing == Framing::kUntilEnd) {
      if (!end_) return wait(Phase::kUntilEnd, 0, LayerBuilder::kUntilEnd);
      total = all_.size();
    }
    if (framing == Framing::kChunked) {
      const Outcome outcome = walk_chunks(body, &total);
      if (outcome != Outcome::kDone) return outcome;
    }
    if (out_.wanted()) show(head, framing, body, total);
    const bool tunnel = response && (head.line.code == 101 ||
                                     (method == Method::kConnect && head.line.code >= 200 && head.line.code < 300));
    finish(total);
    if (tunnel) out_.upgrade(head.line.code == 101 ? switched_to(head) : nullptr, LayerBuilder::Named::kAnew);
    return Outcome::kDone;
  }

  static const char* switched_to(const Head& head) {
    if (same_text(as_text(head.upgrade_to), "websocket")) return "websocket";
    return same_text(as_text(head.upgrade_to), "h2c") ? "http2" : nullptr;
  }

  // Once a message: whatever pairs it with the other side's, and the news of it.
  void begin(const Head& head) {
    talk_.seen = true;
    side_.lost = false;
    count(head.line.kind);
    if (head.line.kind == Kind::kResponse) {
      if (!interim(head.line.code)) talk_.answered();
    } else {
      talk_.ask(head.line.meaning());
    }
    // Carried by something that has no conversations (SCTP), the message belongs to nobody.
    if (out_.frame().transport == Transport::kTcp) Teller(head, out_).run();
  }

  // Wireshark numbers exchanges: a response belongs to the latest request, unless that has one; then it opens another.
  void count(Kind kind) {
    if (kind == Kind::kNotification) return;
    const bool response = kind == Kind::kResponse;
    answers_ = response && talk_.number > 0 && !talk_.responded;
    if (!answers_) ++talk_.number;
    talk_.responded = response;
  }

  // A body whose head has been told of, while recording.
  Outcome go_on() {
    std::uint64_t total = all_.size();
    if (side_.phase == Phase::kUntilEnd && !end_) return wait(Phase::kUntilEnd, 0, LayerBuilder::kUntilEnd);
    if (side_.phase == Phase::kChunks) {
      const Outcome outcome = walk_chunks(side_.next, &total);
      if (outcome != Outcome::kDone) return outcome;
    }
    finish(total);
    return Outcome::kDone;
  }

  Outcome walk_chunks(std::uint64_t at, std::uint64_t* total) {
    constexpr std::uint64_t kShortestChunk = 3;  // "0", CR, LF
    for (;;) {
      const Chunk chunk = read_chunk(all_, at, end_);
      if (chunk.state == Chunk::State::kMore)
        return wait(Phase::kChunks, at, at < all_.size() ? 0 : at + kShortestChunk);
      if (chunk.state == Chunk::State::kEnd) {
        *total = chunk.next;
        return Outcome::kDone;
      }
      at = chunk.next;
    }
  }

  void finish(std::uint64_t total) {
    side_ = {};
    in_.skip(static_cast<std::size_t>(std::min<std::uint64_t>(total - in_.at(), in_.left())));
    out_.message_length(total);
  }

  void show(const Head& head, Framing framing, std::size_t body, std::uint64_t total) {
    relations(head);
    Bytes data;
    if (framing == Framing::kChunked) {
      std::vector<std::uint8_t> whole = dissect_chunks(all_, body, end_, out_);
      if (!whole.empty()) data = out_.source("De-chunked entity body", std::move(whole)).all();
    } else {
      data = all_.subspan(body, static_cast<std::size_t>(std::min<std::uint64_t>(total, all_.size())) - body);
    }
    std::string info = ascii(head.line.whole.first(head.line.whole.size() - line_end(head.line.whole))) + " ";
    if (!data.empty() && !head.content_type.empty()) info += media(as_text(head.content_type));
    show_info(info);
    if (data.empty()) return;
    if (out_.wants(kFileData)) file_data(head, data);
    if (!is_empty_gzip(as_text(head.content_encoding), data)) hand_over(as_text(head.content_type), data);
  }

  // To what is in the body, by its type. Of what nobody knows the octets are shown.
  void hand_over(std::string_view type, Bytes data) {
    const char* inside = media_dissector(type);
    if (inside != nullptr) return out_.mention(inside);
    Cursor in(data);
    out_.data(in);
  }

  static std::size_t line_end(Bytes line) {
    if (line.empty() || line.back() != '\n') return 0;
    return line.size() > 1 && line[line.size() - 2] == '\r' ? 2 : 1;
  }

  static std::string media(std::string_view type) {
    std::string_view plain = type.substr(0, type.find(';'));
    while (plain.ends_with(' ')) plain.remove_suffix(1);
    if (same_text(plain, "application/json")) return ", JavaScript Object Notation (application/json)";
    return " (" + ascii(as_bytes(plain)) + ")";
  }

  void file_data(const Head& head, Bytes data) {
    if (head.transfer_encoding && !head.chunked) return;
    Decoded decoded = decompress(as_text(head.content_encoding), data);
    if (decoded.known) {
      if (decoded.limited) out_.issue(IssueKind::kReassemblyLimit, in_);
      if (decoded.failed) {
        // Of a body that the capture cut short nobody can say whether it is whole.
        if (out_.packet().bytes.size() >= out_.packet().wire_len) out_.mark(kDecompressionFailed, {});
        return;
      }
      data = out_.source("Uncompressed entity body", std::move(decoded.bytes)).all();
    }
    out_.add_text(kFileData, ascii(data), data);
  }

  void relations(const Head& head) {
    const Kind kind = head.line.kind;
    if (kind == Kind::kNotification) out_.add(kNotification, 1, {});
    if (kind != Kind::kResponse) {
      if (out_.wants(kRequestFullUri)) {
        const std::string uri = full_uri(head);
        if (!uri.empty()) out_.add_text(kRequestFullUri, uri, {});
      }
      if (kind == Kind::kNotification) return;
      out_.add(http::kRequest, 1, {});
      out_.add(kRequestNumber, talk_.number, {});
      return;
    }
    out_.add(http::kResponse, 1, {});
    out_.add(kResponseNumber, talk_.number, {});
    const PacketFacts* facts = out_.facts();
    if (facts == nullptr || facts->request_frame == 0 || !answers_) return;
    out_.add(kTime, static_cast<std::uint64_t>(to_ns(out_.packet().ts) - to_ns(facts->request_ts)), {});
    out_.add(kRequestIn, facts->request_frame, {});
  }

  // Messages that follow each other in a packet share the line.
  void show_info(std::string_view text) {
    const Frame& frame = out_.frame();
    const bool again =
        frame.layer_count > 1 && frame.layers[frame.layer_count - 2U] == frame.layers[frame.layer_count - 1U];
    if (again) {
      out_.append_info(text);
    } else {
      out_.info(std::string(text));
    }
  }

  Cursor& in_;
  LayerBuilder& out_;
  const Bytes all_;
  Conversation& talk_;
  Side& side_;
  const bool end_;
  bool answers_ = false;  // the latest request
};

Outcome dissect_http(Cursor& in, LayerBuilder& out) { return Reader(in, out).run(); }

Likeness probe_http(Bytes start, const ProbeHint& /*hint*/) {
  while (!start.empty() && (start[0] == '\r' || start[0] == '\n')) start = start.subspan(1);
  if (start.empty()) return Likeness::kNo;
  const void* feed = std::memchr(start.data(), '\n', start.size());
  if (feed == nullptr) {
    if (!may_be_start_line(start)) return Likeness::kNo;
    const std::string_view text = as_text(start);
    // A long target may not end in the first segment.
    const bool sure = text.starts_with("HTTP/1.") || (text.find(" /") != text.npos && start.size() > 64);
    return sure ? Likeness::kYes : Likeness::kMaybe;
  }
  const auto length = static_cast<std::size_t>(static_cast<const std::uint8_t*>(feed) - start.data());
  const Bytes text = start.first(length > 0 && start[length - 1] == '\r' ? length - 1 : length);
  const StartLine line = parse_start_line(text);
  if (line.kind == Kind::kNone) return Likeness::kNo;
  const std::string_view version = as_text(line.version);
  return version.starts_with("HTTP/1.") ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector http_dissector{.name = "http",
                                                .title = "Hypertext Transfer Protocol",
                                                .column = "HTTP",
                                                .fields = {http::kFields, http::kFieldCount},
                                                .binds = kBinds,
                                                .dissect = &dissect_http,
                                                .probe = &probe_http,
                                                .stream = true,
                                                .datagram = false};

}  // namespace pr::dissect
