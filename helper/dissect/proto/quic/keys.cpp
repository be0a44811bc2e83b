// Initial keys: RFC 9001 5.2, RFC 9369 3.3, and the drafts before them.
#include <algorithm>

#include "helper/dissect/proto/quic/quic.h"
#include "shared/base/cipher.h"

namespace pr::dissect::quic {
namespace {

using Salt = std::array<std::uint8_t, 20>;

constexpr Salt kV1{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                   0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr Salt kV2{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                   0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr Salt kV2Draft{0xa7, 0x07, 0xc2, 0x03, 0xa5, 0x9b, 0x47, 0x18, 0x4a, 0x1d,
                        0x62, 0xca, 0x57, 0x04, 0x06, 0xea, 0x7a, 0xe3, 0xe5, 0xd3};
constexpr Salt kDraft22{0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                        0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a};
constexpr Salt kDraft23{0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                        0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};
constexpr Salt kDraft29{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                        0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr Salt kT050{0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
                     0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10};
constexpr Salt kT051{0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
                     0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d};

constexpr std::uint32_t kVersion1 = 1, kVersion2 = 0x6b3343cf, kVersion2Draft = 0x709a50c4, kGoogleT050 = 0x54303530,
                        kGoogleT051 = 0x54303531;

// The draft of IETF QUIC that a version number stands for: 22 to 34; 0: none.
unsigned draft_of(std::uint32_t version) {
  if (version >> 8U == 0xff0000U && (version & 0xffU) >= 22 && (version & 0xffU) <= 34) return version & 0xffU;
  switch (version) {
    case 0xfaceb001: return 22;
    case 0xfaceb002:
    case 0xfaceb00e:
    case 0xfaceb011:
    case 0xfaceb013: return 27;
    case 0xfaceb00f:
    case 0xfaceb010:
    case 0xfaceb012: return 29;
    default: return 0;
  }
}

const Salt* salt_of(std::uint32_t version) {
  switch (version) {
    case kVersion1: return &kV1;
    case kVersion2: return &kV2;
    case kVersion2Draft: return &kV2Draft;
    case kGoogleT050: return &kT050;
    case kGoogleT051: return &kT051;
    default: break;
  }
  const unsigned draft = draft_of(version);
  if (draft == 0) return nullptr;
  return draft == 22 ? &kDraft22 : draft < 29 ? &kDraft23 : draft < 33 ? &kDraft29 : &kV1;
}

constexpr NamedValue kVersionNames[] = {
    {0x00000000, "Version Negotiation"},
    {0x00000001, "1"},
    {0x51303434, "Google Q044"},
    {0x51303530, "Google Q050"},
    {0x54303530, "Google T050"},
    {0x54303531, "Google T051"},
    {0xfaceb001, "Facebook mvfst (draft-22)"},
    {0xfaceb002, "Facebook mvfst (draft-27)"},
    {0xfaceb00e, "Facebook mvfst (Experimental)"},
    {0xff000016, "draft-22"},
    {0xff000017, "draft-23"},
    {0xff000018, "draft-24"},
    {0xff000019, "draft-25"},
    {0xff00001a, "draft-26"},
    {0xff00001b, "draft-27"},
    {0xff00001c, "draft-28"},
    {0xff00001d, "draft-29"},
    {0xff00001e, "draft-30"},
    {0xff00001f, "draft-31"},
    {0xff000020, "draft-32"},
    {0xff000021, "draft-33"},
    {0xff000022, "draft-34"},
    {0x6b3343cf, "2"},
};

}  // namespace

const std::span<const NamedValue> kVersions = kVersionNames;

bool is_known(std::uint32_t version) { return salt_of(version) != nullptr; }
bool is_greased(std::uint32_t version) { return (version & 0x0f0f0f0fU) == 0x0a0a0a0aU; }
bool is_version2(std::uint32_t version) { return version == kVersion2 || version == kVersion2Draft; }
bool is_google(std::uint32_t version) { return version == kGoogleT050 || version == kGoogleT051; }

std::uint64_t varint(Cursor& in) {
  const std::uint8_t first = in.u8();
  std::uint64_t value = first & 0x3fU;
  for (unsigned more = (1U << (first >> 6U)) - 1U; more > 0; --more) value = value << 8U | in.u8();
  return value;
}

Keys initial_keys(std::uint32_t version, Bytes cid, bool client) {
  Keys keys;
  const Salt* salt = salt_of(version);
  if (salt == nullptr) return keys;
  const bool v2 = is_version2(version);
  Sha256 secret{};
  hkdf_expand_label(hkdf_extract(*salt, cid), client ? "client in" : "server in", secret);
  hkdf_expand_label(secret, v2 ? "quicv2 key" : "quic key", keys.key);
  hkdf_expand_label(secret, v2 ? "quicv2 iv" : "quic iv", keys.iv);
  hkdf_expand_label(secret, v2 ? "quicv2 hp" : "quic hp", keys.header_key);
  return keys;
}

Opened open_packet(const LongHeader& header, const Keys& keys) {
  constexpr std::size_t kLongestNumber = 4, kFixedHeader = 7;
  Opened opened;
  const Bytes whole = header.whole;
  if (header.number_at < kFixedHeader || whole.size() < header.number_at + kLongestNumber + sizeof(AesBlock))
    return opened;
  AesBlock sample{};
  std::ranges::copy(whole.subspan(header.number_at + kLongestNumber, sample.size()), sample.begin());
  const AesBlock mask = aes128_block(keys.header_key, sample);
  opened.first = header.first ^ (mask[0] & 0x0fU);
  opened.number_length = (opened.first & 0x03U) + 1U;
  std::vector<std::uint8_t> head(whole.begin(),
                                 whole.begin() + static_cast<std::ptrdiff_t>(header.number_at + opened.number_length));
  head[0] = opened.first;
  std::array<std::uint8_t, 12> nonce = keys.iv;
  for (std::size_t i = 0; i < opened.number_length; ++i) {
    std::uint8_t& octet = head[header.number_at + i];
    octet ^= mask[1 + i];
    opened.number = opened.number << 8U | octet;
    nonce[nonce.size() - opened.number_length + i] ^= octet;
  }
  opened.payload = aes128_gcm_open(keys.key, nonce, head, whole.subspan(head.size()));
  return opened;
}

}  // namespace pr::dissect::quic
