// POP3 (RFC 1939) with STLS (RFC 2595): commands, replies with their lists, and mails that RETR and TOP fetch.
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 110}};

enum Field : std::uint16_t {
  kResponse,
  kResponseIndicator,
  kResponseDescription,
  kResponseData,
  kRequest,
  kRequestCommand,
  kRequestParameter,
  kRequestData,
};

constexpr FieldDef kFields[] = {
    {"pop.response", "Response", FieldType::kText},
    {"pop.response.indicator", "Response indicator", FieldType::kText},
    {"pop.response.description", "Response description", FieldType::kText},
    {"pop.response.data", "Data", FieldType::kText},
    {"pop.request", "Request", FieldType::kText},
    {"pop.request.command", "Request command", FieldType::kText},
    {"pop.request.parameter", "Request parameter", FieldType::kText},
    {"pop.request.data", "Data", FieldType::kText},
};

constexpr std::size_t kMaxPiece = 512U << 10U;  // of a mail that is kept until its end

enum class Asked : std::uint8_t { kOther, kMail, kTls };

struct State {
  bool seen;
  bool swapped;  // the server opened the flow, or so it seems
  bool mail;     // the server sends one now
  bool continues;
  Asked asked;
  bool counted;           // the reply said how long the mail is
  std::uint8_t matched;   // octets of a mail's end at the end of what was shown
  std::uint32_t scanned;  // octets of the mail at hand without its end
};

constexpr std::string_view kEnd = "\r\n.\r\n";

bool is_reply(Bytes text) { return as_text(text).starts_with("+OK") || as_text(text).starts_with("-ERR"); }

bool is_command(Bytes word) {
  constexpr std::string_view kCommands[] = {"USER", "PASS", "APOP", "STAT", "LIST", "RETR", "DELE", "NOOP",
                                            "RSET", "QUIT", "TOP",  "UIDL", "CAPA", "STLS", "AUTH"};
  return std::ranges::any_of(kCommands, [word](std::string_view command) { return is_word(word, command); });
}

