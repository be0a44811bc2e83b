// Google's QUIC before the IETF's (Q009 to Q046): headers, and the hellos of its own handshake, which are sent in
// clear.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t {
  kPublicFlags,
  kFlagVersion,
  kFlagReset,
  kFlagNonce,
  kFlagCid,
  kFlagCidOld,
  kFlagPkn,
  kFlagMultipath,
  kFlagReserved,
  kHeaderForm,
  kFixedBit,
  kLongPacketType,
  kLongReserved,
  kPacketNumberLength,
  kDcil,
  kScil,
  kCid,
  kVersion,
  kNonce,
  kPacketNumber,
  kHash,
  kFrame,
  kFrameType,
  kFrameStream,
  kFrameFin,
  kFrameDataLength,
  kFrameOffset,
  kFrameStreamLength,
  kStreamId,
  kOffset,
  kDataLength,
  kTag,
  kTagNumber,
  kPadding,
  kTags,
  kTagType,
  kTagEnd,
  kTagLength,
  kTagValue,
  kTagSni,
  kTagUaid,
  kTagVersion,
  kTagPdmd,
  kPayload,
  kFieldCount
};
constexpr NamedValue kForms[] = {{0, "Short Header"}, {1, "Long Header"}};
constexpr NamedValue kTypes[] = {{0, "Initial"}, {1, "0-RTT Protected"}, {2, "Handshake"}, {3, "Retry"}};
constexpr FieldDef kFields[] = {
    {"gquic.puflags", "Public Flags", FieldType::kUint, Show::kHex, 8},
    {"gquic.puflags.version", "Version", FieldType::kBool},
    {"gquic.puflags.reset", "Reset", FieldType::kBool},
    {"gquic.puflags.nonce", "Diversification nonce", FieldType::kBool},
    {"gquic.puflags.cid", "CID Length", FieldType::kBool},
    {"gquic.puflags.cid.old", "CID Length", FieldType::kUint, Show::kHex, 8},
    {"gquic.puflags.pkn", "Packet Number Length", FieldType::kUint, Show::kHex, 8},
    {"gquic.puflags.mpth", "Multipath", FieldType::kBool},
    {"gquic.puflags.rsv", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"gquic.header_form", "Header Form", FieldType::kUint, Show::kDec, 0, kForms},
    {"gquic.fixed_bit", "Fixed Bit", FieldType::kBool},
    {"gquic.long.packet_type", "Packet Type", FieldType::kUint, Show::kDec, 0, kTypes},
    {"gquic.long.reserved", "Reserved", FieldType::kUint},
    {"gquic.packet_number_length", "Packet Number Length", FieldType::kUint},
    {"gquic.dcil", "Destination Connection ID Length", FieldType::kUint},
    {"gquic.scil", "Source Connection ID Length", FieldType::kUint},
    {"gquic.cid", "CID", FieldType::kUint},
    {"gquic.version", "Version", FieldType::kText},
    {"gquic.diversification_nonce", "Diversification nonce", FieldType::kBytes},
    {"gquic.packet_number", "Packet Number", FieldType::kUint},
    {"gquic.message_authentication_hash", "Message Authentication Hash", FieldType::kBytes},
    {"gquic.frame", "Frame", FieldType::kNone},
    {"gquic.frame_type", "Frame Type", FieldType::kUint, Show::kHex, 8},
    {"gquic.frame_type.stream", "Stream", FieldType::kBool},
    {"gquic.frame_type.stream.f", "FIN", FieldType::kBool},
    {"gquic.frame_type.stream.d", "Data Length", FieldType::kBool},
    {"gquic.frame_type.stream.ooo", "Offset Length", FieldType::kUint},
    {"gquic.frame_type.stream.ss", "Stream Length", FieldType::kUint},
    {"gquic.stream_id", "Stream ID", FieldType::kUint},
    {"gquic.offset", "Offset", FieldType::kUint},
    {"gquic.data_len", "Data Length", FieldType::kUint},
    {"gquic.tag", "Tag", FieldType::kText},
    {"gquic.tag_number", "Tag Number", FieldType::kUint},
    {"gquic.padding", "Padding", FieldType::kBytes},
    {"gquic.tags", "Tag/value", FieldType::kNone},
    {"gquic.tag_type", "Tag Type", FieldType::kText},
    {"gquic.tag_offset_end", "Tag offset end", FieldType::kUint},
    {"gquic.tag_offset_length", "Tag length", FieldType::kUint},
    {"gquic.tag_value", "Tag/value", FieldType::kBytes},
    {"gquic.tag.sni", "Server Name Indication", FieldType::kText},
    {"gquic.tag.uaid", "Client's User Agent ID", FieldType::kText},
    {"gquic.tag.version", "Version", FieldType::kText},
    {"gquic.tag.pdmd", "Proof demand", FieldType::kText},
    {"gquic.payload", "Payload", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 443}, {"udp.port", 80}};

