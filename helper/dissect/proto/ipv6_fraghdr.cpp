// The fragment header of IPv6, RFC 8200 section 4.5. A header without offset and without more to come is no fragment
// (an atomic one, RFC 6946).
#include "helper/dissect/proto/ipv6/extension.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kNxt,
  kReservedOctet,
  kOffset,
  kReservedBits,
  kMore,
  kIdent,
  kFragments,
  kFragment,
  kFragmentCount,
  kReassembledLength,
  kReassembledData,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"ipv6.fraghdr.nxt", "Next header", FieldType::kUint, Show::kDec, 0, kIpProtoNames},
    {"ipv6.fraghdr.reserved_octet", "Reserved octet", FieldType::kUint, Show::kHex, 8},
    {"ipv6.fraghdr.offset", "Offset", FieldType::kUint},
    {"ipv6.fraghdr.reserved_bits", "Reserved bits", FieldType::kUint},
    {"ipv6.fraghdr.more", "More Fragments", FieldType::kBool},
    {"ipv6.fraghdr.ident", "Identification", FieldType::kUint, Show::kHex, 32},
    {"ipv6.fragments", "IPv6 Fragments", FieldType::kNone},
    {"ipv6.fragment", "IPv6 Fragment", FieldType::kUint},
    {"ipv6.fragment.count", "Fragment count", FieldType::kUint},
    {"ipv6.reassembled.length", "Reassembled IPv6 length", FieldType::kUint},
    {"ipv6.reassembled.data", "Reassembled IPv6 data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ip.proto", kIpProtoFragment}};
constexpr const char* kTables[] = {"ip.proto"};
constexpr std::size_t kLength = 8;

struct Header {
  std::uint8_t next = 0;
  std::uint16_t word = 0;
  std::uint32_t ident = 0;

  [[nodiscard]] std::uint32_t offset() const { return word & 0xfff8U; }
  [[nodiscard]] bool more() const { return (word & 1U) != 0; }
};

void add_reassembly(LayerBuilder& out, Bytes whole) {
  out.mark(kFragments, Bytes{});
  LayerBuilder::Subtree below(out);
  if (const PacketFacts* facts = out.facts(); facts != nullptr && !facts->fragments.empty()) {
    for (const Part& part : facts->fragments) out.add(kFragment, part.packet, Bytes{});
    out.add(kFragmentCount, facts->fragments.size(), Bytes{});
  }
  out.add(kReassembledLength, whole.size(), Bytes{});
  out.add(kReassembledData, whole, whole);
}

std::string info_of(const Header& header) {
  return "IPv6 fragment (off=" + std::to_string(header.offset()) + " more=" + (header.more() ? "y" : "n") +
         " ident=0x" + hex16(static_cast<std::uint16_t>(header.ident >> 16U)) +
         hex16(static_cast<std::uint16_t>(header.ident)) + " nxt=" + std::to_string(header.next) + ")";
}

void dissect_fragment(const Header& header, bool complete, Cursor& in, LayerBuilder& out) {
  if (!out.quoted()) {
    Frame& frame = out.frame();
    frame.ip_proto = header.next;
    const Bytes whole = out.defragment({.src = frame.src.ip,
                                        .dst = frame.dst.ip,
                                        .id = header.ident,
                                        .ip_proto = header.next,
                                        .vlan = frame.vlan,
                                        .offset = header.offset(),
                                        .more = header.more(),
                                        .bytes = in.rest(),
                                        .complete = complete});
    if (!whole.empty()) {
      out.layer_length(kLength);
      Cursor inner = out.source("Reassembled IPv6", whole);
      if (out.wanted()) add_reassembly(out, whole);
      frame.defragmented = true;
      frame.payload_len = static_cast<std::uint32_t>(whole.size());
      return ipv6::dissect_next(header.next, 0, inner, out);
    }
    frame.fragment = true;
  }
  if (out.wanted()) out.info(info_of(header));
  out.data(in);
}

Outcome dissect_fraghdr(Cursor& in, LayerBuilder& out) {
  if (!ipv6::enter_extension(in, out)) return Outcome::kDone;
  Header header;
  header.next = out.u8(in, kNxt);
  out.u8(in, kReservedOctet);
  const Bytes where = in.peek(2);
  header.word = in.u16();
  if (!in.ok()) return Outcome::kTruncated;
  out.add(kOffset, header.offset() >> 3U, where);
  out.add(kReservedBits, header.word >> 1U & 3U, where);
  out.add(kMore, header.word & 1U, where);
  header.ident = out.u32(in, kIdent);
  if (!in.ok()) return Outcome::kTruncated;
  const bool atomic = header.offset() == 0 && !header.more();
  const bool complete = in.left() + kLength >= out.frame().payload_len || out.quoted();
  if (atomic || in.left() == 0) {
    ipv6::dissect_next(header.next, kLength, in, out);
  } else {
    dissect_fragment(header, complete, in, out);
  }
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ipv6_fraghdr_dissector{.name = "ipv6.fraghdr",
                                                        .title = "Fragment Header for IPv6",
                                                        .fields = kFields,
                                                        .binds = kBinds,
                                                        .tables = kTables,
                                                        .dissect = &dissect_fraghdr};

}  // namespace pr::dissect
