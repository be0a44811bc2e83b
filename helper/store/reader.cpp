#include "helper/store/reader.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <queue>
#include <set>

#include "helper/store/packet_store.h"
#include "helper/store/partition_set.h"
#include "helper/store/row_source.h"
#include "helper/store/schema.h"

namespace pr::store {
namespace {

class ReaderImpl final : public Reader {
 public:
  ReaderImpl(const std::string& path, std::unique_ptr<Database> catalog, DictionaryReader dictionary,
             std::vector<std::string> protocol_names)
      : catalog_(std::move(catalog)),
        dictionary_(std::move(dictionary)),
        packets_(*catalog_, Layout(path), std::move(protocol_names)),
        partitions_(*catalog_, Layout(path), dictionary_) {}

  absl::Status start() { return add_functions(*catalog_, dictionary_); }

  absl::StatusOr<std::vector<SessionInfo>> sessions() override;
  absl::StatusOr<RowResult> rows(const RowQuery& query, const std::function<bool(const Row&)>& take) override;
  absl::Status packets(std::uint64_t session, std::uint64_t first_number, const TimeRange& range,
                       const std::function<bool(StoredPacket&)>& take) override {
    if (absl::Status status = check_visible(session); !status.ok()) return status;
    return packets_.packets(session, first_number, range, take);
  }
  absl::StatusOr<StoredPacket> packet(std::uint64_t session, std::uint64_t number) override {
    return packets_.packet(session, number);
  }
  absl::StatusOr<std::vector<std::uint64_t>> flow_packets(std::uint64_t session, std::uint64_t flow_id) override {
    return packets_.flow_packets(session, flow_id);
  }

 private:
  absl::Status check_visible(std::uint64_t session);
  absl::Status read_files();
  FieldMap& fields(Noun noun);

