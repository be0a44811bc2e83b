#include "helper/view/packet_bounds.h"

#include <QTest>

#include "helper/dissect/registry.h"
#include "shared/filter/filter.h"

namespace {

using namespace pr;

const dissect::Registry& registry() {
  static const dissect::Registry kRegistry;
  return kRegistry;
}

std::unique_ptr<filter::Ast> parse(const char* text) {
  auto parsed = filter::parse(text, registry().catalog());
  auto* ast = std::get_if<std::unique_ptr<filter::Ast>>(&parsed);
  if (ast == nullptr) qFatal("%s: %s", text, std::get<filter::Error>(parsed).message.c_str());
  return std::move(*ast);
}

constexpr quint64 kNoEnd = ~quint64{0};

}  // namespace

class PacketBoundsTest : public QObject {
  Q_OBJECT
 private slots:
  void numbers_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<quint64>("first");
    QTest::addColumn<quint64>("last");
    QTest::newRow("nothing") << "" << quint64{1} << kNoEnd;
    QTest::newRow("one") << "frame.number == 7" << quint64{7} << quint64{7};
    QTest::newRow("from") << "frame.number >= 7 && tcp" << quint64{7} << kNoEnd;
    QTest::newRow("between") << "frame.number > 7 && frame.number < 10" << quint64{8} << quint64{9};
    QTest::newRow("to") << "frame.number <= 7" << quint64{1} << quint64{7};
    QTest::newRow("either") << "frame.number == 7 || tcp" << quint64{1} << kNoEnd;
    QTest::newRow("not") << "!(frame.number == 7)" << quint64{1} << kNoEnd;
    QTest::newRow("other than") << "frame.number != 7" << quint64{1} << kNoEnd;
    QTest::newRow("another field") << "frame.len == 7" << quint64{1} << kNoEnd;
  }
  void numbers() {
    QFETCH(QString, text);
    const auto ast = parse(qPrintable(text));
    const view::NumberBounds bounds = view::frame_number_bounds(ast.get());
    QTEST(quint64{bounds.first}, "first");
    QTEST(quint64{bounds.last}, "last");
  }

  void parts_that_name_a_flow_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    QTest::newRow("nothing") << ""
                             << "";
    QTest::newRow("stream") << "tcp.stream == 3"
                            << "tcp.stream";
    QTest::newRow("within and") << "frame.len > 60 && (flow.id == 9 && tcp)"
                                << "flow.id";
    QTest::newRow("community") << "communityid == \"1:x\""
                               << "communityid";
    QTest::newRow("set") << "udp.stream in {1, 2}"
                         << "udp.stream";
    // Others than their flow's addresses may stand in a packet: tunnels, ICMP errors.
    QTest::newRow("address") << "ip.addr == 10.0.0.1"
                             << "";
    QTest::newRow("either") << "tcp.stream == 3 || tcp.stream == 4"
                            << "";
    QTest::newRow("not") << "!(tcp.stream == 3)"
                         << "";
    QTest::newRow("greater") << "tcp.stream > 3"
                             << "";
    QTest::newRow("other than") << "tcp.stream != 3"
                                << "";
  }
  void parts_that_name_a_flow() {
    QFETCH(QString, text);
    const auto ast = parse(qPrintable(text));
    const filter::Ast* part = view::flow_part(ast.get());
    const QString found = part == nullptr ? QString() : QString::fromStdString(part->children.front()->field->name);
    QTEST(found, "field");
  }
};

QTEST_APPLESS_MAIN(PacketBoundsTest)
#include "packet_bounds_test.moc"
