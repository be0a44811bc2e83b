#include "helper/view/packet_scan.h"

#include <algorithm>
#include <unordered_map>

#include "helper/view/cell.h"
#include "helper/view/packet_bounds.h"

namespace pr::view {
namespace {

// Flows beyond this number are not looked up one by one: a scan is faster.
constexpr std::size_t kMostFlows = 256;

FieldSet all_wanted(const FieldCatalog& catalog, const ScanOptions& options, const filter::Predicate& predicate) {
  FieldSet wanted = options.wanted;
  if (options.where == nullptr) return wanted;
  for (const FieldInfo& info : catalog.all()) {
    for (const FieldId id : info.ids) {
      if (predicate.needs().has(id)) wanted.insert(id);
    }
  }
  return wanted;
}

}  // namespace

PacketScan::PacketScan(const dissect::Engine& engine, store::Reader& reader, store::Reader& aside, ScanOptions options)
    : engine_(engine),
      reader_(reader),
      aside_(aside),
      options_(std::move(options)),
      predicate_(options_.where),
      wanted_(all_wanted(engine.registry().catalog(), options_, predicate_)),
      flows_(engine.registry().catalog(), wanted_),
      view_(engine, [this](std::uint64_t number, Packet* packet, PacketFacts* facts) {
        auto stored = aside_.packet(session_->id, number);
        if (!stored.ok()) return false;
        *packet = stored->packet;
        *facts = std::move(stored->facts);
        return true;
      }) {
  for (const FieldInfo& info : engine.registry().catalog().all()) {
    if (!info.name.starts_with("frame.time_delta")) continue;
    for (const FieldId id : info.ids) needs_before_ = needs_before_ || options_.whole_tree || wanted_.has(id);
  }
}

bool PacketScan::in_range(Timestamp ts) const {
  return (!options_.range.from || ts >= *options_.range.from) && (!options_.range.to || ts < *options_.range.to);
}

absl::Status PacketScan::enter(const store::SessionInfo& session, std::span<const std::uint64_t> flows) {
  if (session_ != &session) view_.forget();
  session_ = &session;
  last_number_ = 0;
  return flows_.empty() ? absl::OkStatus() : flows_.load(aside_, session.id, flows);
}

absl::StatusOr<bool> PacketScan::fetch(std::uint64_t session, std::uint64_t number) {
  auto stored = aside_.packet(session, number);
  if (absl::IsNotFound(stored.status())) return false;
  if (!stored.ok()) return stored.status();
  single_ = std::move(*stored);
  // The same reader serves the packets that this one is put together with.
  single_bytes_.assign(single_.packet.bytes.begin(), single_.packet.bytes.end());
  single_.packet.bytes = single_bytes_;
  return true;
}

Timestamp PacketScan::before(const Packet& packet) {
  if (!needs_before_ || packet.number <= 1) return {};
  if (last_number_ + 1 == packet.number) return last_ts_;
  const auto stored = aside_.packet(session_->id, packet.number - 1);
  return stored.ok() ? stored->packet.ts : Timestamp{};
}

bool PacketScan::consider(const store::StoredPacket& stored, bool test, FunctionRef<bool(const Sight&)> take) {
  if (options_.of_flow && !options_.of_flow(stored.facts.flow_id)) return true;
  const Packet& packet = stored.packet;
  const Row* flow = flows_.empty() ? nullptr : flows_.find(stored.facts.flow_id);
  const bool filtered = test && options_.where != nullptr;
  const Sight sight{.session = *session_, .stored = stored, .tree = tree_, .flows = flows_, .flow = flow};
  analysis::PacketView::Surroundings around{.session_start = session_->first_packet};
  if (filtered || options_.dissect) {
    around.packet_before = before(packet);
    if (packet.interface_id < session_->interfaces.size())
      around.interface_name = session_->interfaces[packet.interface_id].name;
  }
  last_number_ = packet.number;
  last_ts_ = packet.ts;
  const FieldSet* all = nullptr;
  if (filtered) {
    view_.dissect(packet, stored.facts, around, &wanted_, tree_);
    if (!predicate_.matches(SightValues(engine_.registry(), sight))) return true;
    if (options_.whole_tree) view_.dissect(packet, stored.facts, around, all, tree_);
  } else if (options_.dissect) {
    view_.dissect(packet, stored.facts, around, options_.whole_tree ? all : &wanted_, tree_);
  }
  return take(sight);
}

absl::StatusOr<std::optional<PacketScan::Selection>> PacketScan::selected_by_flow() {
  const filter::Ast* part = flow_part(options_.where);
  if (part == nullptr) return std::nullopt;
  const auto columns = store::columns(Noun::kFlows);
  const std::size_t session = column_index(columns, "session"), flow = column_index(columns, "flow_id");
  store::RowQuery query;
  query.noun = Noun::kFlows;
  for (const store::SessionInfo* info : options_.sessions) query.sessions.push_back(info->id);
  query.where = part;
  query.limit = kMostFlows + 1;
  query.keys = {"session", "flow_id"};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> flows;
  const auto asked = reader_.rows(query, [&](const Row& row) {
    flows.emplace_back(cell_uint(row[session]), cell_uint(row[flow]));
    return flows.size() <= kMostFlows;
  });
  if (!asked.ok()) return asked.status();
  if (flows.size() > kMostFlows) return std::nullopt;
  Selection selection;
  for (const auto& [in, id] : flows) {
    auto of_flow = reader_.flow_packets(in, id);
    if (!of_flow.ok()) return of_flow.status();
    Selected& all = selection[in];
    all.flows.push_back(id);
    all.numbers.insert(all.numbers.end(), of_flow->begin(), of_flow->end());
  }
  for (auto& [in, all] : selection) std::ranges::sort(all.numbers);
  return selection;
}

absl::Status PacketScan::run(FunctionRef<bool(const Sight&)> take) {
  const NumberBounds bounds = frame_number_bounds(options_.where);
  const auto selected = selected_by_flow();
  if (!selected.ok()) return selected.status();
  bool more = true;
  for (const store::SessionInfo* session : options_.sessions) {
    if (!more) break;
    if (!session->keeps_packets || bounds.first > bounds.last) continue;
    const Selected* only = nullptr;
    if (*selected) {
      const auto found = (*selected)->find(session->id);
      if (found == (*selected)->end()) continue;
      only = &found->second;
    }
    absl::Status entered = enter(*session, only == nullptr ? std::span<const std::uint64_t>() : only->flows);
    if (!entered.ok()) return entered;
    if (only != nullptr) {
      for (const std::uint64_t number : only->numbers) {
        const auto there = fetch(session->id, number);
        if (!there.ok()) return there.status();
        if (!*there || !in_range(single_.packet.ts)) continue;
        more = consider(single_, true, take);
        if (!more) break;
      }
      continue;
    }
    const absl::Status read =
        reader_.packets(session->id, bounds.first, options_.range, [&](store::StoredPacket& stored) {
          if (stored.packet.number > bounds.last) return false;
          more = consider(stored, true, take);
          return more;
        });
    if (!read.ok()) return read;
  }
  return absl::OkStatus();
}

absl::Status PacketScan::packets(const store::SessionInfo& session, std::span<const std::uint64_t> numbers,
                                 FunctionRef<bool(const Sight&)> take) {
  const auto only = options_.flow ? std::span(&*options_.flow, 1) : std::span<const std::uint64_t>();
  absl::Status entered = enter(session, only);
  if (!entered.ok()) return entered;
  for (const std::uint64_t number : numbers) {
    const auto there = fetch(session.id, number);
    if (!there.ok()) return there.status();
    if (*there && in_range(single_.packet.ts) && !consider(single_, false, take)) break;
  }
  return absl::OkStatus();
}

}  // namespace pr::view
