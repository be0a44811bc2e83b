#include "helper/store/row_source.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>

namespace pr::store {
namespace {

// How the rows of a noun are found: where they come from and what orders them.
struct Shape {
  std::string from;
  std::string where = "1";
  std::vector<std::string> keys;
  std::vector<bool> descending;
};

std::string id_list(const std::vector<std::uint64_t>& ids) { return absl::StrCat("(", absl::StrJoin(ids, ","), ")"); }

std::string between(const TimeRange& range, const std::string& first, const std::string& last) {
  std::string text = "1";
  if (range.from) text += " AND " + last + " >= " + std::to_string(to_ns(*range.from));
  if (range.to) text += " AND " + first + " < " + std::to_string(to_ns(*range.to));
  return text;
}

// Everything of a flow's slices in the range as one row: the last slice, with the sums of what the slices added.
std::string slices_in(const TimeRange& range, const std::string& sessions) {
  std::string sums;
  for (const char* name : kFlowCountColumns) {
    sums += std::string(", sum(ifnull(d_") + name + ", " + name + ")) AS " + name;
  }
  return "(SELECT session, flow, max(n) AS n, flags, start, end, first, last, src, dst, sport, dport, proto, vlan,"
         " stream, retrans, ooo, gaps, oflags, rflags, state, history, rtt, community, app, evidence, sni, alpn, "
         "version,"
         " cipher, ja3, ja3s, ja4, hassh, hassh_server, host, name, certs, issuer, verdicts, tunnel" +
         sums + " FROM slice WHERE session " + sessions + " AND " + between(range, "start", "end") +
         " GROUP BY session, flow)";
}

// sessions: "IN (1,2)", or "= ?".
Shape shape_of(const RowQuery& query, const std::string& sessions) {
  const bool ranged = query.range.from || query.range.to;
  const auto of_flows = [&query](const char* column) {
    return query.flows.empty() ? std::string() : absl::StrCat(" AND ", column, " IN ", id_list(query.flows));
  };
  switch (query.noun) {
    case Noun::kPackets: break;
    case Noun::kFlows:
      return {(ranged ? slices_in(query.range, sessions) : std::string("slice")) + " s",
              (ranged ? "1" : "s.session " + sessions + " AND NOT s.flags & 16") + of_flows("s.flow"),
              {"s.session", "s.flow"},
              {true, false}};
    case Noun::kHandshakes:
      return {"handshake h",
              "h.session " + sessions + of_flows("h.flow") + " AND " + between(query.range, "h.ts", "h.ts"),
              {"h.session", "h.ts", "h.id"},
              {true, false, false}};
    case Noun::kTransactions:
      return {"transactions t",
              "t.session " + sessions + of_flows("t.flow") + " AND " + between(query.range, "t.ts", "t.ts"),
              {"t.session", "t.ts", "t.id"},
              {true, false, false}};
    case Noun::kCertificates:
      return {
          "(SELECT certificate, max(session) AS session, min(first_seen) AS first_seen, max(last_seen) AS last_seen,"
          " sum(count) AS count FROM sighting WHERE session " +
              sessions +
              " GROUP BY certificate) x"
              " JOIN certificate c ON c.id = x.certificate",
          between(query.range, "x.first_seen", "x.last_seen"),
          {"x.session", "x.first_seen", "c.id"},
          {true, false, false}};
    case Noun::kNames:
      return {
          "(SELECT session, name, json_group_array(DISTINCT hex(address)) AS addresses, min(first) AS first,"
          " max(last) AS last, max(source = 1) * 2 + max(source = 2) * 4 + max(source = 3) * 8 AS sources,"
          " sum(count) AS count, max(ttl) AS ttl FROM name WHERE session " +
              sessions + " GROUP BY session, name) n",
          between(query.range, "n.first", "n.last"),
          {"n.session", "n.first", "n.name"},
          {true, false, false}};
    case Noun::kSessions:
      return {"session g",
              "g.id " + sessions + " AND " + between(query.range, "g.first_packet", "g.last_packet"),
              {"g.id"},
              {true}};
    case Noun::kStats: return {"counter k", "k.session " + sessions, {"k.session", "k.name"}, {true, false}};
  }
  return {};
}

std::string order_expression(const Column& column) {
  const std::string sql = column.sql;
  switch (column.decode) {
    case Decode::kDictionary: return "pr_text(" + sql + ")";
    case Decode::kConnState: return "pr_state(" + sql + ")";
    case Decode::kEvidence: return "pr_evidence(" + sql + ")";
    default: return sql;
  }
}

// Which of FlowCounts a column is the sum of, a bit each.
unsigned counts_in(std::string_view key) {
  struct Sum {
    std::string_view key;
    unsigned bits;
  };
  static constexpr Sum kSums[] = {
      {"packets", 3},    {"bytes", 12},     {"orig_packets", 1},        {"resp_packets", 2},
      {"orig_bytes", 4}, {"resp_bytes", 8}, {"orig_payload_bytes", 16}, {"resp_payload_bytes", 32}};
  const auto* const found = std::ranges::find(kSums, key, &Sum::key);
  return found == std::end(kSums) ? 0 : found->bits;
}

std::strong_ordering compare(const KeyValue& a, const KeyValue& b) {
  const auto rank = [](const KeyValue& v) { return v.index() == 2 ? std::size_t{1} : v.index(); };
  if (rank(a) != rank(b)) return rank(a) <=> rank(b);
  if (a.index() == b.index()) {
    return std::visit(
        [&](const auto& x) -> std::strong_ordering {
          using T = std::decay_t<decltype(x)>;
          const T& y = std::get<T>(b);
          if (x < y) return std::strong_ordering::less;
          return y < x ? std::strong_ordering::greater : std::strong_ordering::equal;
        },
        a);
  }
  const auto real = [](const KeyValue& v) {
    const auto* n = std::get_if<std::int64_t>(&v);
    return n != nullptr ? static_cast<double>(*n) : std::get<double>(v);
  };
  return real(a) < real(b) ? std::strong_ordering::less
                           : (real(b) < real(a) ? std::strong_ordering::greater : std::strong_ordering::equal);
}

void bind_value(Statement& s, int at, const SqlValue& value) {
  std::visit(
      [&](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>) {
          s.bind(at, Bytes(v));
        } else if constexpr (std::is_same_v<T, std::string>) {
          s.bind(at, std::string_view(v));
        } else {
          s.bind(at, v);
        }
      },
      value);
}

// More zones than these are not worth it: rows are many, and come in their order without sorting.
constexpr std::size_t kMostZones = 200;
constexpr const char* kInZone = " ON s.session = z.session AND s.flow BETWEEN z.first AND z.last";

// The zones of a partition that can hold rows, as a table to join slices to; empty: all of them.
absl::StatusOr<std::string> zones_of(Database& db, const RowPlan& plan) {
  if (plan.zone.empty()) return std::string();
  absl::StatusOr<Statement> s = db.prepare("SELECT z.session, z.first, z.last FROM zone z WHERE " + plan.zone);
  if (!s.ok()) return std::string();  // the partition is open still, or has none
  std::string list;
  for (std::size_t count = 0;; ++count) {
    const absl::StatusOr<bool> row = s->step();
    if (!row.ok()) return row.status();
    if (!*row) break;
    if (count == kMostZones) return std::string();  // the rows come sooner in their order
    absl::StrAppend(&list, list.empty() ? "" : ",", "(", s->integer(0), ",", s->integer(1), ",", s->integer(2), ")");
  }
  if (list.empty()) list = "(0,1,0)";
  return absl::StrCat("(SELECT column1 AS session, column2 AS first, column3 AS last FROM (VALUES", list,
                      ")) z CROSS JOIN ");
}

}  // namespace

