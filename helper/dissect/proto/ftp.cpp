// FTP control connections (RFC 959, 2428) with AUTH TLS (RFC 4217). PORT, PASV and their kin announce data connections:
// what is learnt here of the transfer goes with them.
#include <array>
#include <charconv>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ftp/transfer.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 21}};

constexpr NamedValue kCodes[] = {
    {110, "Restart marker reply"},
    {120, "Service ready in nnn minutes"},
    {125, "Data connection already open; transfer starting"},
    {150, "File status okay; about to open data connection"},
    {200, "Command okay"},
    {202, "Command not implemented, superfluous at this site"},
    {211, "System status, or system help reply"},
    {212, "Directory status"},
    {213, "File status"},
    {214, "Help message"},
    {215, "NAME system type"},
    {220, "Service ready for new user"},
    {221, "Service closing control connection"},
    {225, "Data connection open; no transfer in progress"},
    {226, "Closing data connection"},
    {227, "Entering Passive Mode"},
    {229, "Entering Extended Passive Mode"},
    {230, "User logged in, proceed"},
    {232, "User logged in, authorized by security data exchange"},
    {234, "Security data exchange complete"},
    {235, "Security data exchange completed successfully"},
    {250, "Requested file action okay, completed"},
    {257, "PATHNAME created"},
    {331, "User name okay, need password"},
    {332, "Need account for login"},
    {334, "Requested security mechanism is ok"},
    {335, "Security data is acceptable, more is required"},
    {336, "Username okay, need password. Challenge is ..."},
    {350, "Requested file action pending further information"},
    {421, "Service not available, closing control connection"},
    {425, "Can't open data connection"},
    {426, "Connection closed; transfer aborted"},
    {431, "Need some unavailable resource to process security"},
    {450, "Requested file action not taken"},
    {451, "Requested action aborted: local error in processing"},
    {452, "Requested action not taken. Insufficient storage space in system"},
    {500, "Syntax error, command unrecognized"},
    {501, "Syntax error in parameters or arguments"},
    {502, "Command not implemented"},
    {503, "Bad sequence of commands"},
    {504, "Command not implemented for that parameter"},
    {522, "Network protocol not supported"},
    {530, "Not logged in"},
    {532, "Need account for storing files"},
    {533, "Command protection level denied for policy reasons"},
    {534, "Request denied for policy reasons"},
    {535, "Failed security check (hash, sequence, etc)"},
    {536, "Requested PROT level not supported by mechanism"},
    {537, "Command protection level not supported by security mechanism"},
    {550, "Requested action not taken: File unavailable"},
    {551, "Requested action aborted: page type unknown"},
    {552, "Requested file action aborted: Exceeded storage allocation"},
    {553, "Requested action not taken: File name not allowed"},
    {631, "Integrity protected reply"},
    {632, "Confidentiality and integrity protected reply"},
    {633, "Confidentiality protected reply"},
};
constexpr NamedValue kFamilies[] = {{1, "IPv4"}, {2, "IPv6"}};

enum Field : std::uint16_t {
  kRequest,
  kResponse,
  kRequestCommand,
  kRequestArg,
  kResponseCode,
  kResponseArg,
  kCurrentWorkingDirectory,
  kPassiveIp,
  kPassivePort,
  kPassiveNat,
  kActiveCip,
  kActivePort,
  kActiveNat,
  kEprtAf,
  kEprtIp,
  kEprtIpv6,
  kEprtPort,
  kEpsvIp,
  kEpsvIpv6,
  kEpsvPort,
};

