#include "helper/analysis/recognizer.h"

namespace pr::analysis {

using dissect::Likeness;

Recognized recognize(const dissect::Registry& registry, Bytes start, const dissect::ProbeHint& hint,
                     ProtocolId rejected) {
  const char* table = hint.tcp ? "tcp.port" : "udp.port";
  const ProtocolId by_port[] = {registry.child(table, hint.resp_port), registry.child(table, hint.orig_port)};
  Recognized maybe;
  for (const ProtocolId id : hint.tcp ? registry.stream_protocols() : registry.datagram_protocols()) {
    const dissect::Dissector& dissector = registry.at(id);
    if (id == rejected || dissector.probe == nullptr) continue;
    const Likeness likeness = dissector.probe(start, hint);
    if (likeness == Likeness::kYes) return {id, Evidence::kContent};
    if (likeness == Likeness::kMaybe && maybe.app == 0 && (id == by_port[0] || id == by_port[1])) {
      maybe = {id, Evidence::kPort};
    }
  }
  return maybe;
}

}  // namespace pr::analysis
