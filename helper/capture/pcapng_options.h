// Options and descriptions in pcapng blocks (draft-ietf-opsawg-pcapng sections 3.5, 4.2, 4.6).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "helper/capture/record_parser.h"
#include "shared/base/function_ref.h"
#include "shared/model/batch.h"

namespace pr::capture {

// Calls `each` for every option that lies whole in the bytes, to the end-of-options mark or the first that does not.
void for_each_option(Bytes options, Order order, FunctionRef<void(std::uint16_t code, Bytes value)> each);

// Turns an interface's time stamps into time.
class TimeUnit {
 public:
  // The octet of if_tsresol: 10^-n, or with its highest bit 2^-n. 6 unless the interface says otherwise.
  explicit TimeUnit(std::uint8_t resolution = 6, std::int64_t offset_seconds = 0);
  [[nodiscard]] Timestamp time(std::uint64_t units) const;

 private:
  bool binary_ = false;
  unsigned exponent_ = 6;
  std::uint64_t factor_ = 1000;  // nanoseconds in a unit, or units in a nanosecond from 10^-10 on
  std::int64_t offset_seconds_ = 0;
};

struct FileInterface {
  std::uint16_t link_type = 0;
  std::uint32_t snaplen = 0;  // 0: no limit
  std::uint32_t limit = kUsualPacket;
  TimeUnit unit;
  FileDrops drops;
};

// The body of an Interface Description Block, at least eight octets. `os`: what the section says, for interfaces that
// say nothing of their own.
FileInterface read_interface(Bytes body, Order order, const std::string& os, InterfaceInfo* info);

}  // namespace pr::capture
