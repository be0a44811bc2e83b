// TLS and SSL records (RFC 8446 section 5, RFC 5246 section 6.2, RFC 6101 5.2), and the SSL 2 hello in front of them
// (RFC 5246 E.2). One call reads one record; where a handshake message goes on in further records, all of them.
#include <algorithm>

#include "helper/dissect/proto/tls/handshake.h"

namespace pr::dissect {
namespace {

using namespace tls;

constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kMaxRecord = 0x4800;  // 2^14 + 2048: TLS 1.2 allows that much for what encryption adds
constexpr std::size_t kPlainRecord = 0x4000;
constexpr std::size_t kMinEncrypted = 16;  // octets that any encryption adds to a handshake message

enum ContentType : std::uint8_t {
  kCcs = 20,
  kAlert = 21,
  kHandshakeRecord = 22,
  kApplicationData = 23,
  kHeartbeatRecord = 24
};

constexpr Bind kBinds[] = {{"tcp.port", 443},  {"tcp.port", 8443}, {"tcp.port", 465},  {"tcp.port", 563},
                           {"tcp.port", 614},  {"tcp.port", 636},  {"tcp.port", 853},  {"tcp.port", 989},
                           {"tcp.port", 990},  {"tcp.port", 992},  {"tcp.port", 993},  {"tcp.port", 994},
                           {"tcp.port", 995},  {"tcp.port", 3269}, {"tcp.port", 4443}, {"tcp.port", 5061},
                           {"tcp.port", 5223}, {"tcp.port", 5986}, {"tcp.port", 6514}, {"tcp.port", 8883},
                           {"tcp.port", 9443}};

struct Header {
  std::uint8_t type = 0;
  std::uint16_t version = 0, length = 0;

  [[nodiscard]] std::size_t size() const { return kRecordHeader + length; }
};

Header read_header(Cursor in) {
  Header header;
  header.type = in.u8();
  header.version = in.u16();
  header.length = in.u16();
  return header;
}

bool plausible(const Header& header) {
  const bool version = header.version >> 8U == 3 || header.version == 0x0101 || header.version >> 8U == 0x7f;
  if (header.type < kCcs || header.type > kHeartbeatRecord || !version || header.length > kMaxRecord) return false;
  return header.length > 0 || header.type == kApplicationData;
}

const char* column_word(const State& state, std::uint16_t record_version) {
  const char* word = version_word(state.version != 0 ? state.version : record_version);
  return word != nullptr ? word : "SSL";
}

// Messages of several records in one packet share the Info column.
void tell(LayerBuilder& out, std::string_view text) {
  const Frame& frame = out.frame();
  const std::uint8_t n = frame.layer_count;
  const bool follows = n > 1 && frame.layers[n - 1U] == frame.layers[n - 2U];
  if (!follows) return out.info(std::string(text));
  out.append_info(", ");
  out.append_info(text);
}

// The record's head; what follows is shown below it.
void add_header(Cursor& in, const Header& header, LayerBuilder& out, const State& state) {
  out.mark(kRecord, in.peek(header.size()));
  const LayerBuilder::Subtree below(out);
  const bool hidden = header.type == kApplicationData && is_tls13(state.version);
  out.u8(in, hidden ? kRecordOpaqueType : kRecordContentType);
  out.u16(in, kRecordVersion);
  out.u16(in, kRecordLength);
}

struct Record {
  LayerBuilder& out;
  State& state;
  Header header;
  bool from_client = true;

