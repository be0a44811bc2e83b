#include "helper/identity/name_cache.h"

#include <absl/hash/hash.h>

#include <utility>

#include "shared/base/bounded_map.h"

namespace pr::identity {

struct NameCache::Impl {
  using Key = std::pair<IpAddress, IpAddress>;  // client, address
  struct Name {
    std::string name;
    Timestamp ts{};
  };

  explicit Impl(std::size_t entries) : names(entries == 0 ? 1 : entries) {}
  BoundedMap<Key, Name, absl::Hash<Key>> names;
};

NameCache::NameCache(std::size_t entries) : impl_(std::make_unique<Impl>(entries)) {}
NameCache::~NameCache() = default;

void NameCache::add(const IpAddress& client, const IpAddress& address, std::string_view name, Timestamp ts) {
  if (name.empty()) return;
  Impl::Name& known = impl_->names[{client, address}];
  // Interfaces merge by timestamp only nearly: an older answer must not hide a newer one.
  if (!known.name.empty() && ts < known.ts) return;
  known.name = name;
  known.ts = ts;
}

std::string NameCache::find(const IpAddress& client, const IpAddress& address) const {
  const Impl::Name* known = impl_->names.find({client, address});
  return known == nullptr ? std::string() : known->name;
}

}  // namespace pr::identity
