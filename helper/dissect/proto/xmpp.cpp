// XMPP (RFC 6120) as far as it leads to TLS: streams, features, STARTTLS. Stanzas are told apart by name only.
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"

namespace pr::dissect {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 5222}, {"tcp.port", 5269}};

enum Field : std::uint16_t {
  kStream,
  kStreamEnd,
  kFeatures,
  kStarttls,
  kProceed,
};

constexpr FieldDef kFields[] = {
    {"xmpp.stream", "STREAM", FieldType::kNone},     {"xmpp.stream_end", "STREAM END", FieldType::kNone},
    {"xmpp.features", "FEATURES", FieldType::kNone}, {"xmpp.starttls", "STARTTLS", FieldType::kNone},
    {"xmpp.proceed", "PROCEED", FieldType::kNone},
};

constexpr std::size_t kMaxPiece = 64U << 10U;  // of a stanza that is kept until its end

struct State {
  bool seen;
  bool asked;  // for TLS
};

// The name of the first element, prefix included; "" if there is none.
std::string_view element(std::string_view text) {
  if (text.starts_with("<?xml")) {
    const std::size_t end = text.find("?>");
    text = end == text.npos ? std::string_view{} : text.substr(end + 2);
  }
  const std::size_t open = text.find('<');
  if (open == text.npos) return {};
  text = text.substr(open + 1);
  return text.substr(0, text.find_first_of(" \t\r\n/>", text.starts_with('/') ? 1 : 0));
}

bool opens_stream(std::string_view text) {
  return element(text) == "stream:stream" && text.find("http://etherx.jabber.org/streams") != text.npos;
}

Outcome dissect_xmpp(Cursor& in, LayerBuilder& out) {
  auto& state = out.state<State>();
  const std::string_view all = as_text(in.rest());
  if (!state.seen && element(all) != "stream:stream") return Outcome::kNotMine;
  const std::size_t last = all.rfind('>');
  if (last == all.npos && all.size() < kMaxPiece && !out.at_end()) {
    out.need(0);
    return Outcome::kNeedMore;
  }
  const std::size_t size = last == all.npos ? all.size() : last + 1;
  const std::string_view text = all.substr(0, size);
  const Bytes where = in.take(size);
  state.seen = true;
  const std::string_view name = element(text);
  std::string info(name);
  std::ranges::transform(info, info.begin(), [](char c) { return ascii_upper(static_cast<std::uint8_t>(c)); });
  if (name == "stream:stream") out.mark(kStream, where);
  if (name == "/stream:stream") out.mark(kStreamEnd, where);
  if (name == "stream:features") out.mark(kFeatures, where);
  if (name == "starttls") {
    out.mark(kStarttls, where);
    state.asked = true;
  }
  if (name == "proceed") {
    out.mark(kProceed, where);
    if (state.asked) out.upgrade(nullptr);
  }
  if (out.wanted()) out.info(std::move(info));
  return Outcome::kDone;
}

Likeness probe_xmpp(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || start.empty() || start[0] != '<') return Likeness::kNo;
  const std::string_view text = as_text(start);
  if (opens_stream(text)) return Likeness::kYes;
  return element(text) == "stream:stream" ? Likeness::kMaybe : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector xmpp_dissector{.name = "xmpp",
                                                .title = "XMPP Protocol",
                                                .column = "XMPP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_xmpp,
                                                .probe = &probe_xmpp,
                                                .stream = true};

}  // namespace pr::dissect
