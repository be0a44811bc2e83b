// Packets as a pcapng file: one section, nanoseconds, the interfaces of each session with their names, filters and drop
// counts. Order, times and lengths stay as they were recorded.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "helper/store/pcapng.h"
#include "helper/store/reader.h"
#include "helper/view/output.h"

namespace pr::view {

class PcapngWriter {
 public:
  // Borrows the output.
  explicit PcapngWriter(Output& output) : output_(output) {}

  void begin();
  // Describes the packet's interface first when it is new. The session has to stay until end().
  void packet(const store::SessionInfo& session, const Packet& packet);
  // Drop counts, for sessions recorded live.
  void end();

 private:
  struct Exported {
    std::uint32_t id = 0;  // number of the interface in this file
    const store::SessionInfo* session = nullptr;
    Timestamp last{};
  };
  // Session, interface, link type: a file may change its link type within an interface.
  using Key = std::pair<std::uint64_t, std::pair<std::uint32_t, std::uint16_t>>;

  Exported& interface_of(const store::SessionInfo& session, const Packet& packet);
  void flush();

  Output& output_;
  std::map<Key, Exported> interfaces_;
  store::pcapng::Buffer block_;
};

}  // namespace pr::view
