// IS-IS, ISO/IEC 10589: the header that all packets share.
#include "helper/dissect/proto/ip_common.h"
#include "helper/dissect/proto/layout.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{15, "L1 HELLO"}, {16, "L2 HELLO"}, {17, "P2P HELLO"},
                                     {18, "L1 LSP"},   {20, "L2 LSP"},   {24, "L1 CSNP"},
                                     {25, "L2 CSNP"},  {26, "L1 PSNP"},  {27, "L2 PSNP"}};

enum Field : std::size_t {
  kIrpd,
  kLen,
  kVersion,
  kSysidLen,
  kTypeReserved,
  kType,
  kVersion2,
  kReserved,
  kMaxAreaAdr,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"isis.irpd", "Intradomain Routing Protocol Discriminator", FieldType::kUint, Show::kHex, 8},
    {"isis.len", "Length Indicator", FieldType::kUint},
    {"isis.version", "Version/Protocol ID Extension", FieldType::kUint},
    {"isis.sysid_len", "ID Length", FieldType::kUint},
    {"isis.type.reserved", "Reserved", FieldType::kUint, Show::kHex, 8},
    {"isis.type", "PDU Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"isis.version2", "Version", FieldType::kUint},
    {"isis.reserved", "Reserved", FieldType::kUint},
    {"isis.max_area_adr", "Maximum Area Addresses", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"osinl", 0x83}, {"ethertype", 0x22f4}};
constexpr const char* kTables[] = {"isis.type"};

Outcome dissect_isis(Cursor& in, LayerBuilder& out) {
  Cursor packet = in;
  read_pieces(in, out, {{kIrpd, 1}, {kLen, 1}, {kVersion, 1}, {kSysidLen, 1}});
  const Bytes where = in.take(1);
  if (!in.ok()) return Outcome::kTruncated;
  const std::uint8_t type = where[0] & 0x1fU;
  out.add(kTypeReserved, where[0] >> 5U, where);
  out.add(kType, type, where);
  read_pieces(in, out, {{kVersion2, 1}, {kReserved, 1}, {kMaxAreaAdr, 1}});
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info(std::string(name_of(kTypeNames, type, "Unknown")));
  if (out.wanted()) out.layer_length(in.at());
  if (!out.next(0, type, packet)) out.data(in);
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector isis_dissector{
    .name = "isis",
    .title = "ISO 10589 ISIS InTRA Domain Routeing Information Exchange Protocol",
    .column = "ISIS",
    .fields = kFields,
    .binds = kBinds,
    .tables = kTables,
    .dissect = &dissect_isis};

}  // namespace pr::dissect
