#include <algorithm>

#include "helper/dissect/proto/dns/summary.h"
#include "helper/dissect/proto/dns/value_names.h"

namespace pr::dissect::dns {
namespace {

constexpr std::uint16_t kResponse = 0x8000;
constexpr std::uint16_t kTopBit = 0x8000;  // of a class, in mDNS: unicast answer wanted, or flush the cache
constexpr std::uint16_t kUpdate = 5, kStatefulOperation = 6;
constexpr std::uint16_t kTypeSrv = 33, kTypeOpt = 41;

std::string_view find_name(std::span<const NamedValue> names, std::uint64_t value) {
  const auto found = std::ranges::find(names, value, &NamedValue::value);
  return found == names.end() ? std::string_view{} : found->name;
}

void append_type(Line& line, std::uint16_t type) {
  const std::string_view name = type_name(type);
  if (name.empty()) {
    line << "Unknown (" << type << ")";
  } else {
    line << name;
  }
}

class Parser {
 public:
  Parser(Cursor& in, LayerBuilder& out, Flavour flavour) : in_(in), out_(out), message_(in.rest()), flavour_(flavour) {}

  Outcome run() {
    const Outcome outcome = parse();
    if (!have_header_) return outcome;
    out_.info(std::string(info_.text()));
    // Carried by something that has no conversations (SCTP), the message belongs to nobody.
    if (out_.frame().transport != Transport::kNone) summary_.tell(out_, info_.text());
    if (outcome == Outcome::kDone) relations();
    return outcome;
  }

 private:
  enum class Section : std::uint8_t { kAnswers, kAuthorities, kAdditional };

  Outcome parse() {
    if (!header()) return Outcome::kTruncated;
    if (opcode() == kStatefulOperation) return stateful_operations();
    Outcome outcome = questions();
    for (const Section section : {Section::kAnswers, Section::kAuthorities, Section::kAdditional}) {
      if (outcome == Outcome::kDone) outcome = records(section);
    }
    if (outcome == Outcome::kDone && in_.left() > 0) {
      const Bytes extra = out_.bytes(in_, kExtraneousData, in_.left());
      out_.add(kExtraneousLength, extra.size(), {});
      out_.mark(kExtraneous, {});
    }
    return outcome;
  }

  [[nodiscard]] std::uint16_t opcode() const { return flags_ >> 11U & 15U; }
  [[nodiscard]] bool response() const { return (flags_ & kResponse) != 0; }

  bool header() {
    const std::uint16_t id = out_.u16(in_, kId);
    const Bytes where = in_.peek(2);
    flags_ = out_.u16(in_, kFlags);
    if (!in_.ok()) return false;
    flags(where);
    const bool update = opcode() == kUpdate;
    if (flavour_ == Flavour::kMdns) {
      info_ << (response() ? "Standard query response " : "Standard query ");
    } else {
      const std::string_view name = opcode_name(opcode());
      if (name.empty()) {
        info_ << "Unknown operation (" << opcode() << ")";
      } else {
        info_ << name;
      }
      info_ << (response() ? " response " : " ");
    }
    info_.hex(id);
    if (response() && (flags_ & 15U) != 0) {
      const std::string_view name = rcode_name(flags_ & 15U);
      if (name.empty()) {
        info_ << " Unknown error (" << (flags_ & 15U) << ")";
      } else {
        info_ << " " << name;
      }
    }
    counts_[0] = out_.u16(in_, update ? kCountZones : kCountQueries);
    counts_[1] = out_.u16(in_, update ? kCountPrerequisites : kCountAnswers);
    counts_[2] = out_.u16(in_, update ? kCountUpdates : kCountAuthRr);
    counts_[3] = out_.u16(in_, kCountAddRr);
    summary_.header(id, flags_, in_.ok() ? counts_[1] : std::uint16_t{0});
    have_header_ = true;
    return in_.ok();
  }

  void flag(Field field, unsigned bit, Bytes where) { out_.add(field, flags_ >> bit & 1U, where); }

  void flags(Bytes where) {
    const LayerBuilder::Subtree tree(out_);
    const bool llmnr = flavour_ == Flavour::kLlmnr;
    flag(kFlagsResponse, 15, where);
    out_.add(kFlagsOpcode, opcode(), where);
    if (llmnr) {
      flag(kFlagsConflict, 10, where);
    } else if (response()) {
      flag(kFlagsAuthoritative, 10, where);
    }
    flag(kFlagsTruncated, 9, where);
    flag(llmnr ? kFlagsTentative : kFlagsRecdesired, 8, where);
    if (llmnr) {
      if (response()) out_.add(kFlagsRcode, flags_ & 15U, where);
      return;
    }
    if (response()) flag(kFlagsRecavail, 7, where);
    flag(kFlagsZ, 6, where);
    if (response() || (flags_ & 0x20U) != 0) flag(kFlagsAuthenticated, 5, where);
    flag(kFlagsCheckdisable, 4, where);
    if (response()) out_.add(kFlagsRcode, flags_ & 15U, where);
  }

