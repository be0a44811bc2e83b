#include <algorithm>
#include <cstdio>
#include <memory>

#include "helper/cli/command.h"
#include "helper/cli/database.h"
#include "helper/cli/exit_code.h"
#include "helper/cli/progress.h"
#include "helper/cli/totals_text.h"
#include "helper/pipeline/recorder.h"
#include "helper/platform/privileges.h"
#include "helper/platform/signals.h"
#include "helper/view/summary.h"
#include "shared/base/time_text.h"

namespace pr::cli {
namespace {

struct Options {
  std::string database, filter, compress, keep_bytes, duration;
  std::vector<std::string> interfaces, expression;
  std::uint64_t count = 0;
  capture::LiveOptions live;
  int keep_days = 0;
  bool no_promiscuous = false, no_packets = false, no_names = false, json = false;
};

absl::StatusOr<capture::LiveOptions> live_options(const Options& options) {
  capture::LiveOptions live = options.live;
  live.promiscuous = !options.no_promiscuous;
  live.filter = options.filter;
  for (const std::string& word : options.expression) live.filter += (live.filter.empty() ? "" : " ") + word;
  live.interfaces = options.interfaces;
  if (live.interfaces.empty()) {
    auto name = capture::default_interface();
    if (!name.ok()) return name.status();
    live.interfaces.push_back(*std::move(name));
  }
  return live;
}

absl::StatusOr<store::StoreOptions> store_options(const Options& options, const dissect::Registry& registry,
                                                  const Clock& clock) {
  store::StoreOptions how;
  how.keep_packets = !options.no_packets;
  how.compress = options.compress == "zstd";
  how.keep_days = options.keep_days;
  how.protocol_names = registry.names();
  how.clock = &clock;
  if (!options.keep_bytes.empty()) {
    const auto size = parse_size(options.keep_bytes);
    if (!size.ok()) return absl::InvalidArgumentError("--keep-bytes: " + std::string(size.status().message()));
    how.keep_bytes = *size;
  }
  return how;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ",") + name;
  return out;
}

int print_summary(const Options& options, const SessionResult& result, const dissect::Registry& registry) {
  const auto database = open_for_reading(options.database, registry);
  if (!database.ok()) return fail(database.status());
  const auto summary = view::summarize(*database->reader, result.session);
  if (!summary.ok()) return fail(summary.status());
  if (options.json) {
    std::printf("{%s,%s}\n", totals_json(result).c_str(), view::summary_json(*summary).c_str());
  } else {
    std::printf("%s%s", totals_text(result).c_str(), view::summary_text(*summary).c_str());
  }
  return kOk;
}

absl::StatusOr<SessionResult> record(const Options& options, capture::PacketSource& source, store::Store& store,
                                     const dissect::Engine& engine, const std::string& name) {
  pipeline::RecordOptions how;
  how.live = true;
  how.keep_packets = !options.no_packets;
  how.max_packets = options.count;
  if (!options.duration.empty()) {
    const auto duration = parse_duration(options.duration);
    if (!duration.ok()) return duration.status();
    how.max_duration = *duration;
  }
  ProgressLine progress;
  pipeline::Status before;
  bool paused = false;
  how.on_status = [&](const pipeline::Status& status) {
    if (status.paused.empty() == paused) {
      paused = !paused;
      progress.clear();
      std::fprintf(stderr, "packetrecorder: %s\n",
                   paused ? ("nothing is stored: " + status.paused).c_str() : "storing again");
    }
    progress.show(capture_progress(status, before, options.database));
    before = status;
  };
  const platform::StopSignals signals([&] { source.stop(); });
  auto done = pipeline::record(source, store, engine, {.file = name, .live = true}, how);
  progress.clear();
  if (!done.ok()) return done.status();
  if (!done->ended.ok()) std::fprintf(stderr, "packetrecorder: %s\n", std::string(done->ended.message()).c_str());
  return SessionResult{done->session, name, done->ended.ok() ? "complete" : "interrupted", done->totals, done->flows};
}

int run(const Options& options) {
  const Dissection dissection;
  const SystemClock clock;
  auto how = store_options(options, dissection.registry, clock);
  if (!how.ok()) return fail(how.status());
  const auto live = live_options(options);
  if (!live.ok()) return fail(live.status());
  // Devices first, with all privileges; the file only when they are gone, so that it belongs to the user.
  auto source = capture::open_live(*live);
  if (!source.ok()) return fail(source.status());
  const absl::Status dropped = platform::drop_privileges();
  if (!dropped.ok()) return fail(dropped);
  absl::StatusOr<SessionResult> result;
  {
    auto store = store::Store::open(options.database, *std::move(how));
    if (!store.ok()) return fail(store.status());
    result = record(options, **source, **store, dissection.engine, joined(live->interfaces));
  }
  if (!result.ok()) return fail(result.status());
  return print_summary(options, *result, dissection.registry);
}

constexpr const char* kExamples =
    "  sudo packetrecorder capture --duration 60 --database captures.db\n"
    "  sudo packetrecorder capture -i eth0 -i eth1 --filter 'tcp port 443' --database captures.db\n"
    "  sudo packetrecorder capture --database captures.db --keep-bytes 20G --keep-days 7 --compress zstd\n"
    "Ctrl-C ends the recording and prints what it saw; a second one ends at once.";

}  // namespace

void add_capture(Program& program) {
  CLI::App& command = add_command(program, program.app, "capture", "Record from network interfaces", kExamples);
  const auto options = std::make_shared<Options>();
  add_database(command, options->database, 'w');
  command
      .add_option("-i,--interface", options->interfaces,
                  "Record from it (again for more); the default route's if none is given")
      ->allow_extra_args(false)
      ->type_name("NAME");
  command.add_option("--filter", options->filter, "Capture filter (BPF, as tcpdump's), not a display filter")
      ->type_name("BPF");
  command.add_option("expression", options->expression, "The capture filter again, as tcpdump takes it")->type_name("");
  command.add_option("-c,--count", options->count, "Stop after so many packets")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command.add_option("--duration", options->duration, "Stop after so much time")->type_name("SECONDS");
  command.add_option("-s,--snaplen", options->live.snaplen, "Octets of each packet at most")
      ->check(CLI::Range(1, 262144))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--buffer", options->live.buffer_mib, "Kernel buffer of each interface")
      ->check(CLI::Range(1, 2047))
      ->type_name("MIB")
      ->capture_default_str();
  command.add_flag("--no-promiscuous", options->no_promiscuous, "Only what is meant for this machine");
  command.add_flag("--no-packets", options->no_packets, "Keep flows and what was found, not the packets");
  command.add_option("--compress", options->compress, "Compress stored packets")
      ->check(CLI::IsMember({"zstd", "none"}))
      ->type_name("zstd");
  command
      .add_option("--keep-bytes", options->keep_bytes, "Remove the oldest when all takes more than this (10G, 500M)")
      ->type_name("SIZE");
  command.add_option("--keep-days", options->keep_days, "Remove what is older")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command.add_flag("-n", options->no_names, "Addresses and ports as numbers; they always are");
  command.add_flag("--json", options->json, "The summary as one object");
  command.callback([&program, options] { program.run = [options] { return run(*options); }; });
}

}  // namespace pr::cli
