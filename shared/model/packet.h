// One captured packet, as a view: the bytes belong to a batch arena or a segment and stay valid for one call.
#pragma once

#include <cstdint>

#include "shared/base/bytes.h"
#include "shared/base/clock.h"

namespace pr {

struct Packet {
  std::uint64_t number = 0;  // frame.number: 1, 2, ... within the session, in capture order
  Timestamp ts{};
  std::uint32_t interface_id = 0;  // index of the interface within the session
  std::uint16_t link_type = 0;     // LINKTYPE_ value as in a pcap file's header
  std::uint32_t wire_len = 0;      // length on the wire; bytes.size() is what was captured
  Bytes bytes;
};

}  // namespace pr
