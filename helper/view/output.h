// Where an answer goes: standard output or a file, buffered. A reader that went away (EPIPE) is no error: closed()
// says so and the query stops quietly.
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>

namespace pr::view {

class Output {
 public:
  // path "" or "-": standard output. A file is created, or emptied, with the first octets that go there or with
  // close(): a question that turns out to be wrong leaves it alone.
  explicit Output(const std::string& path) : path_(path == "-" ? std::string() : path) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output();

  void write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kBuffer) flush();
  }
  void flush();
  // Nobody reads any more, or writing failed: what else is written goes nowhere.
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] bool is_terminal() const;
  // Columns of the terminal; 0: not a terminal, or unknown.
  [[nodiscard]] unsigned terminal_width() const;
  // Writes what is left. The first error, if any, with the file and the system's words; a reader that went away is
  // none.
  absl::Status close();

 private:
  static constexpr std::size_t kBuffer = 64U << 10U;
  void open();

  std::string path_;  // "" for standard output
  int fd_ = -1;
  std::string buffer_;
  bool closed_ = false;
  absl::Status status_;
};

}  // namespace pr::view
