#include "shared/model/value_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

#include "shared/base/hex.h"
#include "shared/base/text.h"
#include "shared/base/time_text.h"
#include "shared/model/address.h"

namespace pr {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

template <typename T>
void append_number(std::string& out, T number, int base = 10) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, base).ptr;
  out.append(buffer, end);
}

void append_hex(std::string& out, std::uint64_t number, std::uint8_t bits) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, 16).ptr;
  const std::size_t digits = (bits + 3U) / 4U, have = static_cast<std::size_t>(end - buffer);
  out.append("0x");
  if (digits > have) out.append(digits - have, '0');
  out.append(buffer, end);
}

void append_double(std::string& out, double value) {
  char buffer[40];
  const int n = std::snprintf(buffer, sizeof buffer, "%.15g", value);
  out.append(buffer, static_cast<std::size_t>(std::max(n, 0)));
}

// tshark writes these as C does, and leaves every other octet alone.
void append_text(std::string& out, std::string_view text) {
  static constexpr std::string_view kRaw = "\b\f\n\r\t", kNamed = "bfnrt";
  if (!is_valid_utf8(text)) return append_text(out, to_valid_utf8(text));
  for (const char c : text) {
    const std::size_t at = kRaw.find(c);
    if (at == std::string_view::npos) {
      out.push_back(c);
    } else {
      out.append({'\\', kNamed[at]});
    }
  }
}

void append_octets(std::string& out, const ValueFormat& format, Bytes bytes) {
  if (bytes.empty()) {
    out.append(format.show == Show::kNone ? "<none>" : "<MISSING>");
  } else {
    out.append(hex_text(bytes));
  }
}

void append_unsigned(std::string& out, const ValueFormat& format, std::uint64_t number) {
  if (format.show == Show::kHex) return append_hex(out, number, format.bits);
  append_number(out, number);
}

}  // namespace

std::string_view value_name(std::span<const NamedValue> names, std::uint64_t number) {
  const auto found = std::ranges::find(names, number, &NamedValue::value);
  return found == names.end() ? std::string_view() : std::string_view(found->name);
}

void append_value_text(std::string& out, const ValueFormat& format, const Value& value) {
  const auto narrow = static_cast<std::int64_t>(value.number);
  switch (format.type) {
    case FieldType::kNone: out.push_back('1'); return;
    case FieldType::kBool: out.push_back(value.number != 0 ? '1' : '0'); return;
    case FieldType::kUint: append_unsigned(out, format, value.number); return;
    case FieldType::kInt: append_number(out, narrow); return;
    case FieldType::kDouble: append_double(out, std::bit_cast<double>(value.number)); return;
    case FieldType::kText: {  // tshark's strings are C's
      const std::string_view text = as_text(value.bytes());
      return append_text(out, text.substr(0, text.find('\0')));
    }
    case FieldType::kBytes: append_octets(out, format, value.bytes()); return;
    case FieldType::kEther: out.append(mac_text(value.bytes())); return;
    case FieldType::kIpv4: out.append(IpAddress::v4(static_cast<std::uint32_t>(value.number)).text()); return;
    case FieldType::kIpv6: out.append(IpAddress::from(value.bytes()).text()); return;
    case FieldType::kTime: {  // an instant that has a name is no instant: NTP's zero
      const std::string_view name = value_name(format.names, value.number);
      name.empty() ? out.append(format_wireshark(from_ns(narrow))) : out.append(name);
      return;
    }
    case FieldType::kDuration: out.append(format_seconds(narrow)); return;
  }
}

std::string value_text(const ValueFormat& format, const Value& value) {
  std::string out;
  append_value_text(out, format, value);
  return out;
}

std::string tree_text(const ValueFormat& format, const Value& value) {
  if (format.type == FieldType::kNone) return {};
  const std::string_view name = value_name(format.names, value.number);
  if (format.type == FieldType::kBool) {
    if (!name.empty()) return std::string(name);
    return value.number != 0 ? "True" : "False";
  }
  std::string plain;
  if (format.type == FieldType::kText) {  // whatever stands behind a NUL may be what somebody wanted to hide
    append_text(plain, as_text(value.bytes()));
    return plain;
  }
  plain = value_text(format, value);
  if (format.type == FieldType::kDuration) return plain + " seconds";
  const bool named = format.type == FieldType::kUint || format.type == FieldType::kInt;
  if (!named || format.names.empty()) return plain;
  return (name.empty() ? "Unknown" : std::string(name)) + " (" + plain + ")";
}

