#include "helper/store/zones.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "helper/store/fields.h"
#include "shared/model/flow.h"

namespace pr::store {
namespace {

constexpr std::size_t kRowsOfZone = 1024;
// And up to twice that. With four bits set for each value, a few zones in a hundred are searched in vain.
constexpr std::size_t kBitsOfValue = 6;
constexpr std::size_t kMostBits = 1U << 20U;

// first, last: flows. max_*: of flows' newest slices.
constexpr const char* kTable =
    "CREATE TABLE zone(session INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " max_bytes INTEGER NOT NULL, max_packets INTEGER NOT NULL, max_duration INTEGER NOT NULL, texts INTEGER NOT NULL,"
    " bits BLOB NOT NULL,"
    " PRIMARY KEY(session, first)) WITHOUT ROWID";

constexpr const char* kAddressColumns[] = {"s.src", "s.dst"};
constexpr const char* kTextColumns[] = {"s.app",   "s.sni",          "s.ja3",  "s.ja3s", "s.ja4",
                                        "s.hassh", "s.hassh_server", "s.host", "s.name", "s.issuer"};

std::uint64_t mixed(std::uint64_t h) {
  h ^= h >> 32U;
  h *= 0xd6e8feb86659fd93ULL;
  h ^= h >> 32U;
  h *= 0xd6e8feb86659fd93ULL;
  return h ^ (h >> 32U);
}

std::uint64_t hash_of(ZoneKey key, std::uint64_t number) {
  return mixed(number + mixed(static_cast<std::uint64_t>(key)));
}

std::uint64_t hash_of(ZoneKey key, Bytes octets) {
  std::uint64_t hash = octets.size();
  for (std::size_t at = 0; at < octets.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = at; i < std::min(at + 8, octets.size()); ++i) word = word << 8U | octets[i];
    hash = mixed(hash ^ word);
  }
  return hash_of(key, hash);
}

// Four bits of a set whose size is a power of two.
template <typename Visit>
void each_bit(std::uint64_t hash, std::size_t bits, const Visit& visit) {
  const std::uint64_t step = hash >> 32U | 1U;
  for (std::uint64_t i = 0; i < 4; ++i) visit((hash + i * step) & (bits - 1));
}

struct Zone {
  std::int64_t session = 0, first = 0, last = 0, bytes = 0, packets = 0, duration = 0;
  std::int64_t texts = 0;  // which of kTextColumns occur, a bit each
  std::size_t rows = 0;
  absl::flat_hash_set<std::uint64_t> values;

