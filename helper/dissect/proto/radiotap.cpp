// Radiotap, the header that systems put in front of captured 802.11 frames (radiotap.org).
#include <bit>

#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/wlan_radio/radio.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kVersion,
  kPad,
  kLength,
  kPresent,
  kPresentWord,
  kPresentFirst,
  kPresentLast = kPresentFirst + 28,
  kMactime,
  kFlags,
  kFlagCfp,
  kFlagPreamble,
  kFlagWep,
  kFlagFrag,
  kFlagFcs,
  kFlagDataPad,
  kFlagBadFcs,
  kFlagShortGi,
  kDataRate,
  kChannelFreq,
  kChannelFlags,
  kChannelFirst,
  kChannelLast = kChannelFirst + 14,
  kAntSignal,
  kAntNoise,
  kQuality,
  kTxPower,
  kAntenna,
  kDbAntSignal,
  kDbAntNoise,
  kRxFlags,
  kRxBadPlcp,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"radiotap.version", "Header revision", FieldType::kUint},
    {"radiotap.pad", "Header pad", FieldType::kUint},
    {"radiotap.length", "Header length", FieldType::kUint},
    {"radiotap.present", "Present flags", FieldType::kNone},
    {"radiotap.present.word", "Present flags word", FieldType::kUint, Show::kHex, 32},
    {"radiotap.present.tsft", "TSFT", FieldType::kBool},
    {"radiotap.present.flags", "Flags", FieldType::kBool},
    {"radiotap.present.rate", "Rate", FieldType::kBool},
    {"radiotap.present.channel", "Channel", FieldType::kBool},
    {"radiotap.present.fhss", "FHSS", FieldType::kBool},
    {"radiotap.present.dbm_antsignal", "dBm Antenna Signal", FieldType::kBool},
    {"radiotap.present.dbm_antnoise", "dBm Antenna Noise", FieldType::kBool},
    {"radiotap.present.lock_quality", "Lock Quality", FieldType::kBool},
    {"radiotap.present.tx_attenuation", "TX Attenuation", FieldType::kBool},
    {"radiotap.present.db_tx_attenuation", "dB TX Attenuation", FieldType::kBool},
    {"radiotap.present.dbm_tx_power", "dBm TX Power", FieldType::kBool},
    {"radiotap.present.antenna", "Antenna", FieldType::kBool},
    {"radiotap.present.db_antsignal", "dB Antenna Signal", FieldType::kBool},
    {"radiotap.present.db_antnoise", "dB Antenna Noise", FieldType::kBool},
    {"radiotap.present.rxflags", "RX flags", FieldType::kBool},
    {"radiotap.present.txflags", "TX flags", FieldType::kBool},
    {"radiotap.present.data_retries", "data retries", FieldType::kBool},
    {"radiotap.present.xchannel", "Channel+", FieldType::kBool},
    {"radiotap.present.mcs", "MCS information", FieldType::kBool},
    {"radiotap.present.ampdu", "A-MPDU Status", FieldType::kBool},
    {"radiotap.present.vht", "VHT information", FieldType::kBool},
    {"radiotap.present.timestamp", "frame timestamp", FieldType::kBool},
    {"radiotap.present.he", "HE information", FieldType::kBool},
    {"radiotap.present.he_mu", "HE-MU information", FieldType::kBool},
    {"radiotap.present.0_length.psdu", "0 Length PSDU", FieldType::kBool},
    {"radiotap.present.l_sig", "L-SIG", FieldType::kBool},
    {"radiotap.present.tlv", "TLVs", FieldType::kBool},
    {"radiotap.present.rtap_ns", "Radiotap NS next", FieldType::kBool},
    {"radiotap.present.vendor_ns", "Vendor NS next", FieldType::kBool},
    {"radiotap.mactime", "MAC timestamp", FieldType::kUint},
    {"radiotap.flags", "Flags", FieldType::kUint, Show::kHex, 8},
    {"radiotap.flags.cfp", "CFP", FieldType::kBool},
    {"radiotap.flags.preamble", "Preamble", FieldType::kBool},
    {"radiotap.flags.wep", "WEP", FieldType::kBool},
    {"radiotap.flags.frag", "Fragmentation", FieldType::kBool},
    {"radiotap.flags.fcs", "FCS at end", FieldType::kBool},
    {"radiotap.flags.datapad", "Data Pad", FieldType::kBool},
    {"radiotap.flags.badfcs", "Bad FCS", FieldType::kBool},
    {"radiotap.flags.shortgi", "Short GI", FieldType::kBool},
    {"radiotap.datarate", "Data rate (Mb/s)", FieldType::kDouble},
    {"radiotap.channel.freq", "Channel frequency", FieldType::kUint},
    {"radiotap.channel.flags", "Channel flags", FieldType::kUint, Show::kHex, 16},
    {"radiotap.channel.flags.700mhz", "700 MHz spectrum", FieldType::kBool},
    {"radiotap.channel.flags.800mhz", "800 MHz spectrum", FieldType::kBool},
    {"radiotap.channel.flags.900mhz", "900 MHz spectrum", FieldType::kBool},
    {"radiotap.channel.flags.turbo", "Turbo", FieldType::kBool},
    {"radiotap.channel.flags.cck", "Complementary Code Keying (CCK)", FieldType::kBool},
    {"radiotap.channel.flags.ofdm", "Orthogonal Frequency-Division Multiplexing (OFDM)", FieldType::kBool},
    {"radiotap.channel.flags.2ghz", "2 GHz spectrum", FieldType::kBool},
    {"radiotap.channel.flags.5ghz", "5 GHz spectrum", FieldType::kBool},
    {"radiotap.channel.flags.passive", "Passive", FieldType::kBool},
    {"radiotap.channel.flags.dynamic", "Dynamic CCK-OFDM", FieldType::kBool},
    {"radiotap.channel.flags.gfsk", "Gaussian Frequency Shift Keying (GFSK)", FieldType::kBool},
    {"radiotap.channel.flags.gsm", "GSM (900MHz)", FieldType::kBool},
    {"radiotap.channel.flags.sturbo", "Static Turbo", FieldType::kBool},
    {"radiotap.channel.flags.half", "Half Rate Channel (10MHz Channel Width)", FieldType::kBool},
    {"radiotap.channel.flags.quarter", "Quarter Rate Channel (5MHz Channel Width)", FieldType::kBool},
    {"radiotap.dbm_antsignal", "Antenna signal", FieldType::kInt},
    {"radiotap.dbm_antnoise", "Antenna noise", FieldType::kInt},
    {"radiotap.quality", "Signal Quality", FieldType::kUint},
    {"radiotap.txpower", "Transmit power", FieldType::kInt},
    {"radiotap.antenna", "Antenna", FieldType::kUint},
    {"radiotap.db_antsignal", "dB antenna signal", FieldType::kUint},
    {"radiotap.db_antnoise", "dB antenna noise", FieldType::kUint},
    {"radiotap.rxflags", "RX flags", FieldType::kUint, Show::kHex, 16},
    {"radiotap.rxflags.badplcp", "Bad PLCP", FieldType::kBool},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"link", 127}};
