// Who is looking: a person at a terminal, or a program.
#pragma once

namespace pr::platform {

bool is_terminal(int fd);
// In columns; 80 where it is not known.
int terminal_width(int fd);

}  // namespace pr::platform
