#include "helper/view/output.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace pr::view {
namespace {

std::string system_words(int error) { return std::generic_category().message(error); }

absl::Status write_error(const std::string& name, int error) {
  const std::string text =
      "cannot write " + (name.empty() ? std::string("standard output") : name) + ": " + system_words(error);
  return error == ENOSPC || error == EDQUOT ? absl::ResourceExhaustedError(text) : absl::UnavailableError(text);
}

}  // namespace

void Output::open() {
  if (fd_ >= 0 || closed_) return;
  if (path_.empty()) {
    fd_ = STDOUT_FILENO;
    return;
  }
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd_ >= 0) return;
  const int error = errno;
  const std::string text = "cannot create " + path_ + ": " + system_words(error);
  const bool denied = error == EACCES || error == EPERM || error == EROFS;
  status_ = denied ? absl::PermissionDeniedError(text) : absl::UnavailableError(text);
  closed_ = true;
}

Output::~Output() {
  if (fd_ > STDERR_FILENO) ::close(fd_);
}

void Output::flush() {
  open();
  std::string_view rest = buffer_;
  while (!rest.empty() && !closed_) {
    const ssize_t n = ::write(fd_, rest.data(), rest.size());
    if (n >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      closed_ = true;
      if (errno != EPIPE) status_ = write_error(path_, errno);
    }
  }
  buffer_.clear();
}

bool Output::is_terminal() const { return path_.empty() && ::isatty(STDOUT_FILENO) == 1; }

unsigned Output::terminal_width() const {
  winsize size{};
  if (!is_terminal() || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

absl::Status Output::close() {
  flush();
  if (fd_ > STDERR_FILENO) {
    // Full disks may show only here.
    if (::close(fd_) != 0 && status_.ok()) status_ = write_error(path_, errno);
    fd_ = -1;
  }
  return status_;
}

}  // namespace pr::view
