// NetBIOS names, RFC 1001 14: 16 octets, the last of which says what the name is for, as 32 letters A to P, and a scope
// in labels behind. Name service and datagram service have them.
#pragma once

#include "helper/dissect/line.h"
#include "shared/base/cursor.h"

namespace pr::dissect::nbns {

class Name {
 public:
  // Reads the name at `in`; compressed ones point into message. False: there is none; `in` may have failed.
  bool read(Cursor& in, Bytes message);
  [[nodiscard]] std::string_view text() const { return text_.text(); }  // "WORKGROUP<1d>"
  [[nodiscard]] std::string_view use() const;                           // "Local Master Browser"; "" if unknown
  [[nodiscard]] std::string_view host() const { return text_.text().substr(0, host_); }
  [[nodiscard]] std::uint8_t suffix() const { return suffix_; }
  // Puts what it is for behind the text: "WORKGROUP<1d> (Local Master Browser)".
  void describe();
  // The 16 octets as they stand in a node status.
  void decode(Bytes octets);

 private:
  Line text_;
  std::size_t host_ = 0;
  std::uint8_t suffix_ = 0;
};

// True if 32 letters A to P and then the end of the name or a scope stand there.
bool looks_like_name(Bytes start);

}  // namespace pr::dissect::nbns
