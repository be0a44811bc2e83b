// The form that PPP's control protocols share: code, identifier, length (RFC 1661 section 5), and their options.
#pragma once

#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/ip_common.h"

namespace pr::dissect {

inline constexpr NamedValue kPppCodeNames[] = {
    {1, "Configuration Request"}, {2, "Configuration Ack"}, {3, "Configuration Nak"}, {4, "Configuration Reject"},
    {5, "Termination Request"},   {6, "Termination Ack"},   {7, "Code Reject"},       {8, "Protocol Reject"},
    {9, "Echo Request"},          {10, "Echo Reply"},       {11, "Discard Request"},  {12, "Identification"},
    {13, "Time Remaining"},       {14, "Reset Request"},    {15, "Reset Ack"}};

// Field numbers of the head, which are the first of each protocol.
enum PppControlField : std::size_t { kPppCode, kPppIdentifier, kPppLength, kPppControlFields };

inline constexpr FieldDef kPppCodeField{"ppp.code", "Code", FieldType::kUint, Show::kDec, 0, kPppCodeNames};
inline constexpr FieldDef kPppIdentifierField{"ppp.identifier", "Identifier", FieldType::kUint};
inline constexpr FieldDef kPppLengthField{"ppp.length", "Length", FieldType::kUint};

struct PppControl {
  std::uint8_t code = 0;
  Cursor body;
  [[nodiscard]] bool has_options() const { return code >= 1 && code <= 4; }
};

// Reads the head; the body is what the length says. A failed body: the head contradicts itself.
inline PppControl read_ppp_control(Cursor& in, LayerBuilder& out) {
  const std::uint8_t code = out.u8(in, kPppCode);
  out.u8(in, kPppIdentifier);
  const std::uint16_t length = out.u16(in, kPppLength);
  if (out.wanted() && in.ok()) out.info(std::string(name_of(kPppCodeNames, code, "Unknown")));
  constexpr std::size_t kHead = 4;
  if (length < kHead) in.fail();
  return {code, in.sub(std::min<std::size_t>(length - kHead, in.left()))};
}

}  // namespace pr::dissect
