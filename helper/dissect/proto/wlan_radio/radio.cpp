#include "helper/dissect/proto/wlan_radio/radio.h"

#include "shared/base/cursor.h"

namespace pr::dissect {
namespace {

constexpr std::uint16_t kRadiotap = 127, kPpi = 192;
constexpr std::uint16_t kPpiCommon = 2;
constexpr std::uint32_t kMorePresent = 0x80000000U;

void read_flags(std::uint8_t flags, RadioInfo* info) {
  info->short_preamble = (flags & 2U) != 0;
  info->has_fcs = (flags & 0x10U) != 0;
  info->data_pad = (flags & 0x20U) != 0;
}

void read_field(unsigned bit, Cursor in, RadioInfo* info) {
  switch (bit) {
    case 0: info->timestamp = in.u64le(); break;
    case 1: read_flags(in.u8(), info); break;
    case 2: info->half_megabits = in.u8(); break;
    case 3:
      info->frequency = in.u16le();
      info->channel_flags = in.u16le();
      break;
    case 5: info->signal_dbm = static_cast<std::int8_t>(in.u8()); break;
    case 6: info->noise_dbm = static_cast<std::int8_t>(in.u8()); break;
    case 12: info->signal_db = in.u8(); break;
    case 13: info->noise_db = in.u8(); break;
    default: break;
  }
}

RadioInfo read_radiotap(Cursor in) {
  RadioInfo info;
  in.skip(2);
  const std::uint16_t length = in.u16le();
  const std::uint32_t present = in.u32le();
  if (!in.ok() || length < 8) return info;
  info.header_length = length;
  for (std::uint32_t more = present; (more & kMorePresent) != 0 && in.left() > 0;) more = in.u32le();
  for (unsigned bit = 0; bit < std::size(kRadiotapSizes); ++bit) {
    if ((present >> bit & 1U) == 0) continue;
    const RadiotapSize field = kRadiotapSizes[bit];
    in.skip((field.align - in.at() % field.align) % field.align);
    if (!in.ok() || in.at() + field.size > length) return info;
    read_field(bit, in.sub(field.size), &info);
  }
  return info;
}

void read_common(Cursor in, RadioInfo* info) {
  info->timestamp = in.u64le();
  const std::uint16_t flags = in.u16le();
  info->half_megabits = in.u16le();
  info->frequency = in.u16le();
  info->channel_flags = in.u16le();
  in.skip(2);
  info->signal_dbm = static_cast<std::int8_t>(in.u8());
  info->noise_dbm = static_cast<std::int8_t>(in.u8());
  info->has_fcs = in.ok() && (flags & 1U) != 0;
}

RadioInfo read_ppi(Cursor in) {
  RadioInfo info;
  in.skip(2);
  const std::uint16_t length = in.u16le();
  in.skip(4);
  if (!in.ok() || length < 8) return info;
  info.header_length = length;
  Cursor fields = in.sub(std::min<std::size_t>(length - 8U, in.left()));
  while (fields.left() >= 4) {
    const std::uint16_t type = fields.u16le();
    const std::uint16_t size = fields.u16le();
    Cursor field = fields.sub(size);
    if (fields.ok() && type == kPpiCommon && size >= 20) read_common(field, &info);
  }
  return info;
}

}  // namespace

unsigned RadioInfo::channel() const {
  if (frequency == 2484) return 14;
  if (frequency >= 2412 && frequency <= 2472) return (frequency - 2407U) / 5U;
  if (frequency >= 5000 && frequency <= 5925) return (frequency - 5000U) / 5U;
  return 0;
}

RadioInfo radio_info(const Packet& packet) {
  if (packet.link_type == kRadiotap) return read_radiotap(Cursor(packet.bytes));
  if (packet.link_type == kPpi) return read_ppi(Cursor(packet.bytes));
  return {};
}

}  // namespace pr::dissect
