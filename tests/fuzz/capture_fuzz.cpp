// link: pr_capture
// The readers of capture files, compressed or not, over any bytes.
#include <cstdlib>

#include "helper/capture/file_source.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// What everybody after the source relies on.
void check(const pr::Batch& batch, std::size_t interfaces) {
  require(batch.packets.size() <= pr::kBatchPackets);
  for (const pr::Packet& packet : batch.packets) {
    require(packet.interface_id < interfaces);
    require(packet.wire_len >= packet.bytes.size());
    require(packet.bytes.empty() ||
            (packet.bytes.data() >= batch.arena.data() &&
             packet.bytes.data() + packet.bytes.size() <= batch.arena.data() + batch.arena.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = pr::capture::make_file_source(pr::capture::memory_bytes({data, size}));
  static pr::Batch batch;  // as the pipeline reuses them; new ones would take most of the time
  std::size_t interfaces = 0;
  std::uint64_t packets = 0;
  // A few kilobytes of gzip become megabytes; a minute of fuzzing is better spent on other inputs.
  for (int batches = 0; batches < 64; ++batches) {
    batch.clear();
    const auto more = source->read(batch);
    interfaces += batch.new_interfaces.size();
    packets += batch.packets.size();
    check(batch, interfaces);
    if (!more.ok()) {
      require(more.status().code() == absl::StatusCode::kDataLoss);
      require(more.status().message().find("byte offset ") != std::string::npos);
    }
    if (!more.ok() || !*more) break;
  }
  const pr::SourceStats stats = source->stats();
  require(stats.received == packets + stats.dropped_kernel);
  return 0;
}
