#include "helper/capture/route_table.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace pr::capture {
namespace {

constexpr std::uint32_t kUp = 0x0001, kReject = 0x0200;  // RTF_UP, RTF_REJECT of linux/route.h

std::optional<std::uint32_t> hex(const std::string& text) {
  std::uint32_t value = 0;
  if (!absl::SimpleHexAtoi(text, &value)) return std::nullopt;
  return value;
}

bool usable(std::uint32_t flags) { return (flags & kUp) != 0 && (flags & kReject) == 0; }

class Best {
 public:
  void offer(const std::string& interface, std::uint32_t metric) {
    if (interface.empty() || (!name_.empty() && metric >= metric_)) return;
    name_ = interface;
    metric_ = metric;
  }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::uint32_t metric_ = 0;
};

std::vector<std::vector<std::string>> rows_of(std::string_view table) {
  std::vector<std::vector<std::string>> rows;
  for (const auto line : absl::StrSplit(absl::string_view(table.data(), table.size()), '\n')) {
    rows.push_back(absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty()));
  }
  return rows;
}

}  // namespace

// Iface Destination Gateway Flags RefCnt Use Metric Mask ...
std::string default_route_v4(std::string_view table) {
  Best best;
  for (const auto& row : rows_of(table)) {
    std::uint32_t metric = 0;
    if (row.size() < 8 || row[1] != "00000000" || row[7] != "00000000") continue;
    const auto flags = hex(row[3]);
    if (!flags || !usable(*flags) || !absl::SimpleAtoi(row[6], &metric)) continue;
    best.offer(row[0], metric);
  }
  return best.name();
}

// destination prefix source prefix next-hop metric refcnt use flags iface
std::string default_route_v6(std::string_view table) {
  Best best;
  for (const auto& row : rows_of(table)) {
    if (row.size() < 10 || row[0] != std::string(32, '0') || row[1] != "00" || row[9] == "lo") continue;
    const auto metric = hex(row[5]);
    const auto flags = hex(row[8]);
    if (!metric || !flags || !usable(*flags)) continue;
    best.offer(row[9], *metric);
  }
  return best.name();
}

}  // namespace pr::capture
