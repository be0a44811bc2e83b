// ESP, RFC 4303: what stands in clear.
#include <string>

#include "helper/dissect/dissector.h"
#include "shared/base/hex.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kSpi, kSequence, kFieldCount };
constexpr FieldDef kFields[] = {
    {"esp.spi", "ESP SPI", FieldType::kUint, Show::kHex, 32},
    {"esp.sequence", "ESP Sequence", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ip.proto", 50}};

Outcome dissect_esp(Cursor& in, LayerBuilder& out) {
  const Bytes spi = in.peek(4);
  out.u32(in, kSpi);
  out.u32(in, kSequence);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("ESP (SPI=0x" + hex_text(spi) + ")");
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector esp_dissector{.name = "esp",
                                               .title = "Encapsulating Security Payload",
                                               .column = "ESP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_esp};

}  // namespace pr::dissect