constexpr std::uint32_t kMorePresent = 0x80000000U;
// The bits that the fields of a presence word stand for, and those of a channel's flags.
constexpr std::uint8_t kPresentBits[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                                         15, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30};
static_assert(std::size(kPresentBits) == kPresentLast - kPresentFirst + 1);
constexpr std::uint8_t kChannelBits[] = {0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static_assert(std::size(kChannelBits) == kChannelLast - kChannelFirst + 1);

void add_bits(LayerBuilder& out, std::uint32_t word, Bytes where, std::size_t first,
              std::span<const std::uint8_t> bits) {
  LayerBuilder::Subtree below(out);
  for (std::size_t i = 0; i < bits.size(); ++i) out.add(first + i, word >> bits[i] & 1U, where);
}

void add_signed(LayerBuilder& out, std::size_t field, Cursor& in) {
  const Bytes where = in.peek(1);
  const auto value = static_cast<std::int8_t>(in.u8());
  out.add(field, static_cast<std::uint64_t>(std::int64_t{value}), where);
}

void add_flags(Cursor& in, LayerBuilder& out) {
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kFlags);
  LayerBuilder::Subtree below(out);
  for (std::size_t bit = 0; bit < 8; ++bit) out.add(kFlagCfp + bit, flags >> bit & 1U, where);
}

