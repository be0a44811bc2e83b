// A map that never holds more than its capacity: a new key pushes out the least recently used one. One thread.
// Once full it allocates nothing: the pushed-out entry's memory becomes the new one's. References to values stay
// valid until their key is pushed out or erased.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <functional>
#include <list>
#include <utility>

namespace pr {

template <typename Key, typename Value, typename Hash = std::hash<Key>, typename Equal = std::equal_to<Key>>
class BoundedMap {
 public:
  // REQUIRES: capacity > 0.
  explicit BoundedMap(std::size_t capacity) : capacity_(capacity) {}
  BoundedMap(const BoundedMap&) = delete;
  BoundedMap& operator=(const BoundedMap&) = delete;

  // The value of the key, made from nothing if it is new; the key is then the most recent.
  Value& operator[](const Key& key) {
    const auto found = index_.find(key);
    if (found != index_.end()) {
      touch(found->second);
      return found->second->second;
    }
    if (index_.size() < capacity_) {
      entries_.emplace_front(key, Value{});
      index_.emplace(key, entries_.begin());
    } else {
      replace_oldest(key);
    }
    return entries_.front().second;
  }

  // null: not there. Makes the key the most recent.
  Value* find(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    touch(found->second);
    return &found->second->second;
  }
  // null: not there. Changes no order.
  [[nodiscard]] const Value* peek(const Key& key) const {
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &found->second->second;
  }

  bool erase(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return false;
    entries_.erase(found->second);
    index_.erase(found);
    return true;
  }

  void clear() {
    index_.clear();
    entries_.clear();
  }

  [[nodiscard]] std::size_t size() const { return index_.size(); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  // How many keys were pushed out so far.
  [[nodiscard]] std::size_t evicted() const { return evicted_; }

  // Most recent first.
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

 private:
  using Entries = std::list<std::pair<Key, Value>>;

  void touch(typename Entries::iterator entry) { entries_.splice(entries_.begin(), entries_, entry); }

  void replace_oldest(const Key& key) {
    const auto oldest = std::prev(entries_.end());
    index_.erase(oldest->first);
    touch(oldest);
    oldest->first = key;
    oldest->second = Value{};
    index_.emplace(key, oldest);
    ++evicted_;
  }

  std::size_t capacity_;
  std::size_t evicted_ = 0;
  Entries entries_;
  absl::flat_hash_map<Key, typename Entries::iterator, Hash, Equal> index_;
};

}  // namespace pr
