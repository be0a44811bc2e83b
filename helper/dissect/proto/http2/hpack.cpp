#include "helper/dissect/proto/http2/hpack.h"

#include <nghttp2/nghttp2.h>

namespace pr::dissect::http2 {
namespace {

constexpr std::size_t kMaxTable = 64U << 10U;  // octets of a dynamic table, whatever the peers agree on
constexpr unsigned kUnknownEntries = 128;      // fill a table of the usual 4096 octets

// RFC 7541 5.1. Fails the cursor at the end, and where a number has no end.
std::uint32_t read_number(Cursor& in, unsigned prefix_bits, std::uint8_t first) {
  const std::uint32_t mask = (1U << prefix_bits) - 1U;
  std::uint64_t value = first & mask;
  if (value < mask) return static_cast<std::uint32_t>(value);
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t octet = in.u8();
    value += std::uint64_t{octet & 0x7fU} << shift;
    if ((octet & 0x80U) == 0) return static_cast<std::uint32_t>(value);
  }
  in.fail();
  return 0;
}

void skip_string(Cursor& in) {
  const std::uint8_t first = in.u8();
  in.skip(read_number(in, 7, first));
}

bool read_instruction(Cursor& in, Instruction* out) {
  using Kind = Instruction::Kind;
  const std::size_t start = in.at();
  const std::uint8_t first = in.u8();
  unsigned prefix = 4;
  if ((first & 0x80U) != 0) {
    out->kind = Kind::kIndexed;
    prefix = 7;
  } else if ((first & 0x40U) != 0) {
    out->kind = Kind::kIncremental;
    prefix = 6;
  } else if ((first & 0x20U) != 0) {
    out->kind = Kind::kTableSize;
    prefix = 5;
  } else {
    out->kind = (first & 0x10U) != 0 ? Kind::kNever : Kind::kWithout;
  }
  out->index = read_number(in, prefix, first);
  if (out->kind != Kind::kIndexed && out->kind != Kind::kTableSize) {
    if (out->index == 0) skip_string(in);
    skip_string(in);
  }
  if (!in.ok()) return false;
  out->bytes = in.since(start);
  return true;
}

}  // namespace

std::vector<Instruction> read_instructions(Bytes block, std::size_t max) {
  std::vector<Instruction> out;
  Cursor in(block);
  Instruction next;
  while (in.left() > 0 && out.size() < max && read_instruction(in, &next)) out.push_back(next);
  return out;
}

bool changes_table(Bytes block) {
  Cursor in(block);
  Instruction next;
  while (in.left() > 0 && read_instruction(in, &next)) {
    if (next.kind == Instruction::Kind::kIncremental || next.kind == Instruction::Kind::kTableSize) return true;
  }
  return !in.ok();  // it goes on in the next frame
}

void Decoder::Free::operator()(nghttp2_hd_inflater* inflater) const { nghttp2_hd_inflate_del(inflater); }

Decoder::Decoder() {
  nghttp2_hd_inflater* made = nullptr;
  if (nghttp2_hd_inflate_new(&made) != 0) return;
  inflater_.reset(made);
  nghttp2_hd_inflate_change_table_size(made, kMaxTable);
  std::vector<std::uint8_t> filling;
  for (unsigned i = 0; i < kUnknownEntries; ++i) filling.insert(filling.end(), {0x40, 0, 0});
  decode(filling, true, [](const Header&) {});
}

bool Decoder::decode(Bytes part, bool last, const std::function<void(const Header&)>& visit) {
  if (inflater_ == nullptr || damaged_) return false;
  while (true) {
    nghttp2_nv pair{};
    int flags = 0;
    const auto used = nghttp2_hd_inflate_hd2(inflater_.get(), &pair, &flags, part.data(), part.size(), last ? 1 : 0);
    if (used < 0) {
      damaged_ = true;
      return false;
    }
    part = part.subspan(static_cast<std::size_t>(used));
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
      visit({as_text(Bytes(pair.name, pair.namelen)), as_text(Bytes(pair.value, pair.valuelen))});
    }
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) {
      nghttp2_hd_inflate_end_headers(inflater_.get());
      return true;
    }
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 && part.empty()) return true;
    if (used == 0 && (flags & NGHTTP2_HD_INFLATE_EMIT) == 0) return true;
  }
}

}  // namespace pr::dissect::http2
