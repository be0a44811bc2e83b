#include "helper/view/pcapng_writer.h"

#include <set>

namespace pr::view {

void PcapngWriter::flush() {
  output_.write(as_text(block_));
  block_.clear();
}

void PcapngWriter::begin() {
  store::pcapng::append_section_header(block_);
  flush();
}

PcapngWriter::Exported& PcapngWriter::interface_of(const store::SessionInfo& session, const Packet& packet) {
  const Key key{session.id, {packet.interface_id, packet.link_type}};
  const auto [found, is_new] = interfaces_.try_emplace(key);
  if (is_new) {
    InterfaceInfo info;
    if (packet.interface_id < session.interfaces.size()) info = session.interfaces[packet.interface_id];
    info.link_type = packet.link_type;
    found->second.id = static_cast<std::uint32_t>(interfaces_.size() - 1);
    found->second.session = &session;
    store::pcapng::append_interface(block_, info);
  }
  return found->second;
}

void PcapngWriter::packet(const store::SessionInfo& session, const Packet& packet) {
  Exported& interface = interface_of(session, packet);
  interface.last = packet.ts;
  Packet numbered = packet;
  numbered.interface_id = interface.id;
  store::pcapng::append_packet(block_, numbered);
  flush();
}

// Counts are a session's, not an interface's: they stand at its first interface.
void PcapngWriter::end() {
  std::set<std::uint64_t> told;
  for (const auto& [key, interface] : interfaces_) {
    const store::SessionInfo& session = *interface.session;
    if (!session.live || !told.insert(session.id).second) continue;
    store::pcapng::append_statistics(block_, interface.id,
                                     {.at = interface.last,
                                      .received = session.stats.received,
                                      .dropped_interface = session.stats.dropped_interface,
                                      .dropped_kernel = session.stats.dropped_kernel});
  }
  flush();
}

}  // namespace pr::view
