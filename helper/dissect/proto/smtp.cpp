// SMTP (RFC 5321) with AUTH, STARTTLS and BDAT (RFC 3030): commands, replies and mails. A mail is one message, from
// DATA to the line with a single dot.
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 25}, {"tcp.port", 587}, {"tcp.port", 2525}};

constexpr NamedValue kCodes[] = {
    {211, "System status, or system help reply"},
    {214, "Help message"},
    {220, "<domain> Service ready"},
    {221, "<domain> Service closing transmission channel"},
    {235, "Authentication successful"},
    {250, "Requested mail action okay, completed"},
    {251, "User not local; will forward to <forward-path>"},
    {252, "Cannot VRFY user, but will accept message and attempt delivery"},
    {334, "AUTH input"},
    {354, "Start mail input; end with <CRLF>.<CRLF>"},
    {421, "<domain> Service not available, closing transmission channel"},
    {432, "A password transition is needed"},
    {450, "Requested mail action not taken: mailbox unavailable"},
    {451, "Requested action aborted: local error in processing"},
    {452, "Requested action not taken: insufficient system storage"},
    {454, "Temporary authentication failed"},
    {500, "Syntax error, command unrecognized"},
    {501, "Syntax error in parameters or arguments"},
    {502, "Command not implemented"},
    {503, "Bad sequence of commands"},
    {504, "Command parameter not implemented"},
    {530, "Authentication required"},
    {534, "Authentication mechanism is too weak"},
    {535, "Authentication credentials invalid"},
    {538, "Encryption required for requested authentication mechanism"},
    {550, "Requested action not taken: mailbox unavailable"},
    {551, "User not local; please try <forward-path>"},
    {552, "Requested mail action aborted: exceeded storage allocation"},
    {553, "Requested action not taken: mailbox name not allowed"},
    {554, "Transaction failed"},
};

enum Field : std::uint16_t {
  kReq,
  kRsp,
  kCommandLine,
  kReqCommand,
  kReqParameter,
  kResponse,
  kResponseCode,
  kRspParameter,
  kAuthUsername,
  kAuthPassword,
  kAuthUsernamePassword,
  kEom,
  kMessage,
  kDataFragments,
  kDataFragment,
  kDataFragmentCount,
  kDataReassembledLength,
};

constexpr FieldDef kFields[] = {
    {"smtp.req", "Request", FieldType::kBool},
    {"smtp.rsp", "Response", FieldType::kBool},
    {"smtp.command_line", "Command Line", FieldType::kText},
    {"smtp.req.command", "Command", FieldType::kText},
    {"smtp.req.parameter", "Request parameter", FieldType::kText},
    {"smtp.response", "Response", FieldType::kText},
    {"smtp.response.code", "Response code", FieldType::kUint, Show::kDec, 0, kCodes},
    {"smtp.rsp.parameter", "Response parameter", FieldType::kText},
    {"smtp.auth.username", "Username", FieldType::kText},
    {"smtp.auth.password", "Password", FieldType::kText},
    {"smtp.auth.username_password", "Username/Password", FieldType::kText},
    {"smtp.eom", "EOM", FieldType::kNone},
    {"smtp.message", "Message", FieldType::kText},
    {"smtp.data.fragments", "DATA fragments", FieldType::kNone},
    {"smtp.data.fragment", "DATA fragment", FieldType::kUint},
    {"smtp.data.fragment.count", "DATA fragment count", FieldType::kUint},
    {"smtp.data.reassembled.length", "Reassembled DATA length", FieldType::kUint},
};

constexpr std::size_t kMaxPiece = 512U << 10U;  // of a mail that is kept until its end
constexpr std::size_t kMaxReply = 64U << 10U;

enum class Phase : std::uint8_t { kCommands, kMail, kChunk };
enum class Auth : std::uint8_t { kNone, kUser, kPassword, kBoth, kOther };

