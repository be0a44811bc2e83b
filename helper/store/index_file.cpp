#include "helper/store/index_file.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "helper/store/index_format.h"

namespace pr::store {
namespace {

constexpr std::uint32_t kMaxNames = 1U << 20U;
constexpr std::uint64_t kMaxBlocks = 1U << 20U;
constexpr std::uint64_t kMaxStored = 80U << 20U;

absl::Status damaged_index() { return absl::DataLossError("damaged index"); }

bool sound(const BlockHead& block) {
  return block.magic == kBlockMagic && block.check == check_of(block) && block.count != 0 &&
         block.count <= kBlockPackets && block.raw <= kMaxRawBlock && block.stored <= kMaxStored;
}

}  // namespace

absl::StatusOr<std::unique_ptr<IndexFile>> IndexFile::open(const std::string& path, std::uint64_t limit) {
  absl::StatusOr<Fd> fd = open_existing(path, false);
  if (!fd.ok()) return fd.status();
  std::unique_ptr<IndexFile> made(new IndexFile());
  made->fd_ = *std::move(fd);
  const absl::StatusOr<std::uint64_t> size = size_of(made->fd_);
  if (!size.ok()) return size.status();
  std::uint8_t octets[sizeof(FileHead)];
  const absl::StatusOr<std::size_t> got = read_at(made->fd_, 0, octets);
  if (!got.ok()) return got.status();
  if (*got != sizeof(octets)) return damaged_index();
  made->head_ = object_at<FileHead>(octets);
  const FileHead& head = made->head_;
  if (head.magic != kIndexMagic || head.version != kIndexVersion || head.names_size > kMaxNames) return damaged_index();
  std::vector<std::uint8_t> names(head.names_size);
  const absl::StatusOr<std::size_t> read = read_at(made->fd_, sizeof(FileHead), names);
  if (!read.ok() || *read != names.size() || head.check != (check_of(head) ^ mixed(names))) return damaged_index();
  for (Bytes rest = names; rest.size() >= 2;) {
    const std::size_t length = object_at<std::uint16_t>(rest);
    if (rest.size() < 2 + length) break;
    made->names_.emplace_back(as_text(rest.subspan(2, length)));
    rest = rest.subspan(2 + length);
  }
  made->head_end_ = sizeof(FileHead) + names.size();
  made->limit_ = limit == 0 ? *size : std::min(limit, *size);
  if (absl::Status status = made->read_trailer(*size); !status.ok()) return status;
  return made;
}

absl::Status IndexFile::read_trailer(std::uint64_t size) {
  std::uint8_t octets[sizeof(Trailer)];
  if (size < head_end_ + sizeof(octets)) return absl::OkStatus();
  const absl::StatusOr<std::size_t> got = read_at(fd_, size - sizeof(octets), octets);
  if (!got.ok()) return got.status();
  if (*got != sizeof(octets)) return absl::OkStatus();
  const auto trailer = object_at<Trailer>(octets);
  if (trailer.magic != kTrailerMagic || trailer.version != kIndexVersion || trailer.check != check_of(trailer) ||
      trailer.block_count > kMaxBlocks || trailer.directory_stored > kMaxStored || trailer.chunk_count > size) {
    return absl::OkStatus();
  }
  closed_ = true;
  chunks_at_ = trailer.chunks_at;
  chunk_count_ = trailer.chunk_count;
  directory_at_ = trailer.directory_at;
  directory_stored_ = trailer.directory_stored;
  block_count_ = trailer.block_count;
  blocks_end_ = trailer.blocks_end;
  return absl::OkStatus();
}

absl::Status IndexFile::read_directory() {
  stored_.resize(directory_stored_);
  const absl::StatusOr<std::size_t> got = read_at(fd_, directory_at_, stored_);
  if (!got.ok()) return got.status();
  if (*got != stored_.size()) return damaged_index();
  constexpr std::size_t kEntry = sizeof(std::uint64_t) + sizeof(BlockHead);
  raw_.resize(block_count_ * kEntry);
  if (absl::Status status = decompressor_.read(stored_, raw_); !status.ok()) return status;
  for (std::size_t at = 0; at < raw_.size(); at += kEntry) {
    const Bytes entry = Bytes(raw_).subspan(at, kEntry);
    const auto block = object_at<BlockHead>(entry.subspan(sizeof(std::uint64_t)));
    if (!sound(block)) return damaged_index();
    blocks_.emplace_back(object_at<std::uint64_t>(entry), block);
  }
  return absl::OkStatus();
}

void IndexFile::walk(std::uint64_t limit) {
  std::uint64_t at = head_end_;
  std::uint64_t data_end = 0;
  while (at + sizeof(BlockHead) <= limit && blocks_.size() < kMaxBlocks) {
    std::uint8_t octets[sizeof(BlockHead)];
    const absl::StatusOr<std::size_t> got = read_at(fd_, at, octets);
    if (!got.ok() || *got != sizeof(octets)) break;
    const auto block = object_at<BlockHead>(octets);
    if (!sound(block) || block.data_end < data_end || at + sizeof(BlockHead) + block.stored > limit) {
      damaged_ = true;
      break;
    }
    blocks_.emplace_back(at, block);
    data_end = block.data_end;
    at += sizeof(BlockHead) + block.stored;
  }
  blocks_end_ = at;
}

absl::StatusOr<const std::vector<std::pair<std::uint64_t, BlockHead>>*> IndexFile::blocks() {
  if (have_blocks_) return &blocks_;
  if (closed_ && read_directory().ok()) {
    have_blocks_ = true;
    return &blocks_;
  }
  blocks_.clear();
  walk(closed_ ? blocks_end_ : limit_);
  have_blocks_ = true;
  return &blocks_;
}

absl::Status IndexFile::decode(std::size_t n, std::vector<IndexEntry>& out, std::vector<Frame>* frames) {
  const auto list = blocks();
  if (!list.ok()) return list.status();
  if (n >= blocks_.size()) return absl::NotFoundError("no such block");
  const auto& [offset, block] = blocks_[n];
  stored_.resize(block.stored);
  const absl::StatusOr<std::size_t> got = read_at(fd_, offset + sizeof(BlockHead), stored_);
  if (!got.ok()) return got.status();
  if (*got != stored_.size()) return damaged_index();
  raw_.resize(block.raw);
  if (absl::Status status = decompressor_.read(stored_, raw_); !status.ok()) return status;
  Bytes rest = raw_;
  const std::uint64_t count = take_varint(rest);
  if (count > rest.size()) return damaged_index();
  Frame frame{.data_start = n == 0 ? 0 : blocks_[n - 1].second.data_end,
              .file_start = n == 0 ? 0 : blocks_[n - 1].second.file_end};
  if (frames != nullptr) frames->clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    frame.raw = static_cast<std::uint32_t>(take_varint(rest));
    frame.stored = static_cast<std::uint32_t>(take_varint(rest));
    if (frames != nullptr) frames->push_back(frame);
    frame.data_start += frame.raw;
    frame.file_start += frame.stored;
  }
  return decoder_.decode(rest, {block.first_number, block.position}, block.count, out);
}

