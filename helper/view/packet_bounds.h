// What a packet filter says about where its packets can be, so that not all have to be read.
#pragma once

#include <cstdint>

#include "shared/filter/ast.h"

namespace pr::view {

// Frame numbers outside first .. last cannot pass.
struct NumberBounds {
  std::uint64_t first = 1;
  std::uint64_t last = ~0ULL;
};
NumberBounds frame_number_bounds(const filter::Ast* where);

// A part of the filter that every packet has to pass and that all packets of a flow share, because it names their flow:
// a stream number, flow id or community id. null: there is none. What a packet's addresses and ports are does not
// count: tunnels and ICMP errors carry others than their flow's.
const filter::Ast* flow_part(const filter::Ast* where);

}  // namespace pr::view
