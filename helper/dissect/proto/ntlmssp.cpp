// NTLM authentication (MS-NLMP): negotiate, challenge and authenticate messages, and the signatures that follow.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ntlmssp/fields.h"
#include "helper/dissect/windows.h"

namespace pr::dissect {
namespace {

using namespace ntlmssp;

enum Type : std::uint32_t { kNegotiate = 1, kChallenge = 2, kAuthenticate = 3 };
constexpr std::uint32_t kUnicodeFlag = 1, kVersionFlag = 0x02000000;
constexpr unsigned kMaxItems = 32;

struct Token {
  LayerBuilder& out;
  Bytes bytes;  // from the signature on: offsets count from here
  bool unicode = true;

  [[nodiscard]] Bytes part(std::uint32_t offset, std::uint32_t length) const {
    if (offset > bytes.size() || length > bytes.size() - offset) return {};
    return bytes.subspan(offset, length);
  }
};

// Length, room, offset: where a value lies.
struct Place {
  std::uint32_t length = 0, offset = 0;
  Bytes descriptor;
};
Place place(Cursor& in) {
  Place found{.descriptor = in.peek(8)};
  found.length = in.u16le();
  in.skip(2);
  found.offset = in.u32le();
  return found;
}

// The three numbers of a descriptor, below the value that they describe.
void describe(LayerBuilder& out, Bytes descriptor, Field length) {
  LayerBuilder::Subtree below(out);
  Cursor in(descriptor);
  out.u16le(in, length);
  out.u16le(in, length + 1U);
  out.u32le(in, length + 2U);
}

std::string text(Token& token, Cursor& in, Field field, bool unicode) {
  const Place at = place(in);
  if (!in.ok() || !token.out.wanted()) return {};
  if (at.length == 0) {
    token.out.add_text(field, "NULL", at.descriptor);
    return {};
  }
  const Bytes value = token.part(at.offset, at.length);
  std::string made = unicode ? windows::utf16_text(value) : std::string(as_text(value));
  token.out.add_text(field, made, value);
  describe(token.out, at.descriptor, kStringLength);
  return made;
}

Bytes blob(Token& token, Cursor& in, Field field) {
  const Place at = place(in);
  if (!in.ok()) return {};
  if (at.length == 0) {
    token.out.add(field, at.descriptor, at.descriptor);
    return {};
  }
  const Bytes value = token.part(at.offset, at.length);
  token.out.add(field, value, value);
  describe(token.out, at.descriptor, kBlobLength);
  return value;
}

void flags(Token& token, Cursor& in) {
  const Bytes where = in.peek(4);
  const std::uint32_t value = token.out.u32le(in, kNegotiateflags);
  token.unicode = (value & kUnicodeFlag) != 0;
  if (!in.ok() || !token.out.wanted()) return;
  LayerBuilder::Subtree below(token.out);
  // One field a bit, from the highest on.
  static_assert(kNegotiateunicode - kNegotiate56 == 31);
  for (unsigned i = 0; i < 32; ++i) token.out.add(kNegotiate56 + i, value >> (31 - i) & 1U, where);
}

void version(Token& token, Cursor& in) {
  LayerBuilder& out = token.out;
  out.mark(kVersion, in.peek(8));
  LayerBuilder::Subtree below(out);
  out.u8(in, kVersionMajor);
  out.u8(in, kVersionMinor);
  out.u16le(in, kVersionBuildNumber);
  in.skip(3);
  out.u8(in, kVersionNtlmCurrentRevision);
}

// Attributes of a target, MS-NLMP 2.2.2.1. first: the field of the item's type; the others follow in the same order.
void attributes(LayerBuilder& out, Cursor& in, Field first) {
  constexpr std::size_t kItemType = 0, kItemLength = 1, kNames = 2, kItemFlags = 7, kTime = 8, kRestrictions = 9,
                        kTarget = 10, kBindings = 11;
  for (unsigned i = 0; i < kMaxItems && in.left() >= 4; ++i) {
    LayerBuilder::Subtree below(out);
    const std::uint16_t type = out.u16le(in, first + kItemType);
    const std::uint16_t length = out.u16le(in, first + kItemLength);
    Cursor value = in.sub(length);
    const Bytes octets = value.rest();
    if (type == 0) break;
    if ((type >= 1 && type <= 5) || type == 9) {
      const std::size_t field = first + (type == 9 ? kTarget : kNames + type - 1U);
      if (out.wants(field)) out.add_text(field, windows::utf16_text(octets), octets);
    } else if (type == 6) {
      out.u32le(value, first + kItemFlags);
    } else if (type == 7) {
      const std::uint64_t time = value.u64le();
      if (value.ok()) out.add(first + kTime, windows::filetime_ns(time), octets);
    } else if (type == 8) {
      out.add(first + kRestrictions, octets, octets);
    } else if (type == 10) {
      out.add(first + kBindings, octets, octets);
    }
  }
}

void ntlmv2_response(LayerBuilder& out, Bytes response) {
  constexpr std::size_t kNtlmV1 = 24;
  if (response.size() <= kNtlmV1 || !out.wanted()) return;
  LayerBuilder::Subtree below(out);
  out.add(kNtlmv2Response, response, response);
  LayerBuilder::Subtree inner(out);
  Cursor in(response);
  out.bytes(in, kNtlmv2ResponseNtproofstr, 16);
  out.u8(in, kNtlmv2ResponseRversion);
  out.u8(in, kNtlmv2ResponseHirversion);
  out.bytes(in, kNtlmv2ResponseZ, 6);
  const Bytes where = in.peek(8);
  const std::uint64_t time = in.u64le();
  if (in.ok()) out.add(kNtlmv2ResponseTime, windows::filetime_ns(time), where);
  out.bytes(in, kNtlmv2ResponseChal, 8);
  out.bytes(in, kNtlmv2ResponseZ, 4);
  attributes(out, in, kNtlmv2ResponseItemType);
  if (in.left() > 0) out.bytes(in, kNtlmv2ResponsePad, in.left());
}

// Where the first of the values lies that the next places name; end: there is none.
std::size_t first_value(Cursor in, unsigned places, std::size_t end) {
  for (; places > 0 && in.left() >= 8; --places) {
    const Place at = place(in);
    if (at.length != 0) end = std::min<std::size_t>(end, at.offset);
  }
  return end;
}

void negotiate(Token& token, Cursor& in) {
  const bool versioned = (Cursor(in.peek(4)).u32le() & kVersionFlag) != 0;
  flags(token, in);
  const std::size_t values = first_value(in, 2, token.bytes.size());
  text(token, in, kNegotiateDomain, false);
  text(token, in, kNegotiateCallingworkstation, false);
  if (versioned && in.at() + 8 <= values && in.left() >= 8) version(token, in);
}

void challenge(Token& token, Cursor& in) {
  LayerBuilder& out = token.out;
  Cursor name(in.peek(8));
  in.skip(8);
  token.unicode = (Cursor(in.peek(4)).u32le() & kUnicodeFlag) != 0;
  text(token, name, kChallengeTargetName, token.unicode);
  flags(token, in);
  out.bytes(in, kNtlmserverchallenge, 8);
  out.bytes(in, kReserved, 8);
  if (in.left() < 8) return;
  const Place at = place(in);
  const Bytes info = token.part(at.offset, at.length);
  if (at.length != 0) {
    out.mark(kChallengeTargetInfo, info);
    describe(out, at.descriptor, kChallengeTargetInfoLength);
    LayerBuilder::Subtree below(out);
    Cursor items(info);
    attributes(out, items, kChallengeTargetInfoItemType);
  }
  // The version is there if the values leave room for it.
  if (in.at() + 8 <= std::min<std::size_t>(at.offset, token.bytes.size()) && in.left() >= 8) version(token, in);
}

void authenticate(Token& token, Cursor& in) {
  LayerBuilder& out = token.out;
  Cursor late(in);
  late.skip(6 * 8);
  const bool has_flags = late.left() >= 4;
  token.unicode = !has_flags || (Cursor(late.peek(4)).u32le() & kUnicodeFlag) != 0;
  const std::size_t first = first_value(in, 5, token.bytes.size());
  blob(token, in, kAuthLmresponse);
  const Bytes response = blob(token, in, kAuthNtresponse);
  {
    LayerBuilder::Subtree below(out);
    ntlmv2_response(out, response);
  }
  const std::string domain = text(token, in, kAuthDomain, token.unicode);
  const std::string user = text(token, in, kAuthUsername, token.unicode);
  text(token, in, kAuthHostname, token.unicode);
  if (out.wanted()) out.append_info(", User: " + (domain.empty() ? std::string() : domain + "\\") + user);
  if (!in.ok() || in.at() + 8 > first) return;
  blob(token, in, kAuthSesskey);
  if (in.at() + 4 > first || in.left() < 4) return;
  flags(token, in);
  if (in.at() + 8 > first || in.left() < 8) return;
  version(token, in);
  if (in.at() + 16 <= first && in.left() >= 16) out.bytes(in, kAuthenticateMic, 16);
}

// A signature: version, then what the keys decide.
Outcome verifier(Cursor& in, LayerBuilder& out) {
  out.mark(kVerf, in.rest());
  LayerBuilder::Subtree below(out);
  out.u32le(in, kVerfVers);
  if (!in.ok()) return Outcome::kTruncated;
  out.bytes(in, kVerfBody, in.left());
  return Outcome::kDone;
}

Outcome dissect_ntlmssp(Cursor& in, LayerBuilder& out) {
  const Bytes all = in.rest();
  if (!as_text(all).starts_with("NTLMSSP")) {
    return Cursor(in.peek(4)).u32le() == 1 ? verifier(in, out) : Outcome::kNotMine;
  }
  Token token{.out = out, .bytes = all};
  const Bytes signature = in.take(8);
  if (signature.size() == 8) out.add(kIdentifier, signature.first(7), signature);
  const std::uint32_t type = out.u32le(in, kMessagetype);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    static constexpr const char* kNames[] = {"NTLMSSP_NEGOTIATE", "NTLMSSP_CHALLENGE", "NTLMSSP_AUTH"};
    if (type >= 1 && type <= 3) out.append_info(std::string(", ") + kNames[type - 1]);
  }
  switch (type) {
    case kNegotiate: negotiate(token, in); break;
    case kChallenge: challenge(token, in); break;
    case kAuthenticate: authenticate(token, in); break;
    default: break;
  }
  if (!in.ok()) return Outcome::kTruncated;
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ntlmssp_dissector{.name = "ntlmssp",
                                                   .title = "NTLM Secure Service Provider",
                                                   .fields = {ntlmssp::kFields, ntlmssp::kFieldCount},
                                                   .dissect = &dissect_ntlmssp};

}  // namespace pr::dissect
