#include "helper/view/event_row.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "helper/view/cell.h"
#include "shared/model/value_text.h"

namespace pr::view {
namespace {

using Name = std::pair<std::string_view, std::string_view>;

constexpr std::array kRcodes = {Name{"0", "NOERROR"},  Name{"1", "FORMERR"},  Name{"2", "SERVFAIL"},
                                Name{"3", "NXDOMAIN"}, Name{"4", "NOTIMP"},   Name{"5", "REFUSED"},
                                Name{"6", "YXDOMAIN"}, Name{"7", "YXRRSET"},  Name{"8", "NXRRSET"},
                                Name{"9", "NOTAUTH"},  Name{"10", "NOTZONE"}, Name{"16", "BADVERS"}};
constexpr std::array kTypes = {Name{"1", "A"},      Name{"2", "NS"},      Name{"5", "CNAME"}, Name{"6", "SOA"},
                               Name{"12", "PTR"},   Name{"15", "MX"},     Name{"16", "TXT"},  Name{"28", "AAAA"},
                               Name{"33", "SRV"},   Name{"35", "NAPTR"},  Name{"43", "DS"},   Name{"46", "RRSIG"},
                               Name{"47", "NSEC"},  Name{"48", "DNSKEY"}, Name{"64", "SVCB"}, Name{"65", "HTTPS"},
                               Name{"252", "AXFR"}, Name{"255", "ANY"},   Name{"257", "CAA"}};

template <std::size_t N>
std::string name_in(const std::array<Name, N>& names, std::string_view number) {
  for (const auto& [value, name] : names) {
    if (value == number) return std::string(name);
  }
  return std::string(number);
}

std::string plain(const nlohmann::json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

}  // namespace

EventRow::EventRow(std::span<const OutputColumn> columns) : fields_(std::make_unique<nlohmann::json>()) {
  for (std::size_t i = 0; i < columns.size(); ++i) keys_.emplace(columns[i].key, i);
}

EventRow::~EventRow() = default;

void EventRow::set(const Row& row) {
  row_ = &row;
  const Cell* fields = cell("fields");
  const auto* text = fields == nullptr ? nullptr : std::get_if<std::string>(fields);
  *fields_ = text == nullptr ? nlohmann::json() : nlohmann::json::parse(*text, nullptr, false);
}

const Cell* EventRow::cell(std::string_view key) const {
  const auto found = keys_.find(std::string(key));
  return found == keys_.end() || found->second >= row_->size() ? nullptr : &(*row_)[found->second];
}

std::string EventRow::text(std::string_view key) const {
  const Cell* found = cell(key);
  return found == nullptr ? std::string() : cell_text(*found);
}

std::optional<std::uint64_t> EventRow::number(std::string_view key) const {
  const Cell* found = cell(key);
  if (found == nullptr || is_empty(*found)) return std::nullopt;
  return cell_uint(*found);
}

std::optional<Timestamp> EventRow::time(std::string_view key) const {
  const Cell* found = cell(key);
  const auto* time = found == nullptr ? nullptr : std::get_if<Timestamp>(found);
  return time == nullptr ? std::nullopt : std::optional(*time);
}

std::vector<std::string> EventRow::list(std::string_view key) const {
  const Cell* found = cell(key);
  const auto* list = found == nullptr ? nullptr : std::get_if<std::vector<std::string>>(found);
  return list == nullptr ? std::vector<std::string>() : *list;
}

std::vector<std::string> EventRow::fields(std::string_view name) const {
  std::vector<std::string> out;
  if (!fields_->is_object()) return out;
  const auto found = fields_->find(std::string(name));
  if (found == fields_->end()) return out;
  if (!found->is_array()) return {plain(*found)};
  for (const nlohmann::json& item : *found) out.push_back(plain(item));
  return out;
}

std::string EventRow::field(std::string_view name) const {
  const std::vector<std::string> all = fields(name);
  return all.empty() ? std::string() : all.front();
}

std::string transport_name(std::uint64_t ip_proto) {
  switch (ip_proto) {
    case 1:
    case 58: return "icmp";
    case 6: return "tcp";
    case 17: return "udp";
    case 132: return "sctp";
    default: return std::to_string(ip_proto);
  }
}

std::string dns_rcode_name(std::string_view number) { return name_in(kRcodes, number); }
std::string dns_type_name(std::string_view number) { return name_in(kTypes, number); }

}  // namespace pr::view
