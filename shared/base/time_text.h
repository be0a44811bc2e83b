// Times, durations and sizes as people write them, and as the outputs print them.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/clock.h"

namespace pr {

// "2023-11-14T22:13:20.000000000Z": UTC, always nine decimals, so that text sorts as time.
std::string format_rfc3339(Timestamp time);
// "2023-11-14 23:13:20.000" in the local time zone, decimals 0 to 9.
std::string format_local(Timestamp time, int decimals = 3);
// "Nov 14, 2023 23:13:20.000000000 CET": what Wireshark prints for an absolute time, in local time or UTC.
std::string format_wireshark(Timestamp time, bool utc = false);
// "1700000000.000000000", "-0.000001000": seconds with nine decimals.
std::string format_seconds(std::int64_t nanoseconds);
// "1h02m", "3.5 s", "12 ms": short, for people.
std::string format_duration(Duration duration);
// "1.5 GiB", "12 B": for people.
std::string format_size(std::uint64_t octets);

// The TIME of command lines, seen from `now`: RFC 3339 ("2023-11-14T22:13:20.5Z", "+01:00"), local "2023-11-14",
// local "2023-11-14 22:13[:20[.5]]", local "22:13[:20]" of today, Unix seconds with fraction, "45m ago", "now".
// kInvalidArgument names the text and what would be accepted.
absl::StatusOr<Timestamp> parse_time(std::string_view text, Timestamp now);
// A date and time of day as a display filter writes it: ISO 8601 with 'T' or blank, zone or local, or
// "Nov 14, 2023 22:13:20.5 [UTC]". No relative forms.
absl::StatusOr<Timestamp> parse_calendar_time(std::string_view text);
// "90", "90s", "1.5h", "2d12h": seconds unless a unit (ns us ms s m h d w) says otherwise. Not negative.
absl::StatusOr<Duration> parse_duration(std::string_view text);
// "500", "10G", "500MiB", "1.5GB": K M G T are powers of 1024, and so are KiB ...; KB MB GB TB are powers of 1000.
absl::StatusOr<std::uint64_t> parse_size(std::string_view text);
// "-1.5" seconds into nanoseconds, exactly; false: not a decimal number, or beyond what 64 bits hold.
bool parse_seconds(std::string_view text, std::int64_t* nanoseconds);

}  // namespace pr
