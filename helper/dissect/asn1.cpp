#include "helper/dissect/asn1.h"

#include <algorithm>
#include <chrono>

namespace pr::dissect::asn1 {
namespace {

std::uint32_t tag_of(const ber::Element& element) { return element.number << 8U | (element.identifier & 0xc0U); }

// Universal numbers that an untagged value of this kind may have; 0: any.
bool universal_fits(Kind kind, const ber::Element& element) {
  if ((element.identifier & 0xc0U) != 0) return false;
  switch (kind) {
    case Kind::kSequence:
    case Kind::kSequenceOf: return element.number == 16 || element.number == 17;
    case Kind::kInteger: return element.number == 2 || element.number == 10;
    case Kind::kBoolean: return element.number == 1;
    case Kind::kBits: return element.number == 3;
    case Kind::kOid: return element.number == 6;
    case Kind::kNull: return element.number == 5;
    case Kind::kEnvelope: return element.number == 4;
    default: return true;
  }
}

int digits(Bytes text, std::size_t at, std::size_t n) {
  int value = 0;
  for (std::size_t i = at; i < at + n; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

bool generalized_time(Bytes contents, std::uint64_t* ns) {
  if (contents.size() < 14) return false;
  const int year = digits(contents, 0, 4), month = digits(contents, 4, 2), day = digits(contents, 6, 2);
  const int hour = digits(contents, 8, 2), minute = digits(contents, 10, 2), second = digits(contents, 12, 2);
  if (year < 0 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0) return false;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return false;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
  *ns = static_cast<std::uint64_t>(seconds) * 1'000'000'000U;
  return true;
}

bool Reader::element(Cursor& in, const Type& type, std::uint16_t field) {
  Cursor ahead = in;
  ber::Element element;
  if (!ber::next(ahead, &element)) return false;
  const bool choice = type.kind == Kind::kChoice;
  if (!choice && !universal_fits(type.kind, element)) return false;
  if (!(choice ? choose(element, type, field) : contents(element, type, field))) return false;
  in = ahead;
  return true;
}

bool Reader::contents(const ber::Element& element, const Type& type, std::uint16_t field) {
  if (depth_ >= kMaxDepth) return false;
  ++depth_;
  bool good = true;
  switch (type.kind) {
    case Kind::kSequence: {
      listener_.begin(field);
      if (field != kNoField) out_.mark(field, element.whole);
      LayerBuilder::Subtree below(out_);
      good = members(element.in(), type);
      break;
    }
    case Kind::kSequenceOf: good = items(element, type, field); break;
    case Kind::kChoice: good = choose(element, type, field); break;
    case Kind::kEnvelope: {
      if (field != kNoField) out_.add(field, element.contents, element.contents);
      LayerBuilder::Subtree below(out_);
      Cursor in = element.in();
      good = this->element(in, *type.members[0].type, type.members[0].field);
      break;
    }
    default: good = scalar(element, type, field); break;
  }
  --depth_;
  return good;
}

bool Reader::member(const ber::Element& element, const Member& member) {
  if (!member.is_explicit) return contents(element, *member.type, member.field);
  Cursor in = element.in();
  return this->element(in, *member.type, member.field);
}

bool Reader::members(Cursor in, const Type& type) {
  std::size_t at = 0;  // members come in order, as a rule
  ber::Element element;
  bool good = true;
  while (ber::next(in, &element)) {
    const std::uint32_t tag = tag_of(element);
    for (std::size_t i = 0; i < type.members.size(); ++i) {
      const Member& candidate = type.members[(at + i) % type.members.size()];
      if (candidate.tag == tag) {
        good = member(element, candidate) && good;
      } else if (candidate.tag == kAnyTag) {
        Cursor whole(element.whole);
        if (!this->element(whole, *candidate.type, candidate.field)) continue;
      } else {
        continue;
      }
      at = (at + i + 1) % type.members.size();
      break;
    }
  }
  return in.ok() && good;
}

bool Reader::choose(const ber::Element& element, const Type& type, std::uint16_t field) {
  if (depth_ >= kMaxDepth) return false;
  const std::uint32_t tag = tag_of(element);
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const Member& candidate = type.members[i];
    if (candidate.tag != tag && candidate.tag != kAnyTag) continue;
    // Members are numbered by their tags, and where those are universal by their order.
    const std::uint64_t number = (tag & 0xc0U) != 0 ? element.number : i;
    if (field != kNoField && !listener_.value(field, type, element.contents, number))
      out_.add(field, number, element.whole);
    LayerBuilder::Subtree below(out_);
    ++depth_;
    const bool good = member(element, candidate);
    --depth_;
    return good;
  }
  return false;
}

bool Reader::items(const ber::Element& element, const Type& type, std::uint16_t field) {
  listener_.begin(field);
  std::size_t count = 0;
  Cursor ahead = element.in();
  for (ber::Element item; ber::next(ahead, &item);) ++count;
  if (field != kNoField && !listener_.value(field, type, element.contents, count))
    out_.add(field, count, element.contents);
  LayerBuilder::Subtree below(out_);
  Cursor in = element.in();
  const Member& item = type.members[0];
  ber::Element one;
  bool good = true;
  while (ber::next(in, &one)) {
    Cursor whole(one.whole);
    good = this->element(whole, *item.type, item.field) && good;
  }
  return in.ok() && good;
}

bool Reader::bits(const ber::Element& element, const Type& type, std::uint16_t field) {
  const Bytes contents = element.contents;
  if (contents.empty() || contents[0] > 7) return false;
  if (type.padding != kNoField) out_.add(type.padding, contents[0], contents.first(1));
  const Bytes octets = contents.subspan(1);
  out_.add(field, octets, octets);
  LayerBuilder::Subtree below(out_);
  for (std::size_t i = 0; type.flags != kNoField && i < type.flag_count && i / 8 < octets.size(); ++i) {
    out_.add(type.flags + i, octets[i / 8] >> (7 - i % 8) & 1U, octets.subspan(i / 8, 1));
  }
  return true;
}

bool Reader::scalar(const ber::Element& element, const Type& type, std::uint16_t field) {
  const Bytes contents = element.contents;
  std::uint64_t number = 0;
  if (type.kind == Kind::kInteger) number = static_cast<std::uint64_t>(ber::signed_integer(contents));
  if (type.kind == Kind::kBoolean) number = !contents.empty() && contents[0] != 0 ? 1 : 0;
  if (type.kind == Kind::kTime && !generalized_time(contents, &number)) return false;
  if (field == kNoField || type.kind == Kind::kSkip || listener_.value(field, type, contents, number)) return true;
  switch (type.kind) {
    case Kind::kInteger:
    case Kind::kBoolean:
    case Kind::kTime: out_.add(field, number, contents); break;
    case Kind::kBits: return bits(element, type, field);
    case Kind::kOid:
      if (out_.wants(field)) out_.add_text(field, ber::OidText(contents).text(), contents);
      break;
    case Kind::kNull: out_.mark(field, element.whole); break;
    default: out_.add(field, contents, contents); break;
  }
  return true;
}

}  // namespace pr::dissect::asn1
