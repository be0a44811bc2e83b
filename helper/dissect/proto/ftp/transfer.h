// What an FTP control connection tells the data connection that it announces: its first memory.
#pragma once

#include <cstdint>

namespace pr::dissect::ftp {

enum class Method : std::uint8_t { kNone, kPort, kPasv, kEprt, kEpsv };

struct Transfer {
  std::uint64_t setup_frame;    // 0: not known
  std::uint64_t command_frame;  // 0: nothing was asked for yet
  Method method;
  char command[47];  // its beginning; zero-filled
};

}  // namespace pr::dissect::ftp
