// OpenBSD's enc interface: packets of IPsec before they are encrypted or after they were decrypted.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kFamilyNames[] = {{2, "IPv4"}, {24, "IPv6"}};

enum Field : std::size_t {
  kFamily,
  kSpi,
  kFlags,
  kEncrypted,
  kAuthenticated,
  kCompressed,
  kHeaderAuthenticated,
  kReserved,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"enc.af", "Address Family", FieldType::kUint, Show::kDec, 0, kFamilyNames},
    {"enc.spi", "SPI", FieldType::kUint, Show::kHex, 32},
    {"enc.flags", "Flags", FieldType::kUint, Show::kHex, 32},
    {"enc.flags.payload_enc", "Payload encrypted", FieldType::kBool},
    {"enc.flags.payload_auth", "Payload authenticated", FieldType::kBool},
    {"enc.flags.payload_compress", "Payload compressed", FieldType::kBool},
    {"enc.flags.header_auth", "Header authenticated", FieldType::kBool},
    {"enc.flags.reserved", "Reserved", FieldType::kUint, Show::kHex, 32},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 109}};
constexpr const char* kTables[] = {"null.bsd"};
constexpr std::uint32_t kReservedBits = 0xffffc3ff;

Outcome dissect_enc(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(12);
  if (head.size() < 12) return Outcome::kTruncated;
  // Family and flags are in the order of the machine: a family is a small number.
  const bool little = head[0] != 0;
  const std::uint32_t family = little ? in.u32le() : in.u32();
  const std::uint32_t spi = in.u32();
  const std::uint32_t flags = little ? in.u32le() : in.u32();
  if (out.wanted()) {
    out.add(kFamily, family, head.first(4));
    out.add(kSpi, spi, head.subspan(4, 4));
    const Bytes where = head.subspan(8);
    out.add(kFlags, flags, where);
    LayerBuilder::Subtree below(out);
    out.add(kEncrypted, flags >> 10U & 1U, where);
    out.add(kAuthenticated, flags >> 11U & 1U, where);
    out.add(kCompressed, flags >> 12U & 1U, where);
    out.add(kHeaderAuthenticated, flags >> 13U & 1U, where);
    out.add(kReserved, flags & kReservedBits, where);
    out.info("Enc");
  }
  if (!out.next(0, family, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector enc_dissector{.name = "enc",
                                               .title = "OpenBSD Encapsulating device",
                                               .column = "ENC",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .tables = kTables,
                                               .dissect = &dissect_enc};

}  // namespace pr::dissect
