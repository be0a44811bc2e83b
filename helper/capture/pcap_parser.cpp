// pcap savefiles (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, and the variants with longer
// record headers that patched libpcaps and Nokia firewalls wrote.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <utility>

#include "helper/capture/record_parser.h"
#include "shared/model/link_type.h"

namespace pr::capture {
namespace {

constexpr std::uint32_t kMicro = 0xa1b2c3d4, kNano = 0xa1b23c4d;
constexpr std::uint32_t kModified = 0xa1b2cd34;  // Alexey Kuznetzov's patches: longer record headers
constexpr std::uint32_t kIxiaHardware = 0x1c0001ac, kIxiaSoftware = 0x1c0001ab;  // the file header is longer

constexpr std::size_t kHeader = 24;
constexpr std::size_t kRecord = 16;
constexpr std::size_t kModifiedRecord = 24, kModifiedRecord990915 = 28, kNokiaRecord = 20;

// The magic number as the writer meant it; 0: none of ours.
std::uint32_t magic_of(const std::uint8_t* bytes, bool* swapped) {
  for (const bool swap : {false, true}) {
    const std::uint32_t magic = Order(swap).u32(bytes);
    for (const std::uint32_t known : {kMicro, kNano, kModified, kIxiaHardware, kIxiaSoftware}) {
      if (magic != known) continue;
      *swapped = swap;
      return magic;
    }
  }
  return 0;
}

class PcapParser final : public RecordParser {
 public:
  absl::StatusOr<bool> fill(Window& in, Batch& batch) override;

 private:
  using Have = Window::Have;

  absl::StatusOr<Have> read_header(Window& in, Batch& batch);
  void choose_variant(Window& in);
  // How many of the first two records are there and make sense with headers of that length; -1: one makes none.
  // strict: their times too.
  int plausible(Window& in, std::size_t record, bool strict) const;
  absl::Status cut(const Window& in) const;
  void add(Batch& batch, const std::uint8_t* record, std::uint32_t captured, std::uint32_t wire) const;
  // Captured and wire length of the record there.
  void lengths(const std::uint8_t* record, std::uint32_t* captured, std::uint32_t* wire) const;

