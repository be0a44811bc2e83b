// The reading side: any number of readers beside a writer, in any process; never blocks it. A Reader belongs to the
// thread that opened it.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/filter/ast.h"
#include "shared/model/batch.h"
#include "shared/model/row.h"

namespace pr::store {

// The columns of a noun, in the order of JSON keys. Declared once, in columns.cpp. kPackets has none here: its columns
// are fields of the dissection.
std::span<const ColumnDef> columns(Noun noun);

struct TimeRange {
  std::optional<Timestamp> from;  // inclusive
  std::optional<Timestamp> to;    // exclusive
};

struct RowQuery {
  Noun noun = Noun::kFlows;
  std::vector<std::uint64_t> sessions;    // empty: all
  std::vector<std::uint64_t> flows = {};  // flows, handshakes, transactions: only of these; empty: all
  TimeRange range;
  const filter::Ast* where = nullptr;  // null: all
  std::string order;                   // a column key; empty: newest session first, within one by time
  bool descending = false;
  std::uint64_t limit = 0;  // 0: none. Of a superset (see RowResult) all are given
  // The columns that cells are made for; the others stay empty. Empty: all.
  std::vector<std::string> keys = {};
  // Set before each row is given: the catalog is sure that the filter takes it, its packets need not be asked.
  bool* certain = nullptr;
};

// Told whether the catalog alone decides the filter. If not, rows are a superset (as narrow as the catalog can make
// it), and the caller has to test the packets of each row with the predicate.
struct RowResult {
  bool exact = true;
};

struct StoredPacket {
  std::uint64_t session = 0;
  Packet packet;  // bytes valid until the next read
  PacketFacts facts;
};

struct SessionInfo {
  std::uint64_t id = 0;
  std::string file, label, state;
  bool live = false, keeps_packets = true, pinned = false;
  Timestamp started{}, first_packet{};
  std::vector<InterfaceInfo> interfaces;
  SourceStats stats;
};

class Reader {
 public:
  // kNotFound: no such file; kFailedPrecondition: made by a newer version.
  static absl::StatusOr<std::unique_ptr<Reader>> open(const std::string& path, std::vector<std::string> protocol_names);
  virtual ~Reader() = default;

  virtual absl::StatusOr<std::vector<SessionInfo>> sessions() = 0;  // newest first, deleted ones left out
  // Calls take(row) for each row, cells as columns(noun); take returns false to stop. kDataLoss: a partition is
  // damaged; the rows of the others were given before.
  virtual absl::StatusOr<RowResult> rows(const RowQuery& query, const std::function<bool(const Row&)>& take) = 0;

  // Packets of a session in capture order, from the given number on, within the range (segments outside it are not
  // opened, packets outside it are skipped). take returns false to stop. Sees what a capture committed so far.
  // take may call packet() meanwhile. kDataLoss: a segment is damaged; what can be read of the others was given before.
  virtual absl::Status packets(std::uint64_t session, std::uint64_t first_number, const TimeRange& range,
                               const std::function<bool(StoredPacket&)>& take) = 0;
  // One packet; kNotFound: not stored (any more).
  virtual absl::StatusOr<StoredPacket> packet(std::uint64_t session, std::uint64_t number) = 0;
  // Numbers of the packets of one flow, ascending.
  virtual absl::StatusOr<std::vector<std::uint64_t>> flow_packets(std::uint64_t session, std::uint64_t flow_id) = 0;
};

}  // namespace pr::store
