// What IPv6 extension headers share, RFC 8200 section 4: the way to the next one, and its bounds.
#pragma once

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect::ipv6 {

// More extension headers than this in one packet are an attack.
inline constexpr std::uint8_t kMaxExtensionHeaders = 16;

// To be called at an extension header's start: false when there were too many; the rest was then shown as Data.
inline bool enter_extension(Cursor& in, LayerBuilder& out) {
  if (++out.frame().extension_headers <= kMaxExtensionHeaders) return true;
  out.issue(IssueKind::kDepthLimit, in);
  out.data(in);
  return false;
}

// Hands the rest to the protocol of a next header field. tables[0] of the caller must be "ip.proto".
// header_length: octets of the header that ends here.
inline void dissect_next(std::uint8_t next, std::size_t header_length, Cursor& in, LayerBuilder& out) {
  Frame& frame = out.frame();
  frame.payload_len -= std::min<std::uint32_t>(frame.payload_len, static_cast<std::uint32_t>(header_length));
  if (!out.quoted()) frame.ip_proto = next;
  if (out.wanted()) {
    out.info(next == kIpProtoNoNext
                 ? "IPv6 no next header"
                 : std::string(name_of(kIpProtoNames, next, "Unknown")) + " (" + std::to_string(next) + ")");
  }
  if (next == kIpProtoNoNext || !out.next(0, next, in)) out.data(in);
}

}  // namespace pr::dissect::ipv6
