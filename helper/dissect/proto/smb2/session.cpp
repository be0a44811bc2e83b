// Commands about the conversation itself: negotiation, sessions, trees.
#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "helper/dissect/proto/smb2/smb2.h"

namespace pr::dissect::smb2 {
namespace {

using windows::add_bits;
using windows::Bit;

void security_mode(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {{kSecModeSignEnabled, 1}, {kSecModeSignRequired, 2}};
  const Bytes where = in.peek(1);
  const std::uint8_t mode = pdu.out.u8(in, kSecMode);
  add_bits(pdu.out, mode, where, kBits);
}

void capabilities(Pdu& pdu, Cursor& in) {
  static constexpr Bit kBits[] = {{kCapabilitiesDfs, 1},
                                  {kCapabilitiesLeasing, 2},
                                  {kCapabilitiesLargeMtu, 4},
                                  {kCapabilitiesMultiChannel, 8},
                                  {kCapabilitiesPersistentHandles, 0x10},
                                  {kCapabilitiesDirectoryLeasing, 0x20},
                                  {kCapabilitiesEncryption, 0x40}};
  const Bytes where = in.peek(4);
  const std::uint32_t value = pdu.out.u32le(in, kCapabilities);
  add_bits(pdu.out, value, where, kBits);
}

void guid(Pdu& pdu, Cursor& in, Field field) {
  const Bytes octets = in.take(16);
  if (octets.size() == 16 && pdu.out.wants(field)) pdu.out.add_text(field, windows::guid_text(octets), octets);
}

void list_u16(LayerBuilder& out, Cursor& in, std::size_t count, Field field) {
  for (std::size_t i = 0; i < count && in.left() >= 2; ++i) out.u16le(in, field);
}

void negotiate_context(LayerBuilder& out, Cursor in, std::uint16_t type) {
  enum : std::uint16_t { kPreauth = 1, kEncryption = 2, kCompression = 3, kNetname = 5, kSigning = 8, kPosix = 0x100 };
  switch (type) {
    case kPreauth: {
      const std::uint16_t count = out.u16le(in, kNegotiateContextHashAlgCount);
      const std::uint16_t salt = out.u16le(in, kNegotiateContextSaltLength);
      list_u16(out, in, count, kNegotiateContextHashAlgorithm);
      if (salt > 0) out.bytes(in, kNegotiateContextSalt, salt);
      break;
    }
    case kEncryption: {
      const std::uint16_t count = out.u16le(in, kNegotiateContextCipherCount);
      list_u16(out, in, count, kNegotiateContextCipherId);
      break;
    }
    case kCompression: {
      static constexpr Bit kBits[] = {{kNegotiateContextCompAlgFlagsChained, 1},
                                      {kNegotiateContextCompAlgFlagsReserved, 0xfffffffe}};
      const std::uint16_t count = out.u16le(in, kNegotiateContextCompAlgCount);
      in.skip(2);
      const Bytes where = in.peek(4);
      const std::uint32_t flags = out.u32le(in, kNegotiateContextCompAlgFlags);
      add_bits(out, flags, where, kBits);
      list_u16(out, in, count, kNegotiateContextCompAlgId);
      break;
    }
    case kNetname:
      if (out.wants(kNegotiateContextNetname))
        out.add_text(kNegotiateContextNetname, windows::utf16_text(in.rest()), in.rest());
      break;
    case kSigning: {
      const std::uint16_t count = out.u16le(in, kNegotiateContextSigningAlgCount);
      list_u16(out, in, count, kNegotiateContextSigningId);
      break;
    }
    case kPosix: out.bytes(in, kNegotiateContextPosixReserved, in.left()); break;
    default: break;
  }
}

// SMB 3.1.1: contexts, each at a multiple of eight octets.
void negotiate_contexts(Pdu& pdu, std::uint32_t offset, std::size_t count) {
  if (offset == 0 || offset > pdu.bytes.size()) return;
  Cursor in(pdu.bytes.subspan(offset));
  for (std::size_t i = 0; i < count && in.left() >= 8; ++i) {
    const std::uint16_t type = pdu.out.u16le(in, kNegotiateContextType);
    LayerBuilder::Subtree below(pdu.out);
    const std::uint16_t length = pdu.out.u16le(in, kNegotiateContextDataLength);
    pdu.out.bytes(in, kReserved, 4);
    negotiate_context(pdu.out, in.sub(std::min<std::size_t>(length, in.left())), type);
    in.skip(std::min<std::size_t>((8 - length % 8U) % 8U, in.left()));
  }
}

void negotiate_request(Pdu& pdu, Cursor& in) {
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  const std::uint16_t dialects = out.u16le(in, kDialectCount);
  security_mode(pdu, in);
  in.skip(1);
  out.bytes(in, kReserved, 2);
  capabilities(pdu, in);
  guid(pdu, in, kClientGuid);
  Cursor look(in);
  look.skip(8);
  bool newest = false;
  for (unsigned i = 0; i < dialects && look.left() >= 2; ++i) newest = look.u16le() == 0x0311 || newest;
  // Before 3.1.1 these eight octets were a time that nobody sent.
  const std::uint32_t offset = out.u32le(in, kNegotiateContextOffset);
  const std::uint16_t contexts = out.u16le(in, kNegotiateContextCount);
  out.bytes(in, kReserved, 2);
  list_u16(out, in, dialects, kDialect);
  if (newest) negotiate_contexts(pdu, offset, contexts);
}

void negotiate_response(Pdu& pdu, Cursor& in) {
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  security_mode(pdu, in);
  in.skip(1);
  const std::uint16_t dialect = out.u16le(in, kDialect);
  const bool newest = dialect == 0x0311;
  std::uint16_t contexts = 0;
  if (newest) {
    contexts = out.u16le(in, kNegotiateContextCount);
  } else {
    out.bytes(in, kReserved, 2);
  }
  guid(pdu, in, kServerGuid);
  capabilities(pdu, in);
  out.u32le(in, kMaxTransSize);
  out.u32le(in, kMaxReadSize);
  out.u32le(in, kMaxWriteSize);
  filetime(pdu, in, kCurrentTime);
  filetime(pdu, in, kBootTime);
  const Span blob = read_span(pdu, in, 2, 2);
  security_blob(pdu, pdu.part(blob.offset, blob.length));
  if (newest) {
    const std::uint32_t offset = out.u32le(in, kNegotiateContextOffset);
    negotiate_contexts(pdu, offset, contexts);
  } else {
    out.bytes(in, kReserved, 4);
  }
}

void session_setup(Pdu& pdu, Cursor& in) {
  static constexpr Bit kRequestBits[] = {{kSesReqFlagsSessionBinding, 1}};
  static constexpr Bit kResponseBits[] = {{kSesFlagsGuest, 1}, {kSesFlagsNull, 2}, {kSesFlagsEncrypt, 4}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  if (pdu.response) {
    const Bytes where = in.peek(2);
    const std::uint16_t flags = out.u16le(in, kSessionFlags);
    add_bits(out, flags, where, kResponseBits);
    const Span blob = read_span(pdu, in, 2, 2);
    security_blob(pdu, pdu.part(blob.offset, blob.length));
    return;
  }
  const Bytes where = in.peek(1);
  const std::uint8_t flags = out.u8(in, kSesReqFlags);
  add_bits(out, flags, where, kRequestBits);
  security_mode(pdu, in);
  capabilities(pdu, in);
  out.u32le(in, kChannel);
  Cursor late(in);
  late.skip(4);
  in.skip(4);
  out.u64le(late, kPreviousSesid);
  Cursor early(pdu.bytes.subspan(std::min<std::size_t>(pdu.bytes.size(), 64 + 12)));
  const Span blob = read_span(pdu, early, 2, 2);
  security_blob(pdu, pdu.part(blob.offset, blob.length));
}

void tree_connect(Pdu& pdu, Cursor& in) {
  static constexpr Bit kTreeBits[] = {
      {kTcClusterReconnect, 1}, {kTcRedirectToOwner, 2}, {kTcExtensionPresent, 4}, {kTcReserved, 0xfff8}};
  static constexpr Bit kShareBits[] = {{kShareFlagsDfs, 1},
                                       {kShareFlagsDfsRoot, 2},
                                       {kShareFlagsRestrictExclusiveOpens, 0x100},
                                       {kShareFlagsForceSharedDelete, 0x200},
                                       {kShareFlagsAllowNamespaceCaching, 0x400},
                                       {kShareFlagsAccessBasedDirEnum, 0x800},
                                       {kShareFlagsForceLeveliiOplock, 0x1000},
                                       {kShareFlagsEnableHashV1, 0x2000},
                                       {kShareFlagsEnableHashV2, 0x4000},
                                       {kShareFlagsEncryptData, 0x8000},
                                       {kShareFlagsIdentityRemoting, 0x40000},
                                       {kShareFlagsCompressData, 0x100000}};
  static constexpr Bit kCapsBits[] = {{kShareCapsDfs, 8},           {kShareCapsContinuousAvailability, 0x10},
                                      {kShareCapsScaleout, 0x20},   {kShareCapsCluster, 0x40},
                                      {kShareCapsAssymetric, 0x80}, {kShareCapsRedirectToOwner, 0x100}};
  LayerBuilder& out = pdu.out;
  buffer_code(pdu, in);
  if (!pdu.response) {
    const Bytes where = in.peek(2);
    const std::uint16_t flags = out.u16le(in, kTcFlags);
    add_bits(out, flags, where, kTreeBits);
    const Cursor before = in;
    const Span at{Cursor(in.peek(2)).u16le(), Cursor(in.peek(4).last(in.left() < 4 ? 0 : 2)).u16le()};
    const Bytes name = pdu.part(at.offset, at.length);
    pdu.name = windows::utf16_text(name);
    out.add_text(kTree, pdu.name, name);
    pdu.state.asked(pdu.name);
    LayerBuilder::Subtree below(out);
    in = before;
    read_span(pdu, in, 2, 2);
    if (out.wanted()) pdu.info = " Tree: " + pdu.name;
    return;
  }
  pdu.state.connect(pdu.tree, out.u8(in, kShareType));
  out.bytes(in, kReserved, 1);
  Bytes where = in.peek(4);
  const std::uint32_t flags = out.u32le(in, kShareFlags);
  add_bits(out, flags, where, kShareBits);
  if (out.wanted() && where.size() == 4) {
    LayerBuilder::Subtree below(out);
    out.add(kShareCaching, flags & 0x30U, where);
  }
  where = in.peek(4);
  const std::uint32_t caps = out.u32le(in, kShareCaps);
  add_bits(out, caps, where, kCapsBits);
  access_mask(pdu, in);
}

}  // namespace

namespace {

// The common part, the shares' names, and the awaited one's.
using Names = std::array<std::string, State::kTrees + 2>;

Names names_in(const State& state) {
  Names names;
  std::string_view text(state.text.data(), state.text.size());
  for (std::string& name : names) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    name = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return names;
}

void put_names(State& state, Names names) {
  const auto size = [&names] {
    std::size_t octets = 0;
    for (const std::string& name : names) octets += name.size() + 1;
    return octets;
  };
  // The oldest of the shares go first.
  for (std::size_t i = 0; i < State::kTrees && size() > state.text.size(); ++i) {
    names[1 + (state.next_tree + i) % State::kTrees].clear();
  }
  if (size() > state.text.size()) names = {};
  state.text = {};
  char* to = state.text.data();
  for (const std::string& name : names) to = std::copy(name.begin(), name.end(), to) + 1;
}

}  // namespace

std::string State::path_of(std::uint32_t tree) const {
  const std::size_t at = find(tree);
  if (at == kTrees) return {};
  const Names names = names_in(*this);
  return names[1 + at].empty() ? std::string() : names[0] + names[1 + at];
}

void State::asked(const std::string& path) {
  Names names = names_in(*this);
  const std::size_t common = path.rfind('\\') + 1;  // 0: there is none
  if (names[0] != path.substr(0, common)) names = {path.substr(0, common)};
  names.back() = path.substr(common);
  put_names(*this, std::move(names));
}

void State::connect(std::uint32_t tree, std::uint8_t type) {
  const std::size_t known = find(tree);
  const std::size_t at = known < kTrees ? known : next_tree % kTrees;
  if (known == kTrees) next_tree = static_cast<std::uint8_t>((next_tree + 1U) % kTrees);
  ids[at] = tree;
  types[at] = type;
  Names names = names_in(*this);
  names[1 + at] = std::exchange(names.back(), {});
  put_names(*this, std::move(names));
}

bool read_session_command(Pdu& pdu, Cursor& in) {
  switch (pdu.command) {
    case kNegotiateProtocol: pdu.response ? negotiate_response(pdu, in) : negotiate_request(pdu, in); return true;
    case kSessionSetup: session_setup(pdu, in); return true;
    case kTreeConnect: tree_connect(pdu, in); return true;
    case kSessionLogoff:
    case kTreeDisconnect:
    case kKeepAlive:
      buffer_code(pdu, in);
      if (pdu.command == kTreeDisconnect || pdu.response) pdu.out.bytes(in, kReserved, 2);
      return true;
    case kCancel:
      buffer_code(pdu, in);
      pdu.out.bytes(in, kUnknown, 2);
      return true;
    default: return false;
  }
}

void security_blob(Pdu& pdu, Bytes blob) {
  if (blob.empty()) return;
  pdu.out.add(kSecurityBlob, blob, blob);
  Cursor in(blob);
  if (!pdu.out.wanted()) return;
  pdu.out.next(as_text(blob).starts_with("NTLMSSP") ? "ntlmssp" : "gss-api", in);
}

}  // namespace pr::dissect::smb2
