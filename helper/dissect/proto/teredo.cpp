// Teredo, RFC 4380: IPv6 over UDP through address translation.
#include "helper/dissect/dissector.h"
#include "helper/dissect/proto/tunnel_common.h"

namespace pr::dissect {
namespace {

enum Field : std::size_t {
  kAuth,
  kAuthIdLength,
  kAuthValueLength,
  kAuthId,
  kAuthValue,
  kAuthNonce,
  kAuthConfirmation,
  kOrigin,
  kOriginPort,
  kOriginAddress,
  kFieldCount
};

constexpr FieldDef kFields[] = {
    {"teredo.auth", "Teredo Authentication header", FieldType::kNone},
    {"teredo.auth.idlen", "Client identifier length", FieldType::kUint},
    {"teredo.auth.aulen", "Authentication value length", FieldType::kUint},
    {"teredo.auth.id", "Client identifier", FieldType::kBytes},
    {"teredo.auth.value", "Authentication value", FieldType::kBytes},
    {"teredo.auth.nonce", "Nonce value", FieldType::kBytes},
    {"teredo.auth.conf", "Confirmation byte", FieldType::kBytes},
    {"teredo.orig", "Teredo Origin Indication header", FieldType::kNone},
    {"teredo.orig.port", "Origin UDP port", FieldType::kUint},
    {"teredo.orig.addr", "Origin IPv4 address", FieldType::kIpv4},
};
static_assert(std::size(kFields) == kFieldCount);

constexpr Bind kBinds[] = {{"udp.tunnel", 3544}};
constexpr std::uint16_t kOriginMark = 0, kAuthMark = 1;
constexpr std::size_t kOriginLength = 8, kAuthFixed = 13, kIpv6Header = 40;

std::uint16_t mark_of(Bytes data) {
  return data.size() < 2 ? std::uint16_t{0xffff} : static_cast<std::uint16_t>(data[0] << 8U | data[1]);
}

// Headers that are there, and an IPv6 packet of the right length behind them.
bool is_teredo(Bytes data) {
  if (mark_of(data) == kAuthMark) {
    if (data.size() < kAuthFixed) return false;
    const std::size_t length = kAuthFixed + data[2] + data[3];
    if (data.size() < length) return false;
    data = data.subspan(length);
  }
  if (mark_of(data) == kOriginMark) {
    if (data.size() < kOriginLength) return false;
    data = data.subspan(kOriginLength);
  }
  if (data.size() < kIpv6Header || data[0] >> 4U != 6) return false;
  return static_cast<std::size_t>(data[4] << 8U | data[5]) <= data.size() - kIpv6Header || data.size() > 64;
}

void read_auth(Cursor& in, LayerBuilder& out) {
  const Bytes head = in.peek(kAuthFixed);
  out.mark(kAuth, head);
  LayerBuilder::Subtree below(out);
  in.skip(2);
  const std::uint8_t id = out.u8(in, kAuthIdLength);
  const std::uint8_t value = out.u8(in, kAuthValueLength);
  if (id > 0) out.bytes(in, kAuthId, id);
  if (value > 0) out.bytes(in, kAuthValue, value);
  out.bytes(in, kAuthNonce, 8);
  out.bytes(in, kAuthConfirmation, 1);
}

// Port and address are sent inverted, so that no translator changes them.
void read_origin(Cursor& in, LayerBuilder& out) {
  out.mark(kOrigin, in.peek(kOriginLength));
  LayerBuilder::Subtree below(out);
  in.skip(2);
  const Bytes port = in.peek(2);
  out.add(kOriginPort, in.u16() ^ 0xffffU, port);
  const Bytes address = in.peek(4);
  out.add(kOriginAddress, in.u32() ^ 0xffffffffU, address);
}

Outcome dissect_teredo(Cursor& in, LayerBuilder& out) {
  if (!is_teredo(in.rest())) return Outcome::kNotMine;
  if (mark_of(in.rest()) == kAuthMark) read_auth(in, out);
  if (mark_of(in.rest()) == kOriginMark) read_origin(in, out);
  if (out.wanted()) out.info("IPv6 over UDP");
  if (!out.enter_tunnel({.name = "teredo"}, in)) return Outcome::kDone;
  if (!out.next("ipv6", in)) out.data(in);
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector teredo_dissector{.name = "teredo",
                                                  .title = "Teredo IPv6 over UDP tunneling",
                                                  .column = "Teredo",
                                                  .fields = kFields,
                                                  .binds = kBinds,
                                                  .dissect = &dissect_teredo};

}  // namespace pr::dissect
