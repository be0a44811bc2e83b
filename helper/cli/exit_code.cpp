#include "helper/cli/exit_code.h"

#include <cstdio>
#include <string>

#include "shared/base/text.h"

namespace pr::cli {

ExitCode exit_code(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk: return kOk;
    case absl::StatusCode::kInvalidArgument: return kUsage;
    case absl::StatusCode::kPermissionDenied: return kPermission;
    case absl::StatusCode::kNotFound: return kNotFound;
    case absl::StatusCode::kDataLoss: return kDamagedInput;
    case absl::StatusCode::kFailedPrecondition: return kRefused;
    default: return kFailed;
  }
}

ExitCode fail(const absl::Status& status) {
  std::string out = "packetrecorder: ";
  const std::string message(status.message());
  std::string_view rest = message;
  while (true) {
    const std::size_t end = rest.find('\n');
    append_escaped(out, rest.substr(0, end));
    out += '\n';
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  std::fputs(out.c_str(), stderr);
  return exit_code(status);
}

}  // namespace pr::cli
