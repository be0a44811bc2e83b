#include "shared/base/time_text.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <optional>
#include <span>

#include "shared/base/text.h"

namespace pr {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::int64_t ns = 0;
};

struct Split {
  std::int64_t seconds;  // rounded towards the past
  std::int64_t ns;       // 0 to 999,999,999
};

Split split(std::int64_t ns) {
  const std::int64_t seconds = ns / kSecond - (ns % kSecond < 0 ? 1 : 0);
  return {seconds, ns - seconds * kSecond};
}

std::tm broken_down(std::int64_t seconds, bool utc) {
  const auto t = static_cast<std::time_t>(seconds);
  std::tm out{};
  if (utc) {
    gmtime_r(&t, &out);
  } else {
    localtime_r(&t, &out);
  }
  return out;
}

// A reader that takes apart a text from the left; every take_ returns false and stays put when it does not fit.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  [[nodiscard]] bool done() const { return text_.empty(); }
  [[nodiscard]] std::string_view rest() const { return text_; }

  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take_number(std::size_t min_digits, std::size_t max_digits, int* value) {
    std::size_t n = 0;
    int result = 0;
    while (n < text_.size() && n < max_digits && text_[n] >= '0' && text_[n] <= '9')
      result = result * 10 + (text_[n++] - '0');
    if (n < min_digits) return false;
    text_.remove_prefix(n);
    *value = result;
    return true;
  }
  // After the point: up to nine digits count, more are skipped.
  bool take_fraction(std::int64_t* ns) {
    std::size_t n = 0;
    std::int64_t value = 0;
    for (; n < text_.size() && text_[n] >= '0' && text_[n] <= '9'; ++n) {
      if (n < 9) value = value * 10 + (text_[n] - '0');
    }
    if (n == 0) return false;
    for (std::size_t i = n; i < 9; ++i) value *= 10;
    text_.remove_prefix(n);
    *ns = value;
    return true;
  }
  bool take_month(int* month) {
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      if (text_.size() >= 3 && equals_ignoring_case(text_.substr(0, 3), kMonths[i])) {
        text_.remove_prefix(3);
        *month = static_cast<int>(i) + 1;
        return true;
      }
    }
    return false;
  }
  bool take_word(std::string_view word) {
    if (!equals_ignoring_case(text_.substr(0, word.size()), word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  void skip_blanks() {
    while (take(' ')) {
    }
  }

 private:
  std::string_view text_;
};

bool take_date(Scanner& in, Parts& out) {
  return in.take_number(4, 4, &out.year) && in.take('-') && in.take_number(2, 2, &out.month) && in.take('-') &&
         in.take_number(2, 2, &out.day);
}

bool take_clock(Scanner& in, Parts& out) {
  if (!in.take_number(1, 2, &out.hour) || !in.take(':') || !in.take_number(2, 2, &out.minute)) return false;
  if (!in.take(':')) return true;
  if (!in.take_number(2, 2, &out.second)) return false;
  return !(in.take('.') || in.take(',')) || in.take_fraction(&out.ns);
}

// Nothing: none was there. The value: seconds east of UTC.
bool take_zone(Scanner& in, std::optional<int>& offset) {
  in.skip_blanks();
  if (in.done()) return true;
  if (in.take_word("UTC") || in.take_word("GMT") || in.take_word("Z")) {
    offset = 0;
    return true;
  }
  const bool west = in.rest().starts_with('-');
  int hours = 0, minutes = 0;
  if (!in.take('+') && !in.take('-')) return false;
  if (!in.take_number(2, 2, &hours)) return false;
  if (!in.done()) {
    (void)in.take(':');
    if (!in.take_number(2, 2, &minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  offset = (hours * 60 + minutes) * (west ? -60 : 60);
  return true;
}

std::optional<Timestamp> instant(const Parts& p, std::optional<int> offset) {
  using namespace std::chrono;
  const year_month_day date{year{p.year}, month{static_cast<unsigned>(p.month)}, day{static_cast<unsigned>(p.day)}};
  if (!date.ok() || p.year < 1678 || p.year > 2261 || p.hour > 23 || p.minute > 59 || p.second > 60)
    return std::nullopt;
  std::int64_t seconds = 0;
  if (offset) {
    seconds = sys_days{date}.time_since_epoch().count() * std::int64_t{86400} + p.hour * 3600 + p.minute * 60 +
              p.second - *offset;
  } else {
    std::tm local{};
    local.tm_year = p.year - 1900;
    local.tm_mon = p.month - 1;
    local.tm_mday = p.day;
    local.tm_hour = p.hour;
    local.tm_min = p.minute;
    local.tm_sec = p.second;
    local.tm_isdst = -1;
    seconds = std::mktime(&local);
  }
  return from_ns(seconds * kSecond + p.ns);
}

std::optional<Timestamp> iso_time(std::string_view text, bool clock_needed) {
  Scanner in(text);
  Parts parts;
  if (!take_date(in, parts)) return std::nullopt;
  std::optional<int> offset;
  if (in.done()) return clock_needed ? std::nullopt : instant(parts, offset);
  if (!in.take('T') && !in.take('t') && !in.take(' ')) return std::nullopt;
  in.skip_blanks();
  if (!take_clock(in, parts) || !take_zone(in, offset) || !in.done()) return std::nullopt;
  return instant(parts, offset);
}

std::optional<Timestamp> legacy_time(std::string_view text) {
  Scanner in(text);
  Parts parts;
  if (!in.take_month(&parts.month)) return std::nullopt;
  in.skip_blanks();
  if (!in.take_number(1, 2, &parts.day)) return std::nullopt;
  (void)in.take(',');
  in.skip_blanks();
  if (!in.take_number(4, 4, &parts.year)) return std::nullopt;
  in.skip_blanks();
  std::optional<int> offset;
  if (!in.done() && (!take_clock(in, parts) || !take_zone(in, offset) || !in.done())) return std::nullopt;
  return instant(parts, offset);
}

std::optional<Timestamp> clock_today(std::string_view text, Timestamp now) {
  Scanner in(text);
  const std::tm today = broken_down(split(to_ns(now)).seconds, false);
  Parts parts{.year = today.tm_year + 1900, .month = today.tm_mon + 1, .day = today.tm_mday};
  if (!take_clock(in, parts) || !in.done()) return std::nullopt;
  return instant(parts, std::nullopt);
}

std::string append_decimals(std::string text, std::int64_t ns, int decimals) {
  if (decimals <= 0) return text;
  const std::string digits = absl::StrFormat("%09d", ns);
  return absl::StrCat(text, ".", digits.substr(0, static_cast<std::size_t>(decimals < 9 ? decimals : 9)));
}

struct Unit {
  std::string_view name;
  double factor;
};

constexpr Unit kDurationUnits[] = {{"ns", 1},     {"us", 1e3},    {"ms", 1e6},    {"", 1e9},
                                   {"s", 1e9},    {"sec", 1e9},   {"m", 60e9},    {"min", 60e9},
                                   {"h", 3600e9}, {"d", 86400e9}, {"w", 604800e9}};
constexpr double kKi = 1024, kK = 1000;
constexpr Unit kSizeUnits[] = {{"", 1},
                               {"b", 1},
                               {"k", kKi},
                               {"kib", kKi},
                               {"kb", kK},
                               {"m", kKi* kKi},
                               {"mib", kKi* kKi},
                               {"mb", kK* kK},
                               {"g", kKi* kKi* kKi},
                               {"gib", kKi* kKi* kKi},
                               {"gb", kK* kK* kK},
                               {"t", kKi* kKi* kKi* kKi},
                               {"tib", kKi* kKi* kKi* kKi},
                               {"tb", kK* kK* kK* kK}};

// Takes "1.5h" off the front of text. False: no number, or an unknown unit.
bool take_amount(std::string_view& text, std::span<const Unit> units, double* amount) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  if (digits == 0 || digits > 20) return false;
  double value = 0, scale = 0;
  bool any = false;
  for (const char c : text.substr(0, digits)) {
    if (c == '.') {
      if (scale != 0) return false;
      scale = 1;
      continue;
    }
    any = true;
    value = value * 10 + (c - '0');
    scale *= 10;
  }
  if (!any) return false;
  if (scale > 1) value /= scale;
  text.remove_prefix(digits);
  text = trim(text);
  const std::size_t letters = std::min(text.find_first_of("0123456789. "), text.size());
  const std::string unit = ascii_lower(text.substr(0, letters));
  for (const Unit& candidate : units) {
    if (candidate.name != unit) continue;
    text.remove_prefix(letters);
    text = trim(text);
    *amount = value * candidate.factor;
    return true;
  }
  return false;
}

}  // namespace

std::string format_rfc3339(Timestamp time) {
  const auto [seconds, ns] = split(to_ns(time));
  const std::tm t = broken_down(seconds, true);
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%09dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                         t.tm_min, t.tm_sec, ns);
}

std::string format_local(Timestamp time, int decimals) {
  const auto [seconds, ns] = split(to_ns(time));
  const std::tm t = broken_down(seconds, false);
  return append_decimals(absl::StrFormat("%04d-%02d-%02d %02d:%02d:%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                                         t.tm_hour, t.tm_min, t.tm_sec),
                         ns, decimals);
}

std::string format_wireshark(Timestamp time, bool utc) {
  const auto [seconds, ns] = split(to_ns(time));
  const std::tm t = broken_down(seconds, utc);
  return absl::StrFormat("%s %2d, %d %02d:%02d:%02d.%09d %s", kMonths[static_cast<std::size_t>(t.tm_mon)], t.tm_mday,
                         t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec, ns, utc ? "UTC" : t.tm_zone);
}

std::string format_seconds(std::int64_t nanoseconds) {
  const bool negative = nanoseconds < 0;
  const std::uint64_t magnitude =
      negative ? 0 - static_cast<std::uint64_t>(nanoseconds) : static_cast<std::uint64_t>(nanoseconds);
  return absl::StrFormat("%s%d.%09d", negative ? "-" : "", magnitude / 1'000'000'000U, magnitude % 1'000'000'000U);
}

std::string format_duration(Duration duration) {
  const std::int64_t ns = duration.count();
  if (ns < 0)
    return absl::StrCat("-",
                        format_duration(ns == std::numeric_limits<std::int64_t>::min() ? Duration::max() : -duration));
  if (ns < 1000) return absl::StrCat(ns, " ns");
  if (ns < 1'000'000) return absl::StrFormat("%.3g us", static_cast<double>(ns) / 1e3);
  if (ns < kSecond) return absl::StrFormat("%.3g ms", static_cast<double>(ns) / 1e6);
  const std::int64_t seconds = ns / kSecond;
  if (seconds < 60) return absl::StrFormat("%.3g s", static_cast<double>(ns) / 1e9);
  if (seconds < 3600) return absl::StrFormat("%dm%02ds", seconds / 60, seconds % 60);
  if (seconds < 86400) return absl::StrFormat("%dh%02dm", seconds / 3600, seconds / 60 % 60);
  return absl::StrFormat("%dd%02dh", seconds / 86400, seconds / 3600 % 24);
}

std::string format_size(std::uint64_t octets) {
  static constexpr std::array<const char*, 6> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  if (octets < 1024) return absl::StrCat(octets, " B");
  double value = static_cast<double>(octets);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return absl::StrFormat("%.*f %s", value < 10 ? 2 : value < 100 ? 1 : 0, value, kUnits[unit]);
}

bool parse_seconds(std::string_view text, std::int64_t* nanoseconds) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t seconds = 0;
  std::size_t n = 0;
  for (; n < text.size() && text[n] >= '0' && text[n] <= '9'; ++n) {
    if (seconds > std::numeric_limits<std::int64_t>::max() / kSecond / 10) return false;
    seconds = seconds * 10 + (text[n] - '0');
  }
  Scanner rest(text.substr(n));
  std::int64_t ns = 0;
  if (n == 0 && text.size() < 2) return false;
  if (rest.take('.') && !rest.take_fraction(&ns) && n == 0) return false;
  if (!rest.done() || seconds >= std::numeric_limits<std::int64_t>::max() / kSecond) return false;
  *nanoseconds = (seconds * kSecond + ns) * (negative ? -1 : 1);
  return true;
}

absl::StatusOr<Timestamp> parse_calendar_time(std::string_view text) {
  const std::string_view trimmed = trim(text);
  if (const auto iso = iso_time(trimmed, false)) return *iso;
  if (const auto legacy = legacy_time(trimmed)) return *legacy;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", escape_controls(text.substr(0, 60)),
                   "\" is no date and time; write 2023-11-14T22:13:20, 2023-11-14 22:13:20Z or Nov 14, 2023 22:13:20"));
}

