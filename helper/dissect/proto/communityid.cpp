// Community ID of the packet's conversation: computed by the analysis, shown as a field of its own.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr FieldDef kFields[] = {{"communityid", "Community ID flow hash, version 1", FieldType::kText}};

}  // namespace

extern constinit const Dissector communityid_dissector{
    .name = "_communityid", .title = "Community ID", .fields = kFields};

}  // namespace pr::dissect
