#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "helper/platform/privileges.h"

namespace pr::platform {
namespace {

absl::Status failed(const char* step, uid_t uid) {
  return absl::InternalError(absl::StrCat("cannot become user ", uid, " (SUDO_UID) after opening the devices: ", step,
                                          ": ", std::generic_category().message(errno)));
}

}  // namespace

absl::Status drop_privileges() {
  if (::geteuid() != 0) return absl::OkStatus();
  forbid_core_dumps();
  const auto user = sudo_identity(std::getenv("SUDO_UID"), std::getenv("SUDO_GID"));
  if (!user) return absl::OkStatus();
  // Groups first: afterwards there is no right to change them.
  const passwd* const account = ::getpwuid(user->uid);
  const int groups =
      account != nullptr ? ::initgroups(account->pw_name, static_cast<int>(user->gid)) : ::setgroups(1, &user->gid);
  if (groups != 0) return failed("groups", user->uid);
  if (::setgid(user->gid) != 0) return failed("setgid", user->uid);
  if (::setuid(user->uid) != 0) return failed("setuid", user->uid);
  if (::getuid() != user->uid || ::geteuid() != user->uid || ::setuid(0) == 0) {
    return absl::InternalError(absl::StrCat("privileges were not dropped to user ", user->uid));
  }
  return absl::OkStatus();
}

absl::Status can_capture() {
  // Devices are made as they are used; the first that is not busy answers the question.
  for (int i = 0; i < 256; ++i) {
    const int fd = ::open(absl::StrCat("/dev/bpf", i).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
      ::close(fd);
      return absl::OkStatus();
    }
    if (errno == EBUSY) continue;
    if (errno != EACCES && errno != EPERM) break;
    return absl::PermissionDeniedError(
        "run it with sudo, or become a member of the group that may read /dev/bpf* (Wireshark's ChmodBPF makes one)");
  }
  return absl::UnavailableError(absl::StrCat("cannot open /dev/bpf*: ", std::generic_category().message(errno)));
}

// Whoever may open a BPF device may ask for it.
absl::Status can_be_promiscuous(const std::string&) { return can_capture(); }

}  // namespace pr::platform
