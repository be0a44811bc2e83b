// MySQL's client/server protocol: packets of a length, a number and a body. Greeting, login, commands and what answers
// them; after the client's request for TLS what follows is recognised anew.
#include <algorithm>
#include <array>
#include <string>

#include "helper/dissect/bits.h"
#include "helper/dissect/proto/mysql/fields.h"
#include "shared/base/text.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

using namespace mysql;  // NOLINT(google-build-using-namespace): the parts of this very dissector

constexpr Bind kBinds[] = {{"tcp.port", 3306}};
constexpr std::size_t kHead = 4;
constexpr std::uint32_t kConnectWithDb = 0x8, kProtocol41 = 0x200, kSsl = 0x800, kSecure = 0x8000,
                        kPluginAuth = 0x80000, kConnectAttrs = 0x100000, kPluginAuthLenenc = 0x200000,
                        kDeprecateEof = 0x1000000, kQueryAttrs = 0x8000000;

enum class Phase : std::uint8_t {
  kGreeting,
  kLogin,
  kAuth,     // further rounds of authentication
  kCommand,  // the client's turn
  kAnswer,   // OK, ERR or the head of a result
  kColumns,
  kRows,
};

struct Conversation {
  std::uint32_t caps;  // the client's, low and high half
  std::uint32_t columns;
  Phase phase;
  std::uint8_t command;
  std::uint8_t joined_late;  // no greeting was seen
};

Bytes text_to_zero(Cursor& in) {
  const Bytes rest = in.rest();
  const auto end = std::ranges::find(rest, std::uint8_t{0});
  const Bytes text = rest.first(static_cast<std::size_t>(end - rest.begin()));
  in.skip(text.size() + (end == rest.end() ? 0 : 1));
  return text;
}

// A length-encoded integer. NULL (0xfb) is told apart.
struct Encoded {
  std::uint64_t value = 0;
  bool null = false;
  Bytes where;
};
Encoded encoded(Cursor& in) {
  const std::size_t at = in.at();
  Encoded made;
  const std::uint8_t first = in.u8();
  if (first < 0xfb) made.value = first;
  if (first == 0xfb) made.null = true;
  if (first == 0xfc) made.value = in.u16le();
  if (first == 0xfd) made.value = in.u16le() | std::uint64_t{in.u8()} << 16U;
  if (first == 0xfe) made.value = in.u64le();
  if (in.ok()) made.where = in.since(at);
  return made;
}

class Reader {
 public:
  Reader(Cursor body, LayerBuilder& out) : in_(body), out_(out), talk_(out.state<Conversation>()) {}

  void client() {
    if (talk_.phase == Phase::kGreeting) talk_.joined_late = 1;
    if (talk_.phase == Phase::kLogin) return login();
    if (talk_.phase == Phase::kAuth) {
      if (in_.left() > 0) out_.bytes(in_, kAuthSwitchResponseData, in_.left());
      return;
    }
    command();
  }

  void server(std::uint8_t number) {
    const std::uint8_t first = in_.peek(1).empty() ? std::uint8_t{0} : in_.peek(1)[0];
    if (talk_.phase == Phase::kGreeting && number == 0 && talk_.joined_late == 0)
      return first == 0xff ? early_error() : greeting();
    if (first == 0xff) return error();
    switch (talk_.phase) {
      case Phase::kLogin:
      case Phase::kAuth:
        if (first == 0x00) return ok();
        return auth_more(first);
      case Phase::kColumns: return first == 0xfe && in_.left() < 9 ? eof() : column();
      case Phase::kRows: return first == 0xfe && in_.left() < 9 ? eof() : row();
      default: break;
    }
    if (first == 0x00) return ok();
    if (first == 0xfe && in_.left() < 9) return eof();
    const Encoded count = encoded(in_);
    if (in_.ok() && in_.left() == 0 && !count.null && count.value < 65536 && talk_.phase == Phase::kAnswer) {
      out_.add(kNumFields, count.value, count.where);
      talk_.columns = static_cast<std::uint32_t>(count.value);
      talk_.phase = Phase::kColumns;
      say("Response");
      return;
    }
    rest(kPayload);
  }

 private:
  void rest(std::size_t field) {
    if (in_.left() > 0) out_.bytes(in_, field, in_.left());
  }
  Bytes string(std::size_t field) {
    const Bytes text = text_to_zero(in_);
    if (in_.ok()) out_.add(field, text, text);
    return text;
  }

  void say(std::string_view what) {
    if (!out_.wanted()) return;
    const Frame& frame = out_.frame();
    const bool again =
        frame.layer_count > 1 && frame.layers[frame.layer_count - 2U] == frame.layers[frame.layer_count - 1U];
    if (!again) {
      out_.info(std::string(what));
    } else {
      out_.append_info(" " + std::string(what));
    }
  }