// Octets that a JSON text has as they are and that need no further look.
constexpr std::array<bool, 256> kJsonPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

void append_json_text(std::string& out, std::string_view text) {
  if (!is_valid_utf8(text)) return append_json_text(out, to_valid_utf8(text));
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    while (i < text.size() && kJsonPlain[static_cast<std::uint8_t>(text[i])]) ++i;
    out.append(text.substr(start, i - start));
    if (i == text.size()) break;
    char32_t code = 0;
    const std::size_t length = utf8_character(text.substr(i), &code);
    if (code == '"' || code == '\\') {
      out.append({'\\', text[i]});
    } else if (code == '\n' || code == '\t' || code == '\r') {
      out.append({'\\', code == '\n' ? 'n' : code == '\t' ? 't' : 'r'});
    } else if (is_control(code)) {  // also those that JSON would allow: they change how a terminal shows the rest
      out.append("\\u");
      for (unsigned shift = 16; shift != 0; shift -= 4) out.push_back(kHex[code >> (shift - 4U) & 15U]);
    } else {
      out.append(text.substr(i, length));
    }
    i += length;
  }
  out.push_back('"');
}

void append_json_value(std::string& out, const ValueFormat& format, const Value& value) {
  switch (format.type) {
    case FieldType::kNone: out.append("true"); return;
    case FieldType::kBool: out.append(value.number != 0 ? "true" : "false"); return;
    case FieldType::kUint: append_number(out, value.number); return;
    case FieldType::kInt: append_number(out, static_cast<std::int64_t>(value.number)); return;
    case FieldType::kDouble: {
      const auto real = std::bit_cast<double>(value.number);
      if (std::isfinite(real)) return append_double(out, real);
      out.append("null");
      return;
    }
    case FieldType::kDuration: out.append(format_seconds(static_cast<std::int64_t>(value.number))); return;
    case FieldType::kTime:
      append_json_text(out, format_rfc3339(from_ns(static_cast<std::int64_t>(value.number))));
      return;
    case FieldType::kText: append_json_text(out, as_text(value.bytes())); return;
    default: append_json_text(out, value_text(format, value)); return;
  }
}

void append_json_cell(std::string& out, const Cell& cell, CellType type) {
  std::visit(Overloaded{
                 [&](std::monostate) { out.append("null"); },
                 [&](const std::string& text) {
                   type == CellType::kJson ? void(out.append(text)) : append_json_text(out, text);
                 },
                 [&](std::uint64_t number) { append_number(out, number); },
                 [&](std::int64_t number) { append_number(out, number); },
                 [&](double number) { std::isfinite(number) ? append_double(out, number) : void(out.append("null")); },
                 [&](bool value) { out.append(value ? "true" : "false"); },
                 [&](Timestamp time) { append_json_text(out, format_rfc3339(time)); },
                 [&](Duration duration) { out.append(format_seconds(duration.count())); },
                 [&](const std::vector<std::string>& list) {
                   out.push_back('[');
                   for (const std::string& text : list) {
                     if (&text != &list.front()) out.push_back(',');
                     append_json_text(out, text);
                   }
                   out.push_back(']');
                 },
             },
             cell);
}

std::string cell_text(const Cell& cell) {
  std::string out;
  std::visit(Overloaded{
                 [](std::monostate) {},
                 [&](const std::string& text) { out = text; },
                 [&](std::uint64_t number) { append_number(out, number); },
                 [&](std::int64_t number) { append_number(out, number); },
                 [&](double number) { append_double(out, number); },
                 [&](bool value) { out = value ? "1" : "0"; },
                 [&](Timestamp time) { out = format_rfc3339(time); },
                 [&](Duration duration) { out = format_seconds(duration.count()); },
                 [&](const std::vector<std::string>& list) {
                   for (const std::string& text : list) {
                     if (&text != &list.front()) out.push_back(',');
                     out.append(text);
                   }
                 },
             },
             cell);
  return out;
}

}  // namespace pr
