// DTLS records (RFC 6347, RFC 4347; of RFC 9147 what is sent in clear): all records of a datagram in one call, and
// handshake messages put together out of fragments, which may come in several datagrams and in any order.
#include <algorithm>

#include "helper/dissect/proto/tls/handshake.h"

namespace pr::dissect {
namespace {

using namespace tls;

constexpr std::size_t kRecordHeader = 13, kDtlsMessageHeader = 12;
constexpr std::size_t kMaxRecord = 0x4800;
constexpr std::size_t kMaxFragments = 1024;
constexpr std::uint16_t kDtls10 = 0xfeff, kDtls12 = 0xfefd, kDtls13 = 0xfefc, kOldDtls = 0x0100;

enum ContentType : std::uint8_t {
  kCcs = 20,
  kAlert = 21,
  kHandshakeRecord = 22,
  kApplicationData = 23,
  kHeartbeatRecord = 24,
  kCidRecord = 25
};

struct RecordHeader {
  std::uint8_t type = 0;
  std::uint16_t version = 0, epoch = 0, length = 0;
};

RecordHeader read_header(Cursor in) {
  RecordHeader header;
  header.type = in.u8();
  header.version = in.u16();
  header.epoch = in.u16();
  in.skip(6);
  header.length = in.u16();
  return header;
}

bool plausible(const RecordHeader& header) {
  const bool version =
      header.version == kDtls10 || header.version == kDtls12 || header.version == kDtls13 || header.version == kOldDtls;
  return version && header.type >= kCcs && header.type <= kCidRecord && header.length <= kMaxRecord &&
         (header.length > 0 || header.type == kApplicationData);
}

struct Fragment {
  std::uint8_t type = 0;
  std::uint16_t seq = 0;
  std::uint32_t length = 0, offset = 0;
  Bytes bytes;

  [[nodiscard]] bool same_message(const Fragment& other) const {
    return type == other.type && seq == other.seq && length == other.length;
  }
  [[nodiscard]] bool whole() const { return bytes.size() == length; }
};

// One fragment behind its header. False: this is no handshake message in clear.
bool read_fragment(Cursor& in, Fragment* out) {
  out->type = in.u8();
  out->length = in.u24();
  out->seq = in.u16();
  out->offset = in.u24();
  const std::uint32_t size = in.u24();
  if (!in.ok() || !known_message(out->type) || out->length > kMaxMessage) return false;
  if (std::uint64_t{out->offset} + size > out->length || (size == 0 && out->length != 0)) return false;
  out->bytes = in.take(size);
  return in.ok();
}

// The message that a fragment is part of; nothing while some of it is missing.
std::vector<std::uint8_t> assemble(const std::vector<Fragment>& all, const Fragment& wanted) {
  std::vector<const Fragment*> parts;
  for (const Fragment& one : all) {
    if (one.same_message(wanted)) parts.push_back(&one);
  }
  std::ranges::stable_sort(parts, {}, &Fragment::offset);
  std::vector<std::uint8_t> message;
  for (const Fragment* part : parts) {
    const std::size_t end = part->offset + part->bytes.size();
    if (part->offset > message.size() || end <= message.size()) continue;
    const Bytes more = part->bytes.subspan(message.size() - part->offset);
    message.insert(message.end(), more.begin(), more.end());
  }
  if (message.size() != wanted.length) message.clear();
  return message;
}

const char* column_word(std::uint16_t version) {
  switch (version) {
    case 0x0302: return "DTLSv1.0";
    case kTls12: return "DTLSv1.2";
    case kOldDtls: return "DTLS 1.0 (OpenSSL pre 0.9.8f)";
    default: return "DTLS";
  }
}

struct Reader {
  LayerBuilder& out;
  State& state;
  std::vector<Fragment> fragments{};  // of this direction's messages that came in several, until now
  std::string info{};

