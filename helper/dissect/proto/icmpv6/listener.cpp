// Multicast listener discovery, RFC 2710 (version 1) and RFC 3810 (version 2).
#include "helper/dissect/proto/icmpv6/fields.h"

namespace pr::dissect::icmpv6 {
namespace {

constexpr std::size_t kVersion1Body = 20;  // of a query, behind the checksum

void read_query(Cursor& in, LayerBuilder& out) {
  const bool version2 = in.left() > kVersion1Body;
  out.u16(in, version2 ? kMldMaximumResponseCode : kMldMaximumResponseDelay);
  out.bytes(in, kReserved, 2);
  out.bytes(in, kMldMulticastAddress, 16);
  if (!version2) return;
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kMldFlag);
  if (in.ok()) {
    LayerBuilder::Subtree below(out);
    out.add(kMldFlagS, flags >> 3U & 1U, where);
    out.add(kMldFlagQrv, flags & 7U, where);
    out.add(kMldFlagReserved, flags >> 4U, where);
  }
  out.u8(in, kMldQqi);
  const std::uint16_t sources = out.u16(in, kMldNbSources);
  for (unsigned i = 0; i < sources && in.ok(); ++i) out.bytes(in, kMldSourceAddress, 16);
}

void read_report(Cursor& in, LayerBuilder& out) {
  out.bytes(in, kReserved, 2);
  const std::uint16_t records = out.u16(in, kMldrNbMcastRecords);
  for (unsigned i = 0; i < records && in.ok(); ++i) {
    out.mark(kMldrMar, in.peek(20));
    LayerBuilder::Subtree below(out);
    out.u8(in, kMldrMarRecordType);
    const std::uint8_t auxiliary = out.u8(in, kMldrMarAuxDataLen);
    const std::uint16_t sources = out.u16(in, kMldrMarNbSources);
    out.bytes(in, kMldrMarMulticastAddress, 16);
    for (unsigned s = 0; s < sources && in.ok(); ++s) out.bytes(in, kMldrMarSourceAddress, 16);
    if (auxiliary > 0) out.bytes(in, kMldrMarAuxiliaryData, auxiliary * std::size_t{4});
  }
}

}  // namespace

void read_listener_discovery(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  if (type == kListenerQuery) return read_query(in, out);
  if (type == kListenerReportV2) return read_report(in, out);
  out.u16(in, kMldMaximumResponseDelay);
  out.bytes(in, kReserved, 2);
  out.bytes(in, kMldMulticastAddress, 16);
}

}  // namespace pr::dissect::icmpv6