  void low_caps(std::size_t field) {
    const Bytes at = in_.peek(2);
    const std::uint16_t caps = out_.u16le(in_, field);
    const LayerBuilder::Subtree deeper(out_);
    for (std::size_t bit = 0; in_.ok() && bit < 16; ++bit) out_.add(kCapsLp + bit, caps >> bit & 1U, at);
    caps_ = caps;
  }
  void high_caps(std::size_t field) {
    const Bytes at = in_.peek(2);
    const std::uint16_t caps = out_.u16le(in_, field);
    caps_ |= std::uint32_t{caps} << 16U;
    if (!in_.ok()) return;
    const LayerBuilder::Subtree deeper(out_);
    add_bits(out_, caps, at,
             {{kCapsMs, 0},
              {kCapsMr, 1},
              {kCapsPm, 2},
              {kCapsPa, 3},
              {kCapsCa, 4},
              {kCapsPm, 5},
              {kCapsEp, 6},
              {kCapsSessionTrack, 7},
              {kCapsDeprecateEof, 8},
              {kCapsOptionalMetadata, 9},
              {kCapsCompressZsd, 10},
              {kCapsQueryAttrs, 11},
              {kCapsMfAuth, 12},
              {kCapsCapExt, 13}});
    out_.add(kCapsUnused, caps >> 14U, at);
  }

  void status() {
    const Bytes at = in_.peek(2);
    const std::uint16_t value = out_.u16le(in_, kServerStatus);
    status_ = value;
    if (!in_.ok()) return;
    const LayerBuilder::Subtree deeper(out_);
    add_bits(out_, value, at,
             {{kStatIt, 0},
              {kStatAc, 1},
              {kStatMu, 2},
              {kStatMr, 3},
              {kStatBi, 4},
              {kStatNi, 5},
              {kStatCr, 6},
              {kStatLr, 7},
              {kStatDr, 8},
              {kStatBs, 9},
              {kStatMc, 10},
              {kStatQueryWasSlow, 11},
              {kStatPsOutParams, 12},
              {kStatTransReadonly, 13},
              {kStatSessionStateChanged, 14}});
  }

  void greeting() {
    out_.mark(kServerGreeting, in_.rest());
    const LayerBuilder::Subtree deeper(out_);
    const std::uint8_t protocol = out_.u8(in_, kProtocol);
    const Bytes version = string(kVersion);
    say("Server Greeting ");
    if (out_.wanted()) {
      out_.append_info(" proto=" + std::to_string(protocol) + " version=" + escape_controls(as_text(version)));
    }
    out_.u32le(in_, kThreadId);
    string(kSalt);
    talk_.phase = Phase::kLogin;
    if (in_.left() == 0) return;
    low_caps(kCapsServer);
    out_.u8(in_, kServerLanguage);
    status();
    high_caps(kExtcapsServer);
    out_.u8(in_, kAuthPluginLength);
    out_.bytes(in_, kUnused, 10);
    if (in_.left() > 0) string(kSalt2);
    if (in_.left() > 0) string(kAuthPlugin);
  }

  void login() {
    out_.mark(kLoginRequest, in_.rest());
    const LayerBuilder::Subtree deeper(out_);
    low_caps(kCapsClient);
    if ((caps_ & kProtocol41) == 0) {  // before 4.1
      Cursor look(in_.peek(3));
      out_.add(kMaxPacket, look.u16le() | std::uint32_t{look.u8()} << 16U, in_.peek(3));
      in_.skip(3);
      say("Login Request");
      string(kUser);
      rest(kPasswd);
      talk_.phase = Phase::kAuth;
      return;
    }
    high_caps(kExtcapsClient);
    out_.u32le(in_, kMaxPacket);
    out_.u8(in_, kCharset);
    out_.bytes(in_, kUnused, 23);
    talk_.caps = caps_;
    if ((caps_ & kSsl) != 0 && in_.left() == 0) {
      say("Login Request user=");
      return out_.upgrade(nullptr);
    }
    const Bytes user = string(kUser);
    say("Login Request");
    if (out_.wanted()) out_.append_info(" user=" + escape_controls(as_text(user)));
    std::uint64_t size = 0;
    if ((caps_ & kPluginAuthLenenc) != 0) {
      size = encoded(in_).value;
    } else if ((caps_ & kSecure) != 0) {
      size = in_.u8();
    } else {
      string(kPasswd);
    }
    if (size > 0) out_.bytes(in_, kPasswd, size);
    if ((caps_ & kConnectWithDb) != 0 && in_.left() > 0) {
      const Bytes schema = string(kSchema);
      if (out_.wanted() && !schema.empty()) out_.append_info(" db=" + escape_controls(as_text(schema)));
    }
    if ((caps_ & kPluginAuth) != 0 && in_.left() > 0) string(kClientAuthPlugin);
    if ((caps_ & kConnectAttrs) != 0 && in_.left() > 0) attributes();
    talk_.phase = Phase::kAuth;
    const Message::Item items[] = {{static_cast<std::uint16_t>(kUser), Value::of(user)}};
    out_.message({.role = Message::Role::kRequest, .name = "Login", .summary = as_text(user), .items = items});
  }

