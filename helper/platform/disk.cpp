#include "helper/platform/disk.h"

#include <absl/strings/str_cat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace pr::platform {

absl::StatusOr<DiskSpace> disk_space(const std::string& path) {
  std::error_code error;
  std::filesystem::path at = std::filesystem::absolute(path, error);
  struct statvfs disk {};
  while (::statvfs(at.c_str(), &disk) != 0) {
    if ((errno != ENOENT && errno != ENOTDIR) || at == at.parent_path()) {
      return absl::UnavailableError(
          absl::StrCat("cannot ask for free space at ", path, ": ", std::generic_category().message(errno)));
    }
    at = at.parent_path();
  }
  return DiskSpace{.free = std::uint64_t{disk.f_bavail} * disk.f_frsize,
                   .total = std::uint64_t{disk.f_blocks} * disk.f_frsize};
}

}  // namespace pr::platform
