// SDP (RFC 8866): lines of one letter, an equals sign and a value. RTP that a media line announces is expected there.
#include <algorithm>
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/rtp/setup.h"
#include "shared/base/text.h"

namespace pr::dissect {
namespace {

enum : std::size_t {
  kVersion,
  kOwner,
  kOwnerUsername,
  kOwnerSessionid,
  kOwnerVersion,
  kOwnerNetworkType,
  kOwnerAddressType,
  kOwnerAddress,
  kSessionName,
  kSessionInfo,
  kUri,
  kEmail,
  kPhone,
  kConnectionInfo,
  kConnectionInfoNetworkType,
  kConnectionInfoAddressType,
  kConnectionInfoAddress,
  kConnectionInfoTtl,
  kConnectionInfoNumAddr,
  kBandwidth,
  kBandwidthModifier,
  kBandwidthValue,
  kTimezone,
  kTimezoneTime,
  kTimezoneOffset,
  kEncryptionKey,
  kEncryptionKeyType,
  kEncryptionKeyData,
  kSessionAttr,
  kSessionAttrField,
  kSessionAttrValue,
  kTime,
  kTimeStart,
  kTimeStop,
  kRepeatTime,
  kRepeatTimeInterval,
  kRepeatTimeDuration,
  kRepeatTimeOffset,
  kMedia,
  kMediaMedia,
  kMediaPortString,
  kMediaPort,
  kMediaPortcount,
  kMediaProto,
  kMediaFormat,
  kMediaTitle,
  kMediaAttr,
  kMediaAttributeField,
  kMediaAttributeValue,
  kMimeType,
  kSampleRate,
  kFmtpParameter,
  kUnknown
};

constexpr FieldDef kFields[] = {
    {"sdp.version", "Session Description Protocol Version (v)", FieldType::kText},
    {"sdp.owner", "Owner/Creator, Session Id (o)", FieldType::kText},
    {"sdp.owner.username", "Owner Username", FieldType::kText},
    {"sdp.owner.sessionid", "Session ID", FieldType::kText},
    {"sdp.owner.version", "Session Version", FieldType::kText},
    {"sdp.owner.network_type", "Owner Network Type", FieldType::kText},
    {"sdp.owner.address_type", "Owner Address Type", FieldType::kText},
    {"sdp.owner.address", "Owner Address", FieldType::kText},
    {"sdp.session_name", "Session Name (s)", FieldType::kText},
    {"sdp.session_info", "Session Information (i)", FieldType::kText},
    {"sdp.uri", "URI of Description (u)", FieldType::kText},
    {"sdp.email", "E-mail Address (e)", FieldType::kText},
    {"sdp.phone", "Phone Number (p)", FieldType::kText},
    {"sdp.connection_info", "Connection Information (c)", FieldType::kText},
    {"sdp.connection_info.network_type", "Connection Network Type", FieldType::kText},
    {"sdp.connection_info.address_type", "Connection Address Type", FieldType::kText},
    {"sdp.connection_info.address", "Connection Address", FieldType::kText},
    {"sdp.connection_info.ttl", "Connection TTL", FieldType::kText},
    {"sdp.connection_info.num_addr", "Connection Number of Addresses", FieldType::kText},
    {"sdp.bandwidth", "Bandwidth Information (b)", FieldType::kText},
    {"sdp.bandwidth.modifier", "Bandwidth Modifier", FieldType::kText},
    {"sdp.bandwidth.value", "Bandwidth Value", FieldType::kText},
    {"sdp.timezone", "Time Zone Adjustments (z)", FieldType::kText},
    {"sdp.timezone.time", "Timezone Time", FieldType::kText},
    {"sdp.timezone.offset", "Timezone Offset", FieldType::kText},
    {"sdp.encryption_key", "Encryption Key (k)", FieldType::kText},
    {"sdp.encryption_key.type", "Key Type", FieldType::kText},
    {"sdp.encryption_key.data", "Key Data", FieldType::kText},
    {"sdp.session_attr", "Session Attribute (a)", FieldType::kText},
    {"sdp.session_attr.field", "Session Attribute Fieldname", FieldType::kText},
    {"sdp.session_attr.value", "Session Attribute Value", FieldType::kText},
    {"sdp.time", "Time Description, active time (t)", FieldType::kText},
    {"sdp.time.start", "Session Start Time", FieldType::kText},
    {"sdp.time.stop", "Session Stop Time", FieldType::kText},
    {"sdp.repeat_time", "Repeat Time (r)", FieldType::kText},
    {"sdp.repeat_time.interval", "Repeat Interval", FieldType::kText},
    {"sdp.repeat_time.duration", "Repeat Duration", FieldType::kText},
    {"sdp.repeat_time.offset", "Repeat Offset", FieldType::kText},
    {"sdp.media", "Media Description, name and address (m)", FieldType::kText},
    {"sdp.media.media", "Media Type", FieldType::kText},
    {"sdp.media.port_string", "Media Port", FieldType::kText},
    {"sdp.media.port", "Media Port", FieldType::kUint},
    {"sdp.media.portcount", "Media Port Count", FieldType::kText},
    {"sdp.media.proto", "Media Protocol", FieldType::kText},
    {"sdp.media.format", "Media Format", FieldType::kText},
    {"sdp.media_title", "Media Title (i)", FieldType::kText},
    {"sdp.media_attr", "Media Attribute (a)", FieldType::kText},
    {"sdp.media_attribute.field", "Media Attribute Fieldname", FieldType::kText},
    {"sdp.media_attribute.value", "Media Attribute Value", FieldType::kText},
    {"sdp.mime.type", "MIME Type", FieldType::kText},
    {"sdp.sample_rate", "Sample Rate", FieldType::kText},
    {"sdp.fmtp.parameter", "Media format specific parameters", FieldType::kText},
    {"sdp.unknown", "Unknown", FieldType::kText},
};

constexpr std::size_t kMaxLines = 1024;
constexpr std::size_t kMaxWords = 128;
constexpr auto npos = std::string_view::npos;

// Static payload types (RFC 3551): what a media line's formats stand for.
constexpr NamedValue kPayloadTypes[] = {
    {0, "ITU-T G.711 PCMU"},
    {1, "USA Federal Standard FS-1016"},
    {2, "ITU-T G.721"},
    {3, "GSM 06.10"},
    {4, "ITU-T G.723"},
    {5, "DVI4 8000 samples/s"},
    {6, "DVI4 16000 samples/s"},
    {7, "Experimental linear predictive encoding from Xerox PARC"},
    {8, "ITU-T G.711 PCMA"},
    {9, "ITU-T G.722"},
    {10, "16-bit uncompressed audio, stereo"},
    {11, "16-bit uncompressed audio, monaural"},
    {12, "Qualcomm Code Excited Linear Predictive coding"},
    {13, "Comfort noise"},
    {14, "MPEG-I/II Audio"},
    {15, "ITU-T G.728"},
    {16, "DVI4 11025 samples/s"},
    {17, "DVI4 22050 samples/s"},
    {18, "ITU-T G.729"},
    {19, "Comfort noise (old)"},
    {25, "Sun CellB video encoding"},
    {26, "JPEG-compressed video"},
    {28, "'nv' program"},
    {31, "ITU-T H.261"},
    {32, "MPEG-I/II Video"},
    {33, "MPEG-II transport streams"},
    {34, "ITU-T H.263"},
};

Bytes word(Bytes& left) {
  while (!left.empty() && left[0] == ' ') left = left.subspan(1);
  const std::size_t end = std::min(as_text(left).find(' '), left.size());
  const Bytes made = left.first(end);
  left = left.subspan(std::min(left.size(), end + 1));
  return made;
}

std::uint32_t digits(Bytes text) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < text.size() && i < 6 && text[i] >= '0' && text[i] <= '9'; ++i)
    value = value * 10 + (text[i] - '0');
  return value;
}

