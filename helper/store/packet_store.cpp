#include "helper/store/packet_store.h"

#include <algorithm>

namespace pr::store {
namespace {

constexpr std::size_t kOpenReaders = 8;
constexpr std::size_t kCachedBlocks = 8;

bool overlaps(const TimeRange& range, std::int64_t min_ts, std::int64_t max_ts) {
  return (!range.from || max_ts >= to_ns(*range.from)) && (!range.to || min_ts < to_ns(*range.to));
}

// Retention may unlink a segment at any moment; its packets are then gone, which is no error.
bool is_gone(const absl::Status& status) { return absl::IsNotFound(status); }

}  // namespace

absl::StatusOr<std::vector<SegmentRow>> PacketStore::segments(std::uint64_t session) {
  absl::StatusOr<Statement> s = catalog_.prepare(
      "SELECT id, state, compressed, packets, first_number, last_number, min_ts, max_ts, min_flow, max_flow, "
      "data_bytes,"
      " index_bytes FROM segment WHERE session = ? AND state < 2 AND packets > 0 ORDER BY id");
  if (!s.ok()) return s.status();
  s->bind(0, session);
  std::vector<SegmentRow> rows;
  for (;;) {
    const absl::StatusOr<bool> row = s->step();
    if (!row.ok()) return row.status();
    if (!*row) return rows;
    SegmentRow& made = rows.emplace_back();
    made.id = s->number(0);
    made.session = session;
    made.open = s->integer(1) == 0;
    made.compressed = s->integer(2) != 0;
    made.extent = {.packets = s->number(3),
                   .first_number = s->number(4),
                   .last_number = s->number(5),
                   .min_ts = s->integer(6),
                   .max_ts = s->integer(7),
                   .min_flow = s->number(8),
                   .max_flow = s->number(9),
                   .wire_bytes = 0,
                   .data_bytes = s->number(10),
                   .index_bytes = s->number(11)};
  }
}

absl::StatusOr<std::vector<std::uint16_t>> PacketStore::link_types(std::uint64_t session) {
  absl::StatusOr<Statement> s = catalog_.prepare("SELECT link_type FROM interface WHERE session = ? ORDER BY n");
  if (!s.ok()) return s.status();
  s->bind(0, session);
  std::vector<std::uint16_t> types;
  for (;;) {
    const absl::StatusOr<bool> row = s->step();
    if (!row.ok()) return row.status();
    if (!*row) return types;
    types.push_back(static_cast<std::uint16_t>(s->integer(0)));
  }
}

absl::StatusOr<bool> PacketStore::packets_of(SegmentReader& segment, const Scan& scan) {
  const auto blocks = segment.blocks();
  absl::Status damage;
  for (std::size_t n = 0; n < blocks.size(); ++n) {
    const BlockHead& head = blocks[n].second;
    if (head.last_number < scan.first_number || !overlaps(scan.range, head.min_ts, head.max_ts)) continue;
    absl::Status status = segment.decode(n, scan.block);
    if (!status.ok()) {
      damage.Update(status);
      continue;
    }
    for (IndexEntry& entry : scan.block.entries) {
      if (entry.number < scan.first_number || !overlaps(scan.range, to_ns(entry.ts), to_ns(entry.ts))) continue;
      Packet& packet = scan.stored.packet;
      if (status = segment.bytes_of(scan.block, entry, true, &packet); !status.ok()) {
        damage.Update(status);
        continue;
      }
      packet.link_type = packet.interface_id < scan.links.size() ? scan.links[packet.interface_id] : std::uint16_t{0};
      std::swap(scan.stored.facts, entry.facts);
      const bool more = scan.take(scan.stored);
      std::swap(scan.stored.facts, entry.facts);
      if (!more) return false;
    }
  }
  if (!damage.ok()) return damage;
  return segment.complete() ? absl::StatusOr<bool>(true) : absl::DataLossError("the end of an index is damaged");
}

absl::Status PacketStore::packets(std::uint64_t session, std::uint64_t first_number, const TimeRange& range,
                                  const std::function<bool(StoredPacket&)>& take) {
  const auto rows = segments(session);
  if (!rows.ok()) return rows.status();
  const auto links = link_types(session);
  if (!links.ok()) return links.status();
  // A reader and a block of its own: take() may ask for other packets meanwhile.
  DecodedBlock block;
  StoredPacket stored;
  stored.session = session;
  const Scan scan{first_number, range, *links, take, block, stored};
  // A damaged segment must not hide the others: the error comes last.
  absl::Status damage;
  for (const SegmentRow& row : *rows) {
    if (row.extent.last_number < first_number || !overlaps(range, row.extent.min_ts, row.extent.max_ts)) continue;
    const auto segment = SegmentReader::open(layout_, row, protocol_names_);
    if (is_gone(segment.status())) continue;
    const absl::StatusOr<bool> more =
        segment.ok() ? packets_of(**segment, scan) : absl::StatusOr<bool>(segment.status());
    if (!more.ok()) {
      damage.Update(absl::Status(more.status().code(),
                                 "segment " + std::to_string(row.id) + ": " + std::string(more.status().message())));
    } else if (!*more) {
      return absl::OkStatus();
    }
  }
  return damage;
}

absl::StatusOr<SegmentReader*> PacketStore::reader(const SegmentRow& row) {
  const auto found = std::ranges::find_if(readers_, [&](const auto& r) { return r->row().id == row.id; });
  if (found != readers_.end()) {
    const SegmentRow& known = (*found)->row();
    if (known.extent.packets == row.extent.packets && known.open == row.open) return found->get();
    readers_.erase(found);
  }
  auto made = SegmentReader::open(layout_, row, protocol_names_);
  if (!made.ok()) return made.status();
  readers_.push_front(*std::move(made));
  if (readers_.size() > kOpenReaders) readers_.pop_back();
  return readers_.front().get();
}

absl::StatusOr<const DecodedBlock*> PacketStore::block(SegmentReader& from, std::size_t n) {
  for (const CachedBlock& cached : blocks_) {
    if (cached.segment == from.row().id && cached.n == n) return cached.block.get();
  }
  CachedBlock made{from.row().id, n, nullptr};
  if (blocks_.size() >= kCachedBlocks) {
    made.block = std::move(blocks_.back().block);  // its memory serves again
    blocks_.pop_back();
  } else {
    made.block = std::make_unique<DecodedBlock>();
  }
  if (absl::Status status = from.decode(n, *made.block); !status.ok()) return status;
  blocks_.push_front(std::move(made));
  return blocks_.front().block.get();
}

absl::StatusOr<StoredPacket> PacketStore::packet(std::uint64_t session, std::uint64_t number) {
  const absl::Status missing = absl::NotFoundError("packet " + std::to_string(number) + " is not stored");
  const auto holds = [number](const SegmentRow& row) {
    return number >= row.extent.first_number && number <= row.extent.last_number;
  };
  auto row = std::ranges::find_if(known_segments_, holds);
  if (session != known_session_ || row == known_segments_.end()) {
    auto rows = segments(session);
    if (!rows.ok()) return rows.status();
    auto links = link_types(session);
    if (!links.ok()) return links.status();
    known_session_ = session;
    known_segments_ = *std::move(rows);
    known_links_ = *std::move(links);
    row = std::ranges::find_if(known_segments_, holds);
    if (row == known_segments_.end()) return missing;
  }
  const auto segment = reader(*row);
  if (is_gone(segment.status())) return missing;
  if (!segment.ok()) return segment.status();
  const auto blocks = (*segment)->blocks();
  for (std::size_t n = 0; n < blocks.size(); ++n) {
    if (number < blocks[n].second.first_number || number > blocks[n].second.last_number) continue;
    const auto decoded = block(**segment, n);
    if (!decoded.ok()) return decoded.status();
    const auto& entries = (*decoded)->entries;
    const auto entry = std::ranges::lower_bound(entries, number, {}, &IndexEntry::number);
    if (entry == entries.end() || entry->number != number) break;
    StoredPacket stored;
    stored.session = session;
    if (absl::Status status = (*segment)->bytes_of(**decoded, *entry, false, &stored.packet); !status.ok())
      return status;
    stored.packet.link_type =
        stored.packet.interface_id < known_links_.size() ? known_links_[stored.packet.interface_id] : std::uint16_t{0};
    stored.facts = entry->facts;
    return stored;
  }
  return missing;
}

absl::StatusOr<std::vector<std::uint64_t>> PacketStore::flow_packets(std::uint64_t session, std::uint64_t flow_id) {
  const auto rows = segments(session);
  if (!rows.ok()) return rows.status();
  std::vector<std::uint64_t> numbers;
  DecodedBlock scratch;
  for (const SegmentRow& row : *rows) {
    if (flow_id != 0 && (flow_id < row.extent.min_flow || flow_id > row.extent.max_flow)) continue;
    const auto segment = SegmentReader::open(layout_, row, protocol_names_);
    if (is_gone(segment.status())) continue;
    if (!segment.ok()) continue;
    // What a damaged segment holds of the flow cannot be read anyway.
    (void)(*segment)->flow_packets(flow_id, scratch, numbers);
  }
  return numbers;
}

}  // namespace pr::store