constexpr FieldDef kFields[] = {
    {"ftp.request", "Request", FieldType::kBool},
    {"ftp.response", "Response", FieldType::kBool},
    {"ftp.request.command", "Request command", FieldType::kText},
    {"ftp.request.arg", "Request arg", FieldType::kText},
    {"ftp.response.code", "Response code", FieldType::kUint, Show::kDec, 0, kCodes},
    {"ftp.response.arg", "Response arg", FieldType::kText},
    {"ftp.current-working-directory", "Current working directory", FieldType::kText},
    {"ftp.passive.ip", "Passive IP address", FieldType::kIpv4},
    {"ftp.passive.port", "Passive port", FieldType::kUint},
    {"ftp.passive.nat", "Passive IP NAT", FieldType::kBool},
    {"ftp.active.cip", "Active IP address", FieldType::kIpv4},
    {"ftp.active.port", "Active port", FieldType::kUint},
    {"ftp.active.nat", "Active IP NAT", FieldType::kBool},
    {"ftp.eprt.af", "Extended active address family", FieldType::kUint, Show::kDec, 0, kFamilies},
    {"ftp.eprt.ip", "Extended active IP address", FieldType::kIpv4},
    {"ftp.eprt.ipv6", "Extended active IPv6 address", FieldType::kIpv6},
    {"ftp.eprt.port", "Extended active port", FieldType::kUint},
    {"ftp.epsv.ip", "Extended passive IPv4 address", FieldType::kIpv4},
    {"ftp.epsv.ipv6", "Extended passive IPv6 address", FieldType::kIpv6},
    {"ftp.epsv.port", "Extended passive port", FieldType::kUint},
};

enum class Asked : std::uint8_t { kOther, kPwd, kCwd, kTls };

struct State {
  std::uint64_t setup_frame;  // of the data connection that was announced last; 0: none
  std::uint16_t port;         // where it will be listened for
  bool at_client;             // by the client
  ftp::Method method;
  bool seen;
  bool swapped;  // the server opened the flow, or so it seems
  Asked asked;
  char directory[30], wanted[16];  // the current one and that of the last CWD; empty: not known
};

bool is_command(Bytes word) {
  constexpr std::string_view kCommands[] = {"USER", "PASS", "ACCT", "CWD",  "CDUP", "QUIT", "PORT", "PASV", "TYPE",
                                            "RETR", "STOR", "APPE", "REST", "RNFR", "RNTO", "ABOR", "DELE", "RMD",
                                            "MKD",  "PWD",  "LIST", "NLST", "SITE", "SYST", "STAT", "HELP", "NOOP",
                                            "EPRT", "EPSV", "AUTH", "PBSZ", "PROT", "FEAT", "OPTS", "SIZE", "MDTM",
                                            "MLSD", "MLST", "STOU", "CCC",  "CLNT", "XPWD", "XCWD"};
  return std::ranges::any_of(kCommands, [word](std::string_view command) { return is_word(word, command); });
}

// The commands that make a data connection carry something.
bool transfers(Bytes word) {
  constexpr std::string_view kCommands[] = {"RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD"};
  return std::ranges::any_of(kCommands, [word](std::string_view command) { return is_word(word, command); });
}

struct Announced {
  Endpoint where;
  Bytes ip, port;  // the text that said so
};

// Six numbers: h1,h2,h3,h4,p1,p2.
std::optional<Announced> six_numbers(Bytes text) {
  const char* at = reinterpret_cast<const char*>(text.data());
  const char* end = at + text.size();
  std::array<unsigned, 6> numbers{};
  std::array<const char*, 7> starts{};
  for (std::size_t i = 0; i < 6; ++i) {
    starts[i] = at;
    const auto [next, error] = std::from_chars(at, end, numbers[i]);
    if (error != std::errc{} || numbers[i] > 255) return std::nullopt;
    at = next;
    if (i == 5) break;
    if (at == end || *at != ',') return std::nullopt;
    ++at;
  }
  starts[6] = at;
  const auto part = [&](std::size_t from, std::size_t to) {
    return text.subspan(static_cast<std::size_t>(starts[from] - starts[0]),
                        static_cast<std::size_t>(starts[to] - starts[from]));
  };
  Announced out;
  out.where.ip = IpAddress::v4(numbers[0] << 24U | numbers[1] << 16U | numbers[2] << 8U | numbers[3]);
  out.where.port = static_cast<std::uint16_t>(numbers[4] << 8U | numbers[5]);
  out.ip = part(0, 4).first(part(0, 4).size() - 1);
  out.port = part(4, 6);
  return out;
}

