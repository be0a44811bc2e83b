// Datagrams of one direction of a flow that a dissector needs again when the next one comes: a QUIC or DTLS hello in
// pieces. Bounded, and counted into the budget of streams. One thread.
#pragma once

#include <span>
#include <vector>

#include "helper/flow/stream.h"

namespace pr::analysis {

class EarlierDatagrams {
 public:
  static constexpr std::size_t kMax = 64;
  static constexpr std::size_t kMaxBytes = 64U << 10U;

  explicit EarlierDatagrams(flow::StreamBudget& budget) : budget_(budget) {}
  ~EarlierDatagrams() { clear(); }
  EarlierDatagrams(const EarlierDatagrams&) = delete;
  EarlierDatagrams& operator=(const EarlierDatagrams&) = delete;

  // False, and all are forgotten, when there are too many.
  bool keep(std::uint64_t packet, Bytes payload);
  void clear();
  // Oldest first; valid until the next keep() or clear().
  [[nodiscard]] std::span<const Bytes> payloads() const { return payloads_; }
  [[nodiscard]] std::vector<Part> parts() const;

 private:
  flow::StreamBudget& budget_;
  std::vector<std::uint64_t> packets_;
  std::vector<std::vector<std::uint8_t>> kept_;
  std::vector<Bytes> payloads_;
  std::size_t bytes_ = 0;
};

}  // namespace pr::analysis
