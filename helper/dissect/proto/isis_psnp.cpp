// IS-IS partial sequence numbers: what a router asks for or has received, ISO/IEC 10589 9.12.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/isis/common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kPduLength,
  kSourceId,
  kSourceCircuit,
  kClvType,
  kClvLength,
  kIsisCsnpLspSeqNum,
  kIsisCsnpLspRemainLife,
  kIsisCsnpLspChecksum,
  kIsisCsnpLspId,
  kIsisCsnpIid,
  kIsisCsnpSupportedItid,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"isis.psnp.pdu_length", "PDU length", FieldType::kUint},
    {"isis.psnp.source_id", "Source-ID", FieldType::kText},
    {"isis.psnp.source_circuit", "Source-ID-Circuit", FieldType::kBytes},
    {"isis.psnp.clv.type", "Type", FieldType::kUint},
    {"isis.psnp.clv.length", "Length", FieldType::kUint},
    {"isis.csnp.lsp_seq_num", "LSP Sequence Number", FieldType::kUint, Show::kHex, 32},
    {"isis.csnp.lsp_remain_life", "Remaining Lifetime", FieldType::kUint},
    {"isis.csnp.lsp_checksum", "LSP checksum", FieldType::kUint, Show::kHex, 16},
    {"isis.csnp.lsp_id", "LSP-ID", FieldType::kText},
    {"isis.csnp.iid", "Instance Identifier", FieldType::kUint},
    {"isis.csnp.supported_itid", "Supported ITID", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"isis.type", 26}, {"isis.type", 27}};

void read_element(std::uint8_t type, Cursor& in, LayerBuilder& out) {
  if (type == 7) {
    out.u16(in, kIsisCsnpIid);
    while (in.left() >= 2) out.u16(in, kIsisCsnpSupportedItid);
  }
  while (type == 9 && in.left() > 0) {
    out.u16(in, kIsisCsnpLspRemainLife);
    isis::read_id(kIsisCsnpLspId, isis::kSystemId + 2, in, out);
    read_pieces(in, out, {{kIsisCsnpLspSeqNum, 4}, {kIsisCsnpLspChecksum, 2}});
  }
}

Outcome dissect_psnp(Cursor& in, LayerBuilder& out) {
  const std::uint8_t packet_type = isis::skip_header(in);
  const std::uint16_t length = out.u16(in, kPduLength);
  const Bytes source = in.peek(isis::kSystemId + 1);
  isis::read_id(kSourceId, isis::kSystemId, in, out);
  out.bytes(in, kSourceCircuit, 1);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    out.info((packet_type == 26 ? "L1" : "L2") + (" PSNP, Source-ID: " + isis::id_text(source)));
  }
  Cursor body = isis::whole_packet(length, in);
  const bool good = isis::read_elements(kClvType, kClvLength, body, out,
                                        [&](std::uint8_t type, Cursor& value) { read_element(type, value, out); });
  return good ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector isis_psnp_dissector{
    .name = "isis.psnp",
    .title = "ISO 10589 ISIS Partial Sequence Numbers Protocol Data Unit",
    .column = "ISIS PSNP",
    .fields = kFields,
    .binds = kBinds,
    .dissect = &dissect_psnp};

}  // namespace pr::dissect
