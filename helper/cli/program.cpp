#include "helper/cli/program.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "helper/cli/command.h"
#include "helper/cli/exit_code.h"
#include "helper/cli/suggest.h"
#include "shared/base/log.h"
#include "shared/base/text.h"

namespace pr::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  sudo packetrecorder capture --duration 60 --database captures.db\n"
    "  packetrecorder import trace.pcapng --database captures.db\n"
    "  packetrecorder query flows --database captures.db --where 'tls.handshake.ja4 && tcp.port == 443'\n"
    "  packetrecorder query --database captures.db --where 'dns.qry.name contains \"example\"' --detail --limit 1\n"
    "\n"
    "`packetrecorder COMMAND --help` explains a command.\n"
    "Exit codes: 0 ok, 1 failed, 2 usage or filter, 4 permission, 5 not found, 6 damaged input, 7 refused, 130 "
    "interrupted twice.";

void set_up_logging(bool verbose) {
  LogLevel level = LogLevel::kWarn;
  const char* wish = std::getenv("PACKETRECORDER_LOG");
  if (wish != nullptr && *wish != '\0' && !parse_log_level(wish, &level)) {
    log_warn("PACKETRECORDER_LOG is \"" + std::string(wish) + "\"; it can be debug, info, warn or error");
  }
  if (verbose && level > LogLevel::kInfo) level = LogLevel::kInfo;
  set_log_level(level);
}

// `packetrecorder help COMMAND` is `packetrecorder COMMAND --help`.
void turn_help_around(std::vector<std::string>& words) {
  if (words.empty() || words.front() != "help") return;
  words.erase(words.begin());
  words.emplace_back("--help");
}

std::vector<std::string> names_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

// The first word has to be a command: says so, with the likeliest, before the parser complains of what follows.
bool names_a_command(const CLI::App& app, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.starts_with('-')) continue;
    const std::vector<std::string> names = names_of(app);
    for (const std::string& name : names) {
      if (name == word) return true;
    }
    const std::string near = nearest_word(word, names);
    std::string text = "packetrecorder: there is no command \"" + escape_controls(word) + "\"";
    text += near.empty() ? "; `packetrecorder --help` lists them\n" : "; did you mean " + near + "?\n";
    std::fputs(text.c_str(), stderr);
    return false;
  }
  return true;
}

std::string full_name(const CLI::App& app, const CLI::App& command) {
  std::string name = "packetrecorder";
  if (&command == &app) return name;
  if (command.get_parent() != &app) name += " " + command.get_parent()->get_name();
  return name + " " + command.get_name();
}

// The command that the words name, as far as they do.
CLI::App& chosen(CLI::App& app, const std::vector<std::string>& words) {
  CLI::App* at = &app;
  for (const std::string& word : words) {
    if (word.starts_with('-')) continue;
    const auto named = at->get_subcommands([&word](const CLI::App* command) { return command->check_name(word); });
    if (named.empty()) break;
    at = named.front();
  }
  return *at;
}

// Long options are checked before parsing: what follows an unknown one would be taken for something else and complained
// of.
bool flags_are_known(const CLI::App& app, const CLI::App& command, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word == "--") break;
    if (!word.starts_with("--")) continue;
    const std::string flag = word.substr(0, word.find('='));
    if (command.get_option_no_throw(flag) != nullptr || app.get_option_no_throw(flag) != nullptr) continue;
    std::vector<std::string> flags;
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    }
    const std::string near = nearest_word(flag, flags);
    std::string text = "packetrecorder: there is no option " + escape_controls(flag);
    if (!near.empty()) text += "; did you mean " + near + "?";
    std::fputs((text + "\n`" + full_name(app, command) + " --help` explains the command.\n").c_str(), stderr);
    return false;
  }
  return true;
}

int report(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);  // --help, --version
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  const std::string text = "packetrecorder: " + escape_controls(error.what());
  std::fputs((text + "\n`" + full_name(app, *at) + " --help` explains the command.\n").c_str(), stderr);
  return kUsage;
}

}  // namespace

CLI::App& add_command(Program& program, CLI::App& parent, const char* name, const char* description,
                      const char* examples) {
  CLI::App& command = *parent.add_subcommand(name, description);
  command.add_flag("-v,--verbose", program.verbose, "Say more on stderr");
  if (*examples != '\0') command.footer(std::string("Examples:\n") + examples);
  return command;
}

void add_database(CLI::App& command, std::string& database, char letter) {
  const std::string names = letter == '\0' ? std::string("--database") : std::string("-") + letter + ",--database";
  command.add_option(names, database, "The database; its packets lie in a folder beside it")
      ->required()
      ->type_name("FILE");
}

int run_program(int argc, char** argv) {
  // A reader that goes away is noticed where it is written to.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Packet Recorder: a flight recorder for networks", "packetrecorder");
  Program program{.app = app};
  app.set_version_flag("--version", std::string("packetrecorder ") + PR_VERSION, "Print the version");
  app.add_flag("-v,--verbose", program.verbose,
               "Say more on stderr (also after the command; PACKETRECORDER_LOG=debug says most)");
  app.require_subcommand(1);
  app.footer(kFooter);
  add_list_interfaces(program);
  add_capture(program);
  add_import(program);
  add_sessions(program);
  add_session(program);
  add_query(program);
  add_fields(program);
  add_doctor(program);

  std::vector<std::string> words(argv + 1, argv + argc);
  turn_help_around(words);
  if (words.empty()) {
    std::fputs(app.help().c_str(), stderr);
    return kUsage;
  }
  if (!names_a_command(app, words) || !flags_are_known(app, chosen(app, words), words)) return kUsage;
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them last first
  } catch (const CLI::ParseError& error) {
    return report(app, error);
  }
  set_up_logging(program.verbose);
  return program.run();
}

}  // namespace pr::cli
