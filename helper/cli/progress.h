// One line on a terminal that is written again and again, and taken away before anything else is printed.
#pragma once

#include <string>
#include <string_view>

#include "helper/pipeline/recorder.h"

namespace pr::cli {

class ProgressLine {
 public:
  // Shows nothing unless stderr is a terminal.
  ProgressLine();
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  [[nodiscard]] bool shown() const { return terminal_; }
  void show(std::string_view text);
  void clear();

 private:
  const bool terminal_;
  bool dirty_ = false;
};

// "1.2 M packets, 12.4 k/s, 81.2 Mbit/s, 0 dropped, 310 flows, 45.1 GiB free": what happened since `before`.
std::string capture_progress(const pipeline::Status& now, const pipeline::Status& before, const std::string& database);
// "trace.pcap: 45 %, 450.1 MiB of 1.0 GiB, 1.2 M packets, 3 s to go"
std::string import_progress(const pipeline::Status& now, const std::string& file);
// "1.2 M", "514"
std::string short_count(std::uint64_t n);

}  // namespace pr::cli
