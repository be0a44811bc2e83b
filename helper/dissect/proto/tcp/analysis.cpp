// What only earlier packets tell of a TCP segment. The facts come from the tracker; here they become fields.
#include "helper/dissect/proto/tcp/fields.h"

namespace pr::dissect::tcp {
namespace {

struct MarkText {
  std::uint32_t mark;
  std::size_t field;
  const char* text;
};
// In the order in which their words are put in front of the Info column.
constexpr MarkText kMarks[] = {
    {kTcpReusedPorts, kAnalysisReusedPorts, "TCP Port numbers reused"},
    {kTcpRetransmission, kAnalysisRetransmission, "TCP Retransmission"},
    {kTcpFastRetransmission, kAnalysisFastRetransmission, "TCP Fast Retransmission"},
    {kTcpSpuriousRetransmission, kAnalysisSpuriousRetransmission, "TCP Spurious Retransmission"},
    {kTcpOutOfOrder, kAnalysisOutOfOrder, "TCP Out-Of-Order"},
    {kTcpLostSegment, kAnalysisLostSegment, "TCP Previous segment not captured"},
    {kTcpAckedUnseen, kAnalysisAckLostSegment, "TCP ACKed unseen segment"},
    {kTcpWindowUpdate, kAnalysisWindowUpdate, "TCP Window Update"},
    {kTcpWindowFull, kAnalysisWindowFull, "TCP Window Full"},
    {kTcpKeepAlive, kAnalysisKeepAlive, "TCP Keep-Alive"},
    {kTcpKeepAliveAck, kAnalysisKeepAliveAck, "TCP Keep-Alive ACK"},
    {kTcpDuplicateAck, kAnalysisDuplicateAck, nullptr},
    {kTcpZeroWindowProbe, kAnalysisZeroWindowProbe, "TCP ZeroWindowProbe"},
    {kTcpZeroWindow, kAnalysisZeroWindow, "TCP ZeroWindow"},
    {kTcpZeroWindowProbeAck, kAnalysisZeroWindowProbeAck, "TCP ZeroWindowProbeAck"},
};

void add_duplicate_ack(const TcpFacts& facts, LayerBuilder& out) {
  out.mark(kAnalysisDuplicateAck, Bytes{});
  out.add(kAnalysisDuplicateAckNum, facts.duplicate_ack_num, Bytes{});
  out.add(kAnalysisDuplicateAckFrame, facts.duplicate_ack_frame, Bytes{});
  // Wireshark shows the marker twice, as a line of the analysis and as an expert note.
  LayerBuilder::Subtree below(out);
  out.mark(kAnalysisDuplicateAck, Bytes{});
}

void add_marks(const TcpFacts& facts, LayerBuilder& out) {
  if (facts.marks == 0) return;
  out.mark(kAnalysisFlags, Bytes{});
  LayerBuilder::Subtree below(out);
  for (const MarkText& mark : kMarks) {
    if ((facts.marks & mark.mark) == 0) continue;
    if (mark.mark == kTcpDuplicateAck) {
      add_duplicate_ack(facts, out);
    } else {
      out.mark(mark.field, Bytes{});
    }
  }
  if (facts.rto_ns < 0) return;
  out.add(kAnalysisRto, static_cast<std::uint64_t>(facts.rto_ns), Bytes{});
  out.add(kAnalysisRtoFrame, facts.rto_frame, Bytes{});
}

void add_times(const TcpFacts& facts, LayerBuilder& out) {
  if (to_ns(facts.stream_start) == 0) return;
  const Timestamp now = out.packet().ts;
  const auto since = [now](Timestamp before) { return static_cast<std::uint64_t>((now - before).count()); };
  out.add(kTimeRelative, since(facts.stream_start), Bytes{});
  out.add(kTimeDelta, to_ns(facts.stream_before) == 0 ? 0 : since(facts.stream_before), Bytes{});
}

}  // namespace

void add_analysis(const PacketFacts& facts, LayerBuilder& out) {
  const TcpFacts& tcp = facts.tcp;
  add_times(tcp, out);
  const bool any = tcp.marks != 0 || tcp.acks_frame != 0 || tcp.initial_rtt_ns >= 0 || tcp.bytes_in_flight != 0;
  if (!any) return;
  out.mark(kAnalysis, Bytes{});
  LayerBuilder::Subtree below(out);
  if (tcp.acks_frame != 0) out.add(kAnalysisAcksFrame, tcp.acks_frame, Bytes{});
  // Clocks that run backwards give a time below zero; none at all is not shown.
  if (tcp.acks_frame != 0 && tcp.ack_rtt_ns != 0) {
    out.add(kAnalysisAckRtt, static_cast<std::uint64_t>(tcp.ack_rtt_ns), Bytes{});
  }
  if (tcp.initial_rtt_ns >= 0) out.add(kAnalysisInitialRtt, static_cast<std::uint64_t>(tcp.initial_rtt_ns), Bytes{});
  if (tcp.bytes_in_flight != 0) out.add(kAnalysisBytesInFlight, tcp.bytes_in_flight, Bytes{});
  if (tcp.push_bytes_sent != 0) out.add(kAnalysisPushBytesSent, tcp.push_bytes_sent, Bytes{});
  add_marks(tcp, out);
}

std::string analysis_text(const TcpFacts& facts) {
  std::string text;
  std::uint32_t marks = facts.marks;
  // The more precise word is said alone.
  if ((marks & (kTcpFastRetransmission | kTcpSpuriousRetransmission)) != 0) marks &= ~std::uint32_t{kTcpRetransmission};
  for (const MarkText& mark : kMarks) {
    if ((marks & mark.mark) == 0) continue;
    std::string words = mark.text != nullptr ? mark.text
                                             : "TCP Dup ACK " + std::to_string(facts.duplicate_ack_frame) + "#" +
                                                   std::to_string(facts.duplicate_ack_num);
    text.insert(0, "[" + words + "] ");
  }
  return text;
}

}  // namespace pr::dissect::tcp
