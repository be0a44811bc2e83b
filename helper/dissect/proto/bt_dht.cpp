// The DHT of BitTorrent (BEP 5): a bencoded dictionary a datagram.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

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

// How a string is shown: keys and names as text, identifiers in digits.
enum class As : std::uint8_t { kText, kDigits, kAddress, kNothing };

class Reader {
 public:
  Reader(Cursor& in, LayerBuilder& out) : in_(in), out_(out) {}

  bool dictionary(unsigned depth) {
    for (std::size_t n = 0; n < kMaxEntries; ++n) {
      if (next() == 'e') return terminator();
      out_.mark(kBencodedDictEntry, in_.peek(1));
      const LayerBuilder::Subtree deeper(out_);
      if (!string(As::kText) || !value(depth)) return false;
    }
    return false;
  }

 private:
  [[nodiscard]] char next() const { return in_.left() == 0 ? '\0' : static_cast<char>(in_.peek(1)[0]); }

  bool terminator() {
    out_.bytes(in_, kBencodedListTerminator, 1);
    return true;
  }

  // Of the entry whose key was read last. Addresses of nodes and peers are no strings.
  bool value(unsigned depth) {
    const std::string_view key = std::exchange(key_, {});
    if (key == "nodes") return string(As::kNothing);
    if (key == "values" && next() == 'l') return list(depth, As::kNothing);
    if (key == "e" && next() == 'l') return list(depth, As::kText);
    if (key == "ip") return string(As::kAddress);
    return any(depth, key == "q" || key == "y" ? As::kText : As::kDigits);
  }

  // The errors' list and that of the peers' addresses.
  bool list(unsigned depth, As as) {
    in_.skip(1);
    for (std::size_t n = 0; n < kMaxEntries; ++n) {
      if (next() == 'e') {
        if (as == As::kNothing) return terminator();
        in_.skip(1);
        return true;
      }
      if (!any(depth + 1, as)) return false;
    }
    return false;
  }

  bool any(unsigned depth, As as) {
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
          if (!any(depth + 1, as)) return false;
        }
        return false;
      }
      case 'i': {
        in_.skip(1);
        const Bytes rest = in_.peek(24);
        const auto end = std::ranges::find(rest, 'e');
        if (end == rest.end()) return false;
        out_.bytes(in_, kBencodedInt, static_cast<std::size_t>(end - rest.begin()));
        return terminator();
      }
      default: return string(as);
    }
  }

  bool string(As as) {
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
    if (as == As::kText) key_ = as_text(text);
    constexpr std::size_t kAddressAndPort = 6;
    if (!out_.wanted() || as == As::kNothing || (as == As::kAddress && size == kAddressAndPort)) return true;
    const bool plain = std::ranges::all_of(text, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
    if (as == As::kText && plain) {
      out_.add(kBencodedString, text, text);
    } else {
      out_.add_text(kBencodedString, hex_text(text), text);
    }
    return true;
  }

  std::string_view key_;
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
