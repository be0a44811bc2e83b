// Values as text. value_text() prints what `tshark -T fields` 4.0 prints, so that outputs can be compared; tree_text()
// what Wireshark's tree shows behind the label. All text is valid UTF-8; controls other than those that tshark
// escapes are left to the output (escape_controls).
#pragma once

#include <string>
#include <string_view>

#include "shared/model/field.h"
#include "shared/model/field_catalog.h"
#include "shared/model/row.h"

namespace pr {

// What printing needs to know of a field.
struct ValueFormat {
  FieldType type = FieldType::kNone;
  Show show = Show::kDec;
  std::uint8_t bits = 0;
  std::span<const NamedValue> names = {};

  static ValueFormat of(const FieldDef& def) { return {def.type, def.show, def.bits, def.names}; }
  static ValueFormat of(const FieldInfo& info) { return {info.type, info.show, info.bits, info.names}; }
};

// "443", "0x0018", "1" (of a boolean, a marker and a protocol), "00:11:22:33:44:55", "10.0.0.1", "2001:db8::1",
// "47455420", "Nov 14, 2023 23:13:20.000000000 CET" (local time), "0.000107000".
std::string value_text(const ValueFormat& format, const Value& value);
void append_value_text(std::string& out, const ValueFormat& format, const Value& value);

// "A (Host Address) (1)", "Set", "0.000107000 seconds"; "" for fields without a value.
std::string tree_text(const ValueFormat& format, const Value& value);

// The name of a number, "" if it has none.
std::string_view value_name(std::span<const NamedValue> names, std::uint64_t number);

// ---- JSON ----
// A string in quotes; invalid UTF-8 replaced.
void append_json_text(std::string& out, std::string_view text);
// A field's value: numbers, true and false as such, everything else as its text.
void append_json_value(std::string& out, const ValueFormat& format, const Value& value);
// A cell: times as RFC 3339 text, durations as seconds, kJson as it is. Nothing for an empty cell: null.
void append_json_cell(std::string& out, const Cell& cell, CellType type);

// A cell for tables and csv, not escaped: times as RFC 3339, lists joined by ',', "" when empty.
std::string cell_text(const Cell& cell);

}  // namespace pr
