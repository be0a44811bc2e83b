#include <algorithm>
#include <array>
#include <cstring>

#include "helper/dissect/proto/http/http.h"

namespace pr::dissect::http {
namespace {

struct Known {
  std::string_view name;  // lower case
  Field field;
};
constexpr Known kKnown[] = {{"accept", kAccept},
                            {"accept-encoding", kAcceptEncoding},
                            {"accept-language", kAcceptLanguage},
                            {"authorization", kAuthorization},
                            {"cache-control", kCacheControl},
                            {"connection", kConnection},
                            {"content-encoding", kContentEncoding},
                            {"content-length", kContentLengthHeader},
                            {"content-type", kContentType},
                            {"cookie", kCookie},
                            {"date", kDate},
                            {"host", kHost},
                            {"http2-settings", kHttp2Settings},
                            {"last-modified", kLastModified},
                            {"location", kLocation},
                            {"proxy-authenticate", kProxyAuthenticate},
                            {"proxy-authorization", kProxyAuthorization},
                            {"referer", kReferer},
                            {"sec-websocket-accept", kSecWebsocketAccept},
                            {"sec-websocket-extensions", kSecWebsocketExtensions},
                            {"sec-websocket-key", kSecWebsocketKey},
                            {"sec-websocket-protocol", kSecWebsocketProtocol},
                            {"sec-websocket-version", kSecWebsocketVersion},
                            {"server", kServer},
                            {"set-cookie", kSetCookie},
                            {"transfer-encoding", kTransferEncoding},
                            {"upgrade", kUpgrade},
                            {"user-agent", kUserAgent},
                            {"www-authenticate", kWwwAuthenticate},
                            {"x-forwarded-for", kXForwardedFor}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

Field find_known(std::string_view name) {
  std::array<char, 32> folded;
  if (name.size() > folded.size()) return kFieldCount;
  std::ranges::transform(name, folded.begin(), lower);
  const std::string_view key(folded.data(), name.size());
  const auto* found = std::ranges::lower_bound(kKnown, key, {}, &Known::name);
  return found != std::end(kKnown) && found->name == key ? found->field : kFieldCount;
}

// A value may continue on lines that begin with white space (obsolete, RFC 9112 5.2).
struct Header {
  Bytes whole, name, value;
};

Bytes without_line_end(Bytes line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line = line.first(line.size() - 1);
  return line;
}

Bytes take_line(Cursor& in) {
  const Bytes rest = in.rest();
  const void* end = std::memchr(rest.data(), '\n', rest.size());
  if (rest.empty()) return {};
  const std::size_t length =
      end == nullptr ? rest.size() : static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - rest.data()) + 1;
  return in.take(length);
}

Header take_header(Cursor& in) {
  const std::size_t start = in.at();
  take_line(in);
  while (in.left() > 0 && (in.peek(1)[0] == ' ' || in.peek(1)[0] == '\t')) take_line(in);
  Header header{.whole = in.since(start), .name = {}, .value = {}};
  const Bytes line = without_line_end(header.whole);
  const std::string_view text = as_text(line);
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return header;
  header.name = line.first(colon);
  const std::size_t value = std::min(text.find_first_not_of(" \t", colon + 1), text.size());
  header.value = line.subspan(value);
  return header;
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::string decode_base64(std::string_view text) {
  std::string made;
  unsigned held = 0, bits = 0;
  for (const char c : text) {
    const unsigned digit = c >= 'A' && c <= 'Z'   ? static_cast<unsigned>(c - 'A')
                           : c >= 'a' && c <= 'z' ? static_cast<unsigned>(c - 'a') + 26
                           : c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') + 52
                           : c == '+'             ? 62U
                           : c == '/'             ? 63U
                                                  : 64U;
    if (digit == 64) break;
    held = (held << 6U | digit) & 0xffffU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      made += static_cast<char>(held >> bits & 0xffU);
    }
  }
  return made;
}

// Where a part of a value lies: a sub-span of it.
Bytes at(Bytes value, std::string_view part) {
  return value.subspan(static_cast<std::size_t>(part.data() - as_text(value).data()), part.size());
}

void add_ascii(std::size_t f, Bytes value, Bytes where, LayerBuilder& out) {
  if (!out.wants(f)) return;
  const bool plain = std::ranges::all_of(value, [](std::uint8_t c) { return c > 0 && c < 0x80; });
  if (plain) {
    out.add(f, value, where);
  } else {
    out.add_text(f, ascii(value), where);
  }
}

void add_pairs(Bytes value, char separator, Field field, bool trim, LayerBuilder& out) {
  std::string_view rest = as_text(value);
  while (!rest.empty()) {
    std::string_view part = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    while (trim && part.starts_with(' ')) part.remove_prefix(1);
    if (!part.empty()) add_ascii(field, at(value, part), at(value, part), out);
  }
}

class HeadReader {
 public:
  HeadReader(Cursor& in, LayerBuilder& out) : in_(in), out_(out) {}

