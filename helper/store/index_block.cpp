#include "helper/store/index_block.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "helper/store/column_io.h"
#include "helper/store/index_format.h"
#include "helper/store/pcapng.h"

namespace pr::store {
namespace {

constexpr std::size_t kMaxBlockOctets = 4U << 20U;  // a block with more is closed before it has 4096 packets

// Which columns differ from what is expected; frequent ones first, so that most masks take two octets.
enum Mask : std::uint32_t {
  kFromResp = 1U << 0U,
  kAcks = 1U << 1U,
  kFlight = 1U << 2U,
  kPush = 1U << 3U,
  kBefore = 1U << 4U,
  kUse = 1U << 5U,
  kParts = 1U << 6U,
  kMid = 1U << 7U,
  kMarks = 1U << 8U,
  kApp = 1U << 9U,
  kState = 1U << 10U,
  kStream = 1U << 11U,
  kBase = 1U << 12U,
  kShift = 1U << 13U,
  kRtt = 1U << 14U,
  kInitialRtt = 1U << 15U,
  kStart = 1U << 16U,
  kRequest = 1U << 17U,
  kSkip = 1U << 18U,
  kStreamEnd = 1U << 19U,
  kNumber = 1U << 20U,
  kGap = 1U << 21U,
  kDuplicate = 1U << 22U,
  kRto = 1U << 23U,
  kFragments = 1U << 24U,
};

// The two directions of the same walk. value(): a column that is always there. optional(): one that the mask tells of.
struct Writer {
  std::array<ColumnSink, kColumns>& columns;
  std::uint32_t mask = 0;

  template <typename T>
  void value(IndexColumn column, const T& v, std::uint64_t expected) {
    columns[column].put(difference(static_cast<std::uint64_t>(v), expected));
  }
  template <typename T>
  bool optional(Mask bit, IndexColumn column, const T& v, std::uint64_t expected) {
    if (static_cast<std::uint64_t>(v) == expected) return false;
    mask |= bit;
    value(column, v, expected);
    return true;
  }
  void flag(Mask bit, bool v) { mask |= v ? bit : 0U; }
  bool together(Mask bit, bool differs) {
    flag(bit, differs);
    return differs;
  }
};

struct Reader {
  std::array<ColumnSource, kColumns>& columns;
  std::uint32_t mask = 0;

  template <typename T>
  void value(IndexColumn column, T& v, std::uint64_t expected) {
    v = static_cast<T>(restored(columns[column].get(), expected));
  }
  template <typename T>
  bool optional(Mask bit, IndexColumn column, T& v, std::uint64_t expected) {
    if ((mask & bit) == 0) {
      v = static_cast<T>(expected);
      return false;
    }
    value(column, v, expected);
    return true;
  }
  void flag(Mask bit, bool& v) const { v = (mask & bit) != 0; }
  [[nodiscard]] bool together(Mask bit, bool /*differs*/) const { return (mask & bit) != 0; }
};

std::uint64_t bits(std::int64_t v) { return static_cast<std::uint64_t>(v); }

// A time as its distance from another.
template <typename Io, typename T>
void time_value(Io& io, IndexColumn column, T& ts, std::uint64_t base) {
  std::int64_t ns = to_ns(ts);
  io.value(column, ns, base);
  if constexpr (!std::is_const_v<T>) ts = from_ns(ns);
}

void code_list(Writer& io, Mask bit, IndexColumn column, const std::vector<Part>& parts, std::uint64_t number) {
  if (parts.empty()) return;
  io.mask |= bit;
  ColumnSink& out = io.columns[column];
  out.put(parts.size());
  std::uint64_t packet = number;
  for (const Part& part : parts) {
    out.put(difference(part.packet, packet));
    out.put(std::uint64_t{part.length} << 1U | (part.offset != 0 ? 1U : 0U));
    if (part.offset != 0) out.put(part.offset);
    packet = part.packet;
  }
}

void code_list(Reader& io, Mask bit, IndexColumn column, std::vector<Part>& parts, std::uint64_t number) {
  parts.clear();
  if ((io.mask & bit) == 0) return;
  ColumnSource& in = io.columns[column];
  const std::uint64_t count = in.get();
  if (count > in.left()) return in.fail();  // every part takes two octets at least
  std::uint64_t packet = number;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    packet = restored(in.get(), packet);
    const std::uint64_t length = in.get();
    const std::uint64_t offset = (length & 1U) != 0 ? in.get() : 0;
    parts.push_back({packet, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length >> 1U)});
  }
}

using Words = std::array<std::uint64_t, 8>;

