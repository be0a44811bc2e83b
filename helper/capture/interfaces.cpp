#include <absl/strings/str_cat.h>
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pcap/pcap.h>

#include <array>

#include "helper/capture/live_device.h"
#include "helper/capture/packet_source.h"

namespace pr::capture {
namespace {

std::string address_text(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address == nullptr) return {};
  const void* octets = nullptr;
  if (address->sa_family == AF_INET) octets = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  if (address->sa_family == AF_INET6) octets = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  if (octets == nullptr) return {};
  return inet_ntop(address->sa_family, octets, text.data(), text.size()) != nullptr ? text.data() : std::string();
}

Interface describe(const pcap_if_t& from) {
  Interface to{.name = from.name};
  if (from.description != nullptr) to.description = from.description;
  for (const pcap_addr_t* address = from.addresses; address != nullptr; address = address->next) {
    if (std::string text = address_text(address->addr); !text.empty()) to.addresses.push_back(std::move(text));
  }
  to.up = (from.flags & PCAP_IF_UP) != 0;
  to.running = (from.flags & PCAP_IF_RUNNING) != 0;
  to.loopback = (from.flags & PCAP_IF_LOOPBACK) != 0;
  to.wireless = (from.flags & PCAP_IF_WIRELESS) != 0;
  to.link_type = usual_link_type(to.name);
  return to;
}

}  // namespace

absl::StatusOr<std::vector<Interface>> list_interfaces() {
  pcap_if_t* all = nullptr;
  char words[PCAP_ERRBUF_SIZE] = {};
  if (pcap_findalldevs(&all, words) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot list interfaces: ", words));
  }
  std::vector<Interface> found;
  for (const pcap_if_t* each = all; each != nullptr; each = each->next) {
    // libpcap also lists what is no network: USB and Bluetooth monitors, netfilter queues.
    if (if_nametoindex(each->name) != 0 || std::string_view(each->name) == "any") found.push_back(describe(*each));
  }
  pcap_freealldevs(all);
  return found;
}

std::string library_version() { return pcap_lib_version(); }

}  // namespace pr::capture
