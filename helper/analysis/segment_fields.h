// Fields of the TCP layer that only who frames messages can fill: which octets of a segment belong to a message that
// other segments have a part in (tcp.segment_data), and what such a message was put together from
// (tcp.segment, tcp.reassembled.*). One thread.
#pragma once

#include <optional>
#include <span>

#include "helper/dissect/registry.h"
#include "shared/model/dissection.h"
#include "shared/model/facts.h"

namespace pr::analysis {

class SegmentFields {
 public:
  explicit SegmentFields(const dissect::Registry& registry);

  // To be called when the tree holds everything up to the transport, and no application layer yet.
  void begin(const Dissection& tree);
  // The first message ended in this packet; parts: what was put together, the packet's own stretch last; length: the
  // message's octets; own: this packet's share. whole: all that was put together, own bytes of the tree.
  void completed(std::uint64_t packet, std::span<const Part> parts, Bytes whole, std::uint64_t length, Bytes own);
  // Octets of this packet that a later one completes.
  void continued(Bytes own) { continued_ = own; }
  // Writes the fields into the TCP layer.
  void end(const FieldSet* wanted, Dissection& tree) const;

 private:
  void add(FieldId id, std::uint8_t depth, Value value, Bytes where, const FieldSet* wanted, const Dissection& tree,
           std::vector<Field>& made) const;

  FieldId data_, segments_, segment_, count_, length_, reassembled_;
  std::size_t layers_ = 0, fields_ = 0;  // of the tree at begin()
  std::uint64_t packet_ = 0;
  std::span<const Part> parts_;
  Bytes message_, own_, continued_;
};

}  // namespace pr::analysis
