// IRC (RFC 2812): messages of clients and servers, one a line.
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 6660}, {"tcp.port", 6661}, {"tcp.port", 6662}, {"tcp.port", 6663},
                           {"tcp.port", 6664}, {"tcp.port", 6665}, {"tcp.port", 6666}, {"tcp.port", 6667},
                           {"tcp.port", 6668}, {"tcp.port", 6669}, {"tcp.port", 7000}, {"tcp.port", 57000}};

enum Field : std::uint16_t {
  kRequest,
  kResponse,
  kRequestPrefix,
  kRequestCommand,
  kRequestCommandParameter,
  kRequestTrailer,
  kResponsePrefix,
  kResponseCommand,
  kResponseNumCommand,
  kResponseCommandParameter,
  kResponseTrailer,
  kCtcp,
};

constexpr FieldDef kFields[] = {
    {"irc.request", "Request", FieldType::kText},
    {"irc.response", "Response", FieldType::kText},
    {"irc.request.prefix", "Prefix", FieldType::kText},
    {"irc.request.command", "Command", FieldType::kText},
    {"irc.request.command_parameter", "Parameter", FieldType::kText},
    {"irc.request.trailer", "Trailer", FieldType::kText},
    {"irc.response.prefix", "Prefix", FieldType::kText},
    {"irc.response.command", "Command", FieldType::kText},
    {"irc.response.num_command", "Command", FieldType::kUint},
    {"irc.response.command_parameter", "Parameter", FieldType::kText},
    {"irc.response.trailer", "Trailer", FieldType::kText},
    {"irc.ctcp", "CTCP Data", FieldType::kText},
};

struct State {
  bool seen;
  bool swapped;  // the server opened the flow, or so it seems
};

constexpr std::size_t kMaxParameters = 64;

struct Parsed {
  Bytes prefix, command, parameters, trailer;
  bool has_trailer = false;
};

Parsed parse(Bytes line) {
  Parsed out;
  if (!line.empty() && line[0] == ':') out.prefix = take_word(line).subspan(1);
  out.command = take_word(line);
  out.parameters = line;
  std::size_t colon = line.size();
  if (!line.empty() && line[0] == ':') {
    colon = 0;
  } else if (const std::size_t at = as_text(line).find(" :"); at != std::string_view::npos) {
    colon = at + 1;
  }
  if (colon == line.size()) return out;
  out.has_trailer = true;
  out.trailer = line.subspan(colon + 1);
  out.parameters = line.first(colon);
  return out;
}

bool is_number(Bytes word) {
  return word.size() == 3 && std::ranges::all_of(word, [](std::uint8_t c) { return c >= '0' && c <= '9'; });
}

bool is_command(Bytes word) {
  constexpr std::string_view kCommands[] = {"PASS",  "NICK",    "USER",   "JOIN",  "PART",  "MODE",    "TOPIC",
                                            "NAMES", "LIST",    "INVITE", "KICK",  "PING",  "PONG",    "NOTICE",
                                            "QUIT",  "WHO",     "WHOIS",  "ERROR", "SQUIT", "PRIVMSG", "CAP",
                                            "AWAY",  "WALLOPS", "ISON",   "OPER",  "MOTD",  "LUSERS"};
  return is_number(word) ||
         std::ranges::any_of(kCommands, [word](std::string_view command) { return is_word(word, command); });
}

void parameters(const Parsed& p, Field parameter, Field trailer, LayerBuilder& out) {
  Bytes rest = p.parameters;
  for (std::size_t n = 0; n < kMaxParameters && !rest.empty(); ++n) {
    const Bytes word = take_word(rest);
    if (!word.empty()) add_ascii(out, parameter, word);
  }
  if (!p.has_trailer || p.trailer.empty()) return;
  if (p.trailer[0] == 1) {  // client to client
    Bytes inside = p.trailer.subspan(1);
    if (!inside.empty() && inside.back() == 1) inside = inside.first(inside.size() - 1);
    add_ascii(out, kCtcp, inside);
    return;
  }
  add_ascii(out, trailer, p.trailer);
}

