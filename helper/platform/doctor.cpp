#include "helper/platform/doctor.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "helper/platform/disk.h"
#include "helper/platform/privileges.h"
#include "shared/base/time_text.h"

namespace pr::platform {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;

Check good(std::string name, std::string found) { return {std::move(name), true, std::move(found), {}}; }
Check bad(std::string name, std::string found, std::string fix) {
  return {std::move(name), false, std::move(found), std::move(fix)};
}

// Single-quoted for a shell, so that a fix can be pasted.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

Check permission() {
  const absl::Status status = can_capture();
  if (status.ok()) return good("permission", "this user can open interfaces");
  if (status.code() == absl::StatusCode::kPermissionDenied) {
    return bad("permission", "this user cannot open interfaces", std::string(status.message()));
  }
  return bad("permission", std::string(status.message()), "check that the kernel has packet sockets (CONFIG_PACKET)");
}

Check interface(const DoctorInput& input) {
  std::string down, up;
  for (const auto& each : input.interfaces) {
    if (each.loopback || each.name == "any") continue;
    (each.up ? up : down) += (each.up ? (up.empty() ? "" : ", ") : (down.empty() ? "" : ", ")) + each.name;
  }
  if (up.empty() && down.empty()) {
    return bad("interface", "there is no interface besides the loopback",
               "plug in or configure a network device, or record the loopback with --interface lo");
  }
  if (up.empty()) {
    const std::string first = down.substr(0, down.find(','));
    return bad("interface", absl::StrCat("all interfaces are down: ", down),
               absl::StrCat("sudo ip link set ", quoted(first), " up"));
  }
  return good("interface", absl::StrCat("up: ", up));
}

Check default_route(const DoctorInput& input) {
  if (input.default_interface.empty()) {
    return bad("default interface", "there is no default route", "name the interface: --interface NAME");
  }
  const auto found = std::find_if(input.interfaces.begin(), input.interfaces.end(),
                                  [&](const auto& each) { return each.name == input.default_interface; });
  if (found != input.interfaces.end() && !found->running) {
    return bad("default interface", absl::StrCat(input.default_interface, " has no carrier"),
               absl::StrCat("check the cable or the radio of ", input.default_interface));
  }
  return good("default interface", input.default_interface);
}

Check promiscuous(const DoctorInput& input) {
  const absl::Status status = can_be_promiscuous(input.default_interface);
  if (status.ok()) {
    return good("promiscuous", absl::StrCat(input.default_interface, " can show packets for other machines"));
  }
  return bad("promiscuous", std::string(status.message()), "record only this machine's packets: --no-promiscuous");
}

// Before 1.9, interfaces that go away end a capture in ways that look like success.
Check library(const DoctorInput& input) {
  int major = 0, minor = 0;
  const char* const text = input.capture_library.c_str();
  const char* const digits = text + std::strcspn(text, "0123456789");
  const bool known = std::sscanf(digits, "%d.%d", &major, &minor) == 2;
  if (known && (major > 1 || minor >= 9)) return good("library", input.capture_library);
  return bad("library", known ? absl::StrCat(input.capture_library, " is too old") : "libpcap's version is not known",
             "install libpcap 1.9 or newer (Debian: sudo apt-get install libpcap0.8; macOS: brew install libpcap)");
}

std::string folder_of(const std::string& database) {
  const fs::path parent = fs::path(database).parent_path();
  return parent.empty() ? "." : parent.string();
}

Check disk(const std::string& database) {
  const auto space = disk_space(folder_of(database));
  if (!space.ok()) return bad("disk", std::string(space.status().message()), "choose another place: --database FILE");
  const std::string found = absl::StrCat(format_size(space->free), " free of ", format_size(space->total));
  if (space->free >= kGiB) return good("disk", found);
  return bad("disk", found,
             absl::StrCat("make room at ", quoted(folder_of(database)),
                          ", keep less (--keep-bytes SIZE), or choose another place: --database FILE"));
}

Check database(const std::string& path) {
  const std::string folder = folder_of(path);
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return bad("database", absl::StrCat("the folder ", folder, " is not there"), "mkdir -p " + quoted(folder));
  }
  if (fs::is_directory(path, error)) {
    return bad("database", absl::StrCat(path, " is a folder"),
               "name a file in it: --database " + quoted(path + "/captures.db"));
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return bad("database", absl::StrCat("this user cannot write in ", folder),
               absl::StrCat("choose another place: --database FILE, or: sudo chown \"$USER\" ", quoted(folder)));
  }
  const bool there = fs::exists(path, error);
  if (there && ::access(path.c_str(), R_OK | W_OK) != 0) {
    return bad("database", absl::StrCat("this user cannot write ", path),
               absl::StrCat("sudo chown \"$USER\" ", quoted(path), "*"));
  }
  return good("database", absl::StrCat(path, there ? " can be written" : " can be created"));
}

// The writer holds a flock on FILE.lock, and its pid stands in it.
Check writer(const std::string& path) {
  const std::string lock = path + ".lock";
  const int fd = ::open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return good("writer", "nobody writes to it");
  char text[32] = {};
  const ssize_t size = ::pread(fd, text, sizeof text - 1, 0);
  // Only asked, and given back at once: shared, so that two doctors do not see each other.
  const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  if (!held) return good("writer", "nobody writes to it");
  int pid = 0;
  if (size <= 0 || !absl::SimpleAtoi(text, &pid) || pid <= 0) {
    return bad("writer", "another process writes to it", "find it and stop it: fuser " + quoted(lock));
  }
  return bad("writer", absl::StrCat("process ", pid, " writes to it"),
             absl::StrCat("stop it (kill -INT ", pid, "), or use another database"));
}

Check clock(Timestamp now) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kEarliest = 1'704'067'200 * kSecond;  // 2024-01-01
  constexpr std::int64_t kLatest = 4'102'444'800 * kSecond;    // 2100-01-01
  const std::string found = format_rfc3339(now);
  if (to_ns(now) >= kEarliest && to_ns(now) < kLatest) return good("clock", found);
  return bad("clock", absl::StrCat(found, " cannot be right"), "set the clock: sudo timedatectl set-ntp true");
}

Check memory(const DoctorInput& input) {
  const std::uint64_t wanted = std::uint64_t{input.buffer_mib} << 20U;
  const std::uint64_t available = available_memory();
  if (available == 0) return good("memory", absl::StrCat(format_size(wanted), " of capture buffer for each interface"));
  const std::string found = absl::StrCat(format_size(wanted), " of capture buffer for each interface, ",
                                         format_size(available), " available");
  if (available >= 4 * wanted) return good("memory", found);
  const std::uint64_t smaller = std::max<std::uint64_t>(available / 8 >> 20U, 1);
  return bad("memory", found, absl::StrCat("use a smaller buffer: --buffer ", smaller));
}

}  // namespace

std::vector<Check> examine(const DoctorInput& input) {
  std::vector<Check> checks{permission(), interface(input), default_route(input)};
  // Without permission the question has no answer of its own.
  if (checks.front().ok && !input.default_interface.empty()) checks.push_back(promiscuous(input));
  checks.push_back(library(input));
  checks.push_back(memory(input));
  checks.push_back(clock(input.now));
  if (input.database.empty()) return checks;
  checks.push_back(disk(input.database));
  checks.push_back(database(input.database));
  checks.push_back(writer(input.database));
  return checks;
}

}  // namespace pr::platform
