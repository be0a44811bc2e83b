// Options of the hop-by-hop and the destination options header, RFC 8200 section 4.2. Both headers have the same
// fields: they lie in one table, of which each of the two dissectors has its own numbers.
#pragma once

#include "helper/dissect/proto/ipv6/extension.h"

namespace pr::dissect::ipv6 {

inline constexpr NamedValue kOptionNames[] = {{0x00, "Pad1"},
                                              {0x01, "PadN"},
                                              {0x04, "Tunnel Encapsulation Limit"},
                                              {0x05, "Router Alert"},
                                              {0x07, "CALIPSO"},
                                              {0x08, "SMF_DPD"},
                                              {0x0f, "Performance and Diagnostic Metrics (PDM)"},
                                              {0x26, "Quick-Start"},
                                              {0x31, "IOAM"},
                                              {0x63, "RPL Option"},
                                              {0x6d, "MPL Option"},
                                              {0x8b, "ILNP Nonce"},
                                              {0x8c, "Line-Identification Option"},
                                              {0xc2, "Jumbo Payload"},
                                              {0xc9, "Home Address"},
                                              {0xee, "IP_DFF"}};
inline constexpr NamedValue kActionNames[] = {{0, "Skip and continue"},
                                              {1, "Discard"},
                                              {2, "Discard and send ICMPv6"},
                                              {3, "Discard and send ICMPv6 if not multicast"}};
inline constexpr NamedValue kRouterAlertNames[] = {{0, "MLD"}, {1, "RSVP"}, {2, "Active Networks"}};

// Numbers of the option fields; a header's own three fields come before them in both tables.
enum OptionField : std::size_t {
  kNxt,
  kLen,
  kLenOct,
  kOpt,
  kOptType,
  kOptTypeAction,
  kOptTypeChange,
  kOptTypeRest,
  kOptLength,
  kOptPad1,
  kOptPadn,
  kOptRouterAlert,
  kOptTel,
  kOptJumbo,
  kOptQsFunc,
  kOptQsRate,
  kOptQsTtl,
  kOptQsNonce,
  kOptPdmScaleDtlr,
  kOptPdmScaleDtls,
  kOptPdmPsnThisPkt,
  kOptPdmPsnLastRecv,
  kOptPdmDeltaLastRecv,
  kOptPdmDeltaLastSent,
  kOptHomeAddress,
  kOptRplFlag,
  kOptRplInstanceId,
  kOptRplSenderRank,
  kOptUnknown,
  kOptionFieldCount
};

inline constexpr FieldDef kHopByHopFields[] = {
    {"ipv6.hopopts.nxt", "Next Header", FieldType::kUint, Show::kDec, 0, kIpProtoNames},
    {"ipv6.hopopts.len", "Length", FieldType::kUint},
    {"ipv6.hopopts.len_oct", "Length", FieldType::kUint},
    {"ipv6.opt", "IPv6 Option", FieldType::kNone},
    {"ipv6.opt.type", "Type", FieldType::kUint, Show::kHex, 8, kOptionNames},
    {"ipv6.opt.type.action", "Action", FieldType::kUint, Show::kDec, 0, kActionNames},
    {"ipv6.opt.type.change", "May Change", FieldType::kBool},
    {"ipv6.opt.type.rest", "Low-Order Bits", FieldType::kUint, Show::kHex, 8},
    {"ipv6.opt.length", "Length", FieldType::kUint},
    {"ipv6.opt.pad1", "Pad1", FieldType::kNone},
    {"ipv6.opt.padn", "PadN", FieldType::kBytes, Show::kNone},
    {"ipv6.opt.router_alert", "Router Alert", FieldType::kUint, Show::kDec, 0, kRouterAlertNames},
    {"ipv6.opt.tel", "Tunnel Encapsulation Limit", FieldType::kUint},
    {"ipv6.opt.jumbo", "Payload Length", FieldType::kUint},
    {"ipv6.opt.qs_func", "Function", FieldType::kUint},
    {"ipv6.opt.qs_rate", "Rate", FieldType::kUint},
    {"ipv6.opt.qs_ttl", "QS TTL", FieldType::kUint},
    {"ipv6.opt.qs_nonce", "QS Nonce", FieldType::kUint, Show::kHex, 32},
    {"ipv6.opt.pdm.scale_dtlr", "Scale DTLR", FieldType::kUint},
    {"ipv6.opt.pdm.scale_dtls", "Scale DTLS", FieldType::kUint},
    {"ipv6.opt.pdm.psn_this_pkt", "PSN This Packet", FieldType::kUint},
    {"ipv6.opt.pdm.psn_last_recv", "PSN Last Received", FieldType::kUint},
    {"ipv6.opt.pdm.delta_last_recv", "Delta Time Last Received", FieldType::kUint},
    {"ipv6.opt.pdm.delta_last_sent", "Delta Time Last Sent", FieldType::kUint},
    {"ipv6.opt.mipv6.home_address", "MIPv6 Home Address", FieldType::kIpv6},
    {"ipv6.opt.rpl.flag", "Flag", FieldType::kUint, Show::kHex, 8},
    {"ipv6.opt.rpl.instance_id", "RPLInstanceID", FieldType::kUint, Show::kHex, 8},
    {"ipv6.opt.rpl.sender_rank", "Sender Rank", FieldType::kUint, Show::kHex, 16},
    {"ipv6.opt.unknown", "Unknown Option Payload", FieldType::kBytes},
};
static_assert(std::size(kHopByHopFields) == kOptionFieldCount);

inline constexpr FieldDef kDestinationFields[] = {
    {"ipv6.dstopts.nxt", "Next Header", FieldType::kUint, Show::kDec, 0, kIpProtoNames},
    {"ipv6.dstopts.len", "Length", FieldType::kUint},
    {"ipv6.dstopts.len_oct", "Length", FieldType::kUint},
    {"ipv6.opt", "IPv6 Option", FieldType::kNone},
    {"ipv6.opt.type", "Type", FieldType::kUint, Show::kHex, 8, kOptionNames},
    {"ipv6.opt.type.action", "Action", FieldType::kUint, Show::kDec, 0, kActionNames},
    {"ipv6.opt.type.change", "May Change", FieldType::kBool},
    {"ipv6.opt.type.rest", "Low-Order Bits", FieldType::kUint, Show::kHex, 8},
    {"ipv6.opt.length", "Length", FieldType::kUint},
    {"ipv6.opt.pad1", "Pad1", FieldType::kNone},
    {"ipv6.opt.padn", "PadN", FieldType::kBytes, Show::kNone},
    {"ipv6.opt.router_alert", "Router Alert", FieldType::kUint, Show::kDec, 0, kRouterAlertNames},
    {"ipv6.opt.tel", "Tunnel Encapsulation Limit", FieldType::kUint},
    {"ipv6.opt.jumbo", "Payload Length", FieldType::kUint},
    {"ipv6.opt.qs_func", "Function", FieldType::kUint},
    {"ipv6.opt.qs_rate", "Rate", FieldType::kUint},
    {"ipv6.opt.qs_ttl", "QS TTL", FieldType::kUint},
    {"ipv6.opt.qs_nonce", "QS Nonce", FieldType::kUint, Show::kHex, 32},
    {"ipv6.opt.pdm.scale_dtlr", "Scale DTLR", FieldType::kUint},
    {"ipv6.opt.pdm.scale_dtls", "Scale DTLS", FieldType::kUint},
    {"ipv6.opt.pdm.psn_this_pkt", "PSN This Packet", FieldType::kUint},
    {"ipv6.opt.pdm.psn_last_recv", "PSN Last Received", FieldType::kUint},
    {"ipv6.opt.pdm.delta_last_recv", "Delta Time Last Received", FieldType::kUint},
    {"ipv6.opt.pdm.delta_last_sent", "Delta Time Last Sent", FieldType::kUint},
    {"ipv6.opt.mipv6.home_address", "MIPv6 Home Address", FieldType::kIpv6},
    {"ipv6.opt.rpl.flag", "Flag", FieldType::kUint, Show::kHex, 8},
    {"ipv6.opt.rpl.instance_id", "RPLInstanceID", FieldType::kUint, Show::kHex, 8},
    {"ipv6.opt.rpl.sender_rank", "Sender Rank", FieldType::kUint, Show::kHex, 16},
    {"ipv6.opt.unknown", "Unknown Option Payload", FieldType::kBytes},
};
static_assert(std::size(kDestinationFields) == kOptionFieldCount);

// Reads a header of options, shows them, and goes on with what follows.
Outcome dissect_options(Cursor& in, LayerBuilder& out);

}  // namespace pr::dissect::ipv6
