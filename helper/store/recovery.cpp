#include "helper/store/recovery.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "helper/store/index_file.h"
#include "helper/store/pcapng.h"
#include "helper/store/rows.h"
#include "shared/base/log.h"

namespace pr::store {
namespace {

// The number that a file's name begins with, if the rest is the given.
bool numbered(const std::string& name, std::string_view rest, std::uint64_t* id) {
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), *id);
  return error == std::errc{} &&
         std::string_view(end, static_cast<std::size_t>(name.data() + name.size() - end)) == rest;
}

std::set<std::uint64_t> files_named(const std::string& folder, std::string_view rest) {
  std::set<std::uint64_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    std::uint64_t id = 0;
    if (numbered(entry.path().filename().string(), rest, &id)) found.insert(id);
  }
  return found;
}

// Packets in the file after what the index knows: only what the bytes say is known of them.
absl::Status add_unindexed(const Fd& fd, std::uint64_t at, std::uint64_t size, std::uint64_t number, IndexWriter& index,
                           std::uint64_t* end) {
  std::vector<std::uint8_t> bytes;
  *end = at;
  while (at + 12 <= size) {
    std::uint8_t head[8];
    const absl::StatusOr<std::size_t> got = read_at(fd, at, head);
    if (!got.ok()) return got.status();
    const std::uint32_t length = pcapng::claimed_length(Bytes(head).first(*got));
    if (length == 0 || length > size - at) break;
    bytes.resize(length);
    const absl::StatusOr<std::size_t> read = read_at(fd, at, bytes);
    if (!read.ok()) return read.status();
    const auto block = pcapng::next_block(Bytes(bytes).first(*read));
    if (!block) break;
    Packet packet;
    if (block->type == pcapng::kPacketBlock) {
      if (!pcapng::read_packet(bytes, &packet)) break;
      packet.number = number++;
      index.add(packet, at, {});
      at += length;
      if (index.block_full()) index.close_block(at, at, {});
    } else {
      at += length;
    }
    *end = at;
  }
  index.close_block(at, at, {});
  return absl::OkStatus();
}

void move_aside(const Layout& layout, const SegmentPlan& plan) {
  for (const std::string& path :
       {layout.open_segment(plan.id, plan.compressed), layout.segment(plan.id, plan.compressed)}) {
    if (file_size(path) != 0) (void)rename_file(path, layout.segment(plan.id, plan.compressed) + ".corrupt");
    remove_file(path);
  }
  remove_file(layout.index(plan.id));
}

