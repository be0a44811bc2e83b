#include "helper/dissect/proto/nbns/name.h"

#include <algorithm>

namespace pr::dissect::nbns {
namespace {

constexpr std::size_t kEncoded = 32, kOctets = 16;
constexpr int kMaxPointers = 8, kMaxLabels = 32;

bool is_letter(std::uint8_t octet) { return octet >= 'A' && octet <= 'P'; }

std::string_view hex_digit(unsigned value) { return {&"0123456789abcdef"[value & 15U], 1}; }

}  // namespace

std::string_view Name::use() const {
  switch (suffix_) {
    case 0x00: return "Workstation/Redirector";
    case 0x01: return "Browser";
    case 0x03: return "Messenger service/Main name";
    case 0x06: return "RAS Server service";
    case 0x1b: return "Domain Master Browser";
    case 0x1c: return "Domain Controllers";
    case 0x1d: return "Local Master Browser";
    case 0x1e: return "Browser Election Service";
    case 0x1f: return "NetDDE service";
    case 0x20: return "Server service";
    case 0x21: return "RAS client service";
    case 0xbe: return "Network Monitor Agent";
    case 0xbf: return "Network Monitor Application";
    default: return {};
  }
}

void Name::describe() {
  if (!use().empty()) text_ << " (" << use() << ")";
}

void Name::decode(Bytes octets) {
  text_.clear();
  host_ = 0;
  if (octets.size() != kOctets) return;
  suffix_ = octets[kOctets - 1];
  Bytes name = octets.first(kOctets - 1);
  while (!name.empty() && name.back() == ' ') name = name.first(name.size() - 1);
  for (const std::uint8_t octet : name) {
    if (octet >= 0x20 && octet < 0x7f) {
      text_ << as_text(Bytes(&octet, 1));
    } else {
      text_ << "<" << hex_digit(octet >> 4U) << hex_digit(octet) << ">";
    }
  }
  host_ = text_.text().size();
  text_ << "<" << hex_digit(suffix_ >> 4U) << hex_digit(suffix_) << ">";
}

bool Name::read(Cursor& in, Bytes message) {
  text_.clear();
  host_ = 0;
  Cursor at = in;
  bool jumped = false;
  int pointers = 0;
  for (int labels = 0; labels < kMaxLabels; ++labels) {
    std::uint8_t length = at.u8();
    while (at.ok() && length >= 0xc0) {
      const std::size_t target = (length & 0x3fU) * 256U + at.u8();
      if (!jumped) in.skip(at.at() - in.at());
      jumped = true;
      if (!at.ok() || ++pointers > kMaxPointers || target >= message.size()) return false;
      at = Cursor(message.subspan(target));
      length = at.u8();
    }
    if (at.ok() && length > 63) return false;
    const Bytes label = at.take(length);
    if (!at.ok()) {
      in.fail();
      return false;
    }
    if (length == 0) {
      if (!jumped) in.skip(at.at() - in.at());
      return labels > 0;
    }
    if (labels > 0) {
      text_ << "." << as_text(label);
      continue;
    }
    if (length != kEncoded || !std::ranges::all_of(label, is_letter)) return false;
    std::array<std::uint8_t, kOctets> octets;
    for (std::size_t i = 0; i < kOctets; ++i)
      octets[i] = static_cast<std::uint8_t>((label[2 * i] - 'A') << 4U | (label[2 * i + 1] - 'A'));
    decode(octets);
  }
  return false;
}

bool looks_like_name(Bytes start) {
  return start.size() > kEncoded + 1 && start[0] == kEncoded && start[kEncoded + 1] < 64 &&
         std::ranges::all_of(start.subspan(1, kEncoded), is_letter);
}

}  // namespace pr::dissect::nbns
