// Syslog over UDP: a priority and a line of text, with the heads of RFC 3164 and of RFC 5424.
#include <algorithm>

#include "helper/dissect/dissector.h"
#include "helper/dissect/line.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kFacilityNames[] = {
    {0, "KERN"},    {1, "USER"},      {2, "MAIL"},      {3, "DAEMON"},  {4, "AUTH"},      {5, "SYSLOG"},
    {6, "LPR"},     {7, "NEWS"},      {8, "UUCP"},      {9, "CRON"},    {10, "AUTHPRIV"}, {11, "FTP"},
    {12, "NTP"},    {13, "LOGAUDIT"}, {14, "LOGALERT"}, {15, "CRON"},   {16, "LOCAL0"},   {17, "LOCAL1"},
    {18, "LOCAL2"}, {19, "LOCAL3"},   {20, "LOCAL4"},   {21, "LOCAL5"}, {22, "LOCAL6"},   {23, "LOCAL7"}};
constexpr NamedValue kLevelNames[] = {{0, "EMERG"},   {1, "ALERT"},  {2, "CRIT"}, {3, "ERR"},
                                      {4, "WARNING"}, {5, "NOTICE"}, {6, "INFO"}, {7, "DEBUG"}};

enum Field : std::uint16_t {
  kFacility,
  kLevel,
  kMsg,
  kVersion,
  kTimestamp,
  kTimestampRfc3164,
  kHostname,
  kAppname,
  kProcid,
  kMsgid,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"syslog.facility", "Facility", FieldType::kUint, Show::kDec, 0, kFacilityNames},
    {"syslog.level", "Level", FieldType::kUint, Show::kDec, 0, kLevelNames},
    {"syslog.msg", "Message", FieldType::kText},
    {"syslog.version", "Syslog version", FieldType::kText},
    {"syslog.timestamp", "Syslog timestamp", FieldType::kTime},
    {"syslog.timestamp_rfc3164", "Syslog timestamp (RFC3164)", FieldType::kText},
    {"syslog.hostname", "Syslog hostname", FieldType::kText},
    {"syslog.appname", "Syslog app name", FieldType::kText},
    {"syslog.procid", "Syslog process id", FieldType::kText},
    {"syslog.msgid", "Syslog message id", FieldType::kText},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 514}};
constexpr std::size_t kMaxInfo = 512;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "<165>": its value and length; length 0: there is none.
struct Priority {
  unsigned value = 0;
  std::size_t length = 0;
};

Priority priority(std::string_view text) {
  Priority found;
  if (text.empty() || text[0] != '<') return found;
  std::size_t at = 1;
  for (; at < text.size() && at < 4 && is_digit(text[at]); ++at)
    found.value = found.value * 10 + static_cast<unsigned>(text[at] - '0');
  if (at > 1 && at < text.size() && text[at] == '>' && found.value < std::size(kFacilityNames) * 8)
    found.length = at + 1;
  return found;
}

// A pattern of 9 (a digit), A (a letter), _ (a digit or a space); anything else stands for itself.
bool matches(std::string_view text, std::string_view pattern) {
  if (text.size() < pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = text[i];
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool fits = pattern[i] == '9'   ? is_digit(c)
                      : pattern[i] == 'A' ? letter
                      : pattern[i] == '_' ? is_digit(c) || c == ' '
                                          : c == pattern[i];
    if (!fits) return false;
  }
  return true;
}

constexpr std::string_view kOldTime = "AAA _9 99:99:99 ", kNewTime = "9 9999-99-99T99:99:99";

std::string_view word(std::string_view& rest, std::string_view ends) {
  const std::size_t n = std::min(rest.find_first_of(ends), rest.size());
  const std::string_view found = rest.substr(0, n);
  rest.remove_prefix(n);
  return found;
}

void old_head(std::string_view rest, LayerBuilder& out) {
  const auto add = [&](Field field, std::string_view text) { out.add(field, as_bytes(text), as_bytes(text)); };
  add(kTimestampRfc3164, rest.substr(0, kOldTime.size() - 1));
  rest.remove_prefix(kOldTime.size());
  const std::string_view host = word(rest, " ");
  if (rest.empty()) return;
  add(kHostname, host);
  rest.remove_prefix(1);
  const std::string_view process = word(rest, " :[,");
  if (rest.empty()) return;
  add(kProcid, process);
  add(kMsgid, rest);
}

