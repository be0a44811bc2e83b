#include <absl/strings/str_cat.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "helper/capture/byte_reader.h"

namespace pr::capture {
namespace {

constexpr std::size_t kInput = 128 * 1024;

// Compressed bytes on their way to a decompressor.
class Input {
 public:
  explicit Input(std::unique_ptr<ByteReader> raw) : raw_(std::move(raw)) {}

  // Appends what the reader has. False: nothing at the moment, or the end.
  absl::StatusOr<bool> more() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == buffer_.size() || ended_) return false;
    const auto got = raw_->read(std::span(buffer_).subspan(end_));
    if (!got.ok()) return got.status();
    ended_ = got->end;
    end_ += got->bytes;
    return got->bytes > 0;
  }
  [[nodiscard]] Bytes bytes() const { return Bytes(buffer_).subspan(begin_, end_ - begin_); }
  void consume(std::size_t n) { begin_ += n; }
  [[nodiscard]] bool ended() const { return ended_ && begin_ == end_; }
  [[nodiscard]] bool no_more() const { return ended_; }
  ByteReader& raw() { return *raw_; }
  [[nodiscard]] const ByteReader& raw() const { return *raw_; }

 private:
  std::unique_ptr<ByteReader> raw_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kInput);
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false;
};

// Turns a part of the input into a part of the output.
class Codec {
 public:
  struct Step {
    std::size_t consumed = 0, produced = 0;
  };
  virtual ~Codec() = default;
  // An error may come with bytes that were made before it: they are counted in `step`.
  virtual absl::Status run(Bytes in, std::span<std::uint8_t> out, Step* step) = 0;
  // True where the input may end: between members or frames.
  [[nodiscard]] virtual bool complete() const = 0;
  [[nodiscard]] virtual const char* name() const = 0;
};

class Gzip final : public Codec {
 public:
  Gzip() { ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK; }
  ~Gzip() override { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  absl::Status run(Bytes in, std::span<std::uint8_t> out, Step* step) override {
    if (!ready_) return absl::ResourceExhaustedError("no memory for zlib");
    if (complete_) {
      // Tapes and some writers pad with zeros after the last member.
      if (members_ > 0 && in.front() == 0) {
        while (step->consumed < in.size() && in[step->consumed] == 0) ++step->consumed;
        return absl::OkStatus();
      }
      if (members_ > 0 && in.front() != 0x1f) return absl::DataLossError("something else follows the gzip data");
      inflateReset(&stream_);
      complete_ = false;
    }
    stream_.next_in = const_cast<Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    step->consumed = in.size() - stream_.avail_in;
    step->produced = out.size() - stream_.avail_out;
    if (result == Z_STREAM_END) {
      complete_ = true;
      ++members_;
      return absl::OkStatus();
    }
    if (result == Z_OK || result == Z_BUF_ERROR) return absl::OkStatus();
    return absl::DataLossError(
        absl::StrCat("the gzip data is damaged (", stream_.msg != nullptr ? stream_.msg : "no valid stream", ")"));
  }
  [[nodiscard]] bool complete() const override { return complete_; }
  [[nodiscard]] const char* name() const override { return "gzip"; }

 private:
  z_stream stream_{};
  bool ready_ = false;
  bool complete_ = true;
  std::uint64_t members_ = 0;
};

class Zstd final : public Codec {
 public:
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd() = default;
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  absl::Status run(Bytes in, std::span<std::uint8_t> out, Step* step) override {
    if (stream_ == nullptr) return absl::ResourceExhaustedError("no memory for zstd");
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(stream_, &to, &from);
    step->consumed = from.pos;
    step->produced = to.pos;
    if (ZSTD_isError(result) != 0) {
      return absl::DataLossError(absl::StrCat("the zstd data is damaged (", ZSTD_getErrorName(result), ")"));
    }
    complete_ = result == 0;
    return absl::OkStatus();
  }
  [[nodiscard]] bool complete() const override { return complete_; }
  [[nodiscard]] const char* name() const override { return "zstd"; }

 private:
  // libzstd's own limit on windows (128 MiB) bounds the memory.
  ZSTD_DStream* stream_ = ZSTD_createDStream();
  bool complete_ = true;
};

class Decompressed final : public ByteReader {
 public:
  explicit Decompressed(std::unique_ptr<ByteReader> raw) : input_(std::move(raw)) {}

  absl::StatusOr<Result> read(std::span<std::uint8_t> into) override {
    if (!detected_) {
      const auto detected = detect();
      if (!detected.ok()) return detected.status();
      if (!*detected) return Result{};
    }
    return codec_ != nullptr ? decompress(into) : plain(into);
  }
  void stop() override { input_.raw().stop(); }
  [[nodiscard]] Progress progress() const override { return input_.raw().progress(); }

 private:
  // False: the magic is not there yet.
  absl::StatusOr<bool> detect() {
    while (input_.bytes().size() < 4 && !input_.no_more()) {
      const auto more = input_.more();
      if (!more.ok()) return more.status();
      if (!*more && !input_.no_more()) return false;
    }
    detected_ = true;
    const Bytes magic = input_.bytes();
    if (magic.size() >= 2 && magic[0] == 0x1f && magic[1] == 0x8b) codec_ = std::make_unique<Gzip>();
    if (magic.size() >= 4) {
      const bool frame = magic[0] == 0x28 && magic[1] == 0xb5 && magic[2] == 0x2f && magic[3] == 0xfd;
      const bool skippable = (magic[0] & 0xf0U) == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18;
      if (frame || skippable) codec_ = std::make_unique<Zstd>();
    }
    return true;
  }

  // What was looked at first, then straight from the reader: a plain file is not copied here.
  absl::StatusOr<Result> plain(std::span<std::uint8_t> into) {
    const Bytes seen = input_.bytes();
    if (seen.empty()) return input_.no_more() ? Result{.bytes = 0, .end = true} : input_.raw().read(into);
    const std::size_t n = std::min(seen.size(), into.size());
    std::memcpy(into.data(), seen.data(), n);
    input_.consume(n);
    return Result{.bytes = n, .end = false};
  }

  absl::StatusOr<Result> decompress(std::span<std::uint8_t> into) {
    while (true) {
      if (!failed_.ok()) return failed_;
      if (input_.bytes().empty() && !full_) {
        const auto more = input_.more();
        if (!more.ok()) return more.status();
        if (input_.ended()) {
          if (codec_->complete()) return Result{.bytes = 0, .end = true};
          return absl::DataLossError(absl::StrCat("the ", codec_->name(), " data ends early"));
        }
        if (!*more) return Result{};
      }
      Codec::Step step;
      failed_ = codec_->run(input_.bytes(), into, &step);
      input_.consume(step.consumed);
      // A full output may leave more inside of the decompressor, without any input for it.
      full_ = step.produced == into.size() && !codec_->complete();
      if (step.produced > 0) return Result{.bytes = step.produced, .end = false};
    }
  }

  Input input_;
  std::unique_ptr<Codec> codec_;
  absl::Status failed_;
  bool detected_ = false;
  bool full_ = false;
};

}  // namespace

std::unique_ptr<ByteReader> decompressed(std::unique_ptr<ByteReader> raw) {
  return std::make_unique<Decompressed>(std::move(raw));
}

}  // namespace pr::capture
