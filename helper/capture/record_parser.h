// What the capture formats have in common: they take records out of a window and make packets of them.
#pragma once

#include <absl/status/statusor.h>

#include <cstring>
#include <memory>

#include "helper/capture/window.h"
#include "shared/model/batch.h"

namespace pr::capture {

// A packet longer than the file's snap length or 256 KiB, whichever is more, is damage; beyond this it is in any case.
inline constexpr std::uint32_t kUsualPacket = 262144;
inline constexpr std::uint32_t kLargestPacket = 16 * 1024 * 1024;
std::uint32_t packet_limit(std::uint32_t snaplen);

// Nanoseconds since 1970, held within 146 years around it, so that no difference of two times overflows.
Timestamp bounded_time(__int128 nanoseconds);

// What a capture says that it lost.
struct FileDrops {
  std::uint64_t kernel = 0, interface = 0;
};

class RecordParser {
 public:
  virtual ~RecordParser() = default;
  // Adds packets until the batch is full or the input has nothing at the moment; false at the end of the input. The
  // packets' bytes stay in the window's arena. kDataLoss: damage; packets before it are in the batch.
  virtual absl::StatusOr<bool> fill(Window& in, Batch& batch) = 0;
  [[nodiscard]] virtual FileDrops drops() const { return {}; }
};

// Integers of a file that was written in this or the other byte order.
class Order {
 public:
  explicit Order(bool swapped) : swapped_(swapped) {}
  [[nodiscard]] std::uint16_t u16(const std::uint8_t* p) const {
    std::uint16_t v = 0;
    std::memcpy(&v, p, sizeof v);
    return swapped_ ? __builtin_bswap16(v) : v;
  }
  [[nodiscard]] std::uint32_t u32(const std::uint8_t* p) const {
    std::uint32_t v = 0;
    std::memcpy(&v, p, sizeof v);
    return swapped_ ? __builtin_bswap32(v) : v;
  }
  [[nodiscard]] std::uint64_t u64(const std::uint8_t* p) const {
    std::uint64_t v = 0;
    std::memcpy(&v, p, sizeof v);
    return swapped_ ? __builtin_bswap64(v) : v;
  }

 private:
  bool swapped_;
};

// True if the four bytes begin a file of that format.
bool is_pcap(const std::uint8_t* magic);
bool is_pcapng(const std::uint8_t* magic);
std::unique_ptr<RecordParser> make_pcap_parser();
std::unique_ptr<RecordParser> make_pcapng_parser();

}  // namespace pr::capture
