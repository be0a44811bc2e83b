#include "helper/capture/byte_reader.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "helper/capture/wake_pipe.h"

namespace pr::capture {
namespace {

constexpr int kWaitMs = 20;

class FdReader final : public ByteReader {
 public:
  FdReader(int fd, bool owned, std::string path) : fd_(fd), owned_(owned), path_(std::move(path)) {
    struct stat info {};
    if (::fstat(fd_, &info) == 0 && S_ISREG(info.st_mode)) {
      waits_ = false;
      total_ = static_cast<std::uint64_t>(info.st_size);
#ifdef POSIX_FADV_SEQUENTIAL
      (void)::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    }
  }
  ~FdReader() override {
    if (owned_) ::close(fd_);
  }
  FdReader(const FdReader&) = delete;
  FdReader& operator=(const FdReader&) = delete;

  absl::StatusOr<Result> read(std::span<std::uint8_t> into) override {
    if (wake_.woken()) return Result{.bytes = 0, .end = true};
    if (waits_ && !wait()) return Result{.bytes = 0, .end = wake_.woken()};
    const ssize_t n = ::read(fd_, into.data(), into.size());
    if (n < 0) {
      if (errno == EINTR || errno == EAGAIN) return Result{};
      if (errno == EISDIR) return absl::InvalidArgumentError(absl::StrCat(path_, " is a folder, not a capture"));
      return absl::UnavailableError(absl::StrCat("cannot read ", path_, ": ", std::generic_category().message(errno)));
    }
    done_.fetch_add(static_cast<std::uint64_t>(n), std::memory_order_relaxed);
    return Result{.bytes = static_cast<std::size_t>(n), .end = n == 0};
  }

  void stop() override { wake_.wake(); }
  [[nodiscard]] Progress progress() const override {
    return {.done = done_.load(std::memory_order_relaxed), .total = total_};
  }

 private:
  // True: read(2) will not wait.
  bool wait() {
    pollfd fds[] = {{.fd = fd_, .events = POLLIN, .revents = 0}, {.fd = wake_.fd(), .events = POLLIN, .revents = 0}};
    return ::poll(fds, 2, kWaitMs) > 0 && fds[0].revents != 0 && !wake_.woken();
  }

  const int fd_;
  const bool owned_;
  const std::string path_;
  bool waits_ = true;  // a pipe or a terminal
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  WakePipe wake_;
};

class MemoryReader final : public ByteReader {
 public:
  explicit MemoryReader(Bytes data) : data_(data) {}
  absl::StatusOr<Result> read(std::span<std::uint8_t> into) override {
    const std::size_t at = at_.load(std::memory_order_relaxed);
    const std::size_t n = std::min(into.size(), data_.size() - at);
    if (n == 0 || stopped_) return Result{.bytes = 0, .end = true};
    std::memcpy(into.data(), data_.data() + at, n);
    at_.store(at + n, std::memory_order_relaxed);
    return Result{.bytes = n, .end = false};
  }
  void stop() override { stopped_ = true; }
  [[nodiscard]] Progress progress() const override {
    return {.done = at_.load(std::memory_order_relaxed), .total = data_.size()};
  }

 private:
  const Bytes data_;
  std::atomic<std::size_t> at_ = 0;
  std::atomic<bool> stopped_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteReader>> open_bytes(const std::string& path) {
  if (path == "-") return std::make_unique<FdReader>(STDIN_FILENO, false, "stdin");
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    const int error = errno;
    const std::string text = absl::StrCat("cannot open ", path, ": ", std::generic_category().message(error));
    if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(text);
    if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(text);
    return absl::UnavailableError(text);
  }
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(fd);
    return absl::InvalidArgumentError(absl::StrCat(path, " is a folder, not a capture"));
  }
  return std::make_unique<FdReader>(fd, true, path);
}

std::unique_ptr<ByteReader> memory_bytes(Bytes data) { return std::make_unique<MemoryReader>(data); }

}  // namespace pr::capture