// Tells of the media flows that a description announces; reads nothing else.
class Announcer {
 public:
  explicit Announcer(LayerBuilder& out) : out_(out) {}

  void line(char letter, Bytes value) {
    if (letter == 'c') {
      (void)word(value);
      (void)word(value);
      const Bytes address = word(value);
      const auto parsed =
          IpAddress::parse(as_text(address.first(std::min(as_text(address).find('/'), address.size()))));
      (port_ == 0 ? session_ : media_) = parsed.value_or(IpAddress{});
      return;
    }
    if (letter == 'a' && as_text(value).starts_with("rtcp:"))
      control_ = static_cast<std::uint16_t>(digits(value.subspan(5)));
    if (letter == 'a' && as_text(value) == "rtcp-mux") control_ = port_;
    if (letter != 'm') return;
    end_of_media();
    (void)word(value);
    const Bytes port = word(value), protocol = word(value);
    port_ = static_cast<std::uint16_t>(digits(port));
    rtp_ = as_text(protocol).starts_with("RTP/");
  }

  void end_of_media() {
    const IpAddress address = media_.empty() ? session_ : media_;
    if (rtp_ && port_ != 0 && !address.empty()) {
      expect(address, port_, "rtp");
      const auto next = static_cast<std::uint16_t>(control_ != 0 ? control_ : port_ + 1);
      if (next != port_) expect(address, next, "rtcp");
    }
    media_ = {};
    control_ = 0;
    rtp_ = false;
  }

