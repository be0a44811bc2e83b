#include "shared/model/community_id.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "shared/base/digest.h"

namespace pr {
namespace {

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmpV6 = 58, kSctp = 132;

struct Pair {
  std::uint8_t a, b;
};

// Request and reply types, as Zeek pairs them.
constexpr Pair kPairs[] = {{8, 0}, {13, 14}, {15, 16}, {10, 9}, {17, 18}};
constexpr Pair kPairsV6[] = {{128, 129}, {133, 134}, {135, 136}, {130, 131}, {139, 140}, {144, 145}};

// The type that answers this one; -1: nothing does, the message stands alone.
int counterpart(std::uint8_t ip_proto, std::uint16_t type) {
  const std::span<const Pair> pairs =
      ip_proto == kIcmp ? std::span<const Pair>(kPairs) : std::span<const Pair>(kPairsV6);
  for (const Pair& pair : pairs) {
    if (type == pair.a) return pair.b;
    if (type == pair.b) return pair.a;
  }
  return -1;
}

std::string base64(Bytes bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < n ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? kDigits[group >> (18U - 6U * k) & 63U] : '=';
  }
  return out;
}

class Message {
 public:
  void put(Bytes bytes) {
    std::ranges::copy(bytes, bytes_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += bytes.size();
  }
  void put(std::uint8_t value) { bytes_[used_++] = value; }
  void put(std::uint16_t value) {
    put(static_cast<std::uint8_t>(value >> 8U));
    put(static_cast<std::uint8_t>(value & 0xffU));
  }
  [[nodiscard]] Bytes bytes() const { return {bytes_.data(), used_}; }

 private:
  std::array<std::uint8_t, 2 + 16 + 16 + 2 + 4> bytes_{};
  std::size_t used_ = 0;
};

}  // namespace

CommunityDigest community_digest(const FlowKey& key, std::uint16_t seed) {
  Endpoint first = key.orig, second = key.resp;
  bool has_ports = true, one_way = false;
  switch (key.ip_proto) {
    case kTcp:
    case kUdp:
    case kSctp: break;
    case kIcmp:
    case kIcmpV6: {
      const int answer = counterpart(key.ip_proto, first.port);
      one_way = answer < 0;
      if (!one_way) second.port = static_cast<std::uint16_t>(answer);
      break;
    }
    default: has_ports = false; break;
  }
  if (!has_ports) first.port = second.port = 0;
  // Addresses compare as octets in network order; a one-way message has no direction to turn round.
  const auto order = [](const Endpoint& end) { return std::tuple(as_text(end.ip.octets()), end.port); };
  if (!one_way && order(second) < order(first)) std::swap(first, second);

  Message message;
  message.put(seed);
  message.put(first.ip.octets());
  message.put(second.ip.octets());
  message.put(key.ip_proto);
  message.put(std::uint8_t{0});
  if (has_ports) {
    message.put(first.port);
    message.put(second.port);
  }
  thread_local Digest sha1("SHA1");
  const Bytes found = sha1.of(message.bytes());
  CommunityDigest digest{};
  std::ranges::copy(found.first(std::min(found.size(), digest.size())), digest.begin());
  return digest;
}

std::string community_id(const FlowKey& key, std::uint16_t seed) { return "1:" + base64(community_digest(key, seed)); }

}  // namespace pr
