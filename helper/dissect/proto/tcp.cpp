// TCP, RFC 9293.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/tcp/fields.h"

namespace pr::dissect {
namespace tcp {
namespace {

constexpr const char* kPort[] = {"tcp.srcport", "tcp.dstport"};
constexpr AliasDef kAliases[] = {{"tcp.port", "Source or Destination Port", kPort}};
constexpr Bind kBinds[] = {{"ip.proto", kIpProtoTcp}};

constexpr std::size_t kMinHeader = 20;

// What the options say that flow tracking needs, RFC 9293 section 3.1. Stops at the first that makes no sense.
// False: one contradicts itself.
bool read_options(Bytes options, TcpSegment* segment) {
  constexpr std::uint32_t kPaddedTimestamps = 0x0101080a;  // what nearly every segment has, and nothing else
  if (options.size() == 12 && Cursor(options).u32() == kPaddedTimestamps) return true;
  std::size_t at = 0;
  while (at < options.size()) {
    const std::uint8_t kind = options[at];
    if (kind == 0) return true;
    if (kind == 1) {
      ++at;
      continue;
    }
    if (at + 2 > options.size()) return true;
    const std::size_t length = options[at + 1];
    if (length < 2 || length > options.size() - at) return true;
    if (kind == 2 && length == 4) segment->mss = static_cast<std::uint16_t>(options[at + 2] << 8U | options[at + 3]);
    if (kind == 3 && length == 3) segment->window_shift = std::min<std::uint8_t>(options[at + 2], 14);
    if (kind == 4) segment->sack_permitted = true;
    if (kind == 5 && length == 2) return false;  // blocks that are not there
    if (kind == 5) segment->has_sack = true;
    at += length;
  }
  return true;
}

// "·······A··S·": one letter a flag, from the reserved bits down.
std::string flag_letters(std::uint16_t flags) {
  constexpr std::string_view kLetters = "RRRACEUAPRSF";
  std::string text;
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    if ((flags >> (11U - i) & 1U) != 0) {
      text += kLetters[i];
    } else {
      text += "\u00b7";
    }
  }
  return text;
}

// "SYN, ACK", lowest bit first.
std::string flag_names(std::uint16_t flags) {
  constexpr const char* kNames[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE", "Res", "Res", "Res"};
  std::string text;
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if ((flags >> i & 1U) == 0) continue;
    if (!text.empty()) text += ", ";
    text += kNames[i];
  }
  return text.empty() ? "<None>" : text;
}

void add_flags(const Header& header, Bytes where, LayerBuilder& out) {
  out.add(kFlags, header.flags, where);
  LayerBuilder::Subtree below(out);
  out.add(kFlagsRes, (header.flags & 0xe00U) != 0 ? 1 : 0, where.first(1));
  out.add(kFlagsAe, header.has(kAe) ? 1 : 0, where.first(1));
  constexpr std::size_t kBits[] = {kFlagsCwr,  kFlagsEce,   kFlagsUrg, kFlagsAck,
                                   kFlagsPush, kFlagsReset, kFlagsSyn, kFlagsFin};
  for (std::size_t i = 0; i < std::size(kBits); ++i) out.add(kBits[i], header.flags >> (7U - i) & 1U, where.subspan(1));
  if (out.wants(kFlagsStr)) out.add_text(kFlagsStr, flag_letters(header.flags), where);
  if (header.has(kSyn)) out.mark(header.has(kAck) ? kConnectionSynack : kConnectionSyn, Bytes{});
  if (header.has(kFin)) out.mark(kConnectionFin, Bytes{});
  if (header.has(kRst)) out.mark(kConnectionRst, Bytes{});
}

// The window as it counts: scaled by what the handshake agreed on. Returns it.
std::uint32_t add_window(const Header& header, const PacketFacts* facts, Bytes where, LayerBuilder& out) {
  out.add(kWindowSizeValue, header.window, where);
  const int shift = facts != nullptr ? facts->tcp.window_shift : -1;
  const bool scaled = !header.has(kSyn) && shift > 0;
  const std::uint32_t window = scaled ? std::uint32_t{header.window} << static_cast<unsigned>(shift) : header.window;
  out.add(kWindowSize, window, where);
  if (header.has(kSyn)) return window;
  const std::int64_t factor = shift >= 0 ? std::int64_t{1} << static_cast<unsigned>(shift) : std::int64_t{shift};
  out.add(kWindowSizeScalefactor, static_cast<std::uint64_t>(factor), where);
  return window;
}

void add_numbers(const Header& header, Bytes bytes, LayerBuilder& out) {
  out.add(kLen, header.payload_length, Bytes{});
  const std::uint32_t seq = header.seq - header.base_seq;
  out.add(kSeq, seq, bytes.subspan(4, 4));
  out.add(kSeqRaw, header.seq, bytes.subspan(4, 4));
  out.add(kNxtseq, seq + header.payload_length + (header.has(kSyn | kFin) ? 1U : 0U), Bytes{});
  out.add(kAckNumber, header.ack - header.base_ack, bytes.subspan(8, 4));
  out.add(kAckRaw, header.ack, bytes.subspan(8, 4));
  if (!header.has(kAck) && header.ack != 0) out.mark(kAckNonzero, Bytes{});
}

std::string info_of(const Header& header, std::uint32_t window) {
  std::string text = std::to_string(header.src_port) + " \u2192 " + std::to_string(header.dst_port) + " [" +
                     flag_names(header.flags) + "] Seq=" + std::to_string(header.seq - header.base_seq);
  if (header.has(kAck)) text += " Ack=" + std::to_string(header.ack - header.base_ack);
  text += " Win=" + std::to_string(window);
  if (header.has(kUrg)) text += " Urg=" + std::to_string(header.urgent);
  return text + " Len=" + std::to_string(header.payload_length);
}

// Ports, and the sequence number in front of them: what an ICMP error quotes at least, RFC 792.
void add_start(Cursor in, LayerBuilder& out) {
  out.u16(in, kSrcport);
  out.u16(in, kDstport);
  if (const PacketFacts* facts = out.facts(); facts != nullptr && facts->has_stream && !out.quoted()) {
    out.add(kStream, facts->stream, Bytes{});
  }
}

// bytes: the segment from its first octet on, with a whole fixed header.
[[gnu::noinline]] void add_fields(const Header& header, Bytes bytes, LayerBuilder& out) {
  const PacketFacts* facts = out.quoted() ? nullptr : out.facts();
  add_start(Cursor(bytes), out);
  add_numbers(header, bytes, out);
  out.add(kHdrLen, header.header_length, bytes.subspan(12, 1));
  add_flags(header, bytes.subspan(12, 2), out);
  const std::uint32_t window = add_window(header, facts, bytes.subspan(14, 2), out);
  Cursor in(bytes.subspan(16));
  out.u16(in, kChecksum);
  out.add(kChecksumStatus, 2, Bytes{});
  out.u16(in, kUrgentPointer);
  std::string info = info_of(header, window);
  const std::size_t options = std::min(header.header_length, bytes.size());
  if (options > kMinHeader) add_options(bytes.subspan(kMinHeader, options - kMinHeader), header, out, &info);
  if (facts != nullptr) {
    add_analysis(*facts, out);
    info.insert(0, analysis_text(facts->tcp));
    const bool seen_before = (facts->tcp.marks & (kTcpRetransmission | kTcpKeepAlive)) != 0;
    if (facts->mid_message && header.payload_length > 0 && !seen_before) info += " [TCP segment of a reassembled PDU]";
  }
  out.info(std::move(info));
}

// A header that says to be shorter than any: what stands before that length, and no more.
[[gnu::noinline]] void add_bogus(const Header& header, std::size_t wire, Bytes bytes, LayerBuilder& out) {
  add_start(Cursor(bytes), out);
  out.add(kLen, wire - header.header_length, Bytes{});
  out.add(kSeq, header.seq - header.base_seq, bytes.subspan(4, 4));
  out.add(kSeqRaw, header.seq, bytes.subspan(4, 4));
  out.add(kHdrLen, header.header_length, bytes.subspan(12, 1));
  out.info(std::to_string(header.src_port) + " \u2192 " + std::to_string(header.dst_port) +
           ", Bogus TCP header length (" + std::to_string(header.header_length) + ", must be at least 20)");
}

// tcp.segment_data and tcp.reassembled.* are told by who knows where messages end: the packet view of the analysis.
void add_payload(Bytes payload, LayerBuilder& out) {
  if (!payload.empty()) out.add(kPayload, payload, payload);
}

bool fill_frame(const Header& header, Bytes options, LayerBuilder& out) {
  Frame& frame = out.frame();
  frame.src.port = header.src_port;
  frame.dst.port = header.dst_port;
  TcpSegment& segment = frame.tcp;  // member by member: a copy of a fresh whole would wait for its parts
  segment.seq = header.seq;
  segment.ack = header.ack;
  segment.window = header.window;
  segment.flags = header.flags;
  segment.window_shift = -1;
  segment.mss = 0;
  segment.sack_permitted = segment.has_sack = false;
  return options.empty() || read_options(options, &frame.tcp);
}

// A header that ends early. An ICMP error quotes no more: that is as it should be.
Outcome cut_short(Cursor& start, LayerBuilder& out) {
  const Bytes seen = start.rest();
  if (out.wanted()) {
    add_start(start, out);
    Cursor in(seen);
    in.skip(4);
    const Bytes where = in.peek(4);
    const std::uint32_t seq = in.u32();
    if (in.ok()) {
      out.add(kSeq, seq, where);
      out.add(kSeqRaw, seq, where);
    }
  }
  start.skip(start.left());
  if (out.quoted()) return Outcome::kDone;
  if (seen.size() >= 4) {
    out.frame().src.port = static_cast<std::uint16_t>(seen[0] << 8U | seen[1]);
    out.frame().dst.port = static_cast<std::uint16_t>(seen[2] << 8U | seen[3]);
  }
  return Outcome::kTruncated;
}

Outcome dissect_tcp(Cursor& in, LayerBuilder& out) {
  Cursor start = in;
  const Bytes bytes = in.rest();
  const std::size_t wire = std::max<std::size_t>(out.quoted() ? 0 : out.frame().payload_len, bytes.size());
  Header header;
  header.src_port = in.u16();
  header.dst_port = in.u16();
  header.seq = in.u32();
  header.ack = in.u32();
  const std::uint16_t word = in.u16();
  header.window = in.u16();
  in.skip(2);
  header.urgent = in.u16();
  if (!in.ok()) {
    in = start;
    return cut_short(in, out);
  }
  header.header_length = (word >> 12U) * std::size_t{4};
  header.flags = word & 0xfffU;
  const bool sane = header.header_length >= kMinHeader && header.header_length <= wire;
  if (sane) header.payload_length = static_cast<std::uint32_t>(wire - header.header_length);
  const Bytes options = sane ? in.peek(header.header_length - kMinHeader) : Bytes{};
  if (const PacketFacts* facts = out.quoted() ? nullptr : out.facts(); facts != nullptr) {
    header.base_seq = facts->tcp.base_seq;
    // Without the flag the number means nothing, and is shown as it is.
    if (header.has(kAck)) header.base_ack = facts->tcp.base_ack;
  }
  const bool good = out.quoted() || fill_frame(header, options, out);
  if (out.wanted()) {
    if (header.header_length < kMinHeader) {
      add_bogus(header, wire, bytes, out);
    } else {
      add_fields(header, bytes, out);
    }
  }
  const bool whole = options.size() + kMinHeader == header.header_length;
  in.skip(sane && whole ? options.size() : in.left());
  if (out.wanted()) add_payload(in.rest(), out);
  out.payload(Transport::kTcp, in, header.payload_length);
  if (!good) return Outcome::kMalformed;
  return whole || !sane || out.quoted() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace
}  // namespace tcp

extern constinit const Dissector tcp_dissector{.name = "tcp",
                                               .title = "Transmission Control Protocol",
                                               .column = "TCP",
                                               .fields = tcp::kFields,
                                               .aliases = tcp::kAliases,
                                               .binds = tcp::kBinds,
                                               .dissect = &tcp::dissect_tcp};

}  // namespace pr::dissect
