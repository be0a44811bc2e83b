// One packet in full, for people and for programs.
#pragma once

#include <string>

#include "helper/dissect/registry.h"
#include "shared/model/dissection.h"

namespace pr::view {

// Layers with their fields, one a line; behind each in brackets the field's name and, if it lies in the packet, its
// offset and length: "    Source Port: 443  [tcp.srcport @34+2]".
void append_tree_text(std::string& out, const dissect::Registry& registry, const Dissection& tree);
// Offset, octets and ASCII of the frame and of whatever was reassembled or decompressed.
void append_data_text(std::string& out, Bytes frame, const Dissection& tree);
// [{"protocol":"ip","title":...,"offset":14,"length":20,"fields":[{"name":...,"value":...,"offset":..,"length":..}]}]
std::string tree_json(const dissect::Registry& registry, const Dissection& tree);

}  // namespace pr::view