  std::unique_ptr<Database> catalog_;
  DictionaryReader dictionary_;
  PacketStore packets_;
  PartitionSet partitions_;
  SessionFiles files_;
  std::map<Noun, FieldMap> fields_;
};

absl::Status ReaderImpl::read_files() {
  absl::StatusOr<Statement> s = catalog_->prepare("SELECT id, file FROM session WHERE NOT hidden");
  if (!s.ok()) return s.status();
  files_.clear();
  for (;;) {
    const absl::StatusOr<bool> row = s->step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    files_.emplace(s->number(0), s->text(1));
  }
}

absl::Status ReaderImpl::check_visible(std::uint64_t session) {
  if (absl::Status status = read_files(); !status.ok()) return status;
  return files_.contains(session) ? absl::OkStatus()
                                  : absl::NotFoundError("there is no session " + std::to_string(session));
}

FieldMap& ReaderImpl::fields(Noun noun) { return fields_.try_emplace(noun, noun, *catalog_).first->second; }

absl::StatusOr<std::vector<SessionInfo>> ReaderImpl::sessions() {
  absl::StatusOr<Statement> s = catalog_->prepare(
      "SELECT id, file, label, state, live, keeps_packets, pinned, started, first_packet, received, dropped_kernel,"
      " dropped_interface FROM session WHERE NOT hidden ORDER BY id DESC");
  if (!s.ok()) return s.status();
  absl::StatusOr<Statement> interfaces = catalog_->prepare(
      "SELECT name, description, filter, os, link_type, snaplen FROM interface WHERE session = ? ORDER BY n");
  if (!interfaces.ok()) return interfaces.status();
  std::vector<SessionInfo> list;
  for (;;) {
    const absl::StatusOr<bool> row = s->step();
    if (!row.ok()) return row.status();
    if (!*row) return list;
    SessionInfo& info = list.emplace_back();
    info.id = s->number(0);
    info.file = s->text(1);
    info.label = s->text(2);
    info.state = s->text(3);
    info.live = s->integer(4) != 0;
    info.keeps_packets = s->integer(5) != 0;
    info.pinned = s->integer(6) != 0;
    info.started = from_ns(s->integer(7));
    info.first_packet = from_ns(s->integer(8));
    info.stats = {.received = s->number(9), .dropped_kernel = s->number(10), .dropped_interface = s->number(11)};
    interfaces->bind(0, info.id);
    for (;;) {
      const absl::StatusOr<bool> more = interfaces->step();
      if (!more.ok()) return more.status();
      if (!*more) break;
      InterfaceInfo& made = info.interfaces.emplace_back();
      made.name = interfaces->text(0);
      made.description = interfaces->text(1);
      made.filter = interfaces->text(2);
      made.os = interfaces->text(3);
      made.link_type = static_cast<std::uint16_t>(interfaces->integer(4));
      made.snaplen = static_cast<std::uint32_t>(interfaces->integer(5));
    }
  }
}

absl::StatusOr<RowResult> ReaderImpl::rows(const RowQuery& asked, const std::function<bool(const Row&)>& take) {
  if (absl::Status status = read_files(); !status.ok()) return status;
  RowQuery query = asked;
  std::vector<std::uint64_t> sessions;
  for (const auto& [id, file] : files_) {
    if (query.sessions.empty() || std::ranges::find(query.sessions, id) != query.sessions.end()) sessions.push_back(id);
  }
  RowResult result;
  absl::StatusOr<RowPlan> plan = plan_rows(query, sessions, fields(query.noun), &result);
  if (!plan.ok()) return plan.status();
  if (plan->nothing) return result;
  if (!result.exact) query.limit = 0;
  const CellMaker maker(dictionary_, files_);
  Row row;
  std::uint64_t count = 0;
  const auto give = [&](const RowSource& source) {
    source.cells(maker, row);
    if (query.certain != nullptr) *query.certain = source.certain();
    ++count;
    return take(row) && (query.limit == 0 || count < query.limit);
  };
  const bool in_partitions = query.noun == Noun::kFlows || query.noun == Noun::kHandshakes ||
                             query.noun == Noun::kTransactions || query.noun == Noun::kNames;
  if (in_partitions) {
    absl::Status status = partitions_.rows(query, sessions, *plan, give);
    if (!status.ok()) return status;
    return result;
  }
  if (query.limit != 0) plan->limit(query.limit);
  absl::StatusOr<RowSource> source = RowSource::open(*catalog_, *plan, sessions);
  if (!source.ok()) return source.status();
  for (;;) {
    const absl::StatusOr<bool> more = source->next();
    if (!more.ok()) return more.status();
    if (!*more || !give(*source)) return result;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reader>> Reader::open(const std::string& path, std::vector<std::string> protocol_names) {
  absl::StatusOr<std::unique_ptr<Database>> catalog = Database::open(path, Database::Mode::kRead);
  if (absl::IsNotFound(catalog.status())) return absl::NotFoundError("there is no database " + path);
  if (!catalog.ok()) return catalog.status();
  const absl::StatusOr<std::int64_t> id = (*catalog)->pragma("application_id");
  if (!id.ok()) return id.status();
  const absl::StatusOr<std::int64_t> version = (*catalog)->pragma("user_version");
  if (!version.ok()) return version.status();
  if (*id != kCatalogId) return absl::FailedPreconditionError(path + " is not a database of Packet Recorder");
  if (*version > kCatalogVersion) {
    return absl::FailedPreconditionError(path + " was made by a newer version of Packet Recorder; use that one");
  }
  if (*version < kCatalogVersion) {
    return absl::FailedPreconditionError(path +
                                         " was made by an older version of Packet Recorder; record or import"
                                         " into it once to bring it up to date");
  }
  absl::StatusOr<DictionaryReader> dictionary = DictionaryReader::open(**catalog);
  if (!dictionary.ok()) return dictionary.status();
  auto made =
      std::make_unique<ReaderImpl>(path, *std::move(catalog), *std::move(dictionary), std::move(protocol_names));
  if (absl::Status status = made->start(); !status.ok()) return status;
  return made;
}

}  // namespace pr::store