void code_state(Writer& io, const AppState& state, AppState& expected) {
  if (std::memcmp(state.raw.data(), expected.raw.data(), state.raw.size()) == 0) return;
  io.mask |= kState;
  const auto now = std::bit_cast<Words>(state.raw);
  const auto before = std::bit_cast<Words>(expected.raw);
  std::uint8_t changed = 0;
  for (unsigned i = 0; i < now.size(); ++i) changed |= static_cast<std::uint8_t>(now[i] != before[i] ? 1U << i : 0U);
  ColumnSink& out = io.columns[kColState];
  out.put(changed);
  for (unsigned i = 0; i < now.size(); ++i) {
    if ((changed >> i & 1U) != 0) out.raw(&now[i], sizeof(now[i]));
  }
  expected = state;
}

void code_state(Reader& io, AppState& state, AppState& expected) {
  state = expected;
  if ((io.mask & kState) == 0) return;
  ColumnSource& in = io.columns[kColState];
  const std::uint64_t changed = in.get();
  auto words = std::bit_cast<Words>(state.raw);
  for (unsigned i = 0; i < words.size(); ++i) {
    if ((changed >> i & 1U) != 0) in.raw(&words[i], sizeof(words[i]));
  }
  state.raw = std::bit_cast<decltype(state.raw)>(words);
  expected = state;
}

template <typename Io, typename Facts>
void code_tcp(Io& io, const IndexModel& model, IndexModel::FlowState& flow, unsigned from, std::uint64_t number,
              std::int64_t now, Facts& f) {
  auto& tcp = f.tcp;
  io.optional(kMarks, kColMarks, tcp.marks, 0);
  std::uint32_t& own = flow.base[from];
  std::uint32_t& peer = flow.base[1U - from];
  if (io.together(kBase, tcp.base_seq != own || tcp.base_ack != peer)) {
    io.value(kColBase, tcp.base_seq, own);
    io.value(kColBase, tcp.base_ack, peer);
    own = tcp.base_seq;
    peer = tcp.base_ack;
  } else if constexpr (!std::is_const_v<Facts>) {
    tcp.base_seq = own;
    tcp.base_ack = peer;
  }
  io.optional(kShift, kColShift, tcp.window_shift, bits(flow.shift[from]));
  flow.shift[from] = tcp.window_shift;
  if (io.together(kAcks, tcp.acks_frame != 0)) {
    io.value(kColAcks, tcp.acks_frame, number);
  } else if constexpr (!std::is_const_v<Facts>) {
    tcp.acks_frame = 0;
  }
  const std::int64_t acked = tcp.acks_frame == 0 ? -1 : model.time_of(tcp.acks_frame);
  io.optional(kRtt, kColRtt, tcp.ack_rtt_ns, acked < 0 ? ~std::uint64_t{0} : bits(now) - bits(acked));
  io.optional(kInitialRtt, kColRtt, tcp.initial_rtt_ns, bits(flow.initial_rtt));
  flow.initial_rtt = tcp.initial_rtt_ns;
  if (io.together(kFlight, tcp.bytes_in_flight != 0)) {
    io.value(kColFlight, tcp.bytes_in_flight, f.payload_use);
  } else if constexpr (!std::is_const_v<Facts>) {
    tcp.bytes_in_flight = 0;
  }
  if (io.together(kPush, tcp.push_bytes_sent != 0)) {
    io.value(kColPush, tcp.push_bytes_sent, f.payload_use);
  } else if constexpr (!std::is_const_v<Facts>) {
    tcp.push_bytes_sent = 0;
  }
  if (io.together(kDuplicate, tcp.duplicate_ack_num != 0 || tcp.duplicate_ack_frame != 0)) {
    io.value(kColDuplicate, tcp.duplicate_ack_num, 0);
    io.value(kColDuplicate, tcp.duplicate_ack_frame, number);
  } else if constexpr (!std::is_const_v<Facts>) {
    tcp.duplicate_ack_num = 0;
    tcp.duplicate_ack_frame = 0;
  }
  if (io.together(kRto, tcp.rto_ns != -1 || tcp.rto_frame != 0)) {
    io.value(kColRto, tcp.rto_ns, 0);
    io.value(kColRto, tcp.rto_frame, number);
  } else if constexpr (!std::is_const_v<Facts>) {
    tcp.rto_ns = -1;
    tcp.rto_frame = 0;
  }
  if (io.together(kStart, to_ns(tcp.stream_start) != flow.start)) {
    time_value(io, kColStart, tcp.stream_start, bits(now));
    flow.start = to_ns(tcp.stream_start);
  } else if constexpr (!std::is_const_v<Facts>) {
    tcp.stream_start = from_ns(flow.start);
  }
  const std::int64_t before = flow.start == 0 ? 0 : flow.last_ts;
  if (io.together(kBefore, to_ns(tcp.stream_before) != before)) {
    time_value(io, kColBefore, tcp.stream_before, bits(now));
  } else if constexpr (!std::is_const_v<Facts>) {
    tcp.stream_before = from_ns(before);
  }
  flow.last_ts = now;
}

