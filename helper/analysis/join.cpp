#include "helper/analysis/join.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <tuple>

#include "helper/analysis/conversation.h"
#include "helper/analysis/identity_observer.h"
#include "helper/identity/name_cache.h"
#include "shared/base/bounded_map.h"

namespace pr::analysis {
namespace {

struct Tuple {
  Endpoint low, high;
  std::uint8_t ip_proto;
  friend bool operator==(const Tuple&, const Tuple&) = default;
};

constexpr std::size_t kMaxConnections = 16'384;  // ids remembered
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

std::uint64_t tuple_hash(const FlowKey& key) {
  const auto [low, high] = std::minmax(key.orig, key.resp);
  return absl::HashOf(low.ip, low.port, high.ip, high.port, key.ip_proto);
}

// Calls visit(shard, event) for the events of all shards in packet order, those of one packet as `before` says.
template <typename T, typename Before, typename Visit>
void in_order(std::span<ShardOutput> shards, std::vector<Event<T>> ShardOutput::*list, const Before& before,
              const Visit& visit) {
  std::vector<std::pair<ShardOutput*, Event<T>*>> all;
  for (ShardOutput& shard : shards) {
    for (Event<T>& event : shard.*list) all.emplace_back(&shard, &event);
  }
  std::ranges::stable_sort(all, [&before](const auto& a, const auto& b) {
    return a.second->at != b.second->at ? a.second->at < b.second->at : before(a.second->value, b.second->value);
  });
  for (const auto& [shard, event] : all) visit(*shard, *event);
}

template <typename T, typename Visit>
void in_order(std::span<ShardOutput> shards, std::vector<Event<T>> ShardOutput::*list, const Visit& visit) {
  in_order(
      shards, list, [](const T&, const T&) { return false; }, visit);
}

// Flows that end at the same packet have come out in the order of their tables, which depends on the shards.
bool by_key(const FlowSlice& a, const FlowSlice& b) {
  return std::tie(a.first_seen, a.key.orig, a.key.resp, a.key.ip_proto, a.key.vlan, a.n) <
         std::tie(b.first_seen, b.key.orig, b.key.resp, b.key.ip_proto, b.key.vlan, b.n);
}

}  // namespace

struct Join::Impl {
  std::uint64_t next_flow = 1;
  std::uint32_t next_tcp = 0, next_udp = 0;
  // Hashes stand for tuples: two of 2^32 tuples share one with a chance far below one lost packet's.
  absl::flat_hash_set<std::uint64_t> tcp, udp;
  identity::NameCache names;
  BoundedMap<std::string, Boxed<ConnectionSighting>> connections{kMaxConnections};
  std::array<bool, kMaxConnectionId + 1> has_length{};  // of ids: whether one so long was ever seen

  void number(BornFlow& born, std::span<const BornFlow> siblings) {
    born.id = next_flow++;
    if (born.has_stream && (born.key.ip_proto == kTcp || born.key.ip_proto == kUdp)) {
      const bool is_tcp = born.key.ip_proto == kTcp;
      (is_tcp ? tcp : udp).insert(tuple_hash(born.key));
      if (born.continues < siblings.size()) {
        born.stream = siblings[born.continues].stream;
      } else if (!born.keeps_stream) {
        born.stream = (is_tcp ? next_tcp : next_udp)++;
      }
    }
    if (born.flow == nullptr) return;
    born.flow->id = born.id;
    born.flow->stream = born.stream;
  }

  // A flow that ended within the batch: its slice was made before its name was known.
  static void name_slice(const std::string& dns_name, FlowSlice& slice) {
    if (!dns_name.empty()) slice.identity.make().dns_name = dns_name;
    if (!slice.identity) return;
    judge_name(*slice.identity);
  }

  void remember(ConnectionSighting&& sighting) {
    has_length[sighting.id.size()] = true;
    Boxed<ConnectionSighting>& known = connections[sighting.id];
    known.make() = std::move(sighting);
  }

  // A flow with a hello of its own is who that says it is; its name is always its own.
  static void take_over(const BornFlow& born, Boxed<FlowIdentity>& identity) {
    if (identity && !identity->ja4.empty()) return;
    identity.make() = born.inherited->identity;
    identity->dns_name = born.dns_name;
  }

  // A connection that has moved to other addresses keeps who it is: its id tells.
  void inherit(BornFlow& born) {
    const std::string_view seen = as_text(Bytes(born.moved).first(born.moved_size));
    for (std::size_t length = seen.size(); length >= kMinConnectionId && !born.inherited; --length) {
      const auto* found = has_length[length] ? connections.find(std::string(seen.substr(0, length))) : nullptr;
      if (found != nullptr) born.inherited = *found;
    }
    if (!born.inherited || born.flow == nullptr) return;
    if (born.flow->extension == nullptr) born.flow->extension = std::make_unique<Conversation>();
    auto& talk = static_cast<Conversation&>(*born.flow->extension);
    if (talk.named == 0) {
      talk.named = born.inherited->protocol;
      talk.named_evidence = Evidence::kHeuristic;
    }
    take_over(born, talk.identity);
  }

