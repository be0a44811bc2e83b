// IP over Fibre Channel, RFC 2625: network addresses, then LLC.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t { kDst, kSrc, kFieldCount };

constexpr FieldDef kFields[] = {
    {"ipfc.nh.da", "Network DA", FieldType::kBytes},
    {"ipfc.nh.sa", "Network SA", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 122}};

Outcome dissect_ipfc(Cursor& in, LayerBuilder& out) {
  out.bytes(in, kDst, 8);
  out.bytes(in, kSrc, 8);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) out.info("IP Over FC");
  if (!out.next("llc", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ipfc_dissector{.name = "ipfc",
                                                .title = "IP Over FC",
                                                .column = "IP/FC",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_ipfc};

}  // namespace pr::dissect
