// NetBIOS name service, RFC 1002 4.2: DNS's form with other flags, names and records.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/dns/dns.h"
#include "helper/dissect/proto/nbns/name.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeNames[] = {{1, "A"}, {2, "NS"}, {10, "NULL"}, {32, "NB"}, {33, "NBSTAT"}};
constexpr NamedValue kOpcodeNames[] = {{0, "Name query"},
                                       {5, "Registration"},
                                       {6, "Release"},
                                       {7, "WACK"},
                                       {8, "Refresh"},
                                       {9, "Refresh(altcode)"},
                                       {15, "Multi-homed registration"}};

enum Field : std::uint16_t {
  kAddr,
  kClass,
  kCountAddRr,
  kCountAnswers,
  kCountAuthRr,
  kCountQueries,
  kDataLength,
  kFlags,
  kFlagsAuthoritative,
  kFlagsBroadcast,
  kFlagsOpcode,
  kFlagsRcode,
  kFlagsRecavail,
  kFlagsRecdesired,
  kFlagsResponse,
  kFlagsTruncated,
  kId,
  kJumpers,
  kMaxNumPendingSessions,
  kMaxTotalSessionsPossible,
  kName,
  kNameFlags,
  kNameFlagsAct,
  kNameFlagsCnf,
  kNameFlagsDrg,
  kNameFlagsGroup,
  kNameFlagsOnt,
  kNameFlagsPrm,
  kNbFlags,
  kNbFlagsGroup,
  kNbFlagsOnt,
  kNetbiosName,
  kNumAlignmentErrors,
  kNumCollisions,
  kNumCrcs,
  kNumGoodReceives,
  kNumGoodSends,
  kNumNoResourceConditions,
  kNumSendAborts,
  kNumberOfNames,
  kNumcommandBlocks,
  kNumpendingSessions,
  kNumretransmits,
  kPeriodOfStatistics,
  kSessionDataPacketSize,
  kTestResult,
  kTtl,
  kType,
  kUnitId,
  kVersionNumber,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"nbns.addr", "Addr", FieldType::kIpv4},
    {"nbns.class", "Class", FieldType::kUint},
    {"nbns.count.add_rr", "Additional RRs", FieldType::kUint},
    {"nbns.count.answers", "Answer RRs", FieldType::kUint},
    {"nbns.count.auth_rr", "Authority RRs", FieldType::kUint},
    {"nbns.count.queries", "Questions", FieldType::kUint},
    {"nbns.data_length", "Data length", FieldType::kUint},
    {"nbns.flags", "Flags", FieldType::kUint, Show::kHex, 16},
    {"nbns.flags.authoritative", "Authoritative", FieldType::kBool},
    {"nbns.flags.broadcast", "Broadcast", FieldType::kBool},
    {"nbns.flags.opcode", "Opcode", FieldType::kUint, Show::kDec, 0, kOpcodeNames},
    {"nbns.flags.rcode", "Reply code", FieldType::kUint},
    {"nbns.flags.recavail", "Recursion available", FieldType::kBool},
    {"nbns.flags.recdesired", "Recursion desired", FieldType::kBool},
    {"nbns.flags.response", "Response", FieldType::kBool},
    {"nbns.flags.truncated", "Truncated", FieldType::kBool},
    {"nbns.id", "Transaction ID", FieldType::kUint, Show::kHex, 16},
    {"nbns.jumpers", "Jumpers", FieldType::kUint, Show::kHex, 8},
    {"nbns.max_num_pending_sessions", "Max number of pending sessions", FieldType::kUint},
    {"nbns.max_total_sessions_possible", "Max total sessions possible", FieldType::kUint},
    {"nbns.name", "Name", FieldType::kText},
    {"nbns.name_flags", "Name flags", FieldType::kUint, Show::kHex, 16},
    {"nbns.name_flags.act", "Name is active", FieldType::kBool},
    {"nbns.name_flags.cnf", "Name is in conflict", FieldType::kBool},
    {"nbns.name_flags.drg", "Name is being deregistered", FieldType::kBool},
    {"nbns.name_flags.group", "Name type", FieldType::kBool},
    {"nbns.name_flags.ont", "ONT", FieldType::kUint},
    {"nbns.name_flags.prm", "Permanent node name", FieldType::kBool},
    {"nbns.nb_flags", "Name flags", FieldType::kUint, Show::kHex, 16},
    {"nbns.nb_flags.group", "Name type", FieldType::kBool},
    {"nbns.nb_flags.ont", "ONT", FieldType::kUint},
    {"nbns.netbios_name", "Name", FieldType::kText},
    {"nbns.num_alignment_errors", "Number of alignment errors", FieldType::kUint},
    {"nbns.num_collisions", "Number of collisions", FieldType::kUint},
    {"nbns.num_crcs", "Number of CRCs", FieldType::kUint},
    {"nbns.num_good_receives", "Number of good receives", FieldType::kUint},
    {"nbns.num_good_sends", "Number of good sends", FieldType::kUint},
    {"nbns.num_no_resource_conditions", "Number of no resource conditions", FieldType::kUint},
    {"nbns.num_send_aborts", "Number of send aborts", FieldType::kUint},
    {"nbns.number_of_names", "Number of names", FieldType::kUint},
    {"nbns.numcommand_blocks", "Number of command blocks", FieldType::kUint},
    {"nbns.numpending_sessions", "Number of pending sessions", FieldType::kUint},
    {"nbns.numretransmits", "Number of retransmits", FieldType::kUint},
    {"nbns.period_of_statistics", "Period of statistics", FieldType::kUint, Show::kHex, 16},
    {"nbns.session_data_packet_size", "Session data packet size", FieldType::kUint},
    {"nbns.test_result", "Test result", FieldType::kUint, Show::kHex, 8},
    {"nbns.ttl", "Time to live", FieldType::kUint},
    {"nbns.type", "Type", FieldType::kUint, Show::kDec, 0, kTypeNames},
    {"nbns.unit_id", "Unit ID", FieldType::kEther},
    {"nbns.version_number", "Version number", FieldType::kUint, Show::kHex, 16},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr std::uint16_t kPort = 137;
