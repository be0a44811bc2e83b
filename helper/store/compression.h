// zstd, level 1, each call an independent frame with a checksum. One thread.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "shared/base/bytes.h"

namespace pr::store {

class Compressor {
 public:
  Compressor();
  ~Compressor();
  // Appends the frame to out; returns its size.
  std::size_t append(Bytes raw, std::vector<std::uint8_t>& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class Decompressor {
 public:
  Decompressor();
  ~Decompressor();
  // kDataLoss unless the frame is whole and holds exactly to.size() octets.
  absl::Status read(Bytes frame, std::span<std::uint8_t> to);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::store
