// Link types that everybody may use as they like; the third one is what PKTAP had before it was given its own.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr std::uint16_t kUser2 = 149;
constexpr Bind kBinds[] = {{"link", 147}, {"link", 148}, {"link", kUser2}, {"link", 150}, {"link", 151}, {"link", 152},
                           {"link", 153}, {"link", 154}, {"link", 155},    {"link", 156}, {"link", 157}, {"link", 158},
                           {"link", 159}, {"link", 160}, {"link", 161},    {"link", 162}};

Outcome dissect_user_dlt(Cursor& in, LayerBuilder& out) {
  if (out.wanted()) out.info("DLT: " + std::to_string(out.packet().link_type));
  if (out.packet().link_type != kUser2 || !out.next("pktap", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector user_dlt_dissector{
    .name = "user_dlt", .title = "DLT User", .column = "UserDLT", .binds = kBinds, .dissect = &dissect_user_dlt};

}  // namespace pr::dissect
