// RDP (MS-RDPBCGR 2.2.1.1): the cookie and what security both sides agree on, after which TLS follows.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/windows.h"

namespace pr::dissect {
namespace {

using windows::add_bits;
using windows::Bit;

enum Field : std::uint16_t {
  kCookie,
  kNegType,
  kRequestFlags,
  kRestrictedAdminRequired,
  kCorrelationInfo,
  kNegLength,
  kRequestedProtocols,
  kSsl,
  kHybrid,
  kRdstls,
  kHybridEx,
  kResponseFlags,
  kExtendedClientData,
  kGraphics,
  kRestrictedAdminSupported,
  kRestrictedAuthentication,
  kSelectedProtocol,
  kFailureCode,
  kFieldCount
};
constexpr NamedValue kTypes[] = {
    {1, "RDP Negotiation Request"}, {2, "RDP Negotiation Response"}, {3, "RDP Negotiation Failure"}};
constexpr NamedValue kProtocols[] = {{0, "Standard RDP Security"},
                                     {1, "TLS 1.0, 1.1 or 1.2"},
                                     {2, "Credential Security Support Provider protocol (CredSSP)"},
                                     {4, "RDSTLS protocol"},
                                     {8, "CredSSP with Early User Authorization Result"}};
constexpr NamedValue kFailures[] = {{1, "SSL required by server"},        {2, "SSL not allowed by server"},
                                    {3, "SSL certificate not on server"}, {4, "Inconsistent flags"},
                                    {5, "Hybrid required by server"},     {6, "SSL with user authentication required"}};
constexpr FieldDef kFields[kFieldCount] = {
    {"rdp.rt_cookie", "Routing Token/Cookie", FieldType::kText},
    {"rdp.neg_type", "Type", FieldType::kUint, Show::kHex, 8, kTypes},
    {"rdp.negReq.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"rdp.negReq.flags.restricted_admin_mode_req", "Restricted admin mode required", FieldType::kBool},
    {"rdp.negReq.flags.correlation_info_present", "Correlation info present", FieldType::kBool},
    {"rdp.neg_length", "Length", FieldType::kUint},
    {"rdp.negReq.requestedProtocols", "requestedProtocols", FieldType::kUint, Show::kHex, 32},
    {"rdp.negReq.requestedProtocols.ssl", "TLS security supported", FieldType::kBool},
    {"rdp.negReq.requestedProtocols.hybrid", "CredSSP supported", FieldType::kBool},
    {"rdp.negReq.requestedProtocols.rdstls", "RDSTLS supported", FieldType::kBool},
    {"rdp.negReq.requestedProtocols.hybrid_ex", "Early User Authorization Result PDU supported", FieldType::kBool},
    {"rdp.negRsp.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"rdp.negRsp.flags.extended_client_data_supported", "Extended Client Data Blocks supported", FieldType::kBool},
    {"rdp.negRsp.flags.dynvc_gfx_protocol_supported", "Graphics Pipeline Extension Protocol supported",
     FieldType::kBool},
    {"rdp.negRsp.flags.restricted_admin_mode_supported", "Restricted admin mode supported", FieldType::kBool},
    {"rdp.negRsp.flags.restricted_authentication_mode_supported", "Restricted authentication mode supported",
     FieldType::kBool},
    {"rdp.negReq.selectedProtocol", "selectedProtocol", FieldType::kUint, Show::kHex, 32, kProtocols},
    {"rdp.negFailure.failureCode", "failureCode", FieldType::kUint, Show::kHex, 32, kFailures},
};

Bytes cookie(Cursor& in, LayerBuilder& out) {
  if (!as_text(in.rest()).starts_with("Cookie: ")) return {};
  const std::size_t end = as_text(in.rest()).find("\r\n");
  if (end == std::string_view::npos) return {};
  const Bytes line = in.take(end);
  out.add(kCookie, line, line);
  in.skip(2);
  return line;
}

Outcome dissect_rdp(Cursor& in, LayerBuilder& out) {
  static constexpr Bit kRequestBits[] = {{kRestrictedAdminRequired, 1}, {kCorrelationInfo, 8}};
  static constexpr Bit kProtocolBits[] = {{kSsl, 1}, {kHybrid, 2}, {kRdstls, 4}, {kHybridEx, 8}};
  static constexpr Bit kResponseBits[] = {
      {kExtendedClientData, 1}, {kGraphics, 2}, {kRestrictedAdminSupported, 8}, {kRestrictedAuthentication, 0x10}};
  enum : std::uint8_t { kRequest = 1, kResponse = 2, kFailure = 3 };
  const Bytes line = cookie(in, out);
  std::string_view user = as_text(line);
  if (const std::size_t equals = user.find('='); equals != std::string_view::npos) user.remove_prefix(equals + 1);
  Message::Role role = Message::Role::kRequest;
  std::int64_t status = -1;
  if (in.left() >= 8) {
    const std::uint8_t type = out.u8(in, kNegType);
    const Bytes flags_at = in.peek(1);
    const std::uint8_t flags = Cursor(flags_at).u8();
    if (type == kRequest) {
      out.u8(in, kRequestFlags);
      add_bits(out, flags, flags_at, kRequestBits);
    } else if (type == kResponse) {
      out.u8(in, kResponseFlags);
      add_bits(out, flags, flags_at, kResponseBits);
    } else {
      in.skip(1);
    }
    out.u16le(in, kNegLength);
    const Bytes where = in.peek(4);
    const std::uint32_t value = Cursor(where).u32le();
    if (type == kRequest) {
      out.u32le(in, kRequestedProtocols);
      add_bits(out, value, where, kProtocolBits);
    } else if (type == kResponse) {
      out.u32le(in, kSelectedProtocol);
      if (value != 0) out.upgrade(nullptr);
    } else {
      out.u32le(in, kFailureCode);
    }
    if (type == kResponse || type == kFailure) {
      role = Message::Role::kResponse;
      status = value;
    }
    if (out.wanted()) {
      const auto found = std::ranges::find(kTypes, std::uint64_t{type}, &NamedValue::value);
      std::string text = user.empty() ? "" : std::string(line.empty() ? "" : as_text(line)) + ", ";
      text += found != std::end(kTypes) ? found->name : "Negotiate";
      out.info(std::move(text));
    }
  } else if (out.wanted() && !line.empty()) {
    out.info(std::string(as_text(line)));
  }
  const Message::Item items[] = {{kCookie, Value::of(line)}};
  out.message({.role = role,
               .id = 0,
               .name = user,
               .summary = role == Message::Role::kRequest ? "Connection Request" : "Connection Confirm",
               .status = status,
               .items = std::span(items, line.empty() ? 0 : 1)});
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector rdp_dissector{
    .name = "rdp", .title = "Remote Desktop Protocol", .column = "RDP", .fields = kFields, .dissect = &dissect_rdp};

}  // namespace pr::dissect
