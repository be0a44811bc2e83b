// SIP (RFC 3261) over UDP and TCP: start line, headers with the parts that people search, and SDP in the body.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "helper/dissect/proto/sip/sip.h"
#include "shared/base/text.h"

namespace pr::dissect {
namespace {

using namespace sip;  // NOLINT(google-build-using-namespace): the parts of this very dissector

constexpr Bind kBinds[] = {{"udp.port", 5060}, {"tcp.port", 5060}};
constexpr std::size_t kMaxHead = 65536;
constexpr std::string_view kMethods[] = {"INVITE", "ACK",     "BYE",  "CANCEL",  "OPTIONS",   "REGISTER",
                                         "PRACK",  "UPDATE",  "INFO", "MESSAGE", "SUBSCRIBE", "NOTIFY",
                                         "REFER",  "PUBLISH", "DO",   "QAUTH",   "SPRACK",    "SERVICE"};
constexpr std::string_view kVersion = "SIP/2.0";

Bytes line_of(Bytes from) {
  const void* end = from.empty() ? nullptr : std::memchr(from.data(), '\n', from.size());
  const std::size_t n =
      end == nullptr ? from.size() : static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - from.data());
  return from.first(n);
}

Bytes without_cr(Bytes line) { return !line.empty() && line.back() == '\r' ? line.first(line.size() - 1) : line; }

struct StartLine {
  bool response = false, valid = false;
  Bytes method, uri;
  std::uint32_t status = 0;
};

StartLine parse_start(Bytes line) {
  StartLine made;
  const std::string_view text = as_text(line);
  if (text.starts_with("SIP/2.0 ")) {
    if (text.size() < 11) return made;
    for (std::size_t i = 8; i < 11; ++i) {
      if (text[i] < '0' || text[i] > '9') return made;
      made.status = made.status * 10 + static_cast<std::uint32_t>(text[i] - '0');
    }
    made.response = made.valid = made.status >= 100 && made.status < 700;
    return made;
  }
  if (!text.ends_with(kVersion) || text.size() < kVersion.size() + 2) return made;
  const std::size_t space = text.find(' ');
  const std::size_t last = text.size() - kVersion.size() - 1;
  if (space == text.npos || space >= last || text[last] != ' ') return made;
  made.method = line.first(space);
  made.uri = line.subspan(space + 1, last - space - 1);
  made.valid = std::ranges::find(kMethods, text.substr(0, space)) != std::end(kMethods);
  return made;
}

// What was read of a message's headers that later steps need.
struct Summary {
  Bytes call_id, cseq_method, content_type;
  std::uint32_t sequence = 0;
  std::int64_t length = -1;
};

// The name may be in its compact form; the value ends before the line's end, folded lines included.
struct Header {
  Bytes whole, value;
  const HeaderName* name = nullptr;
};

const HeaderName* find_header(Bytes name) {
  const std::string_view text = trim(as_text(name));
  for (const HeaderName& known : kHeaders) {
    if (equals_ignoring_case(text, known.name)) return &known;
    if (known.compact != 0 && text.size() == 1 && ascii_lower(text[0]) == known.compact) return &known;
  }
  return nullptr;
}

Header next_header(Bytes& left) {
  Header made;
  std::size_t size = 0;
  for (;;) {
    const Bytes line = line_of(left.subspan(size));
    size = std::min(left.size(), size + line.size() + 1);
    if (size >= left.size() || (left[size] != ' ' && left[size] != '\t')) break;
  }
  made.whole = left.first(size);
  left = left.subspan(size);
  Bytes text = made.whole;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text = text.first(text.size() - 1);
  const std::size_t colon = as_text(text).find(':');
  if (colon == std::string_view::npos) return made;
  made.name = find_header(text.first(colon));
  made.value = text.subspan(colon + 1);
  while (!made.value.empty() && (made.value[0] == ' ' || made.value[0] == '\t')) made.value = made.value.subspan(1);
  return made;
}

std::uint64_t digits(Bytes text) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size() && i < 10 && text[i] >= '0' && text[i] <= '9'; ++i)
    value = value * 10 + (text[i] - '0');
  return value;
}

// The last messages of a conversation, to tell what is sent again and which request an answer belongs to.
struct Conversation {
  struct Seen {
    std::uint32_t key, frame;  // key 0: nothing
    std::int64_t ns;
  };
  static constexpr std::size_t kCount = 3;
  Seen seen[kCount];
  std::uint32_t next;
};

std::uint32_t hash(std::initializer_list<Bytes> parts, std::uint32_t seed) {
  std::uint32_t value = 2166136261U ^ seed;
  for (const Bytes part : parts) {
    for (const std::uint8_t octet : part) value = (value ^ octet) * 16777619U;
  }
  return value | 1U;
}

class Reader {
 public:
  Reader(LayerBuilder& out, Bytes head, Bytes body) : out_(out), head_(head), body_(body) {}

