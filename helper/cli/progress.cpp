#include "helper/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "helper/platform/disk.h"
#include "helper/platform/terminal.h"
#include "shared/base/text.h"
#include "shared/base/time_text.h"

namespace pr::cli {
namespace {

std::string rate_text(double per_second, const char* unit) {
  static constexpr std::array<const char*, 4> kSteps = {"", "k", "M", "G"};
  std::size_t step = 0;
  while (per_second >= 1000 && step + 1 < kSteps.size()) {
    per_second /= 1000;
    ++step;
  }
  char text[48];
  std::snprintf(text, sizeof(text), "%.1f %s%s", per_second, kSteps[step], unit);
  return text;
}

std::string free_space(const std::string& database) {
  const auto space = platform::disk_space(database);
  return space.ok() ? format_size(space->free) + " free" : std::string();
}

}  // namespace

ProgressLine::ProgressLine() : terminal_(platform::is_terminal(STDERR_FILENO)) {}

void ProgressLine::show(std::string_view text) {
  if (!terminal_) return;
  const auto width = static_cast<std::size_t>(std::max(platform::terminal_width(STDERR_FILENO), 2));
  std::string line = "\r" + escape_controls(text).substr(0, width - 1);
  line += "\x1b[K";  // nothing behind it stays
  std::fputs(line.c_str(), stderr);
  dirty_ = true;
}

void ProgressLine::clear() {
  if (!dirty_) return;
  std::fputs("\r\x1b[K", stderr);
  dirty_ = false;
}

std::string short_count(std::uint64_t n) {
  if (n < 100'000) return std::to_string(n);
  char text[32];
  if (n < 1'000'000'000) {
    std::snprintf(text, sizeof(text), "%.2f M", static_cast<double>(n) / 1e6);
  } else {
    std::snprintf(text, sizeof(text), "%.2f G", static_cast<double>(n) / 1e9);
  }
  return text;
}

std::string capture_progress(const pipeline::Status& now, const pipeline::Status& before, const std::string& database) {
  const double seconds = std::chrono::duration<double>(now.elapsed - before.elapsed).count();
  const double divisor = seconds > 0 ? seconds : 1;
  const store::SessionTotals& totals = now.totals;
  std::string out = short_count(totals.packets) + " packets, " +
                    rate_text(static_cast<double>(totals.packets - before.totals.packets) / divisor, "packets/s") +
                    ", " + rate_text(8.0 * static_cast<double>(totals.bytes - before.totals.bytes) / divisor, "bit/s") +
                    ", " + short_count(totals.dropped_kernel + totals.dropped_queue + totals.dropped_store) +
                    " dropped, " + short_count(now.active_flows) + " flows";
  const std::string space = free_space(database);
  if (!space.empty()) out += ", " + space;
  if (!now.paused.empty()) out += "; paused: " + now.paused;
  return out;
}

std::string import_progress(const pipeline::Status& now, const std::string& file) {
  const capture::Progress& source = now.source;
  std::string out = file + ": ";
  if (source.total > 0) {
    out += std::to_string(source.done * 100 / source.total) + " %, " + format_size(source.done) + " of " +
           format_size(source.total);
  } else {
    out += format_size(source.done);
  }
  out += ", " + short_count(now.totals.packets) + " packets";
  const double seconds = std::chrono::duration<double>(now.elapsed).count();
  if (source.total > source.done && source.done > 0 && seconds > 0.5) {
    const double left = seconds * static_cast<double>(source.total - source.done) / static_cast<double>(source.done);
    out += ", " + format_duration(Duration(static_cast<std::int64_t>(left) * 1'000'000'000 + 1'000'000'000)) + " to go";
  }
  return out;
}

}  // namespace pr::cli