  void attributes() {
    out_.mark(kConnattrs, in_.rest());
    const LayerBuilder::Subtree deeper(out_);
    const Encoded total = encoded(in_);
    out_.add(kConnattrsLength, total.value, total.where);
    Cursor part = in_.sub(total.value);
    while (part.left() > 0 && out_.wanted()) {
      out_.mark(kConnattrsAttr, {});
      const LayerBuilder::Subtree attribute(out_);
      for (const std::size_t field : {kConnattrsNameLength, kConnattrsValueLength}) {
        const Encoded size = encoded(part);
        out_.add(field, size.value, size.where);
        out_.bytes(part, field + 1, size.value);
      }
    }
  }

  void auth_more(std::uint8_t first) {
    if (first == 0xfe) {
      in_.skip(1);
      string(kAuthSwitchRequestName);
    } else {
      string(kAuthSwitchRequestName);
    }
    rest(kAuthSwitchRequestData);
    say("Auth Switch Request");
    talk_.phase = Phase::kAuth;
  }

  void command() {
    out_.mark(kRequest, in_.rest());
    const LayerBuilder::Subtree deeper(out_);
    const std::uint8_t code = out_.u8(in_, kCommand);
    const std::string_view name = value_name(kCommands, code);
    say("Request ");
    if (out_.wanted()) out_.append_info(name);
    talk_.command = code;
    talk_.phase = Phase::kAnswer;
    Bytes what;
    if (code == 3 && (talk_.caps & kQueryAttrs) != 0) {  // attributes are not read, only passed over if there are none
      const Cursor before = in_;
      const std::uint64_t count = encoded(in_).value;
      (void)encoded(in_);
      if (count > 0) in_ = before;
    }
    if (code == 3 || code == 22) {
      what = in_.rest();
      rest(kQuery);
      if (out_.wanted()) out_.append_info(" { " + escape_controls(as_text(what)).substr(0, 200) + " } ");
    } else if (code == 2 || code == 5 || code == 6) {
      what = in_.rest();
      rest(kSchema);
    } else {
      rest(kPayload);
    }
    const Message::Item items[] = {{static_cast<std::uint16_t>(kCommand), Value::of(std::uint64_t{code})}};
    const bool silent = code == 1 || code == 24 || code == 25;
    if (silent) talk_.phase = Phase::kCommand;
    out_.message({.role = silent ? Message::Role::kEvent : Message::Role::kRequest,
                  .name = what.empty() ? name : as_text(what),
                  .summary = name,
                  .items = items});
  }

  void respond(std::int64_t code, std::string_view text) {
    out_.message({.role = Message::Role::kResponse, .summary = text, .status = code});
    talk_.phase = Phase::kCommand;
  }

  void early_error() {
    in_.skip(1);
    out_.u16le(in_, kErrorCode);
    rest(kErrorMessage);
    say("Server Greeting  Error");
  }
  void error() {
    out_.u8(in_, kResponseCode);
    const std::uint16_t code = out_.u16le(in_, kErrorCode);
    const Bytes look = in_.peek(1);
    if (!look.empty() && look[0] == '#') {
      in_.skip(1);
      out_.bytes(in_, kSqlstate, 5);
    }
    const Bytes text = in_.rest();
    rest(kErrorMessage);
    say("Response ");
    if (out_.wanted()) out_.append_info(" Error " + std::to_string(code) + " ");
    respond(code, as_text(text));
  }
  void ok() {
    out_.u8(in_, kResponseCode);
    const Encoded rows = encoded(in_);
    if (in_.ok()) out_.add(kAffectedRows, rows.value, rows.where);
    const Encoded id = encoded(in_);
    if (in_.ok() && id.value != 0) out_.add(kInsertId, id.value, id.where);
    if (in_.left() >= 2) status();
    if (in_.left() >= 2) out_.u16le(in_, kWarnings);
    say("Response  OK");
    respond(0, "OK");
  }
  void eof() {
    const Bytes at = in_.peek(1);
    const std::uint8_t code = out_.u8(in_, kResponseCode);
    out_.add(kEof, code, at);
    if (in_.left() >= 2) out_.u16le(in_, kWarnings);
    if (in_.left() >= 2) status();
    say("Response");
    if (talk_.phase == Phase::kColumns) {
      talk_.phase = Phase::kRows;
    } else if ((status_ & 8U) != 0) {
      talk_.phase = Phase::kAnswer;
    } else {
      respond(0, {});
    }
  }

