// Community ID v1 (https://github.com/corelight/community-id-spec): declared here, filled from the flow.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr FieldDef kFields[] = {{"communityid", "Community ID of the packet's flow", FieldType::kText}};

}  // namespace

extern constinit const Dissector communityid_dissector{
    .name = "_communityid", .title = "Community ID", .fields = kFields};

}  // namespace pr::dissect
