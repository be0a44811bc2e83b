#include "shared/base/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>

#include "shared/base/text.h"

namespace pr {
namespace {

std::atomic<LogLevel> level_of_lines{LogLevel::kWarn};

const char* prefix(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "packetrecorder: debug: ";
    case LogLevel::kInfo: return "packetrecorder: ";
    case LogLevel::kWarn: return "packetrecorder: warning: ";
    case LogLevel::kError: return "packetrecorder: error: ";
  }
  return "packetrecorder: ";
}

}  // namespace

bool parse_log_level(std::string_view text, LogLevel* level) {
  if (text == "debug")
    *level = LogLevel::kDebug;
  else if (text == "info")
    *level = LogLevel::kInfo;
  else if (text == "warn" || text == "warning")
    *level = LogLevel::kWarn;
  else if (text == "error")
    *level = LogLevel::kError;
  else
    return false;
  return true;
}

void set_log_level(LogLevel level) { level_of_lines.store(level, std::memory_order_relaxed); }

bool log_enabled(LogLevel level) { return level >= level_of_lines.load(std::memory_order_relaxed); }

void log_line(LogLevel level, std::string_view message) {
  if (!log_enabled(level)) return;
  std::string line = prefix(level);
  append_escaped(line, message);
  line.push_back('\n');
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // nowhere to tell
    left.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace pr
