// BGP-4, RFC 4271: messages, sessions and what they announce. Capabilities RFC 5492, 4724, 6793, 7911; refresh RFC
// 2918, 5291, 7313; shutdown communication RFC 9003.
#include "helper/dissect/proto/bgp/bgp.h"

namespace pr::dissect {
namespace bgp {
namespace {

constexpr Bind kBinds[] = {{"tcp.port", 179}};

constexpr std::size_t kMarkerSize = 16, kHeaderSize = 19;
enum Type : std::uint8_t { kOpenType = 1, kUpdateType, kNotificationType, kKeepaliveType, kRefreshType };
enum Capability : std::uint8_t {
  kMultiprotocol = 1,
  kOrf = 3,
  kNextHopEncoding = 5,
  kRestart = 64,
  kAs4 = 65,
  kDynamic = 67,
  kAddPath = 69,
  kFqdn = 73,
  kCiscoOrf = 130
};

void read_names(Cursor& in, LayerBuilder& out) {
  const std::uint8_t host = out.u8(in, kCapOrfFqdnHostnameLen);
  out.bytes(in, kCapOrfFqdnHostname, host);
  const std::uint8_t domain = out.u8(in, kCapOrfFqdnDomainNameLen);
  out.bytes(in, kCapOrfFqdnDomainName, domain);
}

void read_restart(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(2);
  const std::uint16_t timers = out.u16(in, kCapGrTimers);
  if (!in.ok()) return;
  add_bits(timers, where, out,
           {{kCapGrTimersRestartFlag, 15}, {kCapGrTimersNotificationFlag, 14}, {kCapGrTimersRestartTime, 0, 0xfff}});
  while (in.left() >= 4) {
    read_pieces(in, out, {{kCapGrAfi, 2}, {kCapGrSafi, 1}});
    const Bytes bits = in.peek(1);
    const std::uint8_t flag = out.u8(in, kCapGrFlag);
    add_bits(flag, bits, out, {{kCapGrFlagPfs, 7}});
  }
}

void read_filters(Cursor& in, LayerBuilder& out) {
  read_pieces(in, out, {{kCapOrfAfi, 2}, {kCapReserved, 1, true}, {kCapOrfSafi, 1}});
  const std::uint8_t count = out.u8(in, kCapOrfNumber);
  for (unsigned i = 0; i < count && in.left() > 0; ++i)
    read_pieces(in, out, {{kCapOrfType, 1}, {kCapOrfSendreceive, 1}});
}

void read_capability(Cursor& in, LayerBuilder& out, Speaker& speaker) {
  out.mark(kCap, in.rest());
  const LayerBuilder::Subtree below(out);
  const std::uint8_t type = out.u8(in, kCapType);
  const std::uint8_t length = out.u8(in, kCapLength);
  Cursor value = in.sub(length);
  if (!in.ok()) return;
  switch (type) {
    case kMultiprotocol: read_pieces(value, out, {{kCapMpAfi, 2}, {kCapReserved, 1, true}, {kCapMpSafi, 1}}); break;
    case kOrf:
    case kCiscoOrf: read_filters(value, out); break;
    case kNextHopEncoding:
      while (value.left() > 0) read_pieces(value, out, {{kCapEnhAfi, 2}, {kCapEnhSafi, 2}, {kCapEnhNhafi, 2}});
      break;
    case kRestart: read_restart(value, out); break;
    case kAs4:
      speaker.as = out.u32(value, kCap4as);
      speaker.as4 = value.ok();
      break;
    case kDynamic:
      while (value.left() > 0) out.u8(value, kCapDc);
      break;
    case kAddPath:
      while (value.left() > 0) {
        const std::uint16_t afi = out.u16(value, kCapApAfi);
        const std::uint8_t safi = out.u8(value, kCapApSafi);
        const std::uint8_t ways = out.u8(value, kCapApSendreceive);
        if (afi == 1 && safi == 1) speaker.add_path = ways;
      }
      break;
    case kFqdn: read_names(value, out); break;
    default:
      if (length > 0) out.bytes(value, kCapUnknown, length);
  }
}

void read_parameters(Cursor& in, LayerBuilder& out, Speaker& speaker) {
  out.mark(kOpenOpt, in.rest());
  const LayerBuilder::Subtree below(out);
  while (in.left() > 0) {
    out.mark(kOpenOptParam, in.rest());
    const LayerBuilder::Subtree deeper(out);
    const std::uint8_t type = out.u8(in, kOpenOptParamType);
    const std::uint8_t length = out.u8(in, kOpenOptParamLen);
    Cursor value = in.sub(length);
    if (!in.ok()) return;
    if (type == 2) {
      while (value.left() > 0) read_capability(value, out, speaker);
      if (!value.ok()) return in.fail();
    } else {
      out.bytes(value, type == 1 ? kOpenOptParamAuth : kOpenOptParamUnknown, length);
    }
  }
}

void read_open(Cursor& in, LayerBuilder& out) {
  Speaker speaker{};
  out.u8(in, kOpenVersion);
  speaker.as = out.u16(in, kOpenMyas);
  speaker.hold = out.u16(in, kOpenHoldtime);
  speaker.id = out.ipv4(in, kOpenIdentifier);
  const std::uint8_t length = out.u8(in, kOpenOptLen);
  if (!in.ok()) return;
  if (Cursor options = in.sub(std::min<std::size_t>(length, in.left())); options.left() > 0) {
    read_parameters(options, out, speaker);
    if (!options.ok()) in.fail();
  }
  speaker.opened = true;
  auto& state = out.state<State>();
  state.sides[out.from_orig() ? 0 : 1] = speaker;
  state.established = false;
  Event event;
  event.item(kOpenMyas, speaker.as);
  event.item(kOpenIdentifier, speaker.id);
  event.item(kOpenHoldtime, speaker.hold);
  event.text = out.frame().src.ip.text() + " AS " + std::to_string(speaker.as) + " identifier " +
               ipv4_text(speaker.id) + " hold time " + std::to_string(speaker.hold);
  event.send(out, "open");
}

void tell_keepalive(LayerBuilder& out) {
  auto& state = out.state<State>();
  state.sides[out.from_orig() ? 0 : 1].alive = true;
  const Speaker &a = state.sides[0], &b = state.sides[1];
  if (state.established || !a.opened || !b.opened || !a.alive || !b.alive) return;
  state.established = true;
  Event event;
  for (const Speaker* speaker : {&a, &b}) {
    event.item(kOpenMyas, speaker->as);
    event.item(kOpenIdentifier, speaker->id);
    event.say((speaker == &a ? "" : " with ") + ipv4_text(speaker->id) + " AS " + std::to_string(speaker->as));
  }
  event.say(", hold time " + std::to_string(std::min(a.hold, b.hold)));
  event.send(out, "session established");
}

void read_notification(Cursor& in, LayerBuilder& out) {
  const std::uint8_t major = out.u8(in, kNotifyMajorError);
  constexpr std::size_t kMinor[] = {kNotifyMinorError,        kNotifyMinorErrorOpen,  kNotifyMinorErrorUpdate,
                                    kNotifyMinorErrorExpired, kNotifyMinorErrorState, kNotifyMinorErrorCease};
  const std::size_t field = major >= 1 && major <= std::size(kMinor) ? kMinor[major - 1] : kNotifyMinorError;
  const std::uint8_t minor = out.u8(in, field);
  if (!in.ok()) return;
  Event event;
  event.item(kNotifyMajorError, major);
  event.item(field, minor);
  const std::string_view why = major == 6   ? name_of(kCeaseNames, minor, "")
                               : major == 2 ? name_of(kOpenErrorNames, minor, "")
                                            : std::string_view();
  event.text = out.frame().src.ip.text() + ": " + std::string(name_of(kErrorNames, major, "Unknown error"));
  if (!why.empty()) event.say(", " + std::string(why));
  if (major == 6 && (minor == 2 || minor == 4) && in.left() > 0) {
    const std::uint8_t length = out.u8(in, kNotifyCommunicationLength);
    const Bytes text = out.bytes(in, kNotifyCommunication, length);
    if (in.ok()) event.say(": " + std::string(as_text(text)));
  } else if (major == 2 && minor == 2 && in.left() == 2) {
    out.u16(in, kNotifyErrorOpenBadPeerAs);
  } else if (in.left() > 0) {
    out.bytes(in, kNotifyMinorData, in.left());
  }
  event.send(out, "session closed");
  out.state<State>() = {};
}

// A filter of prefixes, RFC 5292.
void read_filter_entries(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    out.mark(kRouteRefreshOrfEntry, in.rest());
    const LayerBuilder::Subtree below(out);
    const Bytes where = in.take(1);
    if (!in.ok()) return;
    out.add(kRouteRefreshOrfEntryAction, where[0] >> 6U, where);
    if (where[0] >> 6U == 2) continue;  // remove all
    out.add(kRouteRefreshOrfEntryMatch, where[0] >> 5U & 1U, where);
    read_pieces(in, out,
                {{kRouteRefreshOrfEntrySequence, 4},
                 {kRouteRefreshOrfEntryPrefixmaskLower, 1},
                 {kRouteRefreshOrfEntryPrefixmaskUpper, 1}});
    const std::uint8_t bits = out.u8(in, kPrefixLength);
    const Bytes prefix = in.take((bits + 7U) / 8U);
    if (!in.ok() || prefix.size() > 4) return in.fail();
    out.add(kRouteRefreshOrfEntryIp, prefix.empty() ? 0 : number_of(prefix) << (32U - 8U * prefix.size()), prefix);
  }
}

void read_refresh(Cursor& in, LayerBuilder& out) {
  const std::uint16_t afi = out.u16(in, kRouteRefreshAfi);
  const std::uint8_t subtype = out.u8(in, kRouteRefreshSubtype);
  const std::uint8_t safi = out.u8(in, kRouteRefreshSafi);
  if (!in.ok()) return;
  Event event;
  event.item(kRouteRefreshAfi, afi);
  event.item(kRouteRefreshSafi, safi);
  event.text = out.frame().src.ip.text() + ": " + std::string(name_of(kAfiNames, afi, "Unknown family")) + " " +
               std::string(name_of(kSafiNames, safi, "Unknown"));
  event.send(out, subtype == 1 ? "route refresh begins" : subtype == 2 ? "route refresh ends" : "route refresh");
  if (in.left() == 0) return;
  out.mark(kRouteRefreshOrf, in.rest());
  const LayerBuilder::Subtree below(out);
  out.u8(in, kRouteRefreshOrfFlag);
  while (in.left() > 0) {
    out.u8(in, kRouteRefreshOrfType);
    const Bytes length = in.take(2);
    if (!in.ok()) return;
    out.add(kRouteRefreshOrfLength, number_of(length), length);
    Cursor entries = in.sub(number_of(length));
    read_filter_entries(entries, out);
    if (!entries.ok()) return in.fail();
  }
}

void tell_update(Update& update, LayerBuilder& out) {
  Event& event = update.event;
  if (update.announced) {
    event.say("announced " + update.routes);
    if (!update.next_hop.empty()) event.say(" via " + update.next_hop);
    if (!update.path.empty()) event.say(" AS path " + update.path);
  }
  if (update.withdrawn) event.say((update.announced ? "; withdrawn " : "withdrawn ") + update.gone);
  if (!update.announced && !update.withdrawn) event.say("end of RIB");
  event.send(out, update.announced   ? (update.withdrawn ? "announced and withdrawn" : "announced")
                  : update.withdrawn ? "withdrawn"
                                     : "end of RIB");
}

void read_body(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kOpenType: return read_open(in, out);
    case kUpdateType: {
      Update update;
      read_update(out.state<State>(), in, out, update);
      if (in.ok() || update.announced || update.withdrawn) tell_update(update, out);
      return;
    }
    case kNotificationType: return read_notification(in, out);
    case kKeepaliveType: return tell_keepalive(out);
    case kRefreshType:
    case 0x80: return read_refresh(in, out);
    default: return;
  }
}

// Several messages share a packet and its line.
bool follows_another(const Frame& frame) {
  return frame.layer_count >= 2 && frame.layers[frame.layer_count - 1U] == frame.layers[frame.layer_count - 2U];
}

bool is_marker(Bytes start) {
  return std::ranges::all_of(start.first(std::min(start.size(), kMarkerSize)),
                             [](std::uint8_t octet) { return octet == 0xff; });
}

Outcome dissect_bgp(Cursor& in, LayerBuilder& out) {
  const Bytes start = in.peek(kHeaderSize);
  if (!is_marker(start)) return Outcome::kNotMine;
  if (start.size() < kHeaderSize) {
    if (out.at_end()) return Outcome::kTruncated;
    out.need(kHeaderSize);
    return Outcome::kNeedMore;
  }
  const std::size_t length = number_of(start.subspan(kMarkerSize, 2));
  if (length < kHeaderSize) return Outcome::kNotMine;
  const bool whole = in.left() >= length;
  if (!whole && !out.at_end()) {
    out.need(length);
    return Outcome::kNeedMore;
  }
  out.bytes(in, kMarker, kMarkerSize);
  out.u16(in, kLength);
  const std::uint8_t type = out.u8(in, kType);
  if (out.wanted()) {
    const std::string name(name_of(kTypeNames, type, "Unknown message type"));
    follows_another(out.frame()) ? out.append_info(", " + name) : out.info(name);
  }
  Cursor body = in.sub(std::min(length - kHeaderSize, in.left()));
  read_body(type, body, out);
  if (body.ok() && whole) return Outcome::kDone;
  if (!whole) return Outcome::kTruncated;
  // The next message stands where this one's length says, whatever is wrong within.
  out.issue(IssueKind::kMalformed, body);
  return Outcome::kDone;
}

Likeness probe_bgp(Bytes start, const ProbeHint&) {
  if (start.empty() || !is_marker(start)) return Likeness::kNo;
  if (start.size() < kHeaderSize) return Likeness::kMaybe;
  const std::size_t length = number_of(start.subspan(kMarkerSize, 2));
  const std::uint8_t type = start[kHeaderSize - 1];
  const bool sane = length >= kHeaderSize && ((type >= kOpenType && type <= kRefreshType) || type == 0x80) &&
                    (type != kKeepaliveType || length == kHeaderSize);
  return sane ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace
}  // namespace bgp

extern constinit const Dissector bgp_dissector{.name = "bgp",
                                               .title = "Border Gateway Protocol",
                                               .column = "BGP",
                                               .fields = bgp::kFields,
                                               .binds = bgp::kBinds,
                                               .dissect = &bgp::dissect_bgp,
                                               .probe = &bgp::probe_bgp,
                                               .stream = true};

}  // namespace pr::dissect
