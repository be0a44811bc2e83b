#include "helper/store/cells.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "helper/store/base64.h"
#include "helper/store/rows.h"
#include "shared/base/hex.h"
#include "shared/model/address.h"
#include "shared/model/flow.h"
#include "shared/model/link_type.h"

namespace pr::store {
namespace {

Cell text_cell(std::string text) { return text.empty() ? Cell() : Cell(std::move(text)); }

template <typename Visit>
void each_number(std::string_view text, const Visit& visit) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::uint64_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error == std::errc{}) {
      visit(number);
      at = next;
    } else {
      ++at;
    }
  }
}

Cell text_list(std::string_view json) {
  std::vector<std::string> list;
  const nlohmann::json parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_array()) return {};
  for (const nlohmann::json& item : parsed) {
    if (item.is_string()) list.push_back(item.get<std::string>());
  }
  return list.empty() ? Cell() : Cell(std::move(list));
}

Cell ip_list(std::string_view json) {
  std::vector<std::string> list;
  const nlohmann::json parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_array()) return {};
  for (const nlohmann::json& item : parsed) {
    const auto octets = item.is_string() ? from_hex(item.get<std::string>()) : std::nullopt;
    if (octets) list.push_back(IpAddress::from(*octets).text());
  }
  return list.empty() ? Cell() : Cell(std::move(list));
}

Cell sources(std::uint64_t bits) {
  static constexpr const char* kSourceNames[] = {"", "dns", "sni", "http"};
  std::vector<std::string> list;
  for (unsigned i = kNameFromDns; i <= kNameFromHost; ++i) {
    if ((bits >> i & 1U) != 0) list.emplace_back(kSourceNames[i]);
  }
  return list.empty() ? Cell() : Cell(std::move(list));
}

Cell link_types(std::string_view text) {
  std::vector<std::uint16_t> types;
  each_number(text, [&](std::uint64_t n) { types.push_back(static_cast<std::uint16_t>(n)); });
  return text_cell(link_types_text(std::move(types)));
}

}  // namespace

std::string ip_proto_name(std::uint64_t proto) {
  struct Name {
    std::uint64_t proto;
    const char* name;
  };
  static constexpr Name kNames[] = {{1, "icmp"},  {2, "igmp"},  {4, "ipip"},    {6, "tcp"},
                                    {17, "udp"},  {41, "ipv6"}, {46, "rsvp"},   {47, "gre"},
                                    {50, "esp"},  {51, "ah"},   {58, "icmpv6"}, {88, "eigrp"},
                                    {89, "ospf"}, {103, "pim"}, {112, "vrrp"},  {132, "sctp"}};
  for (const Name& known : kNames) {
    if (known.proto == proto) return known.name;
  }
  return std::to_string(proto);
}

std::vector<std::string> verdict_names(std::uint64_t bits) {
  static constexpr const char* kVerdictNames[] = {"resolved", "no_dns",        "matches_san", "san_mismatch",
                                                  "expired",  "not_yet_valid", "self_signed", "ech"};
  std::vector<std::string> list;
  for (unsigned i = 0; i < std::size(kVerdictNames); ++i) {
    if ((bits >> i & 1U) != 0) list.emplace_back(kVerdictNames[i]);
  }
  return list;
}

Cell CellMaker::make(const Column& column, const Statement& row, int at) const {
  if (row.is_null(at)) return {};
  switch (column.decode) {
    case Decode::kText: return text_cell(std::string(row.text(at)));
    case Decode::kUint: return row.number(at);
    case Decode::kBool: return row.integer(at) != 0;
    case Decode::kTime: return from_ns(row.integer(at));
    case Decode::kDuration: return Duration(row.integer(at));
    case Decode::kJson: return text_cell(std::string(row.text(at)));
    case Decode::kTextList: return text_list(row.text(at));
    case Decode::kFile: {
      const auto found = files_.find(row.number(at));
      return found == files_.end() ? Cell() : text_cell(found->second);
    }
    case Decode::kDictionary: return text_cell(dictionary_.text(row.integer(at)));
    case Decode::kIp: return text_cell(IpAddress::from(row.blob(at)).text());
    case Decode::kIpList: return ip_list(row.text(at));
    case Decode::kIpProto: return ip_proto_name(row.number(at));
    case Decode::kConnState: {
      const std::uint64_t state = row.number(at);
      return state > static_cast<std::uint64_t>(ConnState::kShr)
                 ? Cell()
                 : text_cell(conn_state_name(static_cast<ConnState>(state)));
    }
    case Decode::kEvidence: {
      const std::uint64_t evidence = row.number(at);
      return evidence > static_cast<std::uint64_t>(Evidence::kHeuristic)
                 ? Cell()
                 : text_cell(evidence_name(static_cast<Evidence>(evidence)));
    }
    case Decode::kVerdicts: {
      std::vector<std::string> list = verdict_names(row.number(at));
      return list.empty() ? Cell() : Cell(std::move(list));
    }
    case Decode::kCertificates: {
      std::vector<std::string> list;
      each_number(row.text(at),
                  [&](std::uint64_t id) { list.push_back(dictionary_.certificate(static_cast<std::int64_t>(id))); });
      return list.empty() ? Cell() : Cell(std::move(list));
    }
    case Decode::kHex: return text_cell(hex_text(row.blob(at)));
    case Decode::kCommunity: return text_cell(community_text(row.blob(at)));
    case Decode::kLinkTypes: return link_types(row.text(at));
    case Decode::kSources: return sources(row.number(at));
  }
  return {};
}

}  // namespace pr::store
