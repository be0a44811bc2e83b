// How columns of a noun come out of the catalog and of partitions: the table behind store::columns().
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "shared/model/row.h"

namespace pr::store {

// What a column's SQL expression yields, and so how its cell is made.
enum class Decode : std::uint8_t {
  kText,          // TEXT
  kUint,          // INTEGER
  kBool,          // INTEGER
  kTime,          // INTEGER, nanoseconds
  kDuration,      // INTEGER, nanoseconds
  kJson,          // TEXT, JSON
  kTextList,      // TEXT, a JSON array of texts
  kFile,          // INTEGER, a session: what was recorded
  kDictionary,    // INTEGER, id of a text
  kIp,            // BLOB
  kIpList,        // TEXT, a JSON array of addresses in hexadecimal
  kIpProto,       // INTEGER: "tcp"
  kConnState,     // INTEGER
  kEvidence,      // INTEGER
  kVerdicts,      // INTEGER, bits
  kCertificates,  // TEXT, a JSON array of certificate ids
  kHex,           // BLOB
  kCommunity,     // BLOB
  kLinkTypes,     // TEXT, numbers joined by ","
  kSources,       // INTEGER, bits 1 << NameSource
};

struct Column {
  ColumnDef def;
  const char* sql;
  Decode decode;
};

std::span<const Column> column_table(Noun noun);
// null: no such column.
const Column* find_column(Noun noun, std::string_view key);

}  // namespace pr::store
