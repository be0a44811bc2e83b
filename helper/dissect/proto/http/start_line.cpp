#include <algorithm>

#include "helper/dissect/proto/http/http.h"

namespace pr::dissect::http {
namespace {

// RFC 9110, WebDAV (RFC 4918, 3253, 5323), UPnP, and what Exchange and RPC over HTTP send.
constexpr std::string_view kRequests[] = {"GET",
                                          "POST",
                                          "HEAD",
                                          "PUT",
                                          "DELETE",
                                          "OPTIONS",
                                          "CONNECT",
                                          "PATCH",
                                          "TRACE",
                                          "PROPFIND",
                                          "PROPPATCH",
                                          "MKCOL",
                                          "COPY",
                                          "MOVE",
                                          "LOCK",
                                          "UNLOCK",
                                          "REPORT",
                                          "SEARCH",
                                          "M-SEARCH",
                                          "MERGE",
                                          "CHECKIN",
                                          "CHECKOUT",
                                          "UNCHECKOUT",
                                          "MKACTIVITY",
                                          "MKWORKSPACE",
                                          "UPDATE",
                                          "LABEL",
                                          "VERSION-CONTROL",
                                          "BASELINE-CONTROL",
                                          "BCOPY",
                                          "BDELETE",
                                          "BMOVE",
                                          "BPROPFIND",
                                          "BPROPPATCH",
                                          "POLL",
                                          "CCM_POST",
                                          "RPC_CONNECT",
                                          "RPC_IN_DATA",
                                          "RPC_OUT_DATA",
                                          "SSTP_DUPLEX_POST",
                                          "ACL",
                                          "MKCALENDAR",
                                          "BIND",
                                          "UNBIND",
                                          "REBIND",
                                          "ORDERPATCH",
                                          "PURGE",
                                          "LINK",
                                          "UNLINK"};
constexpr std::string_view kNotifications[] = {"NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE"};
constexpr std::string_view kStatusStarts[] = {"HTTP/", "ICY "};

struct Status {
  std::uint16_t code;
  std::string_view text;
};
constexpr Status kStatus[] = {{100, "Continue"},
                              {101, "Switching Protocols"},
                              {102, "Processing"},
                              {103, "Early Hints"},
                              {200, "OK"},
                              {201, "Created"},
                              {202, "Accepted"},
                              {203, "Non-Authoritative Information"},
                              {204, "No Content"},
                              {205, "Reset Content"},
                              {206, "Partial Content"},
                              {207, "Multi-Status"},
                              {208, "Already Reported"},
                              {226, "IM Used"},
                              {300, "Multiple Choices"},
                              {301, "Moved Permanently"},
                              {302, "Found"},
                              {303, "See Other"},
                              {304, "Not Modified"},
                              {305, "Use Proxy"},
                              {306, "Switch Proxy"},
                              {307, "Temporary Redirect"},
                              {308, "Permanent Redirect"},
                              {400, "Bad Request"},
                              {401, "Unauthorized"},
                              {402, "Payment Required"},
                              {403, "Forbidden"},
                              {404, "Not Found"},
                              {405, "Method Not Allowed"},
                              {406, "Not Acceptable"},
                              {407, "Proxy Authentication Required"},
                              {408, "Request Time-out"},
                              {409, "Conflict"},
                              {410, "Gone"},
                              {411, "Length Required"},
                              {412, "Precondition Failed"},
                              {413, "Request Entity Too Large"},
                              {414, "Request-URI Too Long"},
                              {415, "Unsupported Media Type"},
                              {416, "Requested range not satisfiable"},
                              {417, "Expectation Failed"},
                              {418, "I'm a teapot"},
                              {421, "Misdirected Request"},
                              {422, "Unprocessable Entity"},
                              {423, "Locked"},
                              {424, "Failed Dependency"},
                              {425, "Too Early"},
                              {426, "Upgrade Required"},
                              {428, "Precondition Required"},
                              {429, "Too Many Requests"},
                              {431, "Request Header Fields Too Large"},
                              {451, "Unavailable For Legal Reasons"},
                              {500, "Internal Server Error"},
                              {501, "Not Implemented"},
                              {502, "Bad Gateway"},
                              {503, "Service Unavailable"},
                              {504, "Gateway Time-out"},
                              {505, "HTTP Version not supported"},
                              {506, "Variant Also Negotiates"},
                              {507, "Insufficient Storage"},
                              {508, "Loop Detected"},
                              {510, "Not Extended"},
                              {511, "Network Authentication Required"}};

Kind kind_of_method(std::string_view method) {
  if (std::ranges::find(kRequests, method) != std::end(kRequests)) return Kind::kRequest;
  return std::ranges::find(kNotifications, method) != std::end(kNotifications) ? Kind::kNotification : Kind::kNone;
}

Bytes part(Bytes line, std::size_t from, std::size_t to) { return line.subspan(from, to - from); }

std::size_t find_space(Bytes line, std::size_t from) {
  return static_cast<std::size_t>(std::find(line.begin() + static_cast<std::ptrdiff_t>(from), line.end(), ' ') -
                                  line.begin());
}

std::size_t skip_spaces(Bytes line, std::size_t from) {
  while (from < line.size() && line[from] == ' ') ++from;
  return from;
}

StartLine parse_status(Bytes line) {
  StartLine made{.kind = Kind::kResponse, .whole = line};
  const std::size_t version = find_space(line, 0);
  made.version = part(line, 0, version);
  const std::size_t code = skip_spaces(line, version);
  const std::size_t code_end = find_space(line, code);
  made.code_text = part(line, code, code_end).first(std::min<std::size_t>(3, code_end - code));
  for (const std::uint8_t c : made.code_text) {
    if (c < '0' || c > '9') {
      made.code = 0;
      break;
    }
    made.code = static_cast<std::uint16_t>(made.code * 10U + (c - '0'));
  }
  made.phrase = part(line, skip_spaces(line, code_end), line.size());
  return made;
}

}  // namespace

Method StartLine::meaning() const {
  const std::string_view name = as_text(method);
  return name == "HEAD" ? Method::kHead : name == "CONNECT" ? Method::kConnect : Method::kOther;
}

StartLine parse_start_line(Bytes line) {
  const std::string_view text = as_text(line);
  for (const std::string_view start : kStatusStarts) {
    if (text.starts_with(start)) return parse_status(line);
  }
  const std::size_t method = find_space(line, 0);
  if (method == line.size()) return {};
  const Kind kind = kind_of_method(text.substr(0, method));
  if (kind == Kind::kNone) return {};
  const std::size_t uri = find_space(line, method + 1);
  StartLine made{.kind = kind, .whole = line, .method = part(line, 0, method), .uri = part(line, method + 1, uri)};
  if (uri < line.size()) made.version = part(line, uri + 1, line.size());
  return made;
}

bool may_be_start_line(Bytes start) {
  const std::string_view text = as_text(start);
  const auto agrees = [text](std::string_view word) { return text.starts_with(word) || word.starts_with(text); };
  if (std::ranges::any_of(kStatusStarts, agrees)) return true;
  const std::size_t space = text.find(' ');
  if (space != text.npos) return kind_of_method(text.substr(0, space)) != Kind::kNone;
  const auto begins = [text](std::string_view word) { return word.starts_with(text); };
  return std::ranges::any_of(kRequests, begins) || std::ranges::any_of(kNotifications, begins);
}

std::string_view status_text(std::uint16_t code) {
  const auto* found = std::ranges::lower_bound(kStatus, code, {}, &Status::code);
  return found != std::end(kStatus) && found->code == code ? found->text : std::string_view{};
}

}  // namespace pr::dissect::http
