#include "helper/analysis/identity_observer.h"

#include <algorithm>
#include <unordered_map>

#include "helper/identity/certificates.h"
#include "helper/identity/fingerprint.h"

namespace pr::analysis {
namespace {

constexpr std::size_t kMaxName = 512;  // of a server name, host or banner kept
constexpr std::size_t kMaxChain = 10;  // certificates of one chain looked at

std::string bounded(std::string_view text) { return std::string(text.substr(0, kMaxName)); }

}  // namespace

// Parsed certificates by their bytes: servers send the same chain over and over. Bounded by starting anew.
struct IdentityObserver::CertificateCache {
  struct Hash {
    std::size_t operator()(const std::string& der) const { return std::hash<std::string_view>{}(der); }
  };
  static constexpr std::size_t kMax = 2048;
  std::unordered_map<std::string, std::optional<Certificate>, Hash> parsed;

  // null: no certificate. *fresh: not met before, so the store may not have it.
  const Certificate* find(Bytes der, bool* fresh) {
    std::string key(as_text(der));
    auto found = parsed.find(key);
    *fresh = found == parsed.end();
    if (*fresh) {
      if (parsed.size() >= kMax) parsed.clear();
      found = parsed.emplace(std::move(key), identity::parse_certificate(der)).first;
    }
    return found->second ? &*found->second : nullptr;
  }
};

IdentityObserver::IdentityObserver(const dissect::Registry& registry, Expectations& expectations)
    : registry_(registry),
      expectations_(expectations),
      dns_(registry.find("dns")),
      certificates_(std::make_unique<CertificateCache>()) {}
IdentityObserver::~IdentityObserver() = default;

void IdentityObserver::begin(Conversation& conversation, const flow::Flow& flow, std::uint32_t at, const Packet& packet,
                             PacketFacts& facts, ShardOutput& out) {
  conversation_ = &conversation;
  flow_ = &flow;
  at_ = at;
  packet_ = &packet;
  facts_ = &facts;
  out_ = &out;
}

Handshake& IdentityObserver::handshake(const char* protocol) {
  if (!conversation_->handshake) {
    conversation_->handshake = std::make_unique<Handshake>();
    conversation_->handshake->protocol = protocol;
    conversation_->handshake->ts = packet_->ts;
  }
  return *conversation_->handshake;
}

void IdentityObserver::learn(std::string_view said, std::string& known) {
  if (!known.empty() && known != said) conversation_->known().verdicts |= kSaidOtherwise;
  known = said;
}

const ClientFingerprint* IdentityObserver::client_hello(const ClientHello& hello) {
  client_ = identity::fingerprint(hello);
  Handshake& made = handshake("tls");
  made.client = client_;
  made.sni = bounded(hello.sni);
  made.ech = hello.ech;
  FlowIdentity& known = conversation_->known();
  if (!known.ja3.empty() && known.sni != made.sni) known.verdicts |= kSaidOtherwise;
  known.sni = made.sni;
  learn(client_.ja3, known.ja3);
  learn(client_.ja4, known.ja4);
  if (hello.ech) known.verdicts |= kEch;
  return &client_;
}

const ServerFingerprint* IdentityObserver::server_hello(const ServerHello& hello) {
  server_ = identity::fingerprint(hello);
  Handshake& made = handshake("tls");
  made.server = server_;
  made.version = identity::tls_version_name(hello.selected_version != 0 ? hello.selected_version : hello.version);
  made.cipher = identity::cipher_name(hello.cipher);
  made.alpn = bounded(hello.alpn);
  FlowIdentity& known = conversation_->known();
  learn(server_.ja3s, known.ja3s);
  known.tls_version = made.version;
  known.cipher = made.cipher;
  known.alpn = made.alpn;
  return &server_;
}

const SshFingerprint* IdentityObserver::ssh_kexinit(const SshKexInit& kexinit, bool from_client) {
  ssh_ = identity::fingerprint(kexinit, from_client);
  Handshake& made = handshake("ssh");
  FlowIdentity& known = conversation_->known();
  (from_client ? made.hassh : made.hassh_server) = ssh_.hash;
  learn(ssh_.hash, from_client ? known.hassh : known.hassh_server);
  return &ssh_;
}

void IdentityObserver::ssh_banner(std::string_view line, bool from_client) {
  Handshake& made = handshake("ssh");
  (from_client ? made.ssh_client : made.ssh_server) = bounded(line);
}

void IdentityObserver::certificates(std::span<const Bytes> der, bool from_client) {
  FlowIdentity& known = conversation_->known();
  Handshake& made = handshake("tls");
  for (std::size_t i = 0; i < der.size() && i < kMaxChain; ++i) {
    bool fresh = false;
    const Certificate* certificate = certificates_->find(der[i], &fresh);
    if (certificate == nullptr) continue;
    if (fresh) out_->certificates.push_back(*certificate);
    for (auto* list : {&known.cert_sha256, &made.cert_sha256}) {
      if (std::ranges::find(*list, certificate->sha256) == list->end()) list->push_back(certificate->sha256);
    }
    if (i != 0 || from_client) continue;
    conversation_->leaf = std::make_unique<Certificate>(*certificate);
    conversation_->leaf->der.clear();
    known.issuer = certificate->issuer;
    known.verdicts |= identity::verdicts(*certificate, known.sni, packet_->ts);
    made.verdicts = known.verdicts;
  }
}

void IdentityObserver::name_answers(std::span<const NameAnswer> answers) {
  // The client is whom the answer went to.
  const IpAddress& client = facts_->from_resp ? flow_->key.orig.ip : flow_->key.resp.ip;
  for (const NameAnswer& answer : answers) {
    out_->names.push_back(
        {at_, born_index(*flow_), {client, {bounded(answer.name), answer.address, packet_->ts, answer.ttl}}});
  }
}

void IdentityObserver::server_name(std::string_view name) {
  if (!name.empty()) conversation_->known().sni = bounded(name);
}

void IdentityObserver::connection_id(Bytes id) {
  if (id.size() < kMinConnectionId || id.size() > kMaxConnectionId || !conversation_->identity) return;
  out_->connections.push_back({at_,
                               born_index(*flow_),
                               {.id = std::string(as_text(id)),
                                .identity = *conversation_->identity,
                                .protocol = conversation_->app,
                                .protocol_name = registry_.at(conversation_->app).name}});
}

void IdentityObserver::http_host(std::string_view host) { learn(bounded(host), conversation_->known().http_host); }

void IdentityObserver::expect(const dissect::ExpectedFlow& expected) {
  const ProtocolId protocol = registry_.find(expected.protocol);
  if (protocol != 0) expectations_.add(flow_->key, expected, protocol, packet_->ts);
}

void IdentityObserver::message(ProtocolId protocol, const Message& message) {
  if (protocol == dns_) {
    ++(message.role == Message::Role::kResponse ? out_->counters.dns_responses : out_->counters.dns_queries);
  }
  const auto answered = conversation_->transactions.add(registry_, protocol, message, *packet_,
                                                        [this](Transaction&& made) { emit(made); });
  if (answered.frame == 0) return;
  facts_->request_frame = answered.frame;
  facts_->request_ts = answered.ts;
}

void IdentityObserver::lost() {
  conversation_->transactions.lost([this](Transaction&& made) { emit(made); });
}

void IdentityObserver::emit(Transaction& made) {
  made.flow_id = flow_->id;
  out_->transactions.push_back({at_, born_index(*flow_), std::move(made)});
}

void IdentityObserver::flush(Conversation& conversation, const flow::Flow& flow, std::uint32_t at, bool ended,
                             ShardOutput& out) {
  if (conversation.handshake && (ended || !conversation.handshake->server.ja3s.empty())) {
    conversation.handshake->flow_id = flow.id;
    out.handshakes.push_back({at, born_index(flow), std::move(*conversation.handshake)});
    conversation.handshake.reset();
  }
  if (!ended) return;
  conversation.transactions.flush([&](Transaction&& made) {
    made.flow_id = flow.id;
    out.transactions.push_back({at, born_index(flow), std::move(made)});
  });
}

void IdentityObserver::fill(Conversation& conversation, FlowSlice* slice) const {
  if (conversation.named != 0) {
    const dissect::Dissector& protocol = registry_.at(conversation.named);
    slice->app_proto = protocol.app != nullptr ? protocol.app : protocol.name;
    slice->app_evidence = conversation.named_evidence;
  }
  if (!conversation.identity) return;
  if (slice->last) {
    slice->identity = std::move(conversation.identity);
  } else {
    slice->identity = conversation.identity;
  }
  judge_name(*slice->identity);
}

void judge_name(FlowIdentity& identity) {
  if (!identity.dns_name.empty()) {
    identity.verdicts = static_cast<std::uint16_t>((identity.verdicts & ~kNoDns) | kResolved);
  } else if (!identity.sni.empty() || !identity.http_host.empty()) {
    identity.verdicts |= kNoDns;
  }
}

}  // namespace pr::analysis
