// PIM version 2 (RFC 7761, 3973, 5059) and version 1, which goes within IGMP.
#include "helper/dissect/checksum.h"
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"
#include "helper/dissect/proto/pim/fields.h"

namespace pr::dissect {
namespace pim {
namespace {

constexpr std::uint8_t kIpProtoPim = 103;
constexpr Bind kBinds[] = {{"ip.proto", kIpProtoPim}, {"igmp.type", 0x14}};
constexpr const char* kTables[] = {"ip.version"};

enum Type : std::uint8_t {
  kHello = 0,
  kRegister,
  kRegisterStop,
  kJoinPrune,
  kBootstrap,
  kAssert,
  kGraft,
  kGraftAck,
  kCandidate,
  kStateRefresh
};
constexpr std::uint32_t kNullRegister = 0x40000000;
constexpr std::size_t kRegisterHeader = 8;

// What the hellos of each direction said last: events are changes.
struct Side {
  bool greeted;
  bool leaving;
  std::uint32_t generation, priority;
};
struct State {
  Side sides[2];
};

std::string address_text(Bytes address) { return IpAddress::from(address).text(); }

// field: of the IPv4 form; the IPv6 form follows it in the table.
void add_address(std::size_t field, Bytes address, Bytes where, LayerBuilder& out) {
  address.size() == 16 ? out.add(field + 1, address, where) : out.add(field, number_of(address), where);
}

// Family and encoding of an encoded address, with the octets up to the address itself (`before`, from here on).
// Returns the address without consuming anything; empty: unknown or cut.
Bytes encoded_address(const Cursor& in, std::size_t before) {
  const Bytes all = in.rest();
  const std::size_t size = all.empty() ? 0 : all[0] == 1 ? 4 : all[0] == 2 ? 16 : 0;
  return size == 0 || all.size() < before + size ? Bytes{} : all.subspan(before, size);
}

Bytes read_unicast(std::size_t field, Cursor& in, LayerBuilder& out) {
  const Bytes address = encoded_address(in, 2);
  if (address.empty()) {
    in.fail();
    return {};
  }
  add_address(field, address, in.peek(2 + address.size()), out);
  const LayerBuilder::Subtree below(out);
  read_pieces(in, out, {{kAddrAddressFamily, 1}, {kAddrEncodingType, 1}});
  add_address(kUnicast, address, address, out);
  in.skip(address.size());
  return address;
}

Bytes read_group(Cursor& in, LayerBuilder& out) {
  const Bytes address = encoded_address(in, 4);
  if (address.empty()) {
    in.fail();
    return {};
  }
  add_address(kGroup, address, in.peek(4 + address.size()), out);
  const LayerBuilder::Subtree below(out);
  read_pieces(in, out, {{kAddrAddressFamily, 1}, {kAddrEncodingType, 1}});
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kGroupAddrFlags);
  add_bits(flags, where, out, {{kGroupAddrFlagsB, 7}, {kGroupAddrFlagsReserved, 1, 0x3f}, {kGroupAddrFlagsZ, 0}});
  out.u8(in, kMaskLen);
  add_address(kGroup, address, address, out);
  in.skip(address.size());
  return address;
}

Bytes read_source(std::size_t field, Cursor& in, LayerBuilder& out) {
  const Bytes address = encoded_address(in, 4);
  if (address.empty()) {
    in.fail();
    return {};
  }
  add_address(field, address, in.peek(4 + address.size()), out);
  const LayerBuilder::Subtree below(out);
  read_pieces(in, out, {{kAddrAddressFamily, 1}, {kAddrEncodingType, 1}});
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kSourceAddrFlags);
  add_bits(
      flags, where, out,
      {{kSourceAddrFlagsReserved, 3, 0x1f}, {kSourceAddrFlagsS, 2}, {kSourceAddrFlagsW, 1}, {kSourceAddrFlagsR, 0}});
  out.u8(in, kMaskLen);
  add_address(kSource, address, address, out);
  in.skip(address.size());
  return address;
}

void read_option(std::uint16_t type, std::uint16_t length, Cursor& in, LayerBuilder& out, Side* said) {
  switch (type) {
    case 1: said->leaving = out.u16(in, kHoldtime) == 0; break;
    case 2: {
      const Bytes where = in.take(2);
      if (in.ok()) {
        out.add(kT, where[0] >> 7U, where.first(1));
        out.add(kPropagationDelay, number_of(where) & 0x7fffU, where);
      }
      out.u16(in, kOverrideInterval);
      break;
    }
    case 19: said->priority = out.u32(in, kDrPriority); break;
    case 20: said->generation = out.u32(in, kGenerationId); break;
    case 21:
      read_pieces(in, out, {{kStateRefreshVersion, 1}, {kStateRefreshInterval, 1}, {kStateRefreshReserved, 2}});
      break;
    case 24:
    case 65001:
      while (in.left() > 0) read_unicast(kAddressList, in, out);
      break;
    default:
      if (length > 0) out.bytes(in, kOptionvalue, length);
  }
}

void read_hello(Cursor& in, LayerBuilder& out) {
  Side said{.greeted = true, .leaving = false, .generation = 0, .priority = 1};
  while (in.left() >= 4) {
    const std::uint16_t type = out.u16(in, kOptiontype);
    const std::uint16_t length = out.u16(in, kOptionlength);
    Cursor value = in.sub(length);
    if (!in.ok()) return;
    read_option(type, length, value, out, &said);
    if (!value.ok()) return in.fail();
  }
  Side& before = out.state<State>().sides[out.from_orig() ? 0 : 1];
  if (before.greeted && before.generation == said.generation && before.priority == said.priority &&
      before.leaving == said.leaving)
    return;
  Event event;
  event.item(kDrPriority, said.priority);
  event.item(kGenerationId, said.generation);
  event.text = "router " + out.frame().src.ip.text() + " DR priority " + std::to_string(said.priority) +
               " generation " + std::to_string(said.generation);
  event.send(out, said.leaving                           ? "goodbye"
                  : !before.greeted                      ? "hello"
                  : before.generation != said.generation ? "restarted"
                                                         : "priority changed");
  before = said;
}

void read_join_prune(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  Event event;
  const Bytes upstream = read_unicast(kUpstreamNeighbor, in, out);
  read_pieces(in, out, {{kResBytes, 1, true}});
  const std::uint8_t groups = out.u8(in, kNumgroups);
  out.u16(in, kHoldtime);
  if (!in.ok()) return;
  event.text = "to " + address_text(upstream) + ":";
  bool joined = false, pruned = false;
  for (unsigned g = 0; g < groups && in.left() > 0; ++g) {
    const Bytes group = read_group(in, out);
    const std::uint16_t joins = out.u16(in, kNumjoins);
    const std::uint16_t prunes = in.u16();
    const Bytes where = in.ok() ? in.since(in.at() - 2) : Bytes{};
    if (!in.ok()) return;
    if (group.size() == 4) event.item(kGroup, number_of(group));
    const auto say = [&](const char* what, Bytes source) {
      if (in.ok()) event.say(std::string(what) + " (" + address_text(source) + ", " + address_text(group) + ")");
    };
    for (unsigned i = 0; i < joins && in.left() > 0; ++i) say(" join", read_source(kJoinIp, in, out));
    out.add(kNumprunes, prunes, where);
    for (unsigned i = 0; i < prunes && in.left() > 0; ++i) say(" prune", read_source(kPruneIp, in, out));
    joined = joined || joins > 0;
    pruned = pruned || prunes > 0;
  }
  if (!in.ok() || type == kGraftAck) return;
  event.send(out, type == kGraft ? "graft" : !pruned ? "join" : !joined ? "prune" : "join and prune");
}

void read_metric(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.take(4);
  if (!in.ok()) return;
  out.add(kRpt, where[0] >> 7U, where.first(1));
  out.add(kMetricPref, number_of(where) & 0x7fffffffU, where);
  out.u32(in, kMetric);
}

void read_bootstrap(Cursor& in, LayerBuilder& out) {
  read_pieces(in, out, {{kFragmentTag, 2}, {kHashMaskLen, 1}, {kBsrPriority, 1}});
  read_unicast(kBsr, in, out);
  while (in.left() > 0) {
    read_group(in, out);
    out.u8(in, kRpCount);
    const std::uint8_t here = out.u8(in, kFrpCount);
    in.skip(2);
    for (unsigned i = 0; i < here && in.left() > 0; ++i) {
      read_unicast(kRp, in, out);
      read_pieces(in, out, {{kHoldtime, 2}, {kPriority, 1}, {kResBytes, 1, true}});
    }
  }
}

void read_candidate(Cursor& in, LayerBuilder& out) {
  const std::uint8_t prefixes = out.u8(in, kPrefixCount);
  read_pieces(in, out, {{kPriority, 1}, {kHoldtime, 2}});
  read_unicast(kRp, in, out);
  for (unsigned i = 0; i < prefixes && in.left() > 0; ++i) read_group(in, out);
}

void read_state_refresh(Cursor& in, LayerBuilder& out) {
  read_group(in, out);
  read_unicast(kSource, in, out);
  read_unicast(kOriginator, in, out);
  read_metric(in, out);
  read_pieces(in, out, {{kMaskLen, 1}, {kTtl, 1}});
  const Bytes where = in.take(1);
  if (in.ok()) add_bits(where[0], where, out, {{kPruneIndicator, 7}, {kPruneNow, 6}, {kAssertOverride, 5}});
  out.u8(in, kInterval);
}

// The packet within a Register belongs to no flow that PIM's own would be: it is dissected where it stands.
void read_register(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t flags = out.u32(in, kRegisterFlag);
  if (!in.ok()) return;
  add_bits(flags, where, out, {{kRegisterFlagBorder, 31}, {kRegisterFlagNullRegister, 30}});
  const Bytes first = in.peek(1);
  if (first.empty()) return;
  const unsigned version = first[0] >> 4U;
  out.add(kIpVersion, version, first);
  if (version == 0 || (flags & kNullRegister) != 0) {
    out.mark(kDummyHeader, in.rest());
    in.skip(in.left());
  } else if (!out.next(0, version, in)) {
    out.data(in);
  }
}

void read_body(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  switch (type) {
    case kHello: return read_hello(in, out);
    case kRegister: return read_register(in, out);
    case kRegisterStop:
      read_group(in, out);
      read_unicast(kSource, in, out);
      return;
    case kJoinPrune:
    case kGraft:
    case kGraftAck: return read_join_prune(type, in, out);
    case kBootstrap: return read_bootstrap(in, out);
    case kAssert:
      read_group(in, out);
      read_unicast(kSource, in, out);
      return read_metric(in, out);
    case kCandidate: return read_candidate(in, out);
    case kStateRefresh: return read_state_refresh(in, out);
    default: return;
  }
}

void add_checksum(std::uint8_t type, Bytes message, LayerBuilder& out) {
  const Frame& frame = out.frame();
  ChecksumStatus status = ChecksumStatus::kUnverified;
  if (message.size() >= frame.payload_len) {
    if (type == kRegister && message.size() >= kRegisterHeader)
      message = message.first(kRegisterHeader);  // RFC 7761 section 4.9
    const auto pseudo = pseudo_header(static_cast<std::uint32_t>(message.size()), kIpProtoPim);
    const bool v6 = frame.src.ip.is_v6();
    const bool good = (v6 ? internet_checksum({frame.src.ip.octets(), frame.dst.ip.octets(), pseudo, message})
                          : internet_checksum({message})) == 0;
    status = good ? ChecksumStatus::kGood : ChecksumStatus::kBad;
  }
  out.add(kCksumStatus, static_cast<std::uint64_t>(status), Bytes{});
}

Outcome dissect_version1(Cursor& in, LayerBuilder& out) {
  if (out.wanted()) out.column("PIMv1");
  out.add_text(kIgmpType, "PIM (0x14)", in.peek(1));
  in.skip(1);
  const std::uint8_t code = out.u8(in, kCode);
  out.u16(in, kCksum);
  if (in.ok() && out.wants(kCksumStatus)) add_checksum(code, in.all(), out);
  const Bytes version = in.take(1);
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kVersion, version[0] >> 4U, version);
  read_pieces(in, out, {{kResBytes, 3, true}});
  if (out.wanted()) out.info(std::string(name_of(kCodeNames, code, "Unknown")));
  out.mark(kOption, in.rest());
  const LayerBuilder::Subtree below(out);
  if (code == 4)
    read_pieces(in, out, {{kGroupAddress, 4}, {kGroupMask, 4}, {kRp, 4}, {kResBytes, 2, true}, {kHoldtime, 2}});
  const bool good = in.ok();
  in.skip(in.left());
  return good ? Outcome::kDone : Outcome::kTruncated;
}