// "|1|132.235.1.2|6275|"; any delimiter. EPSV leaves the first two empty.
struct Extended {
  Bytes family, ip, port;
};
std::optional<Extended> extended(Bytes text) {
  if (text.empty()) return std::nullopt;
  const std::uint8_t mark = text[0];
  std::array<Bytes, 3> parts;
  for (Bytes& part : parts) {
    text = text.subspan(1);
    const auto end = std::ranges::find(text, mark);
    if (end == text.end()) return std::nullopt;
    part = text.first(static_cast<std::size_t>(end - text.begin()));
    text = text.subspan(part.size());
  }
  return Extended{parts[0], parts[1], parts[2]};
}

std::optional<std::uint16_t> port_of(Bytes digits) {
  std::uint16_t port = 0;
  const std::string_view text = as_text(digits);
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || at != text.data() + text.size()) return std::nullopt;
  return port;
}

template <std::size_t N>
void keep_text(char (&to)[N], Bytes text) {
  std::memset(to, 0, N);
  if (text.size() < N) std::memcpy(to, text.data(), text.size());
}

class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out) : in_(in), out_(out), state_(out.state<State>()) {}

  Outcome run() {
    // A line without an end is not waited for when it is long: no server means such a one.
    constexpr std::size_t kLongLine = 64;
    std::size_t size = whole_lines(in_.rest(), out_.at_end());
    if (in_.left() - size >= kLongLine) size = in_.left();
    if (!state_.seen && !plausible()) return Outcome::kNotMine;
    if (size == 0) {
      out_.need(0);
      return Outcome::kNeedMore;
    }
    if (!state_.seen) state_.swapped = (reply_code(in_.rest()) != 0) == out_.from_orig();
    const bool server = out_.from_orig() == state_.swapped;
    Cursor lines(in_.rest().first(size));
    bool first = true;
    while (lines.left() > 0 && !tls_) {
      const TextLine line = *take_line(lines, true);
      server ? reply(line, first) : command(line, first);
      first = false;
    }
    in_.skip(lines.at());
    state_.seen = true;
    if (state_.directory[0] != 0) out_.add_text(kCurrentWorkingDirectory, state_.directory, {});
    return Outcome::kDone;
  }

 private:
  [[nodiscard]] bool plausible() const {
    const Bytes start = in_.rest();
    if (start.size() < 5) return looks_like_text(start);
    const auto end = std::ranges::find_if(start, [](std::uint8_t c) { return c == ' ' || c == '\r' || c == '\n'; });
    return reply_code(start) != 0 || is_command(start.first(static_cast<std::size_t>(end - start.begin())));
  }

  // What came together is shown together; only the first line has fields, as in Wireshark.
  void command(const TextLine& line, bool first) {
    Bytes arguments = line.text;
    const Bytes word = take_word(arguments);
    if (first) {
      out_.add(kRequest, 1, {});
      out_.add(kResponse, 0, {});
      add_ascii(out_, kRequestCommand, word);
      if (!arguments.empty()) add_ascii(out_, kRequestArg, arguments);
      if (out_.wanted()) out_.info("Request: " + std::string(line.view()));
    }
    std::array<Message::Item, 2> items{{{kRequestCommand, Value::of(word)}, {kRequestArg, Value::of(arguments)}}};
    out_.message({.role = Message::Role::kRequest,
                  .name = line.view(),
                  .items = std::span<const Message::Item>(items).first(arguments.empty() ? 1 : 2)});
    understand(word, arguments, line, first);
  }

  void understand(Bytes word, Bytes arguments, const TextLine& line, bool show) {
    state_.asked = Asked::kOther;
    if (is_word(word, "PWD") || is_word(word, "XPWD")) state_.asked = Asked::kPwd;
    if (is_word(word, "CWD") || is_word(word, "XCWD")) {
      state_.asked = Asked::kCwd;
      keep_text(state_.wanted, arguments);
    }
    if (is_word(word, "AUTH") && begins_with_word(arguments, "TLS")) state_.asked = Asked::kTls;
    if (is_word(word, "AUTH") && begins_with_word(arguments, "SSL")) state_.asked = Asked::kTls;
    if (is_word(word, "PORT")) port(arguments, show);
    if (is_word(word, "EPRT")) eprt(arguments, show);
    if (transfers(word) && state_.setup_frame != 0) announce(line.text);
  }

  void port(Bytes arguments, bool show) {
    const auto found = six_numbers(arguments);
    if (!found) return;
    if (show) {
      out_.add(kActiveCip, found->where.ip.v4_value(), found->ip);
      out_.add(kActivePort, found->where.port, found->port);
      if (found->where.ip != out_.frame().src.ip && out_.frame().src.ip.is_v4()) out_.add(kActiveNat, 1, {});
    }
    set_up(found->where.port, true, ftp::Method::kPort);
  }

  void eprt(Bytes arguments, bool show) {
    const auto found = extended(arguments);
    if (!found) return;
    const auto number = port_of(found->port);
    const auto ip = IpAddress::parse(as_text(found->ip));
    if (!number || !ip) return;
    if (show) {
      out_.add(kEprtAf, ip->is_v4() ? 1 : 2, found->family);
      ip->is_v4() ? out_.add(kEprtIp, ip->v4_value(), found->ip)
                  : out_.add_text(kEprtIpv6, as_text(ip->octets()), found->ip);
      out_.add(kEprtPort, *number, found->port);
    }
    set_up(*number, true, ftp::Method::kEprt);
  }

  void reply(const TextLine& line, bool first) {
    const unsigned code = reply_code(line.text);
    const Bytes text = code == 0 ? line.text : line.text.subspan(std::min<std::size_t>(4, line.text.size()));
    if (first) {
      out_.add(kRequest, 0, {});
      out_.add(kResponse, 1, {});
      if (code != 0) out_.add(kResponseCode, code, line.text.first(3));
      if (!text.empty()) add_ascii(out_, kResponseArg, text);
      if (out_.wanted()) out_.info("Response: " + std::string(line.view()));
    }
    const bool goes_on = line.text.size() > 3 && line.text[3] == '-';
    if (code == 0) return;
    if (code == 227) pasv(text, first);
    if (code == 229) epsv(text, first);
    if (goes_on) return;
    if (code >= 200) answered(code, text);
  }

  void answered(unsigned code, Bytes text) {
    std::array<Message::Item, 2> items{
        {{kResponseCode, Value::of(std::uint64_t{code})}, {kResponseArg, Value::of(text)}}};
    const bool greeting = !state_.seen;
    out_.message({.role = greeting ? Message::Role::kEvent : Message::Role::kResponse,
                  .name = greeting ? std::string_view("greeting") : std::string_view{},
                  .summary = as_text(text),
                  .status = static_cast<int>(code),
                  .items = items});
    const Asked asked = std::exchange(state_.asked, Asked::kOther);
    if (asked == Asked::kTls && code == 234) {
      tls_ = true;
      out_.upgrade(nullptr);
    }
    if (asked == Asked::kPwd && code == 257) {
      const auto open = std::ranges::find(text, '"');
      if (open == text.end()) return;
      const Bytes rest = text.subspan(static_cast<std::size_t>(open - text.begin()) + 1);
      keep_text(state_.directory, rest.first(static_cast<std::size_t>(std::ranges::find(rest, '"') - rest.begin())));
    }
    if (asked == Asked::kCwd && code == 250) change_directory();
  }

  void change_directory() {
    const std::string_view wanted(state_.wanted, strnlen(state_.wanted, sizeof state_.wanted));
    if (wanted.starts_with('/')) return keep_text(state_.directory, as_bytes(wanted));
    const std::string_view now(state_.directory, strnlen(state_.directory, sizeof state_.directory));
    const bool slash = now.ends_with('/');
    std::array<char, sizeof state_.directory + sizeof state_.wanted + 1> joined{};
    std::size_t n = now.copy(joined.data(), now.size());
    if (!slash) joined[n++] = '/';
    n += wanted.copy(joined.data() + n, wanted.size());
    const bool known = !now.empty() && !wanted.empty() && wanted.find("..") == wanted.npos;
    keep_text(state_.directory, known ? as_bytes(std::string_view(joined.data(), n)) : Bytes{});
  }

  void pasv(Bytes text, bool show) {
    const auto digit = std::ranges::find_if(text, [](std::uint8_t c) { return c >= '0' && c <= '9'; });
    const auto found = six_numbers(text.subspan(static_cast<std::size_t>(digit - text.begin())));
    if (!found) return;
    if (show) {
      out_.add(kPassiveIp, found->where.ip.v4_value(), found->ip);
      out_.add(kPassivePort, found->where.port, found->port);
      if (found->where.ip != out_.frame().src.ip && out_.frame().src.ip.is_v4()) out_.add(kPassiveNat, 1, {});
    }
    set_up(found->where.port, false, ftp::Method::kPasv);
  }

  void epsv(Bytes text, bool show) {
    const auto open = std::ranges::find(text, '(');
    if (open == text.end()) return;
    const auto found = extended(text.subspan(static_cast<std::size_t>(open - text.begin()) + 1));
    if (!found) return;
    const auto number = port_of(found->port);
    if (!number) return;
    if (show) {
      const IpAddress& ip = out_.frame().src.ip;
      if (ip.is_v4()) out_.add(kEpsvIp, ip.v4_value(), {});
      if (ip.is_v6()) out_.add_text(kEpsvIpv6, as_text(ip.octets()), {});
      out_.add(kEpsvPort, *number, found->port);
    }
    set_up(*number, false, ftp::Method::kEpsv);
  }

  void set_up(std::uint16_t port, bool at_client, ftp::Method method) {
    state_.setup_frame = out_.packet().number;
    state_.port = port;
    state_.at_client = at_client;
    state_.method = method;
    announce({});
  }

  // The address may have been translated on the way: the packet's own counts.
  void announce(Bytes command) {
    const bool from_client = out_.from_orig() != state_.swapped;
    const Frame& frame = out_.frame();
    ExpectedFlow flow{.endpoint = {state_.at_client == from_client ? frame.src.ip : frame.dst.ip, state_.port},
                      .tcp = true,
                      .protocol = "ftp-data",
                      .state = {}};
    ftp::Transfer transfer{
        .setup_frame = state_.setup_frame, .command_frame = 0, .method = state_.method, .command = {}};
    if (!command.empty()) {
      transfer.command_frame = out_.packet().number;
      std::memcpy(transfer.command, command.data(), std::min(command.size(), sizeof transfer.command));
    }
    std::memcpy(flow.state.raw.data(), &transfer, sizeof transfer);
    out_.observer().expect(flow);
  }

  Cursor& in_;
  LayerBuilder& out_;
  State& state_;
  bool tls_ = false;
};

