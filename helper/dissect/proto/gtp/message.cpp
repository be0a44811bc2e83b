// Headers, and the packet in a T-PDU.
#include <string>

#include "helper/dissect/proto/gtp/gtp.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect::gtp {
namespace {

constexpr std::uint8_t kPdu = 255;
constexpr std::size_t kHeader0 = 20, kHeader1 = 8, kHeaderPrime = 6;
constexpr unsigned kHasExtension = 4, kHasSequence = 2, kHasNumber = 1;
constexpr std::uint8_t kPdcpNumber = 0xc0, kUdpPort = 0x40, kPduSession = 0x85;

struct Header {
  std::uint8_t flags = 0, type = 0;
  std::uint16_t length = 0;
  std::uint32_t teid = 0;
  [[nodiscard]] unsigned version() const { return flags >> 5U; }
  [[nodiscard]] bool prime() const { return (flags & 0x10U) == 0; }
};

void add_flags(const Header& header, Bytes where, LayerBuilder& out) {
  out.add(kFlags, header.flags, where);
  LayerBuilder::Subtree below(out);
  out.add(kFlagsVersion, header.version(), where);
  out.add(kFlagsPayload, header.flags >> 4U & 1U, where);
  out.add(kFlagsReserved, header.prime() || header.version() == 0 ? header.flags >> 1U & 7U : header.flags >> 3U & 1U,
          where);
  if (header.version() == 0) {
    out.add(header.prime() ? kFlagsHeaderLength : kFlagsSnn, header.flags & 1U, where);
  } else if (!header.prime()) {
    out.add(kFlagsE, header.flags >> 2U & 1U, where);
    out.add(kFlagsS, header.flags >> 1U & 1U, where);
    out.add(kFlagsPn, header.flags & 1U, where);
  }
}

void add_pdu_session(Cursor in, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  const std::uint8_t type = in.u8() >> 4U;
  const Bytes second = in.peek(1);
  const std::uint8_t bits = in.u8();
  if (!in.ok()) return;
  out.add(kExtHdrPduType, type, first);
  if (type == 0) {
    out.add(kExtHdrPpp, bits >> 7U, second);
    out.add(kExtHdrRqi, bits >> 6U & 1U, second);
  }
  out.add(kExtHdrQfi, bits & 0x3fU, second);
}

// Lengths count four octets, the first and the last of a header included.
void read_extensions(Cursor& in, LayerBuilder& out, std::uint8_t next) {
  while (next != 0 && in.left() > 0) {
    const std::size_t length = in.peek(1)[0] * std::size_t{4};
    if (length == 0) return in.fail();
    Cursor header = in.sub(length);
    if (!in.ok()) return;
    out.mark(kExtHdr, header.rest());
    LayerBuilder::Subtree below(out);
    out.u8(header, kExtHdrLength);
    Cursor content = header.sub(length - 2);
    if (next == kPdcpNumber) out.u16(content, kExtHdrPdcp);
    if (next == kUdpPort) out.u16(content, kExtHdrUdpPort);
    if (next == kPduSession && out.wanted()) add_pdu_session(content, out);
    next = out.u8(header, kExtHdrNext);
  }
}

// Twelve digits of who, in swapped halves of octets, as one text.
void read_tid(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.take(8);
  if (!in.ok() || !out.wanted()) return;
  std::string digits;
  for (const std::uint8_t octet : where) {
    for (const unsigned digit : {octet & 15U, unsigned{octet} >> 4U}) {
      if (digit < 10) digits += static_cast<char>('0' + digit);
    }
  }
  out.add_text(kTid, digits, where);
}

void read_version0(Cursor& in, LayerBuilder& out) {
  out.u16(in, kSeqNumber);
  out.u16(in, kFlowLabel);
  out.u8(in, kSndcpNumber);
  in.skip(3);
  read_tid(in, out);
}

void read_version1(Cursor& in, LayerBuilder& out, unsigned flags) {
  out.u32(in, kTeid);
  if ((flags & (kHasExtension | kHasSequence | kHasNumber)) == 0) return;
  if ((flags & kHasSequence) != 0) {
    out.u16(in, kSeqNumber);
  } else {
    in.skip(2);
  }
  if ((flags & kHasNumber) != 0) {
    out.u8(in, kNpduNumber);
  } else {
    in.skip(1);
  }
  if ((flags & kHasExtension) == 0) return in.skip(1);
  const std::uint8_t next = out.u8(in, kExtHdrNext);
  read_extensions(in, out, next);
}

// The header, if version and length agree with what is there, or may have been there before the capture was cut.
bool read_header(Bytes data, std::size_t wire, Header* header) {
  if (data.size() < kHeader1) return false;
  header->flags = data[0];
  header->type = data[1];
  header->length = static_cast<std::uint16_t>(data[2] << 8U | data[3]);
  header->teid =
      static_cast<std::uint32_t>(data[4]) << 24U | static_cast<std::uint32_t>(data[5] << 16U | data[6] << 8U | data[7]);
  const bool known = name_of(kMessageNames, header->type, "") != "";
  if (!known || header->version() > 1) return false;
  if (header->version() == 1 && header->prime()) return false;
  const std::size_t head = header->version() == 1 ? kHeader1 : header->prime() ? kHeaderPrime : kHeader0;
  const std::size_t whole = head + header->length;
  return whole >= data.size() && whole <= wire;
}

}  // namespace

Outcome dissect(Cursor& in, LayerBuilder& out) {
  Header header;
  if (!read_header(in.rest(), wire_left(in, out), &header)) return Outcome::kNotMine;
  if (out.wanted()) {
    add_flags(header, in.peek(1), out);
    out.info(std::string(name_of(kMessageNames, header.type, "Unknown")));
  }
  in.skip(1);
  out.u8(in, kMessage);
  out.u16(in, kLength);
  if (header.version() == 0 && header.prime()) {
    out.u16(in, kSeqNumber);
  } else if (header.version() == 0) {
    read_version0(in, out);
  } else {
    read_version1(in, out, header.flags);
  }
  if (!in.ok()) return Outcome::kTruncated;
  if (header.type != kPdu) {
    if (out.wanted()) add_elements(in, out);
    in.skip(in.left());
    return Outcome::kDone;
  }
  if (in.left() == 0) return Outcome::kDone;
  const bool has_id = header.version() == 1;
  if (!out.enter_tunnel({.name = "gtp", .id = header.teid, .has_id = has_id}, in)) return Outcome::kDone;
  if (!out.next(0, in.rest()[0] >> 4U, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace pr::dissect::gtp
