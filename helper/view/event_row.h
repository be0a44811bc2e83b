// A row as writers of other tools' formats need it: cells by key, and the fields of a transaction by name.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "helper/view/row_writer.h"

namespace pr::view {

class EventRow {
 public:
  explicit EventRow(std::span<const OutputColumn> columns);
  ~EventRow();
  // The row has to stay until the next call.
  void set(const Row& row);

  // "" and nothing for what is unknown.
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view key) const;
  [[nodiscard]] std::optional<Timestamp> time(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
  // Of the column "fields": "dns.qry.name". Numbers as their text, times as they stand there.
  [[nodiscard]] std::string field(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> fields(std::string_view name) const;

 private:
  [[nodiscard]] const Cell* cell(std::string_view key) const;

  std::unordered_map<std::string, std::size_t> keys_;
  const Row* row_ = nullptr;
  std::unique_ptr<nlohmann::json> fields_;
};

// "tcp", "udp", "icmp" (of both versions), "sctp"; others by number.
std::string transport_name(std::uint64_t ip_proto);
// "NOERROR", "NXDOMAIN", ...; "A", "AAAA", ...; the number where there is no name.
std::string dns_rcode_name(std::string_view number);
std::string dns_type_name(std::string_view number);

}  // namespace pr::view
