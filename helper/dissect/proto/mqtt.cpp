// MQTT 3.1, 3.1.1 and 5.0 (OASIS): one control packet a message. The version is that of the CONNECT.
#include <algorithm>
#include <string>

#include "helper/dissect/bits.h"
#include "helper/dissect/proto/mqtt/fields.h"
#include "shared/base/text.h"
#include "shared/model/value_text.h"

namespace pr::dissect {
namespace {

using namespace mqtt;  // NOLINT(google-build-using-namespace): the parts of this very dissector

constexpr Bind kBinds[] = {{"tcp.port", 1883}};
constexpr std::size_t kMaxTopics = 4096;  // of one request: bounds the loop, the message is bounded anyway

struct Conversation {
  std::uint8_t version;  // of the CONNECT; 0: not seen
};

// A number of one to four octets, seven bits each (2.2.3). False: too long, or not there.
bool variable_number(Cursor& in, std::uint32_t* value) {
  *value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t octet = in.u8();
    *value |= (octet & 0x7fU) << shift;
    if ((octet & 0x80U) == 0) return in.ok();
  }
  in.fail();
  return false;
}

class Reader {
 public:
  Reader(Cursor body, LayerBuilder& out, std::uint8_t head)
      : in_(body), out_(out), talk_(out.state<Conversation>()), type_(head >> 4U), head_(head) {}

  Outcome run() {
    switch (type_) {
      case kConnect: connect(); break;
      case kConnack: connack(); break;
      case kPublish: publish(); break;
      case kPuback:
      case kPubrec:
      case kPubrel:
      case kPubcomp: acknowledge(); break;
      case kSubscribe:
      case kUnsubscribe: subscribe(); break;
      case kSuback:
      case kUnsuback: granted(); break;
      case kDisconnect: leave(kDisconnectReasonCode); break;
      case kAuth: leave(kAuthReasonCode); break;
      default: tell(Message::Role::kEvent, 0, -1, {}); break;
    }
    show();
    return in_.ok() ? Outcome::kDone : Outcome::kTruncated;
  }

 private:
  [[nodiscard]] bool version5() const { return talk_.version == 5; }

  Bytes text(std::size_t length_field, std::size_t field) {
    const std::uint16_t size = out_.u16(in_, length_field);
    return out_.bytes(in_, field, size);
  }

  void tell(Message::Role role, std::uint64_t id, std::int64_t status, std::string_view name) {
    Message::Item items[3];
    std::size_t count = 0;
    const std::uint64_t type = type_;
    items[count++] = {kMsgtype, Value::of(type)};
    if (!client_.empty()) items[count++] = {kClientid, Value::of(client_)};
    if (!topic_.empty()) items[count++] = {kTopic, Value::of(topic_)};
    if (!in_.ok()) return;
    out_.message({.role = role,
                  .id = id,
                  .name = name.empty() ? value_name(kTypes, type_) : name,
                  .summary = value_name(kTypes, type_),
                  .status = status,
                  .items = {items, count}});
  }
  // Both sides number their own exchanges: an answer belongs to what the other side began.
  [[nodiscard]] std::uint64_t exchange(bool answer) const {
    return 1ULL << 32U | (out_.from_orig() != answer ? 1ULL << 16U : 0U) | id_;
  }

  void properties(std::size_t head) {
    const std::size_t at = in_.at();
    std::uint32_t size = 0;
    Cursor look = in_;
    if (!variable_number(look, &size)) return in_.fail();
    const Bytes length = in_.peek(in_.left() - look.left());
    in_.skip(length.size());
    out_.mark(head, Bytes{in_.all().data() + at, length.size() + std::min<std::size_t>(size, in_.left())});
    const LayerBuilder::Subtree deeper(out_);
    out_.add(kPropertyLen, size, length);
    Cursor part = in_.sub(size);
    while (part.left() > 0) property(part);
    if (!part.ok()) in_.fail();
  }

  void property(Cursor& in) {
    const std::uint8_t id = out_.u8(in, kPropertyId);
    switch (id) {
      case 0x01:
      case 0x17:
      case 0x19:
      case 0x25:
      case 0x28:
      case 0x29:
      case 0x2a: out_.u8(in, kPropNumber); return;
      case 0x24: out_.u8(in, kPropertyMaxQos); return;
      case 0x13:
      case 0x21:
      case 0x22: out_.u16(in, kPropNumber); return;
      case 0x23: out_.u16(in, kPropertyTopicAlias); return;
      case 0x02:
      case 0x11:
      case 0x18:
      case 0x27: out_.u32(in, kPropNumber); return;
      case 0x0b: {
        std::uint32_t number = 0;
        const std::size_t at = in.at();
        if (variable_number(in, &number)) out_.add(kPropNumber, number, in.since(at));
        return;
      }
      case 0x03: {
        const std::size_t size = in.u16();
        out_.bytes(in, kPropertyContentType, size);
        return;
      }
      case 0x08:
      case 0x09:
      case 0x12:
      case 0x15:
      case 0x16:
      case 0x1a:
      case 0x1c:
      case 0x1f: {
        const std::size_t size = out_.u16(in, kPropStringLen);
        out_.bytes(in, kPropString, size);
        return;
      }
      case 0x26: {
        const std::size_t key = out_.u16(in, kPropKeyLen);
        out_.bytes(in, kPropKey, key);
        const std::size_t value = out_.u16(in, kPropValueLen);
        out_.bytes(in, kPropValue, value);
        return;
      }
      default: out_.bytes(in, kPropUnknown, in.left());
    }
  }

