// Record data with flags, unions or lists inside: RFC 1035 3.4.2, 1183, 1876, 2874, 3123, 4025, 4034, 5155, 7477, 8005,
// 8659, 8945.
#include <algorithm>

#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect::dns {
namespace {

// RFC 4034 appendix B. rdata: the key's whole record data.
std::uint16_t key_tag(Bytes rdata) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < rdata.size(); ++i) sum += (i & 1U) != 0 ? rdata[i] : std::uint64_t{rdata[i]} << 8U;
  return static_cast<std::uint16_t>(sum + (sum >> 16U & 0xffffU));
}

Outcome ending(const Cursor& in) { return in.ok() ? Outcome::kDone : Outcome::kTruncated; }

void flag(LayerBuilder& out, std::size_t f, std::uint64_t flags, std::uint64_t mask, Bytes where) {
  out.add(f, (flags & mask) != 0 ? 1U : 0U, where);
}

Outcome dissect_dnskey(Cursor& in, LayerBuilder& out) {
  const Bytes all = in.rest();
  const Bytes where = in.peek(2);
  const std::uint16_t flags = out.u16(in, kDnskeyFlags);
  {
    const LayerBuilder::Subtree tree(out);
    if (in.ok()) {
      flag(out, kDnskeyFlagsZoneKey, flags, 0x0100, where);
      flag(out, kDnskeyFlagsKeyRevoked, flags, 0x0080, where);
      flag(out, kDnskeyFlagsSecureEntryPoint, flags, 0x0001, where);
      out.add(kDnskeyFlagsReserved, flags & 0xfe7eU, where);
    }
  }
  out.u8(in, kDnskeyProtocol);
  const std::uint8_t algorithm = out.u8(in, kDnskeyAlgorithm);
  constexpr std::uint8_t kRsaMd5 = 1;  // its tag lies in the key itself
  if (in.ok() && algorithm != kRsaMd5) out.add(kDnskeyKeyId, key_tag(all), {});
  if (in.left() > 0) out.bytes(in, kDnskeyPublicKey, in.left());
  return ending(in);
}

Outcome dissect_key(Cursor& in, LayerBuilder& out) {
  const Bytes all = in.rest();
  const Bytes where = in.peek(2);
  const std::uint16_t flags = out.u16(in, kKeyFlags);
  if (in.ok()) {
    const LayerBuilder::Subtree tree(out);
    flag(out, kKeyFlagsAuthentication, flags, 0x8000, where);
    flag(out, kKeyFlagsConfidentiality, flags, 0x4000, where);
    if ((flags & 0xc000U) != 0xc000U) {  // otherwise there is no key
      flag(out, kKeyFlagsRequired, flags, 0x2000, where);
      flag(out, kKeyFlagsAssociatedUser, flags, 0x0400, where);
      flag(out, kKeyFlagsAssociatedNamedEntity, flags, 0x0200, where);
      flag(out, kKeyFlagsIpsec, flags, 0x0080, where);
      flag(out, kKeyFlagsMime, flags, 0x0040, where);
      out.add(kKeyFlagsSignatory, flags & 0x000fU, where);
    }
  }
  out.u8(in, kKeyProtocol);
  out.u8(in, kKeyAlgorithm);
  if (in.ok()) out.add(kKeyKeyId, key_tag(all), {});
  if (in.left() > 0) out.bytes(in, kKeyPublicKey, in.left());
  return ending(in);
}

// RFC 4648 base32hex without padding, lower case, as Wireshark prints the next hashed owner.
std::string_view base32hex(Bytes bytes, std::array<char, 416>& text) {
  std::size_t used = 0;
  unsigned bits = 0, held = 0;
  for (const std::uint8_t octet : bytes) {
    held = (held << 8U | octet) & 0xfffU;
    for (bits += 8; bits >= 5; bits -= 5) text[used++] = "0123456789abcdefghijklmnopqrstuv"[held >> (bits - 5) & 31U];
  }
  if (bits > 0) text[used++] = "0123456789abcdefghijklmnopqrstuv"[held << (5 - bits) & 31U];
  return {text.data(), used};
}

