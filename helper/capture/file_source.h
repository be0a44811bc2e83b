// Packets of a file, a pipe or memory, whatever of the known formats it has.
#pragma once

#include <memory>

#include "helper/capture/byte_reader.h"
#include "helper/capture/packet_source.h"

namespace pr::capture {

// Compressed or not; the format is found at the first read().
std::unique_ptr<PacketSource> make_file_source(std::unique_ptr<ByteReader> bytes);

}  // namespace pr::capture
