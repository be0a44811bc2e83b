#include "helper/store/store.h"

#include <algorithm>
#include <limits>

#include "helper/store/catalog_writer.h"
#include "helper/store/partition_writer.h"
#include "helper/store/recovery.h"
#include "helper/store/retention.h"
#include "helper/store/rows.h"
#include "helper/store/segment_writer.h"
#include "helper/store/space.h"

namespace pr::store {
namespace {

constexpr std::uint64_t kPartitionBytes = 1U << 30U;
constexpr Duration kPartitionAge = std::chrono::hours(1);
constexpr std::uint64_t kRowsInTransaction = 20'000;  // bounds what a transaction holds in memory
constexpr std::uint64_t kRowBytes = 600;              // about, of a row in a transaction, for the space it needs
constexpr std::uint64_t kRowsWorthIndexing = 50'000;  // a partition with fewer goes on into the next session
constexpr std::uint64_t kLogBytes = 16U << 20U;       // of a write-ahead log: each time it is full costs two fsyncs
constexpr Duration kRetentionEvery = std::chrono::seconds(10);

class StoreImpl final : public Store {
 public:
  StoreImpl(const std::string& path, StoreOptions options, WriterLock lock)
      : options_(std::move(options)), layout_(path), lock_(std::move(lock)) {}
  ~StoreImpl() override;

  absl::Status start();

  absl::StatusOr<std::uint64_t> begin_session(const SessionStart& start) override;
  absl::Status write(const Batch& batch) override;
  absl::Status commit(const SessionTotals& totals) override;
  absl::Status end_session(const SessionTotals& totals, const std::string& state) override;
  absl::Status note_gap(Timestamp from, Timestamp to, const std::string& why) override;
  absl::Status rename_session(std::uint64_t id, const std::string& label) override;
  absl::Status pin_session(std::uint64_t id, bool pinned) override;
  absl::Status delete_session(std::uint64_t id) override;

 private:
  struct Session {
    std::uint64_t id = 0;
    std::vector<InterfaceInfo> interfaces;
    std::vector<pcapng::InterfaceCounts> counts;
    std::int64_t first_packet = std::numeric_limits<std::int64_t>::max();
    std::int64_t last_packet = std::numeric_limits<std::int64_t>::min();
    std::uint64_t stored = 0;  // packets in segments that are closed
    Timestamp latest{};
    bool in_partition = false;
  };

  [[nodiscard]] Timestamp now() const { return options_.clock->now(); }
  // A small quota leaves no room for large logs.
  [[nodiscard]] std::uint64_t log_bytes() const {
    return options_.keep_bytes == 0 ? kLogBytes : std::min(kLogBytes, options_.keep_bytes / 16);
  }
  absl::Status make_room(const Batch& batch);
  absl::Status add_interfaces(const Batch& batch);
  absl::Status add_packets(const Batch& batch);
  absl::Status add_rows(const Batch& batch);
  absl::Status ensure_segment();
  absl::Status close_segment();
  absl::Status ensure_partition();
  absl::Status close_partition();
  absl::Status commit_rows();
  absl::Status commit_all(const SessionTotals& totals);
  absl::Status with_reserve(absl::Status status, const std::function<absl::Status()>& again);
  absl::Status retain();
  absl::StatusOr<std::uint64_t> next_id(const char* table);
  absl::Status change_session(const std::string& sql, std::uint64_t id, std::uint64_t value);

