#include "helper/cli/program.h"

int main(int argc, char** argv) { return pr::cli::run_program(argc, argv); }
