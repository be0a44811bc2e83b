#include "tests/support/dissect.h"

namespace pr::dissect {
extern constinit const Dissector communityid_dissector;
}

namespace pr {

class CommunityIdTest : public QObject {
  Q_OBJECT

 private slots:
  void declares_the_field_that_filters_ask_for() {
    const FieldInfo* info = test::registry().catalog().find("communityid");
    QVERIFY(info != nullptr);
    QCOMPARE(info->type, FieldType::kText);
    QVERIFY(dissect::communityid_dissector.dissect == nullptr);
  }
};

}  // namespace pr

QTEST_APPLESS_MAIN(pr::CommunityIdTest)
#include "communityid_test.moc"