  const StoreOptions options_;
  const Layout layout_;
  WriterLock lock_;
  std::unique_ptr<CatalogWriter> catalog_;
  std::optional<Space> space_;
  std::optional<Session> session_;
  std::unique_ptr<SegmentWriter> segment_;
  Timestamp segment_began_{};
  std::vector<std::pair<std::uint64_t, Extent>> closed_;  // segments whose rows do not say so yet
  std::unique_ptr<PartitionWriter> partition_;
  Timestamp partition_began_{};
  std::uint64_t rows_committed_ = 0;
  Timestamp retained_{};
};

StoreImpl::~StoreImpl() {
  // A session that nobody ended is one that a crash left: the next open() finds it so.
  if (catalog_ != nullptr) catalog_->rollback();
  if (space_) space_->release();
}

absl::Status StoreImpl::start() {
  if (absl::Status status = make_folder(layout_.folder); !status.ok()) return status;
  space_.emplace(layout_);
  auto catalog = CatalogWriter::open(layout_.catalog);
  if (absl::IsResourceExhausted(catalog.status()) && space_->release()) catalog = CatalogWriter::open(layout_.catalog);
  if (!catalog.ok()) return catalog.status();
  catalog_ = *std::move(catalog);
  if (absl::Status status = catalog_->db().limit_log(log_bytes()); !status.ok()) return status;
  const auto recover_all = [this] {
    absl::Status status = recover(*catalog_, layout_, options_.protocol_names, now());
    if (!status.ok()) catalog_->rollback();
    return status;
  };
  return with_reserve(recover_all(), recover_all);
}

absl::Status StoreImpl::with_reserve(absl::Status status, const std::function<absl::Status()>& again) {
  if (!absl::IsResourceExhausted(status) || !space_->release()) return status;
  return again();
}

absl::StatusOr<std::uint64_t> StoreImpl::next_id(const char* table) {
  const auto last = catalog_->numbers(
      "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = '" + std::string(table) + "'", {});
  if (!last.ok()) return last.status();
  return (last->empty() ? 0 : last->front()) + 1;
}

absl::StatusOr<std::uint64_t> StoreImpl::begin_session(const SessionStart& start) {
  if (session_) return absl::FailedPreconditionError("a session is being recorded");
  if (absl::Status status = catalog_->begin(); !status.ok()) return status;
  const absl::StatusOr<std::uint64_t> id = catalog_->add_session(start, options_.keep_packets, now());
  if (!id.ok()) return id.status();
  if (absl::Status status = catalog_->commit(); !status.ok()) return status;
  session_.emplace();
  session_->id = *id;
  space_->keep_reserve();
  return *id;
}

absl::Status StoreImpl::make_room(const Batch& batch) {
  std::uint64_t need = 4096;
  if (options_.keep_packets) {
    need += batch.arena.size() + (batch.packets.size() * (pcapng::kPacketOverhead + 32U));
    if (segment_ != nullptr) need += segment_->pending_bytes();
  }
  std::uint64_t rows = batch.slices.size() + batch.transactions.size() + batch.handshakes.size() + batch.names.size();
  if (partition_ != nullptr) rows += partition_->rows() - rows_committed_;
  need += rows * kRowBytes;
  if (space_->room_for(need)) {
    space_->keep_reserve();
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError("no space left on the disk that holds " + layout_.folder);
}

absl::Status StoreImpl::write(const Batch& batch) {
  if (!session_) return absl::FailedPreconditionError("no session is being recorded");
  if (absl::Status status = make_room(batch); !status.ok()) return status;
  // What earlier batches left in memory goes first: if the disk does not take it, this batch is refused whole.
  if (segment_ != nullptr) {
    if (absl::Status status = segment_->write_out(false); !status.ok()) return status;
  }
  if (absl::Status status = add_interfaces(batch); !status.ok()) return status;
  if (options_.keep_packets && !batch.packets.empty()) {
    if (absl::Status status = ensure_segment(); !status.ok()) return status;
    if (absl::Status status = add_packets(batch); !status.ok()) return status;
  } else {
    for (const Packet& packet : batch.packets) {
      session_->first_packet = std::min(session_->first_packet, to_ns(packet.ts));
      session_->last_packet = std::max(session_->last_packet, to_ns(packet.ts));
    }
  }
  return add_rows(batch);
}

absl::Status StoreImpl::add_interfaces(const Batch& batch) {
  if (batch.new_interfaces.empty()) return absl::OkStatus();
  for (const InterfaceInfo& info : batch.new_interfaces) {
    const auto n = static_cast<std::uint32_t>(session_->interfaces.size());
    if (absl::Status status = catalog_->add_interface(session_->id, n, info); !status.ok()) return status;
    session_->interfaces.push_back(info);
    session_->counts.emplace_back();
    if (segment_ != nullptr) segment_->add_interface(info);
  }
  // Packets are worth nothing without the link types that they are read by.
  return catalog_->commit();
}

absl::Status StoreImpl::add_packets(const Batch& batch) {
  if (batch.facts.size() < batch.packets.size()) return absl::InvalidArgumentError("a packet without facts");
  for (std::size_t i = 0; i < batch.packets.size(); ++i) {
    const Packet& packet = batch.packets[i];
    if (packet.interface_id >= session_->interfaces.size()) {
      return absl::InvalidArgumentError("a packet of an unknown interface");
    }
    session_->first_packet = std::min(session_->first_packet, to_ns(packet.ts));
    session_->last_packet = std::max(session_->last_packet, to_ns(packet.ts));
    ++session_->counts[packet.interface_id].received;
    segment_->add(packet, batch.facts[i]);
  }
  session_->latest = batch.packets.back().ts;
  // If the disk takes no more, the batch stays in memory and the next one is refused.
  (void)segment_->write_out(false);
  return absl::OkStatus();
}

absl::Status StoreImpl::ensure_segment() {
  if (segment_ != nullptr &&
      (segment_->data_bytes() >= options_.segment_bytes || now() - segment_began_ >= options_.segment_age)) {
    if (absl::Status status = close_segment(); !status.ok()) return status;
  }
  if (segment_ != nullptr) return absl::OkStatus();
  const absl::StatusOr<std::uint64_t> id = next_id("segment");
  if (!id.ok()) return id.status();
  const SegmentPlan plan{*id, session_->id, options_.compress};
  // The row first: a file without one would have to be found.
  absl::Status status = catalog_->add_segment(plan, now());
  if (status.ok()) status = catalog_->commit();
  if (!status.ok()) return status;
  auto made = SegmentWriter::create(layout_, plan, session_->interfaces, options_.protocol_names);
  if (!made.ok()) {
    (void)catalog_->run("DELETE FROM segment WHERE id = ?", {plan.id});
    return made.status();
  }
  segment_ = *std::move(made);
  segment_began_ = now();
  return absl::OkStatus();
}

absl::Status StoreImpl::close_segment() {
  if (segment_ == nullptr) return absl::OkStatus();
  for (pcapng::InterfaceCounts& counts : session_->counts) counts.at = session_->latest;
  const auto close = [this] { return segment_->close(session_->counts); };
  if (absl::Status status = with_reserve(close(), close); !status.ok()) return status;
  const Extent extent = segment_->extent();
  session_->stored += extent.packets;
  closed_.emplace_back(segment_->id(), extent);
  segment_.reset();
  return absl::OkStatus();
}

absl::Status StoreImpl::ensure_partition() {
  const std::uint64_t most = options_.keep_bytes == 0
                                 ? kPartitionBytes
                                 : std::clamp<std::uint64_t>(options_.keep_bytes / 8, 1U << 20U, kPartitionBytes);
  if (partition_ != nullptr) {
    const bool big = partition_->bytes() >= most;
    if (!big && now() - partition_began_ < kPartitionAge) return absl::OkStatus();
    if (absl::Status status = close_partition(); !status.ok()) return status;
  }
  // One that the last session or a crash left open goes on.
  const auto left = catalog_->numbers("SELECT id FROM partition WHERE state = 0 ORDER BY id DESC LIMIT 1", {});
  if (!left.ok()) return left.status();
  std::uint64_t id = left->empty() ? 0 : left->front();
  if (id == 0) {
    const absl::StatusOr<std::uint64_t> next = next_id("partition");
    if (!next.ok()) return next.status();
    id = *next;
    if (absl::Status status = catalog_->add_partition(id, now()); !status.ok()) return status;
    if (absl::Status status = catalog_->commit(); !status.ok()) return status;
  }
  auto made = PartitionWriter::open(layout_.partition(id), id, catalog_->dictionary());
  if (absl::IsDataLoss(made.status()) && !left->empty()) {
    // Damaged: set aside, and a new one begun.
    move_partition_aside(layout_, id);
    made = PartitionWriter::open(layout_.partition(id), id, catalog_->dictionary());
  }
  if (!made.ok()) return made.status();
  partition_ = *std::move(made);
  if (absl::Status status = partition_->limit_log(log_bytes()); !status.ok()) return status;
  const auto created = catalog_->numbers("SELECT created FROM partition WHERE id = ?", {id});
  partition_began_ = created.ok() && !created->empty() ? from_ns(static_cast<std::int64_t>(created->front())) : now();
  rows_committed_ = 0;
  session_->in_partition = false;
  return absl::OkStatus();
}

absl::Status StoreImpl::close_partition() {
  if (partition_ == nullptr) return absl::OkStatus();
  if (absl::Status status = commit_rows(); !status.ok()) return status;
  const std::uint64_t id = partition_->id();
  const CatalogWriter::PartitionExtent extent{partition_->min_ts(), partition_->max_ts(), 0};
  if (absl::Status status = partition_->close(); !status.ok()) return status;
  partition_.reset();
  CatalogWriter::PartitionExtent final_extent = extent;
  final_extent.bytes = file_size(layout_.partition(id));
  return catalog_->update_partition(id, final_extent, true, now());
}

absl::Status StoreImpl::add_rows(const Batch& batch) {
  if (batch.slices.empty() && batch.transactions.empty() && batch.handshakes.empty() && batch.certificates.empty() &&
      batch.names.empty()) {
    return absl::OkStatus();
  }
  if (absl::Status status = ensure_partition(); !status.ok()) return status;
  if (!session_->in_partition) {
    if (absl::Status status = catalog_->partition_holds(partition_->id(), session_->id); !status.ok()) return status;
    session_->in_partition = true;
  }
  const std::uint64_t id = session_->id;
  for (const Certificate& certificate : batch.certificates) {
    if (absl::Status status = catalog_->add(certificate); !status.ok()) return status;
  }
  if (absl::Status status = partition_->add(id, batch.slices); !status.ok()) return status;
  for (const Handshake& handshake : batch.handshakes) {
    if (absl::Status status = partition_->add(id, handshake); !status.ok()) return status;
    for (const std::string& sha256 : handshake.cert_sha256) {
      if (absl::Status status = catalog_->sighted(id, sha256, handshake.ts); !status.ok()) return status;
    }
  }
  if (absl::Status status = partition_->add(id, batch.transactions); !status.ok()) return status;
  for (const NameRecord& name : batch.names) {
    if (absl::Status status = partition_->add(id, name); !status.ok()) return status;
  }
  if (partition_->rows() - rows_committed_ >= kRowsInTransaction) return commit_rows();
  return absl::OkStatus();
}

// Dictionary rows first: a crash between leaves at most unused ones.
absl::Status StoreImpl::commit_rows() {
  if (absl::Status status = catalog_->commit(); !status.ok()) return status;
  if (partition_ == nullptr) return absl::OkStatus();
  if (absl::Status status = partition_->commit(); !status.ok()) return status;
  rows_committed_ = partition_->rows();
  return absl::OkStatus();
}

absl::Status StoreImpl::commit_all(const SessionTotals& totals) {
  if (segment_ != nullptr) {
    const auto write_out = [this] { return segment_->commit(); };
    if (absl::Status status = with_reserve(write_out(), write_out); !status.ok()) return status;
    if (absl::Status status = catalog_->update_segment(segment_->id(), segment_->extent(), kFileOpen); !status.ok()) {
      return status;
    }
  }
  if (absl::Status status = commit_rows(); !status.ok()) return status;
  if (partition_ != nullptr) {
    const CatalogWriter::PartitionExtent extent{partition_->min_ts(), partition_->max_ts(), partition_->bytes()};
    if (absl::Status status = catalog_->update_partition(partition_->id(), extent, false, now()); !status.ok())
      return status;
  }
  for (const auto& [id, extent] : closed_) {
    if (absl::Status status = catalog_->update_segment(id, extent, kFileClosed); !status.ok()) return status;
  }
  absl::Status status = catalog_->update_session(session_->id, totals, session_->first_packet, session_->last_packet);
  if (status.ok()) status = catalog_->commit();
  if (status.ok()) closed_.clear();
  return status;
}

absl::Status StoreImpl::commit(const SessionTotals& totals) {
  if (!session_) return absl::FailedPreconditionError("no session is being recorded");
  if (segment_ != nullptr && now() - segment_began_ >= options_.segment_age) {
    if (absl::Status status = close_segment(); !status.ok()) return status;
  }
  if (absl::Status status = commit_all(totals); !status.ok()) return status;
  return retain();
}

absl::Status StoreImpl::retain() {
  if (options_.keep_bytes == 0 && options_.keep_days == 0) return absl::OkStatus();
  if (now() - retained_ < kRetentionEvery) return absl::OkStatus();
  retained_ = now();
  return enforce(*catalog_, layout_, {options_.keep_bytes, options_.keep_days}, now());
}

absl::Status StoreImpl::end_session(const SessionTotals& totals, const std::string& state) {
  if (!session_) return absl::FailedPreconditionError("no session is being recorded");
  SessionTotals stored = totals;
  absl::Status result = close_segment();
  if (!result.ok() && segment_ != nullptr) {
    // Not even the reserve was enough. What is on the disk stays, and is all that the session claims to have.
    const Extent extent = segment_->extent();
    session_->stored += extent.packets;
    (void)catalog_->update_segment(segment_->id(), extent, kFileOpen);
    segment_.reset();
  }
  if (options_.keep_packets && session_->stored < stored.packets) {
    stored.dropped_store += stored.packets - session_->stored;
    stored.packets = session_->stored;
  }
  const auto finish = [&] {
    absl::Status status = commit_all(stored);
    if (!status.ok()) return status;
    status = catalog_->end_session(session_->id, state, now());
    return status.ok() ? catalog_->commit() : status;
  };
  const absl::Status finished = with_reserve(finish(), finish);
  if (partition_ != nullptr) {
    partition_->end_session();
    if (finished.ok() && partition_->rows() >= kRowsWorthIndexing) {
      result.Update(close_partition());
      result.Update(catalog_->commit());
    }
  }
  session_.reset();
  result.Update(finished);
  if (result.ok()) result = retain();
  return result;
}

absl::Status StoreImpl::note_gap(Timestamp from, Timestamp to, const std::string& why) {
  if (!session_) return absl::FailedPreconditionError("no session is being recorded");
  return catalog_->add_gap(session_->id, from, to, why);
}

absl::Status StoreImpl::change_session(const std::string& sql, std::uint64_t id, std::uint64_t value) {
  const auto known = catalog_->numbers("SELECT id FROM session WHERE id = ? AND NOT hidden", {id});
  if (!known.ok()) return known.status();
  if (known->empty()) return absl::NotFoundError("there is no session " + std::to_string(id));
  if (absl::Status status = catalog_->begin(); !status.ok()) return status;
  if (absl::Status status = catalog_->run(sql, {value, id}); !status.ok()) return status;
  return catalog_->commit();
}

absl::Status StoreImpl::rename_session(std::uint64_t id, const std::string& label) {
  const absl::Status known = change_session("UPDATE session SET hidden = ? WHERE id = ?", id, 0);
  if (!known.ok()) return known;
  absl::StatusOr<Statement> s = catalog_->db().prepare("UPDATE session SET label = ? WHERE id = ?");
  if (!s.ok()) return s.status();
  return s->bind(0, label).bind(1, id).run();
}

absl::Status StoreImpl::pin_session(std::uint64_t id, bool pinned) {
  return change_session("UPDATE session SET pinned = ? WHERE id = ?", id, pinned ? 1 : 0);
}

absl::Status StoreImpl::delete_session(std::uint64_t id) {
  if (session_ && session_->id == id) return absl::FailedPreconditionError("the session is being recorded");
  if (absl::Status status = change_session("UPDATE session SET hidden = ? WHERE id = ?", id, 1); !status.ok()) {
    return status;
  }
  return remove_hidden(*catalog_, layout_);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::open(const std::string& path, StoreOptions options) {
  const Layout layout(path);
  absl::StatusOr<WriterLock> lock = WriterLock::take(layout);
  if (!lock.ok()) return lock.status();
  auto made = std::make_unique<StoreImpl>(path, std::move(options), *std::move(lock));
  if (absl::Status status = made->start(); !status.ok()) return status;
  return made;
}

}  // namespace pr::store
