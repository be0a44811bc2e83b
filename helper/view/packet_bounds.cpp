#include "helper/view/packet_bounds.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace pr::view {
namespace {

using filter::Ast;
using filter::Kind;
using filter::Op;

constexpr std::array<std::string_view, 4> kFlowNames = {"flow.id", "tcp.stream", "udp.stream", "communityid"};

// The field of a comparison between a plain field and a literal; null: something else.
const FieldInfo* compared_field(const Ast& node) {
  if ((node.kind != Kind::kCompare && node.kind != Kind::kIn) || node.all || node.children.size() < 2) return nullptr;
  const Ast& left = *node.children[0];
  if (left.kind != Kind::kField || left.raw || !left.ranges.empty()) return nullptr;
  const bool literals = std::all_of(node.children.begin() + 1, node.children.end(),
                                    [](const auto& child) { return child->kind == Kind::kLiteral; });
  return literals ? left.field : nullptr;
}

void narrow(const Ast& node, NumberBounds* bounds) {
  if (node.kind == Kind::kAnd) {
    for (const auto& child : node.children) narrow(*child, bounds);
    return;
  }
  const FieldInfo* field = compared_field(node);
  if (node.kind != Kind::kCompare || field == nullptr || field->name != "frame.number") return;
  const filter::Integer number = node.children[1]->literal.number;
  if (number < 0 || number > filter::Integer{~0ULL} - 1) return;
  const auto n = static_cast<std::uint64_t>(number);
  switch (node.op) {
    case Op::kEq:
      bounds->first = std::max(bounds->first, n);
      bounds->last = std::min(bounds->last, n);
      break;
    case Op::kGe: bounds->first = std::max(bounds->first, n); break;
    case Op::kGt: bounds->first = std::max(bounds->first, n + 1); break;
    case Op::kLe: bounds->last = std::min(bounds->last, n); break;
    case Op::kLt: bounds->last = std::min(bounds->last, n == 0 ? 0 : n - 1); break;
    default: break;
  }
}

}  // namespace

NumberBounds frame_number_bounds(const Ast* where) {
  NumberBounds bounds;
  if (where != nullptr) narrow(*where, &bounds);
  return bounds;
}

const Ast* flow_part(const Ast* where) {
  if (where == nullptr) return nullptr;
  if (where->kind == Kind::kAnd) {
    for (const auto& child : where->children) {
      const Ast* part = flow_part(child.get());
      if (part != nullptr) return part;
    }
    return nullptr;
  }
  if (where->kind == Kind::kCompare && where->op != Op::kEq) return nullptr;
  const FieldInfo* field = compared_field(*where);
  return field != nullptr && std::ranges::find(kFlowNames, field->name) != kFlowNames.end() ? where : nullptr;
}

}  // namespace pr::view
