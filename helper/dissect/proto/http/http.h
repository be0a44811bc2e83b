// HTTP/1.x (RFC 9110, 9112): parts of the dissector that are useful alone. Fields in fields.cpp, framing in http.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "helper/dissect/dissector.h"

namespace pr::dissect::http {

// Indexes into kFields.
enum Field : std::uint16_t {
  kNotification,
  kResponse,
  kRequest,
  kResponseNumber,
  kRequestNumber,
  kAuthbasic,
  kResponseLine,
  kRequestLine,
  kRequestMethod,
  kRequestUri,
  kRequestUriPath,
  kRequestUriQuery,
  kRequestUriQueryParameter,
  kRequestVersion,
  kResponseVersion,
  kRequestFullUri,
  kResponseCode,
  kResponseCodeDesc,
  kResponsePhrase,
  kAuthorization,
  kProxyAuthenticate,
  kProxyAuthorization,
  kWwwAuthenticate,
  kContentType,
  kContentLengthHeader,
  kContentLength,
  kContentEncoding,
  kTransferEncoding,
  kUpgrade,
  kUserAgent,
  kHost,
  kConnection,
  kCookie,
  kCookiePair,
  kAccept,
  kReferer,
  kAcceptLanguage,
  kAcceptEncoding,
  kDate,
  kCacheControl,
  kServer,
  kLocation,
  kSecWebsocketAccept,
  kSecWebsocketExtensions,
  kSecWebsocketKey,
  kSecWebsocketProtocol,
  kSecWebsocketVersion,
  kSetCookie,
  kLastModified,
  kXForwardedFor,
  kHttp2Settings,
  kRequestIn,
  kTime,
  kChunkedTrailerPart,
  kChunkBoundary,
  kChunkSize,
  kChunkData,
  kFileData,
  kUnknownHeader,
  kChat,
  kTeAndLength,
  kTeUnknown,
  kLeadingCrlf,
  kDecompressionFailed,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];

inline constexpr std::size_t kMaxHead = 64U << 10U;
inline constexpr std::size_t kMaxHeaders = 500;
inline constexpr std::size_t kMaxDecoded = 1U << 20U;  // of a body, dechunked or decompressed
inline constexpr std::size_t kMaxRatio = 100;

enum class Kind : std::uint8_t { kNone, kRequest, kNotification, kResponse };

// What a request was matters to its response: HEAD has no body, CONNECT makes a tunnel.
enum class Method : std::uint8_t { kOther, kHead, kConnect };

struct StartLine {
  Kind kind = Kind::kNone;
  Bytes whole;                 // with its line end
  Bytes method, uri, version;  // version: of a response, too
  Bytes code_text, phrase;
  std::uint16_t code = 0;
  [[nodiscard]] Method meaning() const;
};

// The line's octets without its end. Kind::kNone: no request line of a known method and no status line.
StartLine parse_start_line(Bytes line);
// True while `start`, the first octets of a line that is not complete, may become a start line.
bool may_be_start_line(Bytes start);
// "Not Found"; "" if unknown.
std::string_view status_text(std::uint16_t code);

// What the header block says of the message. Views into it.
struct Head {
  StartLine line;
  std::size_t length = 0;  // octets up to the body
  Bytes host, content_type, content_encoding, user_agent, referer, location, server, forwarded_for, upgrade_to;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool transfer_encoding = false;
};

// Offset behind the blank line that ends the header block; 0: not there. from: where to look first, an offset
// up to which there was none before.
std::size_t find_head_end(Bytes message, std::size_t from);
// Reads the block (start line to blank line) and adds its fields. in: at the start line.
Head dissect_head(Cursor& in, std::size_t length, LayerBuilder& out);
// "http://host/path": what the request asks for; "" without a host.
std::string full_uri(const Head& head);
// Wireshark's dissector of a body of this media type: "data-text-lines"; null: none, its octets are data.
const char* media_dissector(std::string_view type);
// ASCII as Wireshark makes it of arbitrary octets: those above 127 become U+FFFD, a NUL ends it.
std::string ascii(Bytes octets);

// ---- Chunked bodies ----
struct Chunk {
  enum class State : std::uint8_t { kMore, kData, kEnd };
  State state = State::kMore;
  std::size_t data = 0;  // offset of the data
  std::uint64_t size = 0;
  std::uint64_t next = 0;  // offset behind it: the next chunk, or (kEnd) the end of the body
};
// The chunk whose size line is at offset `at`. kMore: the line, or after the last chunk the trailer, is not complete;
// with `end` nothing will come and such a body ends where the bytes do.
Chunk read_chunk(Bytes message, std::uint64_t at, bool end);

// Adds the fields of a chunked body that lies in message from `at` on, and returns its data put together (bounded).
std::vector<std::uint8_t> dissect_chunks(Bytes message, std::uint64_t at, bool end, LayerBuilder& out);

// A compressed body, as far as it can be decompressed within the limits.
struct Decoded {
  bool known = false;  // the encoding is one of gzip, deflate, br
  bool failed = false;
  bool limited = false;
  std::vector<std::uint8_t> bytes;
};
Decoded decompress(std::string_view encoding, Bytes body);
// True of a compressed body with nothing in it, as answers without a body have.
bool is_empty_gzip(std::string_view encoding, Bytes body);

bool same_text(std::string_view a, std::string_view b);  // without regard to ASCII case

}  // namespace pr::dissect::http
