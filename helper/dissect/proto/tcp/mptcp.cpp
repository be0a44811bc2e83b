// Multipath TCP options, RFC 8684 section 3 (and version 0 of RFC 6824, where it differs).
#include "helper/dissect/proto/tcp/fields.h"

namespace pr::dissect::tcp {
namespace {

enum Subtype : std::uint8_t {
  kCapable = 0,
  kJoin = 1,
  kDss = 2,
  kAddAddress = 3,
  kRemoveAddress = 4,
  kPriority = 5,
  kFail = 6,
  kFastClose = 7
};

void add_capable(Cursor& in, LayerBuilder& out, Bytes head, std::uint8_t low) {
  out.add(kOptionsMptcpVersion, low, head);
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kOptionsMptcpFlags);
  if (!in.ok()) return;
  {
    LayerBuilder::Subtree below(out);
    out.add(kOptionsMptcpChecksumreqFlags, flags >> 7U, where);
    out.add(kOptionsMptcpExtensibilityFlag, flags >> 6U & 1U, where);
    if (low == 1) out.add(kOptionsMptcpNomoresubflowsFlag, flags >> 5U & 1U, where);
    out.add(kOptionsMptcpReservedFlag, flags >> 1U & 0x1fU, where);
    out.add(low == 1 ? kOptionsMptcpSha256Flag : kOptionsMptcpSha1Flag, flags & 1U, where);
  }
  if (in.left() >= 8) out.u64(in, kOptionsMptcpSendkey);
  if (in.left() >= 8) out.u64(in, kOptionsMptcpRecvkey);
  if (in.left() >= 2) out.u16(in, kOptionsMptcpDatalvllen);
  if (in.left() >= 2) out.u16(in, kOptionsMptcpChecksum);
}

void add_join(Cursor& in, LayerBuilder& out, const Header& header, Bytes head, std::uint8_t low) {
  if (header.has(kSyn)) {
    out.add(kOptionsMptcpFlags, low, head);
    {
      LayerBuilder::Subtree below(out);
      out.add(kOptionsMptcpBackupFlag, low & 1U, head);
    }
    out.u8(in, kOptionsMptcpAddrid);
    if (header.has(kAck)) {
      out.u64(in, kOptionsMptcpSendtrunchmac);
    } else {
      out.u32(in, kOptionsMptcpRecvtok);
    }
    out.u32(in, kOptionsMptcpSendrand);
    return;
  }
  in.skip(1);
  if (in.left() > 0) out.bytes(in, kOptionsMptcpSendhmac, in.left());
}

void add_dss(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kOptionsMptcpFlags);
  if (!in.ok()) return;
  {
    LayerBuilder::Subtree below(out);
    out.add(kOptionsMptcpDatafinFlag, flags >> 4U & 1U, where);
    out.add(kOptionsMptcpDseqn8Flag, flags >> 3U & 1U, where);
    out.add(kOptionsMptcpDseqnpresentFlag, flags >> 2U & 1U, where);
    out.add(kOptionsMptcpDataack8Flag, flags >> 1U & 1U, where);
    out.add(kOptionsMptcpDataackpresentFlag, flags & 1U, where);
  }
  const auto number = [&](bool wide, std::size_t field) {
    if (wide) {
      out.u64(in, field);
    } else {
      out.u32(in, field);
    }
  };
  if ((flags & 1U) != 0) number((flags & 2U) != 0, kOptionsMptcpRawdataack);
  if ((flags & 4U) == 0) return;
  number((flags & 8U) != 0, kOptionsMptcpRawdataseqno);
  out.u32(in, kOptionsMptcpSubflowseqno);
  out.u16(in, kOptionsMptcpDatalvllen);
  if (in.left() >= 2) out.u16(in, kOptionsMptcpChecksum);
}

void add_address(Cursor& in, LayerBuilder& out, Bytes head, std::uint8_t low) {
  const bool echo = low <= 1;  // version 0 has the IP version here
  out.add(echo ? kOptionsMptcpEcho : kOptionsMptcpIpver, low, head);
  out.u8(in, kOptionsMptcpAddrid);
  const std::size_t mac = echo && low == 0 ? 8 : 0;
  if (in.left() >= 16 + mac) {
    out.bytes(in, kOptionsMptcpIpv6, 16);
  } else {
    out.ipv4(in, kOptionsMptcpIpv4);
  }
  if (in.left() == 2 + mac) out.u16(in, kOptionsMptcpPort);
  if (in.left() >= 8) out.u64(in, kOptionsMptcpAddaddrtrunchmac);
}

}  // namespace

void add_mptcp(Bytes option, const Header& header, LayerBuilder& out) {
  Cursor in(option);
  out.u8(in, kOptionKind);
  LayerBuilder::Subtree below(out);
  out.u8(in, kOptionLen);
  const Bytes head = in.peek(1);
  const std::uint8_t both = in.u8();
  if (!in.ok()) return;
  out.add(kOptionsMptcpSubtype, both >> 4U, head);
  const auto low = static_cast<std::uint8_t>(both & 15U);
  switch (both >> 4U) {
    case kCapable: return add_capable(in, out, head, low);
    case kJoin: return add_join(in, out, header, head, low);
    case kDss: return add_dss(in, out);
    case kAddAddress: return add_address(in, out, head, low);
    case kRemoveAddress:
      while (in.left() > 0) out.u8(in, kOptionsMptcpAddrid);
      return;
    case kPriority:
      out.add(kOptionsMptcpFlags, low, head);
      out.add(kOptionsMptcpBackupFlag, low & 1U, head);
      if (in.left() > 0) out.u8(in, kOptionsMptcpAddrid);
      return;
    case kFail:
      in.skip(1);  // reserved
      out.u64(in, kOptionsMptcpRawdataseqno);
      return;
    case kFastClose:
      in.skip(1);
      out.u64(in, kOptionsMptcpRecvkey);
      return;
    default: return;
  }
}

}  // namespace pr::dissect::tcp