 private:
  void expect(const IpAddress& address, std::uint16_t port, const char* protocol) {
    ExpectedFlow flow{.endpoint = {address, port}, .tcp = false, .protocol = protocol, .state = {}};
    reinterpret_cast<rtp::Setup*>(flow.state.raw.data())->frame = out_.packet().number;
    out_.observer().expect(flow);
  }

  LayerBuilder& out_;
  IpAddress session_{}, media_{};
  std::uint16_t port_ = 0, control_ = 0;
  bool rtp_ = false;
};

class Reader {
 public:
  explicit Reader(LayerBuilder& out) : out_(out) {}

  void line(char letter, Bytes whole, Bytes value) {
    static constexpr struct {
      char letter;
      std::size_t field;
    } kPlain[] = {{'v', kVersion}, {'s', kSessionName}, {'u', kUri}, {'e', kEmail}, {'p', kPhone}};
    for (const auto& plain : kPlain) {
      if (plain.letter == letter) return out_.add(plain.field, value, whole);
    }
    const std::size_t head = field_of(letter);
    out_.add(head, value, whole);
    const LayerBuilder::Subtree deeper(out_);
    switch (letter) {
      case 'o':
        return words(value, {kOwnerUsername, kOwnerSessionid, kOwnerVersion, kOwnerNetworkType, kOwnerAddressType,
                             kOwnerAddress});
      case 'c': return connection(value);
      case 'b': return pair(value, ':', kBandwidthModifier, kBandwidthValue);
      case 't': return words(value, {kTimeStart, kTimeStop});
      case 'k':
        if (as_text(value).find(':') != npos) pair(value, ':', kEncryptionKeyType, kEncryptionKeyData);
        return;
      case 'z': return repeat(value, {kTimezoneTime, kTimezoneOffset}, 0);
      case 'r': return repeat(value, {kRepeatTimeInterval, kRepeatTimeDuration, kRepeatTimeOffset}, 2);
      case 'm': return media(value);
      case 'a': return attribute(value);
      default: return;
    }
  }

 private:
  [[nodiscard]] std::size_t field_of(char letter) const {
    switch (letter) {
      case 'o': return kOwner;
      case 'c': return kConnectionInfo;
      case 'b': return kBandwidth;
      case 't': return kTime;
      case 'k': return kEncryptionKey;
      case 'z': return kTimezone;
      case 'r': return kRepeatTime;
      case 'm': return kMedia;
      case 'i': return in_media_ ? kMediaTitle : kSessionInfo;
      case 'a': return in_media_ ? kMediaAttr : kSessionAttr;
      default: return kUnknown;
    }
  }

  void words(Bytes value, std::initializer_list<std::size_t> fields) {
    for (const std::size_t field : fields) {
      const Bytes one = word(value);
      if (!one.empty()) out_.add(field, one, one);
    }
  }

  // The fields in order; from `last` on they come again and again.
  void repeat(Bytes value, std::initializer_list<std::size_t> fields, std::size_t last) {
    for (std::size_t n = 0; n < kMaxWords && !value.empty(); ++n) {
      const std::size_t size = fields.size();
      const std::size_t at = n < size ? n : last + (n - last) % (size - last);
      const Bytes one = word(value);
      if (!one.empty()) out_.add(*(fields.begin() + at), one, one);
    }
  }

  void pair(Bytes value, char separator, std::size_t first, std::size_t second) {
    const std::size_t at = as_text(value).find(separator);
    out_.add(first, value.first(std::min(at, value.size())), value);
    if (at != npos) out_.add(second, value.subspan(at + 1), value.subspan(at + 1));
  }