Outcome dissect_nsec3(Cursor& in, LayerBuilder& out) {
  out.u8(in, kNsec3Algo);
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kNsec3Flags);
  if (in.ok()) {
    const LayerBuilder::Subtree tree(out);
    flag(out, kNsec3FlagsOptOut, flags, 1, where);
  }
  out.u16(in, kNsec3Iterations);
  const std::uint8_t salt = out.u8(in, kNsec3SaltLength);
  out.bytes(in, kNsec3SaltValue, salt);
  const std::uint8_t length = out.u8(in, kNsec3HashLength);
  const Bytes hash = in.take(length);
  if (in.ok() && out.wants(kNsec3HashValue)) {
    std::array<char, 416> text;
    out.add_text(kNsec3HashValue, base32hex(hash, text), hash);
  }
  add_types(in, out);
  return ending(in);
}

Outcome dissect_caa(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kCaaFlags);
  if (in.ok()) {
    const LayerBuilder::Subtree tree(out);
    flag(out, kCaaFlagsIssuerCritical, flags, 0x80, where);
  }
  const Bytes from = in.rest();
  Cursor look = in;
  const std::string_view tag = as_text(look.take(look.u8()));
  const Bytes value = look.rest();
  if (look.ok()) {
    out.add(tag == "issue"       ? kCaaIssue
            : tag == "issuewild" ? kCaaIssuewild
            : tag == "iodef"     ? kCaaIodef
                                 : kCaaUnknown,
            value, from);
  }
  const LayerBuilder::Subtree tree(out);
  const std::uint8_t length = out.u8(in, kCaaTagLength);
  out.bytes(in, kCaaTag, length);
  out.bytes(in, kCaaValue, in.left());
  return ending(in);
}

Outcome dissect_loc(Cursor& in, LayerBuilder& out) {
  if (in.peek(1)[0] != 0) {
    out.add(kLocVersion, in.peek(1)[0], in.peek(1));
    out.bytes(in, kLocUnknownData, in.left());
    return Outcome::kDone;
  }
  out.u8(in, kLocVersion);
  out.u8(in, kLocSize);
  out.u8(in, kLocHorizontalPrecision);
  out.u8(in, kLocVerticalPrecision);
  out.u32(in, kLocLatitude);
  out.u32(in, kLocLongitude);
  out.u32(in, kLocAltitude);
  return ending(in);
}

// An address whose trailing zero octets are left out.
void add_prefix(LayerBuilder& out, std::size_t f, Bytes octets, std::size_t size) {
  std::array<std::uint8_t, 16> whole{};
  std::ranges::copy(octets.first(std::min(octets.size(), size)), whole.begin());
  if (size == 4) {
    Cursor number(whole);
    out.add(f, number.u32(), octets);
  } else {
    out.add_text(f, as_text(whole), octets);
  }
}

Outcome dissect_apl(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    const std::uint16_t family = out.u16(in, kAplAddressFamily);
    out.u8(in, kAplCodedPrefix);
    const Bytes where = in.peek(1);
    const std::uint8_t packed = in.u8();
    const Bytes part = in.take(packed & 0x7fU);
    if (!in.ok()) return Outcome::kTruncated;
    flag(out, kAplNegation, packed, 0x80, where);
    out.add(kAplAfdlength, packed & 0x7fU, where);
    if (family == 1 && part.size() <= 4) {
      add_prefix(out, kAplAfdpartIpv4, part, 4);
    } else if (family == 2 && part.size() <= 16) {
      add_prefix(out, kAplAfdpartIpv6, part, 16);
    } else {
      out.add(kAplAfdpartData, part, part);
    }
  }
  return ending(in);
}

