#include "helper/dissect/layer_builder.h"

#include <tuple>

#include "helper/dissect/dissector.h"
#include "helper/dissect/run.h"

namespace pr::dissect {

bool LayerBuilder::wants_slow(std::size_t f) const {
  return run_.wanted == nullptr || run_.wanted->has(run_.registry.field_id(protocol_, f));
}

void LayerBuilder::put(std::size_t f, Value value, Bytes where) {
  const FieldId id = run_.registry.field_id(protocol_, f);
  if (run_.wanted != nullptr && !run_.wanted->has(id)) return;
  if (tree_->fields.size() >= Run::kMaxFields) return;
  const Run::Place at = run_.place(where);
  tree_->fields.push_back({.id = id,
                           .depth = depth_,
                           .source = at.source,
                           .offset = at.offset,
                           .length = at.found ? static_cast<std::uint32_t>(where.size()) : 0U,
                           .value = value});
}

void LayerBuilder::put_text(std::size_t f, std::string_view value, Bytes where) {
  if (wants_slow(f)) put(f, Value::of(tree_->keep(value)), where);
}

void LayerBuilder::put_mention(const char* name) {
  if (tree_->mentions.size() < Run::kMaxMentions) {
    // Behind the layers that were added meanwhile.
    tree_->mentions.push_back({static_cast<std::uint32_t>(tree_->layers.size() - 1), name});
  }
}

void LayerBuilder::layer_length(std::size_t octets) {
  if (tree_ != nullptr) tree_->layers[layer_].length = static_cast<std::uint32_t>(octets);
  has_length_ = true;
}

bool LayerBuilder::call(ProtocolId child, Cursor& in, bool by_ethertype) {
  run_.memory = remembers_ && dissector_.carrier;
  return run_.call(child, in, by_ethertype);
}

bool LayerBuilder::next(std::size_t table, std::uint32_t key, Cursor& in) {
  if (!in.ok()) return false;
  if (tree_ != nullptr && !has_length_) layer_length(in.at());
  const ProtocolId child = run_.registry.child(protocol_, table, key);
  const bool by_ethertype = tree_ != nullptr && run_.registry.table_name(protocol_, table) == "ethertype";
  if (child == 0 && by_ethertype) put_mention("ethertype");  // it stands in front of the data too
  if (child == 0) return false;
  return call(child, in, by_ethertype);
}

bool LayerBuilder::next(const char* protocol, Cursor& in) {
  if (!in.ok()) return false;
  if (tree_ != nullptr && !has_length_) layer_length(in.at());
  const ProtocolId child = run_.registry.find(protocol);
  return child != 0 && call(child, in, false);
}

void LayerBuilder::pass(std::uint64_t value) { run_.passed = value; }
std::uint64_t LayerBuilder::passed() const { return run_.passed; }
bool LayerBuilder::has_next(std::size_t table, std::uint32_t key) const {
  return run_.registry.child(protocol_, table, key) != 0;
}

Outcome LayerBuilder::carry(const char* protocol, Cursor& in, std::span<std::byte> memory) {
  const ProtocolId child = run_.registry.find(protocol);
  if (!in.ok() || child == 0) return Outcome::kNotMine;
  if (tree_ != nullptr && !has_length_) layer_length(in.at());
  run_.memory = false;
  const auto before = std::pair(run_.nested, run_.nested_memory);
  run_.nested = child;
  run_.nested_memory = memory.data();
  Outcome outcome = Outcome::kNotMine;
  if (!run_.call(child, in, false, &outcome, false)) outcome = Outcome::kNotMine;
  std::tie(run_.nested, run_.nested_memory) = before;
  return outcome;
}

void LayerBuilder::data(Cursor& in) {
  if (in.left() > 0) next("data", in);
  in.skip(in.left());
}

void LayerBuilder::payload(Transport transport, Cursor& in, std::uint32_t wire_len) {
  if (tree_ != nullptr && !has_length_) layer_length(in.at());
  if (!quoted()) {
    run_.frame.transport = transport;
    run_.frame.payload = in.rest();
    run_.frame.payload_len = wire_len;
    run_.frame.payload_source = run_.place(in.rest()).source;
  } else {
    data(in);
  }
  in.skip(in.left());
}

Cursor LayerBuilder::source(const char* name, Bytes bytes) {
  // A source's number is one octet.
  if (tree_ != nullptr && tree_->sources.size() < 255) tree_->sources.push_back({name, bytes});
  return Cursor(bytes);
}

Cursor LayerBuilder::source(const char* name, std::vector<std::uint8_t> bytes) {
  if (tree_ != nullptr) return source(name, tree_->keep(std::move(bytes)));
  return Cursor(run_.kept.emplace_back(std::move(bytes)));
}

void LayerBuilder::issue(IssueKind kind, Cursor& in) { run_.issue(kind, protocol_, in); }

void LayerBuilder::info(std::string text) {
  if (tree_ != nullptr && !quoted()) tree_->info = std::move(text);
}

void LayerBuilder::append_info(std::string_view text) {
  if (tree_ != nullptr && !quoted()) tree_->info += text;
}

void LayerBuilder::column(std::string_view word) {
  if (tree_ == nullptr || quoted()) return;
  tree_->column_protocol = protocol_;
  tree_->column_protocol_text = word;
}

const Packet& LayerBuilder::packet() const { return run_.packet; }
Frame& LayerBuilder::frame() { return run_.frame; }
const Context& LayerBuilder::context() const { return run_.context; }
Bytes LayerBuilder::defragment(const Fragment& fragment) { return run_.context.defragment(fragment); }
bool LayerBuilder::quoted() const { return run_.quotes > 0; }
void LayerBuilder::enter_quote() { ++run_.quotes; }

bool LayerBuilder::enter_tunnel(const Tunnel& tunnel, Cursor& in) {
  if (quoted() || run_.frame.enter_tunnel(tunnel)) return true;
  issue(IssueKind::kDepthLimit, in);
  data(in);
  return false;
}

bool LayerBuilder::has_flow() const { return run_.app != nullptr || quoted(); }
bool LayerBuilder::from_orig() const { return run_.app == nullptr || run_.app->from_orig; }
bool LayerBuilder::carries_flow() const { return run_.app != nullptr && run_.app->app == protocol_; }
bool LayerBuilder::at_end() const { return run_.app != nullptr && run_.app->at_end; }

std::span<const Bytes> LayerBuilder::earlier() const {
  return carries_flow() ? run_.app->earlier : std::span<const Bytes>{};
}

std::byte* LayerBuilder::state_bytes() {
  // A quoted or nested application protocol has no conversation: its memory lasts for the packet.
  if (run_.nested == protocol_) return run_.nested_memory;
  if (run_.app == nullptr || !remembers_) return run_.scratch.raw.data();
  return run_.app->state->raw.data();
}

std::unique_ptr<Memory>& LayerBuilder::memory_slot() {
  const bool own = run_.app != nullptr && run_.app->app == protocol_ && run_.context.memory != nullptr;
  return own ? *run_.context.memory : run_.scratch_memory;
}

void LayerBuilder::need(std::uint64_t octets_from_message_start) {
  if (run_.result != nullptr) run_.result->need = octets_from_message_start;
}

void LayerBuilder::message_length(std::uint64_t octets_from_message_start) {
  if (run_.result != nullptr && carries_flow()) run_.result->consumed = octets_from_message_start;
}

void LayerBuilder::upgrade(const char* name, Named flow) {
  if (run_.result == nullptr || run_.app->app != protocol_) return;
  run_.result->names_flow = flow == Named::kAnew;
  run_.result->upgrade = true;
  run_.result->upgrade_to = name == nullptr ? ProtocolId{0} : run_.registry.find(name);
}

Observer& LayerBuilder::observer() {
  return run_.context.observer != nullptr && !quoted() ? *run_.context.observer : run_.silence;
}

void LayerBuilder::message(const Message& message) { observer().message(protocol_, message); }

}  // namespace pr::dissect
