// Reads BER (X.690) one element at a time: SNMP, LDAP, Kerberos and their kind. Tag numbers of one octet or more,
// lengths of up to four octets; the indefinite form, which none of these protocols allows, is refused. Nothing is
// copied, nothing recurses, and an element never reaches beyond the one that it lies in.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "shared/base/cursor.h"

namespace pr::dissect::ber {

// First octets: class, the bit of constructed encodings, number.
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04, kNull = 0x05,
                              kObjectIdentifier = 0x06, kEnumerated = 0x0a, kUtf8String = 0x0c, kSequence = 0x30,
                              kSet = 0x31, kGeneralString = 0x1b, kGeneralizedTime = 0x18;
constexpr std::uint8_t application(unsigned number, bool constructed = true) {
  return static_cast<std::uint8_t>(0x40U | (constructed ? 0x20U : 0U) | (number & 0x1fU));
}
constexpr std::uint8_t context(unsigned number, bool constructed = true) {
  return static_cast<std::uint8_t>(0x80U | (constructed ? 0x20U : 0U) | (number & 0x1fU));
}

enum class Sight : std::uint8_t {
  kWhole,  // identifier and length are there; the contents may not be
  kShort,  // more octets are needed to tell
  kBad,    // not BER, or in the indefinite form
};

// Identifier and length octets.
struct Header {
  std::uint8_t identifier = 0;  // the first octet
  std::uint32_t number = 0;     // the tag's number, whichever form it has
  std::size_t size = 0;         // octets of identifier and length
  std::size_t length = 0;       // octets of the contents

  [[nodiscard]] bool constructed() const { return (identifier & 0x20U) != 0; }
  [[nodiscard]] std::size_t total() const { return size + length; }
};

// Looks at an element's head without needing its contents: for framing and probes.
inline Sight look(Bytes start, Header* out) {
  Cursor in(start);
  *out = {};
  out->identifier = in.u8();
  out->number = out->identifier & 0x1fU;
  if (in.ok() && out->number == 0x1f) {
    out->number = 0;
    for (int i = 0;; ++i) {
      const std::uint8_t octet = in.u8();
      if (!in.ok()) return Sight::kShort;
      if (i == 4) return Sight::kBad;
      out->number = out->number << 7U | (octet & 0x7fU);
      if ((octet & 0x80U) == 0) break;
    }
  }
  const std::uint8_t first = in.u8();
  if (!in.ok()) return Sight::kShort;
  out->length = first;
  if (first >= 0x80) {
    const unsigned octets = first & 0x7fU;
    if (octets == 0 || octets > 4) return Sight::kBad;
    out->length = 0;
    for (unsigned i = 0; i < octets; ++i) out->length = out->length << 8U | in.u8();
    if (!in.ok()) return Sight::kShort;
  }
  out->size = in.at();
  return Sight::kWhole;
}

struct Element {
  std::uint8_t identifier = 0;
  std::uint32_t number = 0;
  Bytes whole;     // head and contents
  Bytes contents;  // for LayerBuilder: where the value lies

  [[nodiscard]] bool is(std::uint8_t wanted) const { return identifier == wanted; }
  [[nodiscard]] bool constructed() const { return (identifier & 0x20U) != 0; }
  [[nodiscard]] Cursor in() const { return Cursor(contents); }
};

// The next element of `in`, which is consumed. False: `in` is at its end (then it is still ok), or what is there is
// no element or reaches beyond the end (then `in` has failed).
inline bool next(Cursor& in, Element* out) {
  if (in.left() == 0) return false;
  Header head;
  if (look(in.rest(), &head) != Sight::kWhole || head.length > in.left() - head.size) {
    in.fail();
    return false;
  }
  const Bytes whole = in.take(head.total());
  *out = {head.identifier, head.number, whole, whole.subspan(head.size)};
  return true;
}

// The next element if it begins with this octet. False: another one is next (`in` is as before), or as above.
inline bool next_if(Cursor& in, std::uint8_t identifier, Element* out) {
  const Bytes first = in.peek(1);
  return !first.empty() && first[0] == identifier && next(in, out);
}

// The next element, which has to begin with this octet: else `in` fails.
inline bool expect(Cursor& in, std::uint8_t identifier, Element* out) {
  if (next_if(in, identifier, out)) return true;
  in.fail();
  return false;
}

// INTEGER and ENUMERATED, two's complement; of longer ones the low 64 bits.
inline std::int64_t signed_integer(Bytes contents) {
  std::uint64_t value = !contents.empty() && (contents[0] & 0x80U) != 0 ? ~0ULL : 0;
  for (const std::uint8_t octet : contents) value = value << 8U | octet;
  return static_cast<std::int64_t>(value);
}

// Numbers that are never negative, whatever their first bit says (SNMP's counters by some agents).
inline std::uint64_t unsigned_integer(Bytes contents) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : contents) value = value << 8U | octet;
  return value;
}

// An OBJECT IDENTIFIER or RELATIVE-OID as text: "1.3.6.1.2.1.1.1.0". Without the heap; what does not fit is left out.
class OidText {
 public:
  explicit OidText(Bytes contents, bool relative = false) {
    std::uint64_t arc = 0;
    bool first = !relative;
    for (const std::uint8_t octet : contents) {
      arc = arc << 7U | (octet & 0x7fU);
      if ((octet & 0x80U) != 0) continue;
      if (first) {
        const std::uint64_t root = arc < 40 ? 0 : arc < 80 ? 1 : 2;
        put(root);
        arc -= root * 40;
        first = false;
      }
      put(arc);
      arc = 0;
    }
  }
  [[nodiscard]] std::string_view text() const { return {text_.data(), used_}; }

 private:
  void put(std::uint64_t arc) {
    std::array<char, 21> digits;
    std::size_t n = digits.size();
    do {
      digits[--n] = static_cast<char>('0' + arc % 10);
      arc /= 10;
    } while (arc != 0);
    if (used_ != 0) digits[--n] = '.';
    if (digits.size() - n > text_.size() - used_) {
      full_ = true;
    }
    if (full_) return;
    for (; n < digits.size(); ++n) text_[used_++] = digits[n];
  }

  std::array<char, 768> text_;
  std::size_t used_ = 0;
  bool full_ = false;
};

}  // namespace pr::dissect::ber
