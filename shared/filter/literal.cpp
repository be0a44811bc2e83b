#include "shared/filter/literal.h"

#include <cstdlib>
#include <limits>

#include "shared/base/hex.h"
#include "shared/base/text.h"
#include "shared/base/time_text.h"
#include "shared/model/address.h"

namespace pr::filter {
namespace {

std::string shown(const Token& token) {
  const std::string_view text = token.text;
  return "\"" + escape_controls(text.substr(0, 60)) + (text.size() > 60 ? "..." : "") + "\"";
}

bool is_number_text(std::string_view text) { return !text.empty() && text.front() >= '0' && text.front() <= '9'; }

// Wireshark compares value names without case. Ours may carry an explanation: "A (Host Address)" is also "A".
bool name_matches(std::string_view name, std::string_view text) {
  if (equals_ignoring_case(name, text)) return true;
  const std::size_t note = name.find(" (");
  return note != std::string_view::npos && equals_ignoring_case(name.substr(0, note), text);
}

bool find_name(const FieldInfo* field, std::string_view text, Integer& out) {
  if (field == nullptr) return false;
  for (const NamedValue& named : field->names) {
    if (!name_matches(named.name, text)) continue;
    out = field->type == FieldType::kInt ? Integer{static_cast<std::int64_t>(named.value)} : Integer{named.value};
    return true;
  }
  return false;
}

std::string convert_bool(const Token& token, Literal& out) {
  for (const bool value : {false, true}) {
    const std::string_view word = value ? "true" : "false";
    const std::string_view set = value ? "set" : "not set";
    if (equals_ignoring_case(token.text, word) || equals_ignoring_case(token.text, set)) {
      out.number = value ? 1 : 0;
      return {};
    }
  }
  return shown(token) + " is neither true, false nor a number";
}

std::string check_range(Integer number, const Token& token, const FieldInfo* field) {
  if (field == nullptr) return {};
  if (field->type == FieldType::kUint && number < 0) {
    return "a negative number cannot be in " + field->name + ", which is never below 0";
  }
  if (field->type == FieldType::kUint && field->bits > 0 && field->bits < 64 && number >> field->bits != 0) {
    return shown(token) + " is too big for " + field->name + ", maximum " +
           std::to_string((std::uint64_t{1} << field->bits) - 1);
  }
  return {};
}

std::string convert_integer(const Token& token, bool negative, const FieldInfo* field, Literal& out) {
  if (token.kind == Tok::kChar) {
    out.number = static_cast<std::uint8_t>(token.text.front());
    return check_range(out.number, token, field);
  }
  const bool is_bool = field != nullptr && field->type == FieldType::kBool;
  bool too_big = false;
  if (token.kind == Tok::kWord && parse_integer(token.text, out.number, too_big)) {
    if (negative) out.number = -out.number;
    if (is_bool) out.number = out.number != 0 ? 1 : 0;
    return check_range(out.number, token, field);
  }
  if (too_big) return shown(token) + " is too big, maximum 18446744073709551615";
  if (!negative && find_name(field, token.text, out.number)) return {};
  if (is_bool && !negative) return convert_bool(token, out);
  const std::string of = field == nullptr ? "" : " for " + field->name;
  if (token.kind == Tok::kString) return "a number is expected" + of + ", but " + shown(token) + " is text";
  return shown(token) + " is not a valid number" + of;
}

std::string convert_real(const Token& token, bool negative, Literal& out) {
  char* end = nullptr;
  const bool plain = token.kind == Tok::kWord && (is_number_text(token.text) || token.text.starts_with('.'));
  out.real = plain ? std::strtod(token.text.c_str(), &end) : 0;
  if (!plain || *end != '\0') return shown(token) + " is not a valid number";
  if (negative) out.real = -out.real;
  return {};
}

// Octets in hexadecimal, separated by : . or -, or all without; a single octet may have one digit ("0.1.0.d").
bool parse_octets(std::string_view text, std::string& out) {
  out.clear();
  char separator = '\0';
  std::size_t at = 0;
  while (at < text.size()) {
    const int high = hex_digit(text[at++]);
    if (high < 0) return false;
    int value = high;
    if (at < text.size() && hex_digit(text[at]) >= 0) value = high << 4 | hex_digit(text[at++]);
    out.push_back(static_cast<char>(value));
    if (at == text.size()) return true;
    const char c = text[at];
    if (hex_digit(c) >= 0) {  // no separators: whole octets only
      if (separator != '\0') return false;
      continue;
    }
    if ((c != ':' && c != '.' && c != '-') || (separator != '\0' && c != separator)) return false;
    if (separator == '\0' && out.size() > 1) return false;
    separator = c;
    ++at;
  }
  return !out.empty();
}

std::string convert_bytes(const Token& token, bool negative, const FieldInfo* field, bool contains, Literal& out) {
  const bool ether = field != nullptr && field->type == FieldType::kEther && !contains;
  if (negative) return "a byte string has no sign";
  if (token.kind == Tok::kString && !ether) {
    out.bytes = token.text;
    return {};
  }
  if (token.kind == Tok::kChar) {
    out.bytes = token.text;
  } else if (token.text.starts_with("0x") || token.text.starts_with("0X")) {
    const std::string_view digits = std::string_view(token.text).substr(2);
    if (digits.empty() || digits.size() > 2 || !parse_octets(digits, out.bytes)) {
      return shown(token) + " is more than one octet; write aa:bb:cc, so that the order is clear";
    }
  } else if (!parse_octets(token.text, out.bytes)) {
    return shown(token) + (ether ? " is not a valid Ethernet address; write 00:11:22:33:44:55"
                                 : " is not a valid byte string; write aa:bb:cc, or text in double quotes");
  }
  if (ether && out.bytes.size() != 6) {
    return shown(token) + " contains too " + (out.bytes.size() < 6 ? "few" : "many") +
           " octets to be a valid Ethernet address";
  }
  return {};
}

// Cuts "/24" off; false: not a number from 0 to max.
bool split_prefix(std::string_view& text, int max, int& prefix) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return true;
  Integer bits = 0;
  bool too_big = false;
  const std::string_view digits = text.substr(slash + 1);
  if (digits.empty() || digits.size() > 3 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return false;
  for (const char c : digits) bits = bits * 10 + (c - '0');
  if (too_big || bits > max) return false;
  prefix = static_cast<int>(bits);
  text = text.substr(0, slash);
  return true;
}

std::string convert_address(const Token& token, bool negative, bool v6, Literal& out) {
  std::string_view text = token.text;
  const char* what = v6 ? "IPv6 address" : "IPv4 address";
  if (!split_prefix(text, v6 ? 128 : 32, out.prefix)) {
    return shown(token) + " has no valid prefix length, which is 0 to " + (v6 ? "128" : "32");
  }
  const auto address = IpAddress::parse(text);
  if (negative || !address || address->is_v6() != v6) {
    std::string message = shown(token) + " is not a valid " + what;
    if (address && !negative) message += v6 ? "; an IPv4 address stands in ip.*" : "; an IPv6 address stands in ipv6.*";
    return message;
  }
  if (v6) {
    out.bytes = as_text(address->octets());
  } else {
    out.number = address->v4_value();
  }
  return {};
}

std::string convert_time(const Token& token, bool negative, Literal& out) {
  std::int64_t ns = 0;
  if (token.kind == Tok::kWord && parse_seconds((negative ? "-" : "") + token.text, &ns)) {
    out.number = ns;
    return {};
  }
  const auto time = parse_calendar_time(token.text);
  if (negative || !time.ok()) {
    return shown(token) + " is not a valid date and time; write \"2023-11-14 22:13:20\" or \"Nov 14, 2023 22:13:20\"";
  }
  out.number = to_ns(*time);
  return {};
}

std::string convert_duration(const Token& token, bool negative, Literal& out) {
  std::int64_t ns = 0;
  if (token.kind == Tok::kChar || !parse_seconds((negative ? "-" : "") + token.text, &ns)) {
    return shown(token) + " is not a valid duration; write seconds, like 0.25";
  }
  out.number = ns;
  return {};
}

}  // namespace

Class class_of(const FieldInfo& field) {
  if (field.is_protocol) return Class::kBytes;
  switch (field.type) {
    case FieldType::kNone: return Class::kNone;
    case FieldType::kBool:
    case FieldType::kUint:
    case FieldType::kInt: return Class::kInteger;
    case FieldType::kDouble: return Class::kReal;
    case FieldType::kText: return Class::kText;
    case FieldType::kBytes:
    case FieldType::kEther: return Class::kBytes;
    case FieldType::kIpv4: return Class::kIpv4;
    case FieldType::kIpv6: return Class::kIpv6;
    case FieldType::kTime: return Class::kTime;
    case FieldType::kDuration: return Class::kDuration;
  }
  return Class::kNone;
}

const char* class_name(Class c) {
  switch (c) {
    case Class::kNone: return "no value";
    case Class::kInteger: return "a number";
    case Class::kReal: return "a decimal number";
    case Class::kText: return "text";
    case Class::kBytes: return "bytes";
    case Class::kIpv4: return "an IPv4 address";
    case Class::kIpv6: return "an IPv6 address";
    case Class::kTime: return "a date and time";
    case Class::kDuration: return "a duration";
  }
  return "no value";
}

bool parse_integer(std::string_view text, Integer& out, bool& too_big) {
  unsigned base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.starts_with("0b") || text.starts_with("0B")) {
    base = 2;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.front() == '0') {
    base = 8;
  }
  if (text.empty()) return false;
  Integer value = 0;
  bool over = false;
  for (const char c : text) {
    const int digit = hex_digit(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= base) return false;
    if (!over) value = value * static_cast<int>(base) + digit;
    over = over || value > Integer{std::numeric_limits<std::uint64_t>::max()};
  }
  too_big = over;
  out = value;
  return !over;
}

std::string convert(const Token& token, bool negative, const Target& target, bool contains, Literal& out) {
  switch (target.type) {
    case Class::kInteger: return convert_integer(token, negative, target.field, out);
    case Class::kReal: return convert_real(token, negative, out);
    case Class::kText: out.bytes = (negative ? "-" : "") + token.text; return {};
    case Class::kBytes: return convert_bytes(token, negative, target.field, contains, out);
    case Class::kIpv4: return convert_address(token, negative, false, out);
    case Class::kIpv6: return convert_address(token, negative, true, out);
    case Class::kTime: return convert_time(token, negative, out);
    case Class::kDuration: return convert_duration(token, negative, out);
    case Class::kNone: break;
  }
  return "there is no value to compare " + shown(token) + " with";
}

}  // namespace pr::filter
