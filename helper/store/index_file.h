// The index of a segment, N.index: a head with the names of protocols, blocks of up to 4096 packets appended as they
// are committed, and, once the segment is closed, for each flow its packets, a directory of the blocks, and a trailer.
//
// Everything is little-endian. Heads carry a checksum of their own, contents that of their zstd frame.
//   head      FileHead, names: u16 length and text for protocol 0, 1, 2 ...
//   block     BlockHead, one zstd frame: frames of the segment that belong to it (varint count, then raw and stored
//   size
//             of each; none if the segment is not compressed), then the columns of index_block.h
//   postings  zstd frames of up to 1024 flows each: varints flow (difference), count, ordinals (differences)
//   chunks    PostingChunk for each of those
//   directory one zstd frame: u64 offset and BlockHead for each block
//   trailer   Trailer, the last octets of the file
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "helper/store/compression.h"
#include "helper/store/files.h"
#include "helper/store/index_block.h"

namespace pr::store {

struct FileHead {
  std::uint32_t magic = 0, version = 0;
  std::uint64_t segment = 0, session = 0;
  std::uint32_t names_size = 0, compressed = 0;
  std::uint64_t check = 0;
};

struct BlockHead {
  std::uint32_t magic = 0, count = 0, stored = 0, raw = 0;
  std::uint64_t first_number = 0, last_number = 0;
  std::uint64_t position = 0;  // of the first packet's block, in octets of pcapng
  std::uint64_t data_end = 0;  // octets of pcapng that this block and those before need
  std::uint64_t file_end = 0;  // the same in octets of the file
  std::int64_t min_ts = 0, max_ts = 0;
  std::uint64_t min_flow = 0, max_flow = 0;  // without packets that belong to no flow; 0, 0: only those
  std::uint64_t wire_bytes = 0;
  std::uint64_t check = 0;
};

// Zone map of a segment.
struct Extent {
  std::uint64_t packets = 0, first_number = 0, last_number = 0;
  std::int64_t min_ts = 0, max_ts = 0;
  std::uint64_t min_flow = 0, max_flow = 0, wire_bytes = 0;
  std::uint64_t data_bytes = 0;  // of the file
  std::uint64_t index_bytes = 0;

  void add(const BlockHead& block);
};

// Part of a compressed segment that decompresses alone.
struct Frame {
  std::uint64_t data_start = 0, file_start = 0;
  std::uint32_t raw = 0, stored = 0;
};

class IndexWriter {
 public:
  static absl::StatusOr<std::unique_ptr<IndexWriter>> create(const std::string& path, std::uint64_t segment,
                                                             std::uint64_t session, bool compressed,
                                                             const std::vector<std::string>& names);
  // Goes on after the blocks given, cutting off what follows them. flows: of each packet in them.
  static absl::StatusOr<std::unique_ptr<IndexWriter>> resume(
      const std::string& path, const std::vector<std::pair<std::uint64_t, BlockHead>>& blocks, std::uint64_t end,
      std::vector<std::uint64_t> flows);

  void add(const Packet& packet, std::uint64_t position, const PacketFacts& facts);
  [[nodiscard]] bool block_full() const { return encoder_.full(); }
  [[nodiscard]] std::size_t open_packets() const { return encoder_.size(); }
  // Makes a block of what was added since; data_end and file_end as in BlockHead.
  void close_block(std::uint64_t data_end, std::uint64_t file_end, const std::vector<Frame>& frames);
  // Writes what is pending. After an error it is still pending, and may be tried again.
  absl::Status flush();
  // Adds postings, directory and trailer. All blocks have to be flushed.
  absl::Status finish();
  // Of all closed blocks.
  [[nodiscard]] const Extent& extent() const { return extent_; }
  [[nodiscard]] std::size_t pending_bytes() const { return pending_.size(); }

 private:
  IndexWriter(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  void append_postings(std::vector<std::uint8_t>& out);

  Fd fd_;
  std::string path_;
  IndexEncoder encoder_;
  Compressor compressor_;
  BlockHead open_;
  std::vector<std::pair<std::uint64_t, BlockHead>> blocks_;
  std::vector<std::uint64_t> flows_;  // of every packet, by ordinal
  std::vector<std::uint8_t> raw_, pending_;
  std::uint64_t written_ = 0;  // octets in the file
  Extent extent_;
};

// Reads an index, closed or still growing. One thread.
class IndexFile {
 public:
  // limit: look at that many octets of it only (0: all). Damaged blocks end what is seen: see damaged().
  static absl::StatusOr<std::unique_ptr<IndexFile>> open(const std::string& path, std::uint64_t limit);

  [[nodiscard]] const FileHead& head() const { return head_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // Offset in the file and head of each block.
  absl::StatusOr<const std::vector<std::pair<std::uint64_t, BlockHead>>*> blocks();
  [[nodiscard]] bool closed() const { return closed_; }
  // Octets up to the end of the last whole block; after blocks().
  [[nodiscard]] std::uint64_t blocks_end() const { return blocks_end_; }
  [[nodiscard]] bool damaged() const { return damaged_; }
  // Decodes block n. frames may be null.
  absl::Status decode(std::size_t n, std::vector<IndexEntry>& out, std::vector<Frame>* frames);
  // Ordinals of the flow's packets in the segment, ascending. REQUIRES: closed().
  absl::Status flow_ordinals(std::uint64_t flow_id, std::vector<std::uint32_t>& out);

 private:
  IndexFile() = default;
  absl::Status read_trailer(std::uint64_t size);
  absl::Status read_directory();
  void walk(std::uint64_t limit);

  Fd fd_;
  FileHead head_;
  std::vector<std::string> names_;
  std::vector<std::pair<std::uint64_t, BlockHead>> blocks_;
  std::uint64_t head_end_ = 0, blocks_end_ = 0, limit_ = 0;
  std::uint64_t directory_at_ = 0, directory_stored_ = 0, block_count_ = 0, chunks_at_ = 0, chunk_count_ = 0;
  bool closed_ = false, damaged_ = false, have_blocks_ = false;
  Decompressor decompressor_;
  IndexDecoder decoder_;
  std::vector<std::uint8_t> stored_, raw_;
};

}  // namespace pr::store
