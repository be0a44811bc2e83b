// Fixed parts of an index file and their checksum.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "helper/store/index_file.h"

namespace pr::store {

inline constexpr std::uint32_t kIndexMagic = 0x58495250;    // "PRIX"
inline constexpr std::uint32_t kBlockMagic = 0x4b425250;    // "PRBK"
inline constexpr std::uint32_t kTrailerMagic = 0x54525250;  // "PRRT"
inline constexpr std::uint32_t kIndexVersion = 1;
inline constexpr std::uint32_t kMaxRawBlock = 64U << 20U;
inline constexpr std::size_t kChunkFlows = 1024;

struct PostingChunk {
  std::uint64_t first_flow = 0, offset = 0;
  std::uint32_t stored = 0, raw = 0;
};

struct Trailer {
  std::uint64_t chunks_at = 0, chunk_count = 0, chunks_check = 0;
  std::uint64_t directory_at = 0, directory_stored = 0, block_count = 0, blocks_end = 0;
  std::uint32_t magic = 0, version = 0;
  std::uint64_t check = 0;
};

// Not against malice, only against damage.
inline std::uint64_t mixed(Bytes bytes) {
  std::uint64_t h = 0x9E3779B97F4A7C15ULL ^ bytes.size();
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    h = (h ^ word) * 0xBF58476D1CE4E5B9ULL;
    h ^= h >> 29U;
  }
  for (const std::uint8_t octet : bytes) h = (h ^ octet) * 0x94D049BB133111EBULL;
  return h ^ h >> 32U;
}

template <typename T>
Bytes octets_of(const T& value) {
  static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof(T)};
}

// The checksum is the last member.
template <typename T>
std::uint64_t check_of(const T& value) {
  return mixed(octets_of(value).first(sizeof(T) - sizeof(std::uint64_t)));
}

template <typename T>
void append_object(std::vector<std::uint8_t>& out, const T& value) {
  const Bytes octets = octets_of(value);
  out.insert(out.end(), octets.begin(), octets.end());
}

template <typename T>
T object_at(Bytes bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

inline void append_varint(std::vector<std::uint8_t>& out, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7U) out.push_back(static_cast<std::uint8_t>(v | 0x80U));
  out.push_back(static_cast<std::uint8_t>(v));
}

// Consumes a varint; 0 and an empty rest where there is none.
inline std::uint64_t take_varint(Bytes& bytes) {
  std::uint64_t v = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const std::uint8_t octet = bytes.front();
    bytes = bytes.subspan(1);
    v |= std::uint64_t{octet & 0x7fU} << shift;
    if (octet < 0x80) return v;
  }
  bytes = {};
  return 0;
}

}  // namespace pr::store