absl::StatusOr<Timestamp> parse_time(std::string_view text, Timestamp now) {
  const std::string_view trimmed = trim(text);
  if (trimmed == "now") return now;
  if (const auto iso = iso_time(trimmed, false)) return *iso;
  if (const auto legacy = legacy_time(trimmed)) return *legacy;
  if (const auto clock = clock_today(trimmed, now)) return *clock;
  if (std::int64_t ns = 0; parse_seconds(trimmed, &ns)) return from_ns(ns);
  if (trimmed.ends_with("ago")) {
    const absl::StatusOr<Duration> back = parse_duration(trimmed.substr(0, trimmed.size() - 3));
    if (back.ok() && to_ns(now) > std::numeric_limits<std::int64_t>::min() + back->count()) return now - *back;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", escape_controls(text.substr(0, 60)),
                   "\" is no time; write 2023-11-14T22:13:20Z, 2023-11-14, \"2023-11-14 22:13\", 22:13, Unix seconds, "
                   "\"45m ago\" or now"));
}

absl::StatusOr<Duration> parse_duration(std::string_view text) {
  std::string_view left = trim(text);
  double total = 0;
  bool any = false;
  while (!left.empty()) {
    double part = 0;
    if (!take_amount(left, kDurationUnits, &part)) break;
    total += part;
    any = true;
  }
  if (!any || !left.empty() || total > 9e18) {
    return absl::InvalidArgumentError(absl::StrCat("\"", escape_controls(text.substr(0, 60)),
                                                   "\" is no duration; write 30, 30s, 45m, 1.5h, 2d or 1w"));
  }
  return Duration(static_cast<std::int64_t>(total));
}

absl::StatusOr<std::uint64_t> parse_size(std::string_view text) {
  std::string_view left = trim(text);
  double size = 0;
  if (!take_amount(left, kSizeUnits, &size) || !left.empty() || size > 9e18) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", escape_controls(text.substr(0, 60)), "\" is no size; write 500, 64K, 500MiB, 10G or 1T"));
  }
  return static_cast<std::uint64_t>(size);
}

}  // namespace pr