struct State {
  bool seen;     // a message
  bool swapped;  // the server opened the flow, or so it seems
  Phase phase;
  Auth auth;
  bool continues;  // of the mail or chunk at hand something has gone before
  bool last_chunk;
  std::uint32_t scanned;             // octets of the mail at hand without its end
  std::uint32_t chunk;               // octets
  std::uint16_t pending;             // commands without a reply
  std::uint16_t data, tls, sign_in;  // replies until that to DATA, STARTTLS, AUTH: 1 is the next; 0: none
};

constexpr std::string_view kCommands[] = {"HELO", "EHLO", "MAIL", "RCPT",     "DATA", "RSET", "VRFY", "EXPN", "HELP",
                                          "NOOP", "QUIT", "AUTH", "STARTTLS", "BDAT", "ETRN", "TURN", "SEND", "LHLO"};

bool is_command(Bytes word) {
  return std::ranges::any_of(kCommands, [word](std::string_view command) { return is_word(word, command); });
}

Bytes header_value(Bytes mail, std::string_view name) {
  constexpr int kMaxLines = 200;
  Cursor in(mail);
  for (int n = 0; n < kMaxLines; ++n) {
    const auto line = take_line(in, true);
    if (!line || line->text.empty()) return {};
    if (!begins_with_word(line->text, name)) continue;
    Bytes value = line->text.subspan(name.size());
    while (!value.empty() && value[0] == ' ') value = value.subspan(1);
    return value;
  }
  return {};
}

