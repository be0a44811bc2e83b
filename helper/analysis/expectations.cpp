#include "helper/analysis/expectations.h"

#include <algorithm>

#include "helper/flow/flow_table.h"

namespace pr::analysis {
namespace {

constexpr std::uint8_t kTcp = 6, kUdp = 17;

}  // namespace

std::size_t Expectations::bucket(const Key& key) const {
  return flow::FlowTable::bucket(key.end.ip, key.other, hash_key_);
}

void Expectations::add(const FlowKey& announcer, const dissect::ExpectedFlow& flow, ProtocolId protocol,
                       Timestamp now) {
  const IpAddress& a = announcer.orig.ip;
  const IpAddress& b = announcer.resp.ip;
  if (flow.endpoint.ip != a && flow.endpoint.ip != b) return;
  const Key key{flow.endpoint, flow.endpoint.ip == a ? b : a, flow.tcp ? kTcp : kUdp};
  if (buckets_.empty()) buckets_.resize(flow::kBuckets);
  auto& place = buckets_[bucket(key)];
  if (!place) place = std::make_unique<Bucket>(kPerBucket);
  (*place)[key] = {protocol, now, flow.state};
}

const Expectations::Expected* Expectations::find(const FlowKey& flow, Timestamp now) {
  if (buckets_.empty()) return nullptr;
  for (const Key& key : {Key{flow.resp, flow.orig.ip, flow.ip_proto}, Key{flow.orig, flow.resp.ip, flow.ip_proto}}) {
    const auto& place = buckets_[bucket(key)];
    if (!place) continue;
    const Expected* found = place->find(key);
    if (found == nullptr) continue;
    const Duration age = now > found->announced ? now - found->announced : found->announced - now;
    if (age <= kLifetime) return found;
    place->erase(key);
  }
  return nullptr;
}

}  // namespace pr::analysis
