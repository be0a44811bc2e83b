// The only way in for packets: from an interface, a file or a stream.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/model/batch.h"

namespace pr::capture {

// How far an import is. total 0: unknown (stdin).
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

// A stretch of time in which an interface could not be read.
struct Gap {
  Timestamp from{}, to{};
  std::string why;  // "interface eth0 went away"
};

// Thread rule: read() on one thread; stop(), stats() and progress() on any.
class PacketSource {
 public:
  virtual ~PacketSource() = default;

  // Fills a cleared batch with packets (number stays 0: the pipeline counts), bytes in batch.arena. Returns false
  // when nothing will come any more; an empty batch with true means only that time has passed (at most 20 ms live).
  // An error ends the source; packets before it stand in the batch and count. kDataLoss: damaged input, the
  // message names the byte offset.
  virtual absl::StatusOr<bool> read(Batch& batch) = 0;
  // Makes a waiting read() return false soon, after what the kernel still holds.
  virtual void stop() = 0;
  [[nodiscard]] virtual SourceStats stats() const = 0;
  [[nodiscard]] virtual Progress progress() const { return {}; }
  // Gaps that ended since the last call; any thread.
  virtual std::vector<Gap> take_gaps() { return {}; }
};

// pcap (both byte orders, micro- and nanoseconds, modified variants), pcapng, each plain, gzip or zstd. "-": stdin.
// Errors: kNotFound, kPermissionDenied, kInvalidArgument (a folder). What is in it is looked at by the first read(): a
// file that is no capture, or empty, is kDataLoss at byte offset 0. wire_len is never less than bytes.size();
// a packet without a time (simple packet block) has that of the one before.
absl::StatusOr<std::unique_ptr<PacketSource>> open_file(const std::string& path);

struct LiveOptions {
  std::vector<std::string> interfaces;  // at least one; merged by timestamp within 100 ms
  std::string filter;                   // BPF
  std::uint32_t snaplen = 262144;
  std::uint32_t buffer_mib = 64;
  bool promiscuous = true;
};

// Opens the devices; needs CAP_NET_RAW. Errors say what to do. kInvalidArgument: the BPF text, with libpcap's words.
absl::StatusOr<std::unique_ptr<PacketSource>> open_live(const LiveOptions& options);

struct Interface {
  std::string name, description;
  std::vector<std::string> addresses;
  bool up = false, running = false, loopback = false, wireless = false;
  std::uint16_t link_type = 0;
};
absl::StatusOr<std::vector<Interface>> list_interfaces();
// Of the default route (IPv4, then IPv6); kNotFound when there is none.
absl::StatusOr<std::string> default_interface();
// "libpcap version 1.10.3 (with TPACKET_V3)"
std::string library_version();

}  // namespace pr::capture
