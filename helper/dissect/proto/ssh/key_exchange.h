// Messages of SSH's key exchange, which go in clear: RFC 4253 section 7 and 8, RFC 4419, RFC 5656, RFC 8731.
#pragma once

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ssh/fields.h"

namespace pr::dissect::ssh {

enum MessageCode : std::uint8_t { kDisconnect = 1, kKexInit = 20, kNewKeys = 21, kKexFirst = 30, kKexLast = 34 };

// How messages 30 to 34 read depends on the method agreed on.
enum class Method : std::uint8_t { kDh, kGroupExchange, kEcdh };

// A conversation's memory (LayerBuilder::state). Method names do not fit, their hashes do.
struct State {
  static constexpr std::size_t kMaxMethods = 24;

  std::uint8_t banners = 0;     // 1: client's seen, 2: server's
  std::uint8_t version1 = 0;    // one of them speaks SSH 1 only
  std::uint8_t hidden = 0;      // 1: client's new keys are in use, 2: server's
  std::uint8_t kexinits = 0;    // 1: client's seen, 2: server's
  std::uint8_t requested = 0;   // the transaction of the first key exchange: 1 begun, 2 answered
  Method method = Method::kDh;  // valid when both KEXINITs were seen
  std::uint8_t count = 0;       // names in methods: of the side whose KEXINIT came first
  std::uint16_t methods[kMaxMethods] = {};
};

// The message after its code. name: of the message, for the Info column.
const char* dissect_key_exchange(std::uint8_t code, Cursor& in, LayerBuilder& out, State& state, bool from_client);

}  // namespace pr::dissect::ssh
