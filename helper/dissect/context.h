// What a dissector may ask the world for, and tell it. The analysis implements these: while recording with
// the real reassembly and trackers, for a stored packet with what the segment index kept.
#pragma once

#include <memory>
#include <span>

#include "shared/base/bytes.h"
#include "shared/model/dissection.h"
#include "shared/model/facts.h"
#include "shared/model/handshake.h"
#include "shared/model/packet.h"

namespace pr::dissect {

struct Fragment {
  IpAddress src, dst;
  std::uint32_t id = 0;
  std::uint8_t ip_proto = 0;
  std::uint16_t vlan = 0;
  std::uint32_t offset = 0;  // octets
  bool more = false;
  Bytes bytes;           // the fragment's payload as captured
  bool complete = true;  // false: the capture cut it short
};

// A flow that this one announces: FTP's data connection, the media of a call.
struct ExpectedFlow {
  Endpoint endpoint;  // one of its two ends
  bool tcp = true;    // else UDP
  const char* protocol = nullptr;
  AppState state;  // the memory that its dissector begins with
};

// Told of what the world is interested in; every call's views are valid during the call only.
// The returned fingerprints are valid until the next call of the same kind; null: not computed.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual const ClientFingerprint* client_hello(const ClientHello&) { return nullptr; }
  virtual const ServerFingerprint* server_hello(const ServerHello&) { return nullptr; }
  virtual const SshFingerprint* ssh_kexinit(const SshKexInit&, bool /*from_client*/) { return nullptr; }
  virtual void ssh_banner(std::string_view /*line*/, bool /*from_client*/) {}
  // DER, leaf first, as the server (or, from_client, the client) sent them.
  virtual void certificates(std::span<const Bytes> /*der*/, bool /*from_client*/) {}
  virtual void name_answers(std::span<const NameAnswer>) {}
  virtual void http_host(std::string_view) {}
  // What a handshake that is not TLS asks for.
  virtual void server_name(std::string_view) {}
  // An id that the sender chose for the connection that this flow carries: a flow with other addresses that uses it
  // carries the same connection (QUIC).
  virtual void connection_id(Bytes) {}
  virtual void message(ProtocolId, const Message&) {}
  // A flow between the two addresses of this packet; others are not followed.
  virtual void expect(const ExpectedFlow&) {}
};

// What a dissector keeps of one direction of a stream beside its 64 octets: the tables of a decompressor. It is not
// stored. What it holds has to follow from the messages of the packets that the dissector's state names
// (Dissector::remembers, MemoryLinks): whoever shows a stored packet reads those again first. Bounded by its owner.
class Memory {
 public:
  virtual ~Memory() = default;
};

class Context {
 public:
  virtual ~Context() = default;
  // The whole IP payload when this fragment completes it, else nothing. Valid until the packet is done with.
  virtual Bytes defragment(const Fragment&) { return {}; }

  Observer* observer = nullptr;
  const PacketFacts* facts = nullptr;  // null while recording
  // Of the sender's direction; null: there is none, and what a dissector remembers lasts for the message.
  std::unique_ptr<Memory>* memory = nullptr;
  Timestamp session_start{};  // ts of packet 1; epoch zero: this is packet 1
  Timestamp packet_before{};  // ts of the packet before, in capture order; epoch zero: none
  std::string_view interface_name;
};

}  // namespace pr::dissect
