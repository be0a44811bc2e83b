#include "shared/model/batch.h"

namespace pr {

void Batch::clear_packets() {
  arena.clear();
  packets.clear();
  shards.clear();
  new_interfaces.clear();
  last = false;
}

void Batch::clear_findings() {
  slices.clear();
  transactions.clear();
  handshakes.clear();
  certificates.clear();
  names.clear();
  counters = {};
}

}  // namespace pr
