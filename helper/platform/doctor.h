// Looks for what would keep a capture from working here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/clock.h"

namespace pr::platform {

struct Check {
  std::string name;  // "permission", "interface", "library", "disk", "database", "writer", "clock", "memory", ...
  bool ok = false;
  std::string found;  // what is the case, in words
  std::string fix;    // what to do; empty if it is ok
};

// What other modules know; this one looks at the rest itself.
struct DoctorInput {
  struct Interface {
    std::string name;
    bool up = false, running = false, loopback = false;
  };
  std::vector<Interface> interfaces;
  std::string default_interface;  // empty: there is no default route
  std::string capture_library;    // "libpcap version 1.10.3 ..."
  std::string database;           // empty: none was named, and nothing is said about it
  std::uint32_t buffer_mib = 64;
  Timestamp now{};
};

std::vector<Check> examine(const DoctorInput& input);

// Memory that can be had without swapping, in octets; 0: this system does not say.
std::uint64_t available_memory();

}  // namespace pr::platform