class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out) : in_(in), out_(out), state_(out.state<State>()) {}

  Outcome run() {
    if (!state_.seen && is_reply(in_.rest())) state_.swapped = out_.from_orig();
    const bool server = out_.from_orig() == state_.swapped;
    if (server && state_.mail) return mail();
    const std::size_t size = whole_lines(in_.rest(), out_.at_end());
    if (size == 0) {
      if (!state_.seen && !plausible(server, in_.rest())) return Outcome::kNotMine;
      if (in_.left() > kMaxTextLine) return Outcome::kMalformed;
      out_.need(0);
      return Outcome::kNeedMore;
    }
    if (!state_.seen && !plausible(server, in_.rest())) return Outcome::kNotMine;
    Cursor lines(in_.rest().first(size));
    server ? replies(lines) : commands(lines);
    in_.skip(lines.at());
    state_.seen = true;
    return Outcome::kDone;
  }

 private:
  static bool plausible(bool server, Bytes text) {
    if (server) return is_reply(text) || text.size() < 3;
    const auto end = std::ranges::find_if(text, [](std::uint8_t c) { return c == ' ' || c == '\r' || c == '\n'; });
    return is_command(text.first(static_cast<std::size_t>(end - text.begin()))) || text.size() < 4;
  }

  void info(std::string_view who, Bytes text) {
    if (out_.wanted()) out_.info(std::string(who) + std::string(as_text(text)));
  }

  // What came together is shown together: a line of its own for the first, the rest as data.
  void commands(Cursor& lines) {
    const TextLine line = *take_line(lines, true);
    Bytes parameters = line.text;
    const Bytes word = take_word(parameters);
    info("C: ", line.text);
    out_.add_text(kRequest, "", line.whole);
    {
      const LayerBuilder::Subtree tree(out_);
      add_ascii(out_, kRequestCommand, word);
      if (!parameters.empty()) add_ascii(out_, kRequestParameter, parameters);
    }
    asked(word, parameters, line);
    while (const auto further = take_line(lines, true)) {
      out_.add_text(kRequestData, "", further->whole);
      Bytes rest = further->text;
      const Bytes next = take_word(rest);
      if (is_command(next)) asked(next, rest, *further);
    }
  }

  void asked(Bytes word, Bytes parameters, const TextLine& line) {
    state_.asked = is_word(word, "RETR") || is_word(word, "TOP") ? Asked::kMail
                   : is_word(word, "STLS")                       ? Asked::kTls
                                                                 : Asked::kOther;
    std::array<Message::Item, 2> items{
        {{kRequestCommand, Value::of(word)}, {kRequestParameter, Value::of(parameters)}}};
    out_.message({.role = Message::Role::kRequest,
                  .name = line.view(),
                  .items = std::span<const Message::Item>(items).first(parameters.empty() ? 1 : 2)});
  }

  void replies(Cursor& lines) {
    bool first = true, listed = false;
    while (lines.left() > 0) {
      const TextLine line = *take_line(lines, true);
      const bool reply = is_reply(line.text);
      if (first) info("S: ", line.text);
      if (first && reply) show_reply(line);
      first = false;
      if (reply && answered(line)) return;
      if (!reply && !listed) out_.add_text(kResponseData, "", line.whole);
      listed = listed || !reply;
    }
  }

  void show_reply(const TextLine& line) {
    out_.add_text(kResponse, "", line.whole);
    const LayerBuilder::Subtree tree(out_);
    Bytes text = line.text;
    const Bytes indicator = take_word(text);
    add_ascii(out_, kResponseIndicator, indicator);
    if (!text.empty()) add_ascii(out_, kResponseDescription, text);
  }

  // True: what follows is no list.
  bool answered(const TextLine& line) {
    Bytes text = line.text;
    const Bytes indicator = take_word(text);
    const bool ok = as_text(indicator) == "+OK";
    std::array<Message::Item, 1> items{{{kResponseIndicator, Value::of(indicator)}}};
    const bool greeting = !state_.seen;
    out_.message({.role = greeting ? Message::Role::kEvent : Message::Role::kResponse,
                  .name = greeting ? std::string_view("greeting") : std::string_view{},
                  .summary = line.view(),
                  .status = ok ? 0 : 1,
                  .items = items});
    const Asked asked = std::exchange(state_.asked, Asked::kOther);
    if (!ok || greeting) return false;
    if (asked == Asked::kTls) out_.upgrade(nullptr);
    if (asked != Asked::kMail) return asked == Asked::kTls;
    state_.mail = true;
    const Bytes count = take_word(text);
    state_.counted = !count.empty() && std::ranges::all_of(count, [](std::uint8_t c) { return c >= '0' && c <= '9'; });
    state_.matched = 2;  // a line ends in front of it
    state_.continues = false;
    state_.scanned = 0;
    return true;
  }

  // Of a mail whose length is known, all is shown together; else each piece is shown as it comes.
  Outcome mail() { return state_.counted ? whole_mail() : piece(); }

  Outcome piece() {
    const Bytes all = in_.rest();
    const std::size_t before = std::min<std::size_t>(state_.matched, kEnd.size() - 1);
    // The end may have begun in the piece before.
    std::string seam(kEnd.substr(0, before));
    seam += as_text(all.first(std::min(all.size(), kEnd.size())));
    std::size_t end = all.size();
    if (const std::size_t at = seam.find(kEnd); at != seam.npos) {
      end = at + kEnd.size() - before;
    } else if (const std::size_t inside = as_text(all).find(kEnd); inside != seam.npos) {
      end = inside + kEnd.size();
    }
    const bool over = end < all.size() || ends(seam, all);
    state_.matched = over ? 0 : tail(before, all);
    state_.mail = !over;
    in_.skip(end);
    show(all.first(end), end);
    return Outcome::kDone;
  }

  static bool ends(const std::string& seam, Bytes all) {
    return all.size() <= kEnd.size() ? seam.ends_with(kEnd) : as_text(all).ends_with(kEnd);
  }

  // How much of a mail's end the piece ends with.
  static std::uint8_t tail(std::size_t before, Bytes all) {
    std::string last(kEnd.substr(0, before));
    last += as_text(all.last(std::min(all.size(), kEnd.size() - 1)));
    for (std::size_t n = kEnd.size() - 1; n > 0; --n) {
      if (last.ends_with(kEnd.substr(0, n))) return static_cast<std::uint8_t>(n);
    }
    return 0;
  }

  Outcome whole_mail() {
    const Bytes all = in_.rest();
    const std::string_view text = as_text(all);
    std::size_t from = std::min<std::size_t>(state_.scanned, text.size());
    from -= std::min(from, kEnd.size() - 1);
    std::size_t size = 0, end = 0;
    if (!state_.continues && text.starts_with(".\r\n")) {
      end = 3;
    } else if (const std::size_t at = text.find(kEnd, from); at != text.npos) {
      size = at + 2;
      end = at + kEnd.size();
    }
    const bool whole = end != 0;
    if (!whole && all.size() < kMaxPiece && !out_.at_end()) {
      state_.scanned = static_cast<std::uint32_t>(text.size());
      out_.need(0);
      return Outcome::kNeedMore;
    }
    if (!whole) size = end = out_.at_end() ? all.size() : all.size() - (kEnd.size() - 1);
    in_.skip(end);
    state_.mail = !whole;
    state_.scanned = 0;
    const bool continues = std::exchange(state_.continues, !whole);
    show(continues ? Bytes{} : all.first(size), size);
    return Outcome::kDone;
  }

  void show(Bytes mail, std::size_t size) {
    if (!out_.wanted()) return;
    out_.info("S: DATA fragment, " + std::to_string(size) + " bytes");
    if (mail.empty()) return;
    Cursor body(mail);
    if (out_.next("imf", body)) out_.column("POP/IMF");
  }

  Cursor& in_;
  LayerBuilder& out_;
  State& state_;
};

Outcome dissect_pop(Cursor& in, LayerBuilder& out) { return Reader(in, out).run(); }

Likeness probe_pop(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || !begins_printable(start)) return Likeness::kNo;
  const Bytes line = start.first(static_cast<std::size_t>(std::ranges::find(start, '\n') - start.begin()));
  if (!looks_like_text(line)) return Likeness::kNo;
  const std::string_view text = as_text(line);
  if (text.starts_with("+OK")) {
    return text.find("POP") != text.npos || text.find("pop") != text.npos ? Likeness::kYes : Likeness::kMaybe;
  }
  if (text.starts_with("-ERR ")) return Likeness::kMaybe;
  const auto end = std::ranges::find_if(start, [](std::uint8_t c) { return c == ' ' || c == '\r' || c == '\n'; });
  const Bytes word = start.first(static_cast<std::size_t>(end - start.begin()));
  if (is_word(word, "APOP") || is_word(word, "STLS")) return Likeness::kYes;
  return hint.by_port && is_command(word) ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector pop_dissector{.name = "pop",
                                               .title = "Post Office Protocol",
                                               .column = "POP",
                                               .app = "pop3",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_pop,
                                               .probe = &probe_pop,
                                               .stream = true};

}  // namespace pr::dissect
