// PKTAP of macOS: what the system knows of a packet - interface, process - and the packet with its own link type.
#include <algorithm>

#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kHeaderLength,
  kRecordType,
  kDlt,
  kInterface,
  kFlags,
  kFamily,
  kLinkHeader,
  kLinkTrailer,
  kProcess,
  kCommand,
  kServiceClass,
  kInterfaceType,
  kInterfaceUnit,
  kEffectiveProcess,
  kEffectiveCommand,
  kTooShort,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"pktap.hdrlen", "Header length", FieldType::kUint},
    {"pktap.rectype", "Record type", FieldType::kUint},
    {"pktap.dlt", "DLT", FieldType::kUint},
    {"pktap.ifname", "Interface name", FieldType::kText},
    {"pktap.flags", "Flags", FieldType::kUint, Show::kHex, 32},
    {"pktap.pfamily", "Protocol family", FieldType::kUint},
    {"pktap.llhdrlen", "Link-layer header length", FieldType::kUint},
    {"pktap.lltrlrlen", "Link-layer trailer length", FieldType::kUint},
    {"pktap.pid", "Process ID", FieldType::kUint},
    {"pktap.cmdname", "Command name", FieldType::kText},
    {"pktap.svc_class", "Service class", FieldType::kUint},
    {"pktap.iftype", "Interface type", FieldType::kUint},
    {"pktap.ifunit", "Interface unit", FieldType::kUint},
    {"pktap.epid", "Effective process ID", FieldType::kUint},
    {"pktap.ecmdname", "Effective command name", FieldType::kText},
    {"pktap.hdrlen_too_short", "Header length is too short", FieldType::kNone},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 258}};
constexpr const char* kTables[] = {"link"};
constexpr std::uint32_t kHeader = 108, kPacketRecord = 1, kPktap = 258, kUser2 = 149;

void add_name(Cursor& in, LayerBuilder& out, std::size_t field, std::size_t width) {
  const Bytes where = in.take(width);
  const auto end = std::ranges::find(where, std::uint8_t{0});
  if (in.ok()) out.add(field, where.first(static_cast<std::size_t>(end - where.begin())), where);
}

void add_description(Cursor in, LayerBuilder& out) {
  add_name(in, out, kInterface, 24);
  out.u32le(in, kFlags);
  out.u32le(in, kFamily);
  out.u32le(in, kLinkHeader);
  out.u32le(in, kLinkTrailer);
  out.u32le(in, kProcess);
  add_name(in, out, kCommand, 20);
  out.u32le(in, kServiceClass);
  out.u16le(in, kInterfaceType);
  out.u16le(in, kInterfaceUnit);
  out.u32le(in, kEffectiveProcess);
  add_name(in, out, kEffectiveCommand, 20);
}

Outcome dissect_pktap(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t length = out.u32le(in, kHeaderLength);
  if (!in.ok()) return Outcome::kTruncated;
  if (length < kHeader) {
    out.mark(kTooShort, where);
    return Outcome::kMalformed;
  }
  const std::uint32_t record = out.u32le(in, kRecordType);
  const std::uint32_t link = out.u32le(in, kDlt);
  constexpr std::uint32_t kRead = 12;
  const Cursor description = in.sub(length - kRead);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    add_description(description, out);
    out.info("PKTAP");
  }
  if (record == kPacketRecord) out.mention("pcap_pktdata");
  const bool nested = link == kPktap || link == kUser2;
  if (record != kPacketRecord || nested || !out.next(0, link, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector pktap_dissector{.name = "pktap",
                                                 .title = "PKTAP packet header",
                                                 .column = "PKTAP",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .tables = kTables,
                                                 .dissect = &dissect_pktap};

}  // namespace pr::dissect
