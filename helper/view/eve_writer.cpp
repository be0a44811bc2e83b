#include "helper/view/row_writer.h"

namespace pr::view {}  // namespace pr::view
