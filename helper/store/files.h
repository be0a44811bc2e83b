// Files of the store: descriptors that close themselves, errors as Status, and where what lies.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "shared/base/bytes.h"

namespace pr::store {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    reset();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  ~Fd() { reset(); }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  void reset();

 private:
  int fd_ = -1;
};

// kResourceExhausted for a full disk or quota, kNotFound, kPermissionDenied, else kUnavailable.
absl::Status file_error(int error, const char* doing, const std::string& path);

// Never follows a link at the last part of the path; new files are 0600.
absl::StatusOr<Fd> open_existing(const std::string& path, bool writable);
absl::StatusOr<Fd> open_or_create(const std::string& path);
absl::StatusOr<Fd> create_new(const std::string& path);
// 0700; fine if it is there.
absl::Status make_folder(const std::string& path);

absl::Status write_at(const Fd& fd, std::uint64_t offset, Bytes bytes, const std::string& path);
// How many octets there were, at most to.size().
absl::StatusOr<std::size_t> read_at(const Fd& fd, std::uint64_t offset, std::span<std::uint8_t> to);
absl::StatusOr<std::uint64_t> size_of(const Fd& fd);
absl::Status truncate(const Fd& fd, std::uint64_t size, const std::string& path);
absl::Status rename_file(const std::string& from, const std::string& to);
// Fine if it is not there.
void remove_file(const std::string& path);
// 0: it is not there.
std::uint64_t file_size(const std::string& path);
// Room that an unprivileged process may fill on the file system of path; 2^63 when nobody knows.
std::uint64_t free_bytes(const std::string& path);
std::uint64_t file_system_bytes(const std::string& path);
// Gives an empty file room on the disk without writing it. False: this file system cannot, or is full.
bool set_aside(const Fd& fd, std::uint64_t size);
// Asks the system to begin writing a file's pages out; does not wait.
void start_writeback(const Fd& fd, std::uint64_t from, std::uint64_t length);

// Where the parts of a store lie: captures.db, captures.db.lock, captures.packets/.
struct Layout {
  explicit Layout(const std::string& path);

  std::string catalog, lock, folder, reserve;

  [[nodiscard]] std::string segment(std::uint64_t id, bool compressed) const;
  [[nodiscard]] std::string open_segment(std::uint64_t id, bool compressed) const;
  [[nodiscard]] std::string index(std::uint64_t id) const;
  [[nodiscard]] std::string partition(std::uint64_t id) const;
};

// The writer's claim on a store, held as long as this lives (flock; the file holds the pid and stays).
class WriterLock {
 public:
  // kFailedPrecondition: another process holds it; the message names its pid.
  static absl::StatusOr<WriterLock> take(const Layout& layout);

 private:
  explicit WriterLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace pr::store