  void column() {
    for (const std::size_t field : {kFieldCatalog, kFieldDb, kFieldTable, kFieldOrgTable, kFieldName, kFieldOrgName}) {
      const Encoded size = encoded(in_);
      out_.bytes(in_, field, size.value);
    }
    in_.skip(1);
    out_.u16le(in_, kFieldCharsetnr);
    out_.u32le(in_, kFieldLength);
    out_.u8(in_, kFieldType);
    const Bytes at = in_.peek(2);
    const std::uint16_t flags = out_.u16le(in_, kFieldFlags);
    if (in_.ok()) {
      const LayerBuilder::Subtree deeper(out_);
      add_bits(out_, flags, at,
               {{kFieldFlagsNotNull, 0},
                {kFieldFlagsPrimaryKey, 1},
                {kFieldFlagsUniqueKey, 2},
                {kFieldFlagsMultipleKey, 3},
                {kFieldFlagsBlob, 4},
                {kFieldFlagsUnsigned, 5},
                {kFieldFlagsZeroFill, 6},
                {kFieldFlagsEnum, 8},
                {kFieldFlagsAutoIncrement, 9},
                {kFieldFlagsTimestamp, 10},
                {kFieldFlagsSet, 11}});
    }
    out_.u8(in_, kFieldDecimals);
    say("Response");
    if (talk_.columns > 0) --talk_.columns;
    if (talk_.columns == 0 && (talk_.caps & kDeprecateEof) != 0) talk_.phase = Phase::kRows;
  }
  void row() {
    while (in_.left() > 0 && out_.wanted()) {
      const Encoded size = encoded(in_);
      if (size.null) {
        out_.add_text(kRowText, "NULL", size.where);
        continue;
      }
      out_.bytes(in_, kRowText, size.value);
    }
    say("Response");
  }

  Cursor in_;
  LayerBuilder& out_;
  Conversation& talk_;
  std::uint32_t caps_ = 0;
  std::uint16_t status_ = 0;
};

Outcome dissect_mysql(Cursor& in, LayerBuilder& out) {
  const Bytes look = in.peek(kHead);
  if (look.size() < kHead) {
    if (out.at_end()) return Outcome::kNotMine;
    out.need(kHead);
    return Outcome::kNeedMore;
  }
  const std::size_t length = look[0] | std::size_t{look[1]} << 8U | std::size_t{look[2]} << 16U;
  if (in.left() < kHead + length) {
    if (out.at_end()) return Outcome::kTruncated;
    out.need(kHead + length);
    return Outcome::kNeedMore;
  }
  out.add(kPacketLength, length, in.peek(3));
  in.skip(3);
  const std::uint8_t number = out.u8(in, kPacketNumber);
  Cursor body(in.peek(length));
  in.skip(length);
  Reader reader(body, out);
  if (out.from_orig()) {
    reader.client();
  } else {
    reader.server(number);
  }
  return Outcome::kDone;
}

// The server speaks first: protocol 10 and a version in text, or an error.
Likeness probe_mysql(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || start.size() < 6) return Likeness::kNo;
  Cursor in(start);
  const std::size_t length = in.u16le() | std::size_t{in.u8()} << 16U;
  const std::uint8_t number = in.u8();
  if (hint.from_orig)
    return number <= 1 && length < 65536 && start.size() == kHead + length ? Likeness::kMaybe : Likeness::kNo;
  if (number != 0 || length > 512 || start.size() != kHead + length) return Likeness::kNo;
  const std::uint8_t protocol = in.u8();
  if (protocol == 0xff) return Likeness::kMaybe;
  if (protocol != 10 && protocol != 9) return Likeness::kNo;
  const Bytes rest = in.rest();
  const auto end = std::ranges::find(rest, std::uint8_t{0});
  const auto size = static_cast<std::size_t>(end - rest.begin());
  const bool text = size >= 3 && size < 80 && rest[0] >= '0' && rest[0] <= '9' &&
                    std::ranges::all_of(rest.first(size), [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
  return text && end != rest.end() && rest.size() - size > 12 ? Likeness::kYes : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector mysql_dissector{.name = "mysql",
                                                 .title = "MySQL Protocol",
                                                 .column = "MySQL",
                                                 .fields = kFields,
                                                 .binds = kBinds,
                                                 .dissect = &dissect_mysql,
                                                 .probe = &probe_mysql,
                                                 .stream = true};

}  // namespace pr::dissect
