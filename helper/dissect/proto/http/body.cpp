#include <brotli/decode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "helper/dissect/proto/http/http.h"
#include "shared/base/text.h"

namespace pr::dissect::http {
namespace {

constexpr std::uint64_t kMaxChunk = std::uint64_t{1} << 31U;
constexpr std::size_t kMaxSizeLine = 256;  // with extensions

// Offset behind the line that starts at `at`; 0: no line end is there.
std::size_t line_end(Bytes message, std::size_t at) {
  if (at >= message.size()) return 0;
  const void* found = std::memchr(message.data() + at, '\n', message.size() - at);
  return found == nullptr ? 0 : static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - message.data()) + 1;
}

// The hexadecimal number at the start of text, after blanks; more than kMaxChunk if there is none or it is too large.
std::uint64_t hex_number(std::string_view text) {
  std::uint64_t value = 0;
  bool any = false;
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) break;
    any = true;
    value = value << 4U | static_cast<unsigned>(digit);
    if (value > kMaxChunk) break;
  }
  return any ? value : kMaxChunk + 1;
}

bool blank(Bytes line) {
  return std::ranges::all_of(line, [](std::uint8_t c) { return c == '\r' || c == '\n'; });
}

// Behind the trailer lines and the blank line that ends them; 0: it is not complete.
std::size_t trailer_end(Bytes message, std::size_t at) {
  for (std::size_t lines = 0; lines < kMaxHeaders; ++lines) {
    const std::size_t next = line_end(message, at);
    if (next == 0) return 0;
    if (blank(message.subspan(at, next - at))) return next;
    at = next;
  }
  return at;
}

// What may come out of `size` octets.
std::size_t output_limit(std::size_t size) { return std::min(kMaxDecoded, size * kMaxRatio); }

void inflate_body(Bytes body, int window_bits, Decoded* made) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) {
    made->failed = true;
    return;
  }
  made->bytes.clear();
  made->failed = false;
  // zlib does not write to its input; its interface is older than const.
  stream.next_in = const_cast<Bytef*>(body.data());
  stream.avail_in = static_cast<uInt>(body.size());
  const std::size_t limit = output_limit(body.size());
  std::array<std::uint8_t, 16384> piece;
  int said = Z_OK;
  while (said == Z_OK && !made->limited) {
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    said = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = piece.size() - stream.avail_out;
    const std::size_t room = limit - made->bytes.size();
    made->limited = got > room;
    made->bytes.insert(made->bytes.end(), piece.begin(),
                       piece.begin() + static_cast<std::ptrdiff_t>(std::min(got, room)));
    if (said == Z_OK && got == 0 && stream.avail_in == 0) break;  // the body was cut
  }
  inflateEnd(&stream);
  made->failed = said != Z_OK && said != Z_STREAM_END && said != Z_BUF_ERROR;
  if (made->bytes.empty() && said != Z_STREAM_END) made->failed = true;
}

void decode_brotli(Bytes body, Decoded* made) {
  BrotliDecoderState* state = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
  if (state == nullptr) {
    made->failed = true;
    return;
  }
  const std::size_t limit = output_limit(body.size());
  std::size_t left = body.size();
  const std::uint8_t* next = body.data();
  std::array<std::uint8_t, 16384> piece;
  BrotliDecoderResult said = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
  while (said == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && !made->limited) {
    std::size_t space = piece.size();
    std::uint8_t* to = piece.data();
    said = BrotliDecoderDecompressStream(state, &left, &next, &space, &to, nullptr);
    const std::size_t got = piece.size() - space;
    const std::size_t room = limit - made->bytes.size();
    made->limited = got > room;
    made->bytes.insert(made->bytes.end(), piece.begin(),
                       piece.begin() + static_cast<std::ptrdiff_t>(std::min(got, room)));
  }
  BrotliDecoderDestroyInstance(state);
  made->failed = said == BROTLI_DECODER_RESULT_ERROR;
  if (made->bytes.empty() && said != BROTLI_DECODER_RESULT_SUCCESS) made->failed = true;
}

}  // namespace

