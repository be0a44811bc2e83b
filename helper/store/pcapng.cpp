#include "helper/store/pcapng.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "shared/base/cursor.h"

namespace pr::store::pcapng {
namespace {

constexpr std::uint32_t kSectionBlock = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceBlock = 1;
constexpr std::uint32_t kStatisticsBlock = 5;
constexpr std::uint32_t kMinBlock = 12;
constexpr std::uint32_t kMaxBlock = 64U << 20U;

template <typename T>
void put(Buffer& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof(T));
  std::memcpy(out.data() + at, &value, sizeof(T));
}

void pad(Buffer& out) { out.resize((out.size() + 3U) / 4U * 4U); }

void option(Buffer& out, std::uint16_t code, Bytes value) {
  put(out, code);
  put(out, static_cast<std::uint16_t>(value.size()));
  out.insert(out.end(), value.begin(), value.end());
  pad(out);
}

void text_option(Buffer& out, std::uint16_t code, std::string_view text) {
  if (!text.empty()) option(out, code, as_bytes(text.substr(0, 0xffff)));
}

void number_option(Buffer& out, std::uint16_t code, std::uint64_t value) {
  std::uint8_t octets[sizeof(value)];
  std::memcpy(octets, &value, sizeof(value));
  option(out, code, octets);
}

// A timestamp in blocks is two halves, high first, whatever the byte order.
void put_time(Buffer& out, Timestamp ts) {
  const auto ns = static_cast<std::uint64_t>(to_ns(ts));
  put(out, static_cast<std::uint32_t>(ns >> 32U));
  put(out, static_cast<std::uint32_t>(ns));
}

std::size_t begin(Buffer& out, std::uint32_t type) {
  const std::size_t start = out.size();
  put(out, type);
  put(out, std::uint32_t{0});
  return start;
}

void end(Buffer& out, std::size_t start, bool options) {
  if (options) put(out, std::uint32_t{0});  // opt_endofopt
  const auto length = static_cast<std::uint32_t>(out.size() - start + 4U);
  put(out, length);
  std::memcpy(out.data() + start + 4, &length, sizeof(length));
}

}  // namespace

void append_section_header(Buffer& out) {
  const std::size_t start = begin(out, kSectionBlock);
  put(out, std::uint32_t{0x1A2B3C4D});
  put(out, std::uint16_t{1});
  put(out, std::uint16_t{0});
  put(out, ~std::uint64_t{0});  // length of the section: not told
  text_option(out, 4, "Packet Recorder");
  end(out, start, true);
}

void append_interface(Buffer& out, const InterfaceInfo& info) {
  const std::size_t start = begin(out, kInterfaceBlock);
  put(out, info.link_type);
  put(out, std::uint16_t{0});
  put(out, info.snaplen);
  text_option(out, 2, info.name);
  text_option(out, 3, info.description);
  if (!info.filter.empty()) {  // the first octet says what kind of filter: 0 is libpcap's text
    const std::string filter = std::string(1, '\0') + info.filter;
    text_option(out, 11, filter);
  }
  text_option(out, 12, info.os);
  const std::uint8_t nanoseconds[] = {9};
  option(out, 9, nanoseconds);
  end(out, start, true);
}

void append_packet(Buffer& out, const Packet& packet) {
  const auto captured = static_cast<std::uint32_t>(packet.bytes.size());
  const auto length = static_cast<std::uint32_t>(packet_block_size(captured));
  const auto ns = static_cast<std::uint64_t>(to_ns(packet.ts));
  const std::size_t start = out.size();
  out.resize(start + length);
  std::uint8_t* at = out.data() + start;
  const std::uint32_t head[7] = {kPacketBlock,
                                 length,
                                 packet.interface_id,
                                 static_cast<std::uint32_t>(ns >> 32U),
                                 static_cast<std::uint32_t>(ns),
                                 captured,
                                 packet.wire_len};
  std::memcpy(at, head, sizeof(head));
  if (captured != 0) std::memcpy(at + sizeof(head), packet.bytes.data(), captured);
  std::memset(at + sizeof(head) + captured, 0, length - kPacketOverhead - captured);
  std::memcpy(at + length - 4, &length, sizeof(length));
}

void append_statistics(Buffer& out, std::uint32_t interface_id, const InterfaceCounts& counts) {
  const std::size_t start = begin(out, kStatisticsBlock);
  put(out, interface_id);
  put_time(out, counts.at);
  number_option(out, 4, counts.received);
  number_option(out, 5, counts.dropped_interface);
  number_option(out, 7, counts.dropped_kernel);
  end(out, start, true);
}

std::uint32_t claimed_length(Bytes head) {
  if (head.size() < 8) return 0;
  std::uint32_t length = 0;
  std::memcpy(&length, head.data() + 4, sizeof(length));
  return length < kMinBlock || length % 4 != 0 || length > kMaxBlock ? 0 : length;
}

std::optional<Block> next_block(Bytes bytes) {
  const std::uint32_t length = claimed_length(bytes);
  if (length == 0 || length > bytes.size()) return std::nullopt;
  Block block{.type = 0, .length = length};
  std::uint32_t trailer = 0;
  std::memcpy(&block.type, bytes.data(), sizeof(block.type));
  std::memcpy(&trailer, bytes.data() + length - 4, sizeof(trailer));
  if (trailer != length) return std::nullopt;
  return block;
}

bool read_packet(Bytes bytes, Packet* packet) {
  Cursor in(bytes);
  const std::uint32_t type = in.u32le();
  const std::uint32_t length = in.u32le();
  packet->interface_id = in.u32le();
  const std::uint64_t high = in.u32le();
  const std::uint64_t low = in.u32le();
  const std::uint32_t captured = in.u32le();
  packet->wire_len = in.u32le();
  packet->bytes = in.take(captured);
  if (!in.ok() || type != kPacketBlock || length < kPacketOverhead + captured) return false;
  packet->ts = from_ns(static_cast<std::int64_t>(high << 32U | low));
  return true;
}

}  // namespace pr::store::pcapng
