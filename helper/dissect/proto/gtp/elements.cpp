// Information elements of version 1: below 128 their length follows from their type, above it stands in front.
#include <string>

#include "helper/dissect/proto/gtp/gtp.h"

namespace pr::dissect::gtp {
namespace {

constexpr std::uint8_t kHasLength = 0x80;
constexpr std::uint8_t kApnElement = 131, kGsnElement = 133;

// Octets behind the type; 0: unknown, and nothing behind it can be found.
std::size_t fixed_length(std::uint8_t type) {
  struct Fixed {
    std::uint8_t type, length;
  };
  static constexpr Fixed kFixed[] = {{1, 1},  {2, 8},  {3, 6},  {4, 4},  {5, 4},  {8, 1},   {9, 28},
                                     {11, 1}, {12, 3}, {13, 1}, {14, 1}, {15, 1}, {16, 4},  {17, 4},
                                     {18, 5}, {19, 1}, {20, 1}, {21, 1}, {22, 1}, {23, 1},  {24, 1},
                                     {25, 2}, {26, 2}, {27, 2}, {28, 2}, {29, 1}, {126, 1}, {127, 4}};
  for (const Fixed& known : kFixed) {
    if (known.type == type) return known.length;
  }
  return 0;
}

void add_fixed(std::uint8_t type, Cursor in, LayerBuilder& out) {
  switch (type) {
    case 1: out.u8(in, kCause); break;
    case 8: out.add(kReorder, in.peek(1)[0] & 1U, in.peek(1)); break;
    case 14: out.u8(in, kRecovery); break;
    case 15: out.add(kSelectionMode, in.peek(1)[0] & 3U, in.peek(1)); break;
    case 16: out.u32(in, kTeidData); break;
    case 17: out.u32(in, kTeidControl); break;
    case 19: out.add(kTearDown, in.peek(1)[0] & 1U, in.peek(1)); break;
    case 20: out.add(kNsapi, in.peek(1)[0] & 15U, in.peek(1)); break;
    case 127: out.u32(in, kChargingId); break;
    default: break;
  }
}

// Labels as in DNS, shown with dots.
void add_apn(Cursor in, LayerBuilder& out) {
  const Bytes where = in.rest();
  std::string name;
  while (in.left() > 0) {
    const Bytes label = in.take(std::min<std::size_t>(in.u8(), in.left()));
    if (!name.empty()) name += '.';
    name.append(label.begin(), label.end());
  }
  out.add_text(kApn, name, where);
}

}  // namespace

void add_elements(Cursor in, LayerBuilder& out) {
  while (in.left() > 0) {
    const std::uint8_t type = in.u8();
    const std::size_t length = (type & kHasLength) != 0 ? in.u16() : fixed_length(type);
    Cursor value = in.sub(length);
    if (!in.ok() || length == 0) return;
    if ((type & kHasLength) == 0) {
      add_fixed(type, value, out);
    } else if (type == kApnElement) {
      add_apn(value, out);
    } else if (type == kGsnElement && length == 4) {
      out.u32(value, kGsnIpv4);
    } else if (type == kGsnElement && length == 16) {
      out.bytes(value, kGsnIpv6, 16);
    }
  }
}

}  // namespace pr::dissect::gtp
