#include "helper/store/segment_writer.h"

namespace pr::store {
namespace {

constexpr std::size_t kWrite = 1U << 20U;        // octets in one write(2), at least
constexpr std::size_t kFrame = 256U << 10U;      // octets of pcapng in one zstd frame, about
constexpr std::uint64_t kWriteback = 8U << 20U;  // the disk is kept busy in steps of that

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentWriter>> SegmentWriter::create(const Layout& layout, const SegmentPlan& plan,
                                                                     const std::vector<InterfaceInfo>& interfaces,
                                                                     const std::vector<std::string>& protocol_names) {
  std::unique_ptr<SegmentWriter> made(new SegmentWriter(layout, plan));
  made->path_ = layout.open_segment(plan.id, plan.compressed);
  absl::StatusOr<Fd> fd = create_new(made->path_);
  if (!fd.ok()) return fd.status();
  made->fd_ = *std::move(fd);
  auto index = IndexWriter::create(layout.index(plan.id), plan.id, plan.session, plan.compressed, protocol_names);
  if (!index.ok()) {
    remove_file(made->path_);
    return index.status();
  }
  made->index_ = *std::move(index);
  made->buffer_.reserve(kWrite + (kWrite / 2));
  pcapng::append_section_header(made->buffer_);
  for (const InterfaceInfo& info : interfaces) pcapng::append_interface(made->buffer_, info);
  return made;
}

void SegmentWriter::add(const Packet& packet, const PacketFacts& facts) {
  const std::uint64_t position = data_bytes();
  pcapng::append_packet(buffer_, packet);
  index_->add(packet, position, facts);
  if (plan_.compressed && buffer_.size() >= kFrame) close_frame();
  if (index_->block_full()) close_block();
}

void SegmentWriter::close_frame() {
  if (buffer_.empty()) return;
  const auto raw = static_cast<std::uint32_t>(buffer_.size());
  const std::size_t stored = compressor_.append(buffer_, stored_);
  frames_.push_back({.raw = raw, .stored = static_cast<std::uint32_t>(stored)});
  data_at_ += raw;
  buffer_.clear();
}

void SegmentWriter::close_block() {
  if (index_->open_packets() == 0) return;
  if (plan_.compressed) close_frame();
  index_->close_block(data_bytes(), plan_.compressed ? written_ + stored_.size() : data_bytes(), frames_);
  frames_.clear();
}

absl::Status SegmentWriter::write_out(bool all) {
  pcapng::Buffer& from = plan_.compressed ? stored_ : buffer_;
  if (from.empty() || (!all && from.size() < kWrite)) return absl::OkStatus();
  if (absl::Status status = write_at(fd_, written_, from, path_); !status.ok()) return status;
  written_ += from.size();
  if (!plan_.compressed) data_at_ += from.size();
  from.clear();
  if (written_ - synced_ >= kWriteback) {
    start_writeback(fd_, synced_, written_ - synced_);
    synced_ = written_;
  }
  return absl::OkStatus();
}

absl::Status SegmentWriter::commit() {
  close_block();
  if (absl::Status status = write_out(true); !status.ok()) return status;
  if (absl::Status status = index_->flush(); !status.ok()) return status;
  committed_ = index_->extent();
  return absl::OkStatus();
}

absl::Status SegmentWriter::close(const std::vector<pcapng::InterfaceCounts>& counts) {
  if (absl::Status status = commit(); !status.ok()) return status;
  for (std::uint32_t i = 0; i < counts.size(); ++i) pcapng::append_statistics(buffer_, i, counts[i]);
  if (plan_.compressed) close_frame();
  // Statistics and the end of the index are a help, not a need: on a full disk the segment does without.
  if (write_out(true).ok()) (void)index_->finish();
  start_writeback(fd_, 0, written_);
  committed_ = index_->extent();
  committed_.data_bytes = written_;
  return rename_file(path_, layout_.segment(plan_.id, plan_.compressed));
}

std::uint64_t SegmentWriter::pending_bytes() const {
  return buffer_.size() + stored_.size() + index_->pending_bytes() + (index_->open_packets() * 32U);
}

}  // namespace pr::store
