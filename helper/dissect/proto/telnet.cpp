// Telnet (RFC 854): what is typed and shown, commands, options and their negotiation.
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 23}, {"tcp.port", 2323}};

constexpr NamedValue kCommands[] = {
    {236, "End of File"},
    {237, "Suspend Current Process"},
    {238, "Abort Process"},
    {239, "End of Record"},
    {240, "Suboption End"},
    {241, "No Operation"},
    {242, "Data Mark"},
    {243, "Break"},
    {244, "Interrupt Process"},
    {245, "Abort Output"},
    {246, "Are You There?"},
    {247, "Escape Character"},
    {248, "Erase Line"},
    {249, "Go Ahead"},
    {250, "Suboption"},
    {251, "Will"},
    {252, "Won't"},
    {253, "Do"},
    {254, "Don't"},
};
constexpr NamedValue kFlowControl[] = {
    {0, "OFF"},
    {1, "ON"},
    {2, "RESTART-ANY"},
    {3, "RESTART-XON"},
};

enum Field : std::uint16_t {
  kCmd,
  kSubcmd,
  kData,
  kOptionData,
  kStringSuboptValue,
  kNawsSuboptWidth,
  kNawsSuboptHeight,
  kRfcSuboptCmd,
};

constexpr FieldDef kFields[] = {
    {"telnet.cmd", "Command", FieldType::kUint, Show::kDec, 0, kCommands},
    {"telnet.subcmd", "Subcommand", FieldType::kUint},
    {"telnet.data", "Data", FieldType::kText},
    {"telnet.option_data", "Option data", FieldType::kBytes},
    {"telnet.string_subopt.value", "Value", FieldType::kText},
    {"telnet.naws_subopt.width", "Width", FieldType::kUint},
    {"telnet.naws_subopt.height", "Height", FieldType::kUint},
    {"telnet.rfc_subopt.cmd", "Command", FieldType::kUint, Show::kDec, 0, kFlowControl},
};

enum Byte : std::uint8_t { kIac = 255, kDont = 254, kDo = 253, kWont = 252, kWill = 251, kSb = 250, kSe = 240 };
enum Option : std::uint8_t { kTerminalType = 24, kNaws = 31, kRemoteFlow = 33, kXDisplay = 35, kStartTls = 46 };

constexpr std::size_t kMaxOption = 4096;  // octets of a subnegotiation

struct State {
  bool seen;
  std::uint8_t tls;  // who said that TLS follows: 1 the originator, 2 the responder
};

// Octets of the command at the start of `bytes` (an IAC); 0: not all there.
std::size_t command_length(Bytes bytes) {
  if (bytes.size() < 2) return 0;
  if (bytes[1] < kSb || bytes[1] == kIac) return 2;
  if (bytes.size() < 3) return 0;
  if (bytes[1] != kSb) return 3;
  for (std::size_t i = 3; i + 1 < bytes.size(); ++i) {
    if (bytes[i] != kIac) continue;
    if (bytes[i + 1] == kSe) return i + 2;
    ++i;  // IAC IAC is data
  }
  return bytes.size() > kMaxOption ? bytes.size() : 0;
}

void subnegotiation(std::uint8_t option, Bytes data, LayerBuilder& out) {
  Cursor in(data);
  switch (option) {
    case kTerminalType:
    case kXDisplay:
      if (out.u8(in, kSubcmd) == 0 && in.left() > 0) out.bytes(in, kStringSuboptValue, in.left());
      return;
    case kNaws:
      if (data.size() != 4) break;
      out.u16(in, kNawsSuboptWidth);
      out.u16(in, kNawsSuboptHeight);
      return;
    case kRemoteFlow: out.u8(in, kRfcSuboptCmd); return;
    default: break;
  }
  if (!data.empty()) out.add(kOptionData, data, data);
}

void command(Bytes bytes, LayerBuilder& out) {
  out.add(kCmd, bytes[1], bytes.subspan(1, 1));
  if (bytes.size() < 3) return;
  const LayerBuilder::Subtree tree(out);
  out.add(kSubcmd, bytes[2], bytes.subspan(2, 1));
  if (bytes[1] != kSb) return;
  const bool ended = bytes.size() >= 5 && bytes[bytes.size() - 2] == kIac && bytes.back() == kSe;
  subnegotiation(bytes[2], bytes.subspan(3, bytes.size() - 3 - (ended ? 2 : 0)), out);
  if (ended) out.add(kCmd, std::uint64_t{kSe}, bytes.last(1));
}

void lines(Bytes data, LayerBuilder& out) {
  Cursor in(data);
  while (const auto line = take_line(in, true)) add_ascii(out, kData, line->whole);
}

// TLS begins when both sides have said so.
void watch_tls(Bytes bytes, State& state, LayerBuilder& out) {
  if (bytes.size() < 4 || bytes[1] != kSb || bytes[2] != kStartTls || bytes[3] != 1) return;
  state.tls |= out.from_orig() ? 1U : 2U;
  if (state.tls == 3) out.upgrade(nullptr);
}

Outcome dissect_telnet(Cursor& in, LayerBuilder& out) {
  auto& state = out.state<State>();
  const std::size_t start = in.at();
  while (in.left() > 0 && state.tls != 3) {
    const Bytes rest = in.rest();
    const void* found = std::memchr(rest.data(), kIac, rest.size());
    const std::size_t text = found == nullptr
                                 ? rest.size()
                                 : static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - rest.data());
    if (text > 0) {
      if (out.wanted()) lines(rest.first(text), out);
      in.skip(text);
      continue;
    }
    std::size_t length = command_length(rest);
    if (length == 0 && out.at_end()) length = rest.size();
    if (length == 0) {
      if (in.at() > start) break;  // what came before it
      out.need(0);
      return Outcome::kNeedMore;
    }
    if (out.wanted() && length > 1) command(rest.first(length), out);
    watch_tls(rest.first(length), state, out);
    in.skip(length);
  }
  state.seen = true;
  if (out.wanted()) out.info("Telnet Data ...");
  return Outcome::kDone;
}

bool negotiates(Bytes bytes) {
  constexpr std::uint8_t kLastOption = 49;
  return bytes.size() >= 3 && bytes[0] == kIac && bytes[1] >= kSb && bytes[1] <= kDont &&
         (bytes[2] <= kLastOption || (bytes[2] >= 138 && bytes[2] <= 140));
}

Likeness probe_telnet(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || start.empty()) return Likeness::kNo;
  if (negotiates(start)) {
    const bool further = start.size() == 3 || negotiates(start.subspan(3));
    return start[1] != kSb && further ? Likeness::kYes : Likeness::kMaybe;
  }
  if (start[0] == kIac) return Likeness::kNo;
  return looks_like_text(start.first(std::min<std::size_t>(start.size(), 16))) ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector telnet_dissector{.name = "telnet",
                                                  .title = "Telnet",
                                                  .column = "TELNET",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .dissect = &dissect_telnet,
                                                  .probe = &probe_telnet,
                                                  .stream = true};

}  // namespace pr::dissect
