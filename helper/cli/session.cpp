#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>

#include "helper/cli/command.h"
#include "helper/cli/database.h"
#include "helper/cli/exit_code.h"
#include "helper/store/store.h"
#include "shared/base/text.h"

namespace pr::cli {
namespace {

struct Options {
  std::uint64_t id = 0;
  std::string database, name;
  bool yes = false;
};

using Change = std::function<absl::Status(store::Store&)>;

// Finds the session first, so that a wrong number changes nothing and creates no database.
absl::StatusOr<store::SessionInfo> find(const Options& options, const dissect::Registry& registry) {
  const auto database = open_for_reading(options.database, registry);
  if (!database.ok()) return database.status();
  const auto sessions = database->reader->sessions();
  if (!sessions.ok()) return sessions.status();
  const auto found = std::ranges::find(*sessions, options.id, &store::SessionInfo::id);
  if (found == sessions->end()) {
    return absl::NotFoundError("there is no session " + std::to_string(options.id) +
                               "; `packetrecorder sessions` lists them");
  }
  return *found;
}

absl::Status change(const Options& options, const dissect::Registry& registry, const Change& apply) {
  const SystemClock clock;
  store::StoreOptions how;
  how.protocol_names = registry.names();
  how.clock = &clock;
  auto store = store::Store::open(options.database, std::move(how));
  return store.ok() ? apply(**store) : store.status();
}

int finish(const absl::Status& status, const std::string& done) {
  if (!status.ok()) return fail(status);
  std::fprintf(stderr, "packetrecorder: %s\n", escape_controls(done).c_str());
  return kOk;
}

int rename(const Options& options) {
  const dissect::Registry registry;
  const auto found = find(options, registry);
  if (!found.ok()) return fail(found.status());
  return finish(
      change(options, registry, [&](store::Store& store) { return store.rename_session(options.id, options.name); }),
      "session " + std::to_string(options.id) + " is now called \"" + options.name + "\"");
}

int pin(const Options& options, bool pinned) {
  const dissect::Registry registry;
  const auto found = find(options, registry);
  if (!found.ok()) return fail(found.status());
  return finish(change(options, registry, [&](store::Store& store) { return store.pin_session(options.id, pinned); }),
                "session " + std::to_string(options.id) +
                    (pinned ? " is pinned: no quota or age removes it" : " is not pinned any more"));
}

int remove(const Options& options) {
  const dissect::Registry registry;
  const auto found = find(options, registry);
  if (!found.ok()) return fail(found.status());
  if (!options.yes) {
    const std::string what = "session " + std::to_string(options.id) + " (" + escape_controls(found->file) + ")";
    if (::isatty(STDIN_FILENO) != 1) {
      return fail(absl::FailedPreconditionError("deleting " + what + " cannot be undone; say --yes if you mean it"));
    }
    std::fprintf(stderr, "Delete %s with its packets? This cannot be undone. [y/N] ", what.c_str());
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "yes") return fail(absl::FailedPreconditionError("nothing was deleted"));
  }
  return finish(change(options, registry, [&](store::Store& store) { return store.delete_session(options.id); }),
                "session " + std::to_string(options.id) + " is deleted");
}

CLI::App& add_change(Program& program, CLI::App& parent, const std::shared_ptr<Options>& options, const char* name,
                     const char* description, const char* example, int (*run)(const Options&)) {
  CLI::App& command = add_command(program, parent, name, description, example);
  command.add_option("ID", options->id, "Number of the session, as `packetrecorder sessions` shows it")
      ->required()
      ->type_name("");
  add_database(command, options->database, '\0');
  command.add_flag("--yes", options->yes, "Do not ask");
  command.callback([&program, options, run] { program.run = [options, run] { return run(*options); }; });
  return command;
}

}  // namespace

void add_session(Program& program) {
  CLI::App& group = *program.app.add_subcommand("session", "Rename, pin or delete a session");
  group.add_flag("-v,--verbose", program.verbose, "Say more on stderr");
  group.require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App& naming =
      add_change(program, group, options, "rename", "Give a session another name",
                 "  packetrecorder session rename 3 'before the change' --database captures.db", &rename);
  naming.add_option("NAME,--name", options->name, "The new name")->required()->type_name("");
  add_change(program, group, options, "pin", "Keep a session whatever quota and age say",
             "  packetrecorder session pin 3 --database captures.db", [](const Options& o) { return pin(o, true); });
  add_change(program, group, options, "unpin", "Let quota and age remove a session again",
             "  packetrecorder session unpin 3 --database captures.db", [](const Options& o) { return pin(o, false); });
  add_change(program, group, options, "delete", "Delete a session with its packets",
             "  packetrecorder session delete 3 --database captures.db --yes", &remove);
}

}  // namespace pr::cli
