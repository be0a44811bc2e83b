#include "helper/analysis/transactions.h"

#include <algorithm>
#include <utility>

#include "shared/model/value_text.h"

namespace pr::analysis {
namespace {

constexpr std::size_t kMaxText = 4096;  // of one transaction's name or summary

std::string bounded(std::string_view text) { return std::string(text.substr(0, kMaxText)); }

void merge_fields(std::string& into, const std::string& more) {
  if (more.empty()) return;
  if (!into.empty()) into += ',';
  into += more;
}

}  // namespace

std::string items_json(const dissect::Registry& registry, ProtocolId protocol, std::span<const Message::Item> items) {
  std::string out;
  const auto fields = registry.at(protocol).fields;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint16_t field = items[i].field;
    const auto same = [field](const Message::Item& item) { return item.field == field; };
    if (std::ranges::any_of(items.first(i), same)) continue;  // written with the first of its kind
    const auto rest = items.subspan(i);
    const bool many = std::ranges::count_if(rest, same) > 1;
    if (!out.empty()) out += ',';
    out += '"';
    out += fields[field].name;
    out += many ? "\":[" : "\":";
    bool first = true;
    for (const Message::Item& item : rest) {
      if (item.field != field) continue;
      if (!first) out += ',';
      first = false;
      append_json_value(out, ValueFormat::of(fields[field]), item.value);
    }
    if (many) out += ']';
  }
  return out;
}

TransactionTracker::Answered TransactionTracker::add(const dissect::Registry& registry, ProtocolId protocol,
                                                     const Message& message, const Packet& packet, const Emit& emit) {
  if (message.role == Message::Role::kInterim) {
    if (pending_.empty()) return {};
    return std::exchange(pending_.front().shown, {});
  }
  std::string fields = items_json(registry, protocol, message.items);
  if (message.role == Message::Role::kResponse) {
    const auto found = message.id == 0 ? pending_.begin() : std::ranges::find(pending_, message.id, &Pending::id);
    if (found != pending_.end()) {
      Transaction done = std::move(found->transaction);
      const Answered answered = found->shown;
      pending_.erase(found);
      done.response_ts = packet.ts;
      done.status = message.status;
      if (done.name.empty()) done.name = bounded(message.name);
      if (!message.summary.empty()) done.summary += (done.summary.empty() ? "" : " -> ") + bounded(message.summary);
      merge_fields(done.fields, fields);
      emit(std::move(done));
      return answered;
    }
  }
  Transaction made;
  made.protocol = registry.at(protocol).name;
  made.name = bounded(message.name);
  made.summary = bounded(message.summary);
  made.status = message.status;
  made.fields = std::move(fields);
  (message.role == Message::Role::kResponse ? made.response_ts : made.request_ts) = packet.ts;
  if (message.role != Message::Role::kRequest) {
    emit(std::move(made));
    return {};
  }
  if (pending_.size() >= kMaxPending) {
    emit(std::move(pending_.front().transaction));
    pending_.erase(pending_.begin());
  }
  pending_.push_back({message.id, ++asked_, {packet.number, packet.ts}, std::move(made)});
  return {};
}

void TransactionTracker::completed(std::uint64_t request, const Packet& packet) {
  const auto found = std::ranges::find(pending_, request, &Pending::request);
  if (found != pending_.end() && found->shown.frame != 0) found->shown = {packet.number, packet.ts};
}

void TransactionTracker::flush(const Emit& emit) {
  for (Pending& pending : pending_) emit(std::move(pending.transaction));
  pending_.clear();
}

}  // namespace pr::analysis