class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out) : in_(in), out_(out), state_(out.state<State>()) {}

  Outcome run() {
    if (!state_.seen) {
      const Bytes start = in_.rest();
      Bytes words = start;
      if (reply_code(start) != 0) {
        state_.swapped = out_.from_orig();
      } else if (const Bytes word = take_word(words); is_command(word)) {
        state_.swapped = !out_.from_orig();
      }
    }
    if (out_.from_orig() == state_.swapped) return reply();
    if (state_.phase == Phase::kMail) return mail();
    if (state_.phase == Phase::kChunk) return chunk();
    return command();
  }

 private:
  Outcome more(std::uint64_t octets = 0) {
    out_.need(octets);
    return Outcome::kNeedMore;
  }

  [[nodiscard]] bool first_in_packet() const {
    const Frame& frame = out_.frame();
    const std::uint8_t n = frame.layer_count;
    return n < 2 || frame.layers[n - 1U] != frame.layers[n - 2U];
  }

  // Messages that follow each other in a packet share the line.
  void info(std::string_view who, std::string_view text) {
    const bool further = !first_in_packet();
    if (further) out_.append_info(" | ");
    std::string line = further ? std::string() : std::string(who);
    line += text;
    further ? out_.append_info(line) : out_.info(std::move(line));
  }

  // ---- The server ----
  Outcome reply() {
    if (!state_.seen && reply_code(in_.rest()) == 0) return Outcome::kNotMine;
    const std::size_t start = in_.at();
    Cursor look = in_;
    for (;;) {
      const auto line = take_line(look, out_.at_end());
      if (!line) {
        if (look.at() == start && out_.at_end()) return Outcome::kNotMine;
        if (look.at() - start + look.left() > kMaxReply) return Outcome::kMalformed;
        if (look.left() == 0 && out_.at_end()) break;
        return more();
      }
      if (reply_code(line->text) == 0 || line->text.size() < 4 || line->text[3] != '-') break;
    }
    Cursor lines = in_.sub(look.at() - start);
    return show_reply(lines);
  }

  Outcome show_reply(Cursor& lines) {
    const TextLine first = *take_line(lines, true);
    const unsigned code = reply_code(first.text);
    if (first_in_packet()) out_.add(kRsp, 1, lines.all());
    out_.add(kResponse, first.whole, first.whole);
    const LayerBuilder::Subtree tree(out_);
    if (code != 0) out_.add(kResponseCode, code, first.text.first(3));
    std::string shown(first.view());
    Bytes text = parameter(first.text, code);
    while (const auto line = take_line(lines, true)) {
      const Bytes further = parameter(line->text, reply_code(line->text));
      if (out_.wanted()) shown += " | " + std::string(as_text(further));
    }
    if (out_.wanted()) info("S: ", shown);
    if (code == 0) return Outcome::kDone;
    state_.seen = true;
    answered(code, text);
    return Outcome::kDone;
  }

  Bytes parameter(Bytes text, unsigned code) {
    const Bytes value = code == 0 ? text : text.size() > 4 ? text.subspan(4) : Bytes{};
    if (!value.empty()) add_ascii(out_, kRspParameter, value);
    return value;
  }

  void answered(unsigned code, Bytes text) {
    std::array<Message::Item, 2> items{
        {{kResponseCode, Value::of(std::uint64_t{code})}, {kRspParameter, Value::of(text)}}};
    const bool greeting = state_.pending == 0 && (code == 220 || code == 554);
    out_.message({.role = greeting ? Message::Role::kEvent : Message::Role::kResponse,
                  .name = greeting ? std::string_view("greeting") : std::string_view{},
                  .summary = as_text(text),
                  .status = static_cast<int>(code),
                  .items = items});
    if (greeting) return;
    if (state_.pending > 0) --state_.pending;
    if (state_.data != 0 && --state_.data == 0 && code == 354) begin_mail();
    if (state_.sign_in != 0 && --state_.sign_in == 0) state_.auth = code == 334 ? next_auth() : Auth::kNone;
    if (state_.tls != 0 && --state_.tls == 0 && code == 220) out_.upgrade(nullptr);
  }

  // A challenge makes the client's next line a part of the sign-in.
  Auth next_auth() const { return state_.auth == Auth::kNone ? Auth::kOther : state_.auth; }

  void begin_mail() {
    state_.phase = Phase::kMail;
    state_.continues = false;
    state_.scanned = 0;
  }

  // ---- The client ----
  Outcome command() {
    if (!state_.seen) {
      Bytes words = in_.rest();
      const auto end = std::ranges::find_if(words, [](std::uint8_t c) { return c == ' ' || c == '\r' || c == '\n'; });
      if (!is_command(words.first(static_cast<std::size_t>(end - words.begin())))) return Outcome::kNotMine;
    }
    const auto found = take_line(in_, out_.at_end());
    if (!found) {
      if (in_.left() > kMaxTextLine) return Outcome::kMalformed;
      return more();
    }
    const TextLine line = *found;
    if (state_.auth != Auth::kNone && state_.sign_in == 0) return sign_in(line);
    if (state_.data == 1 && state_.pending == 1) {  // nobody has seen the reply, and this is no command
      Bytes words = line.text;
      if (!is_command(take_word(words))) {
        state_.data = 0;
        begin_mail();
        Cursor back(in_.all());
        in_ = back;
        return mail();
      }
    }
    state_.seen = true;
    Bytes parameters = line.text;
    const Bytes word = take_word(parameters);
    out_.add(kReq, 1, line.whole);
    add_ascii(out_, kCommandLine, line.whole);
    {
      const LayerBuilder::Subtree tree(out_);
      // Wireshark's commands have four letters: STARTTLS is STAR with the parameter TLS.
      add_ascii(out_, kReqCommand, line.text.first(std::min<std::size_t>(4, line.text.size())));
      if (line.text.size() > 5) add_ascii(out_, kReqParameter, line.text.subspan(5));
    }
    if (out_.wanted()) info("C: ", line.view());
    said(word, parameters, line);
    return Outcome::kDone;
  }

  void said(Bytes word, Bytes parameters, const TextLine& line) {
    if (is_word(word, "BDAT")) begin_chunk(parameters);
    std::array<Message::Item, 2> items{{{kReqCommand, Value::of(word)}, {kReqParameter, Value::of(parameters)}}};
    out_.message({.role = Message::Role::kRequest,
                  .name = line.view(),
                  .items = std::span<const Message::Item>(items).first(parameters.empty() ? 1 : 2)});
    if (state_.pending < 0xffff) ++state_.pending;
    if (is_word(word, "DATA")) state_.data = state_.pending;
    if (is_word(word, "STARTTLS")) state_.tls = state_.pending;
    if (is_word(word, "AUTH")) begin_sign_in(parameters);
  }

  void begin_sign_in(Bytes parameters) {
    const Bytes method = take_word(parameters);
    state_.sign_in = state_.pending;
    state_.auth = Auth::kOther;
    if (is_word(method, "LOGIN")) {
      state_.auth = parameters.empty() ? Auth::kUser : Auth::kPassword;
      if (!parameters.empty()) add_ascii(out_, kAuthUsername, parameters);
    } else if (is_word(method, "PLAIN")) {
      state_.auth = Auth::kBoth;
      if (!parameters.empty()) add_ascii(out_, kAuthUsernamePassword, parameters);
    }
  }

  Outcome sign_in(const TextLine& line) {
    out_.add(kReq, 1, line.whole);
    std::string_view what;
    switch (state_.auth) {
      case Auth::kUser:
        add_ascii(out_, kAuthUsername, line.text);
        what = "User: ";
        break;
      case Auth::kPassword:
        add_ascii(out_, kAuthPassword, line.text);
        what = "Pass: ";
        break;
      case Auth::kBoth: add_ascii(out_, kAuthUsernamePassword, line.text); break;
      default: break;
    }
    state_.auth = state_.auth == Auth::kUser ? Auth::kPassword : Auth::kOther;
    out_.message({.role = Message::Role::kRequest, .name = "AUTH"});
    state_.sign_in = ++state_.pending;
    if (out_.wanted()) info("C: ", std::string(what) + std::string(line.view()));
    return Outcome::kDone;
  }

  // ---- Mails ----
  Outcome mail() {
    constexpr std::string_view kEnd = "\r\n.\r\n";
    const Bytes all = in_.rest();
    const std::string_view text = as_text(all);
    std::size_t from = std::min<std::size_t>(state_.scanned, text.size());
    from -= std::min(from, kEnd.size() - 1);
    std::size_t size = 0, end = 0;  // of the mail; behind the dot
    if (!state_.continues && text.starts_with(".\r\n")) {
      end = 3;
    } else if (const std::size_t at = text.find(kEnd, from); at != text.npos) {
      size = at + 2;
      end = at + kEnd.size();
    }
    if (end == 0 && all.size() < kMaxPiece && !out_.at_end()) {
      state_.scanned = static_cast<std::uint32_t>(text.size());
      return more();
    }
    const bool whole = end != 0;
    if (!whole) size = end = out_.at_end() ? all.size() : all.size() - (kEnd.size() - 1);
    show_mail(all.first(end), size, whole);
    in_.skip(end);
    state_.scanned = 0;
    state_.continues = !whole;
    if (whole) {
      state_.phase = Phase::kCommands;
      tell_mail(all.first(size));
    }
    return Outcome::kDone;
  }

  void begin_chunk(Bytes parameters) {
    const Bytes size = take_word(parameters);
    std::uint64_t octets = 0;
    for (const std::uint8_t c : size) {
      if (c < '0' || c > '9' || octets > 0xffffffffU) return;
      octets = octets * 10 + (c - '0');
    }
    state_.last_chunk = is_word(parameters, "LAST");
    state_.chunk = static_cast<std::uint32_t>(std::min<std::uint64_t>(octets, 0xffffffffU));
    if (octets > 0) state_.phase = Phase::kChunk;
  }

  Outcome chunk() {
    if (state_.chunk > kMaxPiece) {  // too long to be kept: its end is known
      out_.message_length(state_.chunk);
    } else if (in_.left() < state_.chunk && !out_.at_end()) {
      return more(state_.chunk);
    }
    const Bytes data = in_.take(std::min<std::size_t>(in_.left(), state_.chunk));
    show_mail(data, data.size(), state_.last_chunk);
    if (!state_.continues) tell_mail(data);
    state_.phase = Phase::kCommands;
    state_.continues = !state_.last_chunk;
    return Outcome::kDone;
  }

  void show_mail(Bytes message, std::size_t size, bool whole) {
    if (!out_.wanted()) return;
    info("C: ", "DATA fragment, " + std::to_string(size) + " bytes");
    if (!whole) return;
    fragments(message, size);
    if (message.size() > size) out_.mark(kEom, message.subspan(size));
    if (state_.continues || size == 0) return;
    Cursor mail(message.first(size));
    if (out_.next("imf", mail)) out_.column("SMTP/IMF");
  }

  // The packets that the mail came in. The line of its end is not counted, nor is the line end before it when that
  // comes with nothing else in front.
  void fragments(Bytes message, std::size_t size) {
    constexpr std::uint64_t kDotLine = 3, kWholeEnd = 5;
    const PacketFacts* facts = out_.facts();
    const bool alone = facts == nullptr || facts->parts.empty();
    std::vector<Part> parts;
    std::uint64_t left = message.size();
    if (alone)
      parts.push_back({.packet = out_.packet().number, .offset = 0, .length = static_cast<std::uint32_t>(left)});
    for (std::size_t i = 0; !alone && i < facts->parts.size() && left > 0; ++i) {
      parts.push_back(facts->parts[i]);
      const std::uint64_t length = std::min<std::uint64_t>(left, parts.back().length);
      parts.back().length = static_cast<std::uint32_t>(length);
      left -= length;
    }
    std::uint64_t end = message.size() - size;
    if (end != 0 && !parts.empty()) {
      const std::uint64_t last = parts.back().length;
      const bool blank = as_text(message).ends_with("\r\n\r\n.\r\n");
      end = last == kWholeEnd || (blank && last > kWholeEnd) ? kWholeEnd : std::min(kDotLine, last);
      if (last == end) parts.pop_back();
    }
    out_.mark(kDataFragments, {});
    const LayerBuilder::Subtree tree(out_);
    for (const Part& part : parts) out_.add(kDataFragment, part.packet, {});
    out_.add(kDataFragmentCount, parts.size(), {});
    out_.add(kDataReassembledLength, message.size() - end, {});
  }

  void tell_mail(Bytes mail) {
    out_.message({.role = Message::Role::kRequest, .name = as_text(header_value(mail, "SUBJECT:")), .summary = "mail"});
    if (state_.phase != Phase::kChunk && state_.pending < 0xffff) ++state_.pending;
  }

  Cursor& in_;
  LayerBuilder& out_;
  State& state_;
};

