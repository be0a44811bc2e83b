#include "shared/model/batch.h"

namespace pr {

void Batch::clear() {
  arena.clear();
  packets.clear();
  new_interfaces.clear();
  last = false;
  slices.clear();
  transactions.clear();
  handshakes.clear();
  certificates.clear();
  names.clear();
  counters = {};
}

}  // namespace pr
