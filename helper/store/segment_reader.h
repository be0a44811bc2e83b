// Reads the packets of one segment, closed or still growing (then up to what was committed). One thread.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "helper/store/index_file.h"
#include "shared/model/batch.h"

namespace pr::store {

// A segment as the catalog knows it.
struct SegmentRow {
  std::uint64_t id = 0, session = 0;
  bool open = false, compressed = false;
  Extent extent;
};

// The entries of a block, decoded, and where their bytes are.
struct DecodedBlock {
  std::vector<IndexEntry> entries;
  std::vector<Frame> frames;
};

class SegmentReader {
 public:
  // protocol_names: of this process, to turn stored numbers into its own.
  static absl::StatusOr<std::unique_ptr<SegmentReader>> open(const Layout& layout, const SegmentRow& row,
                                                             const std::vector<std::string>& protocol_names);

  [[nodiscard]] const SegmentRow& row() const { return row_; }
  [[nodiscard]] std::span<const std::pair<std::uint64_t, BlockHead>> blocks() const { return blocks_; }
  // The blocks hold as many packets as the catalog says.
  [[nodiscard]] bool complete() const { return packets_ >= row_.extent.packets; }
  // Ordinal of a block's first packet in the segment.
  [[nodiscard]] std::uint64_t first_ordinal(std::size_t block) const { return ordinals_[block]; }
  absl::Status decode(std::size_t block, DecodedBlock& out);
  // Fills packet but for its link type, bytes valid until the next call. read_ahead: what follows will be asked next.
  absl::Status bytes_of(const DecodedBlock& block, const IndexEntry& entry, bool read_ahead, Packet* packet);
  // Numbers of the flow's packets, ascending, appended.
  absl::Status flow_packets(std::uint64_t flow_id, DecodedBlock& scratch, std::vector<std::uint64_t>& out);

 private:
  SegmentReader() = default;
  absl::StatusOr<Bytes> plain(std::uint64_t position, std::size_t length, bool read_ahead);
  absl::StatusOr<Bytes> unpacked(const DecodedBlock& block, std::uint64_t position, std::size_t length);

  SegmentRow row_;
  Fd fd_;
  std::unique_ptr<IndexFile> index_;
  std::span<const std::pair<std::uint64_t, BlockHead>> blocks_;
  std::vector<std::uint64_t> ordinals_;
  std::uint64_t packets_ = 0;
  std::vector<std::uint16_t> protocols_;  // stored number -> ours
  Decompressor decompressor_;
  std::vector<std::uint8_t> window_, stored_;
  std::uint64_t window_at_ = 0;
  std::size_t window_size_ = 0;
};

}  // namespace pr::store
