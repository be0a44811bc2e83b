// IMAP4 (RFC 3501) with STARTTLS: tagged commands and responses, untagged data, and mails in literals.
#include <array>
#include <charconv>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 143}};

enum Field : std::uint16_t {
  kIsrequest,
  kLine,
  kRequest,
  kRequestTag,
  kResponse,
  kResponseTag,
  kRequestCommand,
  kResponseCommand,
  kResponseStatus,
  kTag,
  kCommand,
  kRequestFolder,
  kRequestCommandUid,
  kRequestUsername,
  kRequestPassword,
  kResponseTo,
  kTime,
};

constexpr FieldDef kFields[] = {
    {"imap.isrequest", "Request", FieldType::kBool},
    {"imap.line", "Line", FieldType::kText},
    {"imap.request", "Request", FieldType::kText},
    {"imap.request_tag", "Request Tag", FieldType::kText},
    {"imap.response", "Response", FieldType::kText},
    {"imap.response_tag", "Response Tag", FieldType::kText},
    {"imap.request.command", "Request Command", FieldType::kText},
    {"imap.response.command", "Response Command", FieldType::kText},
    {"imap.response.status", "Response Status", FieldType::kText},
    {"imap.tag", "Tag", FieldType::kText},
    {"imap.command", "Command", FieldType::kText},
    {"imap.request.folder", "Request Folder", FieldType::kText},
    {"imap.request.command.uid", "Request isUID", FieldType::kBool},
    {"imap.request.username", "Request Username", FieldType::kText},
    {"imap.request.password", "Request Password", FieldType::kText},
    {"imap.response_to", "Request In", FieldType::kUint},
    {"imap.time", "Response Time", FieldType::kDuration},
};

constexpr std::uint64_t kMaxLiteral = 512U << 10U;  // one that is kept until its end

struct State {
  bool seen;
  bool swapped;           // the server opened the flow, or so it seems
  std::uint32_t tls_tag;  // of a STARTTLS that has no answer, as a hash; 0: none
};

std::uint32_t tag_id(Bytes tag) {
  std::uint32_t hash = 2166136261U;
  for (const std::uint8_t c : tag) hash = (hash ^ c) * 16777619U;
  return hash == 0 ? 1 : hash;
}

// "{310}" or "{310+}" at the end of a line: so many octets follow.
std::optional<std::uint64_t> literal_of(Bytes text) {
  std::string_view line = as_text(text);
  if (!line.ends_with('}')) return std::nullopt;
  line.remove_suffix(1);
  if (line.ends_with('+')) line.remove_suffix(1);
  const std::size_t open = line.rfind('{');
  if (open == line.npos || line.size() - open > 11) return std::nullopt;
  std::uint64_t octets = 0;
  const char* end = line.data() + line.size();
  const auto [at, error] = std::from_chars(line.data() + open + 1, end, octets);
  if (error != std::errc{} || at != end) return std::nullopt;
  return octets;
}

bool is_command(Bytes word) {
  constexpr std::string_view kCommands[] = {
      "CAPABILITY", "NOOP",      "LOGOUT", "AUTHENTICATE", "LOGIN",  "SELECT", "EXAMINE",  "CREATE", "DELETE",
      "RENAME",     "SUBSCRIBE", "LIST",   "LSUB",         "STATUS", "APPEND", "CHECK",    "CLOSE",  "EXPUNGE",
      "SEARCH",     "FETCH",     "STORE",  "COPY",         "UID",    "IDLE",   "STARTTLS", "ID",     "NAMESPACE"};
  return std::ranges::any_of(kCommands, [word](std::string_view command) { return is_word(word, command); });
}

bool names_folder(Bytes word) {
  constexpr std::string_view kCommands[] = {"SELECT", "EXAMINE",   "CREATE", "DELETE",
                                            "RENAME", "SUBSCRIBE", "STATUS", "APPEND"};
  return std::ranges::any_of(kCommands, [word](std::string_view command) { return is_word(word, command); });
}

