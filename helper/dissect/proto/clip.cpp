// Classical IP over ATM as Linux captures it: IP packets, of their link layer only that there was one.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kNoLinkInfo, kFieldCount };

constexpr FieldDef kFields[] = {
    {"clip.no_link_info", "No link information available", FieldType::kNone},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 106}};
constexpr const char* kTables[] = {"ip.version"};

Outcome dissect_clip(Cursor& in, LayerBuilder& out) {
  const Bytes first = in.peek(1);
  if (first.empty()) return Outcome::kTruncated;
  out.mark(kNoLinkInfo, Bytes{});
  if (!out.next(0, first[0] >> 4U, in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector clip_dissector{.name = "clip",
                                                .title = "Classical IP frame",
                                                .column = "CLIP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .tables = kTables,
                                                .dissect = &dissect_clip};

}  // namespace pr::dissect
