#include "helper/store/catalog_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "helper/store/rows.h"
#include "helper/store/schema.h"
#include "shared/base/hex.h"
#include "shared/base/text.h"

namespace pr::store {
namespace {

constexpr std::size_t kMaxSightings = 10'000;

std::string link_type_list(const std::vector<std::uint16_t>& types) {
  std::vector<std::uint16_t> sorted = types;
  std::ranges::sort(sorted);
  std::string text;
  for (const std::uint16_t type : sorted) text += (text.empty() ? "" : ",") + std::to_string(type);
  return text;
}

std::string san_json(const std::vector<std::string>& names) {
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& name : names) list.push_back(to_valid_utf8(name));
  return list.dump();
}

}  // namespace

absl::StatusOr<std::unique_ptr<CatalogWriter>> CatalogWriter::open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<Database>> db = Database::open(path, Database::Mode::kWrite);
  if (!db.ok()) return db.status();
  const char* const steps[kCatalogVersion] = {k_001_catalog};
  if (absl::Status status = migrate(**db, kCatalogId, steps, kCatalogVersion, path); !status.ok()) return status;
  std::unique_ptr<CatalogWriter> made(new CatalogWriter());
  made->db_ = *std::move(db);
  absl::StatusOr<DictionaryWriter> dictionary = DictionaryWriter::open(*made->db_);
  if (!dictionary.ok()) return dictionary.status();
  made->dictionary_ = std::make_unique<DictionaryWriter>(*std::move(dictionary));
  return made;
}

absl::Status CatalogWriter::begin() { return db_->in_transaction() ? absl::OkStatus() : db_->begin(); }

absl::Status CatalogWriter::commit() {
  if (absl::Status status = flush_sightings(); !status.ok()) return status;
  if (!db_->in_transaction()) return absl::OkStatus();
  absl::Status status = db_->commit();
  if (!status.ok()) rollback();
  return status;
}

void CatalogWriter::rollback() {
  if (db_->in_transaction()) db_->rollback();
  dictionary_->forget();
}

absl::Status CatalogWriter::run(const std::string& sql, std::initializer_list<std::uint64_t> numbers) {
  absl::StatusOr<Statement> statement = db_->prepare(sql);
  if (!statement.ok()) return statement.status();
  int at = 0;
  for (const std::uint64_t number : numbers) statement->bind(at++, number);
  return statement->run();
}

absl::StatusOr<std::vector<std::uint64_t>> CatalogWriter::numbers(const std::string& sql,
                                                                  std::initializer_list<std::uint64_t> parameters) {
  absl::StatusOr<Statement> statement = db_->prepare(sql);
  if (!statement.ok()) return statement.status();
  int at = 0;
  for (const std::uint64_t number : parameters) statement->bind(at++, number);
  std::vector<std::uint64_t> found;
  for (;;) {
    const absl::StatusOr<bool> row = statement->step();
    if (!row.ok()) return row.status();
    if (!*row) return found;
    found.push_back(statement->number(0));
  }
}

absl::StatusOr<std::uint64_t> CatalogWriter::add_session(const SessionStart& start, bool keeps_packets, Timestamp now) {
  absl::StatusOr<Statement> s = db_->prepare(
      "INSERT INTO session(file, label, state, live, keeps_packets, started) VALUES(?, ?, 'recording', ?, ?, ?)");
  if (!s.ok()) return s.status();
  s->bind(0, start.file).bind(1, start.label).bind(2, start.live ? 1 : 0).bind(3, keeps_packets ? 1 : 0);
  if (absl::Status status = s->bind(4, to_ns(now)).run(); !status.ok()) return status;
  return static_cast<std::uint64_t>(db_->last_insert_id());
}

