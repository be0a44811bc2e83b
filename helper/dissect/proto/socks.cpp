// SOCKS 4, 4a and 5 (RFC 1928, 1929): the negotiation in front of what the proxy carries.
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 1080}};

constexpr NamedValue kCommands[] = {
    {1, "Connect"}, {2, "Bind"}, {3, "UdpAssociate"}, {128, "Ping"}, {129, "Traceroute"},
};
constexpr NamedValue kResults[] = {
    {0, "Succeeded"},
    {1, "General SOCKS server failure"},
    {2, "Connection not allowed by ruleset"},
    {3, "Network unreachable"},
    {4, "Host unreachable"},
    {5, "Connection refused"},
    {6, "TTL expired"},
    {7, "Command not supported"},
    {8, "Address type not supported"},
    {90, "Granted"},
    {91, "Rejected or Failed"},
    {92, "Rejected because SOCKS server cannot connect to identd on the client"},
    {93, "Rejected because the client program and identd report different user-ids"},
};
constexpr NamedValue kAddressTypes[] = {
    {1, "IPv4"},
    {3, "Domain Name"},
    {4, "IPv6"},
};
constexpr NamedValue kMethodNames[] = {
    {0, "No authentication"},
    {1, "GSSAPI"},
    {2, "Username/Password"},
    {3, "Challenge-Handshake Authentication Protocol"},
    {5, "Challenge-Response Authentication Method"},
    {6, "Secure Sockets Layer"},
    {7, "NDS Authentication"},
    {8, "Multi-Authentication Framework"},
    {9, "JSON Property Block"},
    {255, "No acceptable methods"},
};

enum Field : std::uint16_t {
  kVersion,
  kCommand,
  kDst,
  kDstV6,
  kV4aDnsName,
  kDstport,
  kResult,
  kAuthMethodCount,
  kAuthMethod,
  kReserved,
  kPort,
  kAuthAcceptedMethod,
  kAuthStatus,
  kSubnegotiationVersion,
  kUsername,
  kPassword,
  kRemoteName,
  kAddressType,
};

constexpr FieldDef kFields[] = {
    {"socks.version", "Version", FieldType::kUint},
    {"socks.command", "Command", FieldType::kUint, Show::kDec, 0, kCommands},
    {"socks.dst", "Remote Address", FieldType::kIpv4},
    {"socks.dstV6", "Remote Address(ipv6)", FieldType::kIpv6},
    {"socks.v4a_dns_name", "SOCKS v4a Remote Domain Name", FieldType::kText},
    {"socks.dstport", "Remote Port", FieldType::kUint},
    {"socks.results", "Results(V4)", FieldType::kUint, Show::kDec, 0, kResults},
    {"socks.auth_method_count", "Authentication Method Count", FieldType::kUint},
    {"socks.auth_method", "Method", FieldType::kUint, Show::kDec, 0, kMethodNames},
    {"socks.reserved", "Reserved", FieldType::kUint},
    {"socks.port", "Port", FieldType::kUint},
    {"socks.auth_accepted_method", "Accepted Auth Method", FieldType::kUint, Show::kDec, 0, kMethodNames},
    {"socks.auth_status", "Status", FieldType::kUint},
    {"socks.subnegotiation_version", "Subnegotiation Version", FieldType::kUint},
    {"socks.username", "User name", FieldType::kText},
    {"socks.password", "Password", FieldType::kText},
    {"socks.remote_name", "Remote name", FieldType::kText},
    {"socks.address_type", "Address Type", FieldType::kUint, Show::kDec, 0, kAddressTypes},
};

enum class Step : std::uint8_t { kGreeting, kSignIn, kRequest, kReply, kOver };

struct State {
  std::uint8_t version;  // 0: nothing was seen
  std::uint8_t command;
  Step step;
};

constexpr std::size_t kMaxName = 255;

enum AddressType : std::uint8_t { kV4 = 1, kName = 3, kV6 = 4 };