  [[nodiscard]] std::uint8_t& encrypted() const { return state.encrypted[from_client ? 0 : 1]; }
};

// What the data is, as far as port and ALPN tell.
const char* protocol_inside(const Frame& frame, const State& state) {
  if (state.next_protocol == kHttp2) return "HyperText Transfer Protocol 2";
  if (state.next_protocol == kHttp1) return "Hypertext Transfer Protocol";
  for (const std::uint16_t port : {frame.src.port, frame.dst.port}) {
    switch (port) {
      case 443: return "Hypertext Transfer Protocol";
      case 25:
      case 465:
      case 587: return "Simple Mail Transfer Protocol";
      case 110:
      case 995: return "Post Office Protocol";
      case 143:
      case 993: return "Internet Message Access Protocol";
      case 389:
      case 636: return "Lightweight Directory Access Protocol";
      case 853: return "Domain Name System";
      case 3306: return "MySQL Protocol";
      case 5061: return "Session Initiation Protocol";
      case 5222: return "XMPP Protocol";
      case 5432: return "PostgreSQL";
      case 8883: return "MQ Telemetry Transport Protocol";
      default: break;
    }
  }
  return nullptr;
}

Outcome application_data(Cursor& in, const Record& record) {
  LayerBuilder& out = record.out;
  // Only the length matters to what comes after: nobody waits for 16 KiB of ciphertext.
  out.message_length(record.header.size());
  if (!out.wanted()) {
    in.skip(std::min(in.left(), record.header.size()));
    return Outcome::kDone;
  }
  const bool whole = in.left() >= record.header.size();
  add_header(in, record.header, out, record.state);
  const LayerBuilder::Subtree below(out);
  const Bytes data = whole ? out.bytes(in, kAppData, record.header.length) : Bytes{};
  if (const char* inside = protocol_inside(out.frame(), record.state); inside != nullptr && whole) {
    out.add_text(kAppDataProto, inside, data.first(0));
  }
  tell(out, "Application Data");
  return Outcome::kDone;
}

Outcome change_cipher_spec(Cursor& in, const Record& record) {
  add_header(in, record.header, record.out, record.state);
  const LayerBuilder::Subtree below(record.out);
  record.out.mark(kChangeCipherSpec, in.peek(record.header.length));
  in.skip(record.header.length);
  // TLS 1.3 sends these for the sake of middleboxes only.
  if (!is_tls13(record.state.version)) record.encrypted() = 1;
  tell(record.out, "Change Cipher Spec");
  return Outcome::kDone;
}

Outcome alert(Cursor& in, const Record& record) {
  add_header(in, record.header, record.out, record.state);
  const LayerBuilder::Subtree below(record.out);
  Cursor body = in.sub(record.header.length);
  tell(record.out, dissect_alert(body, record.out, record.encrypted() != 0));
  return Outcome::kDone;
}

Outcome heartbeat(Cursor& in, const Record& record) {
  LayerBuilder& out = record.out;
  add_header(in, record.header, out, record.state);
  const LayerBuilder::Subtree below(out);
  Cursor body = in.sub(record.header.length);
  tell(out, dissect_heartbeat(body, out, record.encrypted() != 0, record.state.version == 0));
  return Outcome::kDone;
}

Outcome hidden_handshake(Cursor& in, const Record& record) {
  add_header(in, record.header, record.out, record.state);
  const LayerBuilder::Subtree below(record.out);
  record.out.mark(kHandshake, in.peek(record.header.length));
  in.skip(record.header.length);
  tell(record.out, "Encrypted Handshake Message");
  return Outcome::kDone;
}

// What the records from here on hold together: handshake messages, which records cut as they like.
struct Stretch {
  std::size_t size = 0;  // octets of the stream
  std::size_t records = 0;
  std::size_t payload = 0;  // octets of handshake messages in it
  std::uint64_t need = 0;   // not 0: so many octets are needed to know more
  bool broken = false;      // the messages do not go on where they should
};

// Octets that the last message still lacks: 0 when all are whole; headers may be cut too.
std::size_t lacking(Bytes messages, bool* unknown) {
  Cursor in(messages);
  while (in.left() > 0) {
    const std::size_t left = in.left();
    const std::uint8_t type = in.u8();
    *unknown = !known_message(type);
    if (*unknown) return 0;
    if (left < kMessageHeader) return kMessageHeader - left;
    const std::size_t length = in.u24();
    if (length > kMaxMessage) return *unknown = true, 0;
    if (length > in.left()) return length - in.left();
    in.skip(length);
  }
  return 0;
}

// Collects the payloads of records until messages are whole. One record alone is not copied.
Stretch collect(Cursor in, std::vector<std::uint8_t>* joined) {
  Stretch stretch;
  std::size_t missing = 0;
  do {
    if (in.left() < kRecordHeader) {
      stretch.need = stretch.size + kRecordHeader + std::min(missing, kPlainRecord);
      return stretch;
    }
    const Header header = read_header(in);
    if (stretch.records > 0 && (header.type != kHandshakeRecord || !plausible(header))) {
      stretch.broken = true;
      return stretch;
    }
    if (in.left() < header.size()) {
      // Ask for all that is missing at once, so that a message in many small records is not walked again for each.
      const std::size_t more = missing > header.length ? missing - header.length : 0;
      stretch.need = stretch.size + header.size() + more + (more + kPlainRecord - 1) / kPlainRecord * kRecordHeader;
      return stretch;
    }
    in.skip(kRecordHeader);
    const Bytes payload = in.take(header.length);
    stretch.size += header.size();
    stretch.payload += payload.size();
    ++stretch.records;
    bool unknown = false;
    if (stretch.records == 1) {
      missing = lacking(payload, &unknown);
      if (missing > 0) joined->assign(payload.begin(), payload.end());
    } else {
      const std::size_t before = joined->size();
      joined->insert(joined->end(), payload.begin(), payload.end());
      missing =
          missing > payload.size() && before >= kMessageHeader ? missing - payload.size() : lacking(*joined, &unknown);
    }
    if (unknown) {
      stretch.broken = true;
      return stretch;
    }
  } while (missing > 0);
  return stretch;
}

// A second ClientHello of TLS 1.3 comes behind a change of ciphers that changed nothing. That encrypted octets look
// like a hello of exactly the record's length happens once in 2^31.
bool is_hello(const Header& header, Cursor in) {
  in.skip(kRecordHeader);
  const std::uint8_t type = in.u8();
  const std::uint32_t length = in.u24();
  return in.ok() && (type == kClientHello || type == kServerHello) && length + kMessageHeader == header.length;
}

Outcome handshake(Cursor& in, const Record& record) {
  LayerBuilder& out = record.out;
  if (record.encrypted() != 0 && !is_hello(record.header, in)) return hidden_handshake(in, record);
  std::vector<std::uint8_t> joined;
  const Stretch stretch = collect(in, &joined);
  if (stretch.need > 0) {
    out.need(stretch.need);
    return Outcome::kNeedMore;
  }
  if (stretch.broken && record.header.length >= kMinEncrypted) return hidden_handshake(in, record);
  // TLS in datagrams that is no DTLS counts as QUIC in JA4.
  Handshake session{
      .out = out,
      .state = record.state,
      .from_client = record.from_client,
      .transport = out.frame().transport == Transport::kUdp ? HelloTransport::kQuic : HelloTransport::kTcp,
      .record_version = record.header.version,
      .info = {}};
  std::size_t size = stretch.broken ? record.header.size() : stretch.size;
  Cursor records = in.sub(size);
  Cursor messages{Bytes{}};
  std::size_t at = 0;
  for (std::size_t i = 0; records.left() >= kRecordHeader; ++i) {
    const Header header = read_header(records);
    add_header(records, header, out, record.state);
    messages = records.sub(header.length);
    at += header.length;
  }
  if (stretch.records > 1 && !stretch.broken) messages = out.source("Reassembled TLS", std::move(joined));
  const LayerBuilder::Subtree below(out);
  if (stretch.broken) {
    out.mark(kHandshake, messages.all());
    out.issue(IssueKind::kMalformed, messages);
  } else {
    while (messages.left() > 0) dissect_message(messages, session);
  }
  out.column(column_word(record.state, record.header.version));
  tell(out, session.info);
  return Outcome::kDone;
}

// An SSL 2 ClientHello: length with the highest bit set, type 1, a version, lengths that fit.
bool is_ssl2_hello(Bytes start, std::size_t* size) {
  Cursor in(start);
  const std::uint16_t length = in.u16();
  const std::uint8_t type = in.u8();
  const std::uint16_t version = in.u16();
  const std::uint16_t ciphers = in.u16(), id = in.u16(), challenge = in.u16();
  if (!in.ok() || (length & 0x8000U) == 0 || type != kClientHello) return false;
  if (version != kSsl2 && version >> 8U != 3) return false;
  if (ciphers == 0 || ciphers % 3 != 0 || (id != 0 && id != 16) || challenge < 16 || challenge > 32) return false;
  *size = 2U + (length & 0x7fffU);
  return *size == 11U + ciphers + id + challenge;
}

Outcome ssl2_hello(Cursor& in, std::size_t size, LayerBuilder& out, State& state) {
  if (in.left() < size) {
    out.need(size);
    return Outcome::kNeedMore;
  }
  const Bytes head = in.peek(2);
  const Bytes record = in.take(size);
  out.mark(kRecord, record);
  const LayerBuilder::Subtree below(out);
  out.add(kRecordVersion, kSsl2, record.first(0));
  out.add(kRecordLength, size - 2, head);
  Cursor body(record.subspan(2));
  state.client_is_resp = out.from_orig() ? 0 : 1;
  Handshake session{.out = out, .state = state, .from_client = true, .info = {}};
  dissect_ssl2_hello(body, session);
  out.column("SSLv2");
  tell(out, session.info);
  return Outcome::kDone;
}

// Who opened a connection need not be who speaks first as client: the hellos say.
bool is_client(const Header& header, Cursor in, const LayerBuilder& out, State& state) {
  in.skip(kRecordHeader);
  if (header.type == kHandshakeRecord && state.version == 0 && in.left() >= kMessageHeader) {
    const std::uint8_t type = in.u8();
    const bool fits = in.u24() <= kMaxMessage;
    if (type == kClientHello && fits) state.client_is_resp = out.from_orig() ? 0 : 1;
    if (type == kServerHello && fits) state.client_is_resp = out.from_orig() ? 1 : 0;
  }
  return out.from_orig() == (state.client_is_resp == 0);
}

// Handshake messages without records, as QUIC carries them.
Outcome bare_messages(Cursor& in, LayerBuilder& out, State& state) {
  Handshake session{.out = out,
                    .state = state,
                    .from_client = out.from_orig() == (state.client_is_resp == 0),
                    .transport = HelloTransport::kQuic,
                    .record_version = kTls13,
                    .info = {}};
  while (in.left() > 0) dissect_message(in, session);
  tell(out, session.info);
  return Outcome::kDone;
}

Outcome dissect_tls(Cursor& in, LayerBuilder& out) {
  State& state = out.state<State>();
  if (!out.carries_flow() && !plausible(read_header(in))) return bare_messages(in, out, state);
  if (std::size_t size = 0; state.version == 0 && is_ssl2_hello(in.rest(), &size))
    return ssl2_hello(in, size, out, state);
  if (in.left() < kRecordHeader) {
    out.need(0);
    return Outcome::kNeedMore;
  }
  const Header header = read_header(in);
  if (!plausible(header)) return Outcome::kNotMine;
  out.column(column_word(state, header.version));
  State before = state;
  const Record record{.out = out, .state = state, .header = header, .from_client = is_client(header, in, out, before)};
  if (header.type == kApplicationData) return application_data(in, record);
  if (in.left() < header.size()) {
    out.need(header.size());
    return Outcome::kNeedMore;
  }
  switch (header.type) {
    case kCcs: return change_cipher_spec(in, record);
    case kAlert: return alert(in, record);
    case kHeartbeatRecord: return heartbeat(in, record);
    default: break;
  }
  const Outcome outcome = handshake(in, record);
  if (outcome == Outcome::kDone) state.client_is_resp = before.client_is_resp;
  return outcome;
}

Likeness probe_tls(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp) return Likeness::kNo;
  if (std::size_t size = 0; is_ssl2_hello(start, &size)) return Likeness::kYes;
  if (start.size() < kRecordHeader) return Likeness::kNo;
  Cursor in(start);
  const Header header = read_header(in);
  // Other versions than these are accepted later, but not as a first sign.
  const bool version = (header.version >> 8U == 3 && (header.version & 0xffU) <= 4) || header.version == 0x0101;
  if (!plausible(header) || !version) return Likeness::kNo;
  in.skip(kRecordHeader);
  switch (header.type) {
    case kHandshakeRecord: {
      if (in.left() < kMessageHeader) return header.length >= kMessageHeader ? Likeness::kMaybe : Likeness::kNo;
      const std::uint8_t type = in.u8();
      const std::uint32_t length = in.u24();
      const bool hello = type == kClientHello || type == kServerHello;
      if (hello && length >= 38 && length <= kMaxMessage) return Likeness::kYes;
      return known_message(type) && length + kMessageHeader <= header.length ? Likeness::kYes : Likeness::kMaybe;
    }
    case kAlert: return header.length == 2 || header.length >= kMinEncrypted ? Likeness::kMaybe : Likeness::kNo;
    case kCcs: return header.length == 1 ? Likeness::kMaybe : Likeness::kNo;
    case kApplicationData: {
      // Two records in a row are proof enough on any port.
      in.skip(header.length);
      if (in.left() < kRecordHeader) return Likeness::kMaybe;
      const Header second = read_header(in);
      return plausible(second) && second.version == header.version ? Likeness::kYes : Likeness::kMaybe;
    }
    default: return Likeness::kMaybe;
  }
}

}  // namespace

extern constinit const Dissector tls_dissector{.name = "tls",
                                               .title = "Transport Layer Security",
                                               .column = "TLS",
                                               .fields = tls::kFields,
                                               .binds = kBinds,
                                               .dissect = &dissect_tls,
                                               .probe = &probe_tls,
                                               .stream = true};

}  // namespace pr::dissect
