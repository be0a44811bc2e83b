// Events of routing protocols, told as transactions: a line for people and the fields that are searched for.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "shared/model/address.h"

namespace pr::dissect {

class Event {
 public:
  static constexpr std::size_t kMaxItems = 64;
  static constexpr std::size_t kMaxText = 2048;

  std::string text;

  void item(std::size_t field, std::uint64_t value) { add(field, Value::of(value)); }
  // The octets must outlive the event.
  void item(std::size_t field, Bytes value) { add(field, Value::of(value)); }
  // Appends while there is room: a table of routes makes a long line otherwise.
  void say(std::string_view more) {
    if (text.size() < kMaxText) text += more;
  }
  void send(LayerBuilder& out, std::string_view name) const {
    out.message({.role = Message::Role::kEvent, .name = name, .summary = text, .items = {items_.data(), count_}});
  }

 private:
  void add(std::size_t field, Value value) {
    if (count_ < kMaxItems) items_[count_++] = {static_cast<std::uint16_t>(field), value};
  }

  std::array<Message::Item, kMaxItems> items_;
  std::size_t count_ = 0;
};

inline std::string ipv4_text(std::uint32_t address) { return IpAddress::v4(address).text(); }

// Whom a router hears, as its hellos list them: plain, a part of a conversation's memory.
struct Neighbors {
  static constexpr std::size_t kMax = 4;  // more are not followed
  std::array<std::uint32_t, kMax> id{};
  std::uint8_t count = 0;

  [[nodiscard]] bool has(std::uint32_t wanted) const {
    return std::find(id.begin(), id.begin() + count, wanted) != id.begin() + count;
  }
  void add(std::uint32_t more) {
    if (count < kMax && !has(more)) id[count++] = more;
  }
};

}  // namespace pr::dissect
