// PPP's Link Control Protocol, RFC 1661 and 1570.
#include "helper/dissect/proto/ppp_control.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kOptionNames[] = {{0, "Vendor Specific"},
                                       {1, "Maximum Receive Unit"},
                                       {2, "Async Control Character Map"},
                                       {3, "Authentication Protocol"},
                                       {4, "Quality Protocol"},
                                       {5, "Magic Number"},
                                       {7, "Protocol Field Compression"},
                                       {8, "Address and Control Field Compression"},
                                       {13, "Callback"},
                                       {17, "Multilink MRRU"},
                                       {18, "Multilink Short Sequence Number Header"},
                                       {19, "Multilink Endpoint Discriminator"}};
constexpr NamedValue kAuthNames[] = {{0xc023, "Password Authentication Protocol"},
                                     {0xc223, "Challenge Handshake Authentication Protocol"},
                                     {0xc227, "Extensible Authentication Protocol"}};

enum Field : std::size_t {
  kMagic = kPppControlFields,
  kData,
  kRejected,
  kOptType,
  kOptLength,
  kOptMru,
  kOptAsyncMap,
  kOptAuth,
  kOptAlgorithm,
  kOptMagic,
  kOptOperation,
  kOptMrru,
  kOptClass,
  kOptData,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    kPppCodeField,
    kPppIdentifierField,
    kPppLengthField,
    {"lcp.magic_number", "Magic Number", FieldType::kUint, Show::kHex, 32},
    {"lcp.data", "Data", FieldType::kBytes},
    {"lcp.rej_proto", "Rejected Protocol", FieldType::kUint, Show::kHex, 16},
    {"lcp.opt.type", "Type", FieldType::kUint, Show::kDec, 0, kOptionNames},
    {"lcp.opt.length", "Length", FieldType::kUint},
    {"lcp.opt.mru", "Maximum Receive Unit", FieldType::kUint},
    {"lcp.opt.asyncmap", "Async Control Character Map", FieldType::kUint, Show::kHex, 32},
    {"lcp.opt.auth_protocol", "Authentication Protocol", FieldType::kUint, Show::kHex, 16, kAuthNames},
    {"lcp.opt.algorithm", "Algorithm", FieldType::kUint},
    {"lcp.opt.magic_number", "Magic Number", FieldType::kUint, Show::kHex, 32},
    {"lcp.opt.operation", "Operation", FieldType::kUint},
    {"lcp.opt.mrru", "MRRU", FieldType::kUint},
    {"lcp.opt.ep_disc_class", "Class", FieldType::kUint},
    {"lcp.opt.data", "Data", FieldType::kBytes},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"ppp.protocol", 0xc021}};
constexpr std::uint8_t kProtocolReject = 8, kEchoRequest = 9, kDiscardRequest = 11, kIdentification = 12;

void add_option(std::uint8_t type, Cursor in, LayerBuilder& out) {
  switch (type) {
    case 1: out.u16(in, kOptMru); break;
    case 2: out.u32(in, kOptAsyncMap); break;
    case 3:
      if (out.u16(in, kOptAuth) == 0xc223) out.u8(in, kOptAlgorithm);
      break;
    case 5: out.u32(in, kOptMagic); break;
    case 13: out.u8(in, kOptOperation); break;
    case 17: out.u16(in, kOptMrru); break;
    case 19: out.u8(in, kOptClass); break;
    case 7:
    case 8:
    case 18: break;
    default:
      if (in.left() > 0) out.bytes(in, kOptData, in.left());
  }
}

void add_options(Cursor in, LayerBuilder& out) {
  while (in.left() >= 2) {
    const std::uint8_t type = out.u8(in, kOptType);
    const std::uint8_t length = out.u8(in, kOptLength);
    if (length < 2) return;
    LayerBuilder::Subtree below(out);
    add_option(type, in.sub(length - 2U), out);
  }
}

Outcome dissect_lcp(Cursor& in, LayerBuilder& out) {
  PppControl message = read_ppp_control(in, out);
  if (!in.ok()) return Outcome::kTruncated;
  if (!out.wanted()) return Outcome::kDone;
  Cursor& body = message.body;
  if (message.has_options()) {
    add_options(body, out);
  } else if (message.code == kProtocolReject) {
    out.u16(body, kRejected);
  } else if (message.code >= kEchoRequest && message.code <= kIdentification) {
    out.u32(body, kMagic);
    if (message.code <= kDiscardRequest && body.left() > 0) out.bytes(body, kData, body.left());
  } else if (body.left() > 0) {
    out.bytes(body, kData, body.left());
  }
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector lcp_dissector{.name = "lcp",
                                               .title = "PPP Link Control Protocol",
                                               .column = "PPP LCP",
                                               .fields = kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_lcp};

}  // namespace pr::dissect
