#include "helper/dissect/proto/ssh/key_exchange.h"

#include <algorithm>
#include <array>

namespace pr::dissect::ssh {
namespace {

Method method_of(std::string_view name) {
  if (name.starts_with("diffie-hellman-group-exchange")) return Method::kGroupExchange;
  if (name.starts_with("ecdh-sha2-") || name.starts_with("curve25519-") || name.starts_with("curve448-"))
    return Method::kEcdh;
  return Method::kDh;
}

std::uint16_t hash_of(std::string_view name) {
  std::uint32_t hash = 2166136261U;  // FNV-1a, folded
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619U;
  return static_cast<std::uint16_t>(hash ^ hash >> 16U);
}

std::string_view next_name(std::string_view& list) {
  const std::size_t comma = list.find(',');
  const std::string_view name = list.substr(0, comma);
  list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  return name;
}

// The method is the first of the client's that the server knows (RFC 4253 7.1). The state holds the names of whose
// list came first; the second list is at hand. A hash alone does not tell what kind of method it is, the name does.
void agree(std::string_view list, bool from_client, State& state) {
  const std::span<const std::uint16_t> other(state.methods, state.count);
  std::size_t best = State::kMaxMethods;
  while (!list.empty()) {
    const std::string_view name = next_name(list);
    const auto found = std::ranges::find(other, hash_of(name));
    if (found == other.end()) continue;
    const auto rank = static_cast<std::size_t>(found - other.begin());
    if (from_client || rank < best) state.method = method_of(name);
    if (from_client) return;
    best = std::min(best, rank);
  }
}

void remember(std::string_view list, State& state) {
  state.count = 0;
  while (!list.empty() && state.count < State::kMaxMethods) state.methods[state.count++] = hash_of(next_name(list));
}

void add_fingerprint(const SshFingerprint* print, Bytes where, bool from_client, LayerBuilder& out) {
  if (print == nullptr) return;
  out.add_text(from_client ? kKexHasshAlgorithms : kKexHasshserverAlgorithms, print->full, where);
  out.add_text(from_client ? kKexHassh : kKexHasshserver, print->hash, where);
}

void tell(const SshFingerprint* print, LayerBuilder& out, State& state, bool from_client) {
  const Message::Item item{static_cast<std::uint16_t>(from_client ? kKexHassh : kKexHasshserver),
                           print == nullptr ? Value{} : Value::of(as_bytes(print->hash))};
  const std::span<const Message::Item> items(&item, print == nullptr ? 0 : 1);
  if (from_client && state.requested == 0) {
    out.message({.role = Message::Role::kRequest, .summary = "Key Exchange Init", .items = items});
    state.requested = 1;
  } else if (!from_client && state.requested == 1) {
    out.message({.role = Message::Role::kResponse, .summary = "Key Exchange Init", .items = items});
    state.requested = 2;
  }
}

void kexinit(Cursor& in, LayerBuilder& out, State& state, bool from_client) {
  SshKexInit lists;
  const auto list = [&](Field length, Field value) { return as_text(out.bytes(in, value, out.u32(in, length))); };
  out.bytes(in, kCookie, 16);
  lists.kex = list(kKexAlgorithmsLength, kKexAlgorithms);
  lists.host_key = list(kServerHostKeyAlgorithmsLength, kServerHostKeyAlgorithms);
  lists.encryption_c2s = list(kEncryptionC2sLength, kEncryptionC2s);
  lists.encryption_s2c = list(kEncryptionS2cLength, kEncryptionS2c);
  lists.mac_c2s = list(kMacC2sLength, kMacC2s);
  lists.mac_s2c = list(kMacS2cLength, kMacS2c);
  lists.compression_c2s = list(kCompressionC2sLength, kCompressionC2s);
  lists.compression_s2c = list(kCompressionS2cLength, kCompressionS2c);
  const bool whole = in.ok();
  list(kLanguagesC2sLength, kLanguagesC2s);
  list(kLanguagesS2cLength, kLanguagesS2c);
  out.u8(in, kFirstKexPacketFollows);
  out.bytes(in, kKexReserved, 4);
  if (!whole) return;
  const std::uint8_t side = from_client ? 1 : 2;
  if (state.kexinits == 0 || state.kexinits == side) {
    remember(lists.kex, state);
  } else {
    agree(lists.kex, from_client, state);
  }
  state.kexinits |= side;
  const SshFingerprint* print = out.observer().ssh_kexinit(lists, from_client);
  add_fingerprint(print, in.rest().first(0), from_client, out);
  tell(print, out, state, from_client);
}

void mpint(Cursor& in, LayerBuilder& out, std::size_t f) { out.bytes(in, f, out.u32(in, kMpintLength)); }

void host_key(Cursor& in, LayerBuilder& out) {
  Cursor key = in.sub(out.u32(in, kHostKeyLength));
  const std::string_view type = as_text(out.bytes(key, kHostKeyType, out.u32(key, kHostKeyTypeLength)));
  if (!key.ok()) return in.fail();
  if (type == "ssh-rsa") {
    for (const Field f : {kHostKeyRsaE, kHostKeyRsaN}) mpint(key, out, f);
  } else if (type == "ssh-dss") {
    for (const Field f : {kHostKeyDsaP, kHostKeyDsaQ, kHostKeyDsaG, kHostKeyDsaY}) mpint(key, out, f);
  } else if (type.starts_with("ecdsa-sha2-")) {
    out.bytes(key, kHostKeyEcdsaId, out.u32(key, kHostKeyEcdsaIdLength));
    out.bytes(key, kHostKeyEcdsaQ, out.u32(key, kHostKeyEcdsaQLength));
  } else if (type.starts_with("ssh-ed25519") || type.starts_with("ssh-ed448")) {
    out.bytes(key, kHostKeyEddsaKey, out.u32(key, kHostKeyEddsaKeyLength));
  } else {
    out.bytes(key, kHostKeyData, key.left());
  }
}

void host_signature(Cursor& in, LayerBuilder& out) {
  Cursor signature = in.sub(out.u32(in, kHostSigLength));
  const std::string_view type = as_text(out.bytes(signature, kHostSigType, out.u32(signature, kHostSigTypeLength)));
  if (type == "ssh-rsa") mpint(signature, out, kHostSigRsa);
  if (type == "ssh-dss") mpint(signature, out, kHostSigDsa);
}

void reply(Cursor& in, LayerBuilder& out, bool ecdh) {
  host_key(in, out);
  if (ecdh) {
    out.bytes(in, kEcdhQS, out.u32(in, kEcdhQSLength));
  } else {
    mpint(in, out, kDhF);
  }
  host_signature(in, out);
}

void disconnect(Cursor& in, LayerBuilder& out) {
  out.u32(in, kDisconnectReason);
  out.bytes(in, kDisconnectDescription, out.u32(in, kDisconnectDescriptionLength));
  out.bytes(in, kLangTag, out.u32(in, kLangTagLength));
}

const char* group_exchange(std::uint8_t code, Cursor& in, LayerBuilder& out) {
  switch (code) {
    case 30: out.u32(in, kDhGexNbits); return "Diffie-Hellman Group Exchange Request (Old)";
    case 31:
      mpint(in, out, kDhGexP);
      mpint(in, out, kDhGexG);
      return "Diffie-Hellman Group Exchange Group";
    case 32: mpint(in, out, kDhE); return "Diffie-Hellman Group Exchange Init";
    case 33: reply(in, out, false); return "Diffie-Hellman Group Exchange Reply";
    default:
      for (const Field f : {kDhGexMin, kDhGexNbits, kDhGexMax}) out.u32(in, f);
      return "Diffie-Hellman Group Exchange Request";
  }
}

// A server's answer ends the transaction where its KEXINIT came before the client's.
void answered(LayerBuilder& out, State& state, bool from_client) {
  if (from_client || state.requested != 1) return;
  out.message({.role = Message::Role::kResponse, .summary = "Key Exchange Reply"});
  state.requested = 2;
}

const char* method_message(std::uint8_t code, Cursor& in, LayerBuilder& out, State& state, bool from_client) {
  answered(out, state, from_client);
  const Method method = state.kexinits == 3 ? state.method : Method::kDh;
  if (method == Method::kGroupExchange) return group_exchange(code, in, out);
  const bool ecdh = method == Method::kEcdh;
  if (code == 30) {
    if (ecdh) {
      out.bytes(in, kEcdhQC, out.u32(in, kEcdhQCLength));
    } else {
      mpint(in, out, kDhE);
    }
    return ecdh ? "Elliptic Curve Diffie-Hellman Key Exchange Init" : "Diffie-Hellman Key Exchange Init";
  }
  if (code != 31) return nullptr;
  reply(in, out, ecdh);
  return ecdh ? "Elliptic Curve Diffie-Hellman Key Exchange Reply" : "Diffie-Hellman Key Exchange Reply";
}

}  // namespace

const char* dissect_key_exchange(std::uint8_t code, Cursor& in, LayerBuilder& out, State& state, bool from_client) {
  if (code == kDisconnect) disconnect(in, out);
  if (code == kKexInit) kexinit(in, out, state, from_client);
  if (code == kNewKeys) state.hidden |= from_client ? 1U : 2U;
  if (code >= kKexFirst && code <= kKexLast) return method_message(code, in, out, state, from_client);
  const auto found = std::ranges::find(kCommonMessages, code, &NamedValue::value);
  return found == kCommonMessages.end() ? nullptr : found->name;
}

}  // namespace pr::dissect::ssh
