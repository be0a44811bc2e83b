// The columns of packets: Wireshark's seven (_ws.col.*), any field, and the whole tree or the bytes.
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "helper/dissect/registry.h"
#include "helper/view/packet_scan.h"
#include "helper/view/row_writer.h"

namespace pr::view {

class PacketColumns {
 public:
  // names: fields, _ws.col.*, or the keys of the default columns; empty: the default ones. for_programs: as JSON has
  // them, with file, session and flow in front and values typed; otherwise their text. kInvalidArgument: no such field,
  // with the nearest name.
  static absl::StatusOr<PacketColumns> make(const dissect::Registry& registry, std::span<const std::string> names,
                                            bool for_programs);
  // One column for ordering: its cells compare as the field's values do.
  static absl::StatusOr<PacketColumns> make_key(const dissect::Registry& registry, const std::string& name);

  [[nodiscard]] const std::vector<OutputColumn>& columns() const { return columns_; }
  // The fields that cells() will read.
  void add_needs(FieldSet& wanted) const;
  [[nodiscard]] Row cells(const Sight& sight) const;

 private:
  enum class Values : std::uint8_t { kText, kJson, kKey };
  enum class Kind : std::uint8_t {
    kFile,
    kSession,
    kFlow,
    kNumber,
    kTime,
    kSource,
    kDestination,
    kProtocol,
    kLength,
    kInfo,
    kField
  };
  struct Known {
    const char* key;
    const char* column;  // Wireshark's name; null: none
    const char* title;
    Kind kind;
    CellType type;
    bool right;
  };
  struct Source {
    Kind kind;
    const FieldInfo* field = nullptr;
  };
  static const std::array<Known, 10> kKnown;

  PacketColumns(const dissect::Registry& registry, Values values);
  absl::Status add_named(const std::string& name);
  void add(const Known& known, std::string key);
  [[nodiscard]] Cell cell(const Source& source, const Sight& sight) const;
  [[nodiscard]] Cell field_cell(const FieldInfo& field, const Sight& sight) const;
  [[nodiscard]] Cell address(const Sight& sight, std::span<const FieldId> ids) const;
  [[nodiscard]] std::string protocol(const Dissection& tree) const;

  const dissect::Registry* registry_;
  Values values_;
  ProtocolId icmp_, icmpv6_;
  std::vector<FieldId> sources_, destinations_;
  std::vector<OutputColumn> columns_;
  std::vector<Source> kinds_;
};

}  // namespace pr::view
