// Real captures beside the repository; tests that use them skip, with the reason, where the folder is absent.
#pragma once

#include <QDir>
#include <QDirIterator>
#include <QString>
#include <algorithm>
#include <string>
#include <vector>

namespace pr::test {

inline QString corpus_folder() { return QDir::cleanPath(QStringLiteral(PR_SOURCE_DIR "/../shared/corpus/dev")); }
inline bool has_corpus() { return QDir(corpus_folder() + "/pcaps").exists(); }

// Every n-th capture, in a fixed order.
inline std::vector<std::string> captures(std::size_t every = 1) {
  std::vector<std::string> all;
  QDirIterator it(corpus_folder() + "/pcaps", QDir::Files, QDirIterator::Subdirectories);
  while (it.hasNext()) all.push_back(it.next().toStdString());
  std::sort(all.begin(), all.end());
  std::vector<std::string> some;
  for (std::size_t i = 0; i < all.size(); i += every) some.push_back(all[i]);
  return some;
}

}  // namespace pr::test
