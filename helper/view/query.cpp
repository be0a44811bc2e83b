#include "helper/view/query.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <variant>

#include "helper/view/packet_query.h"
#include "helper/view/row_query.h"
#include "shared/filter/filter.h"

namespace pr::view {
namespace {

constexpr std::array<const char*, 7> kFormats = {"table", "json", "jsonl", "csv", "pcapng", "eve", "zeek"};
constexpr std::uint64_t kTableRows = 100;

absl::Status refuse(std::string text) { return absl::InvalidArgumentError(std::move(text)); }

// Combinations that make no sense are said before anything is read.
absl::Status check(const Query& query) {
  const bool packets = query.noun == Noun::kPackets;
  const std::string noun = noun_name(query.noun);
  if (!packets && (query.detail || query.show_data))
    return refuse("--detail and --show-data are for packets, not for " + noun);
  if (query.detail && query.format == Format::kCsv)
    return refuse("--detail does not fit into csv; table, json and jsonl have it");
  if (query.format == Format::kPcapng) {
    if (!packets && query.noun != Noun::kFlows)
      return refuse("--format pcapng writes packets: it is for packets and flows, not for " + noun);
    if (!query.fields.empty()) return refuse("--fields makes no sense with --format pcapng: it writes whole packets");
    if (!packets && !query.order.empty())
      return refuse("--order makes no sense for the packets of flows: they are written as they came");
  }
  const bool events =
      query.noun == Noun::kFlows || query.noun == Noun::kHandshakes || query.noun == Noun::kTransactions;
  if (query.format == Format::kEve || query.format == Format::kZeek) {
    if (!events)
      return refuse(absl::StrCat("--format ", kFormats[static_cast<std::size_t>(query.format)],
                                 " is for flows, handshakes and transactions, not for ", noun));
    if (!query.fields.empty()) return refuse("--fields makes no sense with a format that has its own");
  }
  if (query.range.from && query.range.to && *query.range.from >= *query.range.to)
    return refuse("--from has to be earlier than --to");
  return absl::OkStatus();
}

}  // namespace

bool parse_format(std::string_view text, Format* format) {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (text != kFormats[i]) continue;
    *format = static_cast<Format>(i);
    return true;
  }
  return false;
}

absl::StatusOr<QueryReport> QueryRunner::run(const Query& query, Output& output) {
  absl::Status sane = check(query);
  if (!sane.ok()) return sane;
  auto parsed = filter::parse(query.where, engine_.registry().catalog());
  if (const auto* error = std::get_if<filter::Error>(&parsed))
    return refuse("in the filter:\n" + error->explain(query.where));
  auto sessions = reader_.sessions();
  if (!sessions.ok()) return sessions.status();
  for (const std::uint64_t id : query.sessions) {
    if (std::ranges::find(*sessions, id, &store::SessionInfo::id) == sessions->end()) {
      return absl::NotFoundError(absl::StrCat("there is no session ", id, "; `packetrecorder sessions` lists them"));
    }
  }
  const Question question{
      .query = query,
      .where = std::get<std::unique_ptr<filter::Ast>>(parsed).get(),
      .limit = query.limit.value_or(query.format == Format::kTable ? kTableRows : ~std::uint64_t{0}),
      .sessions = *sessions,
      .engine = engine_,
      .reader = reader_,
      .aside = aside_,
      .output = output};
  if (query.noun == Noun::kPackets) return answer_packets(question);
  if (query.format == Format::kPcapng) return answer_packets_of_flows(question);
  return answer_rows(question);
}

}  // namespace pr::view
