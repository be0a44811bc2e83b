// SCTP, RFC 9260. Messages that one chunk carries whole are handed on by payload protocol identifier, else by port.
#include "helper/dissect/proto/sctp/fields.h"

namespace pr::dissect {
namespace sctp {
namespace {

constexpr const char* kPort[] = {"sctp.srcport", "sctp.dstport"};
constexpr AliasDef kAliases[] = {{"sctp.port", "Port", kPort}};
constexpr Bind kBinds[] = {{"ip.proto", kIpProtoSctp}};
constexpr const char* kTables[] = {"sctp.ppi", "sctp.port"};

// One chunk with its padding. False: nothing can follow.
bool read_one(Cursor& in, LayerBuilder& out, Walk* walk) {
  const Bytes head = in.peek(4);
  const auto [type, flags, length] = read_chunk_header(in, out);
  if (!in.ok()) return false;
  if (out.wanted()) walk->info += std::string(name_of(kChunkNames, type, "RESERVED")) + " ";
  if (length < 4) {
    in.skip(in.left());
    return false;
  }
  Cursor body = in.sub(std::min<std::size_t>(length - 4U, in.left()));
  const bool whole = body.left() + 4U == length;
  read_chunk(type, flags, head.subspan(1, 1), body, out, walk);
  if (!whole || !body.ok()) {
    in.fail();
    return false;
  }
  const std::size_t padding = std::min<std::size_t>((4 - length % 4U) % 4U, in.left());
  if (padding > 0) out.bytes(in, kChunkPadding, padding);
  return true;
}

void dissect_carried(const Walk& walk, std::uint16_t low, std::uint16_t high, LayerBuilder& out) {
  for (std::size_t i = 0; i < walk.count; ++i) {
    Cursor message(walk.carried[i].bytes);
    if (out.next(0, walk.carried[i].ppid, message)) continue;
    if (out.next(1, low, message) || out.next(1, high, message)) continue;
    out.data(message);
  }
}

Outcome dissect_sctp(Cursor& in, LayerBuilder& out) {
  const std::uint16_t src = out.u16(in, kSrcport);
  const std::uint16_t dst = out.u16(in, kDstport);
  if (in.ok() && !out.quoted()) {
    out.frame().src.port = src;
    out.frame().dst.port = dst;
  }
  out.u32(in, kVerificationTag);
  out.u32(in, kChecksum);
  if (!in.ok()) return out.quoted() ? Outcome::kDone : Outcome::kTruncated;
  out.add(kChecksumStatus, 2, Bytes{});
  Walk walk;
  while (in.left() > 0 && read_one(in, out, &walk)) {
  }
  if (out.wanted()) {
    out.info(std::move(walk.info));
    out.layer_length(in.at());
  }
  if (!out.quoted()) dissect_carried(walk, std::min(src, dst), std::max(src, dst), out);
  return in.ok() || out.quoted() ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace
}  // namespace sctp

extern constinit const Dissector sctp_dissector{.name = "sctp",
                                                .title = "Stream Control Transmission Protocol",
                                                .column = "SCTP",
                                                .fields = sctp::kFields,
                                                .aliases = sctp::kAliases,
                                                .binds = sctp::kBinds,
                                                .tables = sctp::kTables,
                                                .dissect = &sctp::dissect_sctp};

}  // namespace pr::dissect
