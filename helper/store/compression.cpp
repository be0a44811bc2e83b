#include "helper/store/compression.h"

#include <zstd.h>

namespace pr::store {

struct Compressor::Impl {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> context{ZSTD_createCCtx()};
};

Compressor::Compressor() : impl_(std::make_unique<Impl>()) {
  ZSTD_CCtx_setParameter(impl_->context.get(), ZSTD_c_compressionLevel, 1);
  ZSTD_CCtx_setParameter(impl_->context.get(), ZSTD_c_checksumFlag, 1);
}
Compressor::~Compressor() = default;

std::size_t Compressor::append(Bytes raw, std::vector<std::uint8_t>& out) {
  const std::size_t start = out.size();
  out.resize(start + ZSTD_compressBound(raw.size()));
  const std::size_t size =
      ZSTD_compress2(impl_->context.get(), out.data() + start, out.size() - start, raw.data(), raw.size());
  // With room for the bound only memory could lack, and then nothing else would work either.
  out.resize(start + (ZSTD_isError(size) != 0 ? 0 : size));
  return out.size() - start;
}

struct Decompressor::Impl {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context{ZSTD_createDCtx()};
};

Decompressor::Decompressor() : impl_(std::make_unique<Impl>()) {}
Decompressor::~Decompressor() = default;

absl::Status Decompressor::read(Bytes frame, std::span<std::uint8_t> to) {
  const std::size_t size = ZSTD_decompressDCtx(impl_->context.get(), to.data(), to.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0 || size != to.size()) return absl::DataLossError("damaged compressed data");
  return absl::OkStatus();
}

}  // namespace pr::store
