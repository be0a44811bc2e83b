// IS-IS complete sequence numbers: what a router has, ISO/IEC 10589 9.10.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/isis/common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kPduLength,
  kSourceId,
  kSourceCircuit,
  kStartLspId,
  kEndLspId,
  kClvType,
  kClvLength,
  kLspSeqNum,
  kLspRemainLife,
  kLspChecksum,
  kLspId,
  kIid,
  kSupportedItid,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"isis.csnp.pdu_length", "PDU length", FieldType::kUint},
    {"isis.csnp.source_id", "Source-ID", FieldType::kText},
    {"isis.csnp.source_circuit", "Source-ID-Circuit", FieldType::kBytes},
    {"isis.csnp.start_lsp_id", "Start LSP-ID", FieldType::kText},
    {"isis.csnp.end_lsp_id", "End LSP-ID", FieldType::kText},
    {"isis.csnp.clv.type", "Type", FieldType::kUint},
    {"isis.csnp.clv.length", "Length", FieldType::kUint},
    {"isis.csnp.lsp_seq_num", "LSP Sequence Number", FieldType::kUint, Show::kHex, 32},
    {"isis.csnp.lsp_remain_life", "Remaining Lifetime", FieldType::kUint},
    {"isis.csnp.lsp_checksum", "LSP checksum", FieldType::kUint, Show::kHex, 16},
    {"isis.csnp.lsp_id", "LSP-ID", FieldType::kText},
    {"isis.csnp.iid", "Instance Identifier", FieldType::kUint},
    {"isis.csnp.supported_itid", "Supported ITID", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"isis.type", 24}, {"isis.type", 25}};

void read_element(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  if (type == 7) {
    out.u16(in, kIid);
    while (in.left() >= 2) out.u16(in, kSupportedItid);
  }
  while (type == 9 && in.left() > 0) {
    out.u16(in, kLspRemainLife);
    isis::read_id(kLspId, isis::kSystemId + 2, in, out);
    read_pieces(in, out, {{kLspSeqNum, 4}, {kLspChecksum, 2}});
  }
}

Outcome dissect_csnp(Cursor& in, LayerBuilder& out) {
  const std::uint8_t packet_type = isis::skip_header(in);
  const std::uint16_t length = out.u16(in, kPduLength);
  const Bytes source = in.peek(isis::kSystemId + 1);
  isis::read_id(kSourceId, isis::kSystemId, in, out);
  out.bytes(in, kSourceCircuit, 1);
  const Bytes start = isis::read_id(kStartLspId, isis::kSystemId + 2, in, out);
  const Bytes end = isis::read_id(kEndLspId, isis::kSystemId + 2, in, out);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.info((packet_type == 24 ? "L1" : "L2") + (" CSNP, Source-ID: " + isis::id_text(source)) +
             ", Start LSP-ID: " + isis::id_text(start) + ", End LSP-ID: " + isis::id_text(end));
  }
  Cursor body = isis::whole_packet(length, in);
  const bool good = isis::read_elements(kClvType, kClvLength, body, out,
                                        [&](std::uint8_t type, Cursor& value) { read_element(type, value, out); });
  return good ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector isis_csnp_dissector{
    .name = "isis.csnp",
    .title = "ISO 10589 ISIS Complete Sequence Numbers Protocol Data Unit",
    .column = "ISIS CSNP",
    .fields = kFields,
    .binds = kBinds,
    .dissect = &dissect_csnp};

}  // namespace pr::dissect