absl::Status CatalogWriter::add_interface(std::uint64_t session, std::uint32_t n, const InterfaceInfo& info) {
  if (absl::Status status = begin(); !status.ok()) return status;
  absl::StatusOr<Statement> s = db_->prepare("INSERT OR REPLACE INTO interface VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  if (!s.ok()) return s.status();
  s->bind(0, session).bind(1, n).bind(2, info.name).bind(3, info.description).bind(4, info.filter).bind(5, info.os);
  return s->bind(6, unsigned{info.link_type}).bind(7, info.snaplen).run();
}

absl::Status CatalogWriter::update_session(std::uint64_t session, const SessionTotals& totals,
                                           std::int64_t first_packet, std::int64_t last_packet) {
  if (absl::Status status = begin(); !status.ok()) return status;
  absl::StatusOr<Statement> s = db_->prepare(
      "UPDATE session SET received=?, packets=?, bytes=?, dropped_kernel=?, dropped_interface=?, dropped_queue=?,"
      " dropped_store=?, dns_queries=?, dns_responses=?, malformed=?, tcp_flows=?, udp_flows=?, link_types=?,"
      " first_packet=?, last_packet=? WHERE id=?");
  if (!s.ok()) return s.status();
  s->bind(0, totals.received).bind(1, totals.packets).bind(2, totals.bytes).bind(3, totals.dropped_kernel);
  s->bind(4, totals.dropped_interface).bind(5, totals.dropped_queue).bind(6, totals.dropped_store);
  s->bind(7, totals.dns_queries).bind(8, totals.dns_responses).bind(9, totals.malformed);
  s->bind(10, totals.tcp_flows).bind(11, totals.udp_flows);
  const std::string types = link_type_list(totals.link_types);
  s->bind(12, types);
  if (first_packet <= last_packet) s->bind(13, first_packet).bind(14, last_packet);
  if (absl::Status status = s->bind(15, session).run(); !status.ok()) return status;
  absl::StatusOr<Statement> counter = db_->prepare("INSERT OR REPLACE INTO counter VALUES(?, ?, ?)");
  if (!counter.ok()) return counter.status();
  for (const auto& [name, value] : totals.counters) {
    if (absl::Status status = counter->bind(0, session).bind(1, name).bind(2, value).run(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CatalogWriter::end_session(std::uint64_t session, const std::string& state, Timestamp now) {
  if (absl::Status status = begin(); !status.ok()) return status;
  absl::StatusOr<Statement> s = db_->prepare("UPDATE session SET state=?, ended=? WHERE id=?");
  if (!s.ok()) return s.status();
  return s->bind(0, state).bind(1, to_ns(now)).bind(2, session).run();
}

absl::Status CatalogWriter::add_gap(std::uint64_t session, Timestamp from, Timestamp to, const std::string& why) {
  if (absl::Status status = begin(); !status.ok()) return status;
  absl::StatusOr<Statement> s = db_->prepare("INSERT INTO gap VALUES(?, ?, ?, ?)");
  if (!s.ok()) return s.status();
  return s->bind(0, session).bind(1, to_ns(from)).bind(2, to_ns(to)).bind(3, why).run();
}

absl::Status CatalogWriter::add_segment(const SegmentPlan& plan, Timestamp now) {
  if (absl::Status status = begin(); !status.ok()) return status;
  return run("INSERT INTO segment(id, session, state, compressed, created) VALUES(?, ?, 0, ?, ?)",
             {plan.id, plan.session, plan.compressed ? 1U : 0U, static_cast<std::uint64_t>(to_ns(now))});
}

absl::Status CatalogWriter::update_segment(std::uint64_t id, const Extent& e, int state) {
  if (absl::Status status = begin(); !status.ok()) return status;
  return run(
      "UPDATE segment SET packets=?, first_number=?, last_number=?, min_ts=?, max_ts=?, min_flow=?, max_flow=?,"
      " wire_bytes=?, data_bytes=?, index_bytes=?, state=? WHERE id=?",
      {e.packets, e.first_number, e.last_number, static_cast<std::uint64_t>(e.min_ts),
       static_cast<std::uint64_t>(e.max_ts), e.min_flow, e.max_flow, e.wire_bytes, e.data_bytes, e.index_bytes,
       static_cast<std::uint64_t>(state), id});
}

absl::Status CatalogWriter::add_partition(std::uint64_t id, Timestamp now) {
  if (absl::Status status = begin(); !status.ok()) return status;
  return run("INSERT INTO partition(id, state, created) VALUES(?, 0, ?)", {id, static_cast<std::uint64_t>(to_ns(now))});
}

absl::Status CatalogWriter::partition_holds(std::uint64_t partition, std::uint64_t session) {
  if (absl::Status status = begin(); !status.ok()) return status;
  return run("INSERT OR IGNORE INTO partition_session(session, partition) VALUES(?, ?)", {session, partition});
}

absl::Status CatalogWriter::update_partition(std::uint64_t id, const PartitionExtent& extent, bool closed,
                                             Timestamp now) {
  if (absl::Status status = begin(); !status.ok()) return status;
  absl::StatusOr<Statement> s = db_->prepare(
      "UPDATE partition SET min_ts=?, max_ts=?, bytes=?, state=?, closed=?,"
      " last_segment=(SELECT ifnull(max(id), 0) FROM segment) WHERE id=?");
  if (!s.ok()) return s.status();
  if (extent.min_ts <= extent.max_ts) s->bind(0, extent.min_ts).bind(1, extent.max_ts);
  s->bind(2, extent.bytes).bind(3, closed ? kFileClosed : kFileOpen);
  if (closed) s->bind(4, to_ns(now));
  return s->bind(5, id).run();
}

absl::Status CatalogWriter::add(const Certificate& certificate) {
  if (absl::Status status = begin(); !status.ok()) return status;
  const absl::StatusOr<std::int64_t> id = dictionary_->certificate(certificate.sha256);
  if (!id.ok()) return id.status();
  if (*id == 0) return absl::OkStatus();
  const absl::StatusOr<std::int64_t> issuer = dictionary_->id(TextKind::kIssuer, certificate.issuer);
  if (!issuer.ok()) return issuer.status();
  absl::StatusOr<Statement> s = db_->prepare(
      "UPDATE certificate SET sha1=?, subject=?, issuer=?, serial=?, san=?, not_before=?, not_after=?, key_type=?,"
      " key_bits=?, self_signed=?, der=? WHERE id=? AND subject IS NULL");
  if (!s.ok()) return s.status();
  const std::vector<std::uint8_t> sha1 = from_hex(certificate.sha1).value_or(std::vector<std::uint8_t>{});
  const std::string san = san_json(certificate.san);
  s->bind(0, Bytes(sha1)).bind(1, certificate.subject).bind(2, *issuer).bind(3, certificate.serial).bind(4, san);
  s->bind(5, to_ns(certificate.not_before)).bind(6, to_ns(certificate.not_after)).bind(7, certificate.key_type);
  s->bind(8, certificate.key_bits).bind(9, certificate.self_signed ? 1 : 0).bind(10, Bytes(certificate.der));
  return s->bind(11, *id).run();
}

absl::Status CatalogWriter::sighted(std::uint64_t session, const std::string& sha256, Timestamp ts) {
  const absl::StatusOr<std::int64_t> id = dictionary_->certificate(sha256);
  if (!id.ok()) return id.status();
  if (*id == 0) return absl::OkStatus();
  if (sightings_.size() >= kMaxSightings) {
    if (absl::Status status = flush_sightings(); !status.ok()) return status;
  }
  const auto [found, fresh] = sightings_.try_emplace({session, *id}, Seen{to_ns(ts), to_ns(ts), 0});
  found->second.first = std::min(found->second.first, to_ns(ts));
  found->second.last = std::max(found->second.last, to_ns(ts));
  ++found->second.count;
  return absl::OkStatus();
}

absl::Status CatalogWriter::flush_sightings() {
  if (sightings_.empty()) return absl::OkStatus();
  if (absl::Status status = begin(); !status.ok()) return status;
  absl::StatusOr<Statement> s = db_->prepare(
      "INSERT INTO sighting(session, certificate, first_seen, last_seen, count) VALUES(?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT DO UPDATE SET first_seen=min(first_seen, ?3), last_seen=max(last_seen, ?4), count=count+?5");
  if (!s.ok()) return s.status();
  for (const auto& [key, seen] : sightings_) {
    s->bind(0, key.first).bind(1, key.second).bind(2, seen.first).bind(3, seen.last).bind(4, seen.count);
    if (absl::Status status = s->run(); !status.ok()) return status;
  }
  sightings_.clear();
  return absl::OkStatus();
}

}  // namespace pr::store
