// What a message says, gathered while its fields are read, for those who listen: the transaction and the names that
// were given addresses. Bounded, without the heap.
#pragma once

#include <array>

#include "helper/dissect/proto/dns/dns.h"

namespace pr::dissect::dns {

class Summary {
 public:
  void header(std::uint16_t id, std::uint16_t flags, std::uint16_t answers);
  void question(std::string_view name, std::uint16_t type);
  // A record of the answer section. data: its record data.
  void answer(const Record& record, Bytes data);

  // Tells the observer. info: the message in one line.
  void tell(LayerBuilder& out, std::string_view info) const;

 private:
  static constexpr std::size_t kMaxItems = 32, kMaxAnswers = 32, kMaxAliases = 16;
  struct Alias {
    std::string_view owner, target;
  };

  void item(Field field, Value value);
  std::string_view keep(std::string_view text);  // "" when the space is used up
  [[nodiscard]] std::string_view asked_for(std::string_view owner) const;
  [[nodiscard]] std::uint64_t transaction() const;

  std::uint16_t id_ = 0, flags_ = 0, type_ = 0;
  bool asked_ = false;
  std::string_view name_;   // of the first question
  std::string_view owner_;  // of the first answer, where there is no question: multicast DNS
  std::size_t items_used_ = 0, answers_used_ = 0, aliases_used_ = 0, text_used_ = 0;
  std::array<Message::Item, kMaxItems> items_;
  std::array<NameAnswer, kMaxAnswers> answers_;
  std::array<Alias, kMaxAliases> aliases_;
  std::array<char, 4096> text_;
};

}  // namespace pr::dissect::dns
