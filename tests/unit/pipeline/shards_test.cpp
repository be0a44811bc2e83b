#include "helper/pipeline/shards.h"

#include <QTest>

#include "helper/dissect/registry.h"
#include "tests/support/analyse.h"
#include "tests/support/corpus.h"

namespace pr {
namespace {

std::string line(const FlowSlice& s) {
  const FlowIdentity known = s.identity ? *s.identity : FlowIdentity{};
  return std::to_string(s.flow_id) + '/' + std::to_string(s.n) + ' ' + s.key.orig.ip.text() + ':' +
         std::to_string(s.key.orig.port) + ' ' + s.key.resp.ip.text() + ':' + std::to_string(s.key.resp.port) + ' ' +
         std::to_string(s.key.ip_proto) + " stream " + std::to_string(s.stream) + ' ' +
         std::to_string(s.total[0].packets) + '+' + std::to_string(s.total[1].packets) + ' ' +
         std::to_string(s.total[0].bytes) + '+' + std::to_string(s.total[1].bytes) + ' ' + conn_state_name(s.state) +
         ' ' + s.history + ' ' + std::string(s.app_proto) + ' ' + known.sni + ' ' + known.ja3 + ' ' + known.dns_name +
         ' ' + known.http_host + ' ' + std::to_string(known.verdicts);
}

std::vector<std::string> lines(const test::Analysed& result) {
  std::vector<std::string> out;
  for (const FlowSlice& slice : result.slices) out.push_back(line(slice));
  std::sort(out.begin(), out.end());
  for (const Transaction& t : result.transactions)
    out.push_back(std::to_string(t.flow_id) + t.protocol + t.name + t.fields);
  for (std::size_t i = 0; i < result.facts.size(); ++i) {
    const PacketFacts& f = result.facts[i];
    out.push_back(std::to_string(i + 1) + " flow " + std::to_string(f.flow_id) + " stream " + std::to_string(f.stream) +
                  " app " + std::to_string(f.app) + " parts " + std::to_string(f.parts.size()) + " marks " +
                  std::to_string(f.tcp.marks));
  }
  return out;
}

}  // namespace

class ShardsTest : public QObject {
  Q_OBJECT

 private slots:
  void a_file_gives_the_same_result_with_any_number_of_shards_and_any_batch() {
    if (!test::has_corpus()) QSKIP("the corpus folder is not there");
    const dissect::Registry registry;
    const dissect::Engine engine(registry);
    for (const std::string& path : test::captures(23)) {
      const auto capture = test::read_capture(path);
      const auto expected = lines(test::analyse(engine, capture));
      for (const auto& [shards, size] : {std::pair{1U, 1UL}, {2U, 4096UL}, {4U, 7UL}}) {
        const auto got = lines(test::analyse(engine, capture, shards, size));
        QCOMPARE(got.size(), expected.size());
        for (std::size_t i = 0; i < got.size(); ++i) {
          if (got[i] == expected[i]) continue;
          QFAIL((path + " with " + std::to_string(shards) + " shards: " + got[i] + "\n  instead of " + expected[i])
                    .c_str());
        }
      }
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::ShardsTest)
#include "shards_test.moc"
