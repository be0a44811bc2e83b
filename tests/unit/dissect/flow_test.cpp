#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector flow_dissector;
}

namespace pr {

class FlowTest : public QObject {
  Q_OBJECT

 private slots:
  void declares_what_the_catalog_knows_of_a_flow() {
    QVERIFY(dissect::flow_dissector.dissect == nullptr);
    for (const char* name : {"flow.id", "flow.app_proto", "flow.verdict", "flow.orig.ip", "flow.bytes"}) {
      const FieldInfo* info = test::registry().catalog().find(name);
      QVERIFY2(info != nullptr && !info->description.empty(), name);
    }
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::FlowTest)
#include "flow_test.moc"
