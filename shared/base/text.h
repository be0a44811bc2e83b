// Text from the network made safe for people and programs. The wire decides what is in a name or a header, so
// nothing of it reaches a terminal, a log or a file without passing through here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pr {

// How many octets at the start of text are ASCII.
std::size_t ascii_prefix(std::string_view text);

// Length in octets of the well-formed UTF-8 character at the start of text (RFC 3629: no surrogates, no overlong
// forms, at most U+10FFFF); 0 if there is none. code: what it is; may be null.
std::size_t utf8_character(std::string_view text, char32_t* code);

// True for characters that change how a terminal or an editor shows what follows: C0, DEL, C1, line and paragraph
// separators, and bidirectional controls.
bool is_control(char32_t code);

// For tables, csv and logs: every octet of a control character or of invalid UTF-8 as \xNN; the rest as it is.
// A backslash stays one: the result is for reading, it does not go back.
std::string escape_controls(std::string_view text);
// The same, appended: no allocation when out has room.
void append_escaped(std::string& out, std::string_view text);

// For JSON and SQLite: invalid octets become U+FFFD, one for each; valid text comes back as it is.
std::string to_valid_utf8(std::string_view text);
bool is_valid_utf8(std::string_view text);

// One field of a csv line, RFC 4180: controls escaped, quoted where needed. A leading = + - @ stays, although
// spreadsheets take it for a formula: values are those that `tshark -T fields` prints, and programs compare them.
std::string csv_field(std::string_view text);

// ASCII only, whatever the locale.
char ascii_lower(char c);
char ascii_upper(char c);
std::string ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);

}  // namespace pr