  void connection(Bytes value) {
    words(value, {kConnectionInfoNetworkType, kConnectionInfoAddressType});
    (void)word(value);
    (void)word(value);
    const Bytes address = word(value);
    const std::size_t slash = as_text(address).find('/');
    const Bytes host = address.first(std::min(slash, address.size()));
    out_.add(kConnectionInfoAddress, host, host);
    if (slash == npos) return;
    const Bytes more = address.subspan(slash + 1);
    pair(more, '/', kConnectionInfoTtl, kConnectionInfoNumAddr);
  }

  void media(Bytes value) {
    in_media_ = true;
    const Bytes kind = word(value), port = word(value), protocol = word(value);
    out_.add(kMediaMedia, kind, kind);
    const std::size_t slash = as_text(port).find('/');
    const Bytes number = port.first(std::min(slash, port.size()));
    out_.add(kMediaPortString, number, number);
    out_.add(kMediaPort, digits(number) & 0xffffU, number);
    if (slash != npos) out_.add(kMediaPortcount, port.subspan(slash + 1), port.subspan(slash + 1));
    out_.add(kMediaProto, protocol, protocol);
    const bool rtp = as_text(protocol).starts_with("RTP/");
    for (std::size_t n = 0; n < kMaxWords && !value.empty(); ++n) {
      const Bytes format = word(value);
      if (format.empty()) continue;
      if (!rtp) {
        out_.add(kMediaFormat, format, format);
        continue;
      }
      const std::uint32_t type = digits(format);
      const auto found = std::ranges::find(kPayloadTypes, std::uint64_t{type}, &NamedValue::value);
      if (found != std::end(kPayloadTypes)) {
        out_.add_text(kMediaFormat, found->name, format);
      } else if (type >= 96) {
        out_.add_text(kMediaFormat, "DynamicRTP-Type-" + std::to_string(type), format);
      } else {
        out_.add_text(kMediaFormat, "Unknown", format);
      }
    }
  }

  void attribute(Bytes value) {
    const std::size_t colon = as_text(value).find(':');
    if (colon == npos) return;
    const Bytes name = value.first(colon), rest = value.subspan(colon + 1);
    if (!in_media_) {
      out_.add(kSessionAttrField, name, name);
      out_.add(kSessionAttrValue, rest, rest);
      return;
    }
    out_.add(kMediaAttributeField, name, name);
    Bytes left = rest;
    if (as_text(name) == "rtpmap") {
      const Bytes format = word(left);
      out_.add(kMediaFormat, format, format);
      const Bytes mime = left;
      const std::size_t slash = as_text(mime).find('/');
      out_.add(kMimeType, mime.first(std::min(slash, mime.size())), mime);
      if (slash == npos) return;
      const Bytes rate = mime.subspan(slash + 1);
      const std::size_t end = std::min(as_text(rate).find('/'), rate.size());
      out_.add(kSampleRate, rate.first(end), rate.first(end));
    } else if (as_text(name) == "fmtp") {
      const Bytes format = word(left);
      out_.add(kMediaFormat, format, format);
      for (std::size_t n = 0; n < kMaxWords && !left.empty(); ++n) {
        const std::size_t end = std::min(as_text(left).find(';'), left.size());
        Bytes one = left.first(end);
        while (!one.empty() && one[0] == ' ') one = one.subspan(1);
        if (!one.empty()) out_.add(kFmtpParameter, one, one);
        left = left.subspan(std::min(left.size(), end + 1));
      }
    } else {
      out_.add(kMediaAttributeValue, rest, rest);
    }
  }

  LayerBuilder& out_;
  bool in_media_ = false;
};

Outcome dissect_sdp(Cursor& in, LayerBuilder& out) {
  Bytes left = in.rest();
  in.skip(left.size());
  Announcer announcer(out);
  Reader reader(out);
  for (std::size_t n = 0; n < kMaxLines && !left.empty(); ++n) {
    const std::size_t end = std::min(as_text(left).find('\n'), left.size());
    Bytes line = left.first(end);
    left = left.subspan(std::min(left.size(), end + 1));
    if (!line.empty() && line.back() == '\r') line = line.first(line.size() - 1);
    if (line.size() < 2 || line[1] != '=') continue;
    announcer.line(static_cast<char>(line[0]), line.subspan(2));
    if (out.wanted()) reader.line(static_cast<char>(line[0]), line, line.subspan(2));
  }
  announcer.end_of_media();
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector sdp_dissector{
    .name = "sdp", .title = "Session Description Protocol", .fields = kFields, .dissect = &dissect_sdp};

}  // namespace pr::dissect
