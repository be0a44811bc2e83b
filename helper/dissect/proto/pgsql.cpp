// PostgreSQL's frontend/backend protocol, version 3: a letter, a length, a body; start-up messages have no letter.
// After a request for encryption that the server grants, what follows is recognised anew.
#include <algorithm>
#include <string>

#include "helper/dissect/proto/pgsql/fields.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

using namespace pgsql;  // NOLINT(google-build-using-namespace): the parts of this very dissector

constexpr Bind kBinds[] = {{"tcp.port", 5432}};
constexpr std::uint32_t kCancel = 80877102, kSslRequest = 80877103, kGssRequest = 80877104;
constexpr std::uint32_t kMaxStartup = 10000;
constexpr std::uint32_t kMaxMessage = 1U << 30U;

struct Conversation {
  std::uint8_t started;     // the client has sent a start-up message
  std::uint8_t asked;       // for encryption: the answer is one octet
  std::uint8_t authtype;    // that the server asked for last
  std::uint8_t sasl_begun;  // the client has chosen a mechanism
};

Bytes text_to_zero(Cursor& in) {
  const Bytes rest = in.rest();
  const auto end = std::ranges::find(rest, std::uint8_t{0});
  const Bytes text = rest.first(static_cast<std::size_t>(end - rest.begin()));
  in.skip(text.size() + (end == rest.end() ? 0 : 1));
  return text;
}

class Reader {
 public:
  Reader(Cursor body, LayerBuilder& out, char type)
      : in_(body), out_(out), talk_(out.state<Conversation>()), type_(type), from_client_(out.from_orig()) {}

  void run() {
    if (from_client_) {
      frontend();
    } else {
      backend();
    }
  }

 private:
  Bytes string(std::size_t field) {
    const Bytes text = text_to_zero(in_);
    if (in_.ok()) out_.add(field, text, text);
    return text;
  }
  void rest(std::size_t field) {
    if (in_.left() > 0) out_.bytes(in_, field, in_.left());
  }
  void request(Bytes name) {
    const Message::Item items[] = {{static_cast<std::uint16_t>(kQuery), Value::of(name)}};
    out_.message({.role = Message::Role::kRequest, .name = as_text(name), .items = items});
  }
  void respond(std::int64_t status, Bytes summary) {
    out_.message({.role = Message::Role::kResponse, .summary = as_text(summary), .status = status});
  }

  void frontend() {
    switch (type_) {
      case 'Q': return request(string(kQuery));
      case 'p': return password();
      case 'P': {
        string(kStatement);
        request(string(kQuery));
        const std::uint16_t count = out_.u16(in_, kFieldCountField);
        for (unsigned i = 0; i < count && in_.left() > 0; ++i) out_.u32(in_, kOidType);
        return;
      }
      case 'B': return bind();
      case 'E':
        string(kPortal);
        out_.u32(in_, kReturns);
        return;
      case 'D':
      case 'C': {
        const std::uint8_t what = in_.u8();
        string(what == 'S' ? kStatement : kPortal);
        return;
      }
      case 'd': return rest(kCopydata);
      case 'f': string(kError); return;
      case 'F': out_.u32(in_, kOid); return;
      default: return;
    }
  }

  void password() {
    if (talk_.authtype == 10 && talk_.sasl_begun == 0) {
      talk_.sasl_begun = 1;
      string(kAuthSaslMech);
      const Bytes at = in_.peek(4);
      const auto size = static_cast<std::int32_t>(in_.u32());
      if (in_.ok()) out_.add(kAuthSaslDataLength, static_cast<std::uint64_t>(std::int64_t{size}), at);
      if (size > 0) out_.bytes(in_, kAuthSaslData, std::min<std::size_t>(static_cast<std::size_t>(size), in_.left()));
    } else if (talk_.authtype == 10 || talk_.authtype == 11) {
      rest(kAuthSaslData);
    } else if (talk_.authtype >= 7 && talk_.authtype <= 9) {
      rest(kAuthGssapiSspiData);
    } else {
      string(kPassword);
    }
  }

  void bind() {
    string(kPortal);
    string(kStatement);
    const std::uint16_t formats = out_.u16(in_, kFieldCountField);
    for (unsigned i = 0; i < formats && in_.left() > 0; ++i) out_.u16(in_, kFormat);
    values();
    const std::uint16_t results = out_.u16(in_, kFieldCountField);
    for (unsigned i = 0; i < results && in_.left() > 0; ++i) out_.u16(in_, kFormat);
  }

  void values() {
    const std::uint16_t count = out_.u16(in_, kFieldCountField);
    if (!out_.wanted()) return;
    const LayerBuilder::Subtree deeper(out_);
    for (unsigned i = 0; i < count && in_.left() > 0; ++i) {
      const Bytes at = in_.peek(4);
      const auto size = static_cast<std::int32_t>(in_.u32());
      if (in_.ok()) out_.add(kValLength, static_cast<std::uint64_t>(std::int64_t{size}), at);
      if (size > 0) out_.bytes(in_, kValData, static_cast<std::size_t>(size));
    }
  }