class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out) : in_(in), out_(out), state_(out.state<State>()) {}

  Outcome run() {
    const Outcome outcome = out_.from_orig() ? client() : server();
    if (outcome == Outcome::kDone && !in_.ok()) {  // not all there
      if (in_.all().size() > 4 * kMaxName || out_.at_end()) return Outcome::kMalformed;
      out_.need(0);
      return Outcome::kNeedMore;
    }
    if (outcome == Outcome::kDone) state_ = next_;
    if (outcome == Outcome::kDone && tunnel_) out_.upgrade(nullptr);
    return outcome;
  }

 private:
  Outcome client() {
    next_ = state_;
    if (state_.version == 0) {
      const std::uint8_t version = in_.peek(1)[0];
      if (version != 4 && version != 5) return Outcome::kNotMine;
      next_.version = version;
      return version == 4 ? request4() : greeting();
    }
    if (state_.version != 5) return Outcome::kNotMine;
    if (state_.step == Step::kSignIn) return sign_in();
    if (state_.step == Step::kRequest) return request5();
    return Outcome::kNotMine;
  }

  Outcome server() {
    next_ = state_;
    if (state_.version == 4) return reply4();
    if (state_.version != 5) return Outcome::kNotMine;
    switch (state_.step) {
      case Step::kGreeting: return chosen();
      case Step::kSignIn: return signed_in();
      case Step::kReply: return reply5();
      default: return Outcome::kNotMine;
    }
  }

  Bytes take_string() {
    const Bytes rest = in_.peek(kMaxName + 1);
    const auto end = std::ranges::find(rest, 0);
    const Bytes text = in_.take(static_cast<std::size_t>(end - rest.begin()));
    in_.skip(1);
    return text;
  }

  void info(const std::string& text) {
    if (out_.wanted()) out_.info("Version: " + std::to_string(next_.version) + " " + text);
  }

  static std::string name_of(std::uint8_t command) {
    for (const NamedValue& named : kCommands) {
      if (named.value == command) return named.name;
    }
    return "Unknown";
  }

  // ---- Version 4 ----
  Outcome request4() {
    out_.u8(in_, kVersion);
    next_.command = out_.u8(in_, kCommand);
    out_.u16(in_, kDstport);
    const std::uint32_t address = out_.ipv4(in_, kDst);
    const Bytes user = take_string();
    if (in_.ok()) out_.add(kUsername, user, user);
    if ((address >> 8U) == 0 && address != 0) {  // 4a: the proxy is to look the name up
      const Bytes name = take_string();
      if (in_.ok()) out_.add(kV4aDnsName, name, name);
      tell(name, 0);
    } else {
      tell({}, address);
    }
    next_.step = Step::kReply;
    info(name_of(next_.command) + " to server request");
    return Outcome::kDone;
  }

  Outcome reply4() {
    if (state_.step != Step::kReply) return Outcome::kNotMine;
    out_.u8(in_, kVersion);
    const std::uint8_t result = out_.u8(in_, kResult);
    out_.u16(in_, kDstport);
    out_.ipv4(in_, kDst);
    if (!in_.ok()) return Outcome::kDone;
    if (out_.wanted()) out_.info("Version: 4 " + name_of(state_.command) + " Response");
    constexpr std::uint8_t kGranted = 90;
    finish(result, result == kGranted);
    return Outcome::kDone;
  }

  // ---- Version 5 ----
  Outcome greeting() {
    out_.u8(in_, kVersion);
    const std::uint8_t count = out_.u8(in_, kAuthMethodCount);
    for (unsigned i = 0; i < count; ++i) out_.u8(in_, kAuthMethod);
    info("Connect to server request");
    return Outcome::kDone;
  }

  Outcome chosen() {
    out_.u8(in_, kVersion);
    const std::uint8_t method = out_.u8(in_, kAuthAcceptedMethod);
    constexpr std::uint8_t kPassword = 2;
    next_.step = method == 0 ? Step::kRequest : method == kPassword ? Step::kSignIn : Step::kOver;
    info("Connect to server response");
    return Outcome::kDone;
  }

  Outcome sign_in() {
    out_.add(kVersion, 5, {});
    out_.u8(in_, kSubnegotiationVersion);
    out_.bytes(in_, kUsername, in_.u8());
    out_.bytes(in_, kPassword, in_.u8());
    info("User Authentication Request");
    return Outcome::kDone;
  }

  Outcome signed_in() {
    out_.add(kVersion, 5, {});
    out_.u8(in_, kSubnegotiationVersion);
    const std::uint8_t status = out_.u8(in_, kAuthStatus);
    next_.step = status == 0 ? Step::kRequest : Step::kOver;
    info("User Authentication reply");
    return Outcome::kDone;
  }

  Outcome request5() {
    out_.u8(in_, kVersion);
    next_.command = out_.u8(in_, kCommand);
    out_.u8(in_, kReserved);
    address();
    next_.step = Step::kReply;
    info("Command Request - " + name_of(next_.command));
    if (in_.ok()) tell(name_, v4_);
    return Outcome::kDone;
  }

  Outcome reply5() {
    out_.u8(in_, kVersion);
    const std::uint8_t result = out_.u8(in_, kResult);
    out_.u8(in_, kReserved);
    address();
    if (!in_.ok()) return Outcome::kDone;
    info("Command Response - " + name_of(state_.command));
    finish(result, result == 0);
    return Outcome::kDone;
  }

  void address() {
    switch (out_.u8(in_, kAddressType)) {
      case kV4: v4_ = out_.ipv4(in_, kDst); break;
      case kName: name_ = out_.bytes(in_, kRemoteName, in_.u8()); break;
      case kV6: out_.bytes(in_, kDstV6, 16); break;
      default: in_.fail(); return;
    }
    out_.u16(in_, kPort);
  }

  // ---- Both ----
  void tell(Bytes name, std::uint32_t address) {
    if (!in_.ok()) return;
    const std::string where = name.empty() && address != 0 ? IpAddress::v4(address).text() : std::string(as_text(name));
    const Message::Item items[] = {{kCommand, Value::of(std::uint64_t{next_.command})}};
    out_.message({.role = Message::Role::kRequest, .name = where, .summary = name_of(next_.command), .items = items});
  }

  void finish(std::uint8_t result, bool granted) {
    constexpr std::uint8_t kConnect = 1;
    next_.step = Step::kOver;
    tunnel_ = granted && state_.command == kConnect;
    const Message::Item items[] = {{kResult, Value::of(std::uint64_t{result})}};
    out_.message({.role = Message::Role::kResponse, .status = granted ? 0 : result, .items = items});
  }

  Cursor& in_;
  LayerBuilder& out_;
  State& state_;
  State next_{};
  Bytes name_;
  std::uint32_t v4_ = 0;
  bool tunnel_ = false;
};

