#include "helper/capture/pcapng_options.h"

#include <algorithm>

#include "shared/base/text.h"
#include "shared/model/link_type.h"

namespace pr::capture {
namespace {

enum : std::uint16_t {
  kEndOfOptions = 0,
  kIfName = 2,
  kIfDescription = 3,
  kIfTsresol = 9,
  kIfFilter = 11,
  kIfOs = 12,
  kIfTsoffset = 14
};

// Descriptions are kept for every interface of a session, so a file does not choose their size.
constexpr std::size_t kLongestText = 4096;

std::string text_of(Bytes value) {
  std::string_view text = as_text(value).substr(0, kLongestText);
  return to_valid_utf8(text.substr(0, text.find('\0')));
}

std::uint64_t power_of_ten(unsigned exponent) {
  std::uint64_t power = 1;
  for (unsigned i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

void for_each_option(Bytes options, Order order, FunctionRef<void(std::uint16_t code, Bytes value)> each) {
  while (options.size() >= 4) {
    const std::uint16_t code = order.u16(options.data());
    const std::size_t length = order.u16(options.data() + 2);
    options = options.subspan(4);
    if (code == kEndOfOptions || length > options.size()) return;
    each(code, options.first(length));
    options = options.subspan(std::min(options.size(), (length + 3) & ~std::size_t{3}));
  }
}

TimeUnit::TimeUnit(std::uint8_t resolution, std::int64_t offset_seconds)
    : binary_((resolution & 0x80U) != 0), exponent_(resolution & 0x7fU), offset_seconds_(offset_seconds) {
  // Units shorter than 10^-28 s cannot reach a nanosecond in 64 bits.
  if (!binary_) factor_ = power_of_ten(std::min(exponent_ > 9 ? exponent_ - 9 : 9 - exponent_, 19U));
}

Timestamp TimeUnit::time(std::uint64_t units) const {
  __int128 ns = 0;
  if (binary_) {
    // 64 bits of units by 30 bits of 10^9 fit; a shift of up to 127 is defined.
    ns = static_cast<__int128>(units) * 1'000'000'000 >> exponent_;
  } else if (exponent_ <= 9) {
    ns = static_cast<__int128>(units) * factor_;
  } else if (exponent_ <= 28) {
    ns = units / factor_;
  }
  return bounded_time(ns + static_cast<__int128>(offset_seconds_) * 1'000'000'000);
}

FileInterface read_interface(Bytes body, Order order, const std::string& os, InterfaceInfo* info) {
  FileInterface interface;
  interface.link_type = normal_link_type(order.u16(body.data()));
  interface.snaplen = order.u32(body.data() + 4);
  interface.limit = packet_limit(interface.snaplen);
  std::uint8_t resolution = 6;
  std::int64_t offset = 0;
  *info = {
      .os = os, .link_type = interface.link_type, .snaplen = interface.snaplen != 0 ? interface.snaplen : kUsualPacket};
  for_each_option(body.subspan(8), order, [&](std::uint16_t code, Bytes value) {
    if (code == kIfName) info->name = text_of(value);
    if (code == kIfDescription) info->description = text_of(value);
    if (code == kIfOs) info->os = text_of(value);
    // The first octet says what follows: 0 is text, the rest compiled code.
    if (code == kIfFilter && value.size() > 1 && value[0] == 0) info->filter = text_of(value.subspan(1));
    if (code == kIfTsresol && !value.empty()) resolution = value[0];
    if (code == kIfTsoffset && value.size() >= 8) offset = static_cast<std::int64_t>(order.u64(value.data()));
  });
  // Wireshark's words: an interface that a file describes always has a name, unlike that of a file without interfaces.
  if (info->name.empty()) info->name = info->description.empty() ? "unknown" : info->description;
  interface.unit = TimeUnit(resolution, offset);
  return interface;
}

}  // namespace pr::capture
