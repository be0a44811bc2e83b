// What is in each stretch of about a thousand flows of a partition, so that a search reads only the stretches that can
// hold what it looks for. Made in one pass when a partition is closed: a tenth of the cost of one index.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "helper/store/database.h"

namespace pr::store {

// What a value is looked for as. Numbers are part of the file format.
enum class ZoneKey : std::uint8_t {
  kNone,
  kAddress = 1,  // of either side
  kPort = 2,     // of either side
  kText = 3,     // id of a dictionary text, whatever the column
  kState = 4,    // the connection state's name
  kOdd = 5,      // 1: a row that kOddRow holds for, see fields.h
  kNet = 6,      // an address's first octets: 1, 2 or 3 of IPv4, 4, 6 or 8 of IPv6
  // Not values: the largest of the zone's flows, in a column of its own.
  kBytes,
  kPackets,
  kDuration,
};

// Makes the table `zone` of a partition; all of it or nothing.
absl::Status build_zones(Database& partition);

// SQL conditions over zone z: it may hold a row with that value.
std::string zone_condition(ZoneKey key, Bytes octets);
std::string zone_condition(ZoneKey key, std::int64_t number);
// It may hold a row with an address between these, both included, of one length. Empty: nothing is known.
std::string zone_condition_between(Bytes low, Bytes high);
// It may hold a row with a text in that column ("s.sni"). Empty: nothing is known.
std::string zone_has_text(std::string_view column);
// The column of zones for kBytes ... kDuration; null: the key is none of these.
const char* zone_largest(ZoneKey key);

// pr_zone(bits, hash) -> 0 or 1.
absl::Status add_zone_function(Database& db);

}  // namespace pr::store
