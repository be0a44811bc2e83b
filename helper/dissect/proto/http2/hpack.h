// HPACK (RFC 7541): one direction's header decompression, by libnghttp2, and what the octets say of each header.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "helper/dissect/context.h"
#include "shared/base/cursor.h"

struct nghttp2_hd_inflater;

namespace pr::dissect::http2 {

struct Header {
  std::string_view name, value;  // valid during the call
};

// One instruction of a header block as it is written.
struct Instruction {
  enum class Kind : std::uint8_t { kIndexed, kIncremental, kWithout, kNever, kTableSize };
  Kind kind = Kind::kIndexed;
  std::uint32_t index = 0;  // 0: the name is written out; of kTableSize the size
  Bytes bytes;
};
// What a block consists of, as far as it is there. More than max instructions are left out.
std::vector<Instruction> read_instructions(Bytes block, std::size_t max);
// Does it change the table that later blocks refer to?
bool changes_table(Bytes block);

// The memory of one direction.
class Decoder final : public Memory {
 public:
  // The table is full of entries without a name, so that what refers to headers that were not seen decodes to nothing
  // instead of failing. Streams that were seen from their start refer to none of them.
  Decoder();

  // Decodes a block or the next part of one; last: the block ends here. False: it is damaged, and so is all that
  // follows.
  bool decode(Bytes part, bool last, const std::function<void(const Header&)>& visit);

 private:
  struct Free {
    void operator()(nghttp2_hd_inflater* inflater) const;
  };
  std::unique_ptr<nghttp2_hd_inflater, Free> inflater_;
  bool damaged_ = false;
};

}  // namespace pr::dissect::http2
