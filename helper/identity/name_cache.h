// Who asked for which name: DNS answers by client and address, so that a flow's responder gets the name that this
// client resolved. Bounded (least recent goes), packet time, one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "shared/base/clock.h"
#include "shared/model/address.h"

namespace pr::identity {

class NameCache {
 public:
  explicit NameCache(std::size_t entries = 100'000);
  ~NameCache();

  void add(const IpAddress& client, const IpAddress& address, std::string_view name, Timestamp ts);
  // The name this client asked for and got this address, newest first; "" when none is remembered.
  [[nodiscard]] std::string find(const IpAddress& client, const IpAddress& address) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pr::identity