  Head run(std::size_t length) {
    const std::size_t start = in_.at();
    Cursor block(in_.take(length));
    start_line(block);
    for (std::size_t n = 0; block.left() > 0 && n < kMaxHeaders; ++n) {
      if (without_line_end(block.peek(2)).empty()) break;  // the blank line
      if (block.peek(1)[0] == '\n') break;
      const Header header = take_header(block);
      if (!header.name.empty()) add(header);
    }
    head_.length = in_.at() - start;
    return head_;
  }

 private:
  void start_line(Cursor& block) {
    const Bytes whole = take_line(block);
    head_.line = parse_start_line(without_line_end(whole));
    head_.line.whole = whole;
    if (!out_.wanted()) return;
    out_.mark(kChat, whole);
    const LayerBuilder::Subtree tree(out_);
    if (head_.line.kind == Kind::kResponse) {
      response();
    } else {
      request();
    }
  }

  void request() {
    const StartLine& line = head_.line;
    out_.add(kRequestMethod, line.method, line.method);
    add_ascii(kRequestUri, line.uri, line.uri, out_);
    const std::string_view uri = as_text(line.uri);
    if (const std::size_t mark = uri.find('?'); mark != uri.npos) {
      const LayerBuilder::Subtree tree(out_);
      const Bytes query = line.uri.subspan(mark + 1);
      add_ascii(kRequestUriPath, line.uri.first(mark), line.uri.first(mark), out_);
      add_ascii(kRequestUriQuery, query, query, out_);
      const LayerBuilder::Subtree parameters(out_);
      add_pairs(query, '&', kRequestUriQueryParameter, false, out_);
    }
    add_ascii(kRequestVersion, line.version, line.version, out_);
  }

  void response() {
    const StartLine& line = head_.line;
    add_ascii(kResponseVersion, line.version, line.version, out_);
    if (!line.code_text.empty()) {
      out_.add(kResponseCode, line.code, line.code_text);
      const std::string_view text = status_text(line.code);
      out_.add_text(kResponseCodeDesc, text.empty() ? "Unknown (" + std::to_string(line.code) + ")" : std::string(text),
                    line.code_text);
    }
    if (!line.phrase.empty()) add_ascii(kResponsePhrase, line.phrase, line.phrase, out_);
  }

  void add(const Header& header) {
    const Field field = find_known(as_text(header.name));
    remember(field, header.value);
    if (!out_.wanted()) return;
    if (field != kFieldCount) {
      add_ascii(field, header.value, header.whole, out_);
      const LayerBuilder::Subtree tree(out_);
      details(field, header);
    }
    const Kind kind = head_.line.kind;
    const Field line = kind == Kind::kRequest ? kRequestLine : kind == Kind::kResponse ? kResponseLine : kUnknownHeader;
    if (line != kUnknownHeader || field == kFieldCount) out_.add(line, header.whole, header.whole);
  }

  void remember(Field field, Bytes value) {
    switch (field) {
      case kHost: head_.host = value; break;
      case kContentType: head_.content_type = value; break;
      case kContentEncoding: head_.content_encoding = value; break;
      case kUserAgent: head_.user_agent = value; break;
      case kReferer: head_.referer = value; break;
      case kLocation: head_.location = value; break;
      case kServer: head_.server = value; break;
      case kXForwardedFor: head_.forwarded_for = value; break;
      case kUpgrade: head_.upgrade_to = value; break;
      case kContentLengthHeader: head_.content_length = parse_length(as_text(value)); break;
      case kTransferEncoding:
        head_.transfer_encoding = true;
        head_.chunked = head_.chunked || is_chunked(as_text(value));
        break;
      default: break;
    }
  }

  // Among the codings, wherever it stands: only the last frames a message by RFC 9112 6.1, but servers differ.
  static bool is_chunked(std::string_view codings) {
    while (!codings.empty()) {
      std::string_view coding = codings.substr(0, codings.find(','));
      codings.remove_prefix(std::min(codings.size(), coding.size() + 1));
      coding.remove_prefix(std::min(coding.find_first_not_of(" \t"), coding.size()));
      if (same_text(coding.substr(0, 7), "chunked")) return true;
    }
    return false;
  }

