// Bytes that no protocol takes.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kData, kLen };
constexpr FieldDef kFields[] = {{"data.data", "Data", FieldType::kBytes}, {"data.len", "Length", FieldType::kUint}};

Outcome dissect_data(Cursor& in, LayerBuilder& out) {
  const std::size_t length = in.left();
  const Bytes bytes = out.bytes(in, kData, length);
  out.add(kLen, bytes.size(), Bytes{});
  if (out.wanted() && out.frame().transport == Transport::kNone) out.info("Data (" + std::to_string(length) + " bytes)");
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector data_dissector{
    .name = "data", .title = "Data", .fields = kFields, .dissect = &dissect_data};

}  // namespace pr::dissect
