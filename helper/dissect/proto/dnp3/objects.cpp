// Object headers and the objects that they announce (IEEE 1815, clause 11 and annex A).
#include <bit>
#include <cstdio>
#include <cstdlib>

#include "helper/dissect/bits.h"
#include "helper/dissect/proto/dnp3/dnp3.h"
#include "shared/model/value_text.h"

namespace pr::dissect::dnp3 {
namespace {

// What one point of an object holds, in order on the wire.
enum class Shape : std::uint8_t {
  kNothing,  // the header says all (class data)
  kBit,      // packed, eight a octet
  kTwoBits,  // packed, four a octet
  kPoint,    // flags, value, time: see the rest of the description
  kControl,  // control relay output block
  kFile,     // behind a size
  kOctets,   // as many as the variation says
};
enum class Flags : std::uint8_t { kNone, kBinary, kOutput, kCounter, kAnalog, kAnalogOut };
enum class Number : std::uint8_t { kNone, kCounter16, kCounter32, kInt16, kInt32, kFloat, kDouble, kDelay };
enum class Time : std::uint8_t { kNone, kAbsolute, kRelative };

struct Object {
  std::uint16_t id;  // group and variation
  const char* name;
  Shape shape = Shape::kNothing;
  Flags flags = Flags::kNone;
  Number number = Number::kNone;
  Time time = Time::kNone;
  bool status = false;  // of a control, behind the value
};

using enum Shape;
constexpr auto kNo = Flags::kNone;
constexpr auto kNil = Number::kNone;
constexpr auto kAbs = Time::kAbsolute;

constexpr Object kObjects[] = {
    {0x0100, "Binary Input Default Variation"},
    {0x0101, "Single-Bit Binary Input", kBit},
    {0x0102, "Binary Input With Status", kPoint, Flags::kBinary},
    {0x0200, "Binary Input Change Default Variation"},
    {0x0201, "Binary Input Change Without Time", kPoint, Flags::kBinary},
    {0x0202, "Binary Input Change With Time", kPoint, Flags::kBinary, kNil, kAbs},
    {0x0203, "Binary Input Change With Relative Time", kPoint, Flags::kBinary, kNil, Time::kRelative},
    {0x0300, "Double-bit Input Default Variation"},
    {0x0301, "Double-bit Input No Flags", kTwoBits},
    {0x0302, "Double-bit Input With Status", kPoint, Flags::kBinary},
    {0x0400, "Double-bit Input Change Default Variation"},
    {0x0401, "Double-bit Input Change Without Time", kPoint, Flags::kBinary},
    {0x0402, "Double-bit Input Change With Time", kPoint, Flags::kBinary, kNil, kAbs},
    {0x0403, "Double-bit Input Change With Relative Time", kPoint, Flags::kBinary, kNil, Time::kRelative},
    {0x0a00, "Binary Output Default Variation"},
    {0x0a01, "Binary Output", kBit},
    {0x0a02, "Binary Output Status", kPoint, Flags::kOutput},
    {0x0b00, "Binary Output Change Default Variation"},
    {0x0b01, "Binary Output Change Without Time", kPoint, Flags::kOutput},
    {0x0b02, "Binary Output Change With Time", kPoint, Flags::kOutput, kNil, kAbs},
    {0x0c01, "Control Relay Output Block", kControl},
    {0x0c02, "Pattern Control Block", kControl},
    {0x1400, "Binary Counter Default Variation"},
    {0x1401, "32-Bit Binary Counter", kPoint, Flags::kCounter, Number::kCounter32},
    {0x1402, "16-Bit Binary Counter", kPoint, Flags::kCounter, Number::kCounter16},
    {0x1403, "32-Bit Delta Counter", kPoint, Flags::kCounter, Number::kCounter32},
    {0x1404, "16-Bit Delta Counter", kPoint, Flags::kCounter, Number::kCounter16},
    {0x1405, "32-Bit Binary Counter Without Flag", kPoint, kNo, Number::kCounter32},
    {0x1406, "16-Bit Binary Counter Without Flag", kPoint, kNo, Number::kCounter16},
    {0x1500, "Frozen Binary Counter Default Variation"},
    {0x1501, "32-Bit Frozen Binary Counter", kPoint, Flags::kCounter, Number::kCounter32},
    {0x1502, "16-Bit Frozen Binary Counter", kPoint, Flags::kCounter, Number::kCounter16},
    {0x1505, "32-Bit Frozen Counter w/ Time of Freeze", kPoint, Flags::kCounter, Number::kCounter32, kAbs},
    {0x1506, "16-Bit Frozen Counter w/ Time of Freeze", kPoint, Flags::kCounter, Number::kCounter16, kAbs},
    {0x1509, "32-Bit Frozen Binary Counter Without Flag", kPoint, kNo, Number::kCounter32},
    {0x150a, "16-Bit Frozen Binary Counter Without Flag", kPoint, kNo, Number::kCounter16},
    {0x1600, "Binary Counter Change Default Variation"},
    {0x1601, "32-Bit Counter Change Event w/o Time", kPoint, Flags::kCounter, Number::kCounter32},
    {0x1602, "16-Bit Counter Change Event w/o Time", kPoint, Flags::kCounter, Number::kCounter16},
    {0x1605, "32-Bit Counter Change Event with Time", kPoint, Flags::kCounter, Number::kCounter32, kAbs},
    {0x1606, "16-Bit Counter Change Event with Time", kPoint, Flags::kCounter, Number::kCounter16, kAbs},
    {0x1700, "Frozen Binary Counter Change Default Variation"},
    {0x1701, "32-Bit Frozen Counter Change Event", kPoint, Flags::kCounter, Number::kCounter32},
    {0x1702, "16-Bit Frozen Counter Change Event", kPoint, Flags::kCounter, Number::kCounter16},
    {0x1705, "32-Bit Frozen Counter Change Event with Time", kPoint, Flags::kCounter, Number::kCounter32, kAbs},
    {0x1706, "16-Bit Frozen Counter Change Event with Time", kPoint, Flags::kCounter, Number::kCounter16, kAbs},
    {0x1e00, "Analog Input Default Variation"},
    {0x1e01, "32-Bit Analog Input", kPoint, Flags::kAnalog, Number::kInt32},
    {0x1e02, "16-Bit Analog Input", kPoint, Flags::kAnalog, Number::kInt16},
    {0x1e03, "32-Bit Analog Input Without Flag", kPoint, kNo, Number::kInt32},
    {0x1e04, "16-Bit Analog Input Without Flag", kPoint, kNo, Number::kInt16},
    {0x1e05, "32-Bit Floating Point Input", kPoint, Flags::kAnalog, Number::kFloat},
    {0x1e06, "64-Bit Floating Point Input", kPoint, Flags::kAnalog, Number::kDouble},
    {0x1f00, "Frozen Analog Input Default Variation"},
    {0x1f01, "32-Bit Frozen Analog Input", kPoint, Flags::kAnalog, Number::kInt32},
    {0x1f02, "16-Bit Frozen Analog Input", kPoint, Flags::kAnalog, Number::kInt16},
    {0x1f03, "32-Bit Frozen Analog Input w/ Time of Freeze", kPoint, Flags::kAnalog, Number::kInt32, kAbs},
    {0x1f04, "16-Bit Frozen Analog Input w/ Time of Freeze", kPoint, Flags::kAnalog, Number::kInt16, kAbs},
    {0x1f05, "32-Bit Frozen Analog Input Without Flag", kPoint, kNo, Number::kInt32},
    {0x1f06, "16-Bit Frozen Analog Input Without Flag", kPoint, kNo, Number::kInt16},
    {0x2000, "Analog Input Change Default Variation"},
    {0x2001, "32-Bit Analog Change Event w/o Time", kPoint, Flags::kAnalog, Number::kInt32},
    {0x2002, "16-Bit Analog Change Event w/o Time", kPoint, Flags::kAnalog, Number::kInt16},
    {0x2003, "32-Bit Analog Change Event with Time", kPoint, Flags::kAnalog, Number::kInt32, kAbs},
    {0x2004, "16-Bit Analog Change Event with Time", kPoint, Flags::kAnalog, Number::kInt16, kAbs},
    {0x2005, "32-Bit Floating Point Change Event w/o Time", kPoint, Flags::kAnalog, Number::kFloat},
    {0x2006, "64-Bit Floating Point Change Event w/o Time", kPoint, Flags::kAnalog, Number::kDouble},
    {0x2007, "32-Bit Floating Point Change Event w/ Time", kPoint, Flags::kAnalog, Number::kFloat, kAbs},
    {0x2008, "64-Bit Floating Point Change Event w/ Time", kPoint, Flags::kAnalog, Number::kDouble, kAbs},
    {0x2800, "Analog Output Default Variation"},
    {0x2801, "32-Bit Analog Output Status", kPoint, Flags::kAnalogOut, Number::kInt32},
    {0x2802, "16-Bit Analog Output Status", kPoint, Flags::kAnalogOut, Number::kInt16},
    {0x2803, "32-Bit Floating Point Output Status", kPoint, Flags::kAnalogOut, Number::kFloat},
    {0x2804, "64-Bit Floating Point Output Status", kPoint, Flags::kAnalogOut, Number::kDouble},
    {0x2900, "Analog Output Default Variation"},
    {0x2901, "32-Bit Analog Output Block", kPoint, kNo, Number::kInt32, Time::kNone, true},
    {0x2902, "16-Bit Analog Output Block", kPoint, kNo, Number::kInt16, Time::kNone, true},
    {0x2903, "32-Bit Floating Point Output Block", kPoint, kNo, Number::kFloat, Time::kNone, true},
    {0x2904, "64-Bit Floating Point Output Block", kPoint, kNo, Number::kDouble, Time::kNone, true},
    {0x2a00, "Analog Output Event Default Variation"},
    {0x2a01, "32-Bit Analog Output Event w/o Time", kPoint, Flags::kAnalogOut, Number::kInt32},
    {0x2a02, "16-Bit Analog Output Event w/o Time", kPoint, Flags::kAnalogOut, Number::kInt16},
    {0x2a03, "32-Bit Analog Output Event with Time", kPoint, Flags::kAnalogOut, Number::kInt32, kAbs},
    {0x2a04, "16-Bit Analog Output Event with Time", kPoint, Flags::kAnalogOut, Number::kInt16, kAbs},
    {0x3201, "Time and Date", kPoint, kNo, kNil, kAbs},
    {0x3203, "Last Recorded Time and Date", kPoint, kNo, kNil, kAbs},
    {0x3301, "Time and Date CTO", kPoint, kNo, kNil, kAbs},
    {0x3302, "Unsynchronized Time and Date CTO", kPoint, kNo, kNil, kAbs},
    {0x3401, "Time Delay - Coarse", kPoint, kNo, Number::kDelay},
    {0x3402, "Time Delay - Fine", kPoint, kNo, Number::kDelay},
    {0x3c01, "Class 0 Data"},
    {0x3c02, "Class 1 Data"},
    {0x3c03, "Class 2 Data"},
    {0x3c04, "Class 3 Data"},
    {0x4603, "File Control - File Command", kFile},
    {0x4604, "File Control - File Status", kFile},
    {0x4605, "File Control - File Transport", kFile},
    {0x4606, "File Control - File Transport Status", kFile},
    {0x5001, "Internal Indications", kBit},
};

const Object* find(std::uint16_t id) {
  for (const Object& object : kObjects) {
    if (object.id == id) return &object;
  }
  return nullptr;
}

constexpr std::size_t kMaxPoints = 65536;  // of one header; what is read is bounded by the octets that there are

// tshark shows single precision with six digits: the number that those six digits are.
double shown(float value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", double{value});
  return std::strtod(text, nullptr);
}

std::uint64_t read_width(Cursor& in, LayerBuilder& out, std::size_t field, std::size_t width) {
  if (width == 1) return out.u8(in, field);
  if (width == 2) return out.u16le(in, field);
  return out.u32le(in, field);
}

void timestamp(Cursor& in, LayerBuilder& out) {
  const Bytes at = in.peek(6);
  const std::uint64_t low = in.u32le(), high = in.u16le();
  if (in.ok()) out.add(kAlTimestamp, (high << 32U | low) * 1'000'000U, at);
}

void flags(Cursor& in, LayerBuilder& out, Flags kind) {
  static constexpr std::size_t kFirst[] = {0, kAlBiqB0, kAlBoqB0, kAlCtrqB0, kAlAiqB0, kAlAoqB0};
  const std::size_t first = kFirst[static_cast<std::size_t>(kind)];
  const Bytes at = in.peek(1);
  const std::uint8_t value = in.u8();
  if (!in.ok()) return;
  for (std::size_t bit = 8; bit-- > 0;) out.add(first + bit, value >> bit & 1U, at);
}

void number(Cursor& in, LayerBuilder& out, Number kind, bool output) {
  const Bytes at = in.peek(kind == Number::kDouble ? 8 : 4);
  const auto integer = [&](std::int64_t value, std::size_t width) {
    if (in.ok()) out.add(output ? kAlAnaoutInt : kAlAnaInt, static_cast<std::uint64_t>(value), at.first(width));
  };
  const auto real = [&](double value, std::size_t field) {
    if (in.ok()) out.add(field, std::bit_cast<std::uint64_t>(value), at);
  };
  switch (kind) {
    case Number::kNone: return;
    case Number::kCounter16: out.u16le(in, kAlCnt); return;
    case Number::kCounter32: out.u32le(in, kAlCnt); return;
    case Number::kInt16: return integer(static_cast<std::int16_t>(in.u16le()), 2);
    case Number::kInt32: return integer(static_cast<std::int32_t>(in.u32le()), 4);
    case Number::kFloat: return real(shown(std::bit_cast<float>(in.u32le())), output ? kAlAnaoutFloat : kAlAnaFloat);
    case Number::kDouble: return real(std::bit_cast<double>(in.u64le()), output ? kAlAnaoutDouble : kAlAnaDouble);
    case Number::kDelay: out.u16le(in, kAlTimeDelay); return;
  }
}

void control_status(Cursor& in, LayerBuilder& out) {
  const Bytes at = in.peek(1);
  const std::uint8_t status = in.u8();
  if (in.ok()) out.add(kAlCtrlstatus, status & 0x7fU, at);
}

void control(Cursor& in, LayerBuilder& out) {
  const Bytes at = in.peek(1);
  const std::uint8_t code = in.u8();
  if (in.ok()) add_bits(out, code, at, {{kCtlOp, 0, 4}, {kCtlClr, 4, 2}, {kCtlTrip, 6, 2}});
  out.u8(in, kAlCount);
  out.u32le(in, kAlOnTime);
  out.u32le(in, kAlOffTime);
  control_status(in, out);
}

void file(Cursor in, LayerBuilder& out, std::uint16_t id) {
  switch (id) {
    case 0x4603: {
      out.u16le(in, kAlFileStringOffset);
      const std::uint16_t size = out.u16le(in, kAlFileStringLength);
      const Bytes times = in.take(8);  // creation and permissions: of no meaning when a file is read
      const Bytes auth = in.take(4), length = in.take(4);
      Cursor mode(in.peek(2));
      const std::uint16_t how = mode.u16le();
      if (how == 2 || how == 3) {
        Cursor time(times);
        timestamp(time, out);
      }
      if (how == 0 || how == 1) {
        Cursor key(auth);
        out.u32le(key, kAlFileAuth);
      }
      if (how == 2 || how == 3) {
        Cursor octets(length);
        out.u32le(octets, kAlFileSize);
      }
      out.u16le(in, kAlFileMode);
      out.u16le(in, kAlFileMaxblock);
      out.u16le(in, kAlFileReqID);
      out.bytes(in, kAlFileName, size);
      return;
    }
    case 0x4604:
      out.u32le(in, kAlFileHandle);
      out.u32le(in, kAlFileSize);
      out.u16le(in, kAlFileMaxblock);
      out.u16le(in, kAlFileReqID);
      out.u8(in, kAlFileStatus);
      return;
    default: {
      out.u32le(in, kAlFileHandle);
      const Bytes at = in.peek(4);
      const std::uint32_t block = in.u32le();
      if (in.ok()) {
        out.add(kAlFileBlocknum, block & 0x7fffffffU, at);
        out.add(kAlFileLastblock, block >> 31U, at);
      }
      if (id == 0x4606) {
        out.u8(in, kAlFileStatus);
      } else if (in.left() > 0) {
        out.bytes(in, kAlFileData, in.left());
      }
    }
  }
}

// How many points a header announces, and the number of the first.
struct Range {
  std::uint64_t first = 0, count = 0;
};

Range range(Cursor& in, LayerBuilder& out, unsigned code) {
  static constexpr std::size_t kWidths[] = {1, 2, 4, 1, 2, 4, 0, 1, 2, 4};
  Range made;
  if (code <= 2) {
    made.first = read_width(in, out, kAlRangeStart, kWidths[code]);
    const std::uint64_t last = read_width(in, out, kAlRangeStop, kWidths[code]);
    if (last >= made.first) made.count = last - made.first + 1;
  } else if (code <= 5) {
    made.first = read_width(in, out, kAlRangeAbs, kWidths[code]);
    made.count = 1;
  } else if (code >= 7 && code <= 9) {
    made.count = read_width(in, out, kAlRangeQuantity, kWidths[code]);
  } else if (code == 11) {
    made.count = in.u8();
  }
  return made;
}

// Returns the size that a prefix gave, or 0.
std::uint64_t prefix(Cursor& in, LayerBuilder& out, unsigned code, std::uint64_t point) {
  static constexpr std::size_t kWidths[] = {0, 1, 2, 4, 1, 2, 4, 0};
  if (code == 0 || code > 6) {
    out.add(kAlPointIndex, point, {});
    return 0;
  }
  const std::uint64_t value = read_width(in, out, code <= 3 ? kAlIndex : kAlSize, kWidths[code]);
  return code <= 3 ? 0 : value;
}

void packed(Cursor& in, LayerBuilder& out, Range points, unsigned code, unsigned width) {
  const unsigned per_octet = 8 / width;
  for (std::uint64_t i = 0; i < points.count && i < kMaxPoints && in.left() > 0; ++i) {
    prefix(in, out, code, points.first + i);
    const Bytes at = in.peek(1);
    if (at.empty()) return in.fail();
    const unsigned shift = static_cast<unsigned>(i % per_octet) * width;
    out.add(width == 1 ? kAlBit : kAl2bit, at[0] >> shift & ((1U << width) - 1U), at);
    if (i % per_octet == per_octet - 1 || i + 1 == points.count || code != 0) in.skip(1);
  }
}

void points(Cursor& in, LayerBuilder& out, const Object& object, Range all, unsigned code) {
  const bool output = object.id >> 8U == 0x28 || object.id >> 8U == 0x29 || object.id >> 8U == 0x2a;
  for (std::uint64_t i = 0; i < all.count && i < kMaxPoints && in.left() > 0; ++i) {
    const std::uint64_t size = prefix(in, out, code, all.first + i);
    if (object.shape == kControl) {
      control(in, out);
    } else if (object.shape == kFile) {
      file(in.sub(size), out, object.id);
    } else {
      if (object.flags != Flags::kNone) flags(in, out, object.flags);
      number(in, out, object.number, output);
      if (object.status) control_status(in, out);
      if (object.time == Time::kAbsolute) timestamp(in, out);
      if (object.time == Time::kRelative) {
        const Bytes at = in.peek(2);
        const std::uint64_t ms = in.u16le();
        if (in.ok()) out.add(kAlReltimestamp, ms * 1'000'000U, at);
      }
    }
  }
}

// False: nobody knows how long the object is, so nothing behind it can be read.
bool one_object(Cursor& in, LayerBuilder& out, bool heads_only) {
  const std::uint16_t id = out.u16(in, kAlObj);
  const LayerBuilder::Subtree deeper(out);
  const Bytes at = in.peek(1);
  const std::uint8_t qualifier = in.u8();
  if (!in.ok()) return false;
  const unsigned prefix_code = qualifier >> 4U & 7U, range_code = qualifier & 15U;
  out.add(kAlObjqPrefix, prefix_code, at);
  out.add(kAlObjqRange, range_code, at);
  const Object* object = find(id);
  const bool octets = id >> 8U == 110 || id >> 8U == 111;
  if (object == nullptr && !octets) return false;
  const Range all = range(in, out, range_code);
  if (heads_only) {
    for (std::uint64_t i = 0; prefix_code != 0 && i < all.count && in.left() > 0; ++i) prefix(in, out, prefix_code, 0);
    return in.ok();
  }
  if (octets) {
    for (std::uint64_t i = 0; (id & 0xffU) != 0 && i < all.count && in.left() > 0; ++i) {
      prefix(in, out, prefix_code, all.first + i);
      out.bytes(in, kAlOctetString, id & 0xffU);
    }
    return in.ok();
  }
  if (object->shape == kBit) packed(in, out, all, prefix_code, 1);
  if (object->shape == kTwoBits) packed(in, out, all, prefix_code, 2);
  if (object->shape == kPoint || object->shape == kControl || object->shape == kFile)
    points(in, out, *object, all, prefix_code);
  return in.ok();
}

}  // namespace

std::string_view object_name(std::uint16_t id) {
  const Object* object = find(id);
  return object == nullptr ? std::string_view() : object->name;
}

void dissect_objects(Cursor& in, LayerBuilder& out, bool heads_only) {
  while (in.left() >= 3) {
    if (!one_object(in, out, heads_only)) return;
  }
}

}  // namespace pr::dissect::dnp3