  Outcome questions() {
    for (std::uint16_t i = 0; i < counts_[0]; ++i) {
      const Bytes from = in_.rest();
      const std::size_t start = in_.at();
      if (!name_.read(in_, message_)) return name_failure(in_);
      const Bytes where = in_.since(start);
      Cursor look = in_;
      const std::uint16_t type = look.u16();
      const std::uint16_t klass = look.u16();
      if (!look.ok()) return Outcome::kTruncated;
      if (out_.wants(kQuery)) {
        Line line;
        line << name_.text() << ": type ";
        append_type(line, type);
        line << ", class " << class_name(plain_class(klass));
        out_.add_text(kQuery, line.text(), from.first(where.size() + 4));
      }
      const LayerBuilder::Subtree tree(out_);
      out_.add_text(kQryName, name_.text(), where);
      out_.add(kQryNameLen, name_.length(), where);
      out_.add(kCountLabels, name_.labels(), where);
      out_.u16(in_, kQryType);
      add_class(klass, kQryClass, kQryQu);
      info_ << " ";
      append_type(info_, type);
      info_ << " " << name_.text();
      if (flavour_ == Flavour::kMdns) info_ << ((klass & kTopBit) != 0 ? ", \"QU\" question" : ", \"QM\" question");
      summary_.question(name_.text(), type);
    }
    return Outcome::kDone;
  }

  [[nodiscard]] std::uint16_t plain_class(std::uint16_t klass) const {
    return flavour_ == Flavour::kMdns ? klass & 0x7fffU : klass;
  }

  void add_class(std::uint16_t klass, Field field, Field bit) {
    const Bytes where = in_.take(2);
    out_.add(field, plain_class(klass), where);
    if (flavour_ == Flavour::kMdns) out_.add(bit, klass >> 15U, where);
  }

  Outcome records(Section section) {
    const auto index = static_cast<std::size_t>(section) + 1;
    for (std::uint16_t i = 0; i < counts_[index]; ++i) {
      const Outcome outcome = record(section);
      if (outcome != Outcome::kDone) return outcome;
    }
    return Outcome::kDone;
  }

  Outcome record(Section section) {
    const Bytes from = in_.rest();
    const std::size_t start = in_.at();
    if (!name_.read(in_, message_)) return name_failure(in_);
    const Bytes where = in_.since(start);
    Cursor look = in_;
    Record record{
        .owner = name_.text(), .type = look.u16(), .klass = look.u16(), .ttl = look.u32(), .message = message_};
    const std::uint16_t length = look.u16();
    if (!look.ok()) return Outcome::kTruncated;
    if (look.left() < length) {  // a record that is not all there is named, not shown
      info_ << " ";
      append_type(info_, record.type);
      in_.fail();
      return Outcome::kTruncated;
    }
    add_head(section, record, from.first(where.size() + 10 + length));
    const LayerBuilder::Subtree tree(out_);
    owner(record, where);
    out_.u16(in_, kRespType);
    if (record.type == kTypeOpt) {
      edns();
    } else {
      add_class(record.klass, kRespClass, kRespCacheFlush);
      out_.u32(in_, kRespTtl);
      if ((record.ttl & 0x80000000U) != 0) out_.mark(kTtlHighBitSet, {});
    }
    out_.u16(in_, kRespLen);
    info_ << " ";
    append_type(info_, record.type);
    return data(section, record, length);
  }

  Outcome data(Section section, const Record& record, std::uint16_t length) {
    Cursor data(in_.take(length));
    // Who answers by multicast DNS sends the addresses of the names in its answers along.
    if (section == Section::kAnswers || (section == Section::kAdditional && flavour_ == Flavour::kMdns))
      summary_.answer(record, data.all());
    const Outcome outcome = dissect_rdata(record, data, out_, info_);
    // Data that its record's own length cuts short contradicts itself.
    return outcome == Outcome::kDone ? outcome : Outcome::kMalformed;
  }

  void add_head(Section section, const Record& record, Bytes where) {
    const Field field = section == Section::kAnswers       ? kAnswer
                        : section == Section::kAuthorities ? kAuthority
                                                           : kAdditional;
    if (!out_.wants(field)) return;
    Line line;
    line << record.owner << ": type ";
    append_type(line, record.type);
    if (record.type != kTypeOpt) line << ", class " << class_name(plain_class(record.klass));
    out_.add_text(field, line.text(), where);
  }