  void backend() {
    switch (type_) {
      case 'R': return authentication();
      case 'K':
        out_.u32(in_, kPid);
        out_.u32(in_, kKey);
        return;
      case 'S':
        string(kParameterName);
        string(kParameterValue);
        return;
      case 'Z': out_.u8(in_, kStatus); return;
      case 'C': return respond(0, string(kTag));
      case 'I': return respond(0, {});
      case 'T': return columns();
      case 'D': return values();
      case 'E':
      case 'N': return complaint();
      case 't': {
        const std::uint16_t count = out_.u16(in_, kFieldCountField);
        for (unsigned i = 0; i < count && in_.left() > 0; ++i) out_.u32(in_, kOidType);
        return;
      }
      case 'd': return rest(kCopydata);
      case 'G':
      case 'H':
      case 'W': {
        out_.u8(in_, kFormat);
        const std::uint16_t count = out_.u16(in_, kFieldCountField);
        for (unsigned i = 0; i < count && in_.left() > 0; ++i) out_.u16(in_, kFormat);
        return;
      }
      case 'A':
        out_.u32(in_, kPid);
        string(kCondition);
        string(kTextField);
        return;
      default: return;
    }
  }

  void authentication() {
    const std::uint32_t type = out_.u32(in_, kAuthtype);
    talk_.authtype = static_cast<std::uint8_t>(type);
    if (type == 10) talk_.sasl_begun = 0;
    if (type == 5 && in_.left() >= 4) out_.bytes(in_, kSalt, 4);
    if (type == 4 && in_.left() >= 2) out_.bytes(in_, kSalt, 2);
    if (type == 8) rest(kAuthGssapiSspiData);
    if (type == 11 || type == 12) rest(kAuthSaslData);
    while (type == 10 && in_.left() > 1) string(kAuthSaslMech);
  }

  void columns() {
    const std::uint16_t count = out_.u16(in_, kFieldCountField);
    if (!out_.wanted()) return;
    const LayerBuilder::Subtree deeper(out_);
    for (unsigned i = 0; i < count && in_.left() > 0; ++i) {
      string(kColName);
      const LayerBuilder::Subtree column(out_);
      out_.u32(in_, kOidTable);
      const Bytes index = in_.peek(2);
      const std::uint16_t number = in_.u16();
      if (in_.ok()) out_.add(kColIndex, number, index);
      out_.u32(in_, kOidType);
      const Bytes size_at = in_.peek(2);
      const auto size = static_cast<std::int16_t>(in_.u16());
      if (in_.ok()) out_.add(kValLength, static_cast<std::uint64_t>(std::int64_t{size}), size_at);
      const Bytes modifier_at = in_.peek(4);
      const auto modifier = static_cast<std::int32_t>(in_.u32());
      if (in_.ok()) out_.add(kColTypemod, static_cast<std::uint64_t>(std::int64_t{modifier}), modifier_at);
      out_.u16(in_, kFormat);
    }
  }

  void complaint() {
    static constexpr struct {
      char letter;
      std::size_t field;
    } kParts[] = {{'S', kSeverity},
                  {'C', kCode},
                  {'M', kMessage},
                  {'D', kDetail},
                  {'H', kHint},
                  {'P', kPosition},
                  {'p', kInternalPosition},
                  {'q', kInternalQuery},
                  {'W', kWhere},
                  {'s', kSchemaName},
                  {'t', kTableName},
                  {'c', kColumnName},
                  {'d', kTypeName},
                  {'n', kConstraintName},
                  {'F', kFile},
                  {'L', kLine},
                  {'R', kRoutine}};
    Bytes message;
    while (in_.left() > 1) {
      const auto letter = static_cast<char>(in_.u8());
      const Bytes text = text_to_zero(in_);
      const auto part = std::ranges::find_if(kParts, [letter](const auto& p) { return p.letter == letter; });
      out_.add(part == std::end(kParts) ? kTextField : part->field, text, text);
      if (letter == 'M') message = text;
    }
    if (type_ == 'E') respond(1, message);
  }

  Cursor in_;
  LayerBuilder& out_;
  Conversation& talk_;
  const char type_;
  const bool from_client_;
};

void show(LayerBuilder& out, bool from_client, std::string_view type) {
  if (!out.wanted()) return;
  const Frame& frame = out.frame();
  const bool again =
      frame.layer_count > 1 && frame.layers[frame.layer_count - 2U] == frame.layers[frame.layer_count - 1U];
  // Wireshark's way: who speaks, an arrow, the letters of all messages.
  if (!again) out.info(from_client ? ">" : "<");
  out.append_info(again ? "/" : "");
  out.append_info(type);
}

void head(Cursor& in, LayerBuilder& out, Bytes letter, std::string_view name, bool from_client) {
  out.add_text(kTypeField, name, letter);
  out.u32(in, kLength);
  out.add(kFrontendField, from_client ? 1 : 0, {});
}