void tell(const Parsed& p, const TextLine& line, LayerBuilder& out) {
  constexpr std::string_view kWorthIt[] = {"NICK", "JOIN", "PART",  "PRIVMSG", "NOTICE",
                                           "QUIT", "USER", "TOPIC", "KICK"};
  const auto same = [&p](std::string_view word) { return is_word(p.command, word); };
  if (std::ranges::none_of(kWorthIt, same)) return;
  out.message({.role = Message::Role::kEvent,
               .name = as_text(p.command),
               .summary = line.view(),
               .items = std::array<Message::Item, 1>{{{kRequestCommand, Value::of(p.command)}}}});
}

void show(const Parsed& p, const TextLine& line, bool server, LayerBuilder& out) {
  if (!out.wanted()) return;
  add_ascii(out, server ? kResponse : kRequest, line.text);
  {
    const LayerBuilder::Subtree tree(out);
    if (!p.prefix.empty()) add_ascii(out, server ? kResponsePrefix : kRequestPrefix, p.prefix);
    if (!p.command.empty()) {
      add_ascii(out, server ? kResponseCommand : kRequestCommand, p.command);
      if (server && is_number(p.command)) {
        const std::uint64_t number = (p.command[0] - '0') * 100U + (p.command[1] - '0') * 10U + (p.command[2] - '0');
        out.add(kResponseNumCommand, number, p.command);
      }
    }
    server ? parameters(p, kResponseCommandParameter, kResponseTrailer, out)
           : parameters(p, kRequestCommandParameter, kRequestTrailer, out);
  }
  const Frame& frame = out.frame();
  const std::uint8_t n = frame.layer_count;
  if (n < 2 || frame.layers[n - 1U] != frame.layers[n - 2U]) out.info(server ? "Response" : "Request");
  out.append_info(" (" + std::string(as_text(p.command)) + ")");
}

Outcome dissect_irc(Cursor& in, LayerBuilder& out) {
  auto& state = out.state<State>();
  const auto line = take_line(in, out.at_end());
  if (!line) {
    if (in.left() > kMaxTextLine) return Outcome::kNotMine;
    out.need(0);
    return Outcome::kNeedMore;
  }
  if (line->text.empty()) return state.seen ? Outcome::kDone : Outcome::kNotMine;
  const Parsed p = parse(line->text);
  if (!state.seen) {
    if (!is_command(p.command)) return Outcome::kNotMine;
    state.swapped = out.from_orig() && !p.prefix.empty();
    state.seen = true;
  }
  const bool server = out.from_orig() == state.swapped;
  tell(p, *line, out);
  show(p, *line, server, out);
  return Outcome::kDone;
}

Likeness probe_irc(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || start.empty()) return Likeness::kNo;
  Cursor look(start);
  const auto line = take_line(look, true);
  if (!line || line->text.size() > 512) return Likeness::kNo;
  const Parsed p = parse(line->text);
  if (!is_command(p.command) || !looks_like_text(p.prefix) || !looks_like_text(p.parameters)) return Likeness::kNo;
  const bool complete = line->whole.size() > line->text.size();
  if (!complete) return Likeness::kMaybe;
  if (!p.prefix.empty()) {
    return p.has_trailer && (is_word(p.command, "NOTICE") || is_number(p.command)) ? Likeness::kYes : Likeness::kMaybe;
  }
  Bytes words = p.parameters;
  std::size_t count = 0;
  while (!words.empty() && count < 8) {
    take_word(words);
    ++count;
  }
  if (is_word(p.command, "USER") && count == 3 && p.has_trailer) return Likeness::kYes;
  if (is_word(p.command, "NICK") && count == 1 && !p.has_trailer) return Likeness::kYes;
  if (is_word(p.command, "NOTICE") && begins_with_word(p.parameters, "AUTH")) return Likeness::kYes;
  if (is_word(p.command, "CAP") && begins_with_word(p.parameters, "LS")) return Likeness::kYes;
  return Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector irc_dissector{.name = "irc",
                                               .title = "Internet Relay Chat",
                                               .column = "IRC",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_irc,
                                               .probe = &probe_irc,
                                               .stream = true};

}  // namespace pr::dissect
