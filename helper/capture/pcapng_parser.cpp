// pcapng (draft-ietf-opsawg-pcapng): all sections, both byte orders, packets of enhanced, simple and obsolete packet
// blocks; other blocks are skipped.
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "helper/capture/pcapng_options.h"
#include "helper/capture/record_parser.h"
#include "shared/base/text.h"

namespace pr::capture {
namespace {

enum : std::uint32_t {
  kInterface = 1,
  kObsoletePacket = 2,
  kSimplePacket = 3,
  kStatistics = 5,
  kEnhancedPacket = 6,
  kSection = 0x0a0d0d0a
};

constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
constexpr std::size_t kFrame = 12;  // type and length before the body, length after it
// A block that has to be held whole: the largest packet with room for options.
constexpr std::uint32_t kLargestBlock = kLargestPacket + 1024 * 1024;
// Others of this size are held too, so that their lengths can be compared; larger ones are passed over.
constexpr std::uint32_t kLargestSkipped = 64 * 1024;
// Every interface of a session stays in memory and in the catalog.
constexpr std::size_t kMostInterfaces = 65536;

// Counts in a file may be anything; sums of them must not wrap.
constexpr std::uint64_t kMostDrops = std::uint64_t{1} << 40U;

class PcapngParser final : public RecordParser {
 public:
  absl::StatusOr<bool> fill(Window& in, Batch& batch) override;
  [[nodiscard]] FileDrops drops() const override;

 private:
  using Have = Window::Have;

  // One block: kYes, or why there is none now; kEnd is a proper end.
  absl::StatusOr<Have> next(Window& in, Batch& batch);
  absl::StatusOr<Have> skip_rest(Window& in);
  // `block` is whole, its two lengths agree, `at` is its offset in the file.
  absl::Status take(std::uint32_t type, Bytes block, std::uint64_t at, Batch& batch);
  absl::Status section(Bytes block, std::uint64_t at);
  absl::Status interface(Bytes block, std::uint64_t at, Batch& batch);
  absl::Status packet(std::uint32_t type, Bytes block, std::uint64_t at, Batch& batch);
  absl::Status simple_packet(Bytes block, std::uint64_t at, Batch& batch);
  absl::Status statistics(Bytes block);
  absl::Status cut(const Window& in) const;

