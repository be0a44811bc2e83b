// All dissectors of the program, their fields and the tables that parents find children in.
// Built once from dissectors.def, then only read: any thread may.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "helper/dissect/dissector.h"
#include "shared/model/dissection.h"
#include "shared/model/field_catalog.h"

namespace pr::dissect {

class Registry {
 public:
  Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // 1, 2, ...; 0 is none. REQUIRES for at(): id from this registry, not 0.
  [[nodiscard]] ProtocolId find(std::string_view name) const;
  [[nodiscard]] const Dissector& at(ProtocolId id) const { return *protocols_[id].dissector; }
  [[nodiscard]] std::size_t size() const { return protocols_.size(); }

  // Number of field `index` of a protocol's table; the protocol itself has a number too.
  [[nodiscard]] FieldId field_id(ProtocolId protocol, std::size_t index) const {
    return static_cast<FieldId>(protocols_[protocol].first_field + 1 + index);
  }
  [[nodiscard]] FieldId protocol_field(ProtocolId protocol) const { return protocols_[protocol].first_field; }
  // The protocol whose presence this field number stands for; 0: an ordinary field.
  [[nodiscard]] ProtocolId protocol_of_field(FieldId id) const {
    return id < presence_.size() ? presence_[id] : ProtocolId{0};
  }

  // The protocol bound under key in the table that protocol `parent` names at tables[table]; 0: nobody.
  [[nodiscard]] ProtocolId child(ProtocolId parent, std::size_t table, std::uint32_t key) const;
  // The same by table name, slowly: child("ip.proto", 6).
  [[nodiscard]] ProtocolId child(std::string_view table, std::uint32_t key) const;
  // Who is bound to a port of TCP or UDP; 0: nobody.
  [[nodiscard]] ProtocolId at_port(bool tcp, std::uint16_t port) const {
    return tables_[tcp ? tcp_ports_ : udp_ports_].find(port);
  }
  // Name of the table that protocol `parent` lists at tables[table].
  [[nodiscard]] const std::string& table_name(ProtocolId parent, std::size_t table) const {
    return tables_[protocols_[parent].tables[table]].name;
  }

  [[nodiscard]] const std::vector<ProtocolId>& stream_protocols() const { return streams_; }
  [[nodiscard]] const std::vector<ProtocolId>& datagram_protocols() const { return datagrams_; }
  [[nodiscard]] const FieldCatalog& catalog() const { return catalog_; }
  // Names by protocol number, "" at 0.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  // Keys below 65,536 (all but a few) are found by index: parents look up children on every packet.
  struct Table {
    std::string name;
    std::vector<ProtocolId> dense;
    std::unordered_map<std::uint32_t, ProtocolId> sparse;
    [[nodiscard]] ProtocolId find(std::uint32_t key) const;
  };
  struct Protocol {
    const Dissector* dissector = nullptr;
    FieldId first_field = 0;
    std::vector<std::size_t> tables;  // indexes into tables_
  };

  void add(const Dissector& dissector);
  std::size_t table_index(const std::string& name);
  void fill_catalog();

  std::vector<Protocol> protocols_;
  std::unordered_map<std::string_view, ProtocolId> by_name_;
  std::unordered_map<std::string, std::size_t> table_names_;
  std::vector<Table> tables_;
  std::size_t tcp_ports_, udp_ports_;  // indexes into tables_
  std::vector<ProtocolId> presence_, streams_, datagrams_;
  FieldCatalog catalog_;
};

}  // namespace pr::dissect
