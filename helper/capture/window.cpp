#include "helper/capture/window.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

namespace pr::capture {
namespace {

// A batch's bytes. 4096 packets of a usual mix have 2.7 MB.
constexpr std::size_t kRoom = std::size_t{4} * 1024 * 1024;
// Read in pieces: that bounds what a batch carries over.
constexpr std::size_t kPiece = std::size_t{256} * 1024;

}  // namespace

absl::Status damage_at(std::uint64_t offset, const std::string& what) {
  return absl::DataLossError(absl::StrCat("damaged at byte offset ", offset, ": ", what));
}

void Window::attach(Arena* arena) {
  arena_ = arena;
  arena_->clear();
  arena_->reserve(std::max(kRoom, carry_.size() + kPiece));
  arena_->insert(arena_->end(), carry_.begin(), carry_.end());
  at_ = 0;
  end_ = carry_.size();
}

void Window::detach() {
  carry_.assign(arena_->begin() + static_cast<std::ptrdiff_t>(at_),
                arena_->begin() + static_cast<std::ptrdiff_t>(end_));
  arena_->resize(at_);
  arena_ = nullptr;
}

absl::StatusOr<Window::Have> Window::fetch(std::size_t n) {
  while (available() < n) {
    if (!failed_.ok()) return failed_;
    if (ended_) return Have::kEnd;
    if (arena_->capacity() - at_ < n) {
      if (at_ > 0) return Have::kFull;
      // Nothing points into the arena yet. Room is only reserved: memory is touched as bytes really come.
      arena_->reserve(n + kPiece);
    }
    const auto have = read_some();
    if (!have.ok() || *have == Have::kLater) return have;
  }
  return Have::kYes;
}

absl::StatusOr<Window::Have> Window::read_some() {
  if (end_ == arena_->size()) arena_->resize(std::min(arena_->capacity(), end_ + kPiece));
  const auto got = in_->read(std::span(*arena_).subspan(end_));
  if (!got.ok()) {
    const bool damage = got.status().code() == absl::StatusCode::kDataLoss;
    failed_ = damage ? damage_at(offset_ + available(), std::string(got.status().message())) : got.status();
    return failed_;
  }
  end_ += got->bytes;
  ended_ = got->end;
  return got->bytes > 0 || got->end ? Have::kYes : Have::kLater;
}

absl::StatusOr<Window::Have> Window::skip(std::uint64_t* left) {
  while (*left > 0) {
    if (available() == 0) {
      if (!failed_.ok()) return failed_;
      if (ended_) return Have::kEnd;
      if (arena_->capacity() == at_) return Have::kFull;
      const std::size_t start = at_;
      const auto have = read_some();
      if (!have.ok() || *have == Have::kLater) return have;
      // Dropped in place: the next piece is read over it.
      const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(*left, available()));
      offset_ += n;
      *left -= n;
      if (n == available()) {
        end_ = start;
      } else {
        at_ += n;
      }
      continue;
    }
    const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(*left, available()));
    consume(n);
    *left -= n;
  }
  return Have::kYes;
}

}  // namespace pr::capture