Outcome dissect_a6(Bytes message, Cursor& in, LayerBuilder& out) {
  const std::uint8_t prefix = out.u8(in, kA6PrefixLen);
  if (prefix > 128) return Outcome::kMalformed;
  const std::size_t size = (128U - prefix + 7U) / 8U;
  const Bytes suffix = in.take(size);
  if (!in.ok()) return Outcome::kTruncated;
  std::array<std::uint8_t, 16> whole{};
  std::ranges::copy(suffix, whole.begin() + static_cast<std::ptrdiff_t>(16 - size));
  out.add_text(kA6AddressSuffix, as_text(whole), suffix);
  Name name;
  if (prefix > 0 && !add_name(kA6PrefixName, message, in, out, &name)) return name_failure(in);
  return Outcome::kDone;
}

Outcome dissect_ipseckey(Bytes message, Cursor& in, LayerBuilder& out) {
  out.u8(in, kIpseckeyGatewayPrecedence);
  const std::uint8_t type = out.u8(in, kIpseckeyGatewayType);
  out.u8(in, kIpseckeyGatewayAlgorithm);
  if (type == 1) out.ipv4(in, kIpseckeyGatewayIpv4);
  if (type == 2) out.bytes(in, kIpseckeyGatewayIpv6, 16);
  Name name;
  if (in.ok() && type == 3 && !add_name(kIpseckeyGatewayDns, message, in, out, &name)) return name_failure(in);
  if (in.left() > 0) out.bytes(in, kIpseckeyPublicKey, in.left());
  return ending(in);
}

Outcome dissect_hip(Bytes message, Cursor& in, LayerBuilder& out) {
  const std::uint8_t hit = out.u8(in, kHipHitLength);
  out.u8(in, kHipHitPkAlgo);
  const std::uint16_t key = out.u16(in, kHipPkLength);
  out.bytes(in, kHipHit, hit);
  out.bytes(in, kHipPk, key);
  Name name;
  while (in.left() > 0) {
    if (!add_name(kHipRendezvousServer, message, in, out, &name)) return name_failure(in);
  }
  return ending(in);
}

Outcome dissect_csync(Cursor& in, LayerBuilder& out) {
  out.u32(in, kCsyncSoa);
  const Bytes where = in.peek(2);
  const std::uint16_t flags = out.u16(in, kCsyncFlags);
  if (in.ok()) {
    const LayerBuilder::Subtree tree(out);
    flag(out, kCsyncFlagsImmediate, flags, 1, where);
    flag(out, kCsyncFlagsSoaminimum, flags, 2, where);
  }
  if (in.left() > 0) {
    Cursor types(out.bytes(in, kCsyncTypeBitmap, in.left()));
    add_types(types, out);
  }
  return ending(in);
}