// The walk that encoder and decoder share, once the packet's flow is known.
template <typename Io, typename Facts>
void code_facts(Io& io, const IndexModel& model, IndexModel::FlowState& flow, std::uint64_t number, std::int64_t now,
                std::uint32_t captured, Facts& f) {
  io.flag(kFromResp, f.from_resp);
  io.flag(kMid, f.mid_message);
  io.flag(kStreamEnd, f.stream_end);
  const unsigned from = f.from_resp ? 1U : 0U;
  if (io.together(kStream, f.stream != flow.stream || f.has_stream != flow.has_stream)) {
    std::uint64_t coded = std::uint64_t{f.stream} << 1U | (f.has_stream ? 1U : 0U);
    io.value(kColStream, coded, 0);
    if constexpr (!std::is_const_v<Facts>) {
      f.stream = static_cast<std::uint32_t>(coded >> 1U);
      f.has_stream = (coded & 1U) != 0;
    }
    flow.stream = f.stream;
    flow.has_stream = f.has_stream;
  } else if constexpr (!std::is_const_v<Facts>) {
    f.stream = flow.stream;
    f.has_stream = flow.has_stream;
  }
  io.optional(kApp, kColApp, f.app, flow.app);
  flow.app = f.app;
  io.optional(kSkip, kColPayload, f.payload_skip, 0);
  // Most packets of a direction have headers of one length; those without payload say nothing about it.
  const std::uint32_t header = flow.header[from];
  const std::uint32_t expected = header == 0 || captured < header ? 0 : captured - header;
  io.optional(kUse, kColPayload, f.payload_use, expected);
  if (f.payload_use != 0 && f.payload_use <= captured) flow.header[from] = captured - f.payload_use;
  code_state(io, f.state, flow.state);
  code_list(io, kParts, kColParts, f.parts, number);
  code_list(io, kFragments, kColFragments, f.fragments, number);
  if (io.together(kRequest, f.request_frame != 0 || to_ns(f.request_ts) != 0)) {
    io.value(kColRequest, f.request_frame, number);
    time_value(io, kColRequest, f.request_ts, bits(now));
  } else if constexpr (!std::is_const_v<Facts>) {
    f.request_frame = 0;
    f.request_ts = {};
  }
  code_tcp(io, model, flow, from, number, now, f);
}

std::uint64_t slot_of(std::uint64_t flow_id, std::size_t slots) {
  return (flow_id * 0x9E3779B97F4A7C15ULL) >> 40U & (slots - 1U);
}

// The unit that all times of a block are multiples of, seen from its first: captures count in ns, us or ms.
std::uint64_t unit_of(const std::vector<std::int64_t>& times) {
  for (const std::int64_t unit : {1'000'000, 1'000}) {
    if (std::ranges::all_of(times, [&](std::int64_t t) { return t % unit == 0; }))
      return static_cast<std::uint64_t>(unit);
  }
  return 1;
}

}  // namespace

void IndexModel::begin() {
  std::ranges::fill(slots_, 0U);
  used_ = 0;
  times.clear();
  first_number = last_number = position = last_new_flow = 0;
  last_ts = 0;
  last_flow = 0;
  contiguous = true;
}

std::uint32_t IndexModel::find(std::uint64_t flow_id) const {
  for (std::size_t slot = slot_of(flow_id, kSlots);; slot = (slot + 1U) & (kSlots - 1U)) {
    if (slots_[slot] == 0) return static_cast<std::uint32_t>(used_);
    if (states_[slots_[slot] - 1U].id == flow_id) return slots_[slot] - 1U;
  }
}

std::uint32_t IndexModel::add(std::uint64_t flow_id) {
  std::size_t slot = slot_of(flow_id, kSlots);
  while (slots_[slot] != 0) slot = (slot + 1U) & (kSlots - 1U);
  if (used_ == states_.size()) states_.resize(used_ * 2);
  states_[used_] = FlowState{.id = flow_id};
  slots_[slot] = static_cast<std::uint32_t>(++used_);
  last_new_flow = flow_id;
  return static_cast<std::uint32_t>(used_ - 1U);
}

std::int64_t IndexModel::time_of(std::uint64_t number) const {
  if (!contiguous || number < first_number || number - first_number >= times.size()) return -1;
  return times[number - first_number];
}

struct IndexEncoder::Io {
  std::array<ColumnSink, kColumns> columns;
};

IndexEncoder::IndexEncoder() : io_(std::make_unique<Io>()) { model_.begin(); }
IndexEncoder::~IndexEncoder() = default;

bool IndexEncoder::full() const {
  return count_ >= kBlockPackets ||
         io_->columns[kColParts].size() + io_->columns[kColFragments].size() > kMaxBlockOctets;
}

