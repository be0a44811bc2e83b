// The packets of sessions, over segments: in order, one by one, and by flow. One thread.
#pragma once

#include <deque>
#include <map>

#include "helper/store/database.h"
#include "helper/store/reader.h"
#include "helper/store/segment_reader.h"

namespace pr::store {

class PacketStore {
 public:
  PacketStore(Database& catalog, const Layout& layout, std::vector<std::string> protocol_names)
      : catalog_(catalog), layout_(layout), protocol_names_(std::move(protocol_names)) {}

  // kDataLoss: some segment is damaged; the packets that can be read were given before.
  absl::Status packets(std::uint64_t session, std::uint64_t first_number, const TimeRange& range,
                       const std::function<bool(StoredPacket&)>& take);
  absl::StatusOr<StoredPacket> packet(std::uint64_t session, std::uint64_t number);
  absl::StatusOr<std::vector<std::uint64_t>> flow_packets(std::uint64_t session, std::uint64_t flow_id);

 private:
  struct Scan {
    std::uint64_t first_number;
    const TimeRange& range;
    const std::vector<std::uint16_t>& links;
    const std::function<bool(StoredPacket&)>& take;
    DecodedBlock& block;
    StoredPacket& stored;
  };
  // False: take() wants no more.
  static absl::StatusOr<bool> packets_of(SegmentReader& segment, const Scan& scan);
  absl::StatusOr<std::vector<SegmentRow>> segments(std::uint64_t session);
  // Link types by interface.
  absl::StatusOr<std::vector<std::uint16_t>> link_types(std::uint64_t session);
  absl::StatusOr<SegmentReader*> reader(const SegmentRow& row);
  absl::StatusOr<const DecodedBlock*> block(SegmentReader& from, std::size_t n);

  // What packet() met last.
  struct CachedBlock {
    std::uint64_t segment = 0;
    std::size_t n = 0;
    std::unique_ptr<DecodedBlock> block;
  };

  Database& catalog_;
  const Layout layout_;
  const std::vector<std::string> protocol_names_;
  std::uint64_t known_session_ = 0;
  std::vector<SegmentRow> known_segments_;
  std::vector<std::uint16_t> known_links_;
  std::deque<std::unique_ptr<SegmentReader>> readers_;
  std::deque<CachedBlock> blocks_;
};

}  // namespace pr::store