constexpr std::size_t kCidSize = 8, kHashSize = 12, kNonceSize = 32, kVersionSize = 4;
constexpr unsigned kBigEndianSince = 39, kLongHeaderSince = 46;
constexpr std::uint8_t kHasVersion = 0x01, kIsReset = 0x02, kHasNonce = 0x04, kHasCid = 0x08, kLongForm = 0x80;
constexpr std::size_t kMaxTags = 128;

struct State {
  std::uint16_t version = 0;  // 43 of Q043; 0: not seen
};

// 43 of "Q043"; 0: no such version.
unsigned version_of(Bytes text) {
  if (text.size() != kVersionSize || text[0] != 'Q') return 0;
  unsigned number = 0;
  for (const std::uint8_t digit : text.subspan(1)) {
    if (digit < '0' || digit > '9') return 0;
    number = number * 10 + digit - '0';
  }
  return number <= 48 ? number : 0;
}

std::string tag_name(Bytes tag) {
  std::string name(as_text(tag));
  while (!name.empty() && name.back() == '\0') name.pop_back();
  return name;
}

struct Reader {
  LayerBuilder& out;
  unsigned version = 0;
  std::string info{};

  std::uint64_t number(Cursor& in, Field f, std::size_t size) const;
  void packet_number(Cursor& in, std::size_t size);
  void stream(Cursor& in);
  void hello(Cursor& in);
  void tag(Bytes type, std::uint32_t end, std::uint32_t start, Bytes value);
};

// Numbers changed their order with Q039.
std::uint64_t Reader::number(Cursor& in, Field f, std::size_t size) const {
  const Bytes where = in.take(size);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < where.size(); ++i) {
    value = value << 8U | where[version < kBigEndianSince ? where.size() - 1 - i : i];
  }
  if (in.ok() && size > 0) out.add(f, value, where);
  return value;
}

void Reader::packet_number(Cursor& in, std::size_t size) {
  const std::uint64_t value = number(in, kPacketNumber, size);
  if (out.wanted()) info += "PKN: " + std::to_string(value);
}

void Reader::tag(Bytes type, std::uint32_t end, std::uint32_t start, Bytes value) {
  out.mark(kTags, type);
  const LayerBuilder::Subtree below(out);
  const std::string name = tag_name(type);
  out.add_text(kTagType, name, type);
  out.add(kTagEnd, end, type);
  out.add(kTagLength, end - start, type.first(0));
  out.add(kTagValue, value, value);
  if (name == "SNI") out.add(kTagSni, value, value);
  if (name == "UAID") out.add(kTagUaid, value, value);
  if (name == "VER") out.add(kTagVersion, value, value);
  if (name == "PDMD") out.add(kTagPdmd, value, value);
}

