#include "helper/capture/file_source.h"

#include <algorithm>
#include <atomic>

#include "helper/capture/record_parser.h"

namespace pr::capture {
namespace {

class FileSource final : public PacketSource {
 public:
  explicit FileSource(std::unique_ptr<ByteReader> bytes) : in_(decompressed(std::move(bytes))) {}

  absl::StatusOr<bool> read(Batch& batch) override;
  void stop() override {
    stopped_ = true;
    in_.in().stop();
  }
  [[nodiscard]] SourceStats stats() const override {
    return {.received = received_, .dropped_kernel = dropped_kernel_, .dropped_interface = dropped_interface_};
  }
  [[nodiscard]] Progress progress() const override { return in_.in().progress(); }

 private:
  // Chooses the parser; false: a pipe has not said enough yet.
  absl::StatusOr<bool> detect();
  absl::StatusOr<bool> fill(Batch& batch);
  void count(const Batch& batch);

  Window in_;
  std::unique_ptr<RecordParser> parser_;
  bool ended_ = false;
  std::uint64_t packets_ = 0;
  std::atomic<bool> stopped_ = false;
  std::atomic<std::uint64_t> received_ = 0, dropped_kernel_ = 0, dropped_interface_ = 0;
};

absl::StatusOr<bool> FileSource::read(Batch& batch) {
  if (ended_ || stopped_) return false;
  in_.attach(&batch.arena);
  absl::StatusOr<bool> more = fill(batch);
  in_.detach();
  count(batch);
  ended_ = !more.ok() || !*more;
  // Where reading was stopped, the file does not end early: it was left.
  if (stopped_) more = false;
  if (more.ok()) return *more || !batch.packets.empty() || !batch.new_interfaces.empty();
  return more;
}

absl::StatusOr<bool> FileSource::fill(Batch& batch) {
  if (parser_ == nullptr) {
    const auto detected = detect();
    if (!detected.ok()) return detected.status();
    if (!*detected) return true;
  }
  return parser_->fill(in_, batch);
}

absl::StatusOr<bool> FileSource::detect() {
  const auto have = in_.need(4);
  if (!have.ok()) return have.status();
  if (*have == Window::Have::kLater) return false;
  if (*have == Window::Have::kEnd && in_.available() == 0) return damage_at(0, "the file is empty");
  if (*have == Window::Have::kYes) {
    if (is_pcap(in_.data())) parser_ = make_pcap_parser();
    if (is_pcapng(in_.data())) parser_ = make_pcapng_parser();
  }
  if (parser_ == nullptr) return damage_at(0, "not a capture file (pcap or pcapng, plain, gzip or zstd)");
  return true;
}

void FileSource::count(const Batch& batch) {
  packets_ += batch.packets.size();
  if (parser_ == nullptr) return;
  const FileDrops drops = parser_->drops();
  received_ = packets_ + drops.kernel;
  dropped_kernel_ = drops.kernel;
  dropped_interface_ = drops.interface;
}

}  // namespace

std::unique_ptr<PacketSource> make_file_source(std::unique_ptr<ByteReader> bytes) {
  return std::make_unique<FileSource>(std::move(bytes));
}

absl::StatusOr<std::unique_ptr<PacketSource>> open_file(const std::string& path) {
  auto bytes = open_bytes(path);
  if (!bytes.ok()) return bytes.status();
  return make_file_source(*std::move(bytes));
}

}  // namespace pr::capture
