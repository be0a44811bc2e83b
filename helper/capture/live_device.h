// One open interface: what libpcap gives, with its errors in words. Thread rule: one thread.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "helper/capture/packet_source.h"
#include "shared/base/function_ref.h"

struct pcap;

namespace pr::capture {

// The kernel hands over a block of packets when it is full or this old.
inline constexpr int kBlockTimeoutMs = 20;

class LiveDevice {
 public:
  // Non-blocking, nanoseconds where the system has them, filter set. kPermissionDenied, kNotFound,
  // kFailedPrecondition (down), kInvalidArgument (filter), each with what to do.
  static absl::StatusOr<std::unique_ptr<LiveDevice>> open(const std::string& name, const LiveOptions& options);

  // Owns the handle from now on; only open() has one.
  explicit LiveDevice(pcap* handle) : handle_(handle) {}
  ~LiveDevice();
  LiveDevice(const LiveDevice&) = delete;
  LiveDevice& operator=(const LiveDevice&) = delete;

  using Sink = FunctionRef<void(Timestamp ts, std::uint32_t wire_len, Bytes bytes)>;
  // Hands over at most `most` packets that the kernel holds; returns how many. kUnavailable: the interface is gone.
  absl::StatusOr<int> dispatch(int most, Sink sink);

  struct Drops {
    std::uint64_t kernel = 0, interface = 0;
  };
  // Since the last call.
  Drops take_drops();
  // From now on the kernel drops this device's packets uncounted; what it holds can still be had. False: it cannot.
  bool refuse_new_packets();

  // To poll for POLLIN; -1: there is none, poll with short waits.
  [[nodiscard]] int fd() const;
  [[nodiscard]] std::uint16_t link_type() const { return link_type_; }
  [[nodiscard]] std::uint32_t snaplen() const { return snaplen_; }

 private:
  absl::Status configure(const std::string& name, const LiveOptions& options);
  absl::Status set_filter(const std::string& filter);

  pcap* handle_;
  std::int64_t fraction_ = 1000;  // nanoseconds in the unit of a time stamp's fraction
  std::uint16_t link_type_ = 0;
  std::uint32_t snaplen_ = 0;
  std::uint32_t last_kernel_ = 0, last_interface_ = 0;
};

// Whatever differs by system.
struct InterfaceState {
  unsigned index = 0;  // 0: there is no such interface
  bool up = false, loopback = false;
};
InterfaceState interface_state(const std::string& name);
// "Linux 6.1.0-13-amd64"
std::string system_name();
bool refuse_packets(int fd);
// A loopback shows each packet twice, as sent and as received. libpcap passes one on, but the other takes room in the
// ring and counts as a drop when there is none.
void ignore_sent_copies(int fd);
// What libpcap's link type will most likely be, without opening it.
std::uint16_t usual_link_type(const std::string& name);
// What a user without permission can do.
std::string permission_help();

}  // namespace pr::capture
