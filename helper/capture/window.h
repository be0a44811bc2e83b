// The stretch of a stream that lies in a batch's arena. Bytes are read straight into the arena and parsed there; what
// a batch does not use is carried over to the next. The arena never moves while packets point into it.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "helper/capture/byte_reader.h"
#include "shared/base/arena.h"

namespace pr::capture {

// kDataLoss: "damaged at byte offset 1234: WHAT".
absl::Status damage_at(std::uint64_t offset, const std::string& what);

class Window {
 public:
  enum class Have {
    kYes,
    kLater,  // a pipe has no more at the moment
    kFull,   // the batch has no room for it: end the batch
    kEnd,    // the stream ends before
  };

  explicit Window(std::unique_ptr<ByteReader> in) : in_(std::move(in)) {}

  // Between them the arena belongs to this window.
  void attach(Arena* arena);
  void detach();

  // Sees to it that n bytes can be looked at. An error (kDataLoss names the offset) ends the stream.
  absl::StatusOr<Have> need(std::size_t n) {
    if (n <= available()) return Have::kYes;
    return fetch(n);
  }
  // The bytes at the reading position.
  [[nodiscard]] const std::uint8_t* data() const { return arena_->data() + at_; }
  [[nodiscard]] std::size_t available() const { return end_ - at_; }
  // REQUIRES: n <= available().
  void consume(std::size_t n) {
    at_ += n;
    offset_ += n;
  }
  // Consumes n bytes that nobody wants to see, without holding them: kYes, or kLater (call it again with what
  // `left` says), or kEnd.
  absl::StatusOr<Have> skip(std::uint64_t* left);
  // Of the reading position, in the decompressed stream.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  // True as long as nothing of the stream was consumed.
  [[nodiscard]] bool at_start() const { return offset_ == 0; }

  ByteReader& in() { return *in_; }
  [[nodiscard]] const ByteReader& in() const { return *in_; }

 private:
  absl::StatusOr<Have> fetch(std::size_t n);
  // Reads into the arena's room behind end_.
  absl::StatusOr<Have> read_some();

  std::unique_ptr<ByteReader> in_;
  Arena* arena_ = nullptr;
  std::vector<std::uint8_t> carry_;
  std::size_t at_ = 0, end_ = 0;  // in the arena: reading position, end of what was read
  std::uint64_t offset_ = 0;
  bool ended_ = false;
  absl::Status failed_;  // what ended it
};

}  // namespace pr::capture
