// Extensions of ICMP errors, RFC 4884; MPLS label stacks, RFC 4950.
#include "helper/dissect/proto/icmp/fields.h"

namespace pr::dissect::icmp {
namespace {

constexpr std::uint8_t kMplsClass = 1;

void add_labels(Cursor& in, LayerBuilder& out) {
  while (in.left() >= 4) {
    const Bytes where = in.peek(4);
    const std::uint32_t entry = in.u32();
    out.add(kMplsLabel, entry >> 12U, where.first(3));
    out.add(kMplsExp, entry >> 9U & 7U, where.subspan(2, 1));
    out.add(kMplsS, entry >> 8U & 1U, where.subspan(2, 1));
    out.add(kMplsTtl, entry & 0xffU, where.subspan(3));
  }
}

}  // namespace

void add_extensions(Bytes structure, LayerBuilder& out) {
  Cursor in(structure);
  out.mark(kExt, structure);
  LayerBuilder::Subtree below(out);
  const Bytes where = in.peek(2);
  const std::uint16_t word = in.u16();
  if (!in.ok()) return;
  out.add(kExtVersion, word >> 12U, where.first(1));
  out.add(kExtRes, word & 0xfffU, where);
  const std::uint16_t checksum = out.u16(in, kExtChecksum);
  if (!in.ok()) return;
  const bool good = internet_checksum({structure}) == 0;
  const ChecksumStatus status = checksum == 0 ? ChecksumStatus::kNotPresent
                                : good        ? ChecksumStatus::kGood
                                              : ChecksumStatus::kBad;
  out.add(kExtChecksumStatus, static_cast<std::uint64_t>(status), Bytes{});
  while (in.left() >= 4) {
    const std::uint16_t length = out.u16(in, kExtLength);
    const std::uint8_t class_number = out.u8(in, kExtClass);
    const std::uint8_t class_type = out.u8(in, kExtCtype);
    if (length < 4 || length - 4U > in.left()) return;
    Cursor object = in.sub(length - 4U);
    if (class_number == kMplsClass && class_type == 1) {
      add_labels(object, out);
    } else if (object.left() > 0) {
      out.bytes(object, kExtData, object.left());
    }
  }
}

}  // namespace pr::dissect::icmp
