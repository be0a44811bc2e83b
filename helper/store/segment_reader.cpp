#include "helper/store/segment_reader.h"

#include <algorithm>
#include <unordered_map>

#include "helper/store/index_format.h"
#include "helper/store/pcapng.h"

namespace pr::store {
namespace {

constexpr std::size_t kReadAhead = 1U << 20U;
constexpr std::size_t kReadAround = 16U << 10U;  // what a single packet's read takes along

// A segment is renamed when it is closed, which may happen between two tries.
absl::StatusOr<Fd> open_data(const Layout& layout, const SegmentRow& row) {
  absl::StatusOr<Fd> fd = absl::NotFoundError("");
  for (int i = 0; i < 3 && !fd.ok(); ++i) {
    const bool temporary = row.open == (i % 2 == 0);
    fd = open_existing(temporary ? layout.open_segment(row.id, row.compressed) : layout.segment(row.id, row.compressed),
                       false);
    if (!fd.ok() && !absl::IsNotFound(fd.status())) break;
  }
  return fd;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentReader>> SegmentReader::open(const Layout& layout, const SegmentRow& row,
                                                                   const std::vector<std::string>& protocol_names) {
  auto index = IndexFile::open(layout.index(row.id), row.open ? row.extent.index_bytes : 0);
  if (!index.ok()) return index.status();
  absl::StatusOr<Fd> fd = open_data(layout, row);
  if (!fd.ok()) return fd.status();
  std::unique_ptr<SegmentReader> made(new SegmentReader());
  made->row_ = row;
  made->fd_ = *std::move(fd);
  made->index_ = *std::move(index);
  const auto blocks = made->index_->blocks();
  if (!blocks.ok()) return blocks.status();
  made->blocks_ = **blocks;
  // Blocks that were committed after the row was read are not for this reader.
  std::uint64_t ordinal = 0;
  std::size_t count = 0;
  for (const auto& [offset, block] : made->blocks_) {
    if (row.extent.packets != 0 && ordinal >= row.extent.packets) break;
    made->ordinals_.push_back(ordinal);
    ordinal += block.count;
    ++count;
  }
  made->blocks_ = made->blocks_.first(count);
  made->packets_ = ordinal;
  std::unordered_map<std::string, std::uint16_t> ours;
  for (std::size_t i = 0; i < protocol_names.size(); ++i)
    ours.emplace(protocol_names[i], static_cast<std::uint16_t>(i));
  for (const std::string& name : made->index_->names()) {
    const auto found = ours.find(name);
    made->protocols_.push_back(name.empty() || found == ours.end() ? std::uint16_t{0} : found->second);
  }
  return made;
}

absl::Status SegmentReader::decode(std::size_t block, DecodedBlock& out) {
  if (absl::Status status = index_->decode(block, out.entries, &out.frames); !status.ok()) return status;
  for (IndexEntry& entry : out.entries) {
    entry.facts.app = entry.facts.app < protocols_.size() ? protocols_[entry.facts.app] : std::uint16_t{0};
  }
  return absl::OkStatus();
}

absl::StatusOr<Bytes> SegmentReader::plain(std::uint64_t position, std::size_t length, bool read_ahead) {
  if (position < window_at_ || position + length > window_at_ + window_size_) {
    const std::size_t wanted = std::max(length, read_ahead ? kReadAhead : kReadAround);
    if (window_.size() < wanted) window_.resize(wanted);
    window_at_ = position;
    window_size_ = 0;
    const absl::StatusOr<std::size_t> got = read_at(fd_, position, std::span(window_).first(wanted));
    if (!got.ok()) return got.status();
    window_size_ = *got;
    if (*got < length) return absl::DataLossError("a segment is shorter than its index says");
  }
  return Bytes(window_).subspan(position - window_at_, length);
}

absl::StatusOr<Bytes> SegmentReader::unpacked(const DecodedBlock& block, std::uint64_t position, std::size_t length) {
  if (position < window_at_ || position + length > window_at_ + window_size_) {
    const auto frame = std::ranges::find_if(
        block.frames, [&](const Frame& f) { return position >= f.data_start && position < f.data_start + f.raw; });
    if (frame == block.frames.end() || frame->raw > kMaxRawBlock || frame->stored > kMaxRawBlock) {
      return absl::DataLossError("damaged index");
    }
    stored_.resize(frame->stored);
    const absl::StatusOr<std::size_t> got = read_at(fd_, frame->file_start, stored_);
    if (!got.ok()) return got.status();
    if (*got != stored_.size()) return absl::DataLossError("a segment is shorter than its index says");
    window_.resize(frame->raw);
    window_size_ = 0;
    if (absl::Status status = decompressor_.read(stored_, window_); !status.ok()) return status;
    window_at_ = frame->data_start;
    window_size_ = frame->raw;
    if (position + length > window_at_ + window_size_) return absl::DataLossError("damaged index");
  }
  return Bytes(window_).subspan(position - window_at_, length);
}

absl::Status SegmentReader::bytes_of(const DecodedBlock& block, const IndexEntry& entry, bool read_ahead,
                                     Packet* packet) {
  const std::uint64_t length = pcapng::packet_block_size(entry.captured);
  if (length > kMaxRawBlock) return absl::DataLossError("damaged index");
  const absl::StatusOr<Bytes> bytes =
      row_.compressed ? unpacked(block, entry.position, length) : plain(entry.position, length, read_ahead);
  if (!bytes.ok()) return bytes.status();
  if (!pcapng::read_packet(*bytes, packet) || packet->ts != entry.ts || packet->bytes.size() != entry.captured) {
    return absl::DataLossError("a segment holds another packet than its index says");
  }
  packet->number = entry.number;
  return absl::OkStatus();
}

absl::Status SegmentReader::flow_packets(std::uint64_t flow_id, DecodedBlock& scratch,
                                         std::vector<std::uint64_t>& out) {
  std::vector<std::uint32_t> ordinals;
  if (index_->closed()) {
    if (absl::Status status = index_->flow_ordinals(flow_id, ordinals); !status.ok()) return status;
  }
  std::size_t next = 0;
  for (std::size_t n = 0; n < blocks_.size(); ++n) {
    const BlockHead& block = blocks_[n].second;
    const std::uint64_t end = ordinals_[n] + block.count;
    if (index_->closed()) {
      const std::size_t first = next;
      while (next < ordinals.size() && ordinals[next] < end) ++next;
      if (first == next) continue;
      if (block.last_number - block.first_number + 1U == block.count) {  // no holes: an ordinal tells the number
        for (std::size_t i = first; i < next; ++i) out.push_back(block.first_number + ordinals[i] - ordinals_[n]);
        continue;
      }
    } else if (flow_id != 0 && (flow_id < block.min_flow || flow_id > block.max_flow)) {
      continue;
    }
    if (absl::Status status = index_->decode(n, scratch.entries, nullptr); !status.ok()) return status;
    for (const IndexEntry& entry : scratch.entries) {
      if (entry.facts.flow_id == flow_id) out.push_back(entry.number);
    }
  }
  return absl::OkStatus();
}

}  // namespace pr::store
