// A conversation of a stream protocol in a test: each message is dissected with the memory that the one before left.
#pragma once

#include <deque>

#include "tests/support/dissect.h"

namespace pr::test {

struct TextTalk {
  explicit TextTalk(const Dissector& used) : dissector(used) { options.observer = &listener; }

  struct Listener final : dissect::Observer {
    struct Told {
      Message::Role role;
      std::string name, summary;
      std::int64_t status;
    };
    void message(ProtocolId, const Message& m) override {
      told.push_back({m.role, std::string(m.name), std::string(m.summary), m.status});
    }
    void expect(const dissect::ExpectedFlow& flow) override { expected.push_back(flow); }
    std::vector<Told> told;
    std::vector<dissect::ExpectedFlow> expected;
  };

  const Result& say(bool from_client, std::string_view text) {
    options.from_orig = from_client;
    results.push_back(run(dissector, std::vector<std::uint8_t>(text.begin(), text.end()), options));
    if (results.back().outcome == Outcome::kDone || results.back().outcome == Outcome::kNeedMore)
      options.state = results.back().state;
    return results.back();
  }
  const Result& client(std::string_view text) { return say(true, text); }
  const Result& server(std::string_view text) { return say(false, text); }

  const Dissector& dissector;
  Options options;
  Listener listener;
  std::deque<Result> results;  // fields point into their bytes
};

inline std::vector<std::uint8_t> octets(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace pr::test
