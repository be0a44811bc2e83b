#include "helper/view/query.h"

#include <sys/stat.h>

#include <cstdio>
#include <limits>
#include <memory>

#include "helper/cli/command.h"
#include "helper/cli/database.h"
#include "helper/cli/exit_code.h"
#include "shared/base/text.h"
#include "shared/base/time_text.h"

namespace pr::cli {
namespace {

struct Options {
  std::string noun = "packets", database, where, from, to, order, fields, format = "table", output;
  std::vector<std::uint64_t> sessions;
  std::int64_t limit = -1;
  bool show_data = false, detail = false, no_names = false;
};

absl::StatusOr<view::Query> translate(const Options& options) {
  view::Query query;
  if (!parse_noun(options.noun, &query.noun))
    return absl::InvalidArgumentError("there is no noun \"" + options.noun + "\"");
  if (!view::parse_format(options.format, &query.format))
    return absl::InvalidArgumentError("there is no format \"" + options.format + "\"");
  query.sessions = options.sessions;
  query.where = options.where;
  const Timestamp now = SystemClock().now();
  for (const auto& [text, to] : {std::pair{&options.from, &query.range.from}, {&options.to, &query.range.to}}) {
    if (text->empty()) continue;
    const auto time = parse_time(*text, now);
    if (!time.ok()) return time.status();
    *to = *time;
  }
  if (options.limit >= 0) query.limit = static_cast<std::uint64_t>(options.limit);
  query.order = options.order;
  const std::size_t colon = options.order.rfind(':');
  if (colon != std::string::npos) {
    const std::string way = options.order.substr(colon + 1);
    if (way != "desc" && way != "asc")
      return absl::InvalidArgumentError("--order takes FIELD, FIELD:asc or FIELD:desc");
    query.order = options.order.substr(0, colon);
    query.descending = way == "desc";
  }
  for (std::string_view rest = options.fields; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view name = trim(rest.substr(0, comma));
    if (!name.empty()) query.fields.emplace_back(name);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  query.show_data = options.show_data;
  query.detail = options.detail;
  return query;
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat first {
  }, second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

void tell(const view::QueryReport& report, const view::Query& query) {
  for (const std::string& note : report.notes)
    std::fprintf(stderr, "packetrecorder: note: %s\n", escape_controls(note).c_str());
  if (report.limited && !query.limit) {
    std::fprintf(stderr, "packetrecorder: note: only the first %llu are shown; --limit N shows more\n",
                 static_cast<unsigned long long>(report.rows));
  }
}

int run(const Options& options) {
  const auto query = translate(options);
  if (!query.ok()) return fail(query.status());
  const Dissection dissection;
  auto database = open_for_reading(options.database, dissection.registry);
  if (!database.ok()) return fail(database.status());
  if (same_file(options.output, options.database))
    return fail(absl::FailedPreconditionError("--output is the database itself"));
  view::Output output(options.output);
  if (query->format == view::Format::kPcapng && output.is_terminal()) {
    return fail(absl::InvalidArgumentError(
        "pcapng is no text for a terminal: give --output FILE, or pipe it to `wireshark -k -i -`"));
  }
  view::QueryRunner runner(dissection.engine, *database->reader, *database->aside);
  const auto report = runner.run(*query, output);
  if (!report.ok()) return fail(report.status());
  const absl::Status written = output.close();
  tell(*report, *query);
  return written.ok() ? kOk : fail(written);
}

constexpr const char* kExamples =
    "  packetrecorder query --database captures.db --where 'ip.addr == 10.0.0.0/8 && tcp.port in {80, 443}'\n"
    "  packetrecorder query flows --database captures.db --from '45m ago' --order bytes:desc --limit 20\n"
    "  packetrecorder query transactions --database captures.db --where dns --format jsonl\n"
    "  packetrecorder query packets --database captures.db --where 'frame.number == 7' --detail --show-data\n"
    "  packetrecorder query packets --database captures.db --where 'tcp.stream == 3' --format pcapng --output "
    "s3.pcapng\n"
    "TIME is RFC 3339, a local date or HH:MM, Unix seconds, or like `45m ago`. `packetrecorder fields` lists what a "
    "filter can name.";

}  // namespace

void add_query(Program& program) {
  CLI::App& command =
      add_command(program, program.app, "query", "Ask for packets, flows and what was found in them", kExamples);
  const auto options = std::make_shared<Options>();
  command
      .add_option("noun", options->noun,
                  "packets (if none is given), flows, handshakes, certificates, transactions, names, sessions or stats")
      ->check(CLI::IsMember(
          {"packets", "flows", "handshakes", "certificates", "transactions", "names", "sessions", "stats"}))
      ->type_name("");
  add_database(command, options->database, 'r');
  command.add_option("--session", options->sessions, "Only this session (again for more)")
      ->allow_extra_args(false)
      ->type_name("ID");
  command.add_option("--where", options->where, "Display filter, as in Wireshark")->type_name("FILTER");
  command.add_option("--from", options->from, "Not before this time")->type_name("TIME");
  command.add_option("--to", options->to, "Before this time")->type_name("TIME");
  command.add_option("-c,--limit", options->limit, "At most so many rows; 100 for tables, all for other formats")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
      ->type_name("N");
  command.add_option("--order", options->order, "Sort by a field; newest session first otherwise")
      ->type_name("FIELD[:desc]");
  command
      .add_option("--fields", options->fields,
                  "The columns: fields or _ws.col.NAME for packets, column names for the rest")
      ->type_name("A,B,...");
  command.add_flag("--show-data", options->show_data, "Packets with their octets, hexadecimal and ASCII");
  command.add_flag("--detail", options->detail, "Packets as a tree of layers and fields, with offsets");
  command.add_option("--format", options->format, "table, json, jsonl, csv, pcapng, eve or zeek")
      ->check(CLI::IsMember({"table", "json", "jsonl", "csv", "pcapng", "eve", "zeek"}))
      ->type_name("FORMAT");
  command.add_option("-w,--output", options->output, "Write there instead of standard output")->type_name("FILE");
  command.add_flag("-n", options->no_names, "Addresses and ports as numbers; they always are");
  command.callback([&program, options] { program.run = [options] { return run(*options); }; });
}

}  // namespace pr::cli