  // A service's owner is shown in its parts: _service._proto.name.
  void owner(const Record& record, Bytes where) {
    if (record.type != kTypeSrv) {
      out_.add_text(kRespName, record.owner, where);
      return;
    }
    std::string_view rest = record.owner;
    for (const Field field : {kSrvService, kSrvProto, kSrvName}) {
      const std::size_t dot = field == kSrvName ? rest.npos : rest.find('.');
      out_.add_text(field, rest.substr(0, dot), where);
      if (dot == rest.npos) return;
      rest.remove_prefix(dot + 1);
    }
  }

  // OPT keeps other things where records have class and TTL (RFC 6891 6.1.2).
  void edns() {
    const Bytes size = in_.peek(2);
    const std::uint16_t limit = in_.u16();
    out_.add(kRrUdpPayloadSize, plain_class(limit), size);
    if (flavour_ == Flavour::kMdns) out_.add(kRespCacheFlush, limit >> 15U, size);
    out_.u8(in_, kRespExtRcode);
    out_.u8(in_, kRespEdns0Version);
    const Bytes where = in_.peek(2);
    const std::uint16_t z = out_.u16(in_, kRespZ);
    const LayerBuilder::Subtree tree(out_);
    out_.add(kRespZDo, z >> 15U, where);
    out_.add(kRespZReserved, z & 0x7fffU, where);
  }

  // RFC 8490: type-length-value items instead of sections.
  Outcome stateful_operations() {
    out_.mark(kDso, in_.rest());
    const LayerBuilder::Subtree tree(out_);
    while (in_.left() > 0) {
      Cursor look = in_;
      look.skip(2);
      const std::uint16_t length = look.u16();
      out_.mark(kDsoTlv, in_.peek(std::size_t{4} + length));
      const LayerBuilder::Subtree item(out_);
      const std::uint16_t type = out_.u16(in_, kDsoTlvType);
      out_.u16(in_, kDsoTlvLength);
      Cursor value(in_.take(length));
      if (!in_.ok()) return Outcome::kTruncated;
      if (type == 1 && length == 8) {
        out_.u32(value, kDsoTlvKeepaliveInactivity);
        out_.u32(value, kDsoTlvKeepaliveInterval);
      } else if (type == 2 && length == 4) {
        out_.u32(value, kDsoTlvRetrydelayRetrydelay);
      } else if (length > 0) {
        out_.bytes(value, type == 3 ? kDsoTlvEncpadPadding : kDsoTlvData, length);
      }
    }
    return Outcome::kDone;
  }

  void relations() {
    const PacketFacts* facts = out_.facts();
    if (facts == nullptr || facts->request_frame == 0 || !response()) return;
    out_.add(kResponseTo, facts->request_frame, {});
    out_.add(kTime, static_cast<std::uint64_t>(to_ns(out_.packet().ts) - to_ns(facts->request_ts)), {});
  }

  Cursor& in_;
  LayerBuilder& out_;
  const Bytes message_;
  const Flavour flavour_;
  std::uint16_t flags_ = 0;
  std::array<std::uint16_t, 4> counts_{};
  bool have_header_ = false;
  Name name_;
  Line info_;
  Summary summary_;
};

}  // namespace

std::string_view type_name(std::uint16_t type) {
  switch (type) {  // the column uses other words than the field for these
    case 8: return "MG";
    case 251: return "IXFR";
    case 255: return "ANY";
    default: break;
  }
  const std::string_view name = find_name(kTypeNames, type);
  return name.substr(0, name.find(' '));
}

std::string_view rcode_name(std::uint16_t rcode) { return find_name(kRcodeNames, rcode); }
std::string_view opcode_name(std::uint16_t opcode) { return find_name(kOpcodeNames, opcode); }

std::string_view class_name(std::uint16_t klass) {
  const std::string_view name = find_name(kClassNames, klass);
  return name.empty() ? "Unknown" : name;
}

bool counts_fit(Bytes message) {
  Cursor in(message);
  in.skip(4);
  const std::size_t questions = in.u16();
  const std::size_t records = std::size_t{in.u16()} + in.u16() + in.u16();
  // A name is one octet at least, a question has four more and a record ten.
  return in.ok() && questions * 5 + records * 11 <= in.left();
}

Outcome dissect_message(Cursor& in, LayerBuilder& out, Flavour flavour) { return Parser(in, out, flavour).run(); }

}  // namespace pr::dissect::dns
