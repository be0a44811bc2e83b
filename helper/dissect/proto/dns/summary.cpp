#include "helper/dissect/proto/dns/summary.h"

#include <algorithm>
#include <cstring>

namespace pr::dissect::dns {
namespace {

constexpr std::uint16_t kResponse = 0x8000;
enum : std::uint16_t {
  kTypeA = 1,
  kTypeNs = 2,
  kTypeCname = 5,
  kTypePtr = 12,
  kTypeMx = 15,
  kTypeTxt = 16,
  kTypeAaaa = 28,
  kTypeSrv = 33
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

void Summary::header(std::uint16_t id, std::uint16_t flags, std::uint16_t answers) {
  id_ = id;
  flags_ = flags;
  if ((flags & kResponse) == 0) return;
  item(kFlagsRcode, Value::of(std::uint64_t{flags & 0x000fU}));
  item(kCountAnswers, Value::of(std::uint64_t{answers}));
}

void Summary::question(std::string_view name, std::uint16_t type) {
  const std::string_view kept = keep(name);
  if (!asked_) {
    asked_ = true;
    name_ = kept;
    type_ = type;
  }
  if (!kept.empty()) item(kQryName, Value::of(as_bytes(kept)));
  item(kQryType, Value::of(std::uint64_t{type}));
}

void Summary::answer(const Record& record, Bytes data) {
  if (!asked_ && owner_.empty()) owner_ = keep(record.owner);
  Cursor in(data);
  Name name;
  const auto add = [&](Field field, std::size_t before) {
    in.skip(before);
    if (!name.read(in, record.message)) return std::string_view{};
    const std::string_view kept = keep(name.text());
    if (!kept.empty()) item(field, Value::of(as_bytes(kept)));
    return kept;
  };
  switch (record.type) {
    case kTypeA:
    case kTypeAaaa: {
      const bool v4 = record.type == kTypeA;
      const Bytes octets = in.take(v4 ? 4 : 16);
      if (!in.ok()) break;
      const IpAddress address = IpAddress::from(octets);
      item(v4 ? kA : kAaaa, v4 ? Value::of(std::uint64_t{address.v4_value()}) : Value::of(octets));
      if (answers_used_ == kMaxAnswers) break;
      const std::string_view owner = same_name(record.owner, name_) ? name_ : keep(record.owner);
      if (!owner.empty()) answers_[answers_used_++] = {.name = owner, .address = address, .ttl = record.ttl};
      break;
    }
    case kTypeCname: {
      const std::string_view target = add(kCname, 0);
      const std::string_view owner = same_name(record.owner, name_) ? name_ : keep(record.owner);
      if (!target.empty() && !owner.empty() && aliases_used_ < kMaxAliases) aliases_[aliases_used_++] = {owner, target};
      break;
    }
    case kTypeNs: add(kNs, 0); break;
    case kTypePtr: add(kPtrDomainName, 0); break;
    case kTypeMx: add(kMxMailExchange, 2); break;
    case kTypeSrv: add(kSrvTarget, 6); break;
    case kTypeTxt: {
      const Bytes text = in.take(in.u8());
      if (in.ok()) item(kTxt, Value::of(text));
      break;
    }
    default: break;
  }
}

void Summary::tell(LayerBuilder& out, std::string_view info) const {
  const bool response = (flags_ & kResponse) != 0;
  if (response && answers_used_ > 0) {
    std::array<NameAnswer, kMaxAnswers> answers;
    for (std::size_t i = 0; i < answers_used_; ++i) {
      answers[i] = answers_[i];
      answers[i].name = asked_for(answers_[i].name);
    }
    out.observer().name_answers({answers.data(), answers_used_});
  }
  out.message({.role = response ? Message::Role::kResponse : Message::Role::kRequest,
               .id = out.passed() != 0 ? out.passed() : transaction(),
               .name = asked_ ? name_ : owner_,
               .summary = info,
               .status = response ? flags_ & 0x000f : -1,
               .items = {items_.data(), items_used_}});
}

void Summary::item(Field field, Value value) {
  if (items_used_ < kMaxItems) items_[items_used_++] = {field, value};
}

std::string_view Summary::keep(std::string_view text) {
  if (text.size() > text_.size() - text_used_) return {};
  char* copy = text_.data() + text_used_;
  std::memcpy(copy, text.data(), text.size());
  text_used_ += text.size();
  return {copy, text.size()};
}

// Follows the aliases back from an owner to the name that was asked for. An owner that no chain leads to stands for
// itself. Bounded by the number of aliases, so a circle ends too.
std::string_view Summary::asked_for(std::string_view owner) const {
  std::string_view at = owner;
  for (std::size_t hops = 0; hops < aliases_used_ && !same_name(at, name_); ++hops) {
    const auto* const end = aliases_.data() + aliases_used_;
    const auto* found = std::find_if(aliases_.data(), end, [at](const Alias& a) { return same_name(a.target, at); });
    if (found == end) return owner;
    at = found->owner;
  }
  return same_name(at, name_) ? name_ : owner;
}

// Ids repeat (16 bits), and some servers answer without the question's case: FNV-1a over id, type and folded name.
std::uint64_t Summary::transaction() const {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&hash](std::uint8_t octet) { hash = (hash ^ octet) * 0x100000001b3; };
  for (const std::uint16_t number : {id_, type_}) {
    mix(static_cast<std::uint8_t>(number >> 8U));
    mix(static_cast<std::uint8_t>(number));
  }
  for (const char c : name_) mix(static_cast<std::uint8_t>(lower(c)));
  return hash == 0 ? 1 : hash;
}

}  // namespace pr::dissect::dns
