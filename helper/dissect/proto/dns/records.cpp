// Record data that is a sequence of values, as tables: RFC 1035, 1183, 1348, 1706, 1712, 2163, 2230, 2782, 3403, 4034,
// 4255, 4701, 5155, 6698, 6672, 6742, 7043, 7929, 8976.
#include <arpa/inet.h>

#include <algorithm>

#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect::dns {
namespace {

enum class Kind : std::uint8_t {
  kU8,
  kU16,
  kU32,
  kIpv4,
  kIpv6,
  kTime,     // seconds since 1970, 32 bits
  kFixed,    // `size` octets
  kCounted,  // as many octets as the number before says
  kName,     // `length`, if any, is the text's length and not on the wire
  kText,     // length octet (field `length`) and that much text
  kTexts,    // such texts to the end
  kRest,     // octets to the end; nothing if there are none
  kTypes,    // type bit maps, RFC 4034 4.1.2: each type as another dns.resp.type
  kBits,     // the one bit map of RFC 2535 5.2
};

struct Step {
  Kind kind;
  Field field = kFieldCount;
  bool in_info = false;
  Field length = kFieldCount;
  std::uint8_t size = 0;
};

using enum Kind;
constexpr Step kSoaSteps[] = {{kName, kSoaMname, true},    {kName, kSoaRname},        {kU32, kSoaSerialNumber},
                              {kU32, kSoaRefreshInterval}, {kU32, kSoaRetryInterval}, {kU32, kSoaExpireLimit},
                              {kU32, kSoaMinimumTtl}};
constexpr Step kASteps[] = {{kIpv4, kA, true}};
constexpr Step kAaaaSteps[] = {{kIpv6, kAaaa, true}};
constexpr Step kNsSteps[] = {{kName, kNs, true}};
constexpr Step kMdSteps[] = {{kName, kMd}};
constexpr Step kMfSteps[] = {{kName, kMf}};
constexpr Step kCnameSteps[] = {{kName, kCname, true}};
constexpr Step kMbSteps[] = {{kName, kMb}};
constexpr Step kMgSteps[] = {{kName, kMg}};
constexpr Step kMrSteps[] = {{kName, kMr}};
constexpr Step kNullSteps[] = {{kRest, kNull}};
constexpr Step kPtrSteps[] = {{kName, kPtrDomainName, true}};
constexpr Step kHinfoSteps[] = {{kText, kHinfoCpu, true, kHinfoCpuLength}, {kText, kHinfoOs, true, kHinfoOsLength}};
constexpr Step kMinfoSteps[] = {{kName, kMinfoR}, {kName, kMinfoE}};
constexpr Step kMxSteps[] = {{kU16, kMxPreference, true}, {kName, kMxMailExchange, true}};
constexpr Step kTxtSteps[] = {{kTexts, kTxt, false, kTxtLength}};
constexpr Step kSpfSteps[] = {{kTexts, kSpf, false, kSpfLength}};
constexpr Step kRpSteps[] = {{kName, kRpMailbox}, {kName, kRpTxtRr}};
constexpr Step kAfsdbSteps[] = {{kU16, kAfsdbSubtype}, {kName, kAfsdbHostname}};
constexpr Step kX25Steps[] = {{kText, kX25PsdnAddress, false, kX25Length}};
constexpr Step kRtSteps[] = {{kU16, kRtSubtype}, {kName, kRtIntermediateHost}};
constexpr Step kNsapSteps[] = {{kRest, kNsapRdata}};
constexpr Step kNsapPtrSteps[] = {{kName, kNsapPtrOwner}};
constexpr Step kRrsigSteps[] = {{kU16, kRrsigTypeCovered},
                                {kU8, kRrsigAlgorithm},
                                {kU8, kRrsigLabels},
                                {kU32, kRrsigOriginalTtl},
                                {kTime, kRrsigSignatureExpiration},
                                {kTime, kRrsigSignatureInception},
                                {kU16, kRrsigKeyTag},
                                {kName, kRrsigSignersName},
                                {kRest, kRrsigSignature}};
constexpr Step kPxSteps[] = {{kU16, kPxPreference}, {kName, kPxMap822}, {kName, kPxMap400}};
constexpr Step kGposSteps[] = {{kText, kGposLongitude, false, kGposLongitudeLength},
                               {kText, kGposLatitude, false, kGposLatitudeLength},
                               {kText, kGposAltitude, false, kGposAltitudeLength}};
constexpr Step kNxtSteps[] = {{kName, kNxtNextDomainName, true}, {kBits}};
constexpr Step kSrvSteps[] = {
    {kU16, kSrvPriority, true}, {kU16, kSrvWeight, true}, {kU16, kSrvPort, true}, {kName, kSrvTarget, true}};
constexpr Step kNaptrSteps[] = {{kU16, kNaptrOrder, true},
                                {kU16, kNaptrPreference, true},
                                {kText, kNaptrFlags, true, kNaptrFlagsLength},
                                {kText, kNaptrService, false, kNaptrServiceLength},
                                {kText, kNaptrRegex, false, kNaptrRegexLength},
                                {kName, kNaptrReplacement, false, kNaptrReplacementLength}};
constexpr Step kKxSteps[] = {{kU16, kKxPreference, true}, {kName, kKxKeyExchange, true}};
constexpr Step kCertSteps[] = {
    {kU16, kCertType}, {kU16, kCertKeyTag}, {kU8, kCertAlgorithm}, {kRest, kCertCertificate}};
constexpr Step kDnameSteps[] = {{kName, kDname, true}};
constexpr Step kDsSteps[] = {{kU16, kDsKeyId}, {kU8, kDsAlgorithm}, {kU8, kDsDigestType}, {kRest, kDsDigest}};
constexpr Step kSshfpSteps[] = {{kU8, kSshfpAlgorithm}, {kU8, kSshfpFingerprintType}, {kRest, kSshfpFingerprint}};
constexpr Step kNsecSteps[] = {{kName, kNsecNextDomainName, true}, {kTypes}};
constexpr Step kDhcidSteps[] = {{kRest, kDhcidRdata}};
constexpr Step kNsec3ParamSteps[] = {{kU8, kNsec3Algo},
                                     {kU8, kNsec3Flags},
                                     {kU16, kNsec3Iterations},
                                     {kU8, kNsec3SaltLength},
                                     {kCounted, kNsec3SaltValue}};
constexpr Step kTlsaSteps[] = {{kU8, kTlsaCertificateUsage},
                               {kU8, kTlsaSelector},
                               {kU8, kTlsaMatchingType},
                               {kRest, kTlsaCertificateAssociationData}};
constexpr Step kOpenpgpkeySteps[] = {{kRest, kOpenpgpkey}};
constexpr Step kZonemdSteps[] = {
    {kU32, kZonemdSerial}, {kU8, kZonemdScheme}, {kU8, kZonemdHashAlgo}, {kRest, kZonemdDigest}};
constexpr Step kNidSteps[] = {{kU16, kIlnpNidPreference}, {kFixed, kIlnpNid, false, kFieldCount, 8}};
constexpr Step kL32Steps[] = {{kU16, kIlnpL32Preference}, {kIpv4, kIlnpL32}};
constexpr Step kL64Steps[] = {{kU16, kIlnpL64Preference}, {kFixed, kIlnpL64, false, kFieldCount, 8}};
constexpr Step kLpSteps[] = {{kU16, kIlnpLpPreference}, {kName, kIlnpLp}};
constexpr Step kEui48Steps[] = {{kFixed, kEui48, false, kFieldCount, 6}};
constexpr Step kEui64Steps[] = {{kFixed, kEui64, false, kFieldCount, 8}};
constexpr Step kTkeySteps[] = {{kName, kTkeyAlgoName},
                               {kTime, kTkeySignatureInception},
                               {kTime, kTkeySignatureExpiration},
                               {kU16, kTkeyMode},
                               {kU16, kTkeyError},
                               {kU16, kTkeyKeySize},
                               {kCounted, kTkeyKeyData},
                               {kU16, kTkeyOtherSize},
                               {kCounted, kTkeyOtherData}};

// owner: the Info column repeats the record's owner after its type, as Wireshark does for these.
struct Layout {
  std::uint16_t type;
  std::span<const Step> steps;
  bool owner = false;
};

constexpr Layout kLayouts[] = {
    {1, kASteps},
    {2, kNsSteps},
    {3, kMdSteps, true},
    {4, kMfSteps, true},
    {5, kCnameSteps},
    {6, kSoaSteps},
    {7, kMbSteps, true},
    {8, kMgSteps, true},
    {9, kMrSteps, true},
    {10, kNullSteps, true},
    {12, kPtrSteps},
    {13, kHinfoSteps},
    {14, kMinfoSteps, true},
    {15, kMxSteps},
    {16, kTxtSteps},
    {17, kRpSteps, true},
    {18, kAfsdbSteps, true},
    {19, kX25Steps, true},
    {21, kRtSteps, true},
    {22, kNsapSteps, true},
    {23, kNsapPtrSteps, true},
    {24, kRrsigSteps},
    {26, kPxSteps, true},
    {27, kGposSteps, true},
    {28, kAaaaSteps},
    {30, kNxtSteps},
    {33, kSrvSteps},
    {35, kNaptrSteps},
    {36, kKxSteps},
    {37, kCertSteps},
    {39, kDnameSteps},
    {43, kDsSteps},
    {44, kSshfpSteps},
    {46, kRrsigSteps},
    {47, kNsecSteps},
    {49, kDhcidSteps, true},
    {51, kNsec3ParamSteps, true},
    {52, kTlsaSteps, true},
    {59, kDsSteps},
    {61, kOpenpgpkeySteps},
    {63, kZonemdSteps},
    {99, kSpfSteps},
    {104, kNidSteps},
    {105, kL32Steps},
    {106, kL64Steps},
    {107, kLpSteps},
    {108, kEui48Steps},
    {109, kEui64Steps},
    {249, kTkeySteps},
    {32769, kDsSteps},
};

const Layout* find_layout(std::uint16_t type) {
  const auto* found = std::ranges::lower_bound(kLayouts, type, {}, &Layout::type);
  return found != std::end(kLayouts) && found->type == type ? found : nullptr;
}

// Runs a layout over record data.
class Walker {
 public:
  Walker(const Record& record, Cursor& in, LayerBuilder& out, Line& info)
      : record_(record), in_(in), out_(out), info_(info) {}