  Order order_{false};
  std::vector<FileInterface> interfaces_;  // of all sections
  std::size_t first_ = 0;                  // of this section
  std::string os_;                         // of this section
  std::uint64_t skip_ = 0;                 // what is left of a block that is passed over
  Timestamp last_{};
};

absl::StatusOr<bool> PcapngParser::fill(Window& in, Batch& batch) {
  while (batch.packets.size() < kBatchPackets) {
    const auto have = next(in, batch);
    if (!have.ok()) return have.status();
    if (*have == Have::kEnd) return false;
    if (*have != Have::kYes) break;
  }
  return true;
}

absl::StatusOr<Window::Have> PcapngParser::next(Window& in, Batch& batch) {
  if (skip_ > 0) return skip_rest(in);
  auto have = in.need(kFrame);
  if (!have.ok()) return have.status();
  if (*have == Have::kEnd) return in.available() == 0 ? absl::StatusOr<Have>(Have::kEnd) : cut(in);
  if (*have != Have::kYes) return have;
  const std::uint64_t at = in.offset();
  const std::uint32_t type = order_.u32(in.data());
  if (type == kSection) {  // reads the same either way round; the rest of the section is in the order that it says
    const bool swapped = Order(true).u32(in.data() + 8) == kByteOrder;
    if (!swapped && Order(false).u32(in.data() + 8) != kByteOrder) {
      return damage_at(at + 8, "a section header without a byte-order mark");
    }
    order_ = Order(swapped);
  }
  const std::uint32_t length = order_.u32(in.data() + 4);
  if (length < kFrame || length % 4 != 0) {
    return damage_at(at, absl::StrCat("a block of ", length, " bytes, which no block can have"));
  }
  const bool ours = type == kInterface || type == kObsoletePacket || type == kSimplePacket || type == kStatistics ||
                    type == kEnhancedPacket || type == kSection;
  if (!ours && length > kLargestSkipped) {
    skip_ = length;
    return skip_rest(in);
  }
  if (length > kLargestBlock) {
    return damage_at(at, absl::StrCat("a block of ", length, " bytes, more than the ", kLargestBlock, " allowed"));
  }
  have = in.need(length);
  if (!have.ok()) return have.status();
  if (*have == Have::kEnd) return cut(in);
  if (*have != Have::kYes) return have;
  const std::uint32_t again = order_.u32(in.data() + length - 4);
  if (again != length) {
    return damage_at(at, absl::StrCat("the block begins with length ", length, " and ends with ", again));
  }
  if (absl::Status taken = take(type, {in.data(), length}, at, batch); !taken.ok()) return taken;
  in.consume(length);
  return Have::kYes;
}

absl::StatusOr<Window::Have> PcapngParser::skip_rest(Window& in) {
  const std::uint64_t at = in.offset();
  const auto have = in.skip(&skip_);
  if (have.ok() && *have == Have::kEnd) {
    return damage_at(at, absl::StrCat("the file ends within a block (", skip_, " bytes are missing)"));
  }
  return have;
}

absl::Status PcapngParser::cut(const Window& in) const {
  return damage_at(in.offset(), absl::StrCat("the file ends within the block that begins here (", in.available(),
                                             " bytes are left)"));
}

absl::Status PcapngParser::take(std::uint32_t type, Bytes block, std::uint64_t at, Batch& batch) {
  switch (type) {
    case kEnhancedPacket:
    case kObsoletePacket: return packet(type, block, at, batch);
    case kSimplePacket: return simple_packet(block, at, batch);
    case kInterface: return interface(block, at, batch);
    case kStatistics: return statistics(block);
    case kSection: return section(block, at);
    default: return absl::OkStatus();
  }
}

absl::Status PcapngParser::section(Bytes block, std::uint64_t at) {
  if (block.size() < 28) return damage_at(at, "a section header that is too short");
  const unsigned major = order_.u16(block.data() + 12);
  if (major != 1) return damage_at(at + 12, absl::StrCat("version ", major, " of the pcapng format is not known"));
  first_ = interfaces_.size();
  os_.clear();
  for_each_option(block.subspan(24, block.size() - 28), order_, [this](std::uint16_t code, Bytes value) {
    if (code == 3) os_ = to_valid_utf8(as_text(value).substr(0, 256));
  });
  return absl::OkStatus();
}

absl::Status PcapngParser::interface(Bytes block, std::uint64_t at, Batch& batch) {
  if (block.size() < kFrame + 8) return damage_at(at, "an interface description that is too short");
  if (interfaces_.size() == kMostInterfaces) return damage_at(at, "more than 65536 interfaces");
  InterfaceInfo info;
  interfaces_.push_back(read_interface(block.subspan(8, block.size() - kFrame), order_, os_, &info));
  batch.new_interfaces.push_back(std::move(info));
  return absl::OkStatus();
}

absl::Status PcapngParser::packet(std::uint32_t type, Bytes block, std::uint64_t at, Batch& batch) {
  constexpr std::size_t kFixed = 28;  // before the packet's bytes
  if (block.size() < kFixed + 4) return damage_at(at, "a packet block that is too short");
  const std::size_t number =
      type == kEnhancedPacket ? order_.u32(block.data() + 8) : std::size_t{order_.u16(block.data() + 8)};
  if (number >= interfaces_.size() - first_) {
    return damage_at(at, absl::StrCat("a packet of interface ", number, ", which the section does not describe"));
  }
  const FileInterface& from = interfaces_[first_ + number];
  const std::uint64_t units = std::uint64_t{order_.u32(block.data() + 12)} << 32U | order_.u32(block.data() + 16);
  const std::uint32_t captured = order_.u32(block.data() + 20);
  const std::uint32_t wire = order_.u32(block.data() + 24);
  if (captured > block.size() - kFixed - 4) {
    return damage_at(at, absl::StrCat("a packet of ", captured, " bytes in a block of ", block.size()));
  }
  if (captured > from.limit) {
    return damage_at(at, absl::StrCat("a packet of ", captured, " bytes, more than the ", from.limit,
                                      " that this capture can hold"));
  }
  last_ = from.unit.time(units);
  batch.packets.push_back({.ts = last_,
                           .interface_id = static_cast<std::uint32_t>(first_ + number),
                           .link_type = from.link_type,
                           .wire_len = std::max(wire, captured),
                           .bytes = block.subspan(kFixed, captured)});
  return absl::OkStatus();
}

// It has no time of its own: it gets the packet's before it, so that time does not jump to 1970 and back.
absl::Status PcapngParser::simple_packet(Bytes block, std::uint64_t at, Batch& batch) {
  if (block.size() < kFrame + 4) return damage_at(at, "a packet block that is too short");
  if (first_ == interfaces_.size()) return damage_at(at, "a packet in a section that describes no interface");
  const FileInterface& from = interfaces_[first_];
  const std::uint32_t wire = order_.u32(block.data() + 8);
  const std::uint32_t captured = from.snaplen != 0 ? std::min(wire, from.snaplen) : wire;
  if (captured > block.size() - kFrame - 4) {
    return damage_at(at, absl::StrCat("a packet of ", captured, " bytes in a block of ", block.size()));
  }
  if (captured > from.limit) {
    return damage_at(at, absl::StrCat("a packet of ", captured, " bytes, more than the ", from.limit,
                                      " that this capture can hold"));
  }
  batch.packets.push_back({.ts = last_,
                           .interface_id = static_cast<std::uint32_t>(first_),
                           .link_type = from.link_type,
                           .wire_len = wire,
                           .bytes = block.subspan(12, captured)});
  return absl::OkStatus();
}

// Counts since the start of the capture: the last block of an interface counts.
absl::Status PcapngParser::statistics(Bytes block) {
  if (block.size() < kFrame + 12) return absl::OkStatus();
  const std::size_t number = order_.u32(block.data() + 8);
  if (number >= interfaces_.size() - first_) return absl::OkStatus();
  FileDrops& drops = interfaces_[first_ + number].drops;
  for_each_option(block.subspan(20, block.size() - 24), order_, [&](std::uint16_t code, Bytes value) {
    if (value.size() != 8) return;
    if (code == 5) drops.interface = std::min(order_.u64(value.data()), kMostDrops);
    if (code == 7) drops.kernel = std::min(order_.u64(value.data()), kMostDrops);
  });
  return absl::OkStatus();
}

FileDrops PcapngParser::drops() const {
  FileDrops sum;
  for (const FileInterface& interface : interfaces_) {
    sum.kernel += interface.drops.kernel;
    sum.interface += interface.drops.interface;
  }
  return sum;
}

}  // namespace

bool is_pcapng(const std::uint8_t* magic) { return Order(false).u32(magic) == kSection; }

std::unique_ptr<RecordParser> make_pcapng_parser() { return std::make_unique<PcapngParser>(); }

}  // namespace pr::capture
