#include <absl/strings/str_cat.h>
#include <cap-ng.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "helper/platform/privileges.h"
#include "shared/base/log.h"

namespace pr::platform {
namespace {

constexpr const char* kHelp =
    "run it with sudo, or allow it once: sudo setcap cap_net_raw+ep \"$(command -v packetrecorder)\"";

void seal() {
  (void)::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  forbid_core_dumps();
}

bool has_account(uid_t uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> text(16384);
  return ::getpwuid_r(uid, &entry, text.data(), text.size(), &found) == 0 && found != nullptr;
}

absl::Status become(const Identity& user) {
  capng_clear(CAPNG_SELECT_BOTH);
  capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED), CAP_NET_RAW);
  // The user's groups, because the database may lie where a group may write; an account that is only a number has none.
  const capng_flags_t groups = has_account(user.uid) ? CAPNG_INIT_SUPP_GRP : CAPNG_DROP_SUPP_GRP;
  const int result = capng_change_id(static_cast<int>(user.uid), static_cast<int>(user.gid),
                                     static_cast<capng_flags_t>(groups | CAPNG_CLEAR_BOUNDING));
  seal();
  if (result != 0) {
    return absl::InternalError(
        absl::StrCat("cannot become user ", user.uid, " (SUDO_UID) after opening the devices: step ", -result));
  }
  // Believe nothing: a process that can go back has dropped nothing.
  if (::getuid() != user.uid || ::geteuid() != user.uid || ::getgid() != user.gid || ::setuid(0) == 0) {
    return absl::InternalError(absl::StrCat("privileges were not dropped to user ", user.uid));
  }
  return absl::OkStatus();
}

absl::Status stay_root_with_less() {
  constexpr std::array<unsigned, 5> kKept{CAP_NET_RAW, CAP_NET_ADMIN, CAP_DAC_OVERRIDE, CAP_CHOWN, CAP_FOWNER};
  if (capng_get_caps_process() != 0) return absl::InternalError("cannot read this process's capabilities");
  std::vector<unsigned> kept;
  for (const unsigned capability : kKept) {
    if (capng_have_capability(CAPNG_PERMITTED, capability) != 0) kept.push_back(capability);
  }
  const bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) != 0;
  capng_clear(CAPNG_SELECT_BOTH);
  for (const unsigned capability : kept) {
    capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET),
                 capability);
  }
  // Containers take CAP_SETPCAP away; what a program gains by execve is then stopped by no_new_privs alone.
  if (!may_bound) log_info("the capability bounding set stays as it is: CAP_SETPCAP is missing");
  const int result = capng_apply(may_bound ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS);
  seal();
  if (result != 0) return absl::InternalError(absl::StrCat("cannot reduce capabilities: step ", -result));
  return absl::OkStatus();
}

class PacketSocket {
 public:
  PacketSocket() : fd_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)), error_(errno) {}
  ~PacketSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  PacketSocket(const PacketSocket&) = delete;
  PacketSocket& operator=(const PacketSocket&) = delete;

  [[nodiscard]] absl::Status status() const {
    if (fd_ >= 0) return absl::OkStatus();
    const std::string words = std::generic_category().message(error_);
    if (error_ == EPERM || error_ == EACCES) return absl::PermissionDeniedError(kHelp);
    return absl::UnavailableError(absl::StrCat("cannot open a packet socket: ", words));
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
  int error_;
};

}  // namespace

absl::Status drop_privileges() {
  if (::geteuid() != 0) return absl::OkStatus();
  const auto user = sudo_identity(std::getenv("SUDO_UID"), std::getenv("SUDO_GID"));
  return user ? become(*user) : stay_root_with_less();
}

absl::Status can_capture() { return PacketSocket().status(); }

absl::Status can_be_promiscuous(const std::string& interface) {
  const PacketSocket socket;
  if (!socket.status().ok()) return socket.status();
  packet_mreq request{};
  request.mr_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  request.mr_type = PACKET_MR_PROMISC;
  if (request.mr_ifindex == 0) return absl::NotFoundError(absl::StrCat("there is no interface ", interface));
  if (::setsockopt(socket.fd(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request) == 0) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat(interface, " cannot be promiscuous: ", std::generic_category().message(errno)));
}

}  // namespace pr::platform