absl::Status recover_open_segments(CatalogWriter& catalog, const Layout& layout,
                                   const std::vector<std::string>& protocol_names) {
  absl::StatusOr<Statement> rows = catalog.db().prepare("SELECT id, session, compressed FROM segment WHERE state = 0");
  if (!rows.ok()) return rows.status();
  std::vector<SegmentPlan> plans;
  for (;;) {
    const absl::StatusOr<bool> row = rows->step();
    if (!row.ok()) return row.status();
    if (!*row) break;
    plans.push_back({rows->number(0), rows->number(1), rows->integer(2) != 0});
  }
  for (const SegmentPlan& plan : plans) {
    const absl::StatusOr<Extent> extent = recover_segment(layout, plan, protocol_names);
    if (absl::IsResourceExhausted(extent.status())) return extent.status();
    if (extent.ok() && extent->packets != 0) {
      if (absl::Status status = catalog.update_segment(plan.id, *extent, kFileClosed); !status.ok()) return status;
      continue;
    }
    if (!extent.ok()) log_warn("segment " + std::to_string(plan.id) + ": " + std::string(extent.status().message()));
    move_aside(layout, plan);
    if (absl::Status status = catalog.run("DELETE FROM segment WHERE id = ?", {plan.id}); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Files whose rows went with the last transactions before a power cut.
absl::Status adopt(CatalogWriter& catalog, const Layout& layout, Timestamp now) {
  const auto known = catalog.numbers("SELECT id FROM segment", {});
  if (!known.ok()) return known.status();
  const auto sessions = catalog.numbers("SELECT id FROM session", {});
  if (!sessions.ok()) return sessions.status();
  for (const std::uint64_t id : files_named(layout.folder, ".index")) {
    if (std::ranges::find(*known, id) != known->end()) continue;
    const auto index = IndexFile::open(layout.index(id), 0);
    const bool ours = index.ok() && (*index)->head().segment == id &&
                      std::ranges::find(*sessions, (*index)->head().session) != sessions->end();
    const SegmentPlan plan{id, ours ? (*index)->head().session : 0, ours && (*index)->head().compressed != 0};
    if (!ours) {
      move_aside(layout, plan);
      continue;
    }
    if (absl::Status status = catalog.add_segment(plan, now); !status.ok()) return status;
  }
  const auto partitions = catalog.numbers("SELECT id FROM partition", {});
  if (!partitions.ok()) return partitions.status();
  for (const std::uint64_t id : files_named(layout.folder, ".idx")) {
    if (std::ranges::find(*partitions, id) != partitions->end()) continue;
    if (sessions->empty()) {  // of a database that somebody deleted: its rows mean nothing without its dictionary
      move_partition_aside(layout, id);
      continue;
    }
    if (absl::Status status = catalog.add_partition(id, now); !status.ok()) return status;
    for (const std::uint64_t session : *sessions) {
      if (absl::Status status = catalog.partition_holds(id, session); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Extent> recover_segment(const Layout& layout, const SegmentPlan& plan,
                                       const std::vector<std::string>& protocol_names) {
  std::string path = layout.open_segment(plan.id, plan.compressed);
  const std::string name = layout.segment(plan.id, plan.compressed);
  absl::StatusOr<Fd> data = open_existing(path, true);
  if (!data.ok()) {
    path = name;
    data = open_existing(path, true);
  }
  if (!data.ok()) return data.status();
  const absl::StatusOr<std::uint64_t> size = size_of(*data);
  if (!size.ok()) return size.status();

  // Blocks that decode and whose packets are all there.
  std::vector<std::pair<std::uint64_t, BlockHead>> good;
  std::vector<std::uint64_t> flows;
  std::uint64_t index_end = 0;
  auto index = IndexFile::open(layout.index(plan.id), 0);
  if (index.ok() && (*index)->head().segment == plan.id) {
    const auto blocks = (*index)->blocks();
    if (!blocks.ok()) return blocks.status();
    std::vector<IndexEntry> entries;
    for (std::size_t n = 0; n < (*blocks)->size(); ++n) {
      const auto& [offset, head] = (**blocks)[n];
      if (head.file_end > *size || !(*index)->decode(n, entries, nullptr).ok()) break;
      good.emplace_back(offset, head);
      for (const IndexEntry& entry : entries) flows.push_back(entry.facts.flow_id);
      index_end = offset + sizeof(BlockHead) + head.stored;
    }
  }
  absl::StatusOr<std::unique_ptr<IndexWriter>> writer = absl::NotFoundError("");
  if (good.empty()) {
    remove_file(layout.index(plan.id));
    writer = IndexWriter::create(layout.index(plan.id), plan.id, plan.session, plan.compressed, protocol_names);
  } else {
    writer = IndexWriter::resume(layout.index(plan.id), good, index_end, std::move(flows));
  }
  if (!writer.ok()) return writer.status();
  std::uint64_t end = good.empty() ? 0 : good.back().second.file_end;
  if (!plan.compressed) {
    const std::uint64_t next = good.empty() ? 1 : good.back().second.last_number + 1U;
    if (absl::Status status = add_unindexed(*data, end, *size, next, **writer, &end); !status.ok()) return status;
  }
  absl::Status status = truncate(*data, end, path);
  status.Update((*writer)->flush());
  if (!status.ok()) return status;
  (void)(*writer)->finish();
  Extent extent = (*writer)->extent();
  extent.data_bytes = end;
  if (path != name) status = rename_file(path, name);
  if (!status.ok()) return status;
  return extent;
}

absl::Status recover(CatalogWriter& catalog, const Layout& layout, const std::vector<std::string>& protocol_names,
                     Timestamp now) {
  if (absl::Status status = catalog.begin(); !status.ok()) return status;
  absl::Status status = adopt(catalog, layout, now);
  status.Update(recover_open_segments(catalog, layout, protocol_names));
  if (!status.ok()) return status;
  // What was given up: its row says so until the file is gone.
  const auto segments = catalog.numbers("SELECT id FROM segment WHERE state = 2", {});
  if (!segments.ok()) return segments.status();
  for (const std::uint64_t id : *segments) {
    for (const bool compressed : {false, true}) {
      remove_file(layout.segment(id, compressed));
      remove_file(layout.open_segment(id, compressed));
    }
    remove_file(layout.index(id));
  }
  status = catalog.run("DELETE FROM segment WHERE state = 2", {});
  // One partition goes on; others that were never closed only lack their indexes.
  status.Update(
      catalog.run("UPDATE partition SET state = 1, closed = ? WHERE state = 0 AND id < (SELECT max(id) FROM partition)",
                  {static_cast<std::uint64_t>(to_ns(now))}));
  // Packets that were written after the last commit count; without packets nothing tells of any.
  status.Update(catalog.run(
      "UPDATE session SET state = 'interrupted', ended = ?,"
      " packets = CASE WHEN keeps_packets THEN (SELECT ifnull(sum(packets), 0) FROM segment WHERE segment.session = "
      "session.id)"
      "   ELSE packets END,"
      " bytes = CASE WHEN keeps_packets THEN (SELECT ifnull(sum(wire_bytes), 0) FROM segment WHERE segment.session = "
      "session.id)"
      "   ELSE bytes END,"
      " first_packet = ifnull((SELECT min(min_ts) FROM segment WHERE segment.session = session.id), first_packet),"
      " last_packet = ifnull((SELECT max(max_ts) FROM segment WHERE segment.session = session.id), last_packet)"
      " WHERE state = 'recording'",
      {static_cast<std::uint64_t>(to_ns(now))}));
  // received = stored + dropped holds again.
  status.Update(
      catalog.run("UPDATE session SET received = packets + dropped_kernel + dropped_queue + dropped_store"
                  " WHERE state = 'interrupted' AND ended = ?",
                  {static_cast<std::uint64_t>(to_ns(now))}));
  if (!status.ok()) return status;
  return catalog.commit();
}

void move_partition_aside(const Layout& layout, std::uint64_t id) {
  const std::string path = layout.partition(id);
  (void)rename_file(path, path + ".corrupt");
  remove_file(path + "-wal");
  remove_file(path + "-shm");
}

}  // namespace pr::store
