// The control word of an Ethernet pseudo-wire, RFC 4448 section 4.6.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kSequence, kFieldCount };

constexpr FieldDef kFields[] = {{"pweth.cw.sequence_number", "Sequence Number", FieldType::kUint}};
static_assert(std::size(kFields) == kFieldCount);

Outcome dissect_pwethcw(Cursor& in, LayerBuilder& out) {
  in.skip(2);
  out.u16(in, kSequence);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.next("eth", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector pwethcw_dissector{
    .name = "pwethcw", .title = "PW Ethernet Control Word", .fields = kFields, .dissect = &dissect_pwethcw};

}  // namespace pr::dissect
