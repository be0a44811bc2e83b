// What is known of the reception of an 802.11 frame, whichever header told it.
#include <bit>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/wlan_radio/radio.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kPhyNames[] = {
    {1, "802.11 FHSS"}, {4, "802.11b (HR/DSSS)"}, {5, "802.11a (OFDM)"}, {6, "802.11g (ERP)"}};

enum Field : std::size_t {
  kPhy,
  kShortPreamble,
  kDataRate,
  kChannel,
  kFrequency,
  kSignalDb,
  kSignalDbm,
  kNoiseDbm,
  kSnr,
  kTimestamp,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"wlan_radio.phy", "PHY type", FieldType::kUint, Show::kDec, 0, kPhyNames},
    {"wlan_radio.short_preamble", "Short preamble", FieldType::kBool},
    {"wlan_radio.data_rate", "Data rate", FieldType::kDouble},
    {"wlan_radio.channel", "Channel", FieldType::kUint},
    {"wlan_radio.frequency", "Frequency", FieldType::kUint},
    {"wlan_radio.signal_db", "Signal strength (dB)", FieldType::kUint},
    {"wlan_radio.signal_dbm", "Signal strength (dBm)", FieldType::kInt},
    {"wlan_radio.noise_dbm", "Noise level (dBm)", FieldType::kInt},
    {"wlan_radio.snr", "Signal/noise ratio (dB)", FieldType::kInt},
    {"wlan_radio.timestamp", "TSF timestamp", FieldType::kUint},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr std::uint16_t kCck = 0x20, kOfdm = 0x40, k2Ghz = 0x80, k5Ghz = 0x100, kDynamic = 0x400;

unsigned phy_of(std::uint16_t flags) {
  const unsigned kind = flags & (kCck | kOfdm | k2Ghz | k5Ghz | kDynamic);
  if (kind == (k5Ghz | kOfdm)) return 5;
  if (kind == (k2Ghz | kCck)) return 4;
  return kind == (k2Ghz | kOfdm) || kind == (k2Ghz | kDynamic) ? 6 : 0;
}

void add(LayerBuilder& out, std::size_t field, std::int64_t value) {
  out.add(field, static_cast<std::uint64_t>(value), Bytes{});
}

void add_fields(const RadioInfo& info, LayerBuilder& out) {
  if (const unsigned phy = phy_of(info.channel_flags); phy != 0) add(out, kPhy, phy);
  if (info.short_preamble) add(out, kShortPreamble, *info.short_preamble ? 1 : 0);
  if (info.half_megabits) out.add(kDataRate, std::bit_cast<std::uint64_t>(*info.half_megabits / 2.0), Bytes{});
  if (const unsigned channel = info.channel(); channel != 0) add(out, kChannel, channel);
  if (info.frequency != 0) add(out, kFrequency, info.frequency);
  if (info.signal_db) add(out, kSignalDb, *info.signal_db);
  if (info.signal_dbm) add(out, kSignalDbm, *info.signal_dbm);
  if (info.noise_dbm) add(out, kNoiseDbm, *info.noise_dbm);
  if (info.signal_dbm && info.noise_dbm) add(out, kSnr, *info.signal_dbm - *info.noise_dbm);
  if (info.timestamp) out.add(kTimestamp, *info.timestamp, Bytes{});
}

Outcome dissect_wlan_radio(Cursor& in, LayerBuilder& out) {
  if (out.wanted()) {
    add_fields(radio_info(out.packet()), out);
    out.layer_length(0);
  }
  if (!out.next("wlan", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector wlan_radio_dissector{
    .name = "wlan_radio", .title = "802.11 radio information", .fields = kFields, .dissect = &dissect_wlan_radio};

}  // namespace pr::dissect
