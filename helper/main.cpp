#include "helper/cli/program.h"
#include "helper/platform/memory.h"

int main(int argc, char** argv) {
  pr::platform::tune_allocator();
  return pr::cli::run_program(argc, argv);
}
