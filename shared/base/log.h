// Log lines to stderr. Thread-safe: each line is one write. The level is the one piece of mutable global state of
// the program (one atomic): every module may warn, and passing a logger to all of them would say nothing more.
#pragma once

#include <cstdint>
#include <string_view>

namespace pr {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

// "debug", "info", "warn" (or "warning"), "error"; false: none of them.
bool parse_log_level(std::string_view text, LogLevel* level);
// Lines below the level are not written; kWarn at first.
void set_log_level(LogLevel level);
bool log_enabled(LogLevel level);

// Writes "packetrecorder: warning: MESSAGE", control characters escaped.
void log_line(LogLevel level, std::string_view message);
inline void log_debug(std::string_view message) { log_line(LogLevel::kDebug, message); }
inline void log_info(std::string_view message) { log_line(LogLevel::kInfo, message); }
inline void log_warn(std::string_view message) { log_line(LogLevel::kWarn, message); }
inline void log_error(std::string_view message) { log_line(LogLevel::kError, message); }

}  // namespace pr
