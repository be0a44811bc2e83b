#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "helper/capture/live_device.h"
#include "helper/capture/packet_source.h"
#include "shared/model/link_type.h"

namespace pr::capture {
namespace {

template <typename Address>
struct RouteQuestion {
  rt_msghdr header;
  Address destination;
  Address mask;
};

// Asks the kernel for the route to everything (route(4), RTM_GET); empty: none.
template <typename Address>
std::string interface_of_default(int family) {
  const int fd = ::socket(PF_ROUTE, SOCK_RAW, family);
  if (fd < 0) return {};
  RouteQuestion<Address> question{};
  question.header.rtm_msglen = sizeof question;
  question.header.rtm_version = RTM_VERSION;
  question.header.rtm_type = RTM_GET;
  question.header.rtm_addrs = RTA_DST | RTA_NETMASK;
  question.header.rtm_flags = RTF_UP | RTF_GATEWAY;
  question.header.rtm_pid = ::getpid();
  question.header.rtm_seq = 1;
  // Family and length are the first octets of every address.
  auto* const destination = reinterpret_cast<sockaddr*>(&question.destination);
  destination->sa_len = sizeof question.destination;
  destination->sa_family = static_cast<sa_family_t>(family);
  auto* const mask = reinterpret_cast<sockaddr*>(&question.mask);
  mask->sa_len = sizeof question.mask;
  mask->sa_family = static_cast<sa_family_t>(family);
  // Others' messages come on this socket too; an answer that never comes must not hold us.
  const timeval patience{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::string name;
  if (::write(fd, &question, sizeof question) == static_cast<ssize_t>(sizeof question)) {
    alignas(rt_msghdr) char answer[2048];
    for (int i = 0; i < 64; ++i) {
      const ssize_t n = ::read(fd, answer, sizeof answer);
      if (n < static_cast<ssize_t>(sizeof(rt_msghdr))) break;
      rt_msghdr header{};
      std::memcpy(&header, answer, sizeof header);
      if (header.rtm_type != RTM_GET || header.rtm_pid != ::getpid() || header.rtm_seq != 1) continue;
      char text[IF_NAMESIZE] = {};
      if (header.rtm_errno == 0 && ::if_indextoname(header.rtm_index, text) != nullptr) name = text;
      break;
    }
  }
  ::close(fd);
  return name;
}

}  // namespace

absl::StatusOr<std::string> default_interface() {
  std::string name = interface_of_default<sockaddr_in>(AF_INET);
  if (name.empty()) name = interface_of_default<sockaddr_in6>(AF_INET6);
  if (!name.empty()) return name;
  return absl::NotFoundError(
      "there is no default route, so no default interface: choose one with --interface "
      "(packetrecorder list-interfaces shows them)");
}

std::uint16_t usual_link_type(const std::string& name) {
  if (name.starts_with("lo") || name.starts_with("utun") || name.starts_with("gif")) return kLinkNull;
  return kLinkEthernet;
}

// BPF devices are told so through libpcap only, which would throw away what they hold.
bool refuse_packets(int) { return false; }

// BPF shows a loopback's packets once.
void ignore_sent_copies(int) {}

std::string permission_help() {
  return "run it with sudo, or become a member of the group that may read /dev/bpf* (Wireshark's ChmodBPF makes one)";
}

}  // namespace pr::capture
