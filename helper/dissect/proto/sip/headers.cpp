// What stands in SIP header fields: addresses, Via, CSeq, credentials, reasons (RFC 3261 20 and 25, RFC 3326).
#include <algorithm>

#include "helper/dissect/proto/sip/sip.h"
#include "shared/base/text.h"

namespace pr::dissect::sip {
namespace {

constexpr std::size_t kMaxParts = 64;  // addresses or parameters of one header
constexpr auto npos = std::string_view::npos;

Bytes trimmed(Bytes text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text = text.subspan(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text = text.first(text.size() - 1);
  return text;
}

Bytes unquoted(Bytes text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.subspan(1, text.size() - 2);
  return text;
}

// The part before the next `separator` that stands in neither quotes nor angle brackets; takes it and the separator
// off.
Bytes next_part(Bytes& left, char separator) {
  bool quoted = false, angle = false;
  std::size_t i = 0;
  for (; i < left.size(); ++i) {
    const char c = static_cast<char>(left[i]);
    if (c == '"' && (i == 0 || left[i - 1] != '\\')) quoted = !quoted;
    if (quoted) continue;
    if (c == '<') angle = true;
    if (c == '>') angle = false;
    if (!angle && c == separator) break;
  }
  const Bytes part = left.first(i);
  left = left.subspan(std::min(left.size(), i + 1));
  return part;
}

struct Parameter {
  Bytes whole, name, value;
};

Parameter split(Bytes text) {
  Parameter made{.whole = trimmed(text), .name = {}, .value = {}};
  const std::size_t equals = as_text(made.whole).find('=');
  made.name = trimmed(made.whole.first(std::min(equals, made.whole.size())));
  if (equals != npos) made.value = trimmed(made.whole.subspan(equals + 1));
  return made;
}

struct Party {
  const char* header;
  std::size_t display;
  UriFields uri;
  std::size_t tag;        // kFieldCount: none
  std::size_t parameter;  // of the header, behind the address; kFieldCount: none
};

constexpr Party kParties[] = {
    {"From", kFromDisplayInfo, {kFromAddr, kFromUser, kFromHost, kFromPort, kFromParam}, kFromTag, kFieldCount},
    {"To", kToDisplayInfo, {kToAddr, kToUser, kToHost, kToPort, kToParam}, kToTag, kFieldCount},
    {"Contact",
     kContactDisplayInfo,
     {kContactUri, kContactUser, kContactHost, kContactPort, kContactParam},
     kFieldCount,
     kContactParameter},
    {"Route",
     kRouteDisplayInfo,
     {kRouteUri, kRouteUser, kRouteHost, kRoutePort, kRouteParam},
     kFieldCount,
     kFieldCount},
    {"Record-Route",
     kRecordRouteDisplayInfo,
     {kRecordRouteUri, kRecordRouteUser, kRecordRouteHost, kRecordRoutePort, kRecordRouteParam},
     kFieldCount,
     kFieldCount},
    {"P-Asserted-Identity",
     kPaiDisplayInfo,
     {kPaiAddr, kPaiUser, kPaiHost, kPaiPort, kPaiParam},
     kFieldCount,
     kFieldCount},
    {"P-Preferred-Identity",
     kPpiDisplayInfo,
     {kPpiAddr, kPpiUser, kPpiHost, kPpiPort, kPpiParam},
     kFieldCount,
     kFieldCount},
};

// One name-addr or addr-spec with its parameters.
void show_address(LayerBuilder& out, const Party& party, Bytes text) {
  text = trimmed(text);
  const bool own = party.tag != kFieldCount;
  Bytes uri, rest;
  const std::size_t open = [&] {
    const std::size_t quote = !text.empty() && text[0] == '"' ? as_text(text).find('"', 1) : npos;
    return as_text(text).find('<', quote == npos ? 0 : quote);
  }();
  if (open != npos) {
    const std::size_t close = as_text(text).find('>', open);
    const std::size_t end = close == npos ? text.size() : close;
    uri = text.subspan(open + 1, end - open - 1);
    rest = text.subspan(std::min(text.size(), end + 1));
    Bytes display = text.first(open);
    if (!display.empty() && display[0] == '"') display = trimmed(display);
    if (!display.empty()) {
      out.add(party.display, display, display);
      out.add(kDisplayInfo, display, display);
    }
  } else {
    const std::size_t end = std::min(as_text(text).find(';'), text.size());
    uri = text.first(end);
    rest = text.subspan(end);
  }
  show_uri(out, party.uri, trimmed(uri));
  for (std::size_t n = 0; n < kMaxParts && !rest.empty(); ++n) {
    const Parameter parameter = split(next_part(rest, ';'));
    if (parameter.whole.empty()) continue;
    if (own && equals_ignoring_case(as_text(parameter.name), "tag")) {
      out.add(party.tag, parameter.value, parameter.value);
      out.add(kTag, parameter.value, parameter.value);
    }
    if (party.parameter != kFieldCount) out.add(party.parameter, parameter.whole, parameter.whole);
  }
}

void show_addresses(LayerBuilder& out, const char* header, Bytes value) {
  for (const Party& party : kParties) {
    if (std::string_view(party.header) != header) continue;
    for (std::size_t n = 0; n < kMaxParts && !value.empty(); ++n) show_address(out, party, next_part(value, ','));
    return;
  }
}

void number(LayerBuilder& out, std::size_t field, Bytes text) {
  std::uint64_t value = 0;
  std::size_t i = 0;
  for (; i < text.size() && i < 10 && text[i] >= '0' && text[i] <= '9'; ++i) value = value * 10 + (text[i] - '0');
  if (i > 0) out.add(field, value & 0xffffffffU, text);
}

// "SIP/2.0/UDP host:port;branch=..."
void show_via(LayerBuilder& out, Bytes value) {
  Bytes rest = value;
  const Bytes first = trimmed(next_part(rest, ';'));
  const std::size_t space = as_text(first).find_first_of(" \t");
  if (space == npos) return;
  const Bytes protocol = first.first(space);
  const std::size_t slash = as_text(protocol).rfind('/');
  if (slash != npos) out.add(kViaTransport, protocol.subspan(slash + 1), protocol.subspan(slash + 1));
  const Bytes by = trimmed(first.subspan(space));
  const std::size_t bracket = !by.empty() && by[0] == '[' ? as_text(by).find(']') : 0;
  const std::size_t colon = as_text(by).find(':', bracket == npos ? 0 : bracket);
  const Bytes address = trimmed(by.first(std::min(colon, by.size())));
  out.add(kViaSentByAddress, address, address);
  if (colon != npos) number(out, kViaSentByPort, trimmed(by.subspan(colon + 1)));
  static constexpr struct {
    const char* name;
    std::size_t field;
  } kKnown[] = {{"branch", kViaBranch},     {"maddr", kViaMaddr}, {"rport", kViaRport},
                {"received", kViaReceived}, {"ttl", kViaTtl},     {"comp", kViaComp}};
  for (std::size_t n = 0; n < kMaxParts && !rest.empty(); ++n) {
    const Parameter parameter = split(next_part(rest, ';'));
    for (const auto& known : kKnown) {
      if (!equals_ignoring_case(as_text(parameter.name), known.name)) continue;
      const Bytes shown = parameter.value.empty() ? parameter.whole : parameter.value;  // ";rport" asks for a value
      out.add(known.field, shown, shown);
    }
  }
}

void show_credentials(LayerBuilder& out, Bytes whole, Bytes value, bool scheme) {
  out.add(kAuth, whole, whole);
  const LayerBuilder::Subtree deeper(out);
  if (scheme) {
    const std::size_t space = std::min(as_text(value).find(' '), value.size());
    out.add(kAuthScheme, value.first(space), value.first(space));
    value = value.subspan(space);
  }
  static constexpr struct {
    const char* name;
    std::size_t field;
  } kKnown[] = {{"response", kAuthDigestResponse},
                {"nc", kAuthNc},
                {"username", kAuthUsername},
                {"realm", kAuthRealm},
                {"nonce", kAuthNonce},
                {"algorithm", kAuthAlgorithm},
                {"opaque", kAuthOpaque},
                {"qop", kAuthQop},
                {"cnonce", kAuthCnonce},
                {"uri", kAuthUri},
                {"domain", kAuthDomain},
                {"stale", kAuthStale},
                {"auts", kAuthAuts},
                {"rspauth", kAuthRspauth},
                {"nextnonce", kAuthNextnonce}};
  for (std::size_t n = 0; n < kMaxParts && !value.empty(); ++n) {
    const Parameter parameter = split(next_part(value, ','));
    for (const auto& known : kKnown) {
      if (equals_ignoring_case(as_text(parameter.name), known.name))
        out.add(known.field, parameter.value, parameter.value);
    }
  }
}

void show_reason(LayerBuilder& out, Bytes value) {
  const Bytes protocol = trimmed(next_part(value, ';'));
  out.add(kReasonProtocols, protocol, protocol);
  for (std::size_t n = 0; n < kMaxParts && !value.empty(); ++n) {
    const Parameter parameter = split(next_part(value, ';'));
    if (equals_ignoring_case(as_text(parameter.name), "cause")) {
      const std::string_view who = as_text(protocol);
      number(out,
             who == "Q.850" ? kReasonCauseQ850
             : who == "SIP" ? kReasonCauseSip
                            : kReasonCauseOther,
             parameter.value);
    } else if (equals_ignoring_case(as_text(parameter.name), "text")) {
      out.add(kReasonText, unquoted(parameter.value), parameter.value);
    }
  }
}

// "3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=..." (RFC 7315 5.4)
void show_access_network(LayerBuilder& out, Bytes value) {
  const Bytes type = next_part(value, ';');
  if (value.empty()) return;
  if (!type.empty()) out.add(kPAccessNetworkInfoAccessType, type, type);
  for (std::size_t n = 0; n < kMaxParts && !value.empty(); ++n) {
    const Bytes parameter = next_part(value, ';');
    const std::size_t equals = as_text(parameter).find('=');
    if (equals == npos || !equals_ignoring_case(trim(as_text(parameter.first(equals))), "utran-cell-id-3gpp")) continue;
    const Bytes cell = parameter.subspan(equals + 1);
    out.add(kPAccessNetworkInfoUtranCellId3gpp, cell, cell);
  }
}

void words(LayerBuilder& out, Bytes value, std::initializer_list<std::size_t> fields) {
  for (const std::size_t field : fields) {
    value = trimmed(value);
    const std::size_t space = std::min(as_text(value).find(' '), value.size());
    const Bytes word = field == *(fields.end() - 1) ? value : value.first(space);
    if (field == kCSeqMethod) {
      out.add(field, word, word);
    } else {
      number(out, field, word);
    }
    value = value.subspan(space);
  }
}

}  // namespace

void show_uri(LayerBuilder& out, const UriFields& fields, Bytes uri) {
  out.add(fields.uri, uri, uri);
  const LayerBuilder::Subtree deeper(out);
  const std::size_t scheme = as_text(uri).find(':');
  if (scheme == npos) return;
  Bytes rest = uri.subspan(scheme + 1);
  const std::size_t at = as_text(rest).find('@');
  if (at != npos) {
    const Bytes user = rest.first(at);
    out.add(fields.user, user, user);
    rest = rest.subspan(at + 1);
  } else if (equals_ignoring_case(as_text(uri.first(scheme)), "tel")) {
    return;
  }
  const std::size_t end = std::min(as_text(rest).find_first_of(";?"), rest.size());
  const Bytes where = rest.first(end);
  const std::size_t bracket = !where.empty() && where[0] == '[' ? as_text(where).find(']') : 0;
  const std::size_t colon = as_text(where).find(':', bracket == npos ? 0 : bracket);
  const Bytes host = where.first(std::min(colon, where.size()));
  if (!host.empty()) out.add(fields.host, host, host);
  if (colon != npos && colon + 1 < where.size())
    out.add(fields.port, where.subspan(colon + 1), where.subspan(colon + 1));
  if (fields.param != kFieldCount && end < rest.size() && rest[end] == ';') {
    Bytes parameters = rest.subspan(end + 1);
    for (std::size_t n = 0; n < kMaxParts && !parameters.empty(); ++n) {
      const Bytes one = next_part(parameters, ';');
      if (!one.empty()) out.add(fields.param, one, one);
    }
  }
}

void show_header(LayerBuilder& out, const HeaderName& name, Bytes whole, Bytes value) {
  if (name.kind == HeaderKind::kNumber) return number(out, name.field, value);
  out.add(name.field, value, whole);
  const LayerBuilder::Subtree deeper(out);
  switch (name.kind) {
    case HeaderKind::kAddress: return show_addresses(out, name.name, value);
    case HeaderKind::kVia:
      for (std::size_t n = 0; n < kMaxParts && !value.empty(); ++n) show_via(out, next_part(value, ','));
      return;
    case HeaderKind::kCSeqValue: return words(out, value, {kCSeqSeq, kCSeqMethod});
    case HeaderKind::kRAckValue: return words(out, value, {kRAckRSeqSeq, kRAckCSeqSeq});
    case HeaderKind::kAccessNetwork: return show_access_network(out, value);
    case HeaderKind::kReasonValue: return show_reason(out, value);
    case HeaderKind::kCredentials: return show_credentials(out, whole, value, name.field != kAuthenticationInfo);
    default: return;
  }
}

}  // namespace pr::dissect::sip