void IndexEncoder::add(const Packet& packet, std::uint64_t position, const PacketFacts& facts) {
  Writer io{io_->columns};
  const auto captured = static_cast<std::uint32_t>(packet.bytes.size());
  if (count_ == 0) {
    start_ = {packet.number, position};
    model_.first_number = packet.number;
    model_.last_number = packet.number - 1U;
    model_.position = position;
  }
  ++count_;
  if (io.optional(kNumber, kColNumber, packet.number, model_.last_number + 1U)) model_.contiguous = false;
  model_.last_number = packet.number;
  const std::int64_t now = to_ns(packet.ts);
  io.columns[kColSize].put(captured);
  io.optional(kGap, kColGap, position, model_.position);
  model_.position = position + pcapng::packet_block_size(captured);

  std::uint32_t n = model_.last_flow;
  if (model_.flows() != 0 && model_.flow(n).id == facts.flow_id) {
    io.columns[kColFlow].put(0);
  } else {
    n = model_.find(facts.flow_id);
    if (n == model_.flows()) {
      io.columns[kColFlow].put(1);
      io.columns[kColNewFlow].put(difference(facts.flow_id, model_.last_new_flow));
      n = model_.add(facts.flow_id);
    } else {
      io.columns[kColFlow].put(n + 2U);
    }
    model_.last_flow = n;
  }
  model_.times.push_back(now);
  code_facts(io, model_, model_.flow(n), packet.number, now, captured, facts);
  io.columns[kColMask].put(io.mask);
}

void IndexEncoder::finish(std::vector<std::uint8_t>& out) {
  const std::uint64_t unit = unit_of(model_.times);
  std::uint64_t last = 0;
  for (const std::int64_t t : model_.times) {
    const std::uint64_t units = bits(t / static_cast<std::int64_t>(unit));
    io_->columns[kColTime].put(difference(units, last));
    last = units;
  }
  append_varint(out, unit);
  for (const ColumnSink& column : io_->columns) append_varint(out, column.size());
  for (ColumnSink& column : io_->columns) {
    out.insert(out.end(), column.bytes().begin(), column.bytes().end());
    column.clear();
  }
  model_.begin();
  count_ = 0;
}

absl::Status IndexDecoder::decode(Bytes raw, const BlockStart& start, std::size_t count, std::vector<IndexEntry>& out) {
  const absl::Status damaged = absl::DataLossError("damaged index block");
  if (count > kBlockPackets) return damaged;
  ColumnSource head(raw);
  const std::uint64_t unit = head.get();
  std::array<std::uint64_t, kColumns> sizes{};
  std::uint64_t total = 0;
  for (std::uint64_t& size : sizes) {
    size = head.get();
    if (size > raw.size()) return damaged;
    total += size;
  }
  if (!head.ok() || head.left() != total) return damaged;
  std::array<ColumnSource, kColumns> columns;
  std::size_t at = raw.size() - total;
  for (std::size_t i = 0; i < kColumns; at += sizes[i], ++i) columns[i] = ColumnSource(raw.subspan(at, sizes[i]));

  model_.begin();
  model_.first_number = start.first_number;
  model_.last_number = start.first_number - 1U;
  model_.position = start.position;
  out.resize(count);
  std::uint64_t last = 0;
  for (IndexEntry& entry : out) {
    Reader io{columns, static_cast<std::uint32_t>(columns[kColMask].get())};
    if (io.optional(kNumber, kColNumber, entry.number, model_.last_number + 1U)) model_.contiguous = false;
    model_.last_number = entry.number;
    last = restored(columns[kColTime].get(), last);
    const auto now = static_cast<std::int64_t>(last * unit);
    entry.ts = from_ns(now);
    entry.captured = static_cast<std::uint32_t>(columns[kColSize].get());
    io.optional(kGap, kColGap, entry.position, model_.position);
    model_.position = entry.position + pcapng::packet_block_size(entry.captured);
    const std::uint64_t token = columns[kColFlow].get();
    if (token == 1) {
      const std::uint64_t id = restored(columns[kColNewFlow].get(), model_.last_new_flow);
      if (model_.find(id) != model_.flows()) return damaged;
      model_.last_flow = model_.add(id);
    } else if (token != 0) {
      model_.last_flow = static_cast<std::uint32_t>(std::min<std::uint64_t>(token - 2U, kBlockPackets));
    }
    if (model_.last_flow >= model_.flows()) return damaged;
    IndexModel::FlowState& flow = model_.flow(model_.last_flow);
    model_.times.push_back(now);
    entry.facts.flow_id = flow.id;
    code_facts(io, model_, flow, entry.number, now, entry.captured, entry.facts);
  }
  const bool ok = std::ranges::all_of(columns, [](const ColumnSource& s) { return s.ok() && s.left() == 0; });
  return ok ? absl::OkStatus() : damaged;
}

}  // namespace pr::store
