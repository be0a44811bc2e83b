// What people search for in certificates, under Wireshark's names: RFC 5280, read out of the DER (X.690). The reader
// is bounded by the bytes: every step consumes, and nothing recurses deeper than the structure that is known.
#include <charconv>
#include <chrono>

#include "helper/dissect/proto/tls/x509.h"

namespace pr::dissect::tls {

Element read(Cursor& in) {
  Element element;
  element.tag = in.u8();
  std::size_t length = in.u8();
  if (length > 0x80) {
    const std::size_t octets = length & 0x7fU;
    if (octets > 4) in.fail();
    length = 0;
    for (std::size_t i = 0; i < octets && in.ok(); ++i) length = length << 8U | in.u8();
  } else if (length == 0x80) {
    in.fail();  // DER has no indefinite lengths
  }
  if ((element.tag & 0x1fU) == 0x1f) in.fail();  // nothing in a certificate needs long tags
  element.value = in.take(length);
  element.ok = in.ok();
  return element;
}

namespace {

std::string oid_text(Bytes oid) {
  std::string out;
  std::uint64_t arc = 0;
  const auto append = [&out](std::uint64_t number) {
    if (!out.empty()) out += '.';
    out += std::to_string(number);
  };
  for (const std::uint8_t octet : oid) {
    arc = arc << 7U | (octet & 0x7fU);
    if ((octet & 0x80U) != 0) continue;
    if (out.empty()) {
      const std::uint64_t first = arc < 80 ? arc / 40 : 2;
      append(first);
      arc -= first * 40;
    }
    append(arc);
    arc = 0;
  }
  return out;
}

void add_oid(LayerBuilder& out, std::size_t f, Bytes oid) {
  if (out.wants(f)) out.add_text(f, oid_text(oid), oid);
}

// Object identifiers that decide what follows, as their octets.
constexpr std::string_view kCountry("\x55\x04\x06", 3),
    kJurisdictionCountry("\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03", 11), kSerialNumberAttribute("\x55\x04\x05", 3),
    kDnQualifier("\x55\x04\x2e", 3);
constexpr std::string_view kEmail("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9),
    kDomainComponent("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10);
constexpr std::string_view kRsa("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", 9), kEcKey("\x2a\x86\x48\xce\x3d\x02\x01", 7);
constexpr std::string_view kCertificateExtensions("\x55\x1d", 2), kPolicies("\x55\x1d\x20", 3),
    kStatement("\x2b\x06\x01\x05\x05\x07\x02\x01", 8), kNotice("\x2b\x06\x01\x05\x05\x07\x02\x02", 8),
    kNoOcspCheck("\x2b\x06\x01\x05\x05\x07\x30\x01\x05", 9), kMicrosoftTemplates("\x2b\x06\x01\x04\x01\x82\x37\x15", 8),
    kMicrosoftTemplateName("\x2b\x06\x01\x04\x01\x82\x37\x14\x02", 9);
constexpr std::string_view kSubjectKey("\x55\x1d\x0e", 3), kAltName("\x55\x1d\x11", 3),
    kIssuerAltName("\x55\x1d\x12", 3), kBasic("\x55\x1d\x13", 3), kCrlPoints("\x55\x1d\x1f", 3),
    kAuthorityKey("\x55\x1d\x23", 3), kExtKeyUsage("\x55\x1d\x25", 3),
    kAuthorityInfo("\x2b\x06\x01\x05\x05\x07\x01\x01", 8),
    kSignedTimestamps("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02", 10);

// Characters of two or four octets, as UTF-8.
std::string wide_text(Bytes octets, std::size_t width) {
  std::string text;
  for (Cursor in(octets); in.left() >= width;) {
    const std::uint32_t c = width == 2 ? in.u16() : in.u32();
    if (c < 0x80) {
      text += static_cast<char>(c);
      continue;
    }
    const unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;  // octets behind the first
    constexpr std::uint8_t kLead[] = {0, 0xc0, 0xe0, 0xf0};
    text += static_cast<char>(kLead[more] | (c >> (6U * more) & (0x3fU >> more)));
    for (unsigned i = more; i-- > 0;) text += static_cast<char>(0x80U | (c >> (6U * i) & 0x3fU));
  }
  return text;
}

// DirectoryString ::= CHOICE; the number is Wireshark's, in order of the alternatives.
void directory_string(const Element& value, LayerBuilder& out) {
  struct Choice {
    std::uint8_t tag, number;
    Field field;
  };
  constexpr Choice kChoices[] = {{kTeletex, 0, kX509satTeletexString},
                                 {kPrintable, 1, kX509satPrintableString},
                                 {kUniversal, 2, kX509satUniversalString},
                                 {kBmp, 3, kX509satBmpString},
                                 {kUtf8, 4, kX509satUTF8String}};
  for (const Choice& choice : kChoices) {
    if (!value.is(choice.tag)) continue;
    out.add(kX509satDirectoryString, choice.number, value.value);
    const LayerBuilder::Subtree below(out);
    const std::size_t width = choice.tag == kBmp ? 2 : choice.tag == kUniversal ? 4 : 1;
    if (width == 1) {
      out.add(choice.field, value.value, value.value);
    } else if (out.wants(choice.field)) {
      out.add_text(choice.field, wide_text(value.value, width), value.value);
    }
    return;
  }
}

void attribute(Cursor pair, LayerBuilder& out) {
  const Element type = read(pair), value = read(pair);
  if (!type.is(kOid) || !value.ok) return;
  add_oid(out, kX509ifOid, type.value);
  const std::string_view oid = as_text(type.value);
  if (oid != kEmail) out.mention("x509sat");
  if (oid == kCountry || oid == kJurisdictionCountry) {
    out.add(kX509satCountryName, value.value, value.value);
  } else if (oid == kSerialNumberAttribute || oid == kDnQualifier) {
    out.add(kX509satPrintable, value.value, value.value);
  } else if (oid == kEmail || oid == kDomainComponent) {
    out.add(kX509satIa5String, value.value, value.value);
  } else {
    directory_string(value, out);
  }
}

std::uint64_t count(Cursor in) {
  std::uint64_t items = 0;
  while (in.left() > 0 && read(in).ok) ++items;
  return items;
}

}  // namespace

void name(const Element& sequence, LayerBuilder& out, Field which) {
  if (!sequence.is(kSequence)) return;
  out.add(which, count(sequence.inside()), sequence.value);
  const LayerBuilder::Subtree below(out);
  for (Cursor in = sequence.inside(); in.left() > 0;) {
    const Element set = read(in);
    if (!set.is(kSet)) return;
    out.add(kX509ifRDNSequenceItem, count(set.inside()), set.value);
    const LayerBuilder::Subtree item(out);
    for (Cursor attributes = set.inside(); attributes.left() > 0;) {
      const Element pair = read(attributes);
      if (!pair.is(kSequence)) return;
      attribute(pair.inside(), out);
    }
  }
}

void algorithm(Cursor& in, LayerBuilder& out) {
  Cursor inside = read(in).inside();
  const Element id = read(inside);
  if (id.is(kOid)) add_oid(out, kX509afAlgorithmId, id.value);
}

namespace {

// "131022120000Z" as "2013-10-22 12:00:00 (UTC)"; anything else stays as it is.
void utc_time(Bytes value, LayerBuilder& out) {
  if (!out.wants(kX509afUtcTime)) return;
  const std::string_view in = as_text(value);
  if (in.size() != 13 || in.back() != 'Z') return out.add(kX509afUtcTime, value, value);
  std::string text = in[0] < '5' ? "20" : "19";
  text += in.substr(0, 2);
  for (std::size_t part = 0; part < 5; ++part) {
    text += "-- ::"[part];
    text += in.substr(2 + 2 * part, 2);
  }
  out.add_text(kX509afUtcTime, text + " (UTC)", value);
}

// "20500101000000Z"; other forms are not DER.
void generalized_time(Bytes value, LayerBuilder& out) {
  const std::string_view in = as_text(value);
  if (in.size() != 15 || in.back() != 'Z') return;
  const auto number = [in](std::size_t at, std::size_t digits) {
    unsigned n = 0;
    std::from_chars(in.data() + at, in.data() + at + digits, n);
    return n;
  };
  using namespace std::chrono;
  const year_month_day day{year(static_cast<int>(number(0, 4))), month(number(4, 2)), std::chrono::day(number(6, 2))};
  // Nanoseconds in 64 bits end in 2262.
  if (!day.ok() || day.year() > year(2261) || day.year() < year(1970)) return;
  const sys_seconds at = sys_days(day) + hours(number(8, 2)) + minutes(number(10, 2)) + seconds(number(12, 2));
  out.add(kX509afGeneralizedTime, static_cast<std::uint64_t>(at.time_since_epoch().count()) * 1'000'000'000U, value);
}

void time(const Element& element, LayerBuilder& out, Field which) {
  const bool utc = element.tag == kUtc;
  out.add(which, utc ? 0U : 1U, element.value);
  const LayerBuilder::Subtree below(out);
  if (utc) {
    utc_time(element.value, out);
  } else {
    generalized_time(element.value, out);
  }
}

void public_key(Cursor in, LayerBuilder& out) {
  const Element algorithm_element = read(in);
  Cursor parameters = algorithm_element.inside();
  const Element id = read(parameters);
  const Element bits = read(in);
  if (!id.is(kOid) || !bits.is(kBitString) || bits.value.empty()) return;
  add_oid(out, kX509afAlgorithmId, id.value);
  const Bytes key = bits.value.subspan(1);  // after the count of unused bits
  if (as_text(id.value) == kEcKey) {
    const Element curve = read(parameters);
    if (curve.is(kOid)) {
      add_oid(out, kPkcs1NamedCurve, curve.value);
      out.mention("pkcs-1");
    }
  }
  out.add(kX509afSubjectPublicKey, key, key);
  if (as_text(id.value) != kRsa) return;
  const LayerBuilder::Subtree below(out);
  Cursor outer(key);
  Cursor numbers = read(outer).inside();
  const Element modulus = read(numbers), exponent = read(numbers);
  if (modulus.is(kInteger)) out.add(kPkcs1Modulus, modulus.value, modulus.value);
  if (!exponent.is(kInteger) || exponent.value.size() > 8) return;
  std::uint64_t number = 0;
  for (const std::uint8_t octet : exponent.value) number = number << 8U | octet;
  out.add(kPkcs1PublicExponent, number, exponent.value);
}

void general_name(const Element& element, LayerBuilder& out, bool numbered) {
  const std::uint8_t choice = element.tag & 0x1fU;
  if (numbered) out.add(kX509ceGeneralName, choice, element.value);
  const LayerBuilder::Subtree below(out);
  switch (choice) {
    case 1: return out.add(kX509ceRfc822Name, element.value, element.value);
    case 2: return out.add(kX509ceDNSName, element.value, element.value);
    case 4: {
      Cursor in(element.value);
      return name(read(in), out, kX509ifRdnSequence);
    }
    case 6: return out.add(kX509ceUniformResourceIdentifier, element.value, element.value);
    case 7: {
      Cursor in(element.value);
      if (in.left() == 4) out.ipv4(in, kX509ceIPAddressIpv4);
      if (in.left() == 16) out.bytes(in, kX509ceIPAddressIpv6, 16);
      return;
    }
    default: return;
  }
}

void general_names(Cursor list, LayerBuilder& out) {
  while (list.left() > 0) {
    const Element element = read(list);
    if (!element.ok) return;
    general_name(element, out, true);
  }
}

void alternative_names(Cursor value, LayerBuilder& out) {
  const Element names = read(value);
  if (!names.is(kSequence)) return;
  out.add(kX509ceGeneralNames, count(names.inside()), names.value);
  const LayerBuilder::Subtree below(out);
  general_names(names.inside(), out);
}

void basic_constraints(Cursor value, LayerBuilder& out) {
  Cursor in = read(value).inside();
  Element element = read(in);
  if (element.is(kBoolean) && element.value.size() == 1) {
    out.add(kX509ceCA, element.value[0] != 0 ? 1U : 0U, element.value);
    element = read(in);
  }
  if (element.is(kInteger) && element.value.size() == 1)
    out.add(kX509cePathLenConstraint, element.value[0], element.value);
}

void key_purposes(Cursor value, LayerBuilder& out) {
  const Element list = read(value);
  if (!list.is(kSequence)) return;
  out.add(kX509ceKeyPurposeIDs, count(list.inside()), list.value);
  const LayerBuilder::Subtree below(out);
  for (Cursor in = list.inside(); in.left() > 0;) {
    const Element id = read(in);
    if (!id.is(kOid)) return;
    add_oid(out, kX509ceKeyPurposeId, id.value);
  }
}

void authority_key(Cursor value, LayerBuilder& out) {
  Cursor in = read(value).inside();
  while (in.left() > 0) {
    const Element element = read(in);
    if (element.is(kContext)) out.add(kX509ceKeyIdentifier, element.value, element.value);
    if (element.is(kContext | kConstructed | 1U)) general_names(element.inside(), out);
  }
}

// DistributionPoint: [0] { [0] fullName { GeneralNames } }
void crl_points(Cursor value, LayerBuilder& out) {
  for (Cursor points = read(value).inside(); points.left() > 0;) {
    Cursor point = read(points).inside();
    const Element where = read(point);
    if (!where.is(kContext | kConstructed)) continue;
    Cursor inside = where.inside();
    const Element full = read(inside);
    if (full.is(kContext | kConstructed)) general_names(full.inside(), out);
  }
}

void authority_info(Cursor value, LayerBuilder& out) {
  for (Cursor list = read(value).inside(); list.left() > 0;) {
    Cursor access = read(list).inside();
    const Element method = read(access), location = read(access);
    if (method.is(kOid) && location.ok) general_name(location, out, false);
  }
}

// PolicyInformation: the policy's identifier, then qualifiers that are identifiers with values.
void policies(Cursor value, LayerBuilder& out) {
  for (Cursor list = read(value).inside(); list.left() > 0;) {
    Cursor policy = read(list).inside();
    read(policy);
    for (Cursor qualifiers = read(policy).inside(); qualifiers.left() > 0;) {
      Cursor qualifier = read(qualifiers).inside();
      const std::string_view id = as_text(read(qualifier).value);
      if (id == kStatement) out.mention("pkix1explicit");
      if (id == kNotice) out.mention("pkix1implicit");
    }
  }
}

// The module whose dissector reads an extension in Wireshark; null: none does.
const char* module_of(std::string_view oid) {
  constexpr std::uint8_t kFirstKnown = 9;  // below are numbers of a draft
  if (oid.starts_with(kCertificateExtensions)) {
    return oid.size() == 3 && static_cast<std::uint8_t>(oid[2]) >= kFirstKnown ? "x509ce" : nullptr;
  }
  if (oid == kAuthorityInfo) return "pkix1implicit";
  if (oid == kSignedTimestamps) return "tls";
  if (oid == kNoOcspCheck) return "ocsp";
  if (oid == kMicrosoftTemplateName) return "x509sat";
  if (oid.starts_with(kMicrosoftTemplates) && oid.size() == 9) return oid.back() <= 2 ? "x509sat" : "x509ce";
  return nullptr;
}

void extension(Cursor in, LayerBuilder& out) {
  const Element id = read(in);
  if (!id.is(kOid)) return;
  add_oid(out, kX509afExtensionId, id.value);
  Element value = read(in);
  if (value.is(kBoolean) && value.value.size() == 1) {
    out.add(kX509afCritical, value.value[0] != 0 ? 1U : 0U, value.value);
    value = read(in);
  }
  if (!value.is(kOctetString)) return;
  const std::string_view oid = as_text(id.value);
  Cursor inside = value.inside();
  if (const char* module = module_of(oid); module != nullptr) out.mention(module);
  if (oid == kPolicies) policies(inside, out);
  if (oid == kSubjectKey) {
    const Element key = read(inside);
    if (key.is(kOctetString)) out.add(kX509ceSubjectKeyIdentifier, key.value, key.value);
  }
  if (oid == kAltName || oid == kIssuerAltName) alternative_names(inside, out);
  if (oid == kBasic) basic_constraints(inside, out);
  if (oid == kExtKeyUsage) key_purposes(inside, out);
  if (oid == kAuthorityKey) authority_key(inside, out);
  if (oid == kCrlPoints) crl_points(inside, out);
  if (oid == kAuthorityInfo) authority_info(inside, out);
  if (oid == kSignedTimestamps) {
    Cursor timestamps = read(inside).inside();
    dissect_timestamps(timestamps, out);
  }
}

void extensions(const Element& wrapped, LayerBuilder& out) {
  Cursor in = wrapped.inside();
  const Element list = read(in);
  if (!list.is(kSequence)) return;
  out.add(kX509afExtensions, count(list.inside()), list.value);
  const LayerBuilder::Subtree below(out);
  for (Cursor items = list.inside(); items.left() > 0;) {
    const Element item = read(items);
    if (!item.is(kSequence)) return;
    extension(item.inside(), out);
  }
}

void named(Field which, Cursor& in, LayerBuilder& out) {
  const Element element = read(in);
  if (!element.ok) return;
  out.add(which, 0, element.value);
  const LayerBuilder::Subtree below(out);
  name(element, out, which == kX509afSubject ? kX509afRdnSequence : kX509ifRdnSequence);
}

void to_be_signed(Cursor in, LayerBuilder& out) {
  Element element = read(in);
  if (element.is(kContext | kConstructed)) {
    Cursor inside = element.inside();
    const Element version = read(inside);
    if (version.is(kInteger) && version.value.size() == 1) out.add(kX509afVersion, version.value[0], version.value);
    element = read(in);
  }
  if (!element.is(kInteger)) return;
  out.add(kX509afSerialNumber, element.value, element.value);
  algorithm(in, out);
  named(kX509afIssuer, in, out);
  Cursor validity = read(in).inside();
  for (const Field which : {kX509afNotBefore, kX509afNotAfter}) {
    const Element at = read(validity);
    if (at.is(kUtc) || at.is(kGeneralized)) time(at, out, which);
  }
  named(kX509afSubject, in, out);
  const Element key = read(in);
  if (key.is(kSequence)) public_key(key.inside(), out);
  while (in.left() > 0) {
    const Element more = read(in);
    if (more.is(kContext | kConstructed | 3U)) extensions(more, out);  // 1 and 2 are unique identifiers
  }
}

}  // namespace

void dissect_x509(Bytes der, LayerBuilder& out) {
  Cursor outer(der);
  const Element certificate = read(outer);
  if (!certificate.is(kSequence)) return;
  Cursor in = certificate.inside();
  const Element body = read(in);
  if (!body.is(kSequence)) return;
  to_be_signed(body.inside(), out);
  algorithm(in, out);
  const Element signature = read(in);
  if (!signature.is(kBitString) || signature.value.empty()) return;
  out.add(kX509afEncrypted, signature.value.subspan(1), signature.value.subspan(1));
}

void dissect_name(Bytes der, LayerBuilder& out) {
  Cursor in(der);
  name(read(in), out, kX509ifRdnSequence);
}

}  // namespace pr::dissect::tls
