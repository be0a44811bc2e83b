// What a protocol is to the engine: its fields, how it is found, and one function. One file a protocol in
// proto/, one line in dissectors.def; ARCHITECTURE.md walks through an example.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "helper/dissect/layer_builder.h"
#include "shared/base/cursor.h"
#include "shared/model/field.h"

namespace pr::dissect {

enum class Outcome : std::uint8_t {
  kDone,
  kNotMine,  // the bytes are not this protocol: nothing may have been added
  // The message goes on. Streams: see LayerBuilder::need. Datagrams: this one is shown as it is and kept, and the next
  // one of its direction is given it as LayerBuilder::earlier().
  kNeedMore,
  kWantsFlow,  // directly above IP: to be called again as a datagram, with its flow's memory and observer
  kTruncated,  // the capture or the message ends too early
  kMalformed,
};

// A key in a table under which a parent finds this protocol. Tables carry Wireshark's names: "link" (LINKTYPE_
// value), "ethertype", "ip.proto", "ppp.protocol", "llc.dsap", "tcp.port", "udp.port", "sctp.port", "sctp.ppi" ...
struct Bind {
  const char* table;
  std::uint32_t key;
};

// At the start of the state of a dissector that remembers: by sender (0: the flow's originator) the last packet that
// changed its memory, 0: none. Each such packet's own state names the one before, which makes a chain.
struct MemoryLinks {
  std::uint64_t packets[2];

  static MemoryLinks in(const AppState& state) {
    MemoryLinks links{};
    std::memcpy(&links, state.raw.data(), sizeof links);
    return links;
  }
  void put(AppState& state) const { std::memcpy(state.raw.data(), this, sizeof *this); }
  [[nodiscard]] std::uint64_t of(bool from_orig) const { return packets[from_orig ? 0 : 1]; }
  void changed(const LayerBuilder& out) { packets[out.from_orig() ? 0 : 1] = out.packet().number; }
};

// How sure a look at the first bytes of a stream or datagram makes. kMaybe counts together with a known port.
enum class Likeness : std::uint8_t { kNo, kMaybe, kYes };

struct ProbeHint {
  bool from_orig = true;  // sent by who opened the flow
  bool tcp = true;
  std::uint16_t orig_port = 0, resp_port = 0;
  // The flow has a port of the protocol asked: kMaybe counts only then, so what can say no more need not look
  // otherwise.
  bool by_port = true;
};

struct Dissector {
  const char* name;              // Wireshark's filter name: "tls"
  const char* title;             // "Transport Layer Security"
  const char* column = nullptr;  // what the Protocol column says: "TLS"; null: no own word there
  const char* app = nullptr;     // what flows call it (Zeek's word), where that is not its name: "pop3" for pop
  std::span<const FieldDef> fields = {};
  std::span<const AliasDef> aliases = {};
  std::span<const Bind> binds = {};
  // Tables that this protocol's function looks children up in, by index: LayerBuilder::next(table, key, in).
  std::span<const char* const> tables = {};
  Outcome (*dissect)(Cursor& in, LayerBuilder& out) = nullptr;
  // Recognises the protocol by content, over TCP (streams) and UDP (datagrams) as the hint says.
  Likeness (*probe)(Bytes start, const ProbeHint& hint) = nullptr;
  // Runs over TCP as a sequence of messages: dissect is called at each message's start.
  bool stream = false;
  // Runs over UDP, or says kWantsFlow above IP: dissect is called with a datagram.
  bool datagram = false;
  // Only frames what it carries (TPKT, NetBIOS sessions): a flow is called after the protocol inside, and that one has
  // the conversation's memory.
  bool carrier = false;
  // Has a Memory, and a state that begins with MemoryLinks.
  bool remembers = false;
};

}  // namespace pr::dissect
