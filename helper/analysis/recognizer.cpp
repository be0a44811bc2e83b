#include "helper/analysis/recognizer.h"

namespace pr::analysis {

using dissect::Likeness;

Recognized recognize(const dissect::Registry& registry, Bytes start, const dissect::ProbeHint& hint,
                     ProtocolId rejected) {
  const ProtocolId by_port[] = {registry.at_port(hint.tcp, hint.resp_port), registry.at_port(hint.tcp, hint.orig_port)};
  dissect::ProbeHint asked = hint;
  Recognized maybe;
  for (const ProtocolId id : hint.tcp ? registry.stream_protocols() : registry.datagram_protocols()) {
    const dissect::Dissector& dissector = registry.at(id);
    if (id == rejected || dissector.probe == nullptr) continue;
    asked.by_port = id == by_port[0] || id == by_port[1];
    const Likeness likeness = dissector.probe(start, asked);
    if (likeness == Likeness::kYes) return {id, Evidence::kContent};
    if (likeness == Likeness::kMaybe && maybe.app == 0 && asked.by_port) maybe = {id, Evidence::kPort};
  }
  return maybe;
}

}  // namespace pr::analysis
