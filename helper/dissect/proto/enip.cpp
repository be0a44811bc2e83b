// EtherNet/IP encapsulation (CIP volume 2): commands with a header of 24 octets, and the items of the common packet
// format, one of which may hold CIP.
#include <iterator>
#include <string>

#include "helper/dissect/dissector.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kCommands[] = {{0x0000, "NOP"},
                                    {0x0004, "List Services"},
                                    {0x0063, "List Identity"},
                                    {0x0064, "List Interfaces"},
                                    {0x0065, "Register Session"},
                                    {0x0066, "Unregister Session"},
                                    {0x006f, "Send RR Data"},
                                    {0x0070, "Send Unit Data"},
                                    {0x0072, "Indicate Status"},
                                    {0x0073, "Cancel"}};
constexpr NamedValue kStatuses[] = {{0x0000, "Success"},
                                    {0x0001, "Invalid Command"},
                                    {0x0002, "No Memory Resources"},
                                    {0x0003, "Incorrect Data"},
                                    {0x0064, "Invalid Session Handle"},
                                    {0x0065, "Invalid Length"},
                                    {0x0069, "Unsupported Protocol Revision"}};
constexpr NamedValue kInterfaces[] = {{0, "CIP"}};
constexpr NamedValue kItems[] = {
    {0x0000, "Null Address Item"},        {0x000c, "List Identity Response"},   {0x00a1, "Connected Address Item"},
    {0x00b1, "Connected Data Item"},      {0x00b2, "Unconnected Data Item"},    {0x0100, "List Services Response"},
    {0x8000, "Socket Address Info O->T"}, {0x8001, "Socket Address Info T->O"}, {0x8002, "Sequenced Address Item"}};

enum : std::size_t {
  kCommand,
  kLength,
  kSession,
  kStatus,
  kContext,
  kOptions,
  kResponseTo,
  kTime,
  kSrrdIface,
  kSudIface,
  kTimeout,
  kCpfItemcount,
  kCpfTypeid,
  kCpfLength,
  kCpfCaiConnid,
  kEncapver,
  kSinfamily,
  kSinport,
  kSinaddr,
  kSinzero,
  kLirVendor,
  kLirDevtype,
  kLirProdcode,
  kLirStatus,
  kLirSerial,
  kLirName,
  kLirState,
  kRsVersion,
  kRsFlags
};

constexpr FieldDef kFields[] = {
    {"enip.command", "Command", FieldType::kUint, Show::kHex, 16, kCommands},
    {"enip.length", "Length", FieldType::kUint},
    {"enip.session", "Session Handle", FieldType::kUint, Show::kHex, 32},
    {"enip.status", "Status", FieldType::kUint, Show::kHex, 32, kStatuses},
    {"enip.context", "Sender Context", FieldType::kBytes},
    {"enip.options", "Options", FieldType::kUint, Show::kHex, 32},
    {"enip.response_to", "Request In", FieldType::kUint},
    {"enip.time", "Time", FieldType::kDuration},
    {"enip.srrd.iface", "Interface Handle", FieldType::kUint, Show::kHex, 32, kInterfaces},
    {"enip.sud.iface", "Interface Handle", FieldType::kUint, Show::kHex, 32, kInterfaces},
    {"enip.timeout", "Timeout", FieldType::kUint},
    {"enip.cpf.itemcount", "Item Count", FieldType::kUint},
    {"enip.cpf.typeid", "Type ID", FieldType::kUint, Show::kHex, 16, kItems},
    {"enip.cpf.length", "Length", FieldType::kUint},
    {"enip.cpf.cai.connid", "Connection ID", FieldType::kUint, Show::kHex, 32},
    {"enip.encapver", "Encapsulation Protocol Version", FieldType::kUint},
    {"enip.sinfamily", "sin_family", FieldType::kUint},
    {"enip.sinport", "sin_port", FieldType::kUint},
    {"enip.sinaddr", "sin_addr", FieldType::kIpv4},
    {"enip.sinzero", "sin_zero", FieldType::kBytes},
    {"enip.lir.vendor", "Vendor ID", FieldType::kUint, Show::kHex, 16},
    {"enip.lir.devtype", "Device Type", FieldType::kUint},
    {"enip.lir.prodcode", "Product Code", FieldType::kUint},
    {"enip.lir.status", "Status", FieldType::kUint, Show::kHex, 16},
    {"enip.lir.serial", "Serial Number", FieldType::kUint, Show::kHex, 32},
    {"enip.lir.name", "Product Name", FieldType::kText},
    {"enip.lir.state", "State", FieldType::kUint, Show::kHex, 8},
    {"enip.rs.version", "Protocol Version", FieldType::kUint},
    {"enip.rs.flags", "Option Flags", FieldType::kUint, Show::kHex, 16},
};