  void run() {
    const Bytes line = without_cr(line_of(head_));
    start_ = parse_start(line);
    Bytes headers = head_.subspan(std::min(head_.size(), line_of(head_).size() + 1));
    summarize(headers);
    relate();
    tell();
    if (!out_.wanted()) return body();
    show_start(line);
    // The field holds what follows the start line, the body included, as tshark has it.
    out_.add(kMsgHdr, Bytes{headers.data(), headers.size() + body_.size()}, headers);
    {
      const LayerBuilder::Subtree deeper(out_);
      while (!headers.empty()) {
        const Header header = next_header(headers);
        if (header.name != nullptr) show_header(out_, *header.name, header.whole, header.value);
      }
    }
    body();
  }

 private:
  void summarize(Bytes headers) {
    for (int n = 0; n < 256 && !headers.empty(); ++n) {
      const Header header = next_header(headers);
      if (header.name == nullptr) continue;
      if (header.name->field == kCallID) sum_.call_id = header.value;
      if (header.name->field == kContentType) sum_.content_type = header.value;
      if (header.name->field != kCSeq) continue;
      sum_.sequence = static_cast<std::uint32_t>(digits(header.value));
      const std::size_t space = as_text(header.value).find(' ');
      if (space != std::string_view::npos) sum_.cseq_method = header.value.subspan(space + 1);
    }
  }

  // ACK belongs to the INVITE that it ends.
  void relate() {
    auto& talk = out_.state<Conversation>();
    const Bytes method = as_text(sum_.cseq_method) == "ACK" ? as_bytes("INVITE") : sum_.cseq_method;
    const std::uint32_t request = hash({sum_.call_id, method}, sum_.sequence);
    const std::uint32_t own = hash({sum_.call_id, sum_.cseq_method, start_.response ? as_bytes("r") : Bytes{}},
                                   sum_.sequence + start_.status);
    const bool asks = !start_.response && own == request;
    for (const Conversation::Seen& seen : talk.seen) {
      if (seen.key == own && seen.frame < out_.packet().number) again_ = seen.frame;
      if (!asks && seen.key == request) request_ = seen;
    }
    if (again_ != 0) return;
    talk.next %= Conversation::kCount;
    talk.seen[talk.next++] = {own, static_cast<std::uint32_t>(out_.packet().number), to_ns(out_.packet().ts)};
  }

  // Provisional responses do not end a transaction; ACK begins none.
  void tell() {
    Message::Item items[4];
    std::size_t count = 0;
    if (!sum_.call_id.empty()) items[count++] = {static_cast<std::uint16_t>(kCallID), Value::of(sum_.call_id)};
    if (start_.response) {
      items[count++] = {static_cast<std::uint16_t>(kStatusCode), Value::of(std::uint64_t{start_.status})};
    } else {
      items[count++] = {static_cast<std::uint16_t>(kMethod), Value::of(start_.method)};
      items[count++] = {static_cast<std::uint16_t>(kRUri), Value::of(start_.uri)};
    }
    std::uint64_t id = 14695981039346656037ULL;
    for (const Bytes part : {sum_.call_id, sum_.cseq_method}) {
      for (const std::uint8_t octet : part) id = (id ^ octet) * 1099511628211ULL;
    }
    id = (id ^ sum_.sequence) | 1U;
    const bool ack = as_text(start_.method) == "ACK";
    const bool provisional = start_.response && start_.status < 200;
    if (provisional) return;
    out_.message({.role = start_.response ? Message::Role::kResponse
                          : ack           ? Message::Role::kEvent
                                          : Message::Role::kRequest,
                  .id = id,
                  .name = as_text(start_.response ? Bytes{} : start_.uri),
                  .summary = as_text(start_.response ? Bytes{} : start_.method),
                  .status = start_.response ? std::int64_t{start_.status} : -1,
                  .items = {items, count}});
  }

  void show_start(Bytes line) {
    out_.add(start_.response ? kStatusLine : kRequestLine, line, line);
    const LayerBuilder::Subtree deeper(out_);
    std::string info;
    if (start_.response) {
      out_.add(kStatusCode, start_.status, line.subspan(8, 3));
      info = "Status: " + std::string(as_text(line.subspan(8)));
      if (start_.status == 200 && !sum_.cseq_method.empty())
        info += " (" + std::string(as_text(sum_.cseq_method)) + ")";
    } else {
      out_.add(kMethod, start_.method, start_.method);
      show_uri(out_, kRequestUri, start_.uri);
      info = "Request: " + std::string(as_text(start_.method)) + " " + std::string(as_text(start_.uri));
    }
    out_.info(escape_controls(info) + " | ");
    out_.add(kResend, again_ != 0 ? 1 : 0, {});
    if (again_ != 0) out_.add(kResendOriginal, again_, {});
    if (request_.key == 0) return;
    out_.add(kResponseRequest, request_.frame, {});
    const std::int64_t passed = to_ns(out_.packet().ts) - request_.ns;
    out_.add(kResponseTime, static_cast<std::uint64_t>(std::max<std::int64_t>(passed, 0)) / 1'000'000U, {});
  }

  void body() {
    if (body_.empty()) return;
    out_.mark(kMsgBody, body_);
    const std::string_view type = as_text(sum_.content_type);
    if (ascii_lower_starts(type, "multipart/")) return parts(type);
    if (ascii_lower_starts(type, "application/sdp")) session(body_);
  }

