// One segment being written: a pcapng file and its index. Memory holds what is not written yet; an error of the disk
// loses nothing of it, the same call may be tried again.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "helper/store/index_file.h"
#include "helper/store/pcapng.h"
#include "shared/model/batch.h"

namespace pr::store {

struct SegmentPlan {
  std::uint64_t id = 0;
  std::uint64_t session = 0;
  bool compressed = false;
};

class SegmentWriter {
 public:
  // interfaces: those of the session so far.
  static absl::StatusOr<std::unique_ptr<SegmentWriter>> create(const Layout& layout, const SegmentPlan& plan,
                                                               const std::vector<InterfaceInfo>& interfaces,
                                                               const std::vector<std::string>& protocol_names);

  void add_interface(const InterfaceInfo& info) { pcapng::append_interface(buffer_, info); }
  void add(const Packet& packet, const PacketFacts& facts);
  // Writes packet data in large pieces as it gathers; all: whatever there is.
  absl::Status write_out(bool all);
  // Puts everything on its way to the disk, so that readers may see it: data first, then the index.
  absl::Status commit();
  // Statistics, end of the index, final name. Nothing may be called after success.
  absl::Status close(const std::vector<pcapng::InterfaceCounts>& counts);
  // What has been committed.
  [[nodiscard]] const Extent& extent() const { return committed_; }
  [[nodiscard]] std::uint64_t id() const { return plan_.id; }
  // Octets of pcapng so far, written or not.
  [[nodiscard]] std::uint64_t data_bytes() const { return data_at_ + buffer_.size(); }
  // Octets that commit() would write, about.
  [[nodiscard]] std::uint64_t pending_bytes() const;

 private:
  SegmentWriter(const Layout& layout, const SegmentPlan& plan) : layout_(layout), plan_(plan) {}
  void close_frame();
  void close_block();

  const Layout layout_;
  const SegmentPlan plan_;
  Fd fd_;
  std::string path_;
  std::unique_ptr<IndexWriter> index_;
  pcapng::Buffer buffer_;             // pcapng; if compressed: what is not in a frame yet
  std::uint64_t data_at_ = 0;         // octets of pcapng before buffer_
  std::vector<std::uint8_t> stored_;  // if compressed: frames not written yet
  std::uint64_t written_ = 0;         // octets in the file
  std::uint64_t synced_ = 0;          // octets that writing back has begun for
  std::vector<Frame> frames_;         // of the open block
  Compressor compressor_;
  Extent committed_;
};

}  // namespace pr::store
