#include "helper/dissect/engine.h"

#include <memory>
#include <optional>
#include <utility>

#include "helper/dissect/run.h"

namespace pr::dissect {
namespace {

constexpr std::size_t kSpareLayers = 4;  // left for what application messages carry

// How far a tree and a frame were at some point, to take back what was added since.
struct Mark {
  explicit Mark(const Run& run) : frame_layers(run.frame.layer_count), frame_issues(run.frame.issue_count) {
    if (run.tree == nullptr) return;  // while recording, on every layer of every packet
    tree.emplace(Tree{.layers = run.tree->layers.size(),
                      .fields = run.tree->fields.size(),
                      .issues = run.tree->issues.size(),
                      .mentions = run.tree->mentions.size(),
                      .sources = run.tree->sources.size(),
                      .column = run.tree->column_protocol,
                      .column_text = run.tree->column_protocol_text,
                      .info = run.tree->info});
  }

  void restore(Run& run) {
    run.frame.layer_count = frame_layers;
    run.frame.issue_count = frame_issues;
    if (!tree.has_value()) return;
    run.tree->layers.resize(tree->layers);
    run.tree->fields.resize(tree->fields);
    run.tree->issues.resize(tree->issues);
    run.tree->mentions.resize(tree->mentions);
    run.tree->sources.resize(tree->sources);
    run.tree->column_protocol = tree->column;
    run.tree->column_protocol_text = std::move(tree->column_text);
    run.tree->info = std::move(tree->info);
  }

