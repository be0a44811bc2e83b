// What a process may do, and how it gives that up.
#pragma once

#include <absl/status/status.h>
#include <sys/types.h>

#include <optional>
#include <string>

namespace pr::platform {

struct Identity {
  uid_t uid = 0;
  gid_t gid = 0;
};

// Whom sudo was called by, from SUDO_UID and SUDO_GID (null: not set). Nothing if they are not both there, no numbers,
// or root's.
std::optional<Identity> sudo_identity(const char* uid, const char* gid);

// For after the devices are open and before anything is written or parsed.
//   root through sudo: becomes the calling user, with that user's groups; keeps CAP_NET_RAW alone, so that an
//     interface that comes back can be opened again (macOS has no such thing: there it stays closed)
//   root otherwise:    stays root, so that files lie where root wants them, with CAP_NET_RAW, CAP_NET_ADMIN,
//     CAP_DAC_OVERRIDE, CAP_CHOWN, CAP_FOWNER at most (macOS: with everything)
//   anybody else:      nothing
// Whoever was root can gain nothing later (no_new_privs) and leaves no core dump, which would hold packets.
// REQUIRES: no other thread yet; privileges belong to threads on Linux. kInternal: it did not work; do not go on.
absl::Status drop_privileges();

// Whether this process can capture: kPermissionDenied says how it could.
absl::Status can_capture();
// Whether it can see packets for others on that interface.
absl::Status can_be_promiscuous(const std::string& interface);

// Shared by the systems: no core dump from now on.
void forbid_core_dumps();

}  // namespace pr::platform