  [[nodiscard]] std::vector<std::uint8_t> bits() const {
    const std::size_t size = std::clamp(std::bit_ceil(values.size() * kBitsOfValue), std::size_t{64}, kMostBits);
    std::vector<std::uint8_t> out(size / 8);
    for (const std::uint64_t hash : values) {
      each_bit(hash, size, [&](std::uint64_t bit) { out[bit / 8] |= static_cast<std::uint8_t>(1U << bit % 8); });
    }
    return out;
  }
};

std::string select_rows() {
  std::string sql = absl::StrCat(
      "SELECT s.session, s.flow, s.flags & 16, s.obytes + s.rbytes, s.opkts + s.rpkts,"
      " s.last - s.first, ",
      kOddRow, ", s.state, s.sport, s.dport");
  for (const char* column : kAddressColumns) absl::StrAppend(&sql, ", ", column);
  for (const char* column : kTextColumns) absl::StrAppend(&sql, ", ", column);
  return sql + " FROM slice s ORDER BY s.session, s.flow, s.n";
}

// Lengths of the networks that an address is looked for in, shortest first.
std::span<const std::size_t> net_lengths(std::size_t address_size) {
  static constexpr std::size_t kV4[] = {1, 2, 3}, kV6[] = {4, 6, 8};
  if (address_size == 4) return kV4;
  return address_size == 16 ? std::span<const std::size_t>(kV6) : std::span<const std::size_t>();
}

void add_address(Bytes address, Zone& zone) {
  // A flow's neighbours often have the same: most work is done.
  if (!zone.values.insert(hash_of(ZoneKey::kAddress, address)).second) return;
  for (const std::size_t length : net_lengths(address.size())) {
    zone.values.insert(hash_of(ZoneKey::kNet, address.first(length)));
  }
}

void add_row(const Statement& row, Zone& zone) {
  ++zone.rows;
  zone.last = row.integer(1);
  if (row.integer(2) == 0) {
    zone.bytes = std::max(zone.bytes, row.integer(3));
    zone.packets = std::max(zone.packets, row.integer(4));
    zone.duration = std::max(zone.duration, row.integer(5));
  }
  if (row.integer(6) != 0) zone.values.insert(hash_of(ZoneKey::kOdd, 1));
  const std::int64_t state = row.integer(7);
  if (state >= 0 && state <= static_cast<std::int64_t>(ConnState::kShr)) {
    zone.values.insert(hash_of(ZoneKey::kState, as_bytes(conn_state_name(static_cast<ConnState>(state)))));
  }
  int at = 8;
  for (const int end = at + 2; at < end; ++at) {
    if (!row.is_null(at)) zone.values.insert(hash_of(ZoneKey::kPort, row.number(at)));
  }
  for (std::size_t i = 0; i < std::size(kAddressColumns); ++i, ++at) {
    if (!row.is_null(at)) add_address(row.blob(at), zone);
  }
  for (std::size_t i = 0; i < std::size(kTextColumns); ++i, ++at) {
    if (row.is_null(at)) continue;
    zone.texts |= std::int64_t{1} << i;
    zone.values.insert(hash_of(ZoneKey::kText, row.number(at)));
  }
}

absl::Status insert_zone(Statement& insert, Zone& zone) {
  if (zone.rows == 0) return absl::OkStatus();
  const std::vector<std::uint8_t> bits = zone.bits();
  insert.bind(0, zone.session).bind(1, zone.first).bind(2, zone.last).bind(3, zone.bytes).bind(4, zone.packets);
  absl::Status status = insert.bind(5, zone.duration).bind(6, zone.texts).bind(7, Bytes(bits)).run();
  zone.rows = 0;
  zone.bytes = zone.packets = zone.duration = zone.texts = 0;
  zone.values.clear();
  return status;
}

absl::Status fill(Database& partition) {
  absl::StatusOr<Statement> rows = partition.prepare(select_rows());
  if (!rows.ok()) return rows.status();
  absl::StatusOr<Statement> insert = partition.prepare(
      "INSERT INTO zone(session, first, last, max_bytes, max_packets, max_duration, texts, bits)"
      " VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert.ok()) return insert.status();
  Zone zone;
  for (;;) {
    const absl::StatusOr<bool> more = rows->step();
    if (!more.ok()) return more.status();
    // All slices of a flow are in one zone.
    const bool full = zone.rows >= kRowsOfZone && *more && rows->integer(1) != zone.last;
    if (!*more || full || rows->integer(0) != zone.session) {
      if (absl::Status status = insert_zone(*insert, zone); !status.ok()) return status;
      if (!*more) return absl::OkStatus();
    }
    if (zone.rows == 0) {
      zone.session = rows->integer(0);
      zone.first = rows->integer(1);
    }
    add_row(*rows, zone);
  }
}

std::string condition(std::uint64_t hash) {
  return absl::StrCat("pr_zone(z.bits, ", static_cast<std::int64_t>(hash), ")");
}

void zone(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const auto* bits = static_cast<const std::uint8_t*>(sqlite3_value_blob(values[0]));
  const std::size_t size = static_cast<std::size_t>(sqlite3_value_bytes(values[0])) * 8;
  bool all = true;
  if (bits != nullptr && std::has_single_bit(size)) {
    each_bit(static_cast<std::uint64_t>(sqlite3_value_int64(values[1])), size,
             [&](std::uint64_t bit) { all = all && (bits[bit / 8] >> bit % 8 & 1U) != 0; });
  }
  sqlite3_result_int(context, all ? 1 : 0);
}

}  // namespace

absl::Status build_zones(Database& partition) {
  if (absl::Status status = partition.begin(); !status.ok()) return status;
  absl::Status status = partition.execute(kTable);
  if (status.ok()) status = fill(partition);
  if (status.ok()) status = partition.commit();
  if (partition.in_transaction()) partition.rollback();
  return status;
}

std::string zone_condition(ZoneKey key, Bytes octets) { return condition(hash_of(key, octets)); }
std::string zone_condition(ZoneKey key, std::int64_t number) {
  return condition(hash_of(key, static_cast<std::uint64_t>(number)));
}

std::string zone_condition_between(Bytes low, Bytes high) {
  if (low.size() != high.size()) return {};
  std::string best;
  for (const std::size_t length : net_lengths(low.size())) {
    if (std::ranges::equal(low.first(length), high.first(length)))
      best = condition(hash_of(ZoneKey::kNet, low.first(length)));
  }
  return best;
}

std::string zone_has_text(std::string_view column) {
  const auto* const found = std::ranges::find(kTextColumns, column);
  return found == std::end(kTextColumns) ? "" : absl::StrCat("z.texts & ", 1 << (found - std::begin(kTextColumns)));
}

const char* zone_largest(ZoneKey key) {
  switch (key) {
    case ZoneKey::kBytes: return "max_bytes";
    case ZoneKey::kPackets: return "max_packets";
    case ZoneKey::kDuration: return "max_duration";
    default: return nullptr;
  }
}

absl::Status add_zone_function(Database& db) {
  const int code =
      sqlite3_create_function_v2(db.handle(), "pr_zone", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                 nullptr, &zone, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : sql_error(db.handle(), code, "cannot add a function");
}

}  // namespace pr::store
