// What a field is (FieldDef, written next to the dissector that fills it) and what it holds (Value).
// Names, types and ways of printing are Wireshark's.
#pragma once

#include <cstdint>
#include <span>

#include "shared/base/bytes.h"

namespace pr {

// The type decides which part of a Value holds the value, how it compares and how it prints.
enum class FieldType : std::uint8_t {
  kNone,      // present or not: a protocol, a subtree, a marker (tcp.analysis.flags)
  kBool,      // number: 0 or 1
  kUint,      // number
  kInt,       // number, two's complement
  kDouble,    // number holds the bits of a double
  kText,      // data: UTF-8 as far as the sender cared
  kBytes,     // data
  kEther,     // data, 6 octets
  kIpv4,      // number, host order
  kIpv6,      // data, 16 octets
  kTime,      // number: nanoseconds since 1970 UTC
  kDuration,  // number: nanoseconds, signed
};

enum class Show : std::uint8_t {
  kDec,
  kHex,
  kNone,  // of octets: that there are none is worth a word ("<none>"); else it is a fault ("<MISSING>")
};

// A value that has a name: {1, "A (Host Address)"}. Tables are sorted or short; the first match wins.
struct NamedValue {
  std::uint64_t value;
  const char* name;
};

struct FieldDef {
  const char* name;   // "tcp.srcport"
  const char* label;  // "Source Port": the tree's words, and the catalog's description
  FieldType type = FieldType::kNone;
  Show show = Show::kDec;
  std::uint8_t bits = 0;  // width for hexadecimal printing (16 -> 0x0800); 0 for the rest
  std::span<const NamedValue> names = {};
};

// A name for several fields at once: ip.addr stands for ip.src and ip.dst, in the order of occurrence.
struct AliasDef {
  const char* name;
  const char* label;
  std::span<const char* const> of;
};

// Number of a field in the registry of this process; never stored. 0 is no field.
using FieldId = std::uint16_t;

// What a field holds. Borrowed data lives as long as the Dissection that it is in.
struct Value {
  std::uint64_t number = 0;
  const std::uint8_t* data = nullptr;
  std::uint32_t size = 0;

  [[nodiscard]] Bytes bytes() const { return {data, size}; }
  static Value of(std::uint64_t n) { return {.number = n}; }
  static Value of(Bytes b) { return {.number = 0, .data = b.data(), .size = static_cast<std::uint32_t>(b.size())}; }
};

}  // namespace pr
