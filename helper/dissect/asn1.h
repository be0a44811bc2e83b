// Reads BER by a schema: a protocol in ASN.1 is a table of types, and what the tables name becomes fields the way that
// Wireshark names them: a SEQUENCE is a marker ("as_req_element"), a SEQUENCE OF shows how many items it has, a CHOICE
// which of its members it is. Tables are constexpr; depth and time are bounded by the bytes.
#pragma once

#include <cstdint>
#include <span>

#include "helper/dissect/ber.h"
#include "helper/dissect/layer_builder.h"

namespace pr::dissect::asn1 {

enum class Kind : std::uint8_t {
  kSequence,    // also SET: members in any order
  kSequenceOf,  // members[0] is the item; the field shows the count
  kChoice,      // the field shows which member
  kInteger,     // also ENUMERATED; two's complement
  kBoolean,
  kOctets,  // OCTET STRING and whatever keeps its octets
  kText,
  kTime,      // GeneralizedTime
  kBits,      // BIT STRING; flags: the field of its first bit, the next bits' fields follow
  kOid,       // OBJECT IDENTIFIER, as text
  kNull,      // a marker
  kEnvelope,  // an OCTET STRING with an element of members[0] inside
  kSkip,      // shown by nobody
};

inline constexpr std::uint16_t kNoField = 0xffff;

// A tag: class in the upper two bits of the low octet, the number above it.
constexpr std::uint32_t universal(std::uint32_t number) { return number << 8U; }
constexpr std::uint32_t application(std::uint32_t number) { return number << 8U | 0x40U; }
constexpr std::uint32_t context(std::uint32_t number) { return number << 8U | 0x80U; }
inline constexpr std::uint32_t kAnyTag = 0xffffffff;

struct Type;
struct Member {
  std::uint32_t tag = kAnyTag;
  std::uint16_t field = kNoField;
  const Type* type = nullptr;
  bool is_explicit = false;  // the element lies within one of this tag
};

struct Type {
  Kind kind = Kind::kSkip;
  std::span<const Member> members = {};
  std::uint16_t flags = kNoField;
  std::uint8_t flag_count = 0;
  std::uint16_t padding = kNoField;  // of a BIT STRING: the field for its unused bits
};

// Hears of every value, before it is shown; and may show it instead.
class Listener {
 public:
  virtual ~Listener() = default;
  // True: the value was shown or is not to be shown. number: of integers, booleans, choices and counts.
  virtual bool value(std::uint16_t field, const Type& type, Bytes contents, std::uint64_t number) = 0;
  // A SEQUENCE or SEQUENCE OF begins.
  virtual void begin(std::uint16_t /*field*/) {}
};

class Reader {
 public:
  Reader(LayerBuilder& out, Listener& listener) : out_(out), listener_(listener) {}

  // The next element of `in`. False: it is none, or not of this type; nothing of it was shown.
  bool element(Cursor& in, const Type& type, std::uint16_t field);
  // The contents of an element that has been opened.
  bool contents(const ber::Element& element, const Type& type, std::uint16_t field);

 private:
  bool members(Cursor in, const Type& type);
  bool choose(const ber::Element& element, const Type& type, std::uint16_t field);
  bool member(const ber::Element& element, const Member& member);
  bool items(const ber::Element& element, const Type& type, std::uint16_t field);
  bool scalar(const ber::Element& element, const Type& type, std::uint16_t field);
  bool bits(const ber::Element& element, const Type& type, std::uint16_t field);

  static constexpr unsigned kMaxDepth = 32;
  LayerBuilder& out_;
  Listener& listener_;
  unsigned depth_ = 0;
};

// "20370913024805Z" as nanoseconds since 1970. False: no such time.
bool generalized_time(Bytes contents, std::uint64_t* ns);

}  // namespace pr::dissect::asn1