std::uint64_t number(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

// "2003-10-11T22:14:15.003Z", RFC 3339, as nanoseconds since 1970; 0: not a time.
std::uint64_t instant(std::string_view text) {
  if (!matches(text, "9999-99-99T99:99:99")) return 0;
  const auto year = static_cast<std::int64_t>(number(text.substr(0, 4)));
  const auto month = static_cast<std::int64_t>(number(text.substr(5, 2))),
             day = static_cast<std::int64_t>(number(text.substr(8, 2)));
  if (year < 1970 || month < 1 || month > 12) return 0;
  const std::int64_t y = month > 2 ? year : year - 1, m = (month + 9) % 12;  // years that begin in March
  const std::int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719'468;
  std::int64_t seconds =
      days * 86'400 + static_cast<std::int64_t>(number(text.substr(11, 2)) * 3600 + number(text.substr(14, 2)) * 60 +
                                                number(text.substr(17, 2)));
  text.remove_prefix(19);
  std::uint64_t fraction = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    std::uint64_t unit = 100'000'000;
    for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1), unit /= 10)
      fraction += unit * static_cast<std::uint64_t>(text[0] - '0');
  }
  if (matches(text, "+99:99") || matches(text, "-99:99")) {
    const auto offset = static_cast<std::int64_t>(number(text.substr(1, 2)) * 3600 + number(text.substr(4, 2)) * 60);
    seconds -= text[0] == '+' ? offset : -offset;
  }
  return seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds) * 1'000'000'000 + fraction;
}

void new_head(std::string_view rest, LayerBuilder& out) {
  const auto next = [&](Field field) {
    const std::string_view text = word(rest, " ");
    if (!rest.empty()) rest.remove_prefix(1);
    if (text.empty()) return;
    if (field == kTimestamp) {
      const std::uint64_t when = instant(text);
      if (when != 0) out.add(field, when, as_bytes(text));
    } else {
      out.add(field, as_bytes(text), as_bytes(text));
    }
  };
  for (const Field field : {kVersion, kTimestamp, kHostname, kAppname, kProcid, kMsgid}) next(field);
}

Outcome dissect_syslog(Cursor& in, LayerBuilder& out) {
  const std::string_view all = as_text(in.rest());
  const Priority found = priority(all);
  if (all.empty()) return Outcome::kNotMine;
  const Bytes head = in.take(found.length);
  const std::string_view text = as_text(in.take(in.left()));
  if (found.length > 0) {
    out.add(kFacility, found.value >> 3U, head);
    out.add(kLevel, found.value & 7U, head);
  }
  const std::string_view line = text.substr(0, text.find('\0'));
  Line info;
  if (found.length > 0)
    info << kFacilityNames[found.value >> 3U].name << "." << kLevelNames[found.value & 7U].name << ": ";
  info << line.substr(0, kMaxInfo);
  if (out.wanted()) {
    out.info(std::string(info.text()));
    out.add(kMsg, as_bytes(line), as_bytes(text));
    const LayerBuilder::Subtree tree(out);
    if (matches(text, kOldTime)) old_head(line, out);
    if (matches(text, kNewTime) || text.starts_with("1 - ")) new_head(line, out);
  }
  const Message::Item items[] = {{kFacility, Value::of(std::uint64_t{found.value >> 3U})},
                                 {kLevel, Value::of(std::uint64_t{found.value & 7U})}};
  out.message({.role = Message::Role::kEvent,
               .summary = info.text(),
               .status = -1,
               .items = std::span(items).first(found.length > 0 ? 2 : 0)});
  return Outcome::kDone;
}

Likeness probe_syslog(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.empty()) return Likeness::kNo;
  const std::string_view text = as_text(start);
  const Priority found = priority(text);
  const std::string_view rest = text.substr(found.length);
  if (found.length > 0 && (matches(rest, kOldTime) || matches(rest, kNewTime))) return Likeness::kYes;
  return found.length > 0 || std::ranges::all_of(start.first(std::min<std::size_t>(start.size(), 16)),
                                                 [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; })
             ? Likeness::kMaybe
             : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector syslog_dissector{.name = "syslog",
                                                  .title = "Syslog message",
                                                  .column = "Syslog",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .dissect = &dissect_syslog,
                                                  .probe = &probe_syslog,
                                                  .datagram = true};

}  // namespace pr::dissect
