// GSS-API tokens (RFC 2743 3.1): the mechanism's identifier and what belongs to it.
#include "helper/dissect/ber.h"
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t { kOid, kFieldCount };
constexpr FieldDef kFields[kFieldCount] = {{"gss-api.OID", "OID", FieldType::kText}};

Outcome dissect_gss_api(Cursor& in, LayerBuilder& out) {
  const std::string_view start = as_text(in.peek(8));
  if (start.starts_with("NTLMSSP") || Cursor(in.peek(4)).u32() == 0x01000000) {  // also its signature
    out.next("ntlmssp", in);
    return Outcome::kDone;
  }
  Cursor look = in;
  ber::Element token, oid;
  if (!ber::next(look, &token)) {
    // A signature or a sealed message of Kerberos, whose form its first two octets tell.
    const std::uint16_t id = Cursor(in.peek(2)).u16();
    if ((id == 0x0404 || id == 0x0504) && out.next("spnego-krb5", in)) return Outcome::kDone;
    return Outcome::kNotMine;
  }
  if (!token.is(ber::application(0))) {
    if (!token.is(ber::context(0)) && !token.is(ber::context(1))) return Outcome::kNotMine;
    return out.next("spnego", in) ? Outcome::kDone : Outcome::kMalformed;
  }
  Cursor inside = token.in();
  if (!ber::expect(inside, ber::kObjectIdentifier, &oid)) return Outcome::kMalformed;
  const ber::OidText name(oid.contents);
  if (out.wants(kOid)) out.add_text(kOid, name.text(), oid.contents);
  if (name.text() == "1.3.6.1.5.5.2") {
    out.next("spnego", inside);
  } else if (name.text().starts_with("1.2.840.113554.1.2.2") || name.text() == "1.2.840.48018.1.2.2") {
    out.next("spnego-krb5", inside);
  } else if (name.text() == "1.3.6.1.4.1.311.2.2.10") {
    out.next("ntlmssp", inside);
  }
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector gss_api_dissector{
    .name = "gss-api",
    .title = "GSS-API Generic Security Service Application Program Interface",
    .fields = kFields,
    .dissect = &dissect_gss_api};

}  // namespace pr::dissect
