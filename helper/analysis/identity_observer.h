// Listens to dissectors and writes what it hears into the flow's identity, handshake and transactions.
// One per analyzer; begin() points it at the packet at hand.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "helper/analysis/analyzer.h"
#include "helper/analysis/conversation.h"
#include "helper/analysis/expectations.h"
#include "helper/dissect/context.h"

namespace pr::analysis {

class IdentityObserver final : public dissect::Observer {
 public:
  // expectations: outlives this.
  IdentityObserver(const dissect::Registry& registry, Expectations& expectations);
  ~IdentityObserver() override;

  // Until the next begin(), what dissectors say belongs to this conversation and packet. All outlive the calls.
  void begin(Conversation& conversation, const flow::Flow& flow, std::uint32_t at, const Packet& packet,
             PacketFacts& facts, ShardOutput& out);
  // Octets that the responder sent were lost.
  void lost();
  // Gives out what is known and not yet given out. ended: the flow is over.
  void flush(Conversation& conversation, const flow::Flow& flow, std::uint32_t at, bool ended, ShardOutput& out);
  // The flow's protocol and identity with its verdicts, for a slice; the last slice takes the identity with it.
  void fill(Conversation& conversation, FlowSlice* slice) const;

  const ClientFingerprint* client_hello(const ClientHello& hello) override;
  const ServerFingerprint* server_hello(const ServerHello& hello) override;
  const SshFingerprint* ssh_kexinit(const SshKexInit& kexinit, bool from_client) override;
  void ssh_banner(std::string_view line, bool from_client) override;
  void certificates(std::span<const Bytes> der, bool from_client) override;
  void name_answers(std::span<const NameAnswer> answers) override;
  void http_host(std::string_view host) override;
  void server_name(std::string_view name) override;
  void connection_id(Bytes id) override;
  void message(ProtocolId protocol, const Message& message) override;
  void expect(const dissect::ExpectedFlow& expected) override;

 private:
  struct CertificateCache;
  Handshake& handshake(const char* protocol);
  // Replaces what is known of the flow's identity by what was just said.
  void learn(std::string_view said, std::string& known);
  void emit(Transaction& made);

  const dissect::Registry& registry_;
  Expectations& expectations_;
  const ProtocolId dns_;
  std::unique_ptr<CertificateCache> certificates_;
  ClientFingerprint client_;
  ServerFingerprint server_;
  SshFingerprint ssh_;

  Conversation* conversation_ = nullptr;
  const flow::Flow* flow_ = nullptr;
  std::uint32_t at_ = 0;
  const Packet* packet_ = nullptr;
  PacketFacts* facts_ = nullptr;
  ShardOutput* out_ = nullptr;
};

// Sets the verdict on the flow's DNS name: resolved, or no_dns where a name was used that nobody asked for.
void judge_name(FlowIdentity& identity);

// Index of the flow in out.born when it has no number yet (its stream field holds it until then), else kNotBorn.
inline std::uint32_t born_index(const flow::Flow& flow) { return flow.id == 0 ? flow.stream : kNotBorn; }

}  // namespace pr::analysis
