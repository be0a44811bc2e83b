// Flows that other flows have announced: FTP's data connections, the media of a call. Only flows between the same two
// addresses are followed, so that a shard sees both, and bounds belong to the buckets of the flow hash: results do not
// depend on the number of shards. One thread.
#pragma once

#include <absl/hash/hash.h>

#include <memory>
#include <vector>

#include "helper/dissect/context.h"
#include "shared/base/bounded_map.h"
#include "shared/model/flow.h"

namespace pr::analysis {

class Expectations {
 public:
  // hash_key: the flow table's.
  explicit Expectations(std::uint64_t hash_key) : hash_key_(hash_key) {}

  struct Expected {
    ProtocolId protocol = 0;
    Timestamp announced{};
    AppState state;
  };

  // announcer: the flow in which it was said.
  void add(const FlowKey& announcer, const dissect::ExpectedFlow& flow, ProtocolId protocol, Timestamp now);
  // What a flow without a protocol was said to be; null: nobody has said. Valid until the next add().
  const Expected* find(const FlowKey& flow, Timestamp now);
  [[nodiscard]] bool empty() const { return buckets_.empty(); }

 private:
  struct Key {
    Endpoint end;
    IpAddress other;
    std::uint8_t ip_proto = 0;
    friend bool operator==(const Key&, const Key&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const Key& k) {
      return H::combine(std::move(h), k.end.ip, k.end.port, k.other, k.ip_proto);
    }
  };
  using Bucket = BoundedMap<Key, Expected, absl::Hash<Key>>;
  static constexpr std::size_t kPerBucket = 1024;
  static constexpr Duration kLifetime = std::chrono::minutes(5);

  [[nodiscard]] std::size_t bucket(const Key& key) const;

  const std::uint64_t hash_key_;
  std::vector<std::unique_ptr<Bucket>> buckets_;  // none until something is announced
};

}  // namespace pr::analysis
