// Room on the file system on which something lies, or will.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

namespace pr::platform {

struct DiskSpace {
  std::uint64_t free = 0;  // octets that this user can still write
  std::uint64_t total = 0;
};

// The path itself, or the nearest folder above it that exists.
absl::StatusOr<DiskSpace> disk_space(const std::string& path);

}  // namespace pr::platform
