// Simple Service Discovery Protocol (UPnP device architecture 2.0): one HTTP head a datagram, without a body.
#include <algorithm>

#include "helper/dissect/proto/http/http.h"

namespace pr::dissect {
namespace {

using namespace http;

constexpr Bind kBinds[] = {{"udp.port", 1900}};

struct Conversation {
  std::uint32_t requests, responses;
};

void relations(const Head& head, const Conversation& talk, LayerBuilder& out) {
  switch (head.line.kind) {
    case Kind::kNotification: out.add(kNotification, 1, {}); break;
    case Kind::kResponse:
      out.add(kResponse, 1, {});
      out.add(kResponseNumber, talk.responses, {});
      return;
    default:
      out.add(kRequest, 1, {});
      out.add(kRequestNumber, talk.requests, {});
      break;
  }
  if (!head.host.empty()) out.add_text(kRequestFullUri, full_uri(head), {});
}

Outcome dissect_ssdp(Cursor& in, LayerBuilder& out) {
  const Bytes all = in.rest();
  const std::size_t feed = as_text(all).find('\n');
  if (feed == std::string_view::npos) return Outcome::kNotMine;
  const bool carriage = feed > 0 && all[feed - 1] == '\r';
  if (parse_start_line(all.first(carriage ? feed - 1 : feed)).kind == Kind::kNone) return Outcome::kNotMine;
  const std::size_t end = find_head_end(all, 0);  // some leave the blank line out
  const Head head = dissect_head(in, end == 0 ? std::min(all.size(), kMaxHead) : end, out);
  in.skip(in.left());
  const bool response = head.line.kind == Kind::kResponse;
  auto& talk = out.state<Conversation>();
  if (head.line.kind == Kind::kRequest) ++talk.requests;
  if (response) ++talk.responses;
  if (out.wanted()) {
    out.info(ascii(all.first(carriage ? feed - 1 : feed)) + " ");
    relations(head, talk, out);
  }
  std::array<Message::Item, 4> items;
  std::size_t used = 0;
  const auto text = [&](Field field, Bytes value) {
    if (!value.empty()) items[used++] = {field, Value::of(value)};
  };
  text(kRequestMethod, head.line.method);
  text(kServer, head.server);
  text(kLocation, head.location);
  text(kUserAgent, head.user_agent);
  out.message({.role = response                                ? Message::Role::kResponse
                       : as_text(head.line.method) == "NOTIFY" ? Message::Role::kEvent
                                                               : Message::Role::kRequest,
               .name = as_text(head.location),
               .summary = as_text(all.first(carriage ? feed - 1 : feed)),
               .status = response ? head.line.code : -1,
               .items = {items.data(), used}});
  return Outcome::kDone;
}

Likeness probe_ssdp(Bytes start, const ProbeHint& hint) {
  if (hint.tcp) return Likeness::kNo;
  const std::string_view text = as_text(start);
  if (text.starts_with("M-SEARCH * HTTP/1.") || text.starts_with("NOTIFY * HTTP/1.")) return Likeness::kYes;
  return text.starts_with("HTTP/1.") || may_be_start_line(start.first(std::min<std::size_t>(start.size(), 8)))
             ? Likeness::kMaybe
             : Likeness::kNo;
}

}  // namespace

extern constinit const Dissector ssdp_dissector{.name = "ssdp",
                                                .title = "Simple Service Discovery Protocol",
                                                .column = "SSDP",
                                                .fields = {http::kFields, http::kFieldCount},
                                                .binds = kBinds,
                                                .dissect = &dissect_ssdp,
                                                .probe = &probe_ssdp,
                                                .datagram = true};

}  // namespace pr::dissect
