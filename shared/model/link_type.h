// Names of link types: LINKTYPE_ values as capture files carry them (tcpdump.org/linktypes.html).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pr {

// LINKTYPE_ values that the code itself has to tell apart.
inline constexpr std::uint16_t kLinkNull = 0;
inline constexpr std::uint16_t kLinkEthernet = 1;
inline constexpr std::uint16_t kLinkRaw = 101;
inline constexpr std::uint16_t kLinkLinuxSll = 113;
inline constexpr std::uint16_t kLinkLinuxSll2 = 276;

// "ETHERNET", "LINUX_SLL"; a type without a name as its number.
std::string link_type_name(std::uint16_t link_type);
// The names of those types, each once, ascending by number, joined by '+': "NULL+ETHERNET". Empty for none.
std::string link_types_text(std::vector<std::uint16_t> link_types);
// What a file or libpcap says, as the LINKTYPE_ value that everything else compares with: raw IP also goes by the
// system-dependent numbers 12 and 14.
std::uint16_t normal_link_type(std::uint32_t link_type);

}  // namespace pr
