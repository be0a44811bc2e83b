#include <algorithm>
#include <cstdio>
#include <memory>

#include "helper/cli/command.h"
#include "helper/cli/database.h"
#include "helper/cli/exit_code.h"
#include "helper/cli/progress.h"
#include "helper/cli/totals_text.h"
#include "helper/pipeline/recorder.h"
#include "helper/platform/signals.h"
#include "shared/base/text.h"
#include "shared/base/time_text.h"

namespace pr::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string database, name;
  bool no_packets = false, json = false;
};

class Importer {
 public:
  Importer(const Options& options, store::Store& store, const Dissection& dissection)
      : options_(options), store_(store), dissection_(dissection) {}

  // What has to be told of damage is told; a status that is not OK ends the whole import.
  absl::Status file(const std::string& path) {
    auto source = capture::open_file(path);
    if (!source.ok()) {
      // What cannot be understood as a capture is damaged from its first octet.
      note(path,
           absl::IsInvalidArgument(source.status()) ? absl::DataLossError(source.status().message()) : source.status());
      return absl::OkStatus();
    }
    pipeline::RecordOptions how;
    how.keep_packets = !options_.no_packets;
    how.on_status = [&](const pipeline::Status& status) { progress_.show(import_progress(status, path)); };
    absl::StatusOr<pipeline::RecordResult> done;
    {
      const platform::StopSignals signals([&] { (*source)->stop(); });
      done = pipeline::record(**source, store_, dissection_.engine, {.file = path, .label = options_.name}, how);
      stopped_ = signals.stopped();
    }
    progress_.clear();
    if (!done.ok()) return done.status();
    tell(path, *done);
    if (absl::IsResourceExhausted(done->ended)) return done->ended;
    if (!done->ended.ok()) note(path, done->ended);
    return absl::OkStatus();
  }

  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] ExitCode code() const { return code_; }
  [[nodiscard]] std::string json() const { return "{\"sessions\":[" + json_ + "]}\n"; }

 private:
  void note(const std::string& path, const absl::Status& status) {
    progress_.clear();
    std::string text(status.message());
    if (text.find(path) == std::string::npos) text = path + ": " + text;
    const ExitCode code = fail(absl::Status(status.code(), text));
    // Damage outweighs what else went wrong with other files.
    if (code_ == kOk || code == kDamagedInput) code_ = code;
  }

  void tell(const std::string& path, const pipeline::RecordResult& done) {
    if (options_.json) {
      if (!json_.empty()) json_ += ",\n";
      json_ += "{" +
               totals_json({done.session, path, done.ended.ok() ? "complete" : "damaged", done.totals, done.flows}) +
               "}";
      return;
    }
    std::printf("session %llu: %llu packets, %s, %llu flows  %s\n", static_cast<unsigned long long>(done.session),
                static_cast<unsigned long long>(done.totals.packets), format_size(done.totals.bytes).c_str(),
                static_cast<unsigned long long>(done.flows), escape_controls(path).c_str());
  }

  const Options& options_;
  store::Store& store_;
  const Dissection& dissection_;
  ProgressLine progress_;
  ExitCode code_ = kOk;
  bool stopped_ = false;
  std::string json_;
};

int run(const Options& options) {
  if (std::ranges::count(options.files, "-") > 1)
    return fail(absl::InvalidArgumentError("standard input can be read only once"));
  const Dissection dissection;
  const SystemClock clock;
  store::StoreOptions how;
  how.keep_packets = !options.no_packets;
  how.protocol_names = dissection.registry.names();
  how.clock = &clock;
  auto store = store::Store::open(options.database, std::move(how));
  if (!store.ok()) return fail(store.status());
  Importer importer(options, **store, dissection);
  for (const std::string& path : options.files) {
    const absl::Status done = importer.file(path);
    if (!done.ok()) return fail(done);
    if (importer.stopped()) break;
  }
  if (options.json) std::fputs(importer.json().c_str(), stdout);
  return importer.code();
}

}  // namespace

void add_import(Program& program) {
  CLI::App& command = add_command(
      program, program.app, "import", "Take in capture files, one session each",
      "  packetrecorder import trace.pcapng more.pcap.gz --database captures.db\n"
      "  ssh host tcpdump -U -w - | packetrecorder import - --database captures.db --name host\n"
      "pcap and pcapng, plain, gzip or zstd. A damaged file keeps what came before the damage (exit code 6).");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE,-r", options->files, "Capture files; - is standard input")->required()->type_name("");
  add_database(command, options->database, 'w');
  command.add_option("--name", options->name, "A name for what is imported")->type_name("LABEL");
  command.add_flag("--no-packets", options->no_packets, "Keep flows and what was found, not the packets");
  command.add_flag("--json", options->json, "One object: an array of the new sessions");
  command.callback([&program, options] { program.run = [options] { return run(*options); }; });
}

}  // namespace pr::cli