absl::Status IndexFile::flow_ordinals(std::uint64_t flow_id, std::vector<std::uint32_t>& out) {
  out.clear();
  std::uint64_t low = 0;
  std::uint64_t high = chunk_count_;
  PostingChunk chunk;
  std::uint8_t octets[sizeof(chunk)];
  // The last chunk that begins at or before the flow.
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const absl::StatusOr<std::size_t> got = read_at(fd_, chunks_at_ + middle * sizeof(chunk), octets);
    if (!got.ok()) return got.status();
    if (*got != sizeof(octets)) return damaged_index();
    const auto probe = object_at<PostingChunk>(octets);
    if (probe.first_flow > flow_id) {
      high = middle;
    } else {
      chunk = probe;
      low = middle + 1;
    }
  }
  if (low == 0) return absl::OkStatus();
  if (chunk.stored > kMaxStored || chunk.raw > kMaxRawBlock) return damaged_index();
  stored_.resize(chunk.stored);
  const absl::StatusOr<std::size_t> got = read_at(fd_, chunk.offset, stored_);
  if (!got.ok()) return got.status();
  if (*got != stored_.size()) return damaged_index();
  raw_.resize(chunk.raw);
  if (absl::Status status = decompressor_.read(stored_, raw_); !status.ok()) return status;
  std::uint64_t flow = chunk.first_flow;
  for (Bytes rest = raw_; !rest.empty();) {
    flow += take_varint(rest);
    const std::uint64_t count = take_varint(rest);
    if (flow > flow_id) break;
    if (count > rest.size()) return damaged_index();
    std::uint64_t ordinal = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      ordinal += take_varint(rest);
      if (flow == flow_id) out.push_back(static_cast<std::uint32_t>(ordinal));
    }
    if (flow == flow_id) break;
  }
  return absl::OkStatus();
}

}  // namespace pr::store