// Start-up, cancellation, and the request for encryption: a length and a number.
Outcome startup(Cursor& in, LayerBuilder& out, std::uint32_t length) {
  auto& talk = out.state<Conversation>();
  const std::uint32_t code = Cursor(in.peek(8).subspan(4)).u32();
  Cursor body(in.peek(length));
  const bool start = code >> 16U == 3 || code >> 16U == 2;
  if (!start && (code < kCancel || code > kGssRequest)) return Outcome::kNotMine;
  in.skip(length);
  const std::string_view name = code == kSslRequest   ? "SSL request"
                                : code == kGssRequest ? "GSS encrypt request"
                                : code == kCancel     ? "Cancel request"
                                                      : "Startup message";
  head(body, out, {}, name, true);
  show(out, true, "");
  if (code == kSslRequest || code == kGssRequest) {
    talk.asked = 1;
  } else if (code == kCancel) {
    body.skip(4);
    out.u32(body, kPid);
    out.u32(body, kKey);
    talk.started = 1;
  } else {
    talk.started = 1;
    out.u16(body, kVersionMajor);
    out.u16(body, kVersionMinor);
    while (body.left() > 1) {
      const Bytes key = text_to_zero(body), value = text_to_zero(body);
      if (key.empty()) break;
      out.add(kParameterName, key, key);
      out.add(kParameterValue, value, value);
    }
  }
  return Outcome::kDone;
}

bool known_letter(std::uint8_t letter, bool from_client) {
  return !value_name(from_client ? std::span<const NamedValue>(kFrontend) : std::span<const NamedValue>(kBackend),
                     letter)
              .empty();
}

std::string_view message_name(const Conversation& talk, char letter, bool from_client) {
  if (from_client && letter == 'p') {
    if (talk.authtype == 10 && talk.sasl_begun == 0) return "SASLInitialResponse message";
    if (talk.authtype == 10 || talk.authtype == 11) return "SASLResponse message";
    if (talk.authtype >= 7 && talk.authtype <= 9) return "GSSResponse message";
  }
  const auto type = static_cast<std::uint8_t>(letter);
  return from_client ? value_name(kFrontend, type) : value_name(kBackend, type);
}

Outcome dissect_pgsql(Cursor& in, LayerBuilder& out) {
  auto& talk = out.state<Conversation>();
  const bool from_client = out.from_orig();
  const Bytes look = in.peek(8);
  if (!from_client && talk.asked != 0 && !look.empty() && (look[0] == 'S' || look[0] == 'N' || look[0] == 'G')) {
    const bool granted = look[0] != 'N';
    talk.asked = 0;
    in.skip(1);
    if (granted) out.upgrade(nullptr);
    return Outcome::kDone;
  }
  if (look.size() < 5) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(5);
    return Outcome::kNeedMore;
  }
  const bool lettered = look[0] != 0;
  const std::uint32_t length = Cursor(look.subspan(lettered ? 1 : 0)).u32();
  const bool sane = lettered ? known_letter(look[0], from_client) && length >= 4 && length < kMaxMessage
                             : from_client && length >= 8 && length < kMaxStartup;
  if (!sane) return Outcome::kNotMine;
  const std::size_t whole = std::size_t{length} + (lettered ? 1 : 0);
  if (in.left() < whole && !out.at_end()) {
    out.need(whole);
    return Outcome::kNeedMore;
  }
  if (in.left() < whole) return Outcome::kTruncated;
  if (!lettered) return startup(in, out, length);
  const Bytes letter = in.peek(1);
  in.skip(1);
  const auto type = static_cast<char>(letter[0]);
  show(out, from_client, as_text(letter));
  Cursor body(in.peek(length));
  in.skip(length);
  head(body, out, letter, message_name(talk, type, from_client), from_client);
  Reader(body, out, type).run();
  return Outcome::kDone;
}

Likeness probe_pgsql(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || start.size() < 5) return Likeness::kNo;
  Cursor in(start);
  if (start[0] == 0) {
    const std::uint32_t length = in.u32(), code = in.u32();
    if (!in.ok() || !hint.from_orig || length < 8 || length > kMaxStartup) return Likeness::kNo;
    const bool request = length == 8 && (code == kSslRequest || code == kGssRequest) && start.size() == 8;
    const bool cancel = length == 16 && code == kCancel;
    const bool start_up = code == 3U << 16U && start.size() == length && as_text(start.subspan(8)).starts_with("user");
    if (request || cancel || start_up) return Likeness::kYes;
    return code >> 16U == 3 ? Likeness::kMaybe : Likeness::kNo;
  }
  in.skip(1);
  const std::uint32_t length = in.u32();
  return known_letter(start[0], hint.from_orig) && length >= 4 && length < (1U << 20U) ? Likeness::kMaybe
                                                                                       : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector pgsql_dissector{.name = "pgsql",
                                                 .title = "PostgreSQL",
                                                 .column = "PGSQL",
                                                 .app = "postgresql",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_pgsql,
                                                 .probe = &probe_pgsql,
                                                 .stream = true};

}  // namespace pr::dissect
