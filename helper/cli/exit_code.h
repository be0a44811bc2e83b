// What the program tells whoever started it. A contract: scripts depend on these numbers.
#pragma once

#include <absl/status/status.h>

namespace pr::cli {

enum ExitCode : int {
  kOk = 0,
  kFailed = 1,  // while running
  kUsage = 2,   // the command line, or a filter in it
  kPermission = 4,
  kNotFound = 5,
  kDamagedInput = 6,  // what came before the damage is kept
  kRefused = 7,       // another writer has the database, or data would be lost
  kInterrupted = 130,
};

ExitCode exit_code(const absl::Status& status);
// Writes "packetrecorder: MESSAGE" to stderr, control characters escaped line by line, and returns the exit code.
ExitCode fail(const absl::Status& status);

}  // namespace pr::cli