Outcome dissect_smtp(Cursor& in, LayerBuilder& out) { return Reader(in, out).run(); }

Likeness probe_smtp(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || !begins_printable(start)) return Likeness::kNo;
  const unsigned code = reply_code(start);
  if (code != 0) {
    const Bytes line = start.first(static_cast<std::size_t>(std::ranges::find(start, '\n') - start.begin()));
    if (!looks_like_text(line)) return Likeness::kNo;
    const std::string_view text = as_text(line);
    if (code == 220 && text.find("FTP") == text.npos && text.find("SMTP") != text.npos) return Likeness::kYes;
    return code == 220 || code == 554 || code == 421 ? Likeness::kMaybe : Likeness::kNo;
  }
  for (const std::string_view command : {"EHLO ", "HELO ", "MAIL FROM:", "RCPT TO:", "LHLO "}) {
    if (begins_with_word(start, command)) return Likeness::kYes;
  }
  const auto end = std::ranges::find_if(start, [](std::uint8_t c) { return c == ' ' || c == '\r' || c == '\n'; });
  const Bytes word = start.first(static_cast<std::size_t>(end - start.begin()));
  return hint.by_port && is_command(word) ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector smtp_dissector{.name = "smtp",
                                                .title = "Simple Mail Transfer Protocol",
                                                .column = "SMTP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_smtp,
                                                .probe = &probe_smtp,
                                                .stream = true};

}  // namespace pr::dissect
