// Packets of interfaces, as they come. Several interfaces are one stream, in the order of time.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "helper/capture/live_device.h"
#include "helper/capture/merge_buffer.h"
#include "helper/capture/packet_source.h"
#include "helper/capture/wake_pipe.h"

namespace pr::capture {

// An interface that goes away or down is waited for; the time without it becomes a Gap.
class LiveSource final : public PacketSource {
 public:
  explicit LiveSource(LiveOptions options) : options_(std::move(options)) {}

  // Opens all interfaces; one that fails fails the source.
  absl::Status open();

  absl::StatusOr<bool> read(Batch& batch) override;
  // Async-signal-safe.
  void stop() override { wake_.wake(); }
  [[nodiscard]] SourceStats stats() const override;
  std::vector<Gap> take_gaps() override;

 private:
  using Instant = MergeBuffer::Instant;

  struct Port {
    std::string name;
    std::unique_ptr<LiveDevice> device;  // null: away
    std::uint32_t interface_id = 0;
    std::uint16_t link_type = 0;
    unsigned index = 0;      // the system's number; 0: not a network interface, always taken to be there
    Timestamp last_ts{};     // of its packets
    Timestamp last_good{};   // when it was seen up
    Timestamp away_since{};  // epoch: it is there
    std::string why;
    std::string complaint;  // of the last attempt to reopen it, so that it is logged once
  };

  void connect(Port& port, std::unique_ptr<LiveDevice> device);
  // One round over all interfaces; the number of packets.
  int pump(Batch& batch);
  int pump_port(Port& port, Batch& batch);
  void deliver(Port& port, Timestamp ts, std::uint32_t wire_len, Bytes bytes, Batch& batch, Instant now);
  void wait(Instant until);
  void housekeeping(Instant now, Batch& batch);
  void check(Port& port, Batch& batch);
  void reopen(Port& port);
  // Closes it and begins a gap.
  void lose(Port& port, std::string why);
  void begin_gap(Port& port, std::string why);
  void found(Port& port);
  void sample_drops(Port& port);
  // True when the kernel holds nothing more.
  [[nodiscard]] bool drained(Instant now, int pumped) const;
  void begin_drain(Instant now);
  [[nodiscard]] Timestamp shown() const;
  [[nodiscard]] bool merging() const { return ports_.size() > 1; }

  const LiveOptions options_;
  std::vector<Port> ports_;
  std::vector<InterfaceInfo> new_interfaces_;
  std::uint32_t interfaces_ = 0;
  MergeBuffer merge_;
  WakePipe wake_;
  Instant next_check_{}, next_sample_{}, drain_until_{}, drain_end_{};
  bool draining_ = false, ended_ = false;
  bool check_now_ = false;

  std::atomic<std::uint64_t> delivered_ = 0, dropped_kernel_ = 0, dropped_interface_ = 0;
  std::mutex gaps_mutex_;
  std::vector<Gap> gaps_;  // guarded by gaps_mutex_
};

}  // namespace pr::capture
