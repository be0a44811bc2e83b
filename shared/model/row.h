// A list as users see it: nouns, their columns, and rows of cells. Columns are declared once (helper/store),
// and every output format, filter and client takes them from there.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shared/base/clock.h"
#include "shared/model/field.h"

namespace pr {

enum class Noun : std::uint8_t {
  kPackets,
  kFlows,
  kHandshakes,
  kCertificates,
  kTransactions,
  kNames,
  kSessions,
  kStats
};
const char* noun_name(Noun noun);  // "packets"
bool parse_noun(std::string_view text, Noun* noun);

enum class CellType : std::uint8_t { kText, kUint, kInt, kDouble, kBool, kTime, kDuration, kList, kJson };

struct ColumnDef {
  const char* key;    // the JSON key and csv header: "ja4"
  const char* field;  // the display-filter field whose values it holds ("tls.handshake.ja4"); null: none
  const char* title;  // table heading
  CellType type = CellType::kText;
  bool in_table = false;  // shown in a table without --fields
  bool right = false;     // numbers stand to the right
};

// Empty = unknown: absent in JSON, empty elsewhere. Lists are lists of text. kJson cells hold JSON text.
using Cell = std::variant<std::monostate, std::string, std::uint64_t, std::int64_t, double, bool, Timestamp, Duration,
                          std::vector<std::string>>;
using Row = std::vector<Cell>;

}  // namespace pr
