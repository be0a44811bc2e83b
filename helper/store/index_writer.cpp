#include <algorithm>
#include <array>
#include <numeric>

#include "helper/store/index_format.h"

namespace pr::store {
namespace {

// Ordinals sorted by flow, those of one flow ascending. Flow ids are numbers in order of appearance, so few digits of
// their distance from the smallest decide: a radix sort beats comparing by far.
std::vector<std::uint32_t> sorted_by_flow(const std::vector<std::uint64_t>& flows, std::uint64_t least,
                                          std::uint64_t most) {
  std::vector<std::uint32_t> order(flows.size()), next(flows.size());
  std::iota(order.begin(), order.end(), 0U);
  for (unsigned shift = 0; shift < 64 && (most - least) >> shift != 0; shift += 11) {
    std::array<std::uint32_t, 2048> starts{};
    const auto digit = [&](std::uint32_t i) { return (flows[i] - least) >> shift & 2047U; };
    for (const std::uint32_t i : order) ++starts[digit(i)];
    std::exclusive_scan(starts.begin(), starts.end(), starts.begin(), 0U);
    for (const std::uint32_t i : order) next[starts[digit(i)]++] = i;
    order.swap(next);
  }
  return order;
}

}  // namespace

void Extent::add(const BlockHead& block) {
  if (packets == 0) {
    first_number = block.first_number;
    min_ts = block.min_ts;
    max_ts = block.max_ts;
  }
  packets += block.count;
  last_number = block.last_number;
  min_ts = std::min(min_ts, block.min_ts);
  max_ts = std::max(max_ts, block.max_ts);
  if (block.max_flow != 0) {
    min_flow = min_flow == 0 ? block.min_flow : std::min(min_flow, block.min_flow);
    max_flow = std::max(max_flow, block.max_flow);
  }
  wire_bytes += block.wire_bytes;
  data_bytes = block.file_end;
}

absl::StatusOr<std::unique_ptr<IndexWriter>> IndexWriter::create(const std::string& path, std::uint64_t segment,
                                                                 std::uint64_t session, bool compressed,
                                                                 const std::vector<std::string>& names) {
  absl::StatusOr<Fd> fd = create_new(path);
  if (!fd.ok()) return fd.status();
  std::unique_ptr<IndexWriter> made(new IndexWriter(*std::move(fd), path));
  std::vector<std::uint8_t> text;
  for (const std::string& name : names) {
    const auto size = static_cast<std::uint16_t>(std::min<std::size_t>(name.size(), 0xffff));
    append_object(text, size);
    text.insert(text.end(), name.begin(), name.begin() + size);
  }
  FileHead head{.magic = kIndexMagic,
                .version = kIndexVersion,
                .segment = segment,
                .session = session,
                .names_size = static_cast<std::uint32_t>(text.size()),
                .compressed = compressed ? 1U : 0U};
  head.check = check_of(head) ^ mixed(text);
  append_object(made->pending_, head);
  made->pending_.insert(made->pending_.end(), text.begin(), text.end());
  made->extent_.index_bytes = made->pending_.size();
  return made;
}

absl::StatusOr<std::unique_ptr<IndexWriter>> IndexWriter::resume(
    const std::string& path, const std::vector<std::pair<std::uint64_t, BlockHead>>& blocks, std::uint64_t end,
    std::vector<std::uint64_t> flows) {
  absl::StatusOr<Fd> fd = open_existing(path, true);
  if (!fd.ok()) return fd.status();
  if (absl::Status status = truncate(*fd, end, path); !status.ok()) return status;
  std::unique_ptr<IndexWriter> made(new IndexWriter(*std::move(fd), path));
  made->blocks_ = blocks;
  made->flows_ = std::move(flows);
  made->written_ = end;
  for (const auto& [offset, block] : blocks) made->extent_.add(block);
  made->extent_.index_bytes = end;
  return made;
}

void IndexWriter::add(const Packet& packet, std::uint64_t position, const PacketFacts& facts) {
  const std::int64_t ts = to_ns(packet.ts);
  if (open_.count == 0) {
    open_.first_number = packet.number;
    open_.position = position;
    open_.min_ts = open_.max_ts = ts;
  }
  ++open_.count;
  open_.last_number = packet.number;
  open_.min_ts = std::min(open_.min_ts, ts);
  open_.max_ts = std::max(open_.max_ts, ts);
  if (facts.flow_id != 0) {
    open_.min_flow = open_.min_flow == 0 ? facts.flow_id : std::min(open_.min_flow, facts.flow_id);
    open_.max_flow = std::max(open_.max_flow, facts.flow_id);
  }
  open_.wire_bytes += packet.wire_len;
  flows_.push_back(facts.flow_id);
  encoder_.add(packet, position, facts);
}

void IndexWriter::close_block(std::uint64_t data_end, std::uint64_t file_end, const std::vector<Frame>& frames) {
  if (open_.count == 0) return;
  raw_.clear();
  append_varint(raw_, frames.size());
  for (const Frame& frame : frames) {
    append_varint(raw_, frame.raw);
    append_varint(raw_, frame.stored);
  }
  encoder_.finish(raw_);
  const std::size_t at = pending_.size();
  pending_.resize(at + sizeof(BlockHead));
  open_.magic = kBlockMagic;
  open_.raw = static_cast<std::uint32_t>(raw_.size());
  open_.stored = static_cast<std::uint32_t>(compressor_.append(raw_, pending_));
  open_.data_end = data_end;
  open_.file_end = file_end;
  open_.check = check_of(open_);
  std::memcpy(pending_.data() + at, &open_, sizeof(open_));
  blocks_.emplace_back(written_ + at, open_);
  extent_.add(open_);
  extent_.index_bytes = written_ + pending_.size();
  open_ = {};
}

absl::Status IndexWriter::flush() {
  if (pending_.empty()) return absl::OkStatus();
  if (absl::Status status = write_at(fd_, written_, pending_, path_); !status.ok()) return status;
  written_ += pending_.size();
  pending_.clear();
  return absl::OkStatus();
}

void IndexWriter::append_postings(std::vector<std::uint8_t>& out) {
  std::vector<PostingChunk> chunks;
  if (!flows_.empty()) {
    const auto [least, most] = std::ranges::minmax(flows_);
    const std::vector<std::uint32_t> order = sorted_by_flow(flows_, least, most);
    std::size_t at = 0;
    while (at < order.size()) {
      PostingChunk chunk{.first_flow = flows_[order[at]], .offset = written_ + out.size()};
      raw_.clear();
      std::uint64_t last_flow = chunk.first_flow;
      for (std::size_t n = 0; n < kChunkFlows && at < order.size(); ++n) {
        const std::uint64_t flow = flows_[order[at]];
        std::size_t end = at;
        while (end < order.size() && flows_[order[end]] == flow) ++end;
        append_varint(raw_, flow - last_flow);
        append_varint(raw_, end - at);
        last_flow = flow;
        for (std::uint32_t before = 0; at < end; ++at) {
          append_varint(raw_, order[at] - before);
          before = order[at];
        }
      }
      chunk.raw = static_cast<std::uint32_t>(raw_.size());
      chunk.stored = static_cast<std::uint32_t>(compressor_.append(raw_, out));
      chunks.push_back(chunk);
    }
  }
  Trailer trailer{.chunks_at = written_ + out.size(), .chunk_count = chunks.size()};
  const std::size_t start = out.size();
  for (const PostingChunk& chunk : chunks) append_object(out, chunk);
  trailer.chunks_check = mixed(Bytes(out).subspan(start));
  raw_.clear();
  for (const auto& [offset, block] : blocks_) {
    append_object(raw_, offset);
    append_object(raw_, block);
  }
  trailer.directory_at = written_ + out.size();
  trailer.directory_stored = compressor_.append(raw_, out);
  trailer.block_count = blocks_.size();
  trailer.blocks_end = written_;
  trailer.magic = kTrailerMagic;
  trailer.version = kIndexVersion;
  trailer.check = check_of(trailer);
  append_object(out, trailer);
}

absl::Status IndexWriter::finish() {
  std::vector<std::uint8_t> out;
  append_postings(out);
  if (absl::Status status = write_at(fd_, written_, out, path_); !status.ok()) {
    // Without the trailer the index is still good, only slower to search.
    (void)truncate(fd_, written_, path_);
    return status;
  }
  extent_.index_bytes = written_ + out.size();
  start_writeback(fd_, 0, extent_.index_bytes);
  return absl::OkStatus();
}

}  // namespace pr::store
