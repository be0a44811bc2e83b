#include "helper/capture/live_source.h"

#include <absl/strings/str_cat.h>
#include <poll.h>

#include <algorithm>

#include "shared/base/log.h"

namespace pr::capture {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kRoom = std::size_t{4} * 1024 * 1024;
// The longest packet, with room for a VLAN tag that libpcap puts back.
constexpr std::size_t kLargest = 262144 + 64;
constexpr milliseconds kLongestRead{20};
constexpr milliseconds kCheckEvery{500};
constexpr milliseconds kSampleEvery{1000};
// A block that is being filled is handed over after one to two of its timeouts.
constexpr milliseconds kBlockRest{3 * kBlockTimeoutMs};
// Where the kernel cannot be told to stop, draining has to end some time.
constexpr milliseconds kLongestDrain{1000};

MergeBuffer::Instant now_instant() { return std::chrono::steady_clock::now(); }
Timestamp wall_now() { return SystemClock().now(); }

}  // namespace

absl::Status LiveSource::open() {
  if (options_.interfaces.empty()) return absl::InvalidArgumentError("no interface to capture on");
  for (const std::string& name : options_.interfaces) {
    const bool twice =
        std::any_of(ports_.begin(), ports_.end(), [&name](const Port& port) { return port.name == name; });
    if (twice) continue;
    auto device = LiveDevice::open(name, options_);
    if (!device.ok()) return device.status();
    ports_.push_back({.name = name});
    connect(ports_.back(), *std::move(device));
  }
  return absl::OkStatus();
}

void LiveSource::connect(Port& port, std::unique_ptr<LiveDevice> device) {
  const bool again = port.device != nullptr || port.last_good != Timestamp{};
  const InterfaceInfo info{.name = port.name,
                           .filter = options_.filter,
                           .os = system_name(),
                           .link_type = device->link_type(),
                           .snaplen = device->snaplen()};
  // The same interface goes on under its number, unless its packets look different now.
  if (!again || info.link_type != port.link_type) {
    port.interface_id = interfaces_++;
    port.link_type = info.link_type;
    new_interfaces_.push_back(info);
  }
  port.device = std::move(device);
  port.index = interface_state(port.name).index;
  port.last_good = wall_now();
}

absl::StatusOr<bool> LiveSource::read(Batch& batch) {
  if (ended_) return false;
  if (batch.arena.capacity() < kRoom) batch.arena.reserve(kRoom);
  batch.new_interfaces = std::exchange(new_interfaces_, {});
  const Instant deadline = now_instant() + kLongestRead;
  while (true) {
    Instant now = now_instant();
    if (wake_.woken() && !draining_) begin_drain(now);
    const bool released = merge_.release(batch, shown(), now, draining_ && now >= drain_until_);
    const int pumped = released ? pump(batch) : 0;
    housekeeping(now, batch);
    if (!released || !has_room(batch, kLargest)) break;
    if (draining_ && drained(now, pumped)) {
      ended_ = merge_.release(batch, shown(), now, true);
      if (ended_) std::for_each(ports_.begin(), ports_.end(), [this](Port& port) { sample_drops(port); });
      break;
    }
    now = now_instant();
    if (now >= deadline) break;
    if (pumped == 0) wait(std::min(deadline, next_check_));
  }
  delivered_ += batch.packets.size();
  return !ended_ || !batch.packets.empty() || !batch.new_interfaces.empty();
}

int LiveSource::pump(Batch& batch) {
  int sum = 0;
  for (Port& port : ports_) {
    if (port.device != nullptr) sum += pump_port(port, batch);
  }
  return sum;
}

int LiveSource::pump_port(Port& port, Batch& batch) {
  const Instant now = now_instant();
  int sum = 0;
  // Only as many at a time as surely have room. A merged packet waits outside of the batch; a round takes what one
  // block may hold, so that no interface keeps the others waiting.
  while (true) {
    std::size_t most = kBatchPackets / ports_.size();
    if (!merging()) {
      most = std::min(kBatchPackets - batch.packets.size(), (batch.arena.capacity() - batch.arena.size()) / kLargest);
    }
    if (most == 0) return sum;
    const auto count = port.device->dispatch(
        static_cast<int>(most),
        [&](Timestamp ts, std::uint32_t wire_len, Bytes bytes) { deliver(port, ts, wire_len, bytes, batch, now); });
    if (!count.ok()) {
      lose(port, absl::StrCat("interface ", port.name, ": ", std::string(count.status().message())));
      return sum;
    }
    sum += *count;
    if (merging() || *count == 0) return sum;
  }
}

void LiveSource::deliver(Port& port, Timestamp ts, std::uint32_t wire_len, Bytes bytes, Batch& batch, Instant now) {
  port.last_ts = ts;
  const Packet packet{
      .ts = ts, .interface_id = port.interface_id, .link_type = port.link_type, .wire_len = wire_len, .bytes = bytes};
  if (merging()) {
    merge_.add(static_cast<std::size_t>(&port - ports_.data()), packet, now);
  } else {
    append(batch, packet, bytes);
  }
}