bool before(const Key& a, const Key& b, const std::vector<bool>& descending) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto order = compare(a[i], b[i]);
    if (order != std::strong_ordering::equal) return (order < 0) != descending[i];
  }
  return false;
}

absl::StatusOr<RowPlan> plan_rows(const RowQuery& query, const std::vector<std::uint64_t>& sessions, FieldMap& fields,
                                  RowResult* result) {
  RowPlan plan;
  plan.columns = column_table(query.noun);
  if (plan.columns.empty()) return absl::InvalidArgumentError("packets are not rows of the catalog");
  absl::StatusOr<SqlCondition> condition = compile_sql(query.where, fields);
  if (!condition.ok()) return condition.status();
  result->exact = condition->exact;
  plan.has_certain = !condition->exact;
  plan.nothing = condition->sql == "0";

  const bool one_by_one = query.order.empty() && (query.noun == Noun::kFlows || query.noun == Noun::kHandshakes ||
                                                  query.noun == Noun::kTransactions);
  Shape shape = shape_of(query, one_by_one ? "= ?" : "IN " + id_list(sessions));
  if (!query.order.empty()) {
    const Column* column = find_column(query.noun, query.order);
    if (column == nullptr) return absl::InvalidArgumentError("there is no column '" + query.order + "' to order by");
    shape.keys.insert(shape.keys.begin(), order_expression(*column));
    shape.descending.insert(shape.descending.begin(), query.descending);
    plan.identity = 1;
  }
  std::string select;
  std::string order;
  for (const Column& column : plan.columns) {
    const bool wanted = query.keys.empty() || std::ranges::find(query.keys, column.def.key) != query.keys.end();
    plan.wanted.push_back(wanted);
    select += std::string(select.empty() ? "" : ", ") + (wanted ? column.sql : "NULL");
  }
  for (std::size_t i = 0; i < shape.keys.size(); ++i) {
    select += ", " + shape.keys[i];
    order += std::string(order.empty() ? "" : ", ") + shape.keys[i] + (shape.descending[i] ? " DESC" : "");
  }
  if (plan.has_certain) {
    select += ", ifnull((" + condition->certain_sql + "), 0)";
    plan.bindings = condition->certain_bindings;
  }
  if (one_by_one) {
    plan.session_binding = plan.bindings.size();
    plan.bindings.emplace_back(std::int64_t{0});
  }
  plan.bindings.insert(plan.bindings.end(), condition->bindings.begin(), condition->bindings.end());
  plan.descending = std::move(shape.descending);
  plan.select = "SELECT " + select + " FROM ";
  plan.from = shape.from;
  plan.tail = " WHERE " + shape.where + " AND (" + condition->sql + ") ORDER BY " + order;
  const bool ranged = query.range.from || query.range.to;
  plan.sessions = id_list(sessions);
  if (query.noun != Noun::kFlows || ranged) return plan;
  if (!condition->zone.empty()) plan.zone = absl::StrCat("z.session IN ", plan.sessions, " AND ", condition->zone);
  const bool all = query.where == nullptr && query.flows.empty();
  if (all && query.descending && query.order == "bytes") plan.largest = "max_bytes";
  if (all && query.descending && query.order == "packets") plan.largest = "max_packets";
  return plan;
}

