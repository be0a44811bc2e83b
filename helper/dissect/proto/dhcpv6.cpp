// DHCPv6, RFC 8415: clients and servers, relays with what they relay, and the common options.
#include <algorithm>

#include "helper/dissect/dissector.h"
#include "helper/dissect/line.h"
#include "helper/dissect/proto/dhcpv6/value_names.h"
#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect {
namespace {

using dhcpv6::kMessageNames;
using dhcpv6::kOptionNames;

enum Field : std::uint16_t {
  kMsgtype,
  kXid,
  kHopcount,
  kLinkaddr,
  kPeeraddr,
  kOptionTypeStr,
  kOptionType,
  kOptionLength,
  kDuidBytes,
  kDuidType,
  kDuidlltHwtype,
  kDuidlltTime,
  kDuidlltLinkLayerAddr,
  kDuidllHwtype,
  kDuidllLinkLayerAddr,
  kDuidenEnterprise,
  kDuidenIdentifier,
  kDuiduuidBytes,
  kIaid,
  kIaidT1,
  kIaidT2,
  kIaaddrIp,
  kIaaddrPrefLifetime,
  kIaaddrValidLifetime,
  kIaprefixPrefLifetime,
  kIaprefixValidLifetime,
  kIaprefixPrefLen,
  kIaprefixPrefAddr,
  kRequestedOptionCode,
  kOptionPreference,
  kElapsedTime,
  kStatusCode,
  kStatusMsg,
  kUserclassLength,
  kUserclassOpaqueData,
  kVendorclassEnterprise,
  kVendorclassData,
  kVendoroptsEnterprise,
  kVendoroptsEnterpriseOptionCode,
  kVendoroptsEnterpriseOptionLength,
  kVendoroptsEnterpriseOptionData,
  kInterfaceId,
  kDnsServer,
  kSearchListEntry,
  kSipServerDomainSearchFqdn,
  kSipServerA,
  kSntpServer,
  kLifetime,
  kClientFqdnFlags,
  kClientfqdnClientN,
  kClientfqdnClientS,
  kClientDomain,
  kNtpserverOptionType,
  kNtpserverOptionLength,
  kNtpserverAddr,
  kNtpserverMcAddr,
  kNtpserverFqdn,
  kAftrName,
  kSubscriberId,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"dhcpv6.msgtype", "Message type", FieldType::kUint, Show::kDec, 0, kMessageNames},
    {"dhcpv6.xid", "Transaction ID", FieldType::kUint, Show::kHex, 24},
    {"dhcpv6.hopcount", "Hopcount", FieldType::kUint},
    {"dhcpv6.linkaddr", "Link address", FieldType::kIpv6},
    {"dhcpv6.peeraddr", "Peer address", FieldType::kIpv6},
    {"dhcpv6.option.type_str", "Option", FieldType::kText},
    {"dhcpv6.option.type", "Option", FieldType::kUint, Show::kDec, 0, kOptionNames},
    {"dhcpv6.option.length", "Length", FieldType::kUint},
    {"dhcpv6.duid.bytes", "DUID", FieldType::kBytes},
    {"dhcpv6.duid.type", "DUID Type", FieldType::kUint},
    {"dhcpv6.duidllt.hwtype", "Hardware type", FieldType::kUint},
    {"dhcpv6.duidllt.time", "DUID Time", FieldType::kTime},
    {"dhcpv6.duidllt.link_layer_addr", "Link-layer address", FieldType::kText},
    {"dhcpv6.duidll.hwtype", "Hardware type", FieldType::kUint},
    {"dhcpv6.duidll.link_layer_addr", "Link-layer address", FieldType::kText},
    {"dhcpv6.duiden.enterprise", "Enterprise ID", FieldType::kUint},
    {"dhcpv6.duiden.identifier", "Identifier", FieldType::kBytes},
    {"dhcpv6.duiduuid.bytes", "UUID", FieldType::kBytes},
    {"dhcpv6.iaid", "IAID", FieldType::kText},
    {"dhcpv6.iaid.t1", "T1", FieldType::kUint},
    {"dhcpv6.iaid.t2", "T2", FieldType::kUint},
    {"dhcpv6.iaaddr.ip", "IPv6 address", FieldType::kIpv6},
    {"dhcpv6.iaaddr.pref_lifetime", "Preferred lifetime", FieldType::kUint},
    {"dhcpv6.iaaddr.valid_lifetime", "Valid lifetime", FieldType::kUint},
    {"dhcpv6.iaprefix.pref_lifetime", "Preferred lifetime", FieldType::kUint},
    {"dhcpv6.iaprefix.valid_lifetime", "Valid lifetime", FieldType::kUint},
    {"dhcpv6.iaprefix.pref_len", "Prefix length", FieldType::kUint},
    {"dhcpv6.iaprefix.pref_addr", "Prefix address", FieldType::kIpv6},
    {"dhcpv6.requested_option_code", "Requested Option code", FieldType::kUint, Show::kDec, 0, kOptionNames},
    {"dhcpv6.option_preference", "Pref-value", FieldType::kUint},
    {"dhcpv6.elapsed_time", "Elapsed time", FieldType::kUint},
    {"dhcpv6.status_code", "Status Code", FieldType::kUint},
    {"dhcpv6.status_msg", "Status Message", FieldType::kText},
    {"dhcpv6.userclass.length", "Length", FieldType::kUint},
    {"dhcpv6.userclass.opaque_data", "Suboption", FieldType::kBytes},
    {"dhcpv6.vendorclass.enterprise", "Enterprise ID", FieldType::kUint},
    {"dhcpv6.vendorclass.data", "vendor-class-data", FieldType::kText},
    {"dhcpv6.vendoropts.enterprise", "Enterprise ID", FieldType::kUint},
    {"dhcpv6.vendoropts.enterprise.option_code", "Option code", FieldType::kUint},
    {"dhcpv6.vendoropts.enterprise.option_length", "Option length", FieldType::kUint},
    {"dhcpv6.vendoropts.enterprise.option_data", "Option data", FieldType::kBytes},
    {"dhcpv6.interface_id", "Interface-ID", FieldType::kBytes},
    {"dhcpv6.dns_server", "DNS server address", FieldType::kIpv6},
    {"dhcpv6.search_list_entry", "List entry", FieldType::kText},
    {"dhcpv6.sip_server_domain_search_fqdn", "SIP Server Domain Search FQDN", FieldType::kText},
    {"dhcpv6.sip_server_a", "SIP server address", FieldType::kIpv6},
    {"dhcpv6.sntp_server", "SNTP server address", FieldType::kIpv6},
    {"dhcpv6.lifetime", "Lifetime", FieldType::kUint},
    {"dhcpv6.client_fqdn_flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"dhcpv6.clientfqdn.client.n", "N bit", FieldType::kBool},
    {"dhcpv6.clientfqdn.client.s", "S bit", FieldType::kBool},
    {"dhcpv6.client_domain", "Client Domain Name", FieldType::kText},
    {"dhcpv6.ntpserver.option.type", "Suboption", FieldType::kUint},
    {"dhcpv6.ntpserver.option.length", "Length", FieldType::kUint},
    {"dhcpv6.ntpserver.addr", "NTP Server Address", FieldType::kIpv6},
    {"dhcpv6.ntpserver.mc_addr", "NTP Multicast Address", FieldType::kIpv6},
    {"dhcpv6.ntpserver.fqdn", "NTP Server FQDN", FieldType::kText},
    {"dhcpv6.aftr_name", "DS-Lite AFTR Name", FieldType::kText},
    {"dhcpv6.subscriber_id", "Subscriber-ID", FieldType::kText},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.port", 546}, {"udp.port", 547}};
constexpr std::uint8_t kRelayForward = 12, kRelayReply = 13, kLastMessage = 21;
constexpr std::uint32_t kCableLabs = 4491;
constexpr int kMaxDepth = 8;  // relays and options within options
enum : std::uint16_t {
  kClientId = 1,
  kServerId = 2,
  kIaNa = 3,
  kIaTa = 4,
  kAddress = 5,
  kRequested = 6,
  kPreference = 7,
  kElapsed = 8,
  kRelayed = 9,
  kStatus = 13,
  kUserClass = 15,
  kVendorClass = 16,
  kVendorOptions = 17,
  kInterface = 18,
  kSipNames = 21,
  kSipServers = 22,
  kDnsServers = 23,
  kSearchList = 24,
  kIaPd = 25,
  kPrefix = 26,
  kSntpServers = 31,
  kRefresh = 32,
  kSubscriber = 38,
  kFqdn = 39,
  kNtp = 56,
  kAftr = 64
};

std::string_view name_of(std::span<const NamedValue> names, std::uint64_t value) {
  const auto found = std::ranges::find(names, value, &NamedValue::value);
  return found == names.end() ? std::string_view{} : found->name;
}

std::string_view hex(std::uint8_t octet, char* to) {
  to[0] = "0123456789abcdef"[octet >> 4U];
  to[1] = "0123456789abcdef"[octet & 15U];
  return {to, 2};
}

void put_hex(Line& line, Bytes octets, std::string_view between) {
  char pair[2];
  for (std::size_t i = 0; i < octets.size(); ++i) line << (i > 0 ? between : "") << hex(octets[i], pair);
}

class Parser {
 public:
  Parser(LayerBuilder& out) : out_(out) {}

  Outcome run(Cursor& in) {
    const bool whole = message(in, 0);
    if (out_.wanted()) out_.info(std::string(line_.text()));
    if (type_ != 0) tell();
    return whole ? Outcome::kDone : in.ok() ? Outcome::kMalformed : Outcome::kTruncated;
  }

 private:
  bool message(Cursor& in, int depth) {
    type_ = out_.u8(in, kMsgtype);
    const std::string_view name = name_of(kMessageNames, type_);
    line_ << (name.empty() ? "Unknown" : name) << " ";
    if (type_ == kRelayForward || type_ == kRelayReply) {
      out_.u8(in, kHopcount);
      const Bytes link = out_.bytes(in, kLinkaddr, 16);
      out_.bytes(in, kPeeraddr, 16);
      if (in.ok()) line_ << "L: " << IpAddress::from(link).text() << " ";
    } else {
      xid_ = out_.u24(in, kXid);
      line_ << "XID: ";
      line_.hex(xid_, 6);
      line_ << " ";
    }
    return in.ok() && options(in, depth);
  }

  bool options(Cursor& in, int depth) {
    if (depth > kMaxDepth) return false;
    while (in.left() > 0) {
      Cursor look = in;
      const std::uint16_t code = look.u16(), length = look.u16();
      if (!look.ok() || look.left() < length) {
        in.fail();
        return false;
      }
      const std::string_view name = name_of(kOptionNames, code);
      out_.add(kOptionTypeStr, as_bytes(name.empty() ? "Unknown" : name), in.peek(std::size_t{4} + length));
      const LayerBuilder::Subtree tree(out_);
      out_.u16(in, kOptionType);
      out_.u16(in, kOptionLength);
      Cursor value = in.sub(length);
      option(code, value, depth);
      if (!value.ok()) return false;
    }
    return true;
  }

  void option(std::uint16_t code, Cursor& in, int depth) {
    switch (code) {
      case kClientId:
      case kServerId: return unique_id(code, in);
      case kIaNa:
      case kIaPd:
        identity(in);
        out_.u32(in, kIaidT1);
        out_.u32(in, kIaidT2);
        nested(in, depth);
        return;
      case kIaTa:
        identity(in);
        nested(in, depth);
        return;
      case kAddress: {
        const Bytes address = out_.bytes(in, kIaaddrIp, 16);
        if (in.ok()) line_ << "IAA: " << IpAddress::from(address).text() << " ";
        if (in.ok() && address_.empty()) address_ = address;
        out_.u32(in, kIaaddrPrefLifetime);
        lifetime_ = out_.u32(in, kIaaddrValidLifetime);
        nested(in, depth);
        return;
      }
      case kPrefix:
        out_.u32(in, kIaprefixPrefLifetime);
        out_.u32(in, kIaprefixValidLifetime);
        out_.u8(in, kIaprefixPrefLen);
        out_.bytes(in, kIaprefixPrefAddr, 16);
        nested(in, depth);
        return;
      case kRelayed:
        if (!message(in, depth + 1) && in.ok()) in.fail();
        return;
      case kStatus:
        status_ = out_.u16(in, kStatusCode);
        if (in.left() > 0) out_.bytes(in, kStatusMsg, in.left());
        return;
      case kFqdn: return full_name(in);
      default: return plain(code, in);
    }
  }

  void nested(Cursor& in, int depth) {
    if (!options(in, depth + 1) && in.ok()) in.fail();
  }

  void plain(std::uint16_t code, Cursor& in) {
    if (!out_.wanted()) return;  // the rest is only shown
    switch (code) {
      case kRequested:
        while (in.left() >= 2) out_.u16(in, kRequestedOptionCode);
        return;
      case kPreference: out_.u8(in, kOptionPreference); return;
      case kElapsed: {
        const Bytes where = in.peek(2);
        const std::uint64_t hundredths = in.u16();
        if (in.ok()) out_.add(kElapsedTime, hundredths * 10, where);
        return;
      }
      case kUserClass:
        while (in.left() >= 2) {
          const std::uint16_t length = out_.u16(in, kUserclassLength);
          out_.bytes(in, kUserclassOpaqueData, length);
        }
        return;
      case kVendorClass:
        out_.u32(in, kVendorclassEnterprise);
        while (in.left() >= 2) out_.bytes(in, kVendorclassData, in.u16());
        return;
      case kVendorOptions:
        if (out_.u32(in, kVendoroptsEnterprise) == kCableLabs) return;  // whose options are of another form
        while (in.left() >= 4) {
          out_.u16(in, kVendoroptsEnterpriseOptionCode);
          const std::uint16_t length = out_.u16(in, kVendoroptsEnterpriseOptionLength);
          out_.bytes(in, kVendoroptsEnterpriseOptionData, length);
        }
        return;
      case kInterface: out_.bytes(in, kInterfaceId, in.left()); return;
      case kSubscriber: out_.bytes(in, kSubscriberId, in.left()); return;
      case kSipServers: return addresses(in, kSipServerA);
      case kDnsServers: return addresses(in, kDnsServer);
      case kSntpServers: return addresses(in, kSntpServer);
      case kRefresh: out_.u32(in, kLifetime); return;
      case kSipNames: return names(in, kSipServerDomainSearchFqdn);
      case kSearchList: return names(in, kSearchListEntry);
      case kAftr: return names(in, kAftrName);
      case kNtp: return time_servers(in);
      default: return;
    }
  }

  void addresses(Cursor& in, Field field) {
    while (in.left() >= 16) out_.bytes(in, field, 16);
  }

  void names(Cursor& in, Field field) {
    dns::Name name;
    for (std::size_t at = in.at(); in.left() > 0; at = in.at()) {
      if (!name.read(in, in.all()) || in.at() == at) return;
      Line absolute;
      absolute << name.text() << ".";
      out_.add_text(field, absolute.text(), in.since(at));
    }
  }

  void time_servers(Cursor& in) {
    while (in.left() >= 4) {
      const std::uint16_t type = out_.u16(in, kNtpserverOptionType);
      Cursor value = in.sub(out_.u16(in, kNtpserverOptionLength));
      if (type == 1) addresses(value, kNtpserverAddr);
      if (type == 2) addresses(value, kNtpserverMcAddr);
      if (type == 3) names(value, kNtpserverFqdn);
    }
  }

  void full_name(Cursor& in) {
    const Bytes where = in.peek(1);
    const std::uint8_t flags = out_.u8(in, kClientFqdnFlags);
    if (!in.ok()) return;
    out_.add(kClientfqdnClientN, flags >> 2U & 1U, where);
    out_.add(kClientfqdnClientS, flags & 1U, where);
    const Bytes rest = in.rest();
    // A name without its last label, the root, is part of one (RFC 4704 4.2).
    dns::Name name;
    std::array<std::uint8_t, 256> padded{};
    if (rest.empty() || rest.size() >= padded.size()) return;
    std::ranges::copy(rest, padded.begin());
    Cursor whole(Bytes(padded.data(), rest.size() + 1));
    if (!name.read(whole, whole.all())) return;
    out_.add_text(kClientDomain, name.text(), rest);
    const std::string_view text = name.text().substr(0, host_.size());
    std::ranges::copy(text, host_.begin());
    host_used_ = text.size();
    in.skip(in.left());
  }

  void identity(Cursor& in) {
    const Bytes id = in.take(4);
    if (!in.ok() || !out_.wants(kIaid)) return;
    Line text;
    put_hex(text, id, "");
    out_.add_text(kIaid, text.text(), id);
  }

  void link_address(Cursor& in, Field field) {
    const Bytes address = in.take(in.left());
    if (address.empty() || !out_.wants(field)) return;
    Line text;
    put_hex(text, address, ":");
    out_.add_text(field, text.text(), address);
  }

  void unique_id(std::uint16_t code, Cursor& in) {
    const Bytes id = in.rest();
    out_.add(kDuidBytes, id, id);
    if (code == kClientId) {
      client_ = id;
      line_ << "CID: ";
      put_hex(line_, id, "");
      line_ << " ";
    }
    if (!out_.wanted()) return;
    const LayerBuilder::Subtree tree(out_);
    switch (out_.u16(in, kDuidType)) {
      case 1: {
        out_.u16(in, kDuidlltHwtype);
        constexpr std::uint64_t k2000 = 946'684'800;
        const Bytes where = in.peek(4);
        const std::uint64_t seconds = in.u32();
        if (in.ok()) out_.add(kDuidlltTime, (seconds + k2000) * 1'000'000'000, where);
        return link_address(in, kDuidlltLinkLayerAddr);
      }
      case 2:
        out_.u32(in, kDuidenEnterprise);
        if (in.left() > 0) out_.bytes(in, kDuidenIdentifier, in.left());
        return;
      case 3: out_.u16(in, kDuidllHwtype); return link_address(in, kDuidllLinkLayerAddr);
      case 4: out_.bytes(in, kDuiduuidBytes, 16); return;
      default: return;
    }
  }

  void tell() {
    const bool answer = type_ == 2 || type_ == 7 || type_ == 15;
    const std::string_view host(host_.data(), host_used_);
    std::array<Message::Item, 4> items;
    std::size_t used = 0;
    items[used++] = {kMsgtype, Value::of(std::uint64_t{type_})};
    if (!client_.empty()) items[used++] = {kDuidBytes, Value::of(client_)};
    if (!address_.empty()) items[used++] = {kIaaddrIp, Value::of(address_)};
    if (!host.empty()) items[used++] = {kClientDomain, Value::of(as_bytes(host))};
    out_.message({.role = answer ? Message::Role::kResponse : Message::Role::kRequest,
                  .id = std::uint64_t{xid_} + 1,
                  .name = host,
                  .summary = line_.text(),
                  .status = answer ? status_ : -1,
                  .items = {items.data(), used}});
    if (type_ != 7 || host.empty() || address_.empty()) return;
    const NameAnswer named{.name = host, .address = IpAddress::from(address_), .ttl = lifetime_};
    out_.observer().name_answers({&named, 1});
  }

  LayerBuilder& out_;
  std::uint8_t type_ = 0;
  std::uint32_t xid_ = 0, lifetime_ = 0;
  std::int64_t status_ = 0;
  Bytes client_, address_;
  std::array<char, 256> host_;
  std::size_t host_used_ = 0;
  Line line_;
};

Outcome dissect_dhcpv6(Cursor& in, LayerBuilder& out) { return Parser(out).run(in); }

Likeness probe_dhcpv6(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.size() < 4 || start[0] == 0 || start[0] > kLastMessage) return Likeness::kNo;
  const bool relay = start[0] == kRelayForward || start[0] == kRelayReply;
  Cursor in(start.subspan(std::min<std::size_t>(relay ? 34 : 4, start.size())));
  unsigned known = 0;
  while (in.left() > 0) {
    const std::uint16_t code = in.u16(), length = in.u16();
    in.skip(length);
    if (code == 0 || code > 150) return Likeness::kMaybe;
    // Identifiers whose type and length fit, and elapsed times, are not met by chance.
    if ((code == kClientId || code == kServerId) && length >= 10 && length <= 130) ++known;
    if (code == kElapsed && length == 2) ++known;
    if ((code == kIaNa || code == kIaPd) && length >= 12) ++known;
  }
  return in.ok() && known >= 2 ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector dhcpv6_dissector{.name = "dhcpv6",
                                                  .title = "DHCPv6",
                                                  .column = "DHCPv6",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .dissect = &dissect_dhcpv6,
                                                  .probe = &probe_dhcpv6,
                                                  .datagram = true};

}  // namespace pr::dissect