Outcome dissect_socks(Cursor& in, LayerBuilder& out) {
  if (in.left() == 0) return Outcome::kNotMine;
  return Reader(in, out).run();
}

// A whole request of version 4, or a whole greeting of version 5.
Likeness probe_socks(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || !hint.from_orig || start.size() < 3) return Likeness::kNo;
  if (start[0] == 5) {
    const std::size_t methods = start[1];
    if (methods == 0 || methods > 10 || start.size() != 2 + methods) return Likeness::kNo;
    const bool known =
        std::ranges::all_of(start.subspan(2), [](std::uint8_t m) { return m <= 9 || (m >= 0x80 && m != 0xff); });
    return known ? Likeness::kYes : Likeness::kNo;
  }
  if (start[0] != 4 || (start[1] != 1 && start[1] != 2) || start.size() < 9 || start.back() != 0) return Likeness::kNo;
  const bool port = start[2] != 0 || start[3] != 0;
  const bool named = start[4] == 0 && start[5] == 0 && start[6] == 0 && start[7] != 0;
  if (!port || (start[4] == 0 && !named)) return Likeness::kNo;
  Bytes rest = start.subspan(8);
  for (int strings = named ? 2 : 1; strings > 0; --strings) {
    const auto end = std::ranges::find(rest, 0);
    if (end == rest.end()) return Likeness::kNo;
    const auto n = static_cast<std::size_t>(end - rest.begin());
    if (n > kMaxName || !looks_like_text(rest.first(n))) return Likeness::kNo;
    rest = rest.subspan(n + 1);
  }
  return rest.empty() ? Likeness::kYes : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector socks_dissector{.name = "socks",
                                                 .title = "Socks Protocol",
                                                 .column = "Socks",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_socks,
                                                 .probe = &probe_socks,
                                                 .stream = true};

}  // namespace pr::dissect