Outcome dissect_tsig(Bytes message, Cursor& in, LayerBuilder& out) {
  Name name;
  if (!add_name(kTsigAlgorithmName, message, in, out, &name)) return name_failure(in);
  const Bytes when = in.peek(6);
  const std::uint64_t high = in.u16();
  const std::uint64_t seconds = high << 32U | in.u32();
  if (in.ok()) out.add(kTsigTimeSigned, seconds * 1'000'000'000U, when);
  out.u16(in, kTsigFudge);
  const std::uint16_t size = out.u16(in, kTsigMacSize);
  const Bytes mac = in.take(size);
  if (!in.ok()) return Outcome::kTruncated;
  if (!mac.empty()) {
    out.mark(kTsigMac, mac);
    const LayerBuilder::Subtree tree(out);
    out.mark(kTsigNoalg, {});
  }
  out.u16(in, kTsigOriginalId);
  out.u16(in, kTsigError);
  const std::uint16_t other = out.u16(in, kTsigOtherLen);
  if (other > 0) out.bytes(in, kTsigOtherData, other);
  return ending(in);
}

Outcome dissect_wks(Cursor& in, LayerBuilder& out) {
  out.ipv4(in, kWksAddress);
  out.u8(in, kWksProtocol);
  while (in.left() > 0) {
    const Bytes where = in.peek(1);
    const std::uint8_t bits = in.u8();
    if (bits != 0) out.add(kWksBits, bits, where);
  }
  return ending(in);
}

Outcome dissect_wins(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t local = in.u32();
  if (in.ok()) flag(out, kWinsLocalFlag, local, 1, where);
  out.u32(in, kWinsLookupTimeout);
  out.u32(in, kWinsCacheTimeout);
  const std::uint32_t servers = out.u32(in, kWinsNbWinsServers);
  for (std::uint32_t i = 0; i < servers && in.left() > 0; ++i) out.ipv4(in, kWinsWinsServer);
  return ending(in);
}

Outcome dissect_wins_reverse(Bytes message, Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t local = in.u32();
  if (in.ok()) flag(out, kWinsrLocalFlag, local, 1, where);
  out.u32(in, kWinsrLookupTimeout);
  out.u32(in, kWinsrCacheTimeout);
  Name name;
  if (in.ok() && !add_name(kWinsrNameResultDomain, message, in, out, &name)) return name_failure(in);
  return ending(in);
}

// draft-bellis-dnsop-xpf
Outcome dissect_xpf(Cursor& in, LayerBuilder& out) {
  const std::uint8_t version = out.u8(in, kXpfIpVersion);
  out.u8(in, kXpfProtocol);
  if (version == 4) {
    out.ipv4(in, kXpfSourceIpv4);
    out.ipv4(in, kXpfDestinationIpv4);
  } else if (version == 6) {
    out.bytes(in, kXpfSourceIpv6, 16);
    out.bytes(in, kXpfDestinationIpv6, 16);
  } else {
    return ending(in);
  }
  out.u16(in, kXpfSport);
  out.u16(in, kXpfDport);
  return ending(in);
}

Outcome dissect_isdn(Cursor& in, LayerBuilder& out) {
  const std::uint8_t length = out.u8(in, kIdsnLength);
  out.bytes(in, kIdsnAddress, length);
  if (in.left() == 0) return ending(in);
  const std::uint8_t rest = out.u8(in, kIdsnSaLength);
  out.bytes(in, kIdsnSaAddress, rest);
  return ending(in);
}

}  // namespace

bool dissect_special_rdata(const Record& record, Cursor& in, LayerBuilder& out, Outcome* outcome) {
  switch (record.type) {
    case 11: *outcome = dissect_wks(in, out); return true;
    case 20: *outcome = dissect_isdn(in, out); return true;
    case 25: *outcome = dissect_key(in, out); return true;
    case 29: *outcome = dissect_loc(in, out); return true;
    case 38: *outcome = dissect_a6(record.message, in, out); return true;
    case 41: *outcome = dissect_options(record.message, in, out); return true;
    case 42: *outcome = dissect_apl(in, out); return true;
    case 45: *outcome = dissect_ipseckey(record.message, in, out); return true;
    case 48:
    case 60: *outcome = dissect_dnskey(in, out); return true;
    case 50: *outcome = dissect_nsec3(in, out); return true;
    case 55: *outcome = dissect_hip(record.message, in, out); return true;
    case 62: *outcome = dissect_csync(in, out); return true;
    case 64:
    case 65: *outcome = dissect_svcb(record.message, in, out); return true;
    case 250: *outcome = dissect_tsig(record.message, in, out); return true;
    case 257: *outcome = dissect_caa(in, out); return true;
    case 65281: *outcome = dissect_wins(in, out); return true;
    case 65282: *outcome = dissect_wins_reverse(record.message, in, out); return true;
    case 65422: *outcome = dissect_xpf(in, out); return true;
    default: return false;
  }
}

}  // namespace pr::dissect::dns
