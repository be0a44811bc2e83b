// The rows of a partition that come by the thousand, and how they fill the columns of their tables
// (migrations/partition_*.sql).
#pragma once

#include <array>
#include <string>

#include "helper/store/bulk_insert.h"
#include "helper/store/rows.h"
#include "shared/model/flow.h"
#include "shared/model/handshake.h"

namespace pr::store {

// Texts of a slice that are numbers of the catalog's dictionary; 0: there is none.
enum SliceText : std::uint8_t {
  kSliceApp,
  kSliceSni,
  kSliceAlpn,
  kSliceVersion,
  kSliceCipher,
  kSliceJa3,
  kSliceJa3s,
  kSliceJa4,
  kSliceHassh,
  kSliceHasshServer,
  kSliceHost,
  kSliceName,
  kSliceIssuer,
  kSliceTexts
};

struct SliceRow {
  std::uint64_t session = 0;
  const FlowSlice* slice = nullptr;
  int flags = 0;  // SliceFlag
  std::array<std::int64_t, kSliceTexts> texts{};
  std::string certificates;  // JSON array of numbers
};

struct TransactionRow {
  std::uint64_t session = 0;
  const Transaction* transaction = nullptr;
  std::int64_t protocol = 0, name = 0;

  [[nodiscard]] Timestamp ts() const {
    return to_ns(transaction->request_ts) != 0 ? transaction->request_ts : transaction->response_ts;
  }
};

namespace rows {

// The differences of a first slice are its totals, and stand there alone.
template <std::uint64_t DirectionCounts::*kCount, int kSide>
void put_delta(const SliceRow& row, CellOut& out) {
  if (row.slice->n != 0) out.integer(row.slice->delta[kSide].*kCount);
}
template <std::uint64_t DirectionCounts::*kCount, int kSide>
void put_total(const SliceRow& row, CellOut& out) {
  out.integer(row.slice->total[kSide].*kCount);
}
template <std::uint32_t DirectionCounts::*kCount>
void put_both(const SliceRow& row, CellOut& out) {
  out.unless_zero(std::uint64_t{row.slice->total[0].*kCount} + row.slice->total[1].*kCount);
}
template <SliceText kText>
void put_text(const SliceRow& row, CellOut& out) {
  out.unless_zero(row.texts[kText]);
}
inline void put_address(const IpAddress& address, CellOut& out) {
  if (!address.empty()) out.blob(address.octets());
}

}  // namespace rows

inline constexpr RowColumn<SliceRow> kSliceColumns[] = {
    {"session", [](const SliceRow& row, CellOut& out) { out.integer(row.session); }},
    {"flow", [](const SliceRow& row, CellOut& out) { out.integer(row.slice->flow_id); }},
    {"n", [](const SliceRow& row, CellOut& out) { out.integer(row.slice->n); }},
    {"flags", [](const SliceRow& row, CellOut& out) { out.integer(row.flags); }},
    {"start", [](const SliceRow& row, CellOut& out) { out.integer(to_ns(row.slice->start)); }},
    {"end", [](const SliceRow& row, CellOut& out) { out.integer(to_ns(row.slice->end)); }},
    {"first", [](const SliceRow& row, CellOut& out) { out.integer(to_ns(row.slice->first_seen)); }},
    {"last", [](const SliceRow& row, CellOut& out) { out.integer(to_ns(row.slice->last_seen)); }},
    {"src", [](const SliceRow& row, CellOut& out) { rows::put_address(row.slice->key.orig.ip, out); }},
    {"dst", [](const SliceRow& row, CellOut& out) { rows::put_address(row.slice->key.resp.ip, out); }},
    {"sport", [](const SliceRow& row, CellOut& out) { out.integer(unsigned{row.slice->key.orig.port}); }},
    {"dport", [](const SliceRow& row, CellOut& out) { out.integer(unsigned{row.slice->key.resp.port}); }},
    {"proto", [](const SliceRow& row, CellOut& out) { out.integer(unsigned{row.slice->key.ip_proto}); }},
    {"vlan", [](const SliceRow& row, CellOut& out) { out.unless_zero(unsigned{row.slice->key.vlan}); }},
    {"tunnel",
     [](const SliceRow& row, CellOut& out) {
       if (row.slice->tunnel) out.unless_empty(*row.slice->tunnel);
     }},
    {"stream",
     [](const SliceRow& row, CellOut& out) {
       if (row.slice->has_stream) out.integer(row.slice->stream);
     }},
    {"opkts", &rows::put_total<&DirectionCounts::packets, 0>},
    {"rpkts", &rows::put_total<&DirectionCounts::packets, 1>},
    {"obytes", &rows::put_total<&DirectionCounts::bytes, 0>},
    {"rbytes", &rows::put_total<&DirectionCounts::bytes, 1>},
    {"opay", &rows::put_total<&DirectionCounts::payload_bytes, 0>},
    {"rpay", &rows::put_total<&DirectionCounts::payload_bytes, 1>},
    {"d_opkts", &rows::put_delta<&DirectionCounts::packets, 0>},
    {"d_rpkts", &rows::put_delta<&DirectionCounts::packets, 1>},
    {"d_obytes", &rows::put_delta<&DirectionCounts::bytes, 0>},
    {"d_rbytes", &rows::put_delta<&DirectionCounts::bytes, 1>},
    {"d_opay", &rows::put_delta<&DirectionCounts::payload_bytes, 0>},
    {"d_rpay", &rows::put_delta<&DirectionCounts::payload_bytes, 1>},
    {"retrans", &rows::put_both<&DirectionCounts::retransmissions>},
    {"ooo", &rows::put_both<&DirectionCounts::out_of_order>},
    {"gaps", &rows::put_both<&DirectionCounts::gaps>},
    {"oflags", [](const SliceRow& row, CellOut& out) { out.unless_zero(unsigned{row.slice->total[0].tcp_flags}); }},
    {"rflags", [](const SliceRow& row, CellOut& out) { out.unless_zero(unsigned{row.slice->total[1].tcp_flags}); }},
    {"state", [](const SliceRow& row, CellOut& out) { out.integer(static_cast<int>(row.slice->state)); }},
    {"history", [](const SliceRow& row, CellOut& out) { out.unless_empty(row.slice->history); }},
    {"rtt",
     [](const SliceRow& row, CellOut& out) {
       if (row.slice->rtt_ns >= 0) out.integer(row.slice->rtt_ns);
     }},
    {"community", [](const SliceRow& row, CellOut& out) { out.blob(row.slice->community); }},
    {"app", &rows::put_text<kSliceApp>},
    {"evidence", [](const SliceRow& row, CellOut& out) { out.unless_zero(static_cast<int>(row.slice->app_evidence)); }},
    {"sni", &rows::put_text<kSliceSni>},
    {"alpn", &rows::put_text<kSliceAlpn>},
    {"version", &rows::put_text<kSliceVersion>},
    {"cipher", &rows::put_text<kSliceCipher>},
    {"ja3", &rows::put_text<kSliceJa3>},
    {"ja3s", &rows::put_text<kSliceJa3s>},
    {"ja4", &rows::put_text<kSliceJa4>},
    {"hassh", &rows::put_text<kSliceHassh>},
    {"hassh_server", &rows::put_text<kSliceHasshServer>},
    {"host", &rows::put_text<kSliceHost>},
    {"name", &rows::put_text<kSliceName>},
    {"certs", [](const SliceRow& row, CellOut& out) { out.unless_empty(row.certificates); }},
    {"issuer", &rows::put_text<kSliceIssuer>},
    {"verdicts",
     [](const SliceRow& row, CellOut& out) {
       if (row.slice->identity) out.unless_zero(unsigned{row.slice->identity->verdicts});
     }},
};

inline constexpr RowColumn<TransactionRow> kTransactionColumns[] = {
    {"session", [](const TransactionRow& row, CellOut& out) { out.integer(row.session); }},
    {"flow", [](const TransactionRow& row, CellOut& out) { out.integer(row.transaction->flow_id); }},
    {"ts", [](const TransactionRow& row, CellOut& out) { out.integer(to_ns(row.ts())); }},
    {"request", [](const TransactionRow& row, CellOut& out) { out.unless_zero(to_ns(row.transaction->request_ts)); }},
    {"response", [](const TransactionRow& row, CellOut& out) { out.unless_zero(to_ns(row.transaction->response_ts)); }},
    {"protocol", [](const TransactionRow& row, CellOut& out) { out.unless_zero(row.protocol); }},
    {"name", [](const TransactionRow& row, CellOut& out) { out.unless_zero(row.name); }},
    {"summary", [](const TransactionRow& row, CellOut& out) { out.unless_empty(row.transaction->summary); }},
    {"status",
     [](const TransactionRow& row, CellOut& out) {
       if (row.transaction->status >= 0) out.integer(row.transaction->status);
     }},
    {"fields", [](const TransactionRow& row, CellOut& out) { out.unless_empty(row.transaction->fields); }},
};

}  // namespace pr::store
