// ASDUs of IEC 60870-5-101 and -104: type, cause, addresses, and the objects whose values are common.
#include <bit>
#include <cstdio>
#include <cstdlib>

#include "helper/dissect/bits.h"
#include "helper/dissect/dissector.h"
#include "shared/base/clock.h"

namespace pr::dissect {
namespace {

constexpr NamedValue kTypeIds[] = {
    {1, "M_SP_NA_1"},   {3, "M_DP_NA_1"},   {5, "M_ST_NA_1"},   {7, "M_BO_NA_1"},   {9, "M_ME_NA_1"},
    {11, "M_ME_NB_1"},  {13, "M_ME_NC_1"},  {15, "M_IT_NA_1"},  {20, "M_PS_NA_1"},  {21, "M_ME_ND_1"},
    {30, "M_SP_TB_1"},  {31, "M_DP_TB_1"},  {32, "M_ST_TB_1"},  {33, "M_BO_TB_1"},  {34, "M_ME_TD_1"},
    {35, "M_ME_TE_1"},  {36, "M_ME_TF_1"},  {37, "M_IT_TB_1"},  {45, "C_SC_NA_1"},  {46, "C_DC_NA_1"},
    {47, "C_RC_NA_1"},  {48, "C_SE_NA_1"},  {49, "C_SE_NB_1"},  {50, "C_SE_NC_1"},  {51, "C_BO_NA_1"},
    {58, "C_SC_TA_1"},  {70, "M_EI_NA_1"},  {100, "C_IC_NA_1"}, {101, "C_CI_NA_1"}, {102, "C_RD_NA_1"},
    {103, "C_CS_NA_1"}, {105, "C_RP_NA_1"}, {107, "C_TS_TA_1"}, {110, "P_ME_NA_1"}, {120, "F_FR_NA_1"},
};
constexpr NamedValue kCauses[] = {
    {1, "Per/Cyc"}, {2, "Back"},     {3, "Spont"},     {4, "Init"},       {5, "Req"},           {6, "Act"},
    {7, "ActCon"},  {8, "Deact"},    {9, "DeactCon"},  {10, "ActTerm"},   {11, "Retrem"},       {12, "Retloc"},
    {13, "File"},   {20, "Inrogen"}, {44, "UkTypeId"}, {45, "UkCauseTx"}, {46, "UkComAdrASDU"}, {47, "UkIOA"}};

enum : std::size_t {
  kTypeid,
  kSq,
  kNumix,
  kCausetx,
  kNega,
  kTest,
  kOa,
  kAddr,
  kIoa,
  kSiq,
  kSiqSpi,
  kSiqBl,
  kSiqSb,
  kSiqNt,
  kSiqIv,
  kDiq,
  kDiqDpi,
  kDiqBl,
  kDiqSb,
  kDiqNt,
  kDiqIv,
  kQds,
  kQdsOv,
  kQdsBl,
  kQdsSb,
  kQdsNt,
  kQdsIv,
  kScalval,
  kFloat,
  kCp56time,
  kCp56timeMs,
  kCp56timeMin,
  kCp56timeGen,
  kCp56timeIv,
  kCp56timeHour,
  kCp56timeSu,
  kCp56timeDay,
  kCp56timeDow,
  kCp56timeMonth,
  kCp56timeYear,
  kQoi,
  kCoi,
  kCoiR,
  kCoiI
};

constexpr FieldDef kFields[] = {
    {"iec60870_asdu.typeid", "TypeId", FieldType::kUint, Show::kDec, 0, kTypeIds},
    {"iec60870_asdu.sq", "SQ", FieldType::kBool},
    {"iec60870_asdu.numix", "NumIx", FieldType::kUint},
    {"iec60870_asdu.causetx", "CauseTx", FieldType::kUint, Show::kDec, 0, kCauses},
    {"iec60870_asdu.nega", "Negative", FieldType::kBool},
    {"iec60870_asdu.test", "Test", FieldType::kBool},
    {"iec60870_asdu.oa", "OA", FieldType::kUint},
    {"iec60870_asdu.addr", "Addr", FieldType::kUint},
    {"iec60870_asdu.ioa", "IOA", FieldType::kUint},
    {"iec60870_asdu.siq", "SIQ", FieldType::kUint, Show::kHex, 8},
    {"iec60870_asdu.siq.spi", "SPI", FieldType::kBool},
    {"iec60870_asdu.siq.bl", "BL", FieldType::kBool},
    {"iec60870_asdu.siq.sb", "SB", FieldType::kBool},
    {"iec60870_asdu.siq.nt", "NT", FieldType::kBool},
    {"iec60870_asdu.siq.iv", "IV", FieldType::kBool},
    {"iec60870_asdu.diq", "DIQ", FieldType::kUint, Show::kHex, 8},
    {"iec60870_asdu.diq.dpi", "DPI", FieldType::kUint},
    {"iec60870_asdu.diq.bl", "BL", FieldType::kBool},
    {"iec60870_asdu.diq.sb", "SB", FieldType::kBool},
    {"iec60870_asdu.diq.nt", "NT", FieldType::kBool},
    {"iec60870_asdu.diq.iv", "IV", FieldType::kBool},
    {"iec60870_asdu.qds", "QDS", FieldType::kUint, Show::kHex, 8},
    {"iec60870_asdu.qds.ov", "OV", FieldType::kBool},
    {"iec60870_asdu.qds.bl", "BL", FieldType::kBool},
    {"iec60870_asdu.qds.sb", "SB", FieldType::kBool},
    {"iec60870_asdu.qds.nt", "NT", FieldType::kBool},
    {"iec60870_asdu.qds.iv", "IV", FieldType::kBool},
    {"iec60870_asdu.scalval", "Value", FieldType::kInt},
    {"iec60870_asdu.float", "Value", FieldType::kDouble},
    {"iec60870_asdu.cp56time", "CP56Time", FieldType::kTime},
    {"iec60870_asdu.cp56time.ms", "MS", FieldType::kUint},
    {"iec60870_asdu.cp56time.min", "Min", FieldType::kUint},
    {"iec60870_asdu.cp56time.gen", "GEN", FieldType::kBool},
    {"iec60870_asdu.cp56time.iv", "IV", FieldType::kBool},
    {"iec60870_asdu.cp56time.hour", "Hour", FieldType::kUint},
    {"iec60870_asdu.cp56time.su", "SU", FieldType::kBool},
    {"iec60870_asdu.cp56time.day", "Day", FieldType::kUint},
    {"iec60870_asdu.cp56time.dow", "DOW", FieldType::kUint},
    {"iec60870_asdu.cp56time.month", "Month", FieldType::kUint},
    {"iec60870_asdu.cp56time.year", "Year", FieldType::kUint},
    {"iec60870_asdu.qoi", "QOI", FieldType::kUint},
    {"iec60870_asdu.coi", "COI", FieldType::kUint, Show::kHex, 8},
    {"iec60870_asdu.coi_r", "R", FieldType::kUint},
    {"iec60870_asdu.coi_i", "I", FieldType::kBool},
};

std::int64_t days_from_civil(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  return date.ok() ? std::chrono::sys_days{date}.time_since_epoch().count() : 0;
}

// Seven octets of binary time. Summer time is an hour ahead.
void stamp(Cursor& in, LayerBuilder& out) {
  const Bytes at = in.peek(7);
  if (at.size() < 7) return in.fail();
  in.skip(7);
  const unsigned ms = at[0] | unsigned{at[1]} << 8U, minute = at[2] & 0x3fU, hour = at[3] & 0x1fU, day = at[4] & 0x1fU,
                 month = at[5] & 0x0fU, year = at[6] & 0x7fU;
  const bool summer = (at[3] & 0x80U) != 0;
  const std::int64_t minutes =
      days_from_civil(static_cast<int>(year) + (year >= 70 ? 1900 : 2000), month, day) * 1440 + hour * 60 + minute;
  const std::int64_t total = (minutes - (summer ? 60 : 0)) * 60'000 + ms;
  out.add(kCp56time, static_cast<std::uint64_t>(total * 1'000'000), at);
  const LayerBuilder::Subtree deeper(out);
  out.add(kCp56timeMs, ms, at.first(2));
  add_bits(out, at[2], at.subspan(2, 1), {{kCp56timeMin, 0, 6}, {kCp56timeGen, 6}, {kCp56timeIv, 7}});
  add_bits(out, at[3], at.subspan(3, 1), {{kCp56timeHour, 0, 5}, {kCp56timeSu, 7}});
  add_bits(out, at[4], at.subspan(4, 1), {{kCp56timeDay, 0, 5}, {kCp56timeDow, 5, 3}});
  add_bits(out, at[5], at.subspan(5, 1), {{kCp56timeMonth, 0, 4}});
  add_bits(out, at[6], at.subspan(6, 1), {{kCp56timeYear, 0, 7}});
}

void quality(Cursor& in, LayerBuilder& out) {
  const Bytes at = in.peek(1);
  const std::uint8_t value = out.u8(in, kQds);
  if (!in.ok()) return;
  const LayerBuilder::Subtree deeper(out);
  add_bits(out, value, at, {{kQdsOv, 0}, {kQdsBl, 4}, {kQdsSb, 5}, {kQdsNt, 6}, {kQdsIv, 7}});
}

void real(Cursor& in, LayerBuilder& out) {
  const Bytes at = in.peek(4);
  const auto value = std::bit_cast<float>(in.u32le());
  if (!in.ok() || !out.wanted()) return;
  char text[40];  // tshark shows single precision with six digits
  std::snprintf(text, sizeof text, "%.6g", double{value});
  out.add(kFloat, std::bit_cast<std::uint64_t>(std::strtod(text, nullptr)), at);
}

// False: values of this type are not read.
bool value(Cursor& in, LayerBuilder& out, std::uint8_t type) {
  const Bytes at = in.peek(1);
  switch (type) {
    case 1:
    case 30: {
      const std::uint8_t octet = out.u8(in, kSiq);
      if (!in.ok()) return false;
      const LayerBuilder::Subtree deeper(out);
      add_bits(out, octet, at, {{kSiqSpi, 0}, {kSiqBl, 4}, {kSiqSb, 5}, {kSiqNt, 6}, {kSiqIv, 7}});
      break;
    }
    case 3:
    case 31: {
      const std::uint8_t octet = out.u8(in, kDiq);
      if (!in.ok()) return false;
      const LayerBuilder::Subtree deeper(out);
      add_bits(out, octet, at, {{kDiqDpi, 0, 2}, {kDiqBl, 4}, {kDiqSb, 5}, {kDiqNt, 6}, {kDiqIv, 7}});
      break;
    }
    case 11:
    case 35: {
      const Bytes where = in.peek(2);
      const auto scaled = static_cast<std::int16_t>(in.u16le());
      if (in.ok()) out.add(kScalval, static_cast<std::uint64_t>(std::int64_t{scaled}), where);
      quality(in, out);
      break;
    }
    case 13:
    case 36:
      real(in, out);
      quality(in, out);
      break;
    case 70: {
      const std::uint8_t octet = out.u8(in, kCoi);
      if (!in.ok()) return false;
      const LayerBuilder::Subtree deeper(out);
      add_bits(out, octet, at, {{kCoiR, 0, 7}, {kCoiI, 7}});
      return true;
    }
    case 100: out.u8(in, kQoi); return true;
    default: return false;
  }
  if (type >= 30) stamp(in, out);
  return in.ok();
}

Outcome dissect_iec60870_asdu(Cursor& in, LayerBuilder& out) {
  const std::uint8_t type = out.u8(in, kTypeid);
  const Bytes second = in.peek(1);
  const std::uint8_t structure = in.u8();
  const Bytes third = in.peek(1);
  const std::uint8_t cause = in.u8();
  if (!in.ok()) return Outcome::kTruncated;
  add_bits(out, structure, second, {{kSq, 7}, {kNumix, 0, 7}});
  add_bits(out, cause, third, {{kCausetx, 0, 6}, {kNega, 6}, {kTest, 7}});
  out.u8(in, kOa);
  out.u16le(in, kAddr);
  if (!in.ok()) return Outcome::kTruncated;
  if (out.wanted()) {
    const bool sequence = (structure & 0x80U) != 0;
    std::uint32_t object = 0;
    for (unsigned i = 0; i < (structure & 0x7fU) && in.left() > 0; ++i) {
      const Bytes at = in.peek(3);
      if (i == 0 || !sequence) {
        object = in.u16le();
        object |= std::uint32_t{in.u8()} << 16U;
        if (!in.ok()) break;
      } else {
        object = (object + 1) & 0xffffffU;
      }
      out.add(kIoa, object, at);
      const LayerBuilder::Subtree deeper(out);
      if (!value(in, out, type)) break;
    }
  }
  const bool whole = in.ok();
  in.skip(in.left());
  return whole ? Outcome::kDone : Outcome::kTruncated;
}

}  // namespace

extern constinit const Dissector iec60870_asdu_dissector{.name = "iec60870_asdu",
                                                         .title = "IEC 60870-5-101/104 ASDU",
                                                         .column = "IEC 60870-5 ASDU",
                                                         .fields = kFields,
                                                         .dissect = &dissect_iec60870_asdu};

}  // namespace pr::dissect
