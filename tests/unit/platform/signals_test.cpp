#include "helper/platform/signals.h"

#include <sys/wait.h>
#include <unistd.h>

#include <QtTest>
#include <chrono>
#include <semaphore>

using pr::platform::StopSignals;

namespace {

// The child's exit status; 1000 + the signal that killed it.
int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

}  // namespace

class SignalsTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
#ifdef __SANITIZE_THREAD__
    QSKIP("ThreadSanitizer does not let a forked process start threads");
#endif
  }

  void the_first_calls_the_function_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
  }
  void the_first_calls_the_function() {
    QFETCH(int, signal);
    const int result = in_child([signal] {
      std::signal(SIGHUP, SIG_DFL);
      std::binary_semaphore called(0);
      const StopSignals stop([&] { called.release(); });
      if (stop.stopped()) return 1;
      ::raise(signal);
      if (!called.try_acquire_for(std::chrono::seconds(20))) return 2;
      return stop.stopped() ? 0 : 3;
    });
    QCOMPARE(result, 0);
  }

  void the_second_ends_the_process() {
    const int result = in_child([] {
      std::binary_semaphore never(0), called(0);
      const StopSignals stop([&] {
        called.release();
        never.acquire();  // even a function that hangs does not keep it
      });
      ::raise(SIGINT);
      called.acquire();
      ::raise(SIGTERM);
      return 1;
    });
    QCOMPARE(result, 130);
  }

  void afterwards_signals_are_as_before() {
    const int result = in_child([] {
      std::signal(SIGINT, SIG_DFL);
      {
        const StopSignals stop([] {});
      }
      ::raise(SIGINT);
      return 1;
    });
    QCOMPARE(result, 1000 + SIGINT);
  }

  void one_after_the_other_works() {
    const int result = in_child([] {
      for (int i = 0; i < 3; ++i) {
        std::binary_semaphore called(0);
        const StopSignals stop([&] { called.release(); });
        ::raise(SIGINT);  // the first of this one
        if (!called.try_acquire_for(std::chrono::seconds(20))) return 1;
      }
      return 0;
    });
    QCOMPARE(result, 0);
  }

  void nohup_is_respected() {
    const int result = in_child([] {
      std::signal(SIGHUP, SIG_IGN);
      const StopSignals stop([] { ::_exit(1); });
      ::raise(SIGHUP);
      return stop.stopped() ? 2 : 0;
    });
    QCOMPARE(result, 0);
  }
};

QTEST_APPLESS_MAIN(SignalsTest)
#include "signals_test.moc"
