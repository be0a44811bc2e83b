// QUIC packets (RFC 9000, 9001, 9369) as far as they are not private: headers, and what Initial packets hold.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/tls/handshake.h"

namespace pr::dissect::quic {

enum Field : std::uint16_t {
  kPacketLength,
  kHeaderForm,
  kFixedBit,
  kLongPacketType,
  kLongPacketTypeV2,
  kLongReserved,
  kPacketNumberLength,
  kVersion,
  kDcil,
  kDcid,
  kScil,
  kScid,
  kTokenLength,
  kToken,
  kLength,
  kPacketNumber,
  kPayload,
  kRemainingPayload,
  kRetryToken,
  kRetryIntegrityTag,
  kVnUnused,
  kSupportedVersion,
  kShort,
  kSpinBit,
  kCoalescedPaddingData,
  kFrame,
  kFrameType,
  kPaddingLength,
  kAckLargestAcknowledged,
  kAckDelay,
  kAckRangeCount,
  kAckFirstRange,
  kAckGap,
  kAckRange,
  kAckEct0,
  kAckEct1,
  kAckCe,
  kCryptoOffset,
  kCryptoLength,
  kCryptoData,
  kCcErrorCode,
  kCcTlsAlert,
  kCcFrameType,
  kCcReasonLength,
  kCcReason,
  kUnknownFrame,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];

inline constexpr std::size_t kMaxCid = 20;

// Packet types in version 1's numbers.
enum PacketType : std::uint8_t { kInitial, kZeroRtt, kHandshakePacket, kRetry };

struct State {
  std::uint32_t version = 0;    // 0: no long header was seen
  std::uint16_t next[2]{};      // octets of Initial CRYPTO data read, by sender: [0] = client
  std::uint8_t cid[kMaxCid]{};  // the client's first destination id: Initial keys come of it
  std::uint8_t cid_len = 0;
  bool has_keys = false;
  bool client_is_resp = false;
  std::uint8_t own_len[2]{};  // of the ids that each side chose for itself, by sender: [0] = client
  tls::State tls;
};
static_assert(sizeof(State) <= 64);

bool is_known(std::uint32_t version);
// Versions that nobody speaks, sent so that version negotiation stays alive (RFC 9000 15).
bool is_greased(std::uint32_t version);
bool is_version2(std::uint32_t version);
bool is_google(std::uint32_t version);
extern const std::span<const NamedValue> kVersions;

// RFC 9000 16.
std::uint64_t varint(Cursor& in);

struct LongHeader {
  std::uint8_t first = 0;
  std::uint32_t version = 0;
  Bytes dcid, scid, token;
  PacketType type = kInitial;
  std::uint64_t length = 0;   // Initial, 0-RTT, Handshake: octets from the packet number on
  std::size_t number_at = 0;  // of the packet number
  Bytes whole;                // from the first octet to the end of this packet
};
// nullopt: damaged, or no long header. What follows the ids is read for known versions only.
std::optional<LongHeader> read_long_header(Bytes bytes);

struct Keys {
  std::array<std::uint8_t, 16> key{}, header_key{};
  std::array<std::uint8_t, 12> iv{};
};
Keys initial_keys(std::uint32_t version, Bytes cid, bool client);

struct Opened {
  std::uint8_t first = 0;  // with its protection taken off
  std::uint64_t number = 0;
  std::size_t number_length = 0;
  std::vector<std::uint8_t> payload;  // empty: it did not open
};
Opened open_packet(const LongHeader& header, const Keys& keys);

struct CryptoPiece {
  std::uint64_t offset = 0;
  Bytes bytes;
};
// Collects CRYPTO frames; shows all frames where that is wanted, and says their names.
// google: of a version with frames of its own.
void read_frames(Cursor in, bool google, LayerBuilder* out, std::vector<CryptoPiece>& pieces, std::string& names);

}  // namespace pr::dissect::quic
