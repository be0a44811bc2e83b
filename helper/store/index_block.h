// A block of a segment's index: what the recording knows of up to 4096 packets beside their bytes, column by column.
//
// Each packet is written as its difference from what the packets before it in the block let expect (the same flow's
// last packet, above all), and a mask says which columns differ. Encoder and decoder walk the same model, so that they
// cannot disagree on what is expected. Nothing is remembered from block to block: each decodes alone.
#pragma once

#include <absl/status/status.h>

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/model/facts.h"
#include "shared/model/packet.h"

namespace pr::store {

inline constexpr std::size_t kBlockPackets = 4096;

// The columns of a block, in the order they are stored.
enum IndexColumn : std::uint8_t {
  kColMask,
  kColFlow,
  kColNewFlow,
  kColTime,
  kColSize,
  kColGap,
  kColNumber,
  kColStream,
  kColApp,
  kColPayload,
  kColState,
  kColParts,
  kColFragments,
  kColRequest,
  kColMarks,
  kColBase,
  kColShift,
  kColAcks,
  kColRtt,
  kColFlight,
  kColPush,
  kColDuplicate,
  kColRto,
  kColStart,
  kColBefore,
  kColumns
};

struct IndexEntry {
  std::uint64_t number = 0;
  std::uint64_t position = 0;  // of its block in the segment, in octets of (uncompressed) pcapng
  std::uint32_t captured = 0;
  Timestamp ts{};
  PacketFacts facts;
};

// What is expected of the next packet, learnt from those before. Part of the format.
class IndexModel {
 public:
  struct FlowState {
    std::uint64_t id = 0;
    std::uint32_t stream = 0;
    bool has_stream = false;
    std::uint16_t app = 0;
    std::int64_t last_ts = 0, start = 0, initial_rtt = -1;
    std::array<std::uint32_t, 2> base{};  // first sequence number by sender
    std::array<std::int8_t, 2> shift{-1, -1};
    std::array<std::uint32_t, 2> header{};  // octets in front of the payload
    AppState state;
  };

  void begin();
  // Number of the flow in this block, or the next free one. REQUIRES: fewer than kBlockPackets known.
  std::uint32_t find(std::uint64_t flow_id) const;
  std::uint32_t add(std::uint64_t flow_id);
  [[nodiscard]] std::size_t flows() const { return used_; }
  FlowState& flow(std::uint32_t n) { return states_[n]; }
  // Time of the packet with that number, if it is in the block; else -1.
  [[nodiscard]] std::int64_t time_of(std::uint64_t number) const;

  std::uint64_t first_number = 0, last_number = 0;
  std::uint64_t position = 0;  // where the next packet's block is expected
  std::int64_t last_ts = 0;
  std::uint32_t last_flow = 0;
  std::uint64_t last_new_flow = 0;
  bool contiguous = true;  // numbers so far: first_number, first_number + 1, ...
  std::vector<std::int64_t> times;

 private:
  static constexpr std::size_t kSlots = 2 * kBlockPackets;
  std::vector<FlowState> states_ = std::vector<FlowState>(64);
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(kSlots);  // flow number + 1
  std::size_t used_ = 0;
};

struct BlockStart {
  std::uint64_t first_number = 0;
  std::uint64_t position = 0;
};

class IndexEncoder {
 public:
  IndexEncoder();
  ~IndexEncoder();

  void add(const Packet& packet, std::uint64_t position, const PacketFacts& facts);
  [[nodiscard]] std::size_t size() const { return count_; }
  // 4096 packets, or as many octets as a block should hold.
  [[nodiscard]] bool full() const;
  [[nodiscard]] BlockStart start() const { return start_; }
  // The columns, not compressed, appended to out. The encoder is then empty.
  void finish(std::vector<std::uint8_t>& out);

 private:
  struct Io;
  std::unique_ptr<Io> io_;
  IndexModel model_;
  BlockStart start_;
  std::size_t count_ = 0;
};

// Decodes a whole block. Entries are reused: their lists keep their memory.
class IndexDecoder {
 public:
  // raw: what finish() made. kDataLoss: it is not that.
  absl::Status decode(Bytes raw, const BlockStart& start, std::size_t count, std::vector<IndexEntry>& out);

 private:
  IndexModel model_;
};

}  // namespace pr::store
