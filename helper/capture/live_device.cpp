#include "helper/capture/live_device.h"

#include <absl/strings/str_cat.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "shared/base/log.h"
#include "shared/model/link_type.h"

namespace pr::capture {
namespace {

// Longer ones are compiled in quadratic time, and nobody writes them.
constexpr std::size_t kLongestFilter = 65536;

absl::Status open_error(int code, const std::string& name, const std::string& words) {
  const std::string about = words.empty() ? pcap_statustostr(code) : words;
  switch (code) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return absl::PermissionDeniedError(absl::StrCat("no permission to capture on ", name, ": ", permission_help()));
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return absl::NotFoundError(
          absl::StrCat("there is no interface ", name, " (packetrecorder list-interfaces shows those that are)"));
    case PCAP_ERROR_IFACE_NOT_UP:
      return absl::FailedPreconditionError(
          absl::StrCat("interface ", name, " is down: sudo ip link set ", name, " up"));
    default: return absl::UnavailableError(absl::StrCat("cannot capture on ", name, ": ", about));
  }
}

// libpcap's numbers for these differ from those in files.
std::uint16_t link_type_of(int dlt) {
  if (dlt == DLT_LOOP) return 108;
  if (dlt == DLT_ATM_RFC1483) return 100;
  return normal_link_type(static_cast<std::uint32_t>(dlt));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LiveDevice>> LiveDevice::open(const std::string& name, const LiveOptions& options) {
  char words[PCAP_ERRBUF_SIZE] = {};
  pcap_t* const handle = pcap_create(name.c_str(), words);
  if (handle == nullptr) return absl::UnavailableError(absl::StrCat("cannot capture on ", name, ": ", words));
  auto device = std::make_unique<LiveDevice>(handle);
  if (absl::Status status = device->configure(name, options); !status.ok()) return status;
  return device;
}

LiveDevice::~LiveDevice() { pcap_close(handle_); }

absl::Status LiveDevice::configure(const std::string& name, const LiveOptions& options) {
  const std::uint32_t snaplen = options.snaplen == 0 ? 262144 : std::min<std::uint32_t>(options.snaplen, 262144);
  pcap_set_snaplen(handle_, static_cast<int>(snaplen));
  // Linux has no promiscuous mode for all interfaces at once.
  pcap_set_promisc(handle_, options.promiscuous && name != "any" ? 1 : 0);
  // Never immediate mode: it turns TPACKET_V3's blocks off and costs half of the throughput.
  pcap_set_timeout(handle_, kBlockTimeoutMs);
  pcap_set_buffer_size(handle_, static_cast<int>(std::clamp(options.buffer_mib, 1U, 2047U)) * 1024 * 1024);
  pcap_set_tstamp_precision(handle_, PCAP_TSTAMP_PRECISION_NANO);
  const int code = pcap_activate(handle_);
  if (code < 0) return open_error(code, name, pcap_geterr(handle_));
  if (code > 0) log_info(absl::StrCat(name, ": ", pcap_statustostr(code)));
#ifdef DLT_LINUX_SLL2
  // Says which interface a packet is of; not every libpcap can.
  if (name == "any") (void)pcap_set_datalink(handle_, DLT_LINUX_SLL2);
#endif
  if (interface_state(name).loopback) ignore_sent_copies(pcap_fileno(handle_));
  char words[PCAP_ERRBUF_SIZE] = {};
  if (pcap_setnonblock(handle_, 1, words) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot capture on ", name, ": ", words));
  }
  fraction_ = pcap_get_tstamp_precision(handle_) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
  link_type_ = link_type_of(pcap_datalink(handle_));
  snaplen_ = static_cast<std::uint32_t>(std::max(pcap_snapshot(handle_), 1));
  return set_filter(options.filter);
}

absl::Status LiveDevice::set_filter(const std::string& filter) {
  if (filter.empty()) return absl::OkStatus();
  if (filter.size() > kLongestFilter || filter.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError("the capture filter is longer than 65536 bytes or holds a NUL byte");
  }
  bpf_program program{};
  if (pcap_compile(handle_, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return absl::InvalidArgumentError(absl::StrCat("capture filter \"", filter, "\": ", pcap_geterr(handle_)));
  }
  const int set = pcap_setfilter(handle_, &program);
  pcap_freecode(&program);
  if (set == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("capture filter \"", filter, "\": ", pcap_geterr(handle_)));
}

absl::StatusOr<int> LiveDevice::dispatch(int most, Sink sink) {
  struct Context {
    Sink& sink;
    std::int64_t fraction;
  } context{sink, fraction_};
  const auto take = [](u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
    const Context& to = *reinterpret_cast<Context*>(user);
    const std::int64_t ns =
        static_cast<std::int64_t>(header->ts.tv_sec) * 1'000'000'000 + header->ts.tv_usec * to.fraction;
    to.sink(from_ns(ns), std::max<std::uint32_t>(header->len, header->caplen), {bytes, header->caplen});
  };
  const int count = pcap_dispatch(handle_, most, take, reinterpret_cast<u_char*>(&context));
  if (count >= 0) return count;
  return absl::UnavailableError(pcap_geterr(handle_));
}

LiveDevice::Drops LiveDevice::take_drops() {
  pcap_stat stats{};
  if (pcap_stats(handle_, &stats) != 0) return {};
  // The counters have 32 bits and wrap; the difference is right as long as it has not wrapped twice in a second.
  const Drops drops{.kernel = stats.ps_drop - last_kernel_, .interface = stats.ps_ifdrop - last_interface_};
  last_kernel_ = stats.ps_drop;
  last_interface_ = stats.ps_ifdrop;
  return drops;
}

bool LiveDevice::refuse_new_packets() { return refuse_packets(pcap_fileno(handle_)); }

int LiveDevice::fd() const { return pcap_get_selectable_fd(handle_); }

InterfaceState interface_state(const std::string& name) {
  InterfaceState state{.index = if_nametoindex(name.c_str())};
  if (state.index == 0) return state;
  ifreq request{};
  std::strncpy(request.ifr_name, name.c_str(), sizeof request.ifr_name - 1);
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) {
    state.up = true;  // nothing is known, so nothing is said
    return state;
  }
  if (::ioctl(fd, SIOCGIFFLAGS, &request) == 0) {
    state.up = (request.ifr_flags & IFF_UP) != 0;
    state.loopback = (request.ifr_flags & IFF_LOOPBACK) != 0;
  }
  ::close(fd);
  return state;
}

std::string system_name() {
  utsname names{};
  return ::uname(&names) == 0 ? absl::StrCat(names.sysname, " ", names.release) : std::string();
}

}  // namespace pr::capture