void RowPlan::limit(std::uint64_t rows) {
  absl::StrAppend(&tail, " LIMIT ", rows);
  if (largest.empty() || rows == 0 || rows > kMostZones) return;
  // Each zone has a row as large as its largest: so many zones have enough rows that no smaller one is among the first.
  zone =
      absl::StrCat("z.session IN ", sessions, " AND z.", largest, " >= ifnull((SELECT y.", largest,
                   " FROM zone y WHERE y.session IN ", sessions, " ORDER BY 1 DESC LIMIT 1 OFFSET ", rows - 1, "), 0)");
}

absl::StatusOr<RowSource> RowSource::open(Database& db, const RowPlan& plan, std::vector<std::uint64_t> sessions) {
  RowSource made;
  made.plan_ = &plan;
  const absl::StatusOr<std::string> zones = zones_of(db, plan);
  if (!zones.ok()) return zones.status();
  absl::StatusOr<Statement> statement =
      db.prepare(absl::StrCat(plan.select, *zones, plan.from, zones->empty() ? "" : kInZone, plan.tail));
  if (!statement.ok()) return statement.status();
  made.statement_ = *std::move(statement);
  made.sessions_ = std::move(sessions);
  std::ranges::sort(made.sessions_);
  made.bind();
  made.key_.resize(plan.descending.size());
  return made;
}

void RowSource::bind() {
  int at = 0;
  for (const SqlValue& value : plan_->bindings) bind_value(statement_, at++, value);
  if (!plan_->session_binding || sessions_.empty()) return;
  statement_.bind(static_cast<int>(*plan_->session_binding), sessions_.back());
  sessions_.pop_back();
}

absl::StatusOr<bool> RowSource::next() {
  absl::StatusOr<bool> row = statement_.step();
  while (row.ok() && !*row && plan_->session_binding && !sessions_.empty()) {
    statement_.reset();
    bind();
    row = statement_.step();
  }
  if (!row.ok() || !*row) return row;
  more_ = {};
  for (std::size_t i = 0; i < key_.size(); ++i) {
    key_[i] = statement_.value(static_cast<int>(plan_->columns.size() + i));
  }
  return true;
}

void RowSource::cells(const CellMaker& maker, Row& row) const {
  row.resize(plan_->columns.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = plan_->wanted[i] ? maker.make(plan_->columns[i], statement_, static_cast<int>(i)) : Cell();
    auto* number = more_ == FlowCounts{} ? nullptr : std::get_if<std::uint64_t>(&row[i]);
    if (number == nullptr) continue;
    const unsigned bits = counts_in(plan_->columns[i].def.key);
    for (std::size_t n = 0; n < more_.size(); ++n) *number += (bits >> n & 1U) != 0 ? more_[n] : 0;
  }
}

bool RowSource::certain() const {
  return !plan_->has_certain || statement_.integer(static_cast<int>(plan_->columns.size() + key_.size())) != 0;
}

}  // namespace pr::store
