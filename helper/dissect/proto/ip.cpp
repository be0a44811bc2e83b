// IPv4, RFC 791; the type of service as RFC 2474 and 3168 have it.
#include "helper/dissect/proto/ip/fields.h"
#include "shared/model/address.h"

namespace pr::dissect {
namespace ipv4 {
namespace {

constexpr const char* kAddr[] = {"ip.src", "ip.dst"};
constexpr const char* kHost[] = {"ip.src_host", "ip.dst_host"};
constexpr AliasDef kAliases[] = {{"ip.addr", "Source or Destination Address", kAddr},
                                 {"ip.host", "Source or Destination Host", kHost}};

constexpr Bind kBinds[] = {{"ethertype", kEtherTypeIpv4},
                           {"link", 228},
                           {"ip.version", 4},
                           {"ip.proto", kIpProtoIpv4},
                           {"null.bsd", 2},
                           {"ppp.protocol", 0x0021},
                           {"chdlc.protocol", 0x0800},
                           {"llc.type", 0x0800},
                           {"llc.dsap", 0x06},
                           {"gre.proto", 0x0800},
                           {"gre.proto", 0x883e},
                           {"vxlan.next_proto", 1},
                           {"fr.nlpid", 0xcc},
                           {"arcnet.protocol_id", 0xf0},
                           {"arcnet.protocol_id", 0xd4}};
constexpr const char* kTables[] = {"ip.proto"};

constexpr std::size_t kMinHeader = 20;
constexpr std::uint16_t kMoreFragments = 0x2000, kOffsetMask = 0x1fff;

struct Header {
  std::size_t header_length = 0;
  std::size_t total_length = 0;
  std::uint16_t id = 0, fragment = 0;
  std::uint8_t proto = 0;
  std::uint32_t src = 0, dst = 0;