  Order order_{false};
  std::uint32_t magic_ = 0;
  std::uint32_t limit_ = kUsualPacket;
  std::uint16_t link_type_ = 0;
  unsigned minor_ = 4;
  bool nano_ = false;
  std::size_t record_ = 0;  // length of a record header; 0: not known yet
};

absl::StatusOr<bool> PcapParser::fill(Window& in, Batch& batch) {
  if (magic_ == 0) {
    const auto have = read_header(in, batch);
    if (!have.ok()) return have.status();
    if (*have != Have::kYes) return true;
  }
  if (record_ == 0) choose_variant(in);
  while (batch.packets.size() < kBatchPackets) {
    auto have = in.need(record_);
    if (!have.ok()) return have.status();
    if (*have == Have::kEnd && in.available() == 0) return false;
    if (*have == Have::kEnd) return cut(in);
    if (*have != Have::kYes) return true;
    std::uint32_t captured = 0, wire = 0;
    lengths(in.data(), &captured, &wire);
    if (captured > limit_) {
      return damage_at(in.offset(), absl::StrCat("a packet of ", captured, " bytes, more than the ", limit_,
                                                 " that this capture can hold"));
    }
    have = in.need(record_ + captured);
    if (!have.ok()) return have.status();
    if (*have == Have::kEnd) return cut(in);
    if (*have != Have::kYes) return true;
    add(batch, in.data(), captured, wire);
    in.consume(record_ + captured);
  }
  return true;
}

absl::Status PcapParser::cut(const Window& in) const {
  return damage_at(in.offset(), absl::StrCat("the file ends within the packet record that begins here (",
                                             in.available(), " bytes are left)"));
}

void PcapParser::lengths(const std::uint8_t* record, std::uint32_t* captured, std::uint32_t* wire) const {
  *captured = order_.u32(record + 8);
  *wire = order_.u32(record + 12);
  // Before version 2.3 the two lengths stood the other way round; writers of 2.3 did it either way.
  if (minor_ < 3 || (minor_ == 3 && *captured > *wire)) std::swap(*captured, *wire);
}

void PcapParser::add(Batch& batch, const std::uint8_t* record, std::uint32_t captured, std::uint32_t wire) const {
  const std::int64_t seconds = order_.u32(record);
  const std::int64_t fraction = order_.u32(record + 4);
  batch.packets.push_back({.ts = from_ns(seconds * 1'000'000'000 + (nano_ ? fraction : fraction * 1000)),
                           .link_type = link_type_,
                           .wire_len = std::max(wire, captured),
                           .bytes = {record + record_, captured}});
}

absl::StatusOr<Window::Have> PcapParser::read_header(Window& in, Batch& batch) {
  auto have = in.need(kHeader);
  if (!have.ok()) return have.status();
  if (*have == Have::kEnd) return damage_at(0, "the file ends within the pcap header");
  if (*have != Have::kYes) return have;
  bool swapped = false;
  const std::uint32_t magic = magic_of(in.data(), &swapped);
  const bool ixia = magic == kIxiaHardware || magic == kIxiaSoftware;
  if (ixia) {
    have = in.need(kHeader + 4);
    if (!have.ok()) return have.status();
    if (*have == Have::kEnd) return damage_at(0, "the file ends within the pcap header");
    if (*have != Have::kYes) return have;
  }
  order_ = Order(swapped);
  const unsigned major = order_.u16(in.data() + 4);
  if (major != 2) return damage_at(4, absl::StrCat("version ", major, " of the pcap format is not known"));
  minor_ = order_.u16(in.data() + 6);
  nano_ = magic == kNano || magic == kIxiaHardware;
  const std::uint32_t snaplen = order_.u32(in.data() + 16);
  limit_ = packet_limit(snaplen);
  // The upper six bits tell of frame check sequences.
  link_type_ = normal_link_type(order_.u32(in.data() + 20) & 0x03ffffffU);
  batch.new_interfaces.push_back({.link_type = link_type_, .snaplen = snaplen != 0 ? snaplen : kUsualPacket});
  in.consume(kHeader + (ixia ? 4 : 0));
  magic_ = magic;
  return Have::kYes;
}

void PcapParser::choose_variant(Window& in) {
  // Nokia wrote the usual magic number before longer records; what the patched ones wrote, nobody could tell.
  constexpr std::array<std::size_t, 2> kUsual{kRecord, kNokiaRecord};
  constexpr std::array<std::size_t, 3> kPatched{kModifiedRecord, kModifiedRecord990915, kRecord};
  const std::span<const std::size_t> variants =
      magic_ == kModified ? std::span<const std::size_t>(kPatched) : std::span<const std::size_t>(kUsual);
  record_ = variants.front();
  for (const std::size_t variant : variants) {
    const bool usual = variant == kRecord && magic_ != kModified;
    const int count = plausible(in, variant, !usual);
    // The first choice needs no proof, only nothing that speaks against it.
    if (count < 0 || (count < 2 && variant != variants.front())) continue;
    record_ = variant;
    return;
  }
}

int PcapParser::plausible(Window& in, std::size_t record, bool strict) const {
  constexpr std::uint32_t kMonth = 30 * 86400;
  std::size_t at = 0;
  std::uint32_t seconds = 0;
  for (int i = 0; i < 2; ++i) {
    const auto have = in.need(at + record);
    // Damage of the compressed data shows again when it is reached.
    if (!have.ok() || *have != Have::kYes) return i;
    const std::uint8_t* const header = in.data() + at;
    std::uint32_t captured = 0, wire = 0;
    lengths(header, &captured, &wire);
    if (captured > limit_ || captured > wire) return -1;
    const std::uint32_t before = std::exchange(seconds, order_.u32(header));
    if (strict && order_.u32(header + 4) >= (nano_ ? 1'000'000'000U : 1'000'000U)) return -1;
    if (strict && i > 0 && std::max(before, seconds) - std::min(before, seconds) > kMonth) return -1;
    at += record + captured;
  }
  return 2;
}

}  // namespace

bool is_pcap(const std::uint8_t* magic) {
  bool swapped = false;
  return magic_of(magic, &swapped) != 0;
}

std::unique_ptr<RecordParser> make_pcap_parser() { return std::make_unique<PcapParser>(); }

}  // namespace pr::capture
