#include "helper/store/files.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>

namespace pr::store {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;

absl::StatusOr<Fd> open_with(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  if (fd < 0) return file_error(errno, "open", path);
  return Fd(fd);
}

}  // namespace

void Fd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

absl::Status file_error(int error, const char* doing, const std::string& path) {
  const std::string text = absl::StrCat("cannot ", doing, " ", path, ": ", std::strerror(error));
  switch (error) {
    case ENOSPC:
    case EDQUOT: return absl::ResourceExhaustedError(text);
    case ENOENT: return absl::NotFoundError(text);
    case EACCES:
    case EPERM:
    case EROFS: return absl::PermissionDeniedError(text);
    default: return absl::UnavailableError(text);
  }
}

absl::StatusOr<Fd> open_existing(const std::string& path, bool writable) {
  return open_with(path, writable ? O_RDWR : O_RDONLY);
}
absl::StatusOr<Fd> open_or_create(const std::string& path) { return open_with(path, O_RDWR | O_CREAT); }
absl::StatusOr<Fd> create_new(const std::string& path) { return open_with(path, O_RDWR | O_CREAT | O_EXCL); }

absl::Status make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0) return absl::OkStatus();
  const int error = errno;
  struct stat info {};
  if (error == EEXIST && ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return absl::OkStatus();
  return file_error(error == EEXIST ? ENOTDIR : error, "make folder", path);
}

absl::Status write_at(const Fd& fd, std::uint64_t offset, Bytes bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return file_error(done < 0 ? errno : ENOSPC, "write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::size_t> read_at(const Fd& fd, std::uint64_t offset, std::span<std::uint8_t> to) {
  std::size_t got = 0;
  while (got < to.size()) {
    const ssize_t done = ::pread(fd.get(), to.data() + got, to.size() - got, static_cast<off_t>(offset + got));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return absl::DataLossError(absl::StrCat("cannot read: ", std::strerror(errno)));
    if (done == 0) break;
    got += static_cast<std::size_t>(done);
  }
  return got;
}

absl::StatusOr<std::uint64_t> size_of(const Fd& fd) {
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return file_error(errno, "look at", "an open file");
  return static_cast<std::uint64_t>(info.st_size);
}

absl::Status truncate(const Fd& fd, std::uint64_t size, const std::string& path) {
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return file_error(errno, "truncate", path);
  return absl::OkStatus();
}

absl::Status rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return file_error(errno, "rename", from);
  return absl::OkStatus();
}

void remove_file(const std::string& path) { ::unlink(path.c_str()); }

std::uint64_t file_size(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

std::uint64_t free_bytes(const std::string& path) {
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

std::uint64_t file_system_bytes(const std::string& path) {
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::uint64_t>(info.f_blocks) * info.f_frsize;
}

Layout::Layout(const std::string& path) : catalog(path), lock(path + ".lock") {
  const std::filesystem::path file(path);
  folder = (file.parent_path() / (file.stem().string() + ".packets")).string();
  reserve = folder + "/reserve";
}

std::string Layout::segment(std::uint64_t id, bool compressed) const {
  return absl::StrCat(folder, "/", id, compressed ? ".pcapng.zst" : ".pcapng");
}
std::string Layout::open_segment(std::uint64_t id, bool compressed) const { return segment(id, compressed) + ".tmp"; }
std::string Layout::index(std::uint64_t id) const { return absl::StrCat(folder, "/", id, ".index"); }
std::string Layout::partition(std::uint64_t id) const { return absl::StrCat(folder, "/", id, ".idx"); }

absl::StatusOr<WriterLock> WriterLock::take(const Layout& layout) {
  absl::StatusOr<Fd> fd = open_or_create(layout.lock);
  if (!fd.ok()) return fd.status();
  if (::flock(fd->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return file_error(errno, "lock", layout.lock);
    char pid[32] = {};
    std::string who = "another process";
    if (const ssize_t size = ::pread(fd->get(), pid, sizeof(pid) - 1, 0); size > 0) {
      const std::string digits(pid, std::strspn(pid, "0123456789"));
      if (!digits.empty()) who = "process " + digits;
    }
    return absl::FailedPreconditionError(
        absl::StrCat(layout.catalog, " is being written by ", who, "; stop it first or use another --database"));
  }
  const std::string pid = absl::StrCat(::getpid(), "\n");
  if (absl::Status status = truncate(*fd, 0, layout.lock); !status.ok()) return status;
  // A full disk must not keep anybody from opening the store: without a pid the lock still holds.
  (void)write_at(*fd, 0, as_bytes(pid), layout.lock);
  return WriterLock(*std::move(fd));
}

}  // namespace pr::store