constexpr Bind kBinds[] = {{"udp.port", kPort}};
constexpr std::uint16_t kNb = 32, kNbstat = 33, kResponse = 0x8000;
constexpr std::size_t kMaxAnswers = 8;

std::string_view opcode_name(unsigned opcode) {
  for (const NamedValue& named : kOpcodeNames) {
    if (named.value == opcode) return named.name;
  }
  return "Unknown operation";
}

std::string_view type_name(std::uint16_t type) { return type == kNb ? "NB" : type == kNbstat ? "NBSTAT" : "Unknown"; }

class Parser {
 public:
  Parser(Cursor& in, LayerBuilder& out) : in_(in), out_(out), message_(in.rest()) {}

  Outcome run() {
    id_ = out_.u16(in_, kId);
    const Bytes where = in_.peek(2);
    flags_ = out_.u16(in_, kFlags);
    if (!in_.ok()) return Outcome::kTruncated;
    flags(where);
    std::array<std::uint16_t, 4> counts{};
    counts[0] = out_.u16(in_, kCountQueries);
    counts[1] = out_.u16(in_, kCountAnswers);
    counts[2] = out_.u16(in_, kCountAuthRr);
    counts[3] = out_.u16(in_, kCountAddRr);
    line_ << opcode_name(opcode()) << (response() ? " response" : "");
    bool whole = in_.ok();
    for (unsigned i = 0; whole && i < counts[0]; ++i) whole = question();
    past_questions_ = true;
    const unsigned records = unsigned{counts[1]} + counts[2] + counts[3];
    for (unsigned i = 0; whole && i < records; ++i) whole = record(i < counts[1]);
    tell();
    if (whole) in_.skip(in_.left());
    return whole ? Outcome::kDone : in_.ok() ? Outcome::kMalformed : Outcome::kTruncated;
  }

 private:
  [[nodiscard]] bool response() const { return (flags_ & kResponse) != 0; }
  [[nodiscard]] unsigned opcode() const { return flags_ >> 11U & 15U; }

  void flags(Bytes where) {
    const LayerBuilder::Subtree tree(out_);
    const auto flag = [&](Field field, unsigned bit) { out_.add(field, flags_ >> bit & 1U, where); };
    flag(kFlagsResponse, 15);
    out_.add(kFlagsOpcode, opcode(), where);
    if (response()) flag(kFlagsAuthoritative, 10);
    flag(kFlagsTruncated, 9);
    flag(kFlagsRecdesired, 8);
    if (response()) flag(kFlagsRecavail, 7);
    flag(kFlagsBroadcast, 4);
    if (response()) out_.add(kFlagsRcode, flags_ & 15U, where);
  }

  // As in Wireshark, the names of address records say what they are for.
  bool named() {
    const std::size_t start = in_.at();
    if (!name_.read(in_, message_)) return false;
    const Bytes where = in_.since(start);
    if (first_used_ == 0) {
      for (const char c : name_.text().substr(0, first_.size())) first_[first_used_++] = c;
    }
    Cursor look = in_;
    const bool address = look.u16() == kNb && look.left() > 2 + 4;
    if (address && past_questions_) name_.describe();
    out_.add_text(kName, name_.text(), where);
    return true;
  }

  bool question() {
    if (!named()) return false;
    const LayerBuilder::Subtree tree(out_);
    const std::uint16_t type = out_.u16(in_, kType);
    out_.u16(in_, kClass);
    line_ << " " << type_name(type) << " " << name_.text();
    return in_.ok();
  }

  bool record(bool answer) {
    if (!named()) return false;
    const LayerBuilder::Subtree tree(out_);
    const std::uint16_t type = out_.u16(in_, kType);
    out_.u16(in_, kClass);
    const std::uint32_t ttl = out_.u32(in_, kTtl);
    const std::uint16_t length = out_.u16(in_, kDataLength);
    Cursor data = in_.sub(length);
    if (!in_.ok()) return false;
    if (answer) line_ << " " << type_name(type);
    if (type == kNb) addresses(data, ttl, answer);
    if (type == kNbstat) status(data);
    return true;
  }