  void connect() {
    text(kProtoLen, kProtoname);
    const std::uint8_t version = out_.u8(in_, kVer);
    if (in_.ok()) talk_.version = version;
    const Bytes at = in_.peek(1);
    const std::uint8_t flags = out_.u8(in_, kConflags);
    {
      const LayerBuilder::Subtree deeper(out_);
      add_bits(out_, flags, at,
               {{kConflagUname, 7},
                {kConflagPasswd, 6},
                {kConflagRetain, 5},
                {kConflagQos, 3, 2},
                {kConflagWillflag, 2},
                {kConflagCleansess, 1},
                {kConflagReserved, 0}});
    }
    out_.u16(in_, kKalive);
    if (version5()) properties(kPropertiesField);
    client_ = text(kClientidLen, kClientid);
    if ((flags & 4U) != 0) {
      if (version5()) properties(kWillProperties);
      text(kWilltopicLen, kWilltopic);
      text(kWillmsgLen, kWillmsg);
    }
    if ((flags & 0x80U) != 0 && in_.left() > 0) text(kUsernameLen, kUsername);
    if ((flags & 0x40U) != 0 && in_.left() > 0) text(kPasswdLen, kPasswd);
    tell(Message::Role::kRequest, 1, -1, as_text(client_));
  }

  void connack() {
    const Bytes at = in_.peek(1);
    if (talk_.version == 3) {
      in_.skip(1);  // reserved in MQTT 3.1
    } else {
      const std::uint8_t flags = out_.u8(in_, kConackFlags);
      const LayerBuilder::Subtree deeper(out_);
      add_bits(out_, flags, at, {{kConackFlagsReserved, 1, 7}, {kConackFlagsSp, 0}});
    }
    const std::uint8_t code = out_.u8(in_, version5() ? kConnackReasonCode : kConackVal);
    if (version5()) properties(kPropertiesField);
    tell(Message::Role::kResponse, 1, code, {});
  }

  void publish() {
    topic_ = text(kTopicLen, kTopic);
    const unsigned qos = head_ >> 1U & 3U;
    if (qos > 0) id_ = out_.u16(in_, kMsgid);
    if (version5()) properties(kPropertiesField);
    tell(qos > 0 ? Message::Role::kRequest : Message::Role::kEvent, exchange(false), -1, as_text(topic_));
    out_.bytes(in_, kMsg, in_.left());
  }

  void acknowledge() {
    id_ = out_.u16(in_, kMsgid);
    std::uint8_t code = 0;
    if (version5() && in_.left() > 0) {
      static constexpr std::size_t kCodes[] = {kPubackReasonCode, kPubrecReasonCode, kPubrelReasonCode,
                                               kPubcompReasonCode};
      code = out_.u8(in_, kCodes[type_ - kPuback]);
      if (in_.left() > 0) properties(kPropertiesField);
    }
    // A PUBREC and its PUBREL stand between: the exchange is over with the PUBCOMP.
    if (type_ == kPuback || type_ == kPubcomp) tell(Message::Role::kResponse, exchange(true), code, {});
  }

  void subscribe() {
    id_ = out_.u16(in_, kMsgid);
    if (version5()) properties(kPropertiesField);
    for (std::size_t n = 0; in_.left() > 0 && n < kMaxTopics; ++n) {
      const Bytes topic = text(kTopicLen, kTopic);
      if (n == 0) topic_ = topic;
      if (out_.wanted()) topics_ += " [" + std::string(as_text(topic)) + "]";
      if (type_ == kUnsubscribe) continue;
      const Bytes at = in_.peek(1);
      if (!version5()) {
        out_.u8(in_, kSubQos);
        continue;
      }
      const std::uint8_t options = out_.u8(in_, kSubscriptionOptions);
      const LayerBuilder::Subtree deeper(out_);
      add_bits(out_, options, at,
               {{kSubscriptionOptionsReserved, 6, 2},
                {kSubscriptionOptionsRetain, 4, 2},
                {kSubscriptionOptionsRap, 3},
                {kSubscriptionOptionsNl, 2},
                {kSubscriptionOptionsQos, 0, 2}});
    }
    tell(Message::Role::kRequest, exchange(false), -1, as_text(topic_));
  }

