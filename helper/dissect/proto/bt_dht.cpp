// The DHT of BitTorrent (BEP 5): a bencoded dictionary a datagram.
#include <algorithm>
#include <string>

#include "helper/dissect/dissector.h"
#include "shared/base/hex.h"

namespace pr::dissect {
namespace {

enum : std::size_t {
  kBencodedDict,
  kBencodedDictEntry,
  kBencodedList,
  kBencodedListTerminator,
  kBencodedString,
  kBencodedInt
};

constexpr FieldDef kFields[] = {
    {"bt-dht.bencoded.dict", "Dictionary", FieldType::kNone},
    {"bt-dht.bencoded.dict_entry", "Dictionary Entry", FieldType::kNone},
    {"bt-dht.bencoded.list", "List", FieldType::kNone},
    {"bt-dht.bencoded.list.terminator", "Terminator", FieldType::kText},
    {"bt-dht.bencoded.string", "String", FieldType::kText},
    {"bt-dht.bencoded.int", "Int", FieldType::kText},
};

constexpr unsigned kMaxDepth = 16;
constexpr std::size_t kMaxEntries = 1024;

class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out) : in_(in), out_(out) {}

  bool dictionary(unsigned depth) {
    for (std::size_t n = 0; n < kMaxEntries; ++n) {
      if (next() == 'e') return terminator();
      out_.mark(kBencodedDictEntry, in_.peek(1));
      const LayerBuilder::Subtree deeper(out_);
      if (!string() || !value(depth)) return false;
    }
    return false;
  }

 private:
  [[nodiscard]] char next() const { return in_.left() == 0 ? '\0' : static_cast<char>(in_.peek(1)[0]); }

  bool terminator() {
    out_.bytes(in_, kBencodedListTerminator, 1);
    return true;
  }

  bool value(unsigned depth) {
    if (depth >= kMaxDepth) return false;
    switch (next()) {
      case 'd': {
        out_.mark(kBencodedDict, in_.peek(1));
        in_.skip(1);
        const LayerBuilder::Subtree deeper(out_);
        return dictionary(depth + 1);
      }
      case 'l': {
        out_.mark(kBencodedList, in_.peek(1));
        in_.skip(1);
        const LayerBuilder::Subtree deeper(out_);
        for (std::size_t n = 0; n < kMaxEntries; ++n) {
          if (next() == 'e') return terminator();
          if (!value(depth + 1)) return false;
        }
        return false;
      }
      case 'i': {
        in_.skip(1);
        const Bytes rest = in_.peek(24);
        const auto end = std::ranges::find(rest, 'e');
        if (end == rest.end()) return false;
        out_.bytes(in_, kBencodedInt, static_cast<std::size_t>(end - rest.begin()));
        in_.skip(1);
        return true;
      }
      default: return string();
    }
  }

  bool string() {
    std::size_t size = 0;
    for (int digits = 0;; ++digits) {
      const std::uint8_t c = in_.u8();
      if (!in_.ok() || digits > 5) return false;
      if (c == ':' && digits > 0) break;
      if (c < '0' || c > '9') return false;
      size = size * 10 + (c - '0');
    }
    const Bytes text = in_.take(size);
    if (!in_.ok()) return false;
    if (!out_.wanted()) return true;
    const bool plain = std::ranges::all_of(text, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
    // What is no text is shown in digits, and so are identifiers.
    if (plain && text.size() != 20 && text.size() != 2) {
      out_.add(kBencodedString, text, text);
    } else {
      out_.add_text(kBencodedString, key(text) ? std::string(as_text(text)) : hex_text(text), text);
    }
    return true;
  }
  static bool key(Bytes text) { return as_text(text) == "id" || as_text(text) == "ip"; }

  Cursor& in_;
  LayerBuilder& out_;
};

Outcome dissect_bt_dht(Cursor& in, LayerBuilder& out) {
  if (in.left() < 2 || in.u8() != 'd') return Outcome::kNotMine;
  Reader reader(in, out);
  const bool whole = reader.dictionary(0);
  if (out.wanted()) out.info("BitTorrent DHT Protocol");
  in.skip(in.left());
  return whole ? Outcome::kDone : Outcome::kTruncated;
}

// "d1:ad2:id20:", "d1:rd2:id20:", "d1:el", "d2:ip6:": the first keys in order, as bencoding demands.
Likeness probe_bt_dht(Bytes start, const ProbeHint& hint) {
  if (hint.tcp) return Likeness::kNo;
  const std::string_view text = as_text(start);
  for (const std::string_view head : {"d1:ad2:id20:", "d1:rd2:id20:", "d2:ip6:", "d1:eli20", "d1:ad4:bs"}) {
    if (text.starts_with(head)) return Likeness::kYes;
  }
  return Likeness::kNo;
}

}  // namespace

extern constinit const Dissector bt_dht_dissector{.name = "bt-dht",
                                                  .title = "BitTorrent DHT Protocol",
                                                  .column = "BT-DHT",
                                                  .fields = kFields,
                                                  .dissect = &dissect_bt_dht,
                                                  .probe = &probe_bt_dht,
                                                  .datagram = true};

}  // namespace pr::dissect