  [[nodiscard]] std::uint32_t offset() const { return (fragment & kOffsetMask) * 8U; }
  [[nodiscard]] bool more() const { return (fragment & kMoreFragments) != 0; }
};

void add_flags(LayerBuilder& out, std::uint16_t word, Bytes where) {
  const unsigned flags = word >> 13U;
  out.add(kFlags, flags, where.first(1));
  {
    LayerBuilder::Subtree below(out);
    out.add(kFlagsRb, flags >> 2U, where.first(1));
    out.add(kFlagsDf, flags >> 1U & 1U, where.first(1));
    out.add(kFlagsMf, flags & 1U, where.first(1));
  }
  out.add(kFragOffset, word & kOffsetMask, where);
}

// A header as far as it was captured: reads again what dissect_ip read, this time for show.
[[gnu::noinline]] void add_header(Cursor in, LayerBuilder& out, const Header& header,
                                  std::optional<std::uint32_t> final_dst) {
  Bytes where = in.peek(1);
  const std::uint8_t first = in.u8();
  if (!in.ok()) return;
  out.add(kVersion, first >> 4U, where);
  out.add(kHdrLen, (first & 15U) * 4U, where);
  where = in.peek(1);
  const std::uint8_t service = out.u8(in, kDsfield);
  if (!in.ok()) return;
  {
    LayerBuilder::Subtree below(out);
    out.add(kDsfieldDscp, service >> 2U, where);
    out.add(kDsfieldEcn, service & 3U, where);
  }
  where = in.peek(2);
  const std::uint16_t stated = in.u16();
  // A length of zero is what segmentation offload leaves: the real one is shown.
  if (in.ok()) out.add(kLen, stated == 0 ? header.total_length : stated, where);
  out.u16(in, kId);
  where = in.peek(2);
  const std::uint16_t word = in.u16();
  if (!in.ok()) return;
  add_flags(out, word, where);
  out.u8(in, kTtl);
  out.u8(in, kProto);
  out.u16(in, kChecksum);
  if (in.ok()) out.add(kChecksumStatus, 2, Bytes{});
  where = in.peek(4);
  const std::uint32_t src = in.u32();
  if (in.ok()) add_address(out, kSrc, kSrcHost, src, where);
  where = in.peek(4);
  const std::uint32_t dst = in.u32();
  if (!in.ok()) return;
  if (final_dst.has_value()) {
    add_address(out, kCurRt, kCurRtHost, dst, where);
  } else {
    add_address(out, kDst, kDstHost, dst, where);
  }
}

void fill_frame(const Header& header, LayerBuilder& out) {
  if (out.quoted()) return;
  out.frame().enter_network(IpAddress::v4(header.src), IpAddress::v4(header.dst), header.proto);
}

void add_reassembly(LayerBuilder& out, Bytes whole) {
  out.add(kFragments, whole, whole);
  {
    LayerBuilder::Subtree below(out);
    if (const PacketFacts* facts = out.facts(); facts != nullptr && !facts->fragments.empty()) {
      for (const Part& part : facts->fragments) out.add(kFragment, part.packet, Bytes{});
      out.add(kFragmentCount, facts->fragments.size(), Bytes{});
    }
    out.add(kReassembledLength, whole.size(), Bytes{});
    out.add(kReassembledData, whole, whole);
  }
}

std::string fragment_text(const Header& header) {
  return "Fragmented IP protocol (proto=" + std::string(name_of(kIpProtoNames, header.proto, "Unknown")) + " " +
         std::to_string(header.proto) + ", off=" + std::to_string(header.offset()) + ", ID=" + hex16(header.id) + ")";
}

void dissect_payload(const Header& header, Cursor& in, LayerBuilder& out) {
  if (out.wanted()) {
    out.info(std::string(name_of(kIpProtoNames, header.proto, "Unknown")) + " (" + std::to_string(header.proto) + ")");
  }
  if (in.left() == 0 && out.frame().payload_len == 0) return;  // a header alone is no broken transport
  if (!out.next(0, header.proto, in)) out.data(in);
}

// A fragment: what it completes goes on, else its octets are all there is to show.
void dissect_fragment(const Header& header, bool complete, Cursor& in, LayerBuilder& out) {
  if (!out.quoted()) {
    const Frame& frame = out.frame();
    const Bytes whole = out.defragment({.src = frame.src.ip,
                                        .dst = frame.dst.ip,
                                        .id = header.id,
                                        .ip_proto = header.proto,
                                        .vlan = frame.vlan,
                                        .offset = header.offset(),
                                        .more = header.more(),
                                        .bytes = in.rest(),
                                        .complete = complete});
    if (!whole.empty()) {
      out.layer_length(header.header_length);
      Cursor inner = out.source("Reassembled IPv4", whole);
      if (out.wanted()) add_reassembly(out, whole);
      out.frame().defragmented = true;
      out.frame().payload_len = static_cast<std::uint32_t>(whole.size());
      return dissect_payload(header, inner, out);
    }
    out.frame().fragment = true;
  } else if (header.offset() == 0) {
    return dissect_payload(header, in, out);
  }
  if (out.wanted()) out.info(fragment_text(header));
  out.data(in);
}

// Lengths of a whole header; false: they contradict each other, and nothing follows.
bool check_lengths(Header& header, std::size_t wire, LayerBuilder& out) {
  if (header.total_length == 0) header.total_length = wire;
  if (header.total_length >= header.header_length) return true;
  if (out.wanted()) {
    out.info("Bogus IP length (" + std::to_string(header.total_length) + ", less than header length " +
             std::to_string(header.header_length) + ")");
  }
  return false;
}

Outcome dissect_ip(Cursor& in, LayerBuilder& out) {
  const std::size_t wire = wire_left(in, out);
  const Cursor start = in;
  Header header;
  const std::uint8_t first = in.u8();
  if (!in.ok()) return Outcome::kTruncated;
  if (first >> 4U == 6) {  // an IPv6 packet under IPv4's number
    in = start;
    return out.next("ipv6", in) ? Outcome::kDone : Outcome::kMalformed;
  }
  header.header_length = (first & 15U) * std::size_t{4};
  if (first >> 4U != 4 || header.header_length < kMinHeader) {
    out.add(kVersion, first >> 4U, start.peek(1));
    if (out.wanted()) out.info(first >> 4U != 4 ? "Bogus IP version" : "Bogus IP header length");
    in.skip(in.left());
    return Outcome::kDone;
  }
  in.skip(1);
  header.total_length = in.u16();
  header.id = in.u16();
  header.fragment = in.u16();
  out.frame().ttl = in.u8();
  header.proto = in.u8();
  in.skip(2);
  header.src = in.u32();
  header.dst = in.u32();
  const bool whole = in.ok();
  const Bytes options = whole ? in.peek(header.header_length - kMinHeader) : Bytes{};
  const std::optional<std::uint32_t> final_dst = options.empty() ? std::nullopt : final_destination(options);
  const bool sane = check_lengths(header, wire, out);
  if (out.wanted()) add_header(start, out, header, final_dst);
  if (!whole) return Outcome::kTruncated;
  header.dst = final_dst.value_or(header.dst);
  fill_frame(header, out);
  if (!sane) {
    in.skip(in.left());
    return Outcome::kDone;
  }
  if (out.wanted() && !options.empty()) add_options(options, out);
  in.skip(header.header_length - kMinHeader);
  if (!in.ok()) return Outcome::kTruncated;
  const std::size_t payload =
      std::min(header.total_length, std::max(wire, header.header_length)) - header.header_length;
  out.frame().payload_len = static_cast<std::uint32_t>(payload);
  Cursor inner = in.sub(std::min(payload, in.left()));
  if (out.wanted()) out.layer_length(header.header_length);
  const bool is_fragment = (header.fragment & (kMoreFragments | kOffsetMask)) != 0 && payload > 0;
  const bool complete = inner.left() == header.total_length - header.header_length;
  if (is_fragment && (complete || header.offset() != 0)) {
    dissect_fragment(header, complete, inner, out);
  } else {
    if (is_fragment && !out.quoted()) out.frame().partial = true;
    dissect_payload(header, inner, out);
  }
  return Outcome::kDone;
}

}  // namespace
}  // namespace ipv4

extern constinit const Dissector ip_dissector{.name = "ip",
                                              .title = "Internet Protocol Version 4",
                                              .column = "IPv4",
                                              .fields = ipv4::kFields,
                                              .aliases = ipv4::kAliases,
                                              .binds = ipv4::kBinds,
                                              .tables = ipv4::kTables,
                                              .dissect = &ipv4::dissect_ip};

}  // namespace pr::dissect
