// DER (X.690) as far as certificates need it, and the parts of certificates that OCSP answers have too. Bounded by the
// bytes: every read consumes or fails.
#pragma once

#include "helper/dissect/proto/tls/handshake.h"

namespace pr::dissect::tls {

enum Tag : std::uint8_t {
  kBoolean = 0x01,
  kInteger = 0x02,
  kBitString = 0x03,
  kOctetString = 0x04,
  kOid = 0x06,
  kUtf8 = 0x0c,
  kPrintable = 0x13,
  kTeletex = 0x14,
  kIa5 = 0x16,
  kUtc = 0x17,
  kGeneralized = 0x18,
  kUniversal = 0x1c,
  kBmp = 0x1e,
  kSequence = 0x30,
  kSet = 0x31,
};
constexpr std::uint8_t kContext = 0x80, kConstructed = 0x20;

struct Element {
  std::uint8_t tag = 0;
  Bytes value;
  bool ok = false;

  [[nodiscard]] Cursor inside() const { return Cursor(value); }
  [[nodiscard]] bool is(std::uint8_t expected) const { return ok && tag == expected; }
};

// The element at the start of `in`; not ok where the bytes are none.
Element read(Cursor& in);
// AlgorithmIdentifier
void algorithm(Cursor& in, LayerBuilder& out);
// which: Wireshark counts the names of issuers and of subjects under different fields.
void name(const Element& sequence, LayerBuilder& out, Field which);

}  // namespace pr::dissect::tls