constexpr Bind kBinds[] = {{"tcp.port", 44818}, {"udp.port", 44818}};
constexpr std::size_t kHead = 24;
constexpr std::uint16_t kListIdentity = 0x63, kRegister = 0x65, kRrData = 0x6f, kUnitData = 0x70;

bool known(std::uint16_t command) { return !value_name(kCommands, command).empty(); }

void identity(Cursor in, LayerBuilder& out) {
  out.u16le(in, kEncapver);
  out.u16(in, kSinfamily);
  out.u16(in, kSinport);
  out.ipv4(in, kSinaddr);
  out.bytes(in, kSinzero, 8);
  out.u16le(in, kLirVendor);
  out.u16le(in, kLirDevtype);
  out.u16le(in, kLirProdcode);
  in.skip(2);
  out.u16le(in, kLirStatus);
  out.u32le(in, kLirSerial);
  const std::uint8_t size = in.u8();
  out.bytes(in, kLirName, size);
  out.u8(in, kLirState);
}

// How many words the paths of the last requests had: responses do not repeat them, and are shown with them.
struct Conversation {
  struct Asked {
    std::uint16_t key;
    std::uint8_t words, set;
  };
  Asked asked[15];
  std::uint32_t next;
};

// Of connected messages the sequence count tells which request a response answers, of others the sender's context.
struct Exchange {
  bool request;
  std::uint16_t key;
};

std::uint64_t path_words(Conversation& talk, const Exchange& exchange, Bytes message) {
  if (exchange.request) {
    talk.next %= std::size(talk.asked);
    if (message.size() >= 2) talk.asked[talk.next++] = {exchange.key, message[1], 1};
    return 0;
  }
  for (std::size_t i = 1; i <= std::size(talk.asked); ++i) {
    const auto& asked = talk.asked[(talk.next + 2 * std::size(talk.asked) - i) % std::size(talk.asked)];
    if (asked.set != 0 && asked.key == exchange.key) return asked.words;
  }
  return 0;
}

void items(Cursor& in, LayerBuilder& out, Exchange exchange) {
  const std::uint16_t count = out.u16le(in, kCpfItemcount);
  bool connected = false;
  for (unsigned i = 0; i < count && in.left() >= 4; ++i) {
    const std::uint16_t type = out.u16le(in, kCpfTypeid);
    const LayerBuilder::Subtree deeper(out);
    const std::uint16_t size = out.u16le(in, kCpfLength);
    Cursor part = in.sub(size);
    if (type == 0xa1) {
      connected = true;
      out.u32le(part, kCpfCaiConnid);
    } else if (type == 0x0c) {
      if (out.wanted()) identity(part, out);
    } else if ((type == 0xb1 || type == 0xb2) && part.left() > 0) {
      Cursor message = part;
      if (connected) exchange.key = message.u16le();
      const std::uint64_t words = path_words(out.state<Conversation>(), exchange, message.rest());
      out.pass((connected ? 1 : 0) | words << 1U);  // see cip.cpp
      out.next("cip", part);
    }
  }
}

