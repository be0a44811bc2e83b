// Batches with everything in them, made from a seed: the same every time.
#pragma once

#include <QTemporaryDir>
#include <QtTest>
#include <deque>
#include <random>

#include "helper/store/reader.h"
#include "helper/store/store.h"

namespace pr::store::test {

class FakeClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return now_; }
  void advance(Duration d) { now_ += d; }

 private:
  Timestamp now_ = from_ns(1'700'000'000'000'000'000);
};

inline const std::vector<std::string>& protocol_names() {
  static const std::vector<std::string> kNames = {"", "eth", "ip", "tcp", "udp", "dns", "http", "tls"};
  return kNames;
}

class Sample {
 public:
  explicit Sample(unsigned seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  std::uint64_t any() { return random_() >> random_() % 64; }  // of every magnitude
  bool chance(unsigned percent) { return below(100) < percent; }

  std::vector<Part> parts() {
    std::vector<Part> list(below(4));
    for (Part& part : list) part = {any(), static_cast<std::uint32_t>(any()), static_cast<std::uint32_t>(any())};
    return list;
  }

  // Facts without any order in them: what the index has to keep exactly whatever they are.
  PacketFacts facts() {
    PacketFacts f;
    f.flow_id = chance(80) ? below(20) : any();
    f.stream = static_cast<std::uint32_t>(chance(80) ? f.flow_id : any());
    f.has_stream = chance(80);
    f.from_resp = chance(50);
    f.app = static_cast<std::uint16_t>(below(protocol_names().size()));
    f.mid_message = chance(20);
    f.stream_end = chance(5);
    if (chance(30)) f.payload_skip = static_cast<std::uint32_t>(any());
    if (chance(70)) f.payload_use = static_cast<std::uint32_t>(any());
    if (chance(30)) f.state.raw[below(64)] = static_cast<std::byte>(any());
    if (chance(30)) f.parts = parts();
    if (chance(10)) f.fragments = parts();
    if (chance(20)) f.request_frame = any();
    if (chance(20)) f.request_ts = from_ns(static_cast<std::int64_t>(any()));
    TcpFacts& t = f.tcp;
    const auto number = [&](std::uint32_t& to) {
      if (chance(50)) to = static_cast<std::uint32_t>(any());
    };
    const auto wide = [&](std::uint64_t& to) {
      if (chance(50)) to = any();
    };
    const auto span = [&](std::int64_t& to) {
      if (chance(50)) to = static_cast<std::int64_t>(any()) - 5;
    };
    number(t.marks);
    number(t.base_seq);
    number(t.base_ack);
    t.window_shift = static_cast<std::int8_t>(static_cast<int>(below(20)) - 2);
    wide(t.acks_frame);
    span(t.ack_rtt_ns);
    span(t.initial_rtt_ns);
    number(t.bytes_in_flight);
    number(t.push_bytes_sent);
    number(t.duplicate_ack_num);
    wide(t.duplicate_ack_frame);
    span(t.rto_ns);
    wide(t.rto_frame);
    if (chance(50)) t.stream_start = from_ns(static_cast<std::int64_t>(any()));
    if (chance(50)) t.stream_before = from_ns(static_cast<std::int64_t>(any()));
    return f;
  }

  // Adds packets to the batch; bytes live as long as the sample.
  void packets(Batch& batch, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<std::uint8_t>& bytes = bytes_.emplace_back(below(200));
      for (std::uint8_t& octet : bytes) octet = static_cast<std::uint8_t>(random_());
      ts_ += static_cast<std::int64_t>(below(5'000'000)) - 100;
      Packet packet;
      packet.number = next_++;
      packet.ts = from_ns(ts_);
      packet.link_type = 1;
      packet.wire_len = static_cast<std::uint32_t>(bytes.size() + below(10));
      packet.bytes = bytes;
      batch.packets.push_back(packet);
      batch.facts.push_back(facts());
    }
  }

  void skip_number() { ++next_; }
  [[nodiscard]] std::int64_t ts() const { return ts_; }

 private:
  std::mt19937_64 random_;
  std::deque<std::vector<std::uint8_t>> bytes_;
  std::uint64_t next_ = 1;
  std::int64_t ts_ = 1'600'000'000'000'000'000;
};

inline InterfaceInfo ethernet() {
  return {.name = "eth0", .description = "first", .filter = "tcp", .os = "Linux", .link_type = 1};
}

inline bool same(const PacketFacts& a, const PacketFacts& b) {
  const TcpFacts& s = a.tcp;
  const TcpFacts& t = b.tcp;
  return a.flow_id == b.flow_id && a.stream == b.stream && a.has_stream == b.has_stream && a.from_resp == b.from_resp &&
         a.app == b.app && a.mid_message == b.mid_message && a.stream_end == b.stream_end &&
         a.payload_skip == b.payload_skip && a.payload_use == b.payload_use && a.state == b.state &&
         a.parts == b.parts && a.fragments == b.fragments && a.request_frame == b.request_frame &&
         a.request_ts == b.request_ts && s.marks == t.marks && s.base_seq == t.base_seq && s.base_ack == t.base_ack &&
         s.window_shift == t.window_shift && s.acks_frame == t.acks_frame && s.ack_rtt_ns == t.ack_rtt_ns &&
         s.initial_rtt_ns == t.initial_rtt_ns && s.bytes_in_flight == t.bytes_in_flight &&
         s.push_bytes_sent == t.push_bytes_sent && s.duplicate_ack_num == t.duplicate_ack_num &&
         s.duplicate_ack_frame == t.duplicate_ack_frame && s.rto_ns == t.rto_ns && s.rto_frame == t.rto_frame &&
         s.stream_start == t.stream_start && s.stream_before == t.stream_before;
}

// A store in a folder of its own.
struct Place {
  QTemporaryDir folder;
  FakeClock clock;
  StoreOptions options;

  Place() {
    options.protocol_names = protocol_names();
    options.clock = &clock;
  }
  [[nodiscard]] std::string path() const { return folder.filePath(QStringLiteral("a.db")).toStdString(); }
  [[nodiscard]] absl::StatusOr<std::unique_ptr<Store>> open() const { return Store::open(path(), options); }
  [[nodiscard]] absl::StatusOr<std::unique_ptr<Reader>> read() const { return Reader::open(path(), protocol_names()); }
};

inline SessionTotals totals_of(std::uint64_t packets) {
  SessionTotals totals;
  totals.packets = totals.received = packets;
  totals.link_types = {1};
  return totals;
}

}  // namespace pr::store::test

// Fails the test with the status's words.
#define PR_OK(expression)                                                         \
  do {                                                                            \
    const auto& pr_ok_result = (expression);                                      \
    const absl::Status pr_ok_status = ::pr::store::test::status_of(pr_ok_result); \
    QVERIFY2(pr_ok_status.ok(), std::string(pr_ok_status.message()).c_str());     \
  } while (false)

namespace pr::store::test {
inline absl::Status status_of(const absl::Status& status) { return status; }
template <typename T>
absl::Status status_of(const absl::StatusOr<T>& value) {
  return value.status();
}
}  // namespace pr::store::test