  void session(Bytes description) {
    Cursor in(description);
    out_.next("sdp", in);
    out_.column("SIP/SDP");
  }

  // A body of several parts (RFC 2046): the session descriptions among them are read.
  void parts(std::string_view type) {
    constexpr std::string_view kName = "boundary=";
    constexpr unsigned kMaxParts = 32;
    const std::size_t at = type.find(kName);
    if (at == type.npos) return;
    std::string_view boundary = type.substr(at + kName.size());
    boundary = boundary.starts_with('"') ? boundary.substr(1, boundary.find('"', 1) - 1)
                                         : boundary.substr(0, boundary.find_first_of("; \t"));
    out_.mention("mime_multipart");
    const std::string mark = "--" + std::string(boundary);
    const std::string_view text = as_text(body_);
    std::size_t from = text.find(mark);
    for (unsigned n = 0; n < kMaxParts && !boundary.empty() && from != text.npos; ++n) {
      from += mark.size();
      const std::size_t end = text.find(mark, from);
      part(body_.subspan(from, std::min(end, text.size()) - from));
      from = end;
    }
  }

  void part(Bytes whole) {
    constexpr std::string_view kGap = "\r\n\r\n";
    const std::size_t gap = as_text(whole).find(kGap);
    if (gap == std::string_view::npos) return;
    const std::string head = ascii_lower(as_text(whole.first(gap)));
    if (head.find("content-type: application/sdp") == head.npos) return;
    session(whole.subspan(gap + kGap.size()));
  }

  static bool ascii_lower_starts(std::string_view text, std::string_view with) {
    return text.size() >= with.size() && equals_ignoring_case(text.substr(0, with.size()), with);
  }

  LayerBuilder& out_;
  const Bytes head_, body_;
  StartLine start_;
  Summary sum_;
  Conversation::Seen request_{};
  std::uint32_t again_ = 0;
};

// Where the headers end: behind the empty line. npos: they do not.
std::size_t head_end(Bytes bytes) {
  const std::string_view text = as_text(bytes.first(std::min(bytes.size(), kMaxHead)));
  const std::size_t at = text.find("\r\n\r\n");
  if (at != text.npos) return at + 4;
  const std::size_t lone = text.find("\n\n");
  return lone == text.npos ? text.npos : lone + 2;
}

std::int64_t content_length(Bytes headers) {
  while (!headers.empty()) {
    const Header header = next_header(headers);
    if (header.name != nullptr && header.name->field == kContentLength)
      return static_cast<std::int64_t>(digits(header.value));
  }
  return -1;
}

Outcome stream(Cursor& in, LayerBuilder& out) {
  // Empty lines between messages keep the connection alive (RFC 5626 3.5.1).
  const Bytes all = in.rest();
  std::size_t blank = 0;
  while (blank < all.size() && (all[blank] == '\r' || all[blank] == '\n')) ++blank;
  if (blank > 0) {
    in.skip(blank);
    return Outcome::kDone;
  }
  const Bytes line = line_of(all);
  const std::size_t end = head_end(all);
  if (line.size() < all.size() && !parse_start(without_cr(line)).valid) return Outcome::kNotMine;
  if (end == std::string_view::npos) {
    if (out.at_end() || all.size() >= kMaxHead) return Outcome::kNotMine;
    out.need(0);
    return Outcome::kNeedMore;
  }
  const Bytes head = all.first(end);
  const std::int64_t length = std::max<std::int64_t>(content_length(head.subspan(line.size() + 1)), 0);
  const std::uint64_t whole = end + static_cast<std::uint64_t>(length);
  if (all.size() < whole && !out.at_end()) {
    out.need(whole);
    return Outcome::kNeedMore;
  }
  in.skip(std::min<std::uint64_t>(whole, all.size()));
  Reader(out, head, all.subspan(end, std::min<std::size_t>(all.size() - end, static_cast<std::size_t>(length)))).run();
  return Outcome::kDone;
}

Outcome dissect_sip(Cursor& in, LayerBuilder& out) {
  if (out.frame().transport == Transport::kTcp && !out.quoted()) return stream(in, out);
  const Bytes all = in.rest();
  if (!parse_start(without_cr(line_of(all))).valid) return Outcome::kNotMine;
  const std::size_t end = std::min(head_end(all), all.size());
  in.skip(all.size());
  Reader(out, all.first(end), all.subspan(end)).run();
  return Outcome::kDone;
}

Likeness probe_sip(Bytes start, const ProbeHint& /*hint*/) {
  const Bytes line = line_of(start.first(std::min<std::size_t>(start.size(), 1024)));
  if (line.size() < 11) return Likeness::kNo;
  if (parse_start(without_cr(line)).valid) return Likeness::kYes;
  return Likeness::kNo;
}

}  // namespace

extern constinit const Dissector sip_dissector{.name = "sip",
                                               .title = "Session Initiation Protocol",
                                               .column = "SIP",
                                               .fields = sip::kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_sip,
                                               .probe = &probe_sip,
                                               .stream = true,
                                               .datagram = true};

}  // namespace pr::dissect
