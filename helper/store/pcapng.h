// pcapng blocks (draft-ietf-opsawg-pcapng), little-endian, nanoseconds: written, and read back where the index says.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/model/batch.h"

namespace pr::store::pcapng {

inline constexpr std::size_t kPacketOverhead = 32;  // of an enhanced packet block, without padding

// Octets that a packet's block takes.
constexpr std::uint64_t packet_block_size(std::uint64_t captured) {
  return kPacketOverhead + (captured + 3U) / 4U * 4U;
}

using Buffer = std::vector<std::uint8_t>;

void append_section_header(Buffer& out);
void append_interface(Buffer& out, const InterfaceInfo& info);
// The packet's block; interface_id counts in the section.
void append_packet(Buffer& out, const Packet& packet);
struct InterfaceCounts {
  Timestamp at{};
  std::uint64_t received = 0, dropped_interface = 0, dropped_kernel = 0;
};
void append_statistics(Buffer& out, std::uint32_t interface_id, const InterfaceCounts& counts);

// The block that begins at bytes: its type and length; nothing when it is not whole or makes no sense.
struct Block {
  std::uint32_t type = 0;
  std::uint32_t length = 0;
};
inline constexpr std::uint32_t kPacketBlock = 6;
std::optional<Block> next_block(Bytes bytes);
// Length that a block's first 8 octets claim; 0: impossible.
std::uint32_t claimed_length(Bytes head);
// Reads an enhanced packet block that begins at bytes: ts, interface_id, wire_len and bytes of the packet (which point
// into the argument). False: it is none, or not whole.
bool read_packet(Bytes bytes, Packet* packet);

}  // namespace pr::store::pcapng
