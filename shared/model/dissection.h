// What a packet says, layer by layer, with the bytes that each field was read from. Filled by dissect,
// read by filters, the detail view and the export. Reused from packet to packet: clear() keeps the memory.
#pragma once

#include <deque>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/field.h"
#include "shared/model/issue.h"
#include "shared/model/packet.h"

namespace pr {

// Number of a dissector in the registry of this process; never stored.
using ProtocolId = std::uint16_t;

struct Field {
  FieldId id = 0;
  std::uint8_t depth = 0;   // 0: directly below its layer
  std::uint8_t source = 0;  // which byte source offset counts in
  std::uint32_t offset = 0;
  std::uint32_t length = 0;  // 0: generated, not on the wire
  Value value;
};

struct Layer {
  ProtocolId protocol = 0;
  std::uint8_t source = 0;
  bool by_ethertype = false;  // found in the table of Ethernet types: frame.protocols tells
  bool apart = false;         // a message that does not lie in the same bytes as the one before: frame.protocols tells
  std::uint32_t offset = 0;
  std::uint32_t length = 0;       // of its own header, or of the message
  std::uint32_t extent = 0;       // with everything it carries: what `tcp contains "x"` searches
  std::uint32_t first_field = 0;  // index into fields; a layer's fields end where the next layer's begin
};

// What Wireshark has a dissector for and what is a part of a layer here: frame.protocols names it.
struct Mention {
  std::uint32_t layer = 0;  // index
  const char* name = nullptr;
};

// Bytes that offsets count in: the frame itself (source 0), then whatever was put together or decompressed.
struct ByteSource {
  std::string name;  // "Frame", "Reassembled TCP", "Decompressed"
  Bytes bytes;
};

struct Dissection {
  std::vector<Layer> layers;
  std::vector<Field> fields;
  std::vector<Issue> issues;
  std::vector<Mention> mentions;  // by layer
  std::vector<ByteSource> sources;
  ProtocolId column_protocol = 0;    // what the Protocol column shows
  std::string column_protocol_text;  // overrides the protocol's title there ("TLSv1.2"), empty: none
  std::string info;                  // what the Info column shows

  // Text made while dissecting (decoded names), kept until clear().
  Bytes keep(std::string_view text);
  // Bytes made while dissecting (reassembled, decompressed), kept until clear().
  Bytes keep(std::vector<std::uint8_t> bytes);
  void clear();

 private:
  std::unique_ptr<std::pmr::monotonic_buffer_resource> text_ =
      std::make_unique<std::pmr::monotonic_buffer_resource>(4096);
  std::deque<std::vector<std::uint8_t>> buffers_;
};

}  // namespace pr
