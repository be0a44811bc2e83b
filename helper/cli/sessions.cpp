#include <memory>

#include "helper/cli/command.h"
#include "helper/cli/database.h"
#include "helper/cli/exit_code.h"
#include "helper/view/query.h"

namespace pr::cli {
namespace {

int list(const std::string& path, bool json) {
  const Dissection dissection;
  auto database = open_for_reading(path, dissection.registry);
  if (!database.ok()) return fail(database.status());
  view::Output output("");
  view::Query query;
  query.noun = Noun::kSessions;
  query.limit = ~std::uint64_t{0};
  query.format = json ? view::Format::kJson : view::Format::kTable;
  const auto report = view::QueryRunner(dissection.engine, *database->reader, *database->aside).run(query, output);
  if (!report.ok()) return fail(report.status());
  const absl::Status written = output.close();
  return written.ok() ? kOk : fail(written);
}

}  // namespace

void add_sessions(Program& program) {
  CLI::App& command = add_command(program, program.app, "sessions", "What was recorded and imported, newest first",
                                  "  packetrecorder sessions --database captures.db\n"
                                  "  packetrecorder sessions --database captures.db --json");
  struct Options {
    std::string database;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  add_database(command, options->database, 'r');
  command.add_flag("--json", options->json, "An array of objects");
  command.callback([&program, options] { program.run = [options] { return list(options->database, options->json); }; });
}

}  // namespace pr::cli
