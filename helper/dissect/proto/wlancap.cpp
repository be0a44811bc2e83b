// AVS header in front of 802.11 frames, revisions 1 and 2.
#include "helper/dissect/dissector.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kSignalNames[] = {{0, "None"}, {1, "Normalized RSSI"}, {2, "dBm"}, {3, "Raw RSSI"}};

enum Field : std::size_t {
  kMagic,
  kVersion,
  kLength,
  kMacTime,
  kHostTime,
  kPhyType,
  kChannel,
  kFrequency,
  kRate,
  kAntenna,
  kPriority,
  kSignalType,
  kNormalSignal,
  kSignal,
  kRawSignal,
  kNormalNoise,
  kNoise,
  kRawNoise,
  kPreamble,
  kEncoding,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"wlancap.magic", "Header magic", FieldType::kUint, Show::kHex, 32},
    {"wlancap.version", "Header revision", FieldType::kUint},
    {"wlancap.length", "Header length", FieldType::kUint},
    {"wlancap.mactime", "MAC timestamp", FieldType::kUint},
    {"wlancap.hosttime", "Host timestamp", FieldType::kUint},
    {"wlancap.phytype", "PHY type", FieldType::kUint},
    {"wlancap.channel", "Channel", FieldType::kUint},
    {"wlancap.channel_frequency", "Channel frequency", FieldType::kUint},
    {"wlancap.data_rate", "Data Rate", FieldType::kUint},
    {"wlancap.antenna", "Antenna", FieldType::kUint},
    {"wlancap.priority", "Priority", FieldType::kUint},
    {"wlancap.ssi_type", "SSI Type", FieldType::kUint, Show::kDec, 0, kSignalNames},
    {"wlancap.normrssi_antsignal", "Normalized RSSI Signal", FieldType::kUint},
    {"wlancap.dbm_antsignal", "SSI Signal (dBm)", FieldType::kInt},
    {"wlancap.rawrssi_antsignal", "Raw RSSI Signal", FieldType::kUint},
    {"wlancap.normrssi_antnoise", "Normalized RSSI Noise", FieldType::kUint},
    {"wlancap.dbm_antnoise", "SSI Noise (dBm)", FieldType::kInt},
    {"wlancap.rawrssi_antnoise", "Raw RSSI Noise", FieldType::kUint},
    {"wlancap.preamble", "Preamble", FieldType::kUint},
    {"wlancap.encoding", "Encoding Type", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 163}};
constexpr std::uint32_t kMagicMask = 0xfffffff0, kMagicValue = 0x80211000;
constexpr std::uint32_t kSmallest = 64, kMaxChannel = 256;
enum SignalType : std::uint32_t { kNormalized = 1, kDbm = 2, kRaw = 3 };

void add_strength(Cursor& in, LayerBuilder& out, std::uint32_t type, std::size_t first) {
  const Bytes where = in.peek(4);
  const std::uint32_t value = in.u32();
  if (!in.ok() || type < kNormalized || type > kRaw) return;
  const auto extended = static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(value)});
  out.add(first + (type - kNormalized), type == kDbm ? extended : value, where);
}

void add_radio(Cursor in, LayerBuilder& out) {
  out.u64(in, kMacTime);
  out.u64(in, kHostTime);
  out.u32(in, kPhyType);
  const Bytes where = in.peek(4);
  const std::uint32_t channel = in.u32();
  if (in.ok()) out.add(channel < kMaxChannel ? kChannel : kFrequency, channel, where);
  const Bytes rate_where = in.peek(4);
  // In units of 100 kbit/s; larger values are bit/s.
  const std::uint64_t rate = in.u32();
  constexpr std::uint64_t kUnit = 100'000;
  if (in.ok()) out.add(kRate, rate < kUnit ? rate * kUnit : rate, rate_where);
  out.u32(in, kAntenna);
  out.u32(in, kPriority);
  const std::uint32_t signal_type = out.u32(in, kSignalType);
  add_strength(in, out, signal_type, kNormalSignal);
  add_strength(in, out, signal_type, kNormalNoise);
  out.u32(in, kPreamble);
  out.u32(in, kEncoding);
}

Outcome dissect_wlancap(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(4);
  const std::uint32_t magic = in.u32();
  if (!in.ok()) return Outcome::kTruncated;
  if ((magic & kMagicMask) != kMagicValue) {
    out.data(in);
    return Outcome::kDone;
  }
  out.add(kMagic, magic >> 4U, where);
  out.add(kVersion, magic & 0xfU, where);
  const std::uint32_t length = out.u32(in, kLength);
  if (!in.ok()) return Outcome::kTruncated;
  if (length < kSmallest) return Outcome::kMalformed;
  constexpr std::uint32_t kRead = 8;
  const Cursor radio = in.sub(length - kRead);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) add_radio(radio, out);
  if (!out.next("wlan_radio", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector wlancap_dissector{.name = "wlancap",
                                                   .title = "AVS WLAN Capture header",
                                                   .column = "WLAN",
                                                   .fields = kFields,
                                                   .binds = kBinds,
                                                   .dissect = &dissect_wlancap};

}  // namespace pr::dissect