Outcome dissect_pim(Cursor& in, LayerBuilder& out) {
  const Bytes message = in.rest();
  if (message.empty()) return Outcome::kTruncated;
  if (message[0] == 0x14) return dissect_version1(in, out);
  const std::uint8_t type = message[0] & 15U;
  if (!out.has_flow() && type != kRegister) return Outcome::kWantsFlow;
  in.skip(1);
  out.add(kVersion, message[0] >> 4U, message.first(1));
  if (message[0] >> 4U != 2) {
    in.skip(in.left());
    return Outcome::kDone;
  }
  out.add(kType, type, message.first(1));
  read_pieces(in, out, {{kResBytes, 1, true}});
  out.u16(in, kCksum);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wants(kCksumStatus)) add_checksum(type, message, out);
  if (out.wanted()) {
    out.column("PIMv2");
    out.info(std::string(name_of(kTypeNames, type, "Unknown")));
  }
  out.mark(kOption, in.rest());
  {
    const LayerBuilder::Subtree below(out);
    read_body(type, in, out);
  }
  const bool good = in.ok();
  in.skip(in.left());
  return good ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace
}  // namespace pim

extern constinit const Dissector pim_dissector{.name = "pim",
                                               .title = "Protocol Independent Multicast",
                                               .column = "PIM",
                                               .fields = pim::kFields,
                                               .binds = pim::kBinds,
                                               .tables = pim::kTables,
                                               .dissect = &pim::dissect_pim,
                                               .datagram = true};

}  // namespace pr::dissect