  // Chunked, and one other coding at most; in small letters, as Wireshark has it.
  static bool is_known(std::string_view codings) {
    constexpr std::string_view kCodings[] = {"compress", "deflate", "gzip", "identity", "x-compress", "x-gzip"};
    std::size_t others = 0;
    while (!codings.empty()) {
      const std::size_t end = std::min(codings.find(','), codings.size());
      std::string_view coding = codings.substr(0, end);
      codings.remove_prefix(std::min(codings.size(), end + 1));
      coding.remove_prefix(std::min(coding.find_first_not_of(" \t"), coding.size()));
      if (coding.empty() || coding.starts_with("chunked")) continue;
      const auto begins = [coding](std::string_view known) { return coding.starts_with(known); };
      if (++others > 1 || std::ranges::none_of(kCodings, begins)) return false;
    }
    return true;
  }

  void details(Field field, const Header& header) {
    const std::string_view text = as_text(header.value);
    if (field == kContentLengthHeader) {
      if (head_.content_length) out_.add(kContentLength, *head_.content_length, header.whole);
      if (head_.transfer_encoding) out_.mark(kTeAndLength, {});
    } else if (field == kTransferEncoding) {
      if (head_.content_length) out_.mark(kTeAndLength, {});
      if (!is_known(text)) out_.mark(kTeUnknown, {});
    } else if (field == kCookie) {
      add_pairs(header.value, ';', kCookiePair, true, out_);
    } else if ((field == kAuthorization || field == kProxyAuthorization) && same_text(text.substr(0, 6), "basic ")) {
      const std::size_t start = std::min(text.find_first_not_of(' ', 6), text.size());
      if (out_.wants(kAuthbasic)) out_.add_text(kAuthbasic, decode_base64(text.substr(start)), header.value);
    }
    const bool offers = field == kWwwAuthenticate || field == kProxyAuthenticate;
    if (offers || field == kAuthorization || field == kProxyAuthorization) windows_token(text);
  }

  // NTLM and Negotiate (RFC 4559) put a token of theirs behind the scheme's name.
  void windows_token(std::string_view text) {
    static constexpr std::string_view kSchemes[] = {"ntlm ", "negotiate "};
    if (!out_.wanted()) return;
    for (const std::string_view scheme : kSchemes) {
      if (!same_text(text.substr(0, scheme.size()), scheme)) continue;
      const std::size_t start = std::min(text.find_first_not_of(' ', scheme.size()), text.size());
      const std::string token = decode_base64(text.substr(start));
      if (token.empty()) return;
      out_.layer_length(in_.all().size());
      Cursor in = out_.source("NTLMSSP / GSSAPI Data", std::vector<std::uint8_t>(token.begin(), token.end()));
      out_.next(token.starts_with("NTLMSSP") ? "ntlmssp" : "gss-api", in);
    }
  }

  Cursor& in_;
  LayerBuilder& out_;
  Head head_;
};

}  // namespace

bool same_text(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::size_t find_head_end(Bytes message, std::size_t from) {
  const std::uint8_t* data = message.data();
  for (std::size_t at = from; at < message.size();) {
    const void* found = std::memchr(data + at, '\n', message.size() - at);
    if (found == nullptr) return 0;
    at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - data);
    const bool blank = at > 0 && (data[at - 1] == '\n' || (at > 1 && data[at - 1] == '\r' && data[at - 2] == '\n'));
    ++at;
    if (blank) return at;
  }
  return 0;
}

Head dissect_head(Cursor& in, std::size_t length, LayerBuilder& out) { return HeadReader(in, out).run(length); }

std::string ascii(Bytes octets) {
  std::string made;
  made.reserve(octets.size());
  for (const std::uint8_t c : octets) {
    if (c == 0) break;
    if (c < 0x80) {
      made += static_cast<char>(c);
    } else {
      made += "\xef\xbf\xbd";
    }
  }
  return made;
}

std::string full_uri(const Head& head) {
  const std::string_view uri = as_text(head.line.uri);
  if (head.line.meaning() == Method::kConnect || uri.starts_with("http://") || uri.starts_with("https://")) {
    return ascii(head.line.uri);
  }
  if (head.host.data() == nullptr) return {};
  return "http://" + ascii(head.host) + ascii(head.line.uri);
}

}  // namespace pr::dissect::http