  struct Tree {
    std::size_t layers, fields, issues, mentions, sources;
    ProtocolId column;
    std::string column_text, info;
  };
  std::uint8_t frame_layers;
  std::uint16_t frame_issues;
  std::optional<Tree> tree;
};

}  // namespace

Run::Place Run::place(Bytes where) const {
  if (tree == nullptr || where.data() == nullptr) return {};
  for (std::size_t i = tree->sources.size(); i-- > 0;) {
    const Bytes bytes = tree->sources[i].bytes;
    if (where.data() < bytes.data() || where.data() > bytes.data() + bytes.size()) continue;
    return {static_cast<std::uint8_t>(i), static_cast<std::uint32_t>(where.data() - bytes.data()), true};
  }
  return {};
}

void Run::issue(IssueKind kind, ProtocolId protocol, const Cursor& in) {
  const Bytes at = in.all().subspan(in.at());
  const std::uint8_t* begin = packet.bytes.data();
  const bool inside = at.data() >= begin && at.data() <= begin + packet.bytes.size();
  const Issue made{kind, protocol, inside ? static_cast<std::uint32_t>(at.data() - begin) : 0U};
  frame.add(made);
  if (tree != nullptr) tree->issues.push_back(made);
}

bool Run::call(ProtocolId protocol, Cursor& in, bool by_ethertype, Outcome* outcome, bool all) {
  const Dissector& dissector = registry.at(protocol);
  if (dissector.dissect == nullptr) return false;
  // Many messages of one protocol in a packet are no depth: the last slots of the list stand for all further ones.
  const std::uint8_t n = frame.layer_count;
  const bool further = app != nullptr && depth == 0 && n + kSpareLayers > Frame::kMaxLayers &&
                       frame.layers[n - 1U] == protocol && frame.layers[n - 2U] == protocol;
  if (depth >= Frame::kMaxLayers || (n >= Frame::kMaxLayers && !further)) {
    issue(IssueKind::kDepthLimit, protocol, in);
    return false;
  }
  Mark before(*this);
  if (!further) frame.layers[frame.layer_count++] = protocol;
  LayerBuilder out(*this, dissector, protocol);
  out.remembers_ = std::exchange(memory, false);
  Cursor part(in.rest());
  if (tree != nullptr) {
    const Place at = place(part.all());
    out.tree_ = tree;
    out.layer_ = tree->layers.size();
    tree->layers.push_back({.protocol = protocol,
                            .source = at.source,
                            .by_ethertype = by_ethertype,
                            .offset = at.offset,
                            .length = 0,
                            .extent = static_cast<std::uint32_t>(part.left()),
                            .first_field = static_cast<std::uint32_t>(tree->fields.size())});
    if (dissector.column != nullptr) {
      tree->column_protocol = protocol;
      tree->column_protocol_text.clear();
    }
  }
  ++depth;
  const Outcome said = dissector.dissect(part, out);
  --depth;
  if (outcome != nullptr) *outcome = said;
  const bool shown = said == Outcome::kNeedMore && app != nullptr && app->datagram && depth == 0;
  if (said == Outcome::kNotMine || (said == Outcome::kNeedMore && !shown) || said == Outcome::kWantsFlow) {
    before.restore(*this);
    if (said == Outcome::kWantsFlow) {
      frame.app = protocol;
      frame.payload = in.rest();
      frame.payload_source = place(in.rest()).source;
      in.skip(in.left());
      return true;
    }
    return said == Outcome::kNeedMore;
  }
  end(protocol, said, part, out.layer_, out.has_length_);
  in.skip((app != nullptr && depth == 0) || !all ? part.at() : in.left());
  return true;
}

void Run::end(ProtocolId protocol, Outcome outcome, const Cursor& in, std::size_t layer, bool has_length) {
  if (tree != nullptr && !has_length) tree->layers[layer].length = static_cast<std::uint32_t>(in.at());
  if (outcome == Outcome::kMalformed) issue(IssueKind::kMalformed, protocol, in);
  if (outcome != Outcome::kTruncated) return;
  // What was captured whole and still ends too early contradicts itself.
  const bool cut = packet.bytes.size() < packet.wire_len || frame.partial;
  issue(cut ? IssueKind::kTruncated : IssueKind::kMalformed, protocol, in);
}

void Engine::dissect(const Packet& packet, Context& context, Frame& frame, Sink sink) const {
  std::construct_at(&frame);  // in place: an assignment would make one elsewhere and copy it
  if (sink.tree != nullptr) {
    sink.tree->clear();
    sink.tree->sources.push_back({"Frame", packet.bytes});
  }
  Run run{.registry = registry_,
          .packet = packet,
          .context = context,
          .frame = frame,
          .tree = sink.tree,
          .wanted = sink.wanted};
  Cursor in(packet.bytes);
  if (outermost_ != 0) run.call(outermost_, in, false);
}

AppResult Engine::dissect_app(const AppInput& input, const Packet& packet, Context& context, Frame& frame, Sink sink,
                              bool keep_partial) const {
  AppResult result;
  Run run{.registry = registry_,
          .packet = packet,
          .context = context,
          .frame = frame,
          .tree = sink.tree,
          .wanted = sink.wanted,
          .app = &input,
          .result = &result};
  Mark before(run);
  Cursor in(input.bytes);
  if (!run.call(input.app, in, false, &result.outcome)) {
    result.outcome = Outcome::kNotMine;
    return result;
  }
  if (result.outcome == Outcome::kNeedMore) return result;
  if (result.consumed == 0) result.consumed = in.at();
  if (result.outcome != Outcome::kDone) result.consumed = input.bytes.size();
  if (sink.tree != nullptr && result.consumed > input.bytes.size() && !keep_partial) before.restore(run);
  return result;
}

void Engine::dissect_data(Bytes bytes, std::uint8_t /*source*/, const Packet& packet, Context& context, Frame& frame,
                          Sink sink) const {
  if (bytes.empty()) return;
  Run run{.registry = registry_,
          .packet = packet,
          .context = context,
          .frame = frame,
          .tree = sink.tree,
          .wanted = sink.wanted};
  Cursor in(bytes);
  if (data_ != 0) run.call(data_, in, false);
}

void Engine::finish(Sink sink) const {
  if (sink.tree == nullptr) return;
  const FieldInfo* info = registry_.catalog().find("frame.protocols");
  if (info == nullptr || (sink.wanted != nullptr && !sink.wanted->has(info->ids.front()))) return;
  std::string names;
  const auto name = [&names](std::string_view what) {
    if (!names.empty()) names += ':';
    names += what;
  };
  ProtocolId before = 0;
  auto mention = sink.tree->mentions.begin();
  for (std::size_t i = 0; i < sink.tree->layers.size(); ++i) {
    const Layer& layer = sink.tree->layers[i];
    const Dissector& dissector = registry_.at(layer.protocol);
    if (layer.by_ethertype) name("ethertype");
    // Messages of one protocol that follow each other in a packet are one entry; so are the frame's own fields none.
    const bool repeated = layer.protocol == before && (dissector.stream || dissector.datagram) && !layer.apart;
    before = layer.protocol;
    if (!repeated && std::string_view(dissector.name) != "frame") name(dissector.name);
    for (; mention != sink.tree->mentions.end() && mention->layer <= i; ++mention) name(mention->name);
  }
  for (Field& field : sink.tree->fields) {
    if (field.id != info->ids.front()) continue;
    field.value = Value::of(sink.tree->keep(names));
    return;
  }
}

}  // namespace pr::dissect
