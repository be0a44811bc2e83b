// Everything that a source gives, with the bytes copied out of its batches.
#pragma once

#include <string>
#include <vector>

#include "helper/capture/file_source.h"

namespace pr::test {

struct ReadPacket {
  std::int64_t ns = 0;
  std::uint32_t interface_id = 0;
  std::uint16_t link_type = 0;
  std::uint32_t wire_len = 0;
  std::string bytes;
};

struct ReadAll {
  std::vector<ReadPacket> packets;
  std::vector<InterfaceInfo> interfaces;
  absl::Status status;
  SourceStats stats;
};

// One batch object for all reads, as the pipeline does it.
inline ReadAll read_all(capture::PacketSource& source) {
  ReadAll all;
  Batch batch;
  while (true) {
    batch.clear();
    const auto more = source.read(batch);
    for (const InterfaceInfo& info : batch.new_interfaces) all.interfaces.push_back(info);
    for (const Packet& packet : batch.packets) {
      all.packets.push_back({to_ns(packet.ts), packet.interface_id, packet.link_type, packet.wire_len,
                             std::string(as_text(packet.bytes))});
    }
    if (!more.ok()) all.status = more.status();
    if (!more.ok() || !*more) break;
  }
  all.stats = source.stats();
  return all;
}

inline ReadAll read_all(Bytes file) { return read_all(*capture::make_file_source(capture::memory_bytes(file))); }

}  // namespace pr::test
