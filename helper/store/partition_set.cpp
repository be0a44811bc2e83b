#include "helper/store/partition_set.h"

#include <algorithm>

#include "helper/store/schema.h"

namespace pr::store {
namespace {

constexpr std::size_t kKeepOpen = 16;

std::string overlap(const TimeRange& range, const std::string& first, const std::string& last) {
  std::string text = "1";
  if (range.from) text += " AND ifnull(" + last + " >= " + std::to_string(to_ns(*range.from)) + ", 1)";
  if (range.to) text += " AND ifnull(" + first + " < " + std::to_string(to_ns(*range.to)) + ", 1)";
  return text;
}

}  // namespace

absl::StatusOr<std::shared_ptr<Database>> PartitionSet::open(std::uint64_t id) {
  const auto found = std::ranges::find(opened_, id, &Open::id);
  if (found != opened_.end()) {
    opened_.splice(opened_.begin(), opened_, found);
    return opened_.front().db;
  }
  absl::StatusOr<std::unique_ptr<Database>> db = Database::open(layout_.partition(id), Database::Mode::kRead);
  if (!db.ok()) return db.status();
  const absl::StatusOr<std::int64_t> application = (*db)->pragma("application_id");
  if (!application.ok()) return application.status();
  // Made this moment, and still empty.
  if (*application != kPartitionId) return absl::NotFoundError("no partition");
  const absl::StatusOr<std::int64_t> version = (*db)->pragma("user_version");
  if (!version.ok()) return version.status();
  if (*version == 1) {
    if (absl::Status status = (*db)->execute(k_partition_001_view); !status.ok()) return status;
  }
  if (absl::Status status = add_functions(**db, dictionary_); !status.ok()) return status;
  opened_.push_front({id, std::shared_ptr<Database>(*std::move(db))});
  if (opened_.size() > kKeepOpen) opened_.pop_back();
  return opened_.front().db;
}

absl::StatusOr<std::vector<PartitionSet::Open>> PartitionSet::relevant(const RowQuery& query,
                                                                       const std::vector<std::uint64_t>& sessions,
                                                                       absl::Status* damage) {
  std::string list;
  for (const std::uint64_t id : sessions) list += (list.empty() ? "" : ",") + std::to_string(id);
  absl::StatusOr<Statement> s = catalog_.prepare(
      "SELECT p.id, s.session FROM partition p JOIN partition_session s ON s.partition = p.id WHERE p.state < 2 AND " +
      overlap(query.range, "min_ts", "max_ts") + " AND s.session IN (" + list + ") ORDER BY p.id");
  if (!s.ok()) return s.status();
  std::vector<Open> found;
  for (;;) {
    const absl::StatusOr<bool> row = s->step();
    if (!row.ok()) return row.status();
    if (!*row) return found;
    const std::uint64_t id = s->number(0);
    if (!found.empty() && found.back().id == id) {
      found.back().sessions.push_back(s->number(1));
      continue;
    }
    auto db = open(id);
    if (absl::IsNotFound(db.status())) continue;  // unlinked by retention a moment ago
    if (!db.ok()) {
      damage->Update(absl::DataLossError(layout_.partition(id) + ": " + std::string(db.status().message())));
      continue;
    }
    found.push_back({id, *std::move(db), {s->number(1)}});
  }
}

absl::StatusOr<PartitionSet::CarriedFlows> PartitionSet::carried(const std::vector<Open>& partitions,
                                                                 const TimeRange& range) {
  CarriedFlows flows;
  if (partitions.size() < 2) return flows;
  for (const Open& partition : partitions) {
    // Without DISTINCT, for which SQLite would rather scan the table than the index.
    absl::StatusOr<Statement> s =
        partition.db->prepare("SELECT session, flow FROM slice WHERE flags & 32 AND " + overlap(range, "start", "end"));
    if (!s.ok()) return s.status();
    for (;;) {
      const absl::StatusOr<bool> row = s->step();
      if (!row.ok()) return row.status();
      if (!*row) break;
      flows[{s->number(0), s->number(1)}].newest = partition.id;
    }
  }
  if (flows.empty() || (!range.from && !range.to)) return flows;  // totals of the last slice hold everything
  for (const Open& partition : partitions) {
    if (absl::Status status = add_older(partition, range, flows); !status.ok()) return status;
  }
  return flows;
}

absl::Status PartitionSet::add_older(const Open& partition, const TimeRange& range, CarriedFlows& flows) {
  std::string ids = "[";
  for (const auto& [key, flow] : flows) ids += (ids.size() > 1 ? "," : "") + std::to_string(key.second);
  ids += "]";
  std::string sums;
  for (const char* name : kFlowCountColumns) sums += std::string(", sum(ifnull(d_") + name + ", " + name + "))";
  absl::StatusOr<Statement> s = partition.db->prepare(
      "SELECT session, flow" + sums + " FROM slice WHERE flow IN (SELECT value FROM json_each(?)) AND " +
      overlap(range, "start", "end") + " GROUP BY session, flow");
  if (!s.ok()) return s.status();
  s->bind(0, ids);
  for (;;) {
    const absl::StatusOr<bool> row = s->step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    const auto found = flows.find({s->number(0), s->number(1)});
    if (found == flows.end() || found->second.newest == partition.id) continue;
    for (std::size_t i = 0; i < found->second.older.size(); ++i) {
      found->second.older[i] += s->number(static_cast<int>(i) + 2);
    }
  }
}

absl::Status PartitionSet::merge(const std::vector<Open>& partitions, const RowPlan& plan, const CarriedFlows& carried,
                                 FunctionRef<bool(const RowSource&)> give) {
  struct Head {
    RowSource source;
    std::uint64_t partition;
  };
  std::vector<Head> heads;
  absl::Status damage;  // ends the partition's rows, not those of the others
  const auto find = [&](const Head& head) {
    const auto number = [&](std::size_t i) {
      const auto* n = std::get_if<std::int64_t>(&head.source.key()[plan.identity + i]);
      return n == nullptr ? 0 : static_cast<std::uint64_t>(*n);
    };
    return carried.empty() ? carried.end() : carried.find({number(0), number(1)});
  };
  // A flow is shown where its newest slice is.
  const auto advance = [&](Head& head) -> absl::StatusOr<bool> {
    for (;;) {
      const absl::StatusOr<bool> more = head.source.next();
      if (!more.ok() || !*more) return more;
      const auto flow = find(head);
      if (flow == carried.end()) return true;
      if (flow->second.newest != head.partition) continue;
      head.source.add(flow->second.older);
      return true;
    }
  };
  for (const Open& partition : partitions) {
    absl::StatusOr<RowSource> source = RowSource::open(*partition.db, plan, partition.sessions);
    if (!source.ok()) return source.status();
    Head head{*std::move(source), partition.id};
    const absl::StatusOr<bool> more = advance(head);
    damage.Update(more.status());
    if (more.ok() && *more) heads.push_back(std::move(head));
  }
  const auto later = [&](const Head& a, const Head& b) {
    return before(b.source.key(), a.source.key(), plan.descending);
  };
  std::ranges::make_heap(heads, later);
  while (!heads.empty()) {
    std::ranges::pop_heap(heads, later);
    if (!give(heads.back().source)) return absl::OkStatus();
    const absl::StatusOr<bool> more = advance(heads.back());
    damage.Update(more.status());
    if (more.ok() && *more) {
      std::ranges::push_heap(heads, later);
    } else {
      heads.pop_back();
    }
  }
  return damage;
}

absl::StatusOr<std::shared_ptr<Database>> PartitionSet::gather_names(const std::vector<Open>& partitions) {
  absl::StatusOr<std::unique_ptr<Database>> memory = Database::open_in_memory();
  if (!memory.ok()) return memory.status();
  if (absl::Status status = add_functions(**memory, dictionary_); !status.ok()) return status;
  if (absl::Status status = (*memory)->execute(k_partition_001); !status.ok()) return status;
  absl::StatusOr<Statement> insert = (*memory)->prepare(
      "INSERT INTO name(session, name, address, source, first, last, count, ttl) VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert.ok()) return insert.status();
  for (const Open& partition : partitions) {
    absl::StatusOr<Statement> s =
        partition.db->prepare("SELECT session, name, source, first, last, count, ttl, address FROM name");
    if (!s.ok()) return s.status();
    for (;;) {
      const absl::StatusOr<bool> row = s->step();
      if (!row.ok()) return row.status();
      if (!*row) break;
      insert->bind(0, s->integer(0)).bind(1, s->integer(1)).bind(2, s->blob(7)).bind(3, s->integer(2));
      insert->bind(4, s->integer(3)).bind(5, s->integer(4)).bind(6, s->integer(5));
      if (!s->is_null(6)) insert->bind(7, s->integer(6));
      if (absl::Status status = insert->run(); !status.ok()) return status;
    }
  }
  return std::shared_ptr<Database>(*std::move(memory));
}

absl::Status PartitionSet::rows(const RowQuery& query, const std::vector<std::uint64_t>& sessions, const RowPlan& plan,
                                FunctionRef<bool(const RowSource&)> give) {
  absl::Status damage;
  absl::StatusOr<std::vector<Open>> partitions = relevant(query, sessions, &damage);
  if (!partitions.ok()) return partitions.status();
  CarriedFlows over_several;
  if (query.noun == Noun::kFlows) {
    absl::StatusOr<CarriedFlows> found = carried(*partitions, query.range);
    if (!found.ok()) return found.status();
    over_several = *std::move(found);
  }
  if (query.noun == Noun::kNames && partitions->size() > 1) {
    absl::StatusOr<std::shared_ptr<Database>> all = gather_names(*partitions);
    if (!all.ok()) return all.status();
    *partitions = {{0, *std::move(all), sessions}};
  }
  RowPlan limited = plan;
  // Rows that are skipped because a newer partition has them must not use the limit up.
  if (query.limit != 0) limited.limit(query.limit + over_several.size());
  absl::Status status = merge(*partitions, limited, over_several, give);
  status.Update(damage);
  return status;
}

}  // namespace pr::store