// A handshake message: a name, and values of which a table says the ends.
void Reader::hello(Cursor& in) {
  const Bytes name = out.bytes(in, kTag, 4);
  const std::uint16_t tags = out.u16le(in, kTagNumber);
  out.bytes(in, kPadding, 2);
  if (tags > kMaxTags) return in.fail();
  Cursor table = in.sub(tags * std::size_t{8});
  const Bytes values = in.rest();
  std::uint32_t start = 0;
  std::string_view sni;
  while (table.left() >= 8) {
    const Bytes type = table.take(4);
    const std::uint32_t end = table.u32le();
    if (end < start) break;
    const std::size_t from = std::min<std::size_t>(start, values.size());
    const Bytes value = values.subspan(from, std::min<std::size_t>(end - start, values.size() - from));
    if (out.wanted()) tag(type, end, start, value);
    if (tag_name(type) == "SNI" && value.size() == end - start) sni = as_text(value);
    start = end;
  }
  const std::string_view kind = as_text(name);
  if (kind == "CHLO") {
    out.observer().server_name(sni);
    out.message({.role = Message::Role::kRequest, .name = sni, .summary = "Client Hello"});
    info = "Client Hello, " + info;
  } else if (kind.starts_with("REJ") || kind == "SREJ") {
    out.message({.role = Message::Role::kResponse, .summary = "Rejection"});
    info = "Rejection, " + info;
  } else if (kind == "SHLO") {
    out.message({.role = Message::Role::kResponse, .summary = "Server Hello"});
    info = "Server Hello, " + info;
  }
  in.skip(in.left());
}

bool is_hello(Bytes message) {
  const std::string_view name = as_text(message.first(std::min<std::size_t>(4, message.size())));
  return name == "CHLO" || name == "SHLO" || name == std::string_view("REJ\0", 4) || name == "SREJ";
}

// A STREAM frame with a message of the handshake in it.
bool hello_ahead(Cursor in) {
  const std::uint8_t type = in.u8();
  const unsigned code = type >> 2U & 7U;
  in.skip((type & 3U) + 1U + (code == 0 ? 0U : code + 1U) + ((type & 0x20U) != 0 ? 2U : 0U));
  return (type & 0x80U) != 0 && in.ok() && is_hello(in.rest());
}

void Reader::stream(Cursor& in) {
  out.mark(kFrame, in.rest());
  const LayerBuilder::Subtree below(out);
  const Bytes at = in.peek(1);
  const std::uint8_t type = out.u8(in, kFrameType);
  const unsigned code = type >> 2U & 7U;
  const bool has_length = (type & 0x20U) != 0;
  {
    const LayerBuilder::Subtree bits(out);
    out.add(kFrameStream, 1, at);
    out.add(kFrameFin, type >> 6U & 1U, at);
    out.add(kFrameDataLength, has_length ? 1U : 0U, at);
    out.add(kFrameOffset, code, at);
    out.add(kFrameStreamLength, type & 3U, at);
  }
  number(in, kStreamId, (type & 3U) + 1U);
  number(in, kOffset, code == 0 ? 0 : code + 1U);
  const std::uint64_t length = has_length ? number(in, kDataLength, 2) : in.left();
  Cursor message = in.sub(std::min<std::size_t>(length, in.left()));
  hello(message);
  if (in.left() == 0) return;
  out.mark(kFrame, in.rest());
  const LayerBuilder::Subtree padding(out);
  if (in.peek(1)[0] == 0) out.u8(in, kFrameType);
}

void public_flags(Cursor& in, LayerBuilder& out, bool new_form) {
  const Bytes at = in.peek(1);
  const std::uint8_t flags = out.u8(in, kPublicFlags);
  const LayerBuilder::Subtree below(out);
  if (new_form) {
    out.add(kHeaderForm, flags >> 7U, at);
    out.add(kFixedBit, flags >> 6U & 1U, at);
    if ((flags & kLongForm) != 0) {
      out.add(kLongPacketType, flags >> 4U & 3U, at);
      out.add(kLongReserved, flags >> 2U & 3U, at);
    }
    out.add(kPacketNumberLength, flags & 3U, at);
    return;
  }
  out.add(kFlagVersion, flags & 1U, at);
  out.add(kFlagReset, flags >> 1U & 1U, at);
  out.add(kFlagNonce, flags >> 2U & 1U, at);
  out.add(kFlagCid, flags >> 3U & 1U, at);
  out.add(kFlagPkn, flags >> 4U & 3U, at);
  out.add(kFlagMultipath, flags >> 6U & 1U, at);
  out.add(kFlagReserved, flags >> 7U, at);
}

