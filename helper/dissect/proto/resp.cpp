// RESP, the protocol of Redis: values that begin with a letter for their type (RESP 2), arrays of them nested.
#include <algorithm>
#include <cstring>
#include <string>

#include "helper/dissect/dissector.h"
#include "shared/base/text.h"

namespace pr::dissect {
namespace {

enum : std::size_t {
  kTextField,
  kError,
  kInteger,
  kBulkString,
  kBulkStringLength,
  kBulkStringValue,
  kArray,
  kArrayLength,
  kFragment
};

constexpr FieldDef kFields[] = {
    {"resp.string", "String", FieldType::kText},
    {"resp.error", "Error", FieldType::kText},
    {"resp.integer", "Integer", FieldType::kInt},
    {"resp.bulk_string", "Bulk String", FieldType::kNone},
    {"resp.bulk_string.length", "Length", FieldType::kInt},
    {"resp.bulk_string.value", "Value", FieldType::kBytes},
    {"resp.array", "Array", FieldType::kNone},
    {"resp.array.length", "Length", FieldType::kInt},
    {"resp.fragment", "Fragment", FieldType::kNone},
};

constexpr Bind kBinds[] = {{"tcp.port", 6379}};
constexpr unsigned kMaxDepth = 16;
constexpr std::size_t kMaxLine = 64U * 1024;
constexpr std::int64_t kMaxBulk = 512LL << 20U;  // what the server allows a string
constexpr std::int64_t kMaxElements = 1LL << 20U;
constexpr std::size_t kMaxInfo = 200;

struct Number {
  bool valid = false;
  std::int64_t value = 0;
};

Number number(Bytes text) {
  Number made;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text = text.subspan(1);
  if (text.empty() || text.size() > 18) return made;
  for (const std::uint8_t c : text) {
    if (c < '0' || c > '9') return made;
    made.value = made.value * 10 + (c - '0');
  }
  made.valid = true;
  if (negative) made.value = -made.value;
  return made;
}

enum class Read : std::uint8_t { kWhole, kMore, kBroken };

// One value with all that it holds.
class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out) : in_(in), out_(out), start_(in.at()) {}

  Read value(unsigned depth) {
    Bytes line;
    if (const Read read = take_line(&line); read != Read::kWhole) return read;
    const char type = line.empty() ? '\0' : static_cast<char>(line[0]);
    const Bytes rest = line.empty() ? line : line.subspan(1);
    const Bytes whole{line.data(), line.size() + 2};
    switch (type) {
      case '+':
        out_.add(kTextField, rest, whole);
        say(rest);
        return Read::kWhole;
      case '-':
        out_.add(kError, rest, whole);
        failed_ = true;
        say(rest);
        return Read::kWhole;
      case ':': {
        const Number n = number(rest);  // 0 if it is none
        out_.add(kInteger, static_cast<std::uint64_t>(n.value), whole);
        say(rest);
        return Read::kWhole;
      }
      case '$': return bulk(rest, whole);
      case '*': return array(rest, whole, depth);
      default: return Read::kBroken;
    }
  }

  // What a missing end needs at least, from the message's start; 0: not known.
  [[nodiscard]] std::uint64_t needed() const { return needed_; }
  // A command that reached no further than its first two words names itself by them.
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  Read take_line(Bytes* line) {
    const Bytes look = in_.peek(kMaxLine);
    const void* end = look.empty() ? nullptr : std::memchr(look.data(), '\n', look.size());
    if (end == nullptr) return look.size() == kMaxLine ? Read::kBroken : Read::kMore;
    const auto n = static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - look.data());
    if (n == 0 || look[n - 1] != '\r') return Read::kBroken;
    *line = look.first(n - 1);
    in_.skip(n + 1);
    return Read::kWhole;
  }

  Read bulk(Bytes length, Bytes head) {
    const Number n = number(length);
    if (!n.valid || n.value < -1 || n.value > kMaxBulk) return Read::kBroken;
    const std::size_t size = n.value < 0 ? 0 : static_cast<std::size_t>(n.value);
    if (n.value >= 0 && in_.left() < size + 2) {
      needed_ = in_.at() - start_ + size + 2;
      return Read::kMore;
    }
    const Bytes data = in_.peek(size);
    out_.mark(kBulkString, {head.data(), head.size() + (n.value < 0 ? 0 : size + 2)});
    {
      const LayerBuilder::Subtree deeper(out_);
      out_.add(kBulkStringLength, static_cast<std::uint64_t>(n.value), head);
      if (n.value > 0) out_.add(kBulkStringValue, data, data);
    }
    if (n.value < 0) return Read::kWhole;
    const Bytes end = in_.peek(size + 2);
    if (end[size] != '\r' || end[size + 1] != '\n') return Read::kBroken;
    in_.skip(size + 2);
    if (words_++ == 0) name_ = as_text(data);
    if (words_ == 2 && data.size() < 256 && !name_.empty())
      name_ = {name_.data(), static_cast<std::size_t>(as_text(data).data() + data.size() - name_.data())};
    say(data);
    return Read::kWhole;
  }

  Read array(Bytes count, Bytes head, unsigned depth) {
    const Number n = number(count);
    if (!n.valid || n.value < -1 || n.value > kMaxElements) return Read::kBroken;
    out_.mark(kArray, head);
    const LayerBuilder::Subtree deeper(out_);
    out_.add(kArrayLength, static_cast<std::uint64_t>(n.value), head);
    if (depth + 1 >= kMaxDepth) return Read::kBroken;
    for (std::int64_t i = 0; i < n.value; ++i) {
      const Read read = in_.left() == 0 ? Read::kMore : value(depth + 1);
      if (read == Read::kMore) {  // each of the rest has three octets at least: not read again before they are there
        needed_ = std::max(needed_, in_.at() - start_ + static_cast<std::uint64_t>(n.value - i) * 3);
      }
      if (read != Read::kWhole) return read;
    }
    return Read::kWhole;
  }

  void say(Bytes word) {
    if (!out_.wanted() || text_.size() >= kMaxInfo) return;
    if (!text_.empty()) text_ += ' ';
    text_ += escape_controls(as_text(word.first(std::min(word.size(), kMaxInfo))));
  }

  Cursor& in_;
  LayerBuilder& out_;
  const std::size_t start_;
  std::uint64_t needed_ = 0;
  std::size_t words_ = 0;
  std::string_view name_;
  bool failed_ = false;
  std::string text_;
};

