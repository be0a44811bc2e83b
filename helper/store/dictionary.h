// Texts of the catalog by number. Rows of partitions hold the numbers.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "helper/store/database.h"

namespace pr::store {

// What a text is; stored, so the numbers stay.
enum class TextKind : std::uint8_t {
  kName = 1,         // DNS names, server names, hosts
  kFingerprint = 2,  // JA3, JA4, HASSH and what they are made of
  kIssuer = 3,
  kProtocol = 4,
  kTlsTerm = 5,  // versions, cipher suites, ALPN
  kBanner = 6,
};
inline constexpr int kTextKinds = 7;

// The writer's view: numbers new texts within the catalog's open transaction. Remembers a bounded number of them.
class DictionaryWriter {
 public:
  static absl::StatusOr<DictionaryWriter> open(Database& catalog);

  // 0 for an empty text.
  absl::StatusOr<std::int64_t> id(TextKind kind, std::string_view text);
  // The same for a certificate, by its SHA-256 in hexadecimal; 0: that is none.
  absl::StatusOr<std::int64_t> certificate(const std::string& sha256);
  // Numbers given since the last commit are gone: the transaction was rolled back.
  void forget();

 private:
  absl::StatusOr<std::int64_t> find(Statement& select, Statement& insert);

  Database* catalog_ = nullptr;
  Statement select_, insert_, select_certificate_, insert_certificate_;
  // Lets a view be looked up without making a string of it; keyed, for the texts come from the network.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return absl::Hash<absl::string_view>{}(absl::string_view(text.data(), text.size()));
    }
  };
  std::array<absl::flat_hash_map<std::string, std::int64_t, Hash, std::equal_to<>>, kTextKinds> known_;
  absl::flat_hash_map<std::string, std::int64_t> certificates_;
};

// The readers' view: texts by number, remembered.
class DictionaryReader {
 public:
  static absl::StatusOr<DictionaryReader> open(Database& catalog);
  // "" for 0 and unknown numbers; valid until the next call.
  const std::string& text(std::int64_t id);
  // Lower-case hexadecimal SHA-256.
  const std::string& certificate(std::int64_t id);

 private:
  Statement select_, select_certificate_;
  absl::flat_hash_map<std::int64_t, std::string> texts_, certificates_;
  std::string empty_;
};

}  // namespace pr::store
