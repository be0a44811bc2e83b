#include "helper/store/base64.h"

namespace pr::store {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}
constexpr std::array<std::int8_t, 256> kValues = make_values();

}  // namespace

bool community_digest(std::string_view text, std::array<std::uint8_t, 20>& digest) {
  if (text.size() != 30 || !text.starts_with("1:") || text.back() != '=') return false;
  text = text.substr(2, 27);
  std::size_t made = 0;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const int value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) return false;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    digest[made++] = static_cast<std::uint8_t>(bits >> held);
  }
  return made == digest.size() && (bits & ((1U << held) - 1U)) == 0;
}

std::string community_text(Bytes digest) {
  if (digest.size() != 20) return {};
  std::string text = "1:";
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const std::uint8_t octet : digest) {
    bits = bits << 8U | octet;
    held += 8;
    for (; held >= 6; held -= 6) text += kDigits[bits >> (held - 6U) & 63U];
  }
  text += kDigits[bits << (6U - held) & 63U];
  return text + '=';
}

}  // namespace pr::store