  void addresses(Cursor& data, std::uint32_t ttl, bool answer) {
    while (data.left() >= 6) {
      const Bytes where = data.peek(2);
      const std::uint16_t flags = out_.u16(data, kNbFlags);
      {
        const LayerBuilder::Subtree tree(out_);
        out_.add(kNbFlagsGroup, flags >> 15U, where);
        out_.add(kNbFlagsOnt, flags >> 13U & 3U, where);
      }
      const std::uint32_t address = out_.ipv4(data, kAddr);
      if (!answer) continue;
      line_ << " ";
      line_.ipv4(address);
      // Groups are no hosts.
      if ((flags & 0x8000U) != 0 || !response() || (flags_ & 15U) != 0 || answers_used_ == kMaxAnswers) continue;
      answers_[answers_used_++] = {.name = {}, .address = IpAddress::v4(address), .ttl = ttl};
    }
  }

  void status(Cursor& data) {
    unsigned names = out_.u8(data, kNumberOfNames);
    for (; names > 0 && data.left() >= 18; --names) {
      const Bytes octets = data.take(16);
      if (out_.wants(kNetbiosName)) {
        nbns::Name name;
        name.decode(octets);
        out_.add_text(kNetbiosName, name.host(), octets);
      }
      const Bytes where = data.peek(2);
      const std::uint16_t flags = out_.u16(data, kNameFlags);
      const LayerBuilder::Subtree tree(out_);
      out_.add(kNameFlagsGroup, flags >> 15U, where);
      out_.add(kNameFlagsOnt, flags >> 13U & 3U, where);
      out_.add(kNameFlagsDrg, flags >> 12U & 1U, where);
      out_.add(kNameFlagsCnf, flags >> 11U & 1U, where);
      out_.add(kNameFlagsAct, flags >> 10U & 1U, where);
      out_.add(kNameFlagsPrm, flags >> 9U & 1U, where);
    }
    if (data.left() >= 6) out_.bytes(data, kUnitId, 6);
    if (data.left() >= 1) out_.u8(data, kJumpers);
    if (data.left() >= 1) out_.u8(data, kTestResult);
    constexpr Field kWords[] = {kVersionNumber,      kPeriodOfStatistics, kNumCrcs,
                                kNumAlignmentErrors, kNumCollisions,      kNumSendAborts};
    for (const Field field : kWords) {
      if (data.left() >= 2) out_.u16(data, field);
    }
    if (data.left() >= 4) out_.u32(data, kNumGoodSends);
    if (data.left() >= 4) out_.u32(data, kNumGoodReceives);
    constexpr Field kRest[] = {kNumretransmits,       kNumNoResourceConditions, kNumcommandBlocks,
                               kNumpendingSessions,   kMaxNumPendingSessions,   kMaxTotalSessionsPossible,
                               kSessionDataPacketSize};
    for (const Field field : kRest) {
      if (data.left() >= 2) out_.u16(data, field);
    }
  }

  void tell() {
    if (out_.wanted()) out_.info(std::string(line_.text()));
    const std::string_view name(first_.data(), first_used_);
    if (answers_used_ > 0) {
      const std::string_view host = name.substr(0, name.rfind('<'));
      for (std::size_t i = 0; i < answers_used_; ++i) answers_[i].name = host;
      if (!host.empty()) out_.observer().name_answers({answers_.data(), answers_used_});
    }
    const Message::Item items[] = {{kName, Value::of(as_bytes(name))},
                                   {kFlagsOpcode, Value::of(std::uint64_t{opcode()})}};
    out_.message({.role = response() ? Message::Role::kResponse : Message::Role::kRequest,
                  .id = std::uint64_t{id_} + 1,
                  .name = name,
                  .summary = line_.text(),
                  .status = response() ? flags_ & 15 : -1,
                  .items = std::span(items).subspan(name.empty() ? 1 : 0)});
  }

  Cursor& in_;
  LayerBuilder& out_;
  const Bytes message_;
  std::uint16_t id_ = 0, flags_ = 0;
  bool past_questions_ = false;
  nbns::Name name_;
  Line line_;
  std::array<char, 128> first_;  // the name that the message is about
  std::size_t first_used_ = 0;
  std::array<NameAnswer, kMaxAnswers> answers_;
  std::size_t answers_used_ = 0;
};

Outcome dissect_nbns(Cursor& in, LayerBuilder& out) { return Parser(in, out).run(); }

Likeness probe_nbns(Bytes start, const ProbeHint& hint) {
  if (hint.tcp || !dns::counts_fit(start)) return Likeness::kNo;
  return nbns::looks_like_name(start.subspan(12)) ? Likeness::kYes : Likeness::kMaybe;
}

}  // namespace

extern constinit const Dissector nbns_dissector{.name = "nbns",
                                                .title = "NetBIOS Name Service",
                                                .column = "NBNS",
                                                .fields = kFields,
                                                .binds = kBinds,
                                                .dissect = &dissect_nbns,
                                                .probe = &probe_nbns,
                                                .datagram = true};

}  // namespace pr::dissect
