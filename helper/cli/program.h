// The command line: parses, says what is wrong with it, runs one subcommand.
#pragma once

namespace pr::cli {

// Returns the exit code (exit_code.h).
int run_program(int argc, char** argv);

}  // namespace pr::cli