  void granted() {
    id_ = out_.u16(in_, kMsgid);
    if (version5()) properties(kPropertiesField);
    std::int64_t status = 0;
    while (in_.left() > 0) {
      const std::uint8_t code = out_.u8(in_, !version5()        ? kSubackQosField
                                             : type_ == kSuback ? kSubackReasonCode
                                                                : kUnsubackReasonCode);
      status = std::max<std::int64_t>(status, code);
    }
    tell(Message::Role::kResponse, exchange(true), status, {});
  }

  void leave(std::size_t reason) {
    if (version5() && in_.left() > 0) {
      out_.u8(in_, reason);
      if (in_.left() > 0) properties(kPropertiesField);
    }
    tell(Message::Role::kEvent, 0, -1, {});
  }

  void show() {
    if (!out_.wanted()) return;
    std::string line(value_name(kTypes, type_));
    if (id_ != 0) line += " (id=" + std::to_string(id_) + ")";
    if (type_ == kPublish) topics_ = " [" + std::string(as_text(topic_)) + "]";
    line += escape_controls(topics_);
    const Frame& frame = out_.frame();
    const bool again =
        frame.layer_count > 1 && frame.layers[frame.layer_count - 2U] == frame.layers[frame.layer_count - 1U];
    if (again) {
      out_.append_info(", " + line);
    } else {
      out_.info(std::move(line));
    }
  }

  Cursor in_;
  LayerBuilder& out_;
  Conversation& talk_;
  const std::uint8_t type_, head_;
  std::uint16_t id_ = 0;
  Bytes client_, topic_;
  std::string topics_;
};

bool sane_head(std::uint8_t head) {
  const unsigned type = head >> 4U, flags = head & 15U;
  if (type == 0) return false;
  if (type == kPublish) return (flags >> 1U & 3U) != 3;
  // 3.1 allowed other flags here; nobody sends them.
  return flags == (type == kPubrel || type == kSubscribe || type == kUnsubscribe ? 2U : 0U) || flags == 0 ||
         (type == kPubrel && flags == 10U);
}

Outcome dissect_mqtt(Cursor& in, LayerBuilder& out) {
  Cursor look = in;
  const std::uint8_t head = look.u8();
  if (look.ok() && !sane_head(head) && out.state<Conversation>().version == 0) return Outcome::kNotMine;
  std::uint32_t length = 0;
  if (!variable_number(look, &length)) {
    if (in.left() >= 5) return Outcome::kNotMine;
    if (out.at_end()) return Outcome::kTruncated;
    out.need(0);
    return Outcome::kNeedMore;
  }
  const std::uint64_t whole = in.left() - look.left() + std::uint64_t{length};
  if (in.left() < whole && !out.at_end()) {
    out.need(whole);
    return Outcome::kNeedMore;
  }
  const Bytes at = in.peek(1);
  out.u8(in, kHdrflags);
  {
    const LayerBuilder::Subtree deeper(out);
    const unsigned type = head >> 4U;
    if (out.state<Conversation>().version == 3 && (type == kPubrel || type == kSubscribe || type == kUnsubscribe)) {
      add_bits(out, head, at, {{kMsgtype, 4, 4}, {kDupflag, 3}, {kQosField, 1, 2}, {kRetainReserved, 0}});
    } else if (type == kPublish) {
      add_bits(out, head, at, {{kMsgtype, 4, 4}, {kDupflag, 3}, {kQosField, 1, 2}, {kRetain, 0}});
    } else {
      add_bits(out, head, at, {{kMsgtype, 4, 4}, {kHdrReserved, 0, 4}});
    }
  }
  const Bytes digits = in.peek(in.left() - look.left());
  out.add(kLen, length, digits);
  in.skip(digits.size());
  Cursor body(in.peek(length));
  in.skip(body.left());
  return Reader(body, out, head).run();
}

Likeness probe_mqtt(Bytes start, const ProbeHint& hint) {
  if (!hint.tcp || start.size() < 2) return Likeness::kNo;
  Cursor in(start);
  const std::uint8_t head = in.u8();
  std::uint32_t length = 0;
  if (!sane_head(head) || !variable_number(in, &length)) return Likeness::kNo;
  if (head == kConnect << 4U) {
    const std::string_view name = as_text(in.peek(8));
    const bool three = name.starts_with(std::string_view("\0\6MQIsdp", 8));
    const bool four = name.starts_with(std::string_view("\0\4MQTT", 6));
    if (three || four) return Likeness::kYes;
  }
  // In the middle of a conversation, on its port only: what is there must be whole packets.
  if (in.left() > length) return sane_head(in.peek(length + std::size_t{1})[length]) ? Likeness::kMaybe : Likeness::kNo;
  return Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector mqtt_dissector{.name = "mqtt",
                                                .title = "MQ Telemetry Transport Protocol",
                                                .column = "MQTT",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_mqtt,
                                                .probe = &probe_mqtt,
                                                .stream = true};

}  // namespace pr::dissect
