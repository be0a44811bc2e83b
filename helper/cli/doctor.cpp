#include "helper/platform/doctor.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include "helper/capture/packet_source.h"
#include "helper/cli/command.h"
#include "helper/cli/exit_code.h"
#include "helper/cli/show_rows.h"
#include "shared/base/text.h"

namespace pr::cli {
namespace {

struct Options {
  std::string database;
  bool json = false;
};

const std::vector<view::OutputColumn> kColumns = {{"check", "Check", CellType::kText, false},
                                                  {"ok", "OK", CellType::kBool, false},
                                                  {"found", "Found", CellType::kText, false},
                                                  {"fix", "Fix", CellType::kText, false}};

platform::DoctorInput gather(const Options& options) {
  platform::DoctorInput input;
  const auto interfaces = capture::list_interfaces();
  if (interfaces.ok()) {
    for (const capture::Interface& one : *interfaces)
      input.interfaces.push_back({one.name, one.up, one.running, one.loopback});
  }
  const auto first = capture::default_interface();
  if (first.ok()) input.default_interface = *first;
  input.capture_library = capture::library_version();
  input.database = options.database;
  input.now = SystemClock().now();
  return input;
}

int run(const Options& options) {
  const std::vector<platform::Check> checks = platform::examine(gather(options));
  const bool healthy = std::ranges::all_of(checks, &platform::Check::ok);
  if (options.json) {
    std::vector<Row> rows;
    for (const platform::Check& check : checks) {
      rows.push_back({check.name, check.ok, check.found, check.fix.empty() ? Cell() : Cell(check.fix)});
    }
    const int shown = show_rows(kColumns, rows, true, "check");
    return shown != kOk ? shown : healthy ? kOk : kFailed;
  }
  for (const platform::Check& check : checks) {
    std::printf("%-5s %-12s %s\n", check.ok ? "ok" : "FAIL", check.name.c_str(), escape_controls(check.found).c_str());
    if (!check.ok && !check.fix.empty()) std::printf("      %-12s fix: %s\n", "", escape_controls(check.fix).c_str());
  }
  return healthy ? kOk : kFailed;
}

}  // namespace

void add_doctor(Program& program) {
  CLI::App& command = add_command(program, program.app, "doctor", "What would stop a capture here, each with its fix",
                                  "  packetrecorder doctor\n"
                                  "  packetrecorder doctor --database captures.db\n"
                                  "Exits with 1 when something would.");
  const auto options = std::make_shared<Options>();
  command.add_option("--database", options->database, "Also look where this database is, or would be")
      ->type_name("FILE");
  command.add_flag("--json", options->json, "An array of objects");
  command.callback([&program, options] { program.run = [options] { return run(*options); }; });
}

}  // namespace pr::cli
