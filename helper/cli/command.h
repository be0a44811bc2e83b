// What subcommands share. Each add_... declares one subcommand with its flags and examples, and sets `run` when the
// user has chosen it. Parsing only: what a command does is in modules below.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace pr::cli {

struct Program {
  CLI::App& app;
  bool verbose = false;
  std::function<int()> run;  // of the chosen subcommand
};

// A subcommand with -v/--verbose and its examples (one a line) below the help.
CLI::App& add_command(Program& program, CLI::App& parent, const char* name, const char* description,
                      const char* examples);
// --database FILE, required; letter: a short form, 0 for none.
void add_database(CLI::App& command, std::string& database, char letter);

void add_list_interfaces(Program& program);
void add_capture(Program& program);
void add_import(Program& program);
void add_sessions(Program& program);
void add_session(Program& program);
void add_query(Program& program);
void add_fields(Program& program);
void add_doctor(Program& program);

}  // namespace pr::cli