void add_field(unsigned bit, Cursor in, LayerBuilder& out) {
  const Bytes where = in.rest();
  switch (bit) {
    case 0: out.u64le(in, kMactime); break;
    case 1: add_flags(in, out); break;
    case 2: out.add(kDataRate, std::bit_cast<std::uint64_t>(in.u8() / 2.0), where); break;
    case 3:
      out.u16le(in, kChannelFreq);
      add_bits(out, out.u16le(in, kChannelFlags), where.subspan(2), kChannelFirst, kChannelBits);
      break;
    case 5: add_signed(out, kAntSignal, in); break;
    case 6: add_signed(out, kAntNoise, in); break;
    case 7: out.u16le(in, kQuality); break;
    case 10: add_signed(out, kTxPower, in); break;
    case 11: out.u8(in, kAntenna); break;
    case 12: out.u8(in, kDbAntSignal); break;
    case 13: out.u8(in, kDbAntNoise); break;
    case 14: {
      const std::uint16_t flags = out.u16le(in, kRxFlags);
      LayerBuilder::Subtree below(out);
      out.add(kRxBadPlcp, flags >> 1U & 1U, where);
      break;
    }
    default: break;
  }
}

// Presence words: the last has no bit 31. The first one's fields follow behind all of them.
std::uint32_t add_present(Cursor& in, LayerBuilder& out) {
  out.mark(kPresent, in.peek(4));
  LayerBuilder::Subtree below(out);
  std::uint32_t first = 0;
  std::uint32_t word = kMorePresent;
  for (bool begun = false; (word & kMorePresent) != 0 && in.left() >= 4; begun = true) {
    const Bytes where = in.peek(4);
    word = out.u32le(in, kPresentWord);
    if (begun) continue;
    add_bits(out, word, where, kPresentFirst, kPresentBits);
    first = word;
  }
  return first;
}

void add_header(Cursor in, LayerBuilder& out) {
  out.u8(in, kVersion);
  out.u8(in, kPad);
  out.u16le(in, kLength);
  const std::uint32_t present = add_present(in, out);
  for (unsigned bit = 0; bit < std::size(kRadiotapSizes); ++bit) {
    if ((present >> bit & 1U) == 0) continue;
    const RadiotapSize field = kRadiotapSizes[bit];
    in.skip((field.align - in.at() % field.align) % field.align);
    const Cursor value = in.sub(field.size);
    if (!in.ok()) return;
    add_field(bit, value, out);
  }
}

Outcome dissect_radiotap(Cursor& in, LayerBuilder& out) {
  Cursor head = in;
  head.skip(2);
  const std::uint16_t length = head.u16le();
  constexpr std::uint16_t kMinLength = 8;
  if (!head.ok() || length < kMinLength || length > in.left()) return Outcome::kTruncated;
  Cursor header = in.sub(length);
  if (out.wanted()) add_header(header, out);
  if (!out.next("wlan_radio", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector radiotap_dissector{.name = "radiotap",
                                                    .title = "IEEE 802.11 Radiotap Capture header",
                                                    .fields = kFields,
                                                    .binds = kBinds,
                                                    .dissect = &dissect_radiotap};

}  // namespace pr::dissect
