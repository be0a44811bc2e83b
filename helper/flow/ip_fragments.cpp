#include "helper/flow/ip_fragments.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <list>
#include <utility>

namespace pr::flow {
namespace {

constexpr std::uint32_t kMaxOctets = 65535;
constexpr std::size_t kMaxPieces = 64;
constexpr std::size_t kMaxDatagrams = 1024;
constexpr std::size_t kMaxHeld = 16U << 20U;  // octets of all incomplete datagrams
constexpr Duration kTimeout = std::chrono::seconds(30);

struct Key {
  IpAddress src, dst;
  std::uint32_t id = 0;
  std::uint8_t ip_proto = 0;
  std::uint16_t vlan = 0;

  friend bool operator==(const Key&, const Key&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Key& key) {
    return H::combine(std::move(h), key.src, key.dst, key.id, key.ip_proto, key.vlan);
  }
};

// Octets of a datagram that are there, and where they came from.
struct Stretch {
  std::uint32_t from = 0;
  Part part;
  std::vector<std::uint8_t> bytes;
  [[nodiscard]] std::uint32_t to() const { return from + static_cast<std::uint32_t>(bytes.size()); }
};

struct Datagram {
  Key key;
  Timestamp since{};
  std::vector<Stretch> stretches;  // in order, without overlap
  std::size_t pieces = 0;
  std::uint32_t held = 0;
  std::uint32_t total = 0;  // 0: the last fragment has not come
};

// Adds those octets of the piece that are not there yet.
void insert(Datagram& datagram, const IpFragments::Piece& piece) {
  std::uint32_t at = piece.offset;
  const std::uint32_t end = piece.offset + static_cast<std::uint32_t>(piece.bytes.size());
  std::vector<Stretch>& all = datagram.stretches;
  for (std::size_t i = 0; at < end; ++i) {
    if (i < all.size() && all[i].to() <= at) continue;
    const std::uint32_t stop = i < all.size() ? std::min(end, all[i].from) : end;
    if (stop > at) {
      const Bytes bytes = piece.bytes.subspan(at - piece.offset, stop - at);
      Stretch made{.from = at,
                   .part = {.packet = piece.packet, .offset = at - piece.offset, .length = stop - at},
                   .bytes = {bytes.begin(), bytes.end()}};
      datagram.held += stop - at;
      all.insert(all.begin() + static_cast<std::ptrdiff_t>(i), std::move(made));
      ++i;
    }
    at = i < all.size() ? std::max(stop, all[i].to()) : end;
  }
}

bool complete(const Datagram& datagram) {
  if (datagram.total == 0) return false;
  std::uint32_t reached = 0;
  for (const Stretch& stretch : datagram.stretches) {
    if (stretch.from != reached) break;
    reached = stretch.to();
  }
  return reached >= datagram.total;
}

}  // namespace

struct IpFragments::Impl {
  using List = std::list<Datagram>;  // oldest first

  List datagrams;
  absl::flat_hash_map<Key, List::iterator> index;
  std::size_t held = 0;
  std::uint64_t given_up = 0;
  Timestamp now{};
  std::vector<std::uint8_t> whole;

  void drop(List::iterator which) {
    held -= which->held;
    index.erase(which->key);
    datagrams.erase(which);
  }
  void give_up(List::iterator which) {
    ++given_up;
    drop(which);
  }
  void make_room() {
    while (!datagrams.empty() &&
           (now - datagrams.front().since > kTimeout || datagrams.size() > kMaxDatagrams || held > kMaxHeld)) {
      give_up(datagrams.begin());
    }
  }
  List::iterator find(const Key& key, Timestamp ts) {
    const auto found = index.find(key);
    if (found != index.end()) return found->second;
    datagrams.push_back({.key = key, .since = std::max(now, ts)});
    const auto made = std::prev(datagrams.end());
    index.emplace(key, made);
    return made;
  }
  Bytes assemble(const Datagram& datagram, std::vector<Part>* parts) {
    whole.clear();
    for (const Stretch& stretch : datagram.stretches) {
      const std::size_t n = std::min<std::size_t>(stretch.bytes.size(), datagram.total - whole.size());
      if (n == 0) break;
      whole.insert(whole.end(), stretch.bytes.begin(), stretch.bytes.begin() + static_cast<std::ptrdiff_t>(n));
      Part part = stretch.part;
      part.length = static_cast<std::uint32_t>(n);
      parts->push_back(part);
    }
    return whole;
  }
};

IpFragments::IpFragments() : impl_(std::make_unique<Impl>()) {}
IpFragments::~IpFragments() = default;

Bytes IpFragments::add(const Piece& piece, std::vector<Part>* parts) {
  parts->clear();
  Impl& self = *impl_;
  self.now = std::max(self.now, piece.ts);
  self.make_room();
  const std::uint64_t end = std::uint64_t{piece.offset} + piece.bytes.size();
  if (end > kMaxOctets) {
    ++self.given_up;
    return {};
  }
  if (piece.bytes.empty() && piece.more) return {};
  const Key key{piece.src, piece.dst, piece.id, piece.src.is_v4() ? piece.ip_proto : std::uint8_t{0}, piece.vlan};
  const auto datagram = self.find(key, piece.ts);
  if (++datagram->pieces > kMaxPieces) {
    self.give_up(datagram);
    return {};
  }
  const std::uint32_t before = datagram->held;
  insert(*datagram, piece);
  self.held += datagram->held - before;
  if (!piece.more && datagram->total == 0) datagram->total = static_cast<std::uint32_t>(end);
  if (!complete(*datagram)) {
    self.make_room();
    return {};
  }
  const Bytes whole = self.assemble(*datagram, parts);
  self.drop(datagram);
  return whole;
}

std::uint64_t IpFragments::given_up() const { return impl_->given_up; }

}  // namespace pr::flow