const char* media_dissector(std::string_view type) {
  struct Media {
    std::string_view type;
    const char* dissector;
  };
  constexpr Media kMedia[] = {{"text/html", "data-text-lines"},
                              {"text/plain", "data-text-lines"},
                              {"text/css", "data-text-lines"},
                              {"text/javascript", "data-text-lines"},
                              {"application/x-javascript", "data-text-lines"},
                              {"application/json", "json"},
                              {"text/xml", "xml"},
                              {"application/xml", "xml"},
                              {"application/soap+xml", "xml"},
                              {"application/x-www-form-urlencoded", "urlencoded-form"},
                              {"image/gif", "image-gif"},
                              {"image/jpeg", "image-jfif"},
                              {"image/png", "png"},
                              {"application/ocsp-request", "ocsp"},
                              {"application/ocsp-response", "ocsp"}};
  type = trim(type.substr(0, type.find(';')));
  if (type.empty() || same_text(type, "application/octet-stream")) return nullptr;
  for (const Media& media : kMedia) {
    if (same_text(type, media.type)) return media.dissector;
  }
  return same_text(type.substr(0, type.find('/')), "multipart") ? "mime_multipart" : "media";
}

Chunk read_chunk(Bytes message, std::uint64_t at, bool end) {
  Chunk chunk;
  const std::size_t size = message.size();
  const auto stop = [&](bool over) {
    chunk.state = over ? Chunk::State::kEnd : Chunk::State::kMore;
    chunk.data = size;
    chunk.next = size;
    return chunk;
  };
  if (at >= size) return stop(end);
  const auto start = static_cast<std::size_t>(at);
  const std::size_t data = line_end(message, start);
  if (data == 0) return stop(end || size - start > kMaxSizeLine);
  chunk.data = data;
  const std::uint64_t octets = hex_number(as_text(message.subspan(start, data - start)));
  if (octets > kMaxChunk) return stop(true);
  chunk.size = octets;
  if (chunk.size > 0) {
    chunk.state = Chunk::State::kData;
    chunk.next = data + chunk.size + 2;
    return chunk;
  }
  const std::size_t behind = trailer_end(message, data);
  if (behind == 0) return stop(end || size - data > kMaxHead);
  chunk.state = Chunk::State::kEnd;
  chunk.next = behind;
  return chunk;
}

std::vector<std::uint8_t> dissect_chunks(Bytes message, std::uint64_t at, bool end, LayerBuilder& out) {
  std::vector<std::uint8_t> body;
  for (;;) {
    const Chunk chunk = read_chunk(message, at, end);
    if (chunk.state == Chunk::State::kMore || at >= message.size()) return body;
    const auto start = static_cast<std::size_t>(at);
    out.add(kChunkSize, chunk.size, message.subspan(start, chunk.data - start));
    if (chunk.state == Chunk::State::kEnd) {
      for (std::size_t line = chunk.data; line < chunk.next;) {
        const std::size_t next = std::max(line_end(message, line), line + 1);
        const Bytes text = message.subspan(line, std::min(next, message.size()) - line);
        if (!blank(text)) out.add(kChunkedTrailerPart, text, text);
        line = next;
      }
      return body;
    }
    const Bytes there = message.subspan(chunk.data);
    const Bytes data = there.first(static_cast<std::size_t>(std::min<std::uint64_t>(there.size(), chunk.size)));
    out.add(kChunkData, data, data);
    const Bytes boundary = there.subspan(data.size()).first(std::min<std::size_t>(2, there.size() - data.size()));
    if (!boundary.empty()) out.add(kChunkBoundary, boundary, boundary);
    const std::size_t room = kMaxDecoded - body.size();
    body.insert(body.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(std::min(room, data.size())));
    at = chunk.next;
  }
}

Decoded decompress(std::string_view encoding, Bytes body) {
  Decoded made;
  encoding = encoding.substr(0, encoding.find_last_not_of(" \t") + 1);
  constexpr int kGzip = 16 + MAX_WBITS, kZlib = MAX_WBITS, kRaw = -MAX_WBITS;
  if (same_text(encoding, "gzip") || same_text(encoding, "x-gzip")) {
    made.known = true;
    inflate_body(body, kGzip, &made);
  } else if (same_text(encoding, "deflate") || same_text(encoding, "x-deflate")) {
    made.known = true;
    inflate_body(body, kZlib, &made);
    if (made.failed) inflate_body(body, kRaw, &made);  // as many servers send it
  } else if (same_text(encoding, "br")) {
    made.known = true;
    decode_brotli(body, &made);
  }
  return made;
}

bool is_empty_gzip(std::string_view encoding, Bytes body) {
  constexpr std::size_t kEmpty = 32;  // header, an empty block and the trailer, which ends in the length
  if (!same_text(encoding, "gzip") || body.size() > kEmpty || body.size() < 4) return false;
  return std::ranges::all_of(body.last(4), [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace pr::dissect::http
