// A stream of bytes that a capture is read from: a file, a pipe, memory, or what a decompressor makes of another one.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <span>
#include <string>

#include "helper/capture/packet_source.h"
#include "shared/base/bytes.h"

namespace pr::capture {

// Thread rule: read() on one thread; stop() and progress() on any.
class ByteReader {
 public:
  struct Result {
    std::size_t bytes = 0;
    bool end = false;  // nothing will come any more; then bytes is 0
  };

  virtual ~ByteReader() = default;
  // Fills a part of `into`, which is not empty. No bytes and no end: a pipe has nothing at the moment (20 ms were
  // waited). kDataLoss: the compressed data is damaged.
  virtual absl::StatusOr<Result> read(std::span<std::uint8_t> into) = 0;
  // Ends a read() that waits; every later one says end.
  virtual void stop() = 0;
  [[nodiscard]] virtual Progress progress() const = 0;
};

// "-": stdin. kNotFound, kPermissionDenied, kInvalidArgument (a folder), each naming the path.
absl::StatusOr<std::unique_ptr<ByteReader>> open_bytes(const std::string& path);
// Borrows the bytes.
std::unique_ptr<ByteReader> memory_bytes(Bytes data);
// Looks at the first bytes: what is gzip (all members) or zstd (all frames) comes out decompressed, anything else as
// it is. One layer only: a compressed file within a compressed file is not a capture.
std::unique_ptr<ByteReader> decompressed(std::unique_ptr<ByteReader> raw);

}  // namespace pr::capture
