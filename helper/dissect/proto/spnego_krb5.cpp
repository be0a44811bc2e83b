// Kerberos tokens of GSS-API: RFC 1964 (with RFC 4757's RC4) and RFC 4121.
#include "helper/dissect/ber.h"
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/kerberos/kerberos.h"
#include "helper/dissect/windows.h"

namespace pr::dissect {
namespace {

using namespace kerberos;
using windows::add_bits;
using windows::Bit;

enum TokenId : std::uint16_t {
  kTokenApReq = 0x0001,
  kTokenApRep = 0x0002,
  kTokenError = 0x0003,
  kTokenMic = 0x0101,
  kTokenWrap = 0x0201,
  kTokenCfxMic = 0x0404,
  kTokenCfxWrap = 0x0405,
};

void signature(std::uint16_t id, Cursor& in, LayerBuilder& out) {
  const std::uint16_t algorithm = out.u16le(in, kSgnAlg);
  if (id == kTokenWrap) out.u16le(in, kSealAlg);
  out.bytes(in, kFiller, id == kTokenWrap ? 2 : 4);
  out.bytes(in, kSndSeq, 8);
  constexpr std::uint16_t kSha1Des3 = 4;
  const std::size_t length = algorithm == kSha1Des3 ? 20 : 8;
  if (in.left() >= length) out.bytes(in, kSgnCksum, length);
  if (id == kTokenWrap && in.left() >= 8) out.bytes(in, kConfounder, 8);
}

void cfx(std::uint16_t id, Cursor& in, LayerBuilder& out) {
  static constexpr Bit kBits[] = {{kCfxByAcceptor, 1}, {kCfxSealed, 2}, {kCfxSubkey, 4}};
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kCfxFlags);
  if (in.ok()) add_bits(out, flags, where, kBits);
  if (id == kTokenCfxWrap) {
    out.bytes(in, kFiller, 1);
    out.u16(in, kCfxEc);
    out.u16(in, kCfxRrc);
  } else {
    out.bytes(in, kFiller, 5);
  }
  out.u64(in, kCfxSeq);
  if (in.ok() && in.left() > 0) out.bytes(in, kSgnCksum, in.left());
}

Outcome dissect_spnego_krb5(Cursor& in, LayerBuilder& out) {
  ber::Element token, oid;
  if (ber::next_if(in, ber::application(0), &token)) {
    in = token.in();
    if (!ber::expect(in, ber::kObjectIdentifier, &oid)) return Outcome::kMalformed;
    if (out.wants(kOid)) out.add_text(kOid, ber::OidText(oid.contents).text(), oid.contents);
  }
  if (is_message(in.rest())) {  // as in DCE style: no token around the message
    read_message(in, out, false);
    in.skip(in.left());
    return Outcome::kDone;
  }
  if (in.left() < 2) return Outcome::kMalformed;
  const std::uint16_t id = out.u16le(in, kTokId);
  switch (id) {
    case kTokenApReq:
    case kTokenApRep:
    case kTokenError:
      if (!read_message(in, out, false)) return Outcome::kMalformed;
      break;
    case kTokenMic:
    case kTokenWrap: signature(id, in, out); break;
    case kTokenCfxMic:
    case kTokenCfxWrap: cfx(id, in, out); break;
    default: break;
  }
  if (!in.ok()) return Outcome::kTruncated;
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector spnego_krb5_dissector{.name = "spnego-krb5",
                                                       .title = "SPNEGO-KRB5",
                                                       .fields = {kerberos::kFields, kerberos::kFieldCount},
                                                       .dissect = &dissect_spnego_krb5};

}  // namespace pr::dissect
