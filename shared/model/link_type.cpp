#include "shared/model/link_type.h"

#include <algorithm>

namespace pr {
namespace {

struct Name {
  std::uint16_t number;
  const char* name;
};

constexpr Name kNames[] = {{0, "NULL"},
                           {1, "ETHERNET"},
                           {6, "IEEE802_5"},
                           {7, "ARCNET_BSD"},
                           {8, "SLIP"},
                           {9, "PPP"},
                           {10, "FDDI"},
                           {12, "RAW"},
                           {14, "RAW"},
                           {50, "PPP_HDLC"},
                           {51, "PPP_ETHER"},
                           {100, "ATM_RFC1483"},
                           {101, "RAW"},
                           {104, "C_HDLC"},
                           {105, "IEEE802_11"},
                           {107, "FRELAY"},
                           {108, "LOOP"},
                           {113, "LINUX_SLL"},
                           {114, "LTALK"},
                           {117, "PFLOG"},
                           {119, "IEEE802_11_PRISM"},
                           {127, "IEEE802_11_RADIOTAP"},
                           {129, "ARCNET_LINUX"},
                           {163, "IEEE802_11_AVS"},
                           {189, "USB_LINUX"},
                           {192, "PPI"},
                           {195, "IEEE802_15_4"},
                           {220, "USB_LINUX_MMAPPED"},
                           {228, "IPV4"},
                           {229, "IPV6"},
                           {239, "NFLOG"},
                           {249, "USBPCAP"},
                           {276, "LINUX_SLL2"}};

}  // namespace

std::string link_type_name(std::uint16_t link_type) {
  const auto* const found = std::find_if(std::begin(kNames), std::end(kNames),
                                         [link_type](const Name& name) { return name.number == link_type; });
  return found != std::end(kNames) ? found->name : std::to_string(link_type);
}

std::string link_types_text(std::vector<std::uint16_t> link_types) {
  for (std::uint16_t& type : link_types) type = normal_link_type(type);
  std::sort(link_types.begin(), link_types.end());
  link_types.erase(std::unique(link_types.begin(), link_types.end()), link_types.end());
  std::string text;
  for (const std::uint16_t type : link_types) {
    if (!text.empty()) text += '+';
    text += link_type_name(type);
  }
  return text;
}

std::uint16_t normal_link_type(std::uint32_t link_type) {
  if (link_type == 12 || link_type == 14) return kLinkRaw;
  return link_type <= 0xffff ? static_cast<std::uint16_t>(link_type) : std::uint16_t{0xffff};
}

}  // namespace pr