  Outcome run(std::span<const Step> steps) {
    for (const Step& step : steps) {
      if (step.kind == kName) {
        const std::size_t start = in_.at();
        if (!name_.read(in_, record_.message)) return name_failure(in_);
        if (step.length != kFieldCount) out_.add(step.length, name_.length(), {});
        out_.add_text(step.field, name_.text(), in_.since(start));
        if (step.in_info) info_ << " " << name_.text();
      } else {
        take(step);
      }
      if (!in_.ok()) return Outcome::kTruncated;
    }
    return Outcome::kDone;
  }

 private:
  void take(const Step& step) {
    switch (step.kind) {
      case kU8: number(step, out_.u8(in_, step.field)); break;
      case kU16: number(step, out_.u16(in_, step.field)); break;
      case kU32: number(step, out_.u32(in_, step.field)); break;
      case kIpv4:
      case kIpv6: address(step); break;
      case kTime: {
        const Bytes where = in_.peek(4);
        const std::uint64_t seconds = in_.u32();
        if (in_.ok()) out_.add(step.field, seconds * 1'000'000'000U, where);
        break;
      }
      case kFixed: out_.bytes(in_, step.field, step.size); break;
      case kCounted:
        if (number_ > 0 || step.field == kNsec3SaltValue)
          out_.bytes(in_, step.field, static_cast<std::size_t>(number_));
        break;
      case kText: text(step); break;
      case kTexts:
        while (in_.left() > 0) text(step);
        break;
      case kRest:
        if (in_.left() > 0) out_.bytes(in_, step.field, in_.left());
        break;
      case kTypes: add_types(in_, out_); break;
      case kBits: add_type_bits(0, in_.take(in_.left()), out_); break;
      case kName: break;  // run() reads names
    }
  }

  void number(const Step& step, std::uint64_t value) {
    number_ = value;
    if (step.in_info && in_.ok()) info_ << " " << value;
  }

  void address(const Step& step) {
    const bool v4 = step.kind == kIpv4;
    const Bytes octets = in_.peek(v4 ? 4 : 16);
    if (v4) {
      out_.ipv4(in_, step.field);
    } else {
      out_.bytes(in_, step.field, 16);
    }
    std::array<char, INET6_ADDRSTRLEN> text;
    if (!step.in_info || !in_.ok()) return;
    if (inet_ntop(v4 ? AF_INET : AF_INET6, octets.data(), text.data(), text.size()) != nullptr)
      info_ << " " << text.data();
  }

  void text(const Step& step) {
    const std::uint8_t length = out_.u8(in_, step.length);
    const Bytes value = out_.bytes(in_, step.field, length);
    if (step.in_info && in_.ok()) info_ << " " << as_text(value);
  }

  const Record& record_;
  Cursor& in_;
  LayerBuilder& out_;
  Line& info_;
  Name name_;
  std::uint64_t number_ = 0;
};

}  // namespace

void add_type_bits(unsigned window, Bytes bits, LayerBuilder& out) {
  for (std::size_t i = 0; i < bits.size() && i < 32; ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((bits[i] & (0x80U >> bit)) != 0) out.add(kRespType, window << 8U | i << 3U | bit, bits.subspan(i, 1));
    }
  }
}

void add_types(Cursor& in, LayerBuilder& out) {
  while (in.left() > 0) {
    const std::uint8_t window = in.u8();
    add_type_bits(window, in.take(in.u8()), out);
  }
}

Outcome dissect_rdata(const Record& record, Cursor& in, LayerBuilder& out, Line& info) {
  if (in.left() == 0) return Outcome::kDone;  // updates name records without their data
  if (const Layout* layout = find_layout(record.type); layout != nullptr) {
    if (layout->owner) info << " " << record.owner;
    return Walker(record, in, out, info).run(layout->steps);
  }
  constexpr std::uint16_t kIsdn = 20, kAplType = 42, kHip = 55;
  if (record.type == kIsdn || record.type == kAplType || record.type == kHip) info << " " << record.owner;
  Outcome outcome = Outcome::kDone;
  if (dissect_special_rdata(record, in, out, &outcome)) return outcome;
  out.mark(kUndecodedType, {});
  out.bytes(in, kData, in.left());
  return Outcome::kDone;
}

}  // namespace pr::dissect::dns
