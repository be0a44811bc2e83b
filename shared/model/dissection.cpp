#include "shared/model/dissection.h"

#include <algorithm>

namespace pr {

const char* issue_name(IssueKind kind) {
  switch (kind) {
    case IssueKind::kTruncated: return "truncated";
    case IssueKind::kMalformed: return "malformed";
    case IssueKind::kDepthLimit: return "depth_limit";
    case IssueKind::kBadChecksum: return "bad_checksum";
    case IssueKind::kReassemblyLimit: return "reassembly_limit";
  }
  return "unknown";
}

Bytes Dissection::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* copy = static_cast<std::uint8_t*>(text_->allocate(text.size(), 1));
  std::ranges::copy(as_bytes(text), copy);
  return {copy, text.size()};
}

Bytes Dissection::keep(std::vector<std::uint8_t> bytes) { return buffers_.emplace_back(std::move(bytes)); }

void Dissection::clear() {
  layers.clear();
  fields.clear();
  issues.clear();
  mentions.clear();
  sources.clear();
  column_protocol = 0;
  column_protocol_text.clear();
  info.clear();
  text_->release();
  buffers_.clear();
}

}  // namespace pr
