#include "helper/store/partition_writer.h"

#include <algorithm>

#include "helper/store/files.h"
#include "helper/store/rows.h"
#include "helper/store/schema.h"
#include "helper/store/zones.h"

namespace pr::store {
namespace {

constexpr std::size_t kMaxNames = 50'000;

constexpr const char* kInsertHandshake =
    "INSERT INTO handshake(session, flow, ts, protocol, version, cipher, sni, alpn, ja3, ja3_full, ja4, ja4_r, ja4_o,"
    " ja4_ro, ja3s, ja3s_full, hassh, hassh_server, ssh_client, ssh_server, certs, ech, verdicts)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

// What is usually 0 or unknown takes no room as NULL.
void bind_or_null(Statement& s, int at, std::uint64_t value) {
  if (value != 0) s.bind(at, value);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PartitionWriter>> PartitionWriter::open(const std::string& path, std::uint64_t id,
                                                                       DictionaryWriter& dictionary) {
  absl::StatusOr<std::unique_ptr<Database>> db = Database::open(path, Database::Mode::kWrite);
  if (!db.ok()) return db.status();
  static constexpr int kVersions = kPartitionVersion;
  const char* const steps[kVersions] = {k_partition_001, k_partition_002};
  if (absl::Status status = migrate(**db, kPartitionId, steps, kVersions, path); !status.ok()) return status;
  std::unique_ptr<PartitionWriter> made(new PartitionWriter(path, id, dictionary));
  made->db_ = *std::move(db);
  if (absl::Status status = made->prepare(); !status.ok()) return status;
  return made;
}

absl::Status PartitionWriter::prepare() {
  const auto prepare_one = [&](const char* sql, Statement& to) {
    absl::StatusOr<Statement> statement = db_->prepare(sql);
    if (statement.ok()) to = *std::move(statement);
    return statement.status();
  };
  const auto prepare_bulk = [](absl::StatusOr<BulkInsert> bulk, BulkInsert& to) {
    if (bulk.ok()) to = *std::move(bulk);
    return bulk.status();
  };
  absl::Status status = prepare_bulk(BulkInsert::make(*db_, "INSERT OR REPLACE INTO", "slice", kSliceColumns), slice_);
  status.Update(prepare_bulk(BulkInsert::make(*db_, "INSERT INTO", "transactions", kTransactionColumns), transaction_));
  status.Update(prepare_one(
      "UPDATE slice SET flags = flags | 16 WHERE session = ? AND flow = ? AND n = ? RETURNING flags", superseded_));
  status.Update(prepare_one(kInsertHandshake, handshake_));
  status.Update(
      prepare_one("INSERT INTO name(session, name, address, source, first, last, count, ttl)"
                  " VALUES(?,?,?,?,?,?,?,?)",
                  name_));
  status.Update(prepare_one("UPDATE name SET last = ?, count = ? WHERE id = ?", name_again_));
  if (!status.ok()) return status;
  absl::StatusOr<Statement> last = db_->prepare("SELECT min(start), max(end) FROM slice");
  if (!last.ok()) return last.status();
  const absl::StatusOr<bool> row = last->step();
  if (!row.ok()) return row.status();
  if (!last->is_null(0)) cover(from_ns(last->integer(0)), from_ns(last->integer(1)));
  return absl::OkStatus();
}

absl::Status PartitionWriter::ensure_transaction(std::size_t rows) {
  rows_ += rows;
  return db_->in_transaction() ? absl::OkStatus() : db_->execute("BEGIN");
}

void PartitionWriter::cover(Timestamp from, Timestamp to) {
  min_ts_ = std::min(min_ts_, to_ns(from));
  max_ts_ = std::max(max_ts_, to_ns(to));
}

absl::Status PartitionWriter::supersede(std::uint64_t session, const FlowSlice& slice, bool* carried) {
  superseded_.bind(0, session).bind(1, slice.flow_id).bind(2, slice.n - 1U);
  const absl::StatusOr<bool> row = superseded_.step();
  if (!row.ok()) return row.status();
  *carried = !*row || (superseded_.integer(0) & kSliceCarried) != 0;
  superseded_.reset();
  return absl::OkStatus();
}

absl::Status PartitionWriter::add(std::uint64_t session, std::span<const FlowSlice> slices) {
  if (slices.empty()) return absl::OkStatus();
  if (absl::Status status = ensure_transaction(slices.size()); !status.ok()) return status;
  slice_rows_.clear();
  for (const FlowSlice& slice : slices) {
    bool carried = false;
    if (slice.n != 0) {  // the one before it may still be on its way
      if (absl::Status status = insert_slices(); !status.ok()) return status;
      if (absl::Status status = supersede(session, slice, &carried); !status.ok()) return status;
    }
    SliceRow& row = slice_rows_.emplace_back();
    row.session = session;
    row.slice = &slice;
    row.flags = (slice.open ? kSliceOpen : 0) | (slice.last ? kSliceLast : 0) | (slice.has_stream ? kSliceStream : 0) |
                (slice.fragments ? kSliceFragments : 0) | (carried ? kSliceCarried : 0);
    absl::Status status = number_texts(row);
    if (status.ok()) status = sight_names(session, slice);
    if (!status.ok()) return status;
    cover(slice.start, slice.end);
  }
  return insert_slices();
}

absl::Status PartitionWriter::insert_slices() {
  absl::Status status = slice_.run(std::span<const SliceRow>(slice_rows_), kSliceColumns);
  slice_rows_.clear();
  return status;
}

// Whoever is named in the handshake or request was at the responder's address.
absl::Status PartitionWriter::sight_names(std::uint64_t session, const FlowSlice& slice) {
  if (!slice.identity) return absl::OkStatus();
  const FlowIdentity& known = *slice.identity;
  const IpAddress& address = slice.key.resp.ip;
  absl::Status status;
  if (!known.sni.empty()) status = sight(session, known.sni, address, kNameFromSni, slice.first_seen, 0);
  if (!known.http_host.empty()) {
    status.Update(sight(session, known.http_host, address, kNameFromHost, slice.first_seen, 0));
  }
  return status;
}

absl::Status PartitionWriter::number_texts(SliceRow& row) {
  const auto text = [&](SliceText which, TextKind kind, std::string_view value) -> absl::Status {
    const absl::StatusOr<std::int64_t> id = dictionary_.id(kind, value);
    if (id.ok()) row.texts[which] = *id;
    return id.status();
  };
  absl::Status status = text(kSliceApp, TextKind::kProtocol, row.slice->app_proto);
  if (!row.slice->identity) return status;
  const FlowIdentity& identity = *row.slice->identity;
  status.Update(text(kSliceSni, TextKind::kName, identity.sni));
  status.Update(text(kSliceAlpn, TextKind::kTlsTerm, identity.alpn));
  status.Update(text(kSliceVersion, TextKind::kTlsTerm, identity.tls_version));
  status.Update(text(kSliceCipher, TextKind::kTlsTerm, identity.cipher));
  status.Update(text(kSliceJa3, TextKind::kFingerprint, identity.ja3));
  status.Update(text(kSliceJa3s, TextKind::kFingerprint, identity.ja3s));
  status.Update(text(kSliceJa4, TextKind::kFingerprint, identity.ja4));
  status.Update(text(kSliceHassh, TextKind::kFingerprint, identity.hassh));
  status.Update(text(kSliceHasshServer, TextKind::kFingerprint, identity.hassh_server));
  status.Update(text(kSliceHost, TextKind::kName, identity.http_host));
  status.Update(text(kSliceName, TextKind::kName, identity.dns_name));
  status.Update(text(kSliceIssuer, TextKind::kIssuer, identity.issuer));
  if (!status.ok() || identity.cert_sha256.empty()) return status;
  absl::StatusOr<std::string> list = certificates(identity.cert_sha256);
  if (list.ok()) row.certificates = *std::move(list);
  return list.status();
}

absl::StatusOr<std::string> PartitionWriter::certificates(const std::vector<std::string>& sha256) {
  std::string list = "[";
  for (const std::string& digest : sha256) {
    const absl::StatusOr<std::int64_t> id = dictionary_.certificate(digest);
    if (!id.ok()) return id.status();
    if (list.size() > 1) list += ',';
    list += std::to_string(*id);
  }
  return list + "]";
}

absl::Status PartitionWriter::add(std::uint64_t session, const Handshake& handshake) {
  if (absl::Status status = ensure_transaction(1); !status.ok()) return status;
  Statement& s = handshake_;
  s.reset();
  s.bind(0, session).bind(1, handshake.flow_id).bind(2, to_ns(handshake.ts));
  struct Text {
    TextKind kind;
    const std::string* value;
  };
  const Text texts[] = {{TextKind::kProtocol, &handshake.protocol},
                        {TextKind::kTlsTerm, &handshake.version},
                        {TextKind::kTlsTerm, &handshake.cipher},
                        {TextKind::kName, &handshake.sni},
                        {TextKind::kTlsTerm, &handshake.alpn},
                        {TextKind::kFingerprint, &handshake.client.ja3},
                        {TextKind::kFingerprint, &handshake.client.ja3_full},
                        {TextKind::kFingerprint, &handshake.client.ja4},
                        {TextKind::kFingerprint, &handshake.client.ja4_r},
                        {TextKind::kFingerprint, &handshake.client.ja4_o},
                        {TextKind::kFingerprint, &handshake.client.ja4_ro},
                        {TextKind::kFingerprint, &handshake.server.ja3s},
                        {TextKind::kFingerprint, &handshake.server.ja3s_full},
                        {TextKind::kFingerprint, &handshake.hassh},
                        {TextKind::kFingerprint, &handshake.hassh_server},
                        {TextKind::kBanner, &handshake.ssh_client},
                        {TextKind::kBanner, &handshake.ssh_server}};
  int at = 3;
  for (const Text& text : texts) {
    const absl::StatusOr<std::int64_t> id = dictionary_.id(text.kind, *text.value);
    if (!id.ok()) return id.status();
    bind_or_null(s, at++, static_cast<std::uint64_t>(*id));
  }
  if (!handshake.cert_sha256.empty()) {
    absl::StatusOr<std::string> list = certificates(handshake.cert_sha256);
    if (!list.ok()) return list.status();
    certs_ = *std::move(list);
    s.bind(20, certs_);
  }
  if (handshake.ech) s.bind(21, 1);
  bind_or_null(s, 22, handshake.verdicts);
  cover(handshake.ts, handshake.ts);
  return s.run();
}

absl::Status PartitionWriter::add(std::uint64_t session, std::span<const Transaction> transactions) {
  if (transactions.empty()) return absl::OkStatus();
  if (absl::Status status = ensure_transaction(transactions.size()); !status.ok()) return status;
  transaction_rows_.clear();
  for (const Transaction& transaction : transactions) {
    const absl::StatusOr<std::int64_t> protocol = dictionary_.id(TextKind::kProtocol, transaction.protocol);
    if (!protocol.ok()) return protocol.status();
    const absl::StatusOr<std::int64_t> name = dictionary_.id(TextKind::kName, transaction.name);
    if (!name.ok()) return name.status();
    const TransactionRow& row = transaction_rows_.emplace_back(
        TransactionRow{.session = session, .transaction = &transaction, .protocol = *protocol, .name = *name});
    cover(row.ts(), row.ts());
  }
  return transaction_.run(std::span<const TransactionRow>(transaction_rows_), kTransactionColumns);
}

absl::Status PartitionWriter::add(std::uint64_t session, const NameRecord& name) {
  if (absl::Status status = ensure_transaction(1); !status.ok()) return status;
  return sight(session, name.name, name.address, kNameFromDns, name.ts, name.ttl);
}

absl::Status PartitionWriter::sight(std::uint64_t session, const std::string& name, const IpAddress& address,
                                    int source, Timestamp ts, std::uint32_t ttl) {
  const absl::StatusOr<std::int64_t> id = dictionary_.id(TextKind::kName, name);
  if (!id.ok() || *id == 0) return id.status();
  key_.assign(reinterpret_cast<const char*>(&*id), sizeof(*id));
  key_ += static_cast<char>(source);
  key_ += as_text(address.octets());
  const auto found = names_.find(key_);
  if (found != names_.end()) {
    found->second.last = std::max(found->second.last, to_ns(ts));
    ++found->second.count;
    found->second.changed = true;
    return absl::OkStatus();
  }
  if (names_.size() >= kMaxNames) names_.clear();
  name_.reset();
  name_.bind(0, session).bind(1, *id).bind(2, address.octets()).bind(3, source);
  name_.bind(4, to_ns(ts)).bind(5, to_ns(ts)).bind(6, 1);
  bind_or_null(name_, 7, ttl);
  cover(ts, ts);
  if (absl::Status status = name_.run(); !status.ok()) return status;
  names_.emplace(key_, Sighting{.row = db_->last_insert_id(), .last = to_ns(ts), .count = 1});
  return absl::OkStatus();
}

absl::Status PartitionWriter::commit() {
  for (auto& [key, seen] : names_) {
    if (!seen.changed) continue;
    if (absl::Status status = ensure_transaction(1); !status.ok()) return status;
    if (absl::Status status = name_again_.bind(0, seen.last).bind(1, seen.count).bind(2, seen.row).run();
        !status.ok()) {
      return status;
    }
    seen.changed = false;
  }
  return db_->in_transaction() ? db_->commit() : absl::OkStatus();
}

absl::Status PartitionWriter::close() {
  if (absl::Status status = commit(); !status.ok()) return status;
  for (Statement* s : {&superseded_, &handshake_, &name_, &name_again_}) *s = Statement();
  slice_ = BulkInsert();
  transaction_ = BulkInsert();
  // Indexes make searching fast; on a full disk the partition does without. The same goes for the log: readers that
  // hold it open keep it, and it does no harm.
  (void)db_->execute(std::string("BEGIN;") + k_partition_indexes + "COMMIT;");
  if (db_->in_transaction()) db_->rollback();
  (void)build_zones(*db_);
  (void)db_->execute("PRAGMA busy_timeout=0");
  (void)db_->execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
  db_.reset();
  return absl::OkStatus();
}

std::uint64_t PartitionWriter::bytes() const { return file_size(path_) + file_size(path_ + "-wal"); }

}  // namespace pr::store
