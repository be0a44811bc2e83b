// The partition being written: flow slices, handshakes, transactions, names, in order of arrival. Everything happens in
// one open transaction until commit().
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "helper/store/database.h"
#include "helper/store/dictionary.h"
#include "helper/store/partition_rows.h"
#include "shared/model/batch.h"

namespace pr::store {

class PartitionWriter {
 public:
  // Creates the file, or goes on in one that a crash left open.
  static absl::StatusOr<std::unique_ptr<PartitionWriter>> open(const std::string& path, std::uint64_t id,
                                                               DictionaryWriter& dictionary);
  absl::Status limit_log(std::uint64_t octets) { return db_->limit_log(octets); }

  // A slice written again replaces the earlier one.
  absl::Status add(std::uint64_t session, std::span<const FlowSlice> slices);
  absl::Status add(std::uint64_t session, const Handshake& handshake);
  absl::Status add(std::uint64_t session, std::span<const Transaction> transactions);
  absl::Status add(std::uint64_t session, const NameRecord& name);
  absl::Status commit();
  // Adds indexes and gives up the write-ahead log, so that the file stands alone. Nothing may be called afterwards.
  absl::Status close();
  // The session is over: what is remembered of it is not needed any more.
  void end_session() { names_ = {}; }

  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] std::uint64_t bytes() const;
  // Packet times of its rows; min > max: no rows yet.
  [[nodiscard]] std::int64_t min_ts() const { return min_ts_; }
  [[nodiscard]] std::int64_t max_ts() const { return max_ts_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  PartitionWriter(std::string path, std::uint64_t id, DictionaryWriter& dictionary)
      : path_(std::move(path)), id_(id), dictionary_(dictionary) {}
  absl::Status prepare();
  absl::Status ensure_transaction(std::size_t rows);
  // Marks the slice before this one as superseded; carried: there are earlier ones in older partitions.
  absl::Status supersede(std::uint64_t session, const FlowSlice& slice, bool* carried);
  absl::Status insert_slices();
  absl::Status number_texts(SliceRow& row);
  absl::Status sight_names(std::uint64_t session, const FlowSlice& slice);
  absl::StatusOr<std::string> certificates(const std::vector<std::string>& sha256);
  absl::Status sight(std::uint64_t session, const std::string& name, const IpAddress& address, int source, Timestamp ts,
                     std::uint32_t ttl);
  void cover(Timestamp from, Timestamp to);

  struct Sighting {
    std::int64_t row = 0;
    std::int64_t last = 0, count = 0;
    bool changed = false;
  };

  const std::string path_;
  const std::uint64_t id_;
  DictionaryWriter& dictionary_;
  std::unique_ptr<Database> db_;
  BulkInsert slice_, transaction_;
  Statement superseded_, handshake_, name_, name_again_;
  std::vector<SliceRow> slice_rows_;  // of the batch at hand
  std::vector<TransactionRow> transaction_rows_;
  absl::flat_hash_map<std::string, Sighting> names_;  // key: name id, address, source
  std::string key_;
  std::string certs_;  // bound by reference to handshake_ until it has run
  std::int64_t min_ts_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ts_ = std::numeric_limits<std::int64_t>::min();
  std::uint64_t rows_ = 0;
};

}  // namespace pr::store
