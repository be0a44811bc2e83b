// VRRP versions 2 (RFC 3768) and 3 (RFC 5798).
#include "helper/dissect/checksum.h"
#include "helper/dissect/proto/event.h"
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{1, "Advertisement"}};
constexpr NamedValue kAuthNames[] = {{0, "No Authentication"},
                                     {1, "Simple Text Authentication [RFC 2338] / Reserved [RFC 3768]"},
                                     {2, "IP Authentication Header [RFC 2338] / Reserved [RFC 3768]"},
                                     {254, "MD5 Authentication"}};

enum Field : std::size_t {
  kTypever,
  kVersion,
  kType,
  kVirtRtrId,
  kPrio,
  kAddrCount,
  kAuthType,
  kAdverInt,
  kChecksum,
  kChecksumStatus,
  kReservedMbz,
  kShortAdverInt,
  kIpAddr,
  kIpv6Addr,
  kAuthString,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"vrrp.typever", "VRRP message version and type", FieldType::kUint},
    {"vrrp.version", "VRRP protocol version", FieldType::kUint},
    {"vrrp.type", "VRRP packet type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"vrrp.virt_rtr_id", "Virtual Rtr ID", FieldType::kUint},
    {"vrrp.prio", "Priority", FieldType::kUint},
    {"vrrp.addr_count", "Addr Count", FieldType::kUint},
    {"vrrp.auth_type", "Auth Type", FieldType::kUint, Show::kDec, 0, kAuthNames},
    {"vrrp.adver_int", "Adver Int", FieldType::kUint},
    {"vrrp.checksum", "Checksum", FieldType::kUint, Show::kHex, 16},
    {"vrrp.checksum.status", "Checksum Status", FieldType::kUint},
    {"vrrp.reserved_mbz", "Reserved", FieldType::kUint},
    {"vrrp.short_adver_int", "Adver Int", FieldType::kUint},
    {"vrrp.ip_addr", "IP Address", FieldType::kIpv4},
    {"vrrp.ipv6_addr", "IPv6 Address", FieldType::kIpv6},
    {"vrrp.auth_string", "Authentication String", FieldType::kText},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr std::uint8_t kIpProtoVrrp = 112;
constexpr Bind kBinds[] = {{"ip.proto", kIpProtoVrrp}};

// What was said last in each direction, of the first virtual router in it: events are changes.
struct Side {
  bool seen = false;
  std::uint8_t router = 0, priority = 0;
};
struct State {
  Side sides[2];
};

void tell(std::uint8_t router, std::uint8_t priority, std::uint32_t address, LayerBuilder& out) {
  Side& before = out.state<State>().sides[out.from_orig() ? 0 : 1];
  if (before.seen && (before.router != router || before.priority == priority)) return;
  Event event;
  event.item(kVirtRtrId, router);
  event.item(kPrio, priority);
  if (address != 0) event.item(kIpAddr, address);
  event.text = "virtual router " + std::to_string(router) + " at " + out.frame().src.ip.text() + " priority " +
               std::to_string(priority);
  if (address != 0) event.say(" for " + ipv4_text(address));
  event.send(out, priority == 0 ? "master resigns" : before.seen ? "priority changed" : "master");
  before = {.seen = true, .router = router, .priority = priority};
}

void add_checksum(unsigned version, Bytes message, LayerBuilder& out) {
  const Frame& frame = out.frame();
  ChecksumStatus status = ChecksumStatus::kUnverified;
  if (message.size() >= frame.payload_len && frame.has_ip) {
    const auto pseudo = pseudo_header(static_cast<std::uint32_t>(message.size()), kIpProtoVrrp);
    const bool good = (version == 3 ? internet_checksum({frame.src.ip.octets(), frame.dst.ip.octets(), pseudo, message})
                                    : internet_checksum({message})) == 0;
    status = good ? ChecksumStatus::kGood : ChecksumStatus::kBad;
  }
  out.add(kChecksumStatus, static_cast<std::uint64_t>(status), Bytes{});
}

Outcome dissect_vrrp(Cursor& in, LayerBuilder& out) {
  if (!out.has_flow()) return Outcome::kWantsFlow;
  const Bytes message = in.rest();
  const Bytes first = in.peek(1);
  const std::uint8_t both = out.u8(in, kTypever);
  if (!in.ok()) return Outcome::kTruncated;
  const unsigned version = both >> 4U;
  if (version < 2 || version > 3 || (both & 15U) != 1) return Outcome::kNotMine;
  add_bits(both, first, out, {{kVersion, 4, 15}, {kType, 0, 15}});
  const std::uint8_t router = out.u8(in, kVirtRtrId);
  const std::uint8_t priority = out.u8(in, kPrio);
  const std::uint8_t count = out.u8(in, kAddrCount);
  std::uint8_t auth = 0;
  if (version == 3) {
    const Bytes where = in.take(2);
    if (in.ok()) add_bits(number_of(where), where, out, {{kReservedMbz, 12, 15}, {kShortAdverInt, 0, 0xfff}});
  } else {
    auth = out.u8(in, kAuthType);
    out.u8(in, kAdverInt);
  }
  out.u16(in, kChecksum);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wants(kChecksumStatus)) add_checksum(version, message, out);
  if (out.wanted()) out.info("Announcement (v" + std::to_string(version) + ")");
  const bool v6 = version == 3 && out.frame().src.ip.is_v6();
  std::uint32_t address = 0;
  for (unsigned i = 0; i < count && in.left() > 0; ++i) {
    if (v6) {
      out.bytes(in, kIpv6Addr, 16);
      continue;
    }
    const std::uint32_t here = out.ipv4(in, kIpAddr);
    if (i == 0) address = here;
  }
  if (in.ok()) tell(router, priority, address, out);
  if (auth == 1 && in.left() >= 8) {
    const Bytes where = in.take(8);
    const std::string_view text = as_text(where);
    out.add_text(kAuthString, text.substr(0, text.find('\0')), where);
  }
  const bool good = in.ok();
  in.skip(in.left());
  return good ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector vrrp_dissector{.name = "vrrp",
                                                .title = "Virtual Router Redundancy Protocol",
                                                .column = "VRRP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_vrrp,
                                                .datagram = true};

}  // namespace pr::dissect
