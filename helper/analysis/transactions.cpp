#include "helper/analysis/transactions.h"

#include <algorithm>
#include <utility>

#include "shared/model/value_text.h"

namespace pr::analysis {
namespace {

constexpr std::size_t kMaxText = 4096;  // of one transaction's name or summary

std::string bounded(std::string_view text) { return std::string(text.substr(0, kMaxText)); }

// Behind the JSON value that starts at `at`. The text was written here, so it is whole.
std::size_t value_end(std::string_view json, std::size_t at) {
  bool quoted = false;
  for (unsigned depth = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == ',' && depth == 0) break;
    if (c == '"') quoted = true;
    if (c == '[') ++depth;
    if (c == ']') --depth;
  }
  return std::min(at, json.size());
}

// One more member, or more values of one that stands in the first `known` octets. An equal value is not repeated.
void add_member(std::string& into, std::size_t known, std::string_view name, std::string_view values, bool many) {
  const std::string key = '"' + std::string(name) + "\":";
  // Quotes within texts are escaped, so the key stands nowhere else.
  const std::size_t at = std::string_view(into).substr(0, known).find(key);
  if (at == std::string_view::npos) {
    if (!into.empty()) into += ',';
    into.append(key).append(many ? "[" : "").append(values).append(many ? "]" : "");
    return;
  }
  const std::size_t start = at + key.size(), end = value_end(into, start);
  const bool list = into[start] == '[';
  const std::string_view have = std::string_view(into).substr(start, end - start);
  if ((list ? have.substr(1, have.size() - 2) : have) == values) return;
  if (list) {
    into.insert(end - 1, "," + std::string(values));
  } else {
    into.insert(end, "," + std::string(values) + "]").insert(start, "[");
  }
}

}  // namespace

void add_items_json(std::string& into, const dissect::Registry& registry, ProtocolId protocol,
                    std::span<const Message::Item> items) {
  const auto fields = registry.at(protocol).fields;
  std::size_t known = into.size();
  std::string values;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint16_t field = items[i].field;
    const auto same = [field](const Message::Item& item) { return item.field == field; };
    if (std::ranges::any_of(items.first(i), same)) continue;  // written with the first of its kind
    values.clear();
    bool many = false;
    for (const Message::Item& item : items.subspan(i)) {
      if (item.field != field) continue;
      many = !values.empty();
      if (many) values += ',';
      append_json_value(values, ValueFormat::of(fields[field]), item.value);
    }
    add_member(into, known, fields[field].name, values, many);
    if (known != 0) known = into.size();  // what stands behind an insertion has moved
  }
}

TransactionTracker::Answered TransactionTracker::add(const dissect::Registry& registry, ProtocolId protocol,
                                                     const Message& message, const Packet& packet, const Emit& emit) {
  if (message.role == Message::Role::kInterim) {
    if (pending_.empty()) return {};
    return std::exchange(pending_.front().shown, {});
  }
  if (message.role == Message::Role::kResponse) {
    // A protocol may carry another with requests of its own.
    const auto found = std::ranges::find_if(pending_, [&](const Pending& pending) {
      return pending.protocol == protocol && (message.id == 0 || pending.id == message.id);
    });
    if (found != pending_.end()) {
      Transaction done = std::move(found->transaction);
      const Answered answered = found->shown;
      pending_.erase(found);
      done.response_ts = packet.ts;
      done.status = message.status;
      if (done.name.empty()) done.name = bounded(message.name);
      if (!message.summary.empty()) done.summary += (done.summary.empty() ? "" : " -> ") + bounded(message.summary);
      add_items_json(done.fields, registry, protocol, message.items);
      emit(std::move(done));
      return answered;
    }
  }
  Transaction made;
  made.protocol = registry.at(protocol).name;
  made.name = bounded(message.name);
  made.summary = bounded(message.summary);
  made.status = message.status;
  add_items_json(made.fields, registry, protocol, message.items);
  (message.role == Message::Role::kResponse ? made.response_ts : made.request_ts) = packet.ts;
  if (message.role != Message::Role::kRequest) {
    emit(std::move(made));
    return {};
  }
  if (pending_.size() >= kMaxPending) {
    emit(std::move(pending_.front().transaction));
    pending_.erase(pending_.begin());
  }
  pending_.push_back({message.id, protocol, ++asked_, {packet.number, packet.ts}, std::move(made)});
  return {};
}

void TransactionTracker::completed(std::uint64_t request, const Packet& packet) {
  const auto found = std::ranges::find(pending_, request, &Pending::request);
  if (found != pending_.end() && found->shown.frame != 0) found->shown = {packet.number, packet.ts};
}

void TransactionTracker::lost(const Emit& emit) {
  while (pending_.size() > 1) {
    emit(std::move(pending_.front().transaction));
    pending_.erase(pending_.begin());
  }
}

void TransactionTracker::flush(const Emit& emit) {
  for (Pending& pending : pending_) emit(std::move(pending.transaction));
  pending_.clear();
}

TransactionTracker::Answered EchoTracker::add(std::uint32_t id, bool reply, const Packet& packet) {
  const auto found = std::ranges::find(pending_, id, &Pending::id);
  TransactionTracker::Answered request;
  if (found != pending_.end()) {
    request = found->request;
    pending_.erase(found);
  }
  if (reply) return request;
  if (pending_.size() >= kMaxPending) pending_.erase(pending_.begin());
  pending_.push_back({id, {packet.number, packet.ts}});
  return {};
}

}  // namespace pr::analysis
