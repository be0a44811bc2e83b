#include "helper/analysis/datagrams.h"

#include "helper/analysis/recognizer.h"

namespace pr::analysis {
namespace {

using dissect::AppResult;
using dissect::Outcome;

constexpr std::uint8_t kMaxStrangers = 32;

}  // namespace

Conversation::Datagrams& Datagrams::of(Conversation& talk) {
  if (!talk.datagrams) talk.datagrams = std::make_unique<Conversation::Datagrams>(budget_);
  return *talk.datagrams;
}

bool Datagrams::read(ProtocolId app, AppState& state, Conversation& talk, const Packet& packet,
                     dissect::Context& context, dissect::Frame& frame, PacketFacts& learnt) {
  EarlierDatagrams* earlier = nullptr;
  if (talk.datagrams && talk.datagrams->earlier_app == app) {
    earlier = &talk.datagrams->earlier[learnt.from_resp ? 1 : 0];
  }
  const AppState before = state;
  const AppResult result =
      engine_.dissect_app({.app = app,
                           .bytes = frame.payload,
                           .from_orig = !learnt.from_resp,
                           .at_end = true,
                           .state = &state,
                           .datagram = true,
                           .earlier = earlier == nullptr ? std::span<const Bytes>{} : earlier->payloads()},
                          packet, context, frame, {});
  if (result.outcome == Outcome::kNotMine) {
    state = before;
    return false;
  }
  const auto length = static_cast<std::uint32_t>(frame.payload.size());
  learnt.app = app;
  learnt.state = before;
  if (earlier == nullptr || earlier->payloads().empty()) {
    learnt.payload_use = length;
  } else {
    learnt.parts = earlier->parts();
    learnt.parts.push_back({.packet = packet.number, .offset = 0, .length = length});
  }
  if (result.outcome == Outcome::kNeedMore) {
    Conversation::Datagrams& kept = of(talk);
    if (kept.earlier_app != app) {
      for (EarlierDatagrams& direction : kept.earlier) direction.clear();
      kept.earlier_app = app;
    }
    kept.earlier[learnt.from_resp ? 1 : 0].keep(packet.number, frame.payload);
  } else if (earlier != nullptr) {
    earlier->clear();
  }
  return true;
}

void Datagrams::read_guest(const FlowKey& key, Conversation& talk, const Packet& packet, dissect::Context& context,
                           dissect::Frame& frame, PacketFacts& learnt) {
  Conversation::Datagrams& all = of(talk);
  if (all.strangers >= kMaxStrangers) return;
  ++all.strangers;
  const dissect::ProbeHint hint{
      .from_orig = !learnt.from_resp, .tcp = false, .orig_port = key.orig.port, .resp_port = key.resp.port};
  const Recognized found = recognize(engine_.registry(), frame.payload, hint, talk.app);
  if (found.app == 0 || found.evidence != Evidence::kContent) return;
  for (Conversation::Guest& guest : all.guests) {
    if (guest.app != 0 && guest.app != found.app) continue;
    guest.app = found.app;
    if (read(guest.app, guest.state, talk, packet, context, frame, learnt)) all.strangers = 0;
    return;
  }
}

}  // namespace pr::analysis
