// ARCNET as BSD and Linux capture it, with the protocols of RFC 1051 and RFC 1201. Linux leaves in the offset that its
// driver knows a packet by, and takes out what RFC 1201 puts before the headers of long packets.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kProtocolNames[] = {{0x00, "Datapoint boot"},
                                         {0x01, "Datapoint mount"},
                                         {0x08, "PowerLAN beacon"},
                                         {0x80, "Diagnose"},
                                         {0xc4, "IPv6"},
                                         {0xcd, "BACnet"},
                                         {0xd4, "RFC 1201 IP"},
                                         {0xd5, "RFC 1201 ARP"},
                                         {0xd6, "RFC 1201 RARP"},
                                         {0xdd, "Appletalk"},
                                         {0xe8, "Encapsulated Ethernet"},
                                         {0xec, "Novell of some sort"},
                                         {0xf0, "RFC 1051 IP"},
                                         {0xf1, "RFC 1051 ARP"},
                                         {0xf3, "PowerLAN beacon2"},
                                         {0xf7, "Banyan VINES"},
                                         {0xfa, "IPX"}};

enum Field : std::size_t {
  kSrc,
  kDst,
  kOffset,
  kProtocol,
  kSplitFlag,
  kExceptionFlag,
  kPadding,
  kSequence,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"arcnet.src", "Source", FieldType::kUint, Show::kHex, 8},
    {"arcnet.dst", "Dest", FieldType::kUint, Show::kHex, 8},
    {"arcnet.offset", "Offset", FieldType::kBytes},
    {"arcnet.protID", "Protocol ID", FieldType::kUint, Show::kHex, 8, kProtocolNames},
    {"arcnet.split_flag", "Split Flag", FieldType::kUint},
    {"arcnet.exception_flag", "Exception Flag", FieldType::kUint, Show::kHex, 8},
    {"arcnet.padding", "Padding", FieldType::kUint, Show::kHex, 16},
    {"arcnet.sequence", "Sequence", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr std::uint16_t kLinux = 129;
constexpr Bind kBinds[] = {{"link", 7}, {"link", kLinux}};
constexpr const char* kTables[] = {"arcnet.protocol_id"};
constexpr std::uint8_t kException = 0xff;

// These come without the header of RFC 1201.
bool is_plain(std::uint8_t protocol) {
  constexpr std::uint8_t kPlain[] = {0xf0, 0xf1, 0x80, 0xcd};
  return std::ranges::find(kPlain, protocol) != std::end(kPlain);
}

std::uint8_t read_header(Cursor& in, LayerBuilder& out, bool may_except) {
  std::uint8_t protocol = out.u8(in, kProtocol);
  if (!in.ok() || is_plain(protocol)) return 0;
  const Bytes flag = in.peek(1);
  if (may_except && !flag.empty() && flag[0] == kException) {
    out.u8(in, kExceptionFlag);
    out.u16(in, kPadding);
    protocol = out.u8(in, kProtocol);
  }
  const std::uint8_t split = out.u8(in, kSplitFlag);
  out.u16(in, kSequence);
  return split;
}

Outcome dissect_arcnet(Cursor& in, LayerBuilder& out) {
  const bool cooked = out.packet().link_type == kLinux;
  const Bytes ids = in.peek(2);
  out.u8(in, kSrc);
  out.u8(in, kDst);
  if (cooked) out.bytes(in, kOffset, 2);
  const Bytes protocol = in.peek(1);
  const std::uint8_t split = read_header(in, out, !cooked);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.info("0x" + hex16(ids[0]).substr(2) + " \u2192 0x" + hex16(ids[1]).substr(2) + " " +
             std::string(name_of(kProtocolNames, protocol[0], "Unknown protocol")));
  }
  // An even flag numbers a later part of a packet that was split; an odd one marks the first.
  const bool later_part = split != 0 && (split & 1U) == 0;
  if (later_part || !out.next(0, protocol[0], in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector arcnet_dissector{.name = "arcnet",
                                                  .title = "ARCNET",
                                                  .column = "ARCNET",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .tables = kTables,
                                                  .dissect = &dissect_arcnet};

}  // namespace pr::dissect
