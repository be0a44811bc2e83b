// Capture files made by hand, in either byte order, for tests of readers.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/bytes.h"

namespace pr::test {

// Appends integers and bytes; what is built is a std::vector, to be cut, joined or damaged by the test.
class CaptureBytes {
 public:
  explicit CaptureBytes(bool big_endian = false) : big_endian_(big_endian) {}

  CaptureBytes& u16(std::uint64_t value) { return integer(value, 2); }
  CaptureBytes& u32(std::uint64_t value) { return integer(value, 4); }
  CaptureBytes& u64(std::uint64_t value) { return integer(value, 8); }
  CaptureBytes& text(std::string_view bytes) {
    data_.insert(data_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  CaptureBytes& padded(std::string_view bytes) {
    text(bytes);
    while (data_.size() % 4 != 0) data_.push_back(0);
    return *this;
  }

  CaptureBytes& pcap_header(std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link_type = 1,
                            std::uint32_t snaplen = 65535) {
    return u32(magic).u16(2).u16(4).u32(0).u32(0).u32(snaplen).u32(link_type);
  }
  // `more`: what patched writers put behind the usual record header.
  CaptureBytes& pcap_record(std::uint32_t seconds, std::uint32_t fraction, std::string_view bytes,
                            std::uint32_t wire = 0, std::string_view more = {}) {
    u32(seconds).u32(fraction).u32(bytes.size()).u32(wire != 0 ? wire : bytes.size());
    return text(more).text(bytes);
  }

  // A pcapng block around a body of whole words.
  CaptureBytes& block(std::uint32_t type, const CaptureBytes& body) {
    u32(type).u32(body.data_.size() + 12);
    data_.insert(data_.end(), body.data_.begin(), body.data_.end());
    return u32(body.data_.size() + 12);
  }
  [[nodiscard]] CaptureBytes body() const { return CaptureBytes(big_endian_); }
  CaptureBytes& option(std::uint16_t code, std::string_view value) { return u16(code).u16(value.size()).padded(value); }

  CaptureBytes& section(std::uint16_t major = 1) {
    return block(0x0a0d0d0a, body().u32(0x1a2b3c4d).u16(major).u16(0).u64(UINT64_MAX));
  }
  CaptureBytes& interface(std::uint16_t link_type = 1, std::uint32_t snaplen = 65535) {
    return block(1, body().u16(link_type).u16(0).u32(snaplen));
  }
  CaptureBytes& enhanced(std::uint32_t interface, std::uint64_t units, std::string_view bytes, std::uint32_t wire = 0) {
    return block(6, body()
                        .u32(interface)
                        .u32(units >> 32U)
                        .u32(units & 0xffffffffU)
                        .u32(bytes.size())
                        .u32(wire != 0 ? wire : bytes.size())
                        .padded(bytes));
  }

  [[nodiscard]] const std::vector<std::uint8_t>& data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return data_.size(); }

 private:
  CaptureBytes& integer(std::uint64_t value, int octets) {
    for (int i = 0; i < octets; ++i) {
      data_.push_back(static_cast<std::uint8_t>(value >> (8 * (big_endian_ ? octets - 1 - i : i))));
    }
    return *this;
  }

  bool big_endian_;
  std::vector<std::uint8_t> data_;
};

}  // namespace pr::test