// Up to here every interface has shown what it had.
Timestamp LiveSource::shown() const {
  Timestamp least = Timestamp::max();
  for (const Port& port : ports_) {
    if (port.device != nullptr) least = std::min(least, port.last_ts);
  }
  return least;
}

void LiveSource::wait(Instant until) {
  constexpr std::size_t kMostPolled = 64;
  pollfd fds[kMostPolled + 1];
  nfds_t count = 0;
  auto left = std::chrono::ceil<milliseconds>(until - now_instant());
  const auto no_more_than = [&left](milliseconds most) { left = std::min(left, most); };
  // Once woken, the pipe stays readable and would end every wait at once.
  if (!draining_) fds[count++] = {.fd = wake_.fd(), .events = POLLIN, .revents = 0};
  if (draining_ || wake_.fd() < 0) no_more_than(milliseconds(5));
  for (const Port& port : ports_) {
    if (port.device == nullptr) continue;
    if (port.device->fd() < 0 || count > kMostPolled) {
      no_more_than(milliseconds(2));
    } else {
      fds[count++] = {.fd = port.device->fd(), .events = POLLIN, .revents = 0};
    }
  }
  if (left.count() <= 0) return;
  if (::poll(fds, count, static_cast<int>(left.count())) <= 0) return;
  for (nfds_t i = 0; i < count; ++i) {
    if ((fds[i].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) check_now_ = true;
  }
}

void LiveSource::begin_drain(Instant now) {
  draining_ = true;
  bool all = true;
  for (const Port& port : ports_) {
    if (port.device != nullptr && !port.device->refuse_new_packets()) all = false;
  }
  drain_until_ = now + kBlockRest;
  drain_end_ = all ? Instant::max() : now + kLongestDrain;
}

bool LiveSource::drained(Instant now, int pumped) const {
  return (now >= drain_until_ && pumped == 0) || now >= drain_end_;
}

void LiveSource::housekeeping(Instant now, Batch& batch) {
  if (now >= next_sample_) {
    for (Port& port : ports_) sample_drops(port);
    next_sample_ = now + kSampleEvery;
  }
  if (draining_ || (now < next_check_ && !std::exchange(check_now_, false))) return;
  for (Port& port : ports_) check(port, batch);
  next_check_ = now + kCheckEvery;
}

void LiveSource::sample_drops(Port& port) {
  if (port.device == nullptr) return;
  const LiveDevice::Drops drops = port.device->take_drops();
  dropped_kernel_ += drops.kernel;
  dropped_interface_ += drops.interface;
}

void LiveSource::check(Port& port, Batch& batch) {
  if (port.index == 0 && port.device != nullptr) return;
  const InterfaceState state = interface_state(port.name);
  if (port.device == nullptr) {
    if (port.index == 0 || (state.index != 0 && state.up)) reopen(port);
    return;
  }
  if (state.index != port.index) {
    // What it left in the ring comes first.
    check_now_ = !has_room(batch, kLargest) || pump_port(port, batch) > 0;
    if (!check_now_ && port.device != nullptr) lose(port, absl::StrCat("interface ", port.name, " went away"));
  } else if (!state.up) {
    // The socket stays: it goes on by itself when the interface is up again.
    begin_gap(port, absl::StrCat("interface ", port.name, " went down"));
  } else {
    found(port);
  }
}

void LiveSource::begin_gap(Port& port, std::string why) {
  if (port.away_since != Timestamp{}) return;
  port.away_since = std::max(port.last_good, port.last_ts);
  log_warn(absl::StrCat(why, "; waiting for it"));
  port.why = std::move(why);
}

void LiveSource::lose(Port& port, std::string why) {
  sample_drops(port);
  begin_gap(port, std::move(why));
  port.device.reset();
}

void LiveSource::reopen(Port& port) {
  auto device = LiveDevice::open(port.name, options_);
  if (!device.ok()) {
    std::string complaint(device.status().message());
    if (complaint != port.complaint) log_warn(complaint);
    port.complaint = std::move(complaint);
    return;
  }
  port.complaint.clear();
  connect(port, *std::move(device));
  found(port);
}

void LiveSource::found(Port& port) {
  port.last_good = wall_now();
  if (port.away_since == Timestamp{}) return;
  log_warn(absl::StrCat("interface ", port.name, " is back"));
  const std::lock_guard lock(gaps_mutex_);
  gaps_.push_back({.from = port.away_since, .to = port.last_good, .why = std::exchange(port.why, {})});
  port.away_since = {};
}

SourceStats LiveSource::stats() const {
  const std::uint64_t kernel = dropped_kernel_;
  return {.received = delivered_ + kernel, .dropped_kernel = kernel, .dropped_interface = dropped_interface_};
}

std::vector<Gap> LiveSource::take_gaps() {
  const std::lock_guard lock(gaps_mutex_);
  return std::exchange(gaps_, {});
}

absl::StatusOr<std::unique_ptr<PacketSource>> open_live(const LiveOptions& options) {
  auto source = std::make_unique<LiveSource>(options);
  if (absl::Status status = source->open(); !status.ok()) return status;
  return source;
}

}  // namespace pr::capture