Outcome dissect_enip(Cursor& in, LayerBuilder& out) {
  Cursor look(in.peek(kHead));
  const std::uint16_t command = look.u16le();
  const std::size_t length = look.u16le();
  if (look.ok() && !known(command)) return Outcome::kNotMine;
  if (in.left() < kHead || in.left() < kHead + length) {
    if (out.at_end()) return in.left() < kHead ? Outcome::kNotMine : Outcome::kTruncated;
    out.need(in.left() < kHead ? kHead : kHead + length);
    return Outcome::kNeedMore;
  }
  const Bytes context = in.peek(20).subspan(12);
  out.u16le(in, kCommand);
  out.u16le(in, kLength);
  const std::uint32_t session = out.u32le(in, kSession);
  const std::uint32_t status = out.u32le(in, kStatus);
  out.bytes(in, kContext, 8);
  out.u32le(in, kOptions);
  const bool request = out.from_orig();
  const std::string_view name = value_name(kCommands, command);
  const Message::Item told[] = {{static_cast<std::uint16_t>(kCommand), Value::of(std::uint64_t{command})}};
  std::uint64_t id = Cursor(context).u64le() ^ std::uint64_t{command} << 48U;
  if (command == kUnitData) {  // interface, timeout, count, two items: the sequence count stands behind their heads
    Cursor sequence(in.peek(22));
    sequence.skip(20);
    id = 1ULL << 40U | std::uint64_t{sequence.u16le()} << 1U;
  }
  if (command != 0) {
    out.message({.role = request ? Message::Role::kRequest : Message::Role::kResponse,
                 .id = id | 1U,
                 .name = name,
                 .status = request ? -1 : std::int64_t{status},
                 .items = told});
  }
  const PacketFacts* facts = out.facts();
  if (!request && facts != nullptr && facts->request_frame != 0) {
    out.add(kResponseTo, facts->request_frame, {});
    out.add(kTime, static_cast<std::uint64_t>(to_ns(out.packet().ts) - to_ns(facts->request_ts)), {});
  }
  if (out.wanted()) {
    out.info(std::string(name) + (request ? " (Req)" : " (Rsp)") + ", Session: ");
    std::string hex;
    append_value_text(hex, ValueFormat::of(kFields[kSession]), Value::of(std::uint64_t{session}));
    for (std::size_t i = 2; i < hex.size(); ++i)
      hex[i] = static_cast<char>(hex[i] >= 'a' ? hex[i] - 'a' + 'A' : hex[i]);
    out.append_info(hex);
  }
  Cursor body(in.peek(length));
  in.skip(length);
  if (command == kRegister) {
    out.u16le(body, kRsVersion);
    out.u16le(body, kRsFlags);
  } else if (command == kRrData || command == kUnitData) {
    out.u32le(body, command == kRrData ? kSrrdIface : kSudIface);
    out.u16le(body, kTimeout);
    items(body, out, {request, Cursor(context).u16le()});
  } else if (command == kListIdentity && body.left() > 0) {
    items(body, out, {request, 0});
  }
  return Outcome::kDone;
}

Likeness probe_enip(Bytes start, const ProbeHint& hint) {
  Cursor in(start);
  const std::uint16_t command = in.u16le();
  const std::size_t length = in.u16le();
  const std::uint32_t session = in.u32le(), status = in.u32le();
  in.skip(8);
  const std::uint32_t options = in.u32le();
  if (!in.ok() || !known(command) || options != 0) return Likeness::kNo;
  if (in.left() != length || (hint.from_orig && status != 0)) return Likeness::kMaybe;
  // Registration and data have a form of their own; a mere list of zeros has not.
  const Bytes body = in.rest();
  if (command == kRegister && length == 4 && body[0] == 1 && body[1] == 0 && body[2] == 0 && body[3] == 0)
    return Likeness::kYes;
  if ((command == kRrData || command == kUnitData) && length >= 16 && session != 0) {
    const bool cip = body[0] == 0 && body[1] == 0 && body[2] == 0 && body[3] == 0;
    return cip && body[6] >= 1 && body[6] <= 4 && body[7] == 0 ? Likeness::kYes : Likeness::kMaybe;
  }
  return Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector enip_dissector{.name = "enip",
                                                .title = "EtherNet/IP (Industrial Protocol)",
                                                .column = "ENIP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_enip,
                                                .probe = &probe_enip,
                                                .stream = true,
                                                .datagram = true};

}  // namespace pr::dissect
