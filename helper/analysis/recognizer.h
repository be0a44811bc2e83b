// Which application protocol a flow speaks: by content first and by port second.
#pragma once

#include "helper/dissect/registry.h"
#include "shared/model/flow.h"

namespace pr::analysis {

struct Recognized {
  ProtocolId app = 0;  // 0: not by these bytes
  Evidence evidence = Evidence::kNone;
};

// start: the first octets of a stream's direction, or a datagram. rejected: a protocol that is known not to be it.
Recognized recognize(const dissect::Registry& registry, Bytes start, const dissect::ProbeHint& hint,
                     ProtocolId rejected);

}  // namespace pr::analysis
