#include "helper/flow/flow_tuple.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace pr::flow {
namespace {

constexpr std::uint8_t kIcmp = 1, kIcmp6 = 58;

// What the hashes read: no padding, so that equal means equal octets.
struct HashedPair {
  std::array<std::array<std::uint8_t, 16>, 2> ip{};
};
struct HashedTuple {
  HashedPair pair;
  std::array<std::uint16_t, 2> port{};
  std::uint16_t vlan = 0;
  std::uint8_t ip_proto = 0;
  std::uint8_t is_v6 = 0;
};
static_assert(sizeof(HashedPair) == 32 && sizeof(HashedTuple) == 40);

// All sixteen octets that an address keeps; those behind an IPv4 address are zero.
std::array<std::uint8_t, 16> octets_of(const IpAddress& ip) {
  std::array<std::uint8_t, 16> out{};
  std::memcpy(out.data(), ip.octets().data(), 16);
  return out;
}

// Orders addresses somehow, the same way everywhere.
bool greater(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b) {
  std::array<std::uint64_t, 2> x{}, y{};
  std::memcpy(x.data(), a.data(), 16);
  std::memcpy(y.data(), b.data(), 16);
  return x[0] != y[0] ? x[0] > y[0] : x[1] > y[1];
}

// The ICMP types that answer each other (Zeek's table, as in Community ID).
struct IcmpPair {
  std::uint8_t ask, answer;
};
constexpr IcmpPair kPairs4[] = {{8, 0}, {13, 14}, {15, 16}, {10, 9}, {17, 18}};
constexpr IcmpPair kPairs6[] = {{128, 129}, {133, 134}, {135, 136}, {130, 131}, {144, 145}};

std::optional<std::uint8_t> asked_by(std::uint8_t ip_proto, std::uint16_t type) {
  const auto search = [type](const auto& pairs) -> std::optional<std::uint8_t> {
    for (const IcmpPair& pair : pairs) {
      if (pair.answer == type) return pair.ask;
    }
    return std::nullopt;
  };
  return ip_proto == kIcmp ? search(kPairs4) : search(kPairs6);
}

}  // namespace

Tuple tuple_of(const FlowKey& as_sent, std::uint64_t hash_key) {
  Tuple tuple{.key = as_sent};
  if (as_sent.ip_proto == kIcmp || as_sent.ip_proto == kIcmp6) {
    tuple.directed = true;
    if (const auto ask = asked_by(as_sent.ip_proto, as_sent.orig.port)) {
      tuple.reply = true;
      tuple.key.orig = {.ip = as_sent.resp.ip, .port = *ask};
      tuple.key.resp = {.ip = as_sent.orig.ip, .port = as_sent.resp.port};
    }
  }
  HashedTuple hashed{.pair = {{octets_of(tuple.key.orig.ip), octets_of(tuple.key.resp.ip)}},
                     .port = {tuple.key.orig.port, tuple.key.resp.port},
                     .vlan = tuple.key.vlan,
                     .ip_proto = tuple.key.ip_proto,
                     .is_v6 = tuple.key.orig.ip.is_v6()};
  const bool same_ip = hashed.pair.ip[0] == hashed.pair.ip[1];
  if (!tuple.directed && (same_ip ? hashed.port[0] > hashed.port[1] : greater(hashed.pair.ip[0], hashed.pair.ip[1]))) {
    std::swap(hashed.pair.ip[0], hashed.pair.ip[1]);
    std::swap(hashed.port[0], hashed.port[1]);
  }
  tuple.hash = XXH3_64bits_withSeed(&hashed, sizeof hashed, hash_key);
  return tuple;
}

std::size_t FlowTable::bucket(const IpAddress& a, const IpAddress& b, std::uint64_t hash_key) {
  HashedPair hashed{{octets_of(a), octets_of(b)}};
  if (greater(hashed.ip[0], hashed.ip[1])) std::swap(hashed.ip[0], hashed.ip[1]);
  return XXH3_64bits_withSeed(&hashed, sizeof hashed, ~hash_key) % kBuckets;
}

}  // namespace pr::flow
