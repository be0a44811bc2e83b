// A small catalog of fields and rows made by hand, for tests and the fuzz target of filters.
#pragma once

#include <bit>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/filter/filter.h"
#include "shared/model/field_catalog.h"

namespace pr::test {

inline constexpr NamedValue kDnsTypes[] = {{1, "A (Host Address)"}, {28, "AAAA (IPv6 Address)"}};
inline constexpr NamedValue kSet[] = {{0, "Not set"}, {1, "Set"}};

inline FieldCatalog make_catalog() {
  FieldCatalog catalog;
  FieldId next = 1;
  std::map<std::string, FieldId> ids;
  const auto add = [&](const char* name, FieldType type, std::uint8_t bits = 0, std::span<const NamedValue> names = {},
                       bool protocol = false) {
    ids[name] = next;
    const std::string text = name;
    catalog.add({.name = text,
                 .description = text,
                 .protocol = text.substr(0, text.find('.')),
                 .type = type,
                 .bits = bits,
                 .names = names,
                 .ids = {next++},
                 .is_protocol = protocol});
  };
  const auto alias = [&](const char* name, FieldType type, std::vector<const char*> of, std::uint8_t bits = 0) {
    FieldInfo info{.name = name,
                   .description = name,
                   .protocol = std::string(name).substr(0, std::string(name).find('.')),
                   .type = type,
                   .bits = bits};
    for (const char* field : of) info.ids.push_back(ids.at(field));
    catalog.add(std::move(info));
  };
  for (const char* name : {"frame", "eth", "ip", "ipv6", "tcp", "udp", "dns", "http", "tls"})
    add(name, FieldType::kNone, 0, {}, true);
  add("frame.number", FieldType::kUint, 32);
  add("frame.len", FieldType::kUint, 32);
  add("frame.time", FieldType::kTime);
  add("frame.time_delta", FieldType::kDuration);
  add("eth.src", FieldType::kEther);
  add("eth.dst", FieldType::kEther);
  alias("eth.addr", FieldType::kEther, {"eth.src", "eth.dst"});
  add("ip.src", FieldType::kIpv4);
  add("ip.dst", FieldType::kIpv4);
  alias("ip.addr", FieldType::kIpv4, {"ip.src", "ip.dst"});
  add("ip.ttl", FieldType::kUint, 8);
  add("ipv6.src", FieldType::kIpv6);
  add("ipv6.dst", FieldType::kIpv6);
  alias("ipv6.addr", FieldType::kIpv6, {"ipv6.src", "ipv6.dst"});
  add("tcp.srcport", FieldType::kUint, 16);
  add("tcp.dstport", FieldType::kUint, 16);
  alias("tcp.port", FieldType::kUint, {"tcp.srcport", "tcp.dstport"}, 16);
  add("tcp.flags", FieldType::kUint, 16);
  add("tcp.flags.syn", FieldType::kBool, 0, kSet);
  add("tcp.len", FieldType::kUint, 32);
  add("tcp.payload", FieldType::kBytes);
  add("tcp.window_size_scalefactor", FieldType::kInt);
  add("tcp.analysis.flags", FieldType::kNone);
  add("udp.srcport", FieldType::kUint, 16);
  add("udp.dstport", FieldType::kUint, 16);
  alias("udp.port", FieldType::kUint, {"udp.srcport", "udp.dstport"}, 16);
  add("dns.qry.name", FieldType::kText);
  add("dns.qry.type", FieldType::kUint, 16, kDnsTypes);
  add("http.host", FieldType::kText);
  add("http.request.method", FieldType::kText);
  add("tls.handshake.extensions_server_name", FieldType::kText);
  add("tls.ech", FieldType::kNone);
  add("flow.score", FieldType::kDouble);
  return catalog;
}

// A row whose values are added by hand. Keeps what it is given.
class SampleRow final : public filter::RowValues {
 public:
  explicit SampleRow(const FieldCatalog& catalog) : catalog_(catalog) {}
  SampleRow(const SampleRow&) = delete;
  SampleRow& operator=(const SampleRow&) = delete;

  SampleRow& number(std::string_view name, std::uint64_t value, std::size_t layer = 1) {
    put(name, Value::of(value), layer);
    return *this;
  }
  SampleRow& bytes(std::string_view name, std::string_view value, std::size_t layer = 1) {
    texts_.push_back(std::make_unique<std::string>(value));
    put(name, Value::of(as_bytes(*texts_.back())), layer);
    return *this;
  }
  void clear() {
    for (auto& values : values_) values.clear();
    texts_.clear();
  }

  void each(FieldId id, const Visit& visit) const override {
    if (id >= values_.size()) return;
    for (const Entry& entry : values_[id]) visit(entry.value, entry.type, entry.layer);
  }

 private:
  struct Entry {
    Value value;
    FieldType type;
    std::size_t layer;
  };
  void put(std::string_view name, Value value, std::size_t layer) {
    const FieldInfo& info = *catalog_.find(name);
    const FieldId id = info.ids.front();
    if (id >= values_.size()) values_.resize(id + std::size_t{1});
    values_[id].push_back({value, info.is_protocol ? FieldType::kBytes : info.type, layer});
  }

  const FieldCatalog& catalog_;
  std::vector<std::vector<Entry>> values_;
  std::vector<std::unique_ptr<std::string>> texts_;
};

// A TCP packet 10.1.2.3:50000 -> 192.168.0.9:443, with a server name, and an inner IP header 1.2.3.4 -> 5.6.7.8.
inline void fill_tls_packet(SampleRow& row) {
  row.bytes("frame", std::string("\x01\x02\x03\x04www.example.com\x00\xff tail", 26));
  row.bytes("eth", "ethernet").bytes("ip", "outer", 1).bytes("ip", "inner", 2);
  row.bytes("tcp", std::string("\xc3\x50\x01\xbb\x00\x00\x00\x00\x00\x00\x00\x00\x50\x02", 14)).bytes("tls", "hello");
  row.number("frame.number", 7)
      .number("frame.len", 1500)
      .number("frame.time", 1'700'000'000'250'000'000U)
      .number("frame.time_delta", 250'000'000);
  row.bytes("eth.src", std::string("\x00\x0c\x29\x01\x02\x03", 6))
      .bytes("eth.dst", std::string("\xff\xff\xff\xff\xff\xff", 6));
  row.number("ip.src", 0x0a010203).number("ip.dst", 0xc0a80009).number("ip.ttl", 64);
  row.number("ip.src", 0x01020304, 2).number("ip.dst", 0x05060708, 2);
  row.number("tcp.srcport", 50000)
      .number("tcp.dstport", 443)
      .number("tcp.flags", 0x12)
      .number("tcp.flags.syn", 1)
      .number("tcp.len", 100);
  row.bytes("tcp.payload", std::string("GET / HTTP/1.1\r\n\x00\xfe", 18));
  row.number("tcp.window_size_scalefactor", static_cast<std::uint64_t>(-2));
  row.number("tcp.analysis.flags", 0).number("tls.ech", 0);
  row.bytes("tls.handshake.extensions_server_name", "www.Example.com");
  row.number("flow.score", std::bit_cast<std::uint64_t>(0.75));
}

}  // namespace pr::test
