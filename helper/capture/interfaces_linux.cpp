#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <sys/socket.h>

#include <fstream>
#include <sstream>

#include "helper/capture/live_device.h"
#include "helper/capture/packet_source.h"
#include "helper/capture/route_table.h"
#include "shared/model/link_type.h"

namespace pr::capture {
namespace {

std::string text_of(const char* path) {
  const std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

absl::StatusOr<std::string> default_interface() {
  std::string name = default_route_v4(text_of("/proc/net/route"));
  if (name.empty()) name = default_route_v6(text_of("/proc/net/ipv6_route"));
  if (!name.empty()) return name;
  return absl::NotFoundError(
      "there is no default route, so no default interface: choose one with --interface "
      "(packetrecorder list-interfaces shows them)");
}

std::uint16_t usual_link_type(const std::string& name) {
  if (name == "any") return kLinkLinuxSll2;
  std::ifstream file("/sys/class/net/" + name + "/type");
  int hardware = 0;
  if (!(file >> hardware)) return kLinkEthernet;
  switch (hardware) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK: return kLinkEthernet;
    case ARPHRD_NONE:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case ARPHRD_IPGRE: return kLinkRaw;
    case ARPHRD_IEEE80211: return 105;
    case ARPHRD_IEEE80211_PRISM: return 119;
    case ARPHRD_IEEE80211_RADIOTAP: return 127;
    default: return kLinkLinuxSll;  // what libpcap falls back to
  }
}

bool refuse_packets(int fd) {
  sock_filter nothing{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0};
  const sock_fprog program{.len = 1, .filter = &nothing};
  return fd >= 0 && ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

void ignore_sent_copies(int fd) {
#ifdef PACKET_IGNORE_OUTGOING
  const int yes = 1;
  (void)::setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes);
#else
  (void)fd;
#endif
}

std::string permission_help() {
  return "run it with sudo, or allow it once: sudo setcap cap_net_raw+ep \"$(command -v packetrecorder)\"";
}

}  // namespace pr::capture
