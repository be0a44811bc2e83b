// What no dissector knows.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kData, kLen, kFieldCount };

constexpr FieldDef kFields[] = {
    {"data.data", "Data", FieldType::kBytes},
    {"data.len", "Length", FieldType::kInt},
};
static_assert(std::size(kFields) == kFieldCount);

Outcome dissect_data(Cursor& in, LayerBuilder& out) {
  const std::size_t length = in.left();
  const Bytes bytes = out.bytes(in, kData, length);
  out.add(kLen, bytes.size(), Bytes{});
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector data_dissector{
    .name = "data", .title = "Data", .fields = kFields, .dissect = &dissect_data};

}  // namespace pr::dissect