void show(LayerBuilder& out, std::string_view text) {
  if (!out.wanted()) return;
  const Frame& frame = out.frame();
  const bool again =
      frame.layer_count > 1 && frame.layers[frame.layer_count - 2U] == frame.layers[frame.layer_count - 1U];
  if (!again) out.info(out.from_orig() ? "Request:" : "Response:");
  out.append_info(" ");
  out.append_info(text);
}

bool is_type(std::uint8_t c) { return c == '+' || c == '-' || c == ':' || c == '$' || c == '*'; }

// Commands may be typed: words on a line, without lengths.
Outcome inline_command(Cursor& in, LayerBuilder& out) {
  const Bytes look = in.peek(kMaxLine);
  const auto end = std::ranges::find(look, '\n');
  const Bytes line = look.first(static_cast<std::size_t>(end - look.begin()));
  const bool text = std::ranges::all_of(line, [](std::uint8_t c) { return c >= 0x20 || c == '\r' || c == '\t'; });
  if (!out.from_orig() || !text || look.size() == kMaxLine) return Outcome::kNotMine;
  if (end == look.end()) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(0);
    return Outcome::kNeedMore;
  }
  const std::string_view command = trim(as_text(line));
  if (!command.empty()) out.message({.role = Message::Role::kRequest, .name = command});
  out.mark(kFragment, in.peek(line.size() + 1));
  in.skip(line.size() + 1);
  show(out, "[fragment]");
  return Outcome::kDone;
}

Outcome dissect_resp(Cursor& in, LayerBuilder& out) {
  if (in.left() == 0) return Outcome::kNotMine;
  if (!is_type(in.peek(1)[0])) return inline_command(in, out);
  Cursor look = in;
  Reader reader(look, out);
  const Read read = reader.value(0);
  if (read == Read::kBroken) return Outcome::kNotMine;
  if (read == Read::kMore) {
    if (out.at_end()) return Outcome::kTruncated;
    out.need(reader.needed());
    return Outcome::kNeedMore;
  }
  in.skip(in.left() - look.left());
  show(out, reader.text());
  if (out.from_orig()) {
    out.message({.role = Message::Role::kRequest, .name = reader.name()});
  } else {
    out.message({.role = Message::Role::kResponse, .status = reader.failed() ? 1 : 0});
  }
  return Outcome::kDone;
}

Likeness probe_resp(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || start.empty()) return Likeness::kNo;
  const bool text = std::ranges::all_of(start.first(std::min<std::size_t>(start.size(), 16)), [](std::uint8_t c) {
    return (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n';
  });
  if (!text) return Likeness::kNo;
  if (!is_type(start[0])) return hint.from_orig ? Likeness::kMaybe : Likeness::kNo;
  if (start[0] != '*') return Likeness::kMaybe;
  // A command: an array of strings, "*2\r\n$3\r\nGET\r\n...".
  const std::string_view all = as_text(start);
  const std::size_t first = all.find("\r\n");
  if (first == all.npos || !number(start.subspan(1, first - 1)).valid) return Likeness::kMaybe;
  const Bytes second = start.subspan(first + 2);
  const std::size_t end = as_text(second).find("\r\n");
  if (second.empty() || second[0] != '$' || end == all.npos) return Likeness::kMaybe;
  return number(second.subspan(1, end - 1)).valid ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector resp_dissector{.name = "resp",
                                                .title = "REdis Serialization Protocol",
                                                .column = "RESP",
                                                .app = "redis",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_resp,
                                                .probe = &probe_resp,
                                                .stream = true};

}  // namespace pr::dissect
