// SQL values -> cells.
#pragma once

#include <map>

#include "helper/store/columns.h"
#include "helper/store/dictionary.h"

namespace pr::store {

// Of visible sessions by id.
using SessionFiles = std::map<std::uint64_t, std::string>;

class CellMaker {
 public:
  CellMaker(DictionaryReader& dictionary, const SessionFiles& files) : dictionary_(dictionary), files_(files) {}
  // The cell that the statement's column `at` makes; empty for NULL and for texts that are unknown.
  [[nodiscard]] Cell make(const Column& column, const Statement& row, int at) const;

 private:
  DictionaryReader& dictionary_;
  const SessionFiles& files_;
};

// "tcp", "udp" ...; a number where there is no short name.
std::string ip_proto_name(std::uint64_t proto);
std::vector<std::string> verdict_names(std::uint64_t bits);

}  // namespace pr::store