  void say(std::string_view text) {
    if (!out.wanted()) return;
    if (!info.empty()) info += ", ";
    info += text;
  }
  void remember(Bytes datagram);
  void record(Cursor& in, const RecordHeader& header);
  void handshake(Cursor body, const RecordHeader& header);
  void message(Cursor& in, const Fragment& fragment, const RecordHeader& header);
  void body(const Fragment& fragment, Cursor& in, const RecordHeader& header);
  [[nodiscard]] bool complete() const;
};

// Fragments in a datagram that came earlier.
void Reader::remember(Bytes datagram) {
  Cursor in(datagram);
  while (in.left() >= kRecordHeader) {
    const RecordHeader header = read_header(in);
    in.skip(kRecordHeader);
    Cursor body = in.sub(std::min<std::size_t>(header.length, in.left()));
    if (header.type != kHandshakeRecord || header.epoch != 0) continue;
    Fragment one;
    while (body.left() > 0 && read_fragment(body, &one)) {
      if (!one.whole() && fragments.size() < kMaxFragments) fragments.push_back(one);
    }
  }
}

bool Reader::complete() const {
  return std::ranges::all_of(fragments, [this](const Fragment& one) { return !assemble(fragments, one).empty(); });
}

// Who opened a flow need not be who speaks first as client: the hellos say.
bool is_client(const Fragment& fragment, const LayerBuilder& out, State& state) {
  if (fragment.type == kClientHello) state.client_is_resp = out.from_orig() ? 0 : 1;
  if (fragment.type == kServerHello || fragment.type == kHelloVerifyRequest) {
    state.client_is_resp = out.from_orig() ? 1 : 0;
  }
  return out.from_orig() == (state.client_is_resp == 0);
}

void Reader::body(const Fragment& fragment, Cursor& in, const RecordHeader& header) {
  Handshake session{.out = out,
                    .state = state,
                    .from_client = is_client(fragment, out, state),
                    .transport = HelloTransport::kDtls,
                    .record_version = as_tls(header.version),
                    .info = {}};
  // DTLS 1.3 never sends these in clear.
  if (fragment.type == kEncryptedExtensions || fragment.type == kKeyUpdate || fragment.type == kCompressedCertificate) {
    return;
  }
  dissect_body(fragment.type, in, session);
  if (!in.ok()) out.issue(IssueKind::kMalformed, in);
}

void Reader::message(Cursor& in, const Fragment& fragment, const RecordHeader& header) {
  out.mark(kHandshake, in.peek(kDtlsMessageHeader + fragment.bytes.size()));
  const LayerBuilder::Subtree below(out);
  out.u8(in, kType);
  out.u24(in, kLength);
  out.u16(in, kMessageSeq);
  out.u24(in, kFragmentOffset);
  out.u24(in, kFragmentLength);
  Cursor part = in.sub(fragment.bytes.size());
  const std::string name = message_name(fragment.type);
  if (fragment.whole()) {
    say(name);
    return body(fragment, part, header);
  }
  if (fragments.size() < kMaxFragments) fragments.push_back(fragment);
  std::vector<std::uint8_t> whole = assemble(fragments, fragment);
  if (whole.empty()) return say(name + " (Fragment)");
  say(name + " (Reassembled)");
  const std::size_t length = whole.size();
  Cursor assembled = out.source("Reassembled DTLS", std::move(whole));
  body(fragment, assembled, header);
  out.mark(kFragments, Bytes{});
  const auto count = std::ranges::count_if(fragments, [&](const Fragment& one) { return one.same_message(fragment); });
  out.add(kFragmentCount, static_cast<std::uint64_t>(count), Bytes{});
  out.add(kReassembledLength, length, Bytes{});
}

void Reader::handshake(Cursor in, const RecordHeader& header) {
  Fragment fragment;
  Cursor look = in;
  if (header.epoch != 0 || !read_fragment(look, &fragment)) {
    out.mark(kHandshake, in.rest());
    return say("Encrypted Handshake Message");
  }
  while (in.left() > 0) {
    look = in;
    if (!read_fragment(look, &fragment)) {
      out.issue(IssueKind::kMalformed, in);
      return;
    }
    message(in, fragment, header);
  }
}

void Reader::record(Cursor& in, const RecordHeader& header) {
  Cursor whole = in.sub(std::min<std::size_t>(kRecordHeader + header.length, in.left()));
  out.mark(kRecord, whole.all());
  const LayerBuilder::Subtree below(out);
  out.u8(whole, kRecordContentType);
  out.u16(whole, kRecordVersion);
  out.u16(whole, kRecordEpoch);
  const Bytes number = whole.peek(6);
  const std::uint64_t high = whole.u16();
  out.add(kRecordSequenceNumber, high << 32U | whole.u32(), number);
  out.u16(whole, kRecordLength);
  switch (header.type) {
    case kCcs: out.mark(kChangeCipherSpec, whole.rest()); return say("Change Cipher Spec");
    case kAlert: {
      Cursor body(whole.rest());
      return say(dissect_alert(body, out, header.epoch != 0));
    }
    case kHandshakeRecord: return handshake(Cursor(whole.rest()), header);
    case kApplicationData:
      if (state.version == 0) state.version = as_tls(header.version);
      if (whole.left() > 0) out.bytes(whole, kAppData, whole.left());
      return say("Application Data");
    case kHeartbeatRecord: {
      Cursor body(whole.rest());
      return say(dissect_heartbeat(body, out, header.epoch != 0, false));
    }
    default: return say("Connection ID");
  }
}

Outcome dissect_dtls(Cursor& in, LayerBuilder& out) {
  State& state = out.state<State>();
  if (in.left() < kRecordHeader || !plausible(read_header(in))) return Outcome::kNotMine;
  Reader reader{.out = out, .state = state};
  for (const Bytes datagram : out.earlier()) reader.remember(datagram);
  bool clear = false;
  while (in.left() >= kRecordHeader) {
    const RecordHeader header = read_header(in);
    if (!plausible(header)) break;
    clear = clear || (header.type == kHandshakeRecord && header.epoch == 0);
    reader.record(in, header);
  }
  out.column(column_word(state.version));
  if (out.wanted()) out.info(std::move(reader.info));
  return !clear || reader.complete() ? Outcome::kDone : Outcome::kNeedMore;
}

Likeness probe_dtls(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || start.size() < kRecordHeader) return Likeness::kNo;
  Cursor in(start);
  const RecordHeader header = read_header(in);
  if (!plausible(header) || header.epoch > 0xff) return Likeness::kNo;
  in.skip(kRecordHeader);
  // What follows the first record is another one, or nothing.
  if (header.length < in.left()) {
    in.skip(header.length);
    if (in.left() < kRecordHeader || !plausible(read_header(in))) return Likeness::kNo;
  } else if (header.length > in.left()) {
    return Likeness::kMaybe;  // cut by the capture
  }
  return Likeness::kYes;
}

constexpr Bind kBinds[] = {{"udp.port", 443},  {"udp.port", 853},  {"udp.port", 4433}, {"udp.port", 5061},
                           {"udp.port", 5684}, {"udp.port", 5349}, {"udp.port", 5247}, {"udp.port", 2221}};

}  // namespace

extern constinit const Dissector dtls_dissector{.name = "dtls",
                                                .title = "Datagram Transport Layer Security",
                                                .column = "DTLS",
                                                .fields = tls::kDtlsFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_dtls,
                                                .probe = &probe_dtls,
                                                .datagram = true};

}  // namespace pr::dissect