Outcome dissect_ftp(Cursor& in, LayerBuilder& out) { return Reader(in, out).run(); }

Likeness probe_ftp(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || !begins_printable(start)) return Likeness::kNo;
  const Bytes line = start.first(static_cast<std::size_t>(std::ranges::find(start, '\n') - start.begin()));
  if (!looks_like_text(line)) return Likeness::kNo;
  if (const unsigned code = reply_code(start); code != 0) {
    const std::string_view text = as_text(line);
    if (code == 220 && text.find("SMTP") == text.npos &&
        (text.find("FTP") != text.npos || text.find("ftp") != text.npos))
      return Likeness::kYes;
    return Likeness::kMaybe;
  }
  Bytes words = line;
  if (!words.empty() && words.back() == '\r') words = words.first(words.size() - 1);
  const Bytes word = take_word(words);
  if ((is_word(word, "PORT") && six_numbers(words)) || (is_word(word, "EPRT") && extended(words)))
    return Likeness::kYes;
  if (words.empty() && (is_word(word, "PASV") || is_word(word, "EPSV")) && line.size() < start.size())
    return Likeness::kYes;
  return hint.by_port && is_command(word) ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector ftp_dissector{.name = "ftp",
                                               .title = "File Transfer Protocol (FTP)",
                                               .column = "FTP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_ftp,
                                               .probe = &probe_ftp,
                                               .stream = true};

}  // namespace pr::dissect