void version(Cursor& in, LayerBuilder& out, State& state) {
  const unsigned number = version_of(in.peek(kVersionSize));
  if (number != 0) state.version = static_cast<std::uint16_t>(number);
  out.bytes(in, kVersion, kVersionSize);
}

// The header of Q044 and later, which looks as the IETF's did then.
void new_header(Cursor& in, LayerBuilder& out, Reader& reader, State& state) {
  const std::uint8_t flags = in.peek(1)[0];
  public_flags(in, out, true);
  if ((flags & kLongForm) != 0) {
    version(in, out, state);
    reader.version = state.version;
    const Bytes at = in.peek(1);
    const std::uint8_t lengths = in.u8();
    out.add(kDcil, lengths >> 4U, at);
    out.add(kScil, lengths & 0x0fU, at);
    if (lengths != 0) out.u64(in, kCid);
  } else if (out.from_orig()) {
    out.u64(in, kCid);
  }
  reader.packet_number(in, (flags & 3U) + 1U);
}

void old_header(Cursor& in, LayerBuilder& out, Reader& reader, State& state) {
  constexpr std::size_t kNumberSizes[] = {1, 2, 4, 6};
  const std::uint8_t flags = in.peek(1)[0];
  const std::size_t cid = (flags & kHasCid) != 0 ? kCidSize : 0;
  if ((flags & kHasVersion) != 0 && in.left() >= 1 + cid + kVersionSize) {
    const unsigned number = version_of(in.rest().subspan(1 + cid, kVersionSize));
    if (number != 0) state.version = static_cast<std::uint16_t>(number);
  }
  reader.version = state.version;
  public_flags(in, out, false);
  reader.number(in, kCid, cid);
  if ((flags & kHasVersion) != 0) version(in, out, state);
  if ((flags & kHasNonce) != 0 && !out.from_orig()) out.bytes(in, kNonce, kNonceSize);
  reader.packet_number(in, kNumberSizes[flags >> 4U & 3U]);
}

Outcome dissect_gquic(Cursor& in, LayerBuilder& out) {
  State& state = out.state<State>();
  if (in.left() < 2) return Outcome::kNotMine;
  const std::uint8_t flags = in.peek(1)[0];
  const bool new_form = (flags & kLongForm) != 0 || state.version > 43;
  if (new_form && (flags & 0x40U) == 0) return Outcome::kNotMine;
  if (!out.wanted() && state.version != 0 && (flags & (new_form ? kLongForm : kHasVersion)) == 0) return Outcome::kDone;
  Reader reader{.out = out, .version = state.version};
  new_form ? new_header(in, out, reader, state) : old_header(in, out, reader, state);
  if (!in.ok()) return Outcome::kTruncated;
  // The hash of what is sent in clear, and a hello behind it; anything else is encrypted.
  Cursor frames = in;
  frames.skip(kHashSize);
  if (hello_ahead(frames)) {
    out.bytes(in, kHash, kHashSize);
    reader.stream(in);
    in.skip(in.left());
    if (out.wanted()) out.info(std::move(reader.info));
    return Outcome::kDone;
  }
  if (in.left() > 0) out.bytes(in, kPayload, in.left());
  if (out.wanted()) out.info("Payload (Encrypted), " + reader.info);
  return Outcome::kDone;
}

Likeness probe_gquic(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.size() < 14) return Likeness::kNo;
  const std::uint8_t flags = start[0];
  if ((flags & kLongForm) != 0) {
    const unsigned number = version_of(start.subspan(1, kVersionSize));
    return (flags & 0x40U) != 0 && number >= 44 ? Likeness::kYes : Likeness::kNo;
  }
  const bool shape = (flags & (kHasVersion | kIsReset | kHasCid)) == (kHasVersion | kHasCid);
  return shape && version_of(start.subspan(1 + kCidSize, kVersionSize)) != 0 ? Likeness::kYes : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector gquic_dissector{.name = "gquic",
                                                 .title = "GQUIC (Google Quick UDP Internet Connections)",
                                                 .column = "GQUIC",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_gquic,
                                                 .probe = &probe_gquic,
                                                 .datagram = true};

}  // namespace pr::dissect