  static void inherit_slice(const BornFlow& born, FlowSlice& slice) {
    if (!born.inherited) return;
    if (slice.app_proto.empty()) {
      slice.app_proto = born.inherited->protocol_name;
      slice.app_evidence = Evidence::kHeuristic;
    }
    take_over(born, slice.identity);
  }

  // What the originator had asked the DNS for when it opened the flow, and got the responder's address.
  void name(BornFlow& born) {
    born.dns_name = names.find(born.key.orig.ip, born.key.resp.ip);
    if (born.flow == nullptr || born.dns_name.empty()) return;
    if (born.flow->extension == nullptr) born.flow->extension = std::make_unique<Conversation>();
    static_cast<Conversation&>(*born.flow->extension).known().dns_name = born.dns_name;
  }
};

Join::Join() : impl_(std::make_unique<Impl>()) {}
Join::~Join() = default;

void Join::merge(Batch& batch, std::span<ShardOutput> shards) {
  Impl& self = *impl_;
  std::vector<std::pair<BornFlow*, std::span<const BornFlow>>> numbering;
  for (ShardOutput& shard : shards) {
    for (BornFlow& flow : shard.born) numbering.emplace_back(&flow, shard.born);
  }
  if (shards.size() > 1) std::ranges::stable_sort(numbering, {}, [](const auto& n) { return n.first->at; });
  std::vector<BornFlow*> born;
  for (const auto& [flow, siblings] : numbering) {
    self.number(*flow, siblings);
    born.push_back(flow);
  }
  if (!born.empty()) {
    for (PacketFacts& facts : batch.facts) {
      if (facts.flow_id != kUnnumbered) continue;
      const BornFlow& flow = shards[facts.stream >> 24U].born[facts.stream & 0xffffffU];
      facts.flow_id = flow.id;
      facts.stream = flow.stream;
    }
  }
  auto next = born.begin();
  const auto name_born_before = [&](std::uint32_t at) {
    for (; next != born.end() && (*next)->at <= at; ++next) self.name(**next);
  };
  in_order(shards, &ShardOutput::names, [&](ShardOutput&, Event<NameSighting>& event) {
    name_born_before(event.at);
    const NameRecord& record = event.value.record;
    self.names.add(event.value.client, record.address, record.name, record.ts);
    batch.names.push_back(std::move(event.value.record));
  });
  name_born_before(kNotBorn);

  auto moved = born.begin();
  const auto inherit_before = [&](std::uint32_t at) {
    for (; moved != born.end() && (*moved)->at <= at; ++moved) {
      if ((*moved)->moved_size > 0) self.inherit(**moved);
    }
  };
  in_order(shards, &ShardOutput::connections, [&](ShardOutput&, Event<ConnectionSighting>& event) {
    inherit_before(event.at);
    self.remember(std::move(event.value));
  });
  inherit_before(kNotBorn);

  const auto resolve = [](const ShardOutput& shard, std::uint32_t index, std::uint64_t* id) {
    if (*id == 0 && index != kNotBorn) *id = shard.born[index].id;
  };
  in_order(shards, &ShardOutput::slices, by_key, [&](ShardOutput& shard, Event<FlowSlice>& event) {
    if (event.value.flow_id == 0 && event.born != kNotBorn) {
      event.value.stream = shard.born[event.born].stream;
      Impl::inherit_slice(shard.born[event.born], event.value);
      Impl::name_slice(shard.born[event.born].dns_name, event.value);
    }
    resolve(shard, event.born, &event.value.flow_id);
    batch.slices.push_back(std::move(event.value));
  });
  in_order(shards, &ShardOutput::transactions, [&](ShardOutput& shard, Event<Transaction>& event) {
    resolve(shard, event.born, &event.value.flow_id);
    batch.transactions.push_back(std::move(event.value));
  });
  in_order(shards, &ShardOutput::handshakes, [&](ShardOutput& shard, Event<Handshake>& event) {
    resolve(shard, event.born, &event.value.flow_id);
    batch.handshakes.push_back(std::move(event.value));
  });
  for (ShardOutput& shard : shards) {
    std::ranges::move(shard.certificates, std::back_inserter(batch.certificates));
    batch.counters.dns_queries += shard.counters.dns_queries;
    batch.counters.dns_responses += shard.counters.dns_responses;
    batch.counters.malformed += shard.counters.malformed;
  }
  batch.counters.tcp_flows = self.tcp.size();
  batch.counters.udp_flows = self.udp.size();
}

std::uint64_t Join::flows() const { return impl_->next_flow - 1; }

}  // namespace pr::analysis
