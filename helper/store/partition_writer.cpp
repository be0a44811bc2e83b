#include "helper/store/partition_writer.h"

#include <algorithm>

#include "helper/store/base64.h"
#include "helper/store/files.h"
#include "helper/store/rows.h"
#include "helper/store/schema.h"

namespace pr::store {
namespace {

constexpr std::size_t kMaxNames = 50'000;

constexpr const char* kInsertSlice =
    "INSERT OR REPLACE INTO slice(session, flow, n, flags, start, end, first, last, src, dst, sport, dport, proto,"
    " vlan, stream, opkts, rpkts, obytes, rbytes, opay, rpay, d_opkts, d_rpkts, d_obytes, d_rbytes, d_opay, d_rpay,"
    " retrans, ooo, gaps, oflags, rflags, state, history, rtt, community, app, evidence, sni, alpn, version, cipher,"
    " ja3, ja3s, ja4, hassh, hassh_server, host, name, certs, issuer, verdicts)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
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
  const char* const steps[kVersions] = {k_partition_001};
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
  absl::Status status = prepare_one(kInsertSlice, slice_);
  status.Update(prepare_one(
      "UPDATE slice SET flags = flags | 16 WHERE session = ? AND flow = ? AND n = ? RETURNING flags", superseded_));
  status.Update(prepare_one(kInsertHandshake, handshake_));
  status.Update(
      prepare_one("INSERT INTO transactions(session, flow, ts, request, response, protocol, name, summary,"
                  " status, fields) VALUES(?,?,?,?,?,?,?,?,?,?)",
                  transaction_));
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

absl::Status PartitionWriter::ensure_transaction() {
  ++rows_;
  return db_->in_transaction() ? absl::OkStatus() : db_->execute("BEGIN");
}

void PartitionWriter::cover(Timestamp from, Timestamp to) {
  min_ts_ = std::min(min_ts_, to_ns(from));
  max_ts_ = std::max(max_ts_, to_ns(to));
}

absl::Status PartitionWriter::supersede(std::uint64_t session, const FlowSlice& slice, bool* carried) {
  *carried = false;
  if (slice.n == 0) return absl::OkStatus();
  superseded_.bind(0, session).bind(1, slice.flow_id).bind(2, slice.n - 1U);
  const absl::StatusOr<bool> row = superseded_.step();
  if (!row.ok()) return row.status();
  *carried = !*row || (superseded_.integer(0) & kSliceCarried) != 0;
  superseded_.reset();
  return absl::OkStatus();
}

absl::Status PartitionWriter::add(std::uint64_t session, const FlowSlice& slice) {
  if (absl::Status status = ensure_transaction(); !status.ok()) return status;
  bool carried = false;
  if (absl::Status status = supersede(session, slice, &carried); !status.ok()) return status;
  const int flags = (slice.open ? kSliceOpen : 0) | (slice.last ? kSliceLast : 0) |
                    (slice.has_stream ? kSliceStream : 0) | (slice.fragments ? kSliceFragments : 0) |
                    (carried ? kSliceCarried : 0);
  if (absl::Status status = bind_slice(session, slice, flags); !status.ok()) return status;
  if (absl::Status status = slice_.run(); !status.ok()) return status;
  cover(slice.start, slice.end);
  // Whoever is named in the handshake or request was at the responder's address.
  if (!slice.identity.sni.empty()) {
    if (absl::Status status = sight(session, slice.identity.sni, slice.key.resp.ip, kNameFromSni, slice.first_seen, 0);
        !status.ok()) {
      return status;
    }
  }
  if (slice.identity.http_host.empty()) return absl::OkStatus();
  return sight(session, slice.identity.http_host, slice.key.resp.ip, kNameFromHost, slice.first_seen, 0);
}

absl::Status PartitionWriter::bind_slice(std::uint64_t session, const FlowSlice& slice, int flags) {
  Statement& s = slice_;
  s.reset();
  s.bind(0, session).bind(1, slice.flow_id).bind(2, slice.n).bind(3, flags);
  s.bind(4, to_ns(slice.start)).bind(5, to_ns(slice.end));
  s.bind(6, to_ns(slice.first_seen)).bind(7, to_ns(slice.last_seen));
  if (!slice.key.orig.ip.empty()) s.bind(8, slice.key.orig.ip.octets());
  if (!slice.key.resp.ip.empty()) s.bind(9, slice.key.resp.ip.octets());
  s.bind(10, unsigned{slice.key.orig.port}).bind(11, unsigned{slice.key.resp.port});
  s.bind(12, unsigned{slice.key.ip_proto});
  bind_or_null(s, 13, slice.key.vlan);
  if (slice.has_stream) s.bind(14, slice.stream);
  const auto& [orig, resp] = slice.total;
  s.bind(15, orig.packets).bind(16, resp.packets).bind(17, orig.bytes).bind(18, resp.bytes);
  s.bind(19, orig.payload_bytes).bind(20, resp.payload_bytes);
  if (slice.n != 0) {
    const auto& [d_orig, d_resp] = slice.delta;
    s.bind(21, d_orig.packets).bind(22, d_resp.packets).bind(23, d_orig.bytes).bind(24, d_resp.bytes);
    s.bind(25, d_orig.payload_bytes).bind(26, d_resp.payload_bytes);
  }
  bind_or_null(s, 27, std::uint64_t{orig.retransmissions} + resp.retransmissions);
  bind_or_null(s, 28, std::uint64_t{orig.out_of_order} + resp.out_of_order);
  bind_or_null(s, 29, std::uint64_t{orig.gaps} + resp.gaps);
  bind_or_null(s, 30, orig.tcp_flags);
  bind_or_null(s, 31, resp.tcp_flags);
  s.bind(32, static_cast<int>(slice.state));
  if (!slice.history.empty()) s.bind(33, slice.history);
  if (slice.rtt_ns >= 0) s.bind(34, slice.rtt_ns);
  std::array<std::uint8_t, 20> digest{};
  if (community_digest(slice.community_id, digest)) {
    // Bound as a borrowed blob: it has to outlive the statement's run.
    community_ = digest;
    s.bind(35, Bytes(community_));
  }
  return bind_identity(slice.identity, 36);
}

absl::Status PartitionWriter::bind_identity(const FlowIdentity& identity, int at) {
  const auto text = [&](int column, TextKind kind, const std::string& value) -> absl::Status {
    if (value.empty()) return absl::OkStatus();
    const absl::StatusOr<std::int64_t> id = dictionary_.id(kind, value);
    if (id.ok()) slice_.bind(column, *id);
    return id.status();
  };
  absl::Status status = text(at, TextKind::kProtocol, identity.app_proto);
  bind_or_null(slice_, at + 1, static_cast<std::uint64_t>(identity.app_evidence));
  status.Update(text(at + 2, TextKind::kName, identity.sni));
  status.Update(text(at + 3, TextKind::kTlsTerm, identity.alpn));
  status.Update(text(at + 4, TextKind::kTlsTerm, identity.tls_version));
  status.Update(text(at + 5, TextKind::kTlsTerm, identity.cipher));
  status.Update(text(at + 6, TextKind::kFingerprint, identity.ja3));
  status.Update(text(at + 7, TextKind::kFingerprint, identity.ja3s));
  status.Update(text(at + 8, TextKind::kFingerprint, identity.ja4));
  status.Update(text(at + 9, TextKind::kFingerprint, identity.hassh));
  status.Update(text(at + 10, TextKind::kFingerprint, identity.hassh_server));
  status.Update(text(at + 11, TextKind::kName, identity.http_host));
  status.Update(text(at + 12, TextKind::kName, identity.dns_name));
  status.Update(text(at + 14, TextKind::kIssuer, identity.issuer));
  if (!identity.cert_sha256.empty()) {
    absl::StatusOr<std::string> list = certificates(identity.cert_sha256);
    if (!list.ok()) return list.status();
    certs_ = *std::move(list);
    slice_.bind(at + 13, certs_);
  }
  bind_or_null(slice_, at + 15, identity.verdicts);
  return status;
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
  if (absl::Status status = ensure_transaction(); !status.ok()) return status;
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

absl::Status PartitionWriter::add(std::uint64_t session, const Transaction& transaction) {
  if (absl::Status status = ensure_transaction(); !status.ok()) return status;
  const absl::StatusOr<std::int64_t> protocol = dictionary_.id(TextKind::kProtocol, transaction.protocol);
  if (!protocol.ok()) return protocol.status();
  const absl::StatusOr<std::int64_t> name = dictionary_.id(TextKind::kName, transaction.name);
  if (!name.ok()) return name.status();
  const Timestamp ts = to_ns(transaction.request_ts) != 0 ? transaction.request_ts : transaction.response_ts;
  Statement& s = transaction_;
  s.reset();
  s.bind(0, session).bind(1, transaction.flow_id).bind(2, to_ns(ts));
  if (to_ns(transaction.request_ts) != 0) s.bind(3, to_ns(transaction.request_ts));
  if (to_ns(transaction.response_ts) != 0) s.bind(4, to_ns(transaction.response_ts));
  bind_or_null(s, 5, static_cast<std::uint64_t>(*protocol));
  bind_or_null(s, 6, static_cast<std::uint64_t>(*name));
  if (!transaction.summary.empty()) s.bind(7, transaction.summary);
  if (transaction.status >= 0) s.bind(8, transaction.status);
  if (!transaction.fields.empty()) s.bind(9, transaction.fields);
  cover(ts, ts);
  return s.run();
}

absl::Status PartitionWriter::add(std::uint64_t session, const NameRecord& name) {
  if (absl::Status status = ensure_transaction(); !status.ok()) return status;
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
    if (absl::Status status = ensure_transaction(); !status.ok()) return status;
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
  for (Statement* s : {&slice_, &superseded_, &handshake_, &transaction_, &name_, &name_again_}) *s = Statement();
  // Indexes make searching fast; on a full disk the partition does without. The same goes for the log: readers that
  // hold it open keep it, and it does no harm.
  (void)db_->execute(std::string("BEGIN;") + k_partition_indexes + "COMMIT;");
  if (db_->in_transaction()) db_->rollback();
  (void)db_->execute("PRAGMA busy_timeout=0");
  (void)db_->execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
  db_.reset();
  return absl::OkStatus();
}

std::uint64_t PartitionWriter::bytes() const { return file_size(path_) + file_size(path_ + "-wal"); }

}  // namespace pr::store
