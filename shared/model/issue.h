// What is wrong with a packet, as data: counted, filterable, never a log line.
#pragma once

#include <cstdint>

namespace pr {

enum class IssueKind : std::uint8_t {
  kTruncated,    // the capture holds less of the packet than was on the wire
  kMalformed,    // the bytes contradict the protocol
  kDepthLimit,   // too many layers, tunnels, pointers or items
  kBadChecksum,  // verified only where the sender's stack cannot have left it to the hardware
  kReassemblyLimit,
};
inline constexpr int kIssueKinds = 5;

// "truncated", "malformed", ...
const char* issue_name(IssueKind kind);

struct Issue {
  IssueKind kind;
  std::uint16_t protocol;  // dissector number
  std::uint32_t offset;    // in the frame, where the reader stood
};

}  // namespace pr