// The third word and what comes after it without the quotes around.
Bytes unquoted(Bytes text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.subspan(1, text.size() - 2);
  return text;
}

bool greets(std::string_view text) {
  return text.starts_with("* OK") || text.starts_with("* PREAUTH") || text.starts_with("* BYE");
}

// A command's line: a tag and a known word.
bool commands(Bytes line) {
  const Bytes tag = take_word(line);
  const bool plain = !tag.empty() && tag.size() <= 32 && std::ranges::all_of(tag, [](std::uint8_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' ||
           c == '-' || c == '$';
  });
  return plain && is_command(take_word(line));
}

class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out) : in_(in), out_(out), state_(out.state<State>()) {}

  Outcome run() {
    const Bytes all = in_.rest();
    Cursor look(all);
    const auto first = take_line(look, out_.at_end());
    if (!first) {
      if (all.size() > kMaxTextLine || (!state_.seen && !looks_like_text(all))) return Outcome::kNotMine;
      out_.need(0);
      return Outcome::kNeedMore;
    }
    if (!state_.seen) {
      if (!greets(first->view()) && !commands(first->text)) return Outcome::kNotMine;
      state_.swapped = greets(first->view()) == out_.from_orig();
    }
    server_ = out_.from_orig() == state_.swapped;
    if (const std::uint64_t end = missing(all); end != 0 && !out_.at_end()) {
      out_.need(end);
      return Outcome::kNeedMore;
    }
    out_.add(kIsrequest, server_ ? 0 : 1, {});
    lines();
    state_.seen = true;
    return Outcome::kDone;
  }

 private:
  // A literal belongs to the line that announces it, and so does what follows it. Octets that are needed until the
  // first such line ends; 0: it does, or nobody waits for that.
  [[nodiscard]] std::uint64_t missing(Bytes all) const {
    if (!server_) return 0;
    Cursor look(all);
    for (;;) {
      const auto line = take_line(look);
      if (!line) return look.left() > kMaxTextLine ? 0 : all.size() + 1;
      const auto octets = literal_of(line->text);
      if (!octets || look.at() + *octets > kMaxLiteral) return 0;
      if (look.left() < *octets) return look.at() + *octets + 1;
      look.skip(static_cast<std::size_t>(*octets));
    }
  }

  // What came together is shown together.
  void lines() {
    Bytes last;
    bool mail = false;
    while (in_.left() > 0) {
      Cursor look(in_.rest());
      const auto line = take_line(look, out_.at_end());
      if (!line) break;
      std::optional<std::uint64_t> octets;
      if (server_) octets = literal_of(line->text);
      const bool begins = in_.at() == 0 || !inside_;
      if (begins && in_.at() > 0 && !out_.at_end() && missing(in_.rest()) != 0) break;  // the next message
      inside_ = octets.has_value();
      in_.skip(line->whole.size());
      last = line->text;
      show(*line);
      if (tls_) break;
      if (!octets) continue;
      if (*octets > in_.left()) {
        out_.message_length(in_.at() + *octets);
        in_.skip(in_.left());
        break;
      }
      Cursor literal = in_.sub(static_cast<std::size_t>(*octets));
      if (out_.wanted() && is_mail(line->view())) mail = out_.next("imf", literal) || mail;
    }
    if (!out_.wanted()) return;
    if (mail) {
      out_.column("IMAP/IMF");
    } else {
      out_.info((server_ ? "Response: " : "Request: ") + std::string(as_text(last)));
    }
  }

  static bool is_mail(std::string_view line) {
    return line.find("FETCH") != line.npos && (line.find("BODY[") != line.npos || line.find("RFC822") != line.npos);
  }

  void show(const TextLine& line) {
    add_ascii(out_, kLine, line.whole);
    Bytes text = line.text;
    const Bytes tag = take_word(text);
    if (tag.empty() || (server_ && as_text(tag) == "*")) return;
    const LayerBuilder::Subtree tree(out_);
    add_ascii(out_, server_ ? kResponseTag : kRequestTag, tag);
    add_ascii(out_, kTag, tag);
    server_ ? response(tag, text, line) : request(tag, text, line);
  }

  void request(Bytes tag, Bytes text, const TextLine& line) {
    Bytes word = take_word(text);
    if (is_word(word, "UID") && !text.empty()) {
      out_.add(kRequestCommandUid, 1, word);
      word = take_word(text);
    }
    if (!word.empty()) {
      add_ascii(out_, kRequestCommand, word);
      add_ascii(out_, kCommand, word);
    }
    if (is_word(word, "LOGIN")) {
      const Bytes user = take_word(text);
      const Bytes password = unquoted(text);
      if (!user.empty()) add_ascii(out_, kRequestUsername, user);
      if (!password.empty()) add_ascii(out_, kRequestPassword, password);
    } else if (names_folder(word) && !text.empty()) {
      const Bytes folder = take_word(text);
      add_ascii(out_, kRequestFolder, folder);
    }
    add_ascii(out_, kRequest, line.text);
    if (word.empty()) return;
    if (is_word(word, "STARTTLS")) state_.tls_tag = tag_id(tag);
    std::array<Message::Item, 1> items{{{kRequestCommand, Value::of(word)}}};
    out_.message({.role = Message::Role::kRequest, .id = tag_id(tag), .name = line.view(), .items = items});
  }

  void response(Bytes tag, Bytes text, const TextLine& line) {
    const Bytes status = take_word(text);
    const Bytes word = take_word(text);
    if (!status.empty()) add_ascii(out_, kResponseStatus, status);
    if (!word.empty()) {
      add_ascii(out_, kResponseCommand, word);
      add_ascii(out_, kCommand, word);
    }
    add_ascii(out_, kResponse, line.text);
    const PacketFacts* facts = out_.facts();
    if (!word.empty() && facts != nullptr && facts->request_frame != 0) {
      out_.add(kResponseTo, facts->request_frame, {});
      out_.add(kTime, static_cast<std::uint64_t>(to_ns(out_.packet().ts) - to_ns(facts->request_ts)), {});
    }
    if (status.empty()) return;
    const bool ok = is_word(status, "OK");
    std::array<Message::Item, 1> items{{{kResponseStatus, Value::of(status)}}};
    out_.message({.role = Message::Role::kResponse,
                  .id = tag_id(tag),
                  .summary = line.view(),
                  .status = ok ? 0 : 1,
                  .items = items});
    if (state_.tls_tag != tag_id(tag)) return;
    state_.tls_tag = 0;
    tls_ = ok;
    if (ok) out_.upgrade(nullptr);
  }

  Cursor& in_;
  LayerBuilder& out_;
  State& state_;
  bool server_ = false;
  bool tls_ = false;
  bool inside_ = false;  // the line at hand goes on behind a literal
};

Outcome dissect_imap(Cursor& in, LayerBuilder& out) { return Reader(in, out).run(); }

Likeness probe_imap(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp) return Likeness::kNo;
  Cursor look(start);
  const auto line = take_line(look, true);
  if (!line || !looks_like_text(line->text)) return Likeness::kNo;
  const std::string_view text = line->view();
  if (greets(text)) {
    return text.find("IMAP") != text.npos || text.find("[CAPABILITY") != text.npos ? Likeness::kYes : Likeness::kMaybe;
  }
  if (!commands(line->text)) return Likeness::kNo;
  Bytes words = line->text;
  take_word(words);
  const Bytes word = take_word(words);
  const bool alone = line->whole.size() > line->text.size() && words.empty();
  return alone && (is_word(word, "CAPABILITY") || is_word(word, "STARTTLS")) ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector imap_dissector{.name = "imap",
                                                .title = "Internet Message Access Protocol",
                                                .column = "IMAP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_imap,
                                                .probe = &probe_imap,
                                                .stream = true};

}  // namespace pr::dissect
