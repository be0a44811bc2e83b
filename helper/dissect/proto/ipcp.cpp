// PPP's IP Control Protocol, RFC 1332 and 1877.
#include "helper/dissect/proto/ppp_control.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kOptionNames[] = {{1, "IP Addresses"},
                                       {2, "IP Compression Protocol"},
                                       {3, "IP Address"},
                                       {4, "Mobile Node's Home IP Address"},
                                       {129, "Primary DNS Server IP Address"},
                                       {130, "Primary NBNS Server IP Address"},
                                       {131, "Secondary DNS Server IP Address"},
                                       {132, "Secondary NBNS Server IP Address"}};

enum Field : std::size_t {
  kOptType = kPppControlFields,
  kOptLength,
  kOptCompression,
  kOptAddress,
  kOptHomeAddress,
  kOptPrimaryDns,
  kOptPrimaryNbns,
  kOptSecondaryDns,
  kOptSecondaryNbns,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    kPppCodeField,
    kPppIdentifierField,
    kPppLengthField,
    {"ipcp.opt.type", "Type", FieldType::kUint, Show::kDec, 0, kOptionNames},
    {"ipcp.opt.length", "Length", FieldType::kUint},
    {"ipcp.opt.compress_proto", "IP Compression Protocol", FieldType::kUint, Show::kHex, 16},
    {"ipcp.opt.ip_address", "IP Address", FieldType::kIpv4},
    {"ipcp.opt.mobilenodehomeaddress", "Mobile Node's Home Address", FieldType::kIpv4},
    {"ipcp.opt.pri_dns_address", "Primary DNS Address", FieldType::kIpv4},
    {"ipcp.opt.pri_nbns_address", "Primary NBNS Address", FieldType::kIpv4},
    {"ipcp.opt.sec_dns_address", "Secondary DNS Address", FieldType::kIpv4},
    {"ipcp.opt.sec_nbns_address", "Secondary NBNS Address", FieldType::kIpv4},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ppp.protocol", 0x8021}};

void add_option(std::uint8_t type, Cursor in, LayerBuilder& out) {
  switch (type) {
    case 2: out.u16(in, kOptCompression); break;
    case 3: out.ipv4(in, kOptAddress); break;
    case 4: out.ipv4(in, kOptHomeAddress); break;
    case 129: out.ipv4(in, kOptPrimaryDns); break;
    case 130: out.ipv4(in, kOptPrimaryNbns); break;
    case 131: out.ipv4(in, kOptSecondaryDns); break;
    case 132: out.ipv4(in, kOptSecondaryNbns); break;
    default: break;
  }
}

Outcome dissect_ipcp(Cursor& in, LayerBuilder& out) {
  PppControl message = read_ppp_control(in, out);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.wanted() || !message.has_options()) return Outcome::kDone;
  Cursor& body = message.body;
  while (body.left() >= 2) {
    const std::uint8_t type = out.u8(body, kOptType);
    const std::uint8_t length = out.u8(body, kOptLength);
    if (length < 2) break;
    LayerBuilder::Subtree below(out);
    add_option(type, body.sub(length - 2U), out);
  }
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector ipcp_dissector{.name = "ipcp",
                                                .title = "PPP IP Control Protocol",
                                                .column = "PPP IPCP",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_ipcp};

}  // namespace pr::dissect
