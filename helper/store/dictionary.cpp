#include "helper/store/dictionary.h"

#include "shared/base/hex.h"

namespace pr::store {
namespace {

constexpr std::size_t kMaxKnown = 100'000;  // of one kind; then memory starts anew

}  // namespace

absl::StatusOr<DictionaryWriter> DictionaryWriter::open(Database& catalog) {
  DictionaryWriter made;
  made.catalog_ = &catalog;
  const auto prepare = [&](const char* sql, Statement& to) {
    absl::StatusOr<Statement> statement = catalog.prepare(sql);
    if (statement.ok()) to = *std::move(statement);
    return statement.status();
  };
  absl::Status status = prepare("SELECT id FROM text WHERE kind = ? AND value = ?", made.select_);
  status.Update(prepare("INSERT INTO text(kind, value) VALUES(?, ?)", made.insert_));
  status.Update(prepare("SELECT id FROM certificate WHERE sha256 = ?", made.select_certificate_));
  status.Update(prepare("INSERT INTO certificate(sha256) VALUES(?)", made.insert_certificate_));
  if (!status.ok()) return status;
  return made;
}

absl::StatusOr<std::int64_t> DictionaryWriter::find(Statement& select, Statement& insert) {
  const absl::StatusOr<bool> found = select.step();
  if (!found.ok()) return found.status();
  if (*found) {
    const std::int64_t id = select.integer(0);
    select.reset();
    insert.reset();
    return id;
  }
  select.reset();
  if (!catalog_->in_transaction()) {
    if (absl::Status status = catalog_->begin(); !status.ok()) return status;
  }
  if (absl::Status status = insert.run(); !status.ok()) return status;
  return catalog_->last_insert_id();
}

absl::StatusOr<std::int64_t> DictionaryWriter::id(TextKind kind, std::string_view text) {
  if (text.empty()) return 0;
  auto& known = known_[static_cast<std::size_t>(kind)];
  if (const auto found = known.find(text); found != known.end()) return found->second;
  const auto number = static_cast<int>(kind);
  select_.bind(0, number).bind(1, text);
  insert_.bind(0, number).bind(1, text);
  const absl::StatusOr<std::int64_t> id = find(select_, insert_);
  if (!id.ok()) return id;
  if (known.size() >= kMaxKnown) known.clear();
  known.emplace(std::string(text), *id);
  return id;
}

absl::StatusOr<std::int64_t> DictionaryWriter::certificate(const std::string& sha256) {
  if (const auto found = certificates_.find(sha256); found != certificates_.end()) return found->second;
  const auto digest = from_hex(sha256);
  if (!digest || digest->empty()) return 0;
  select_certificate_.bind(0, Bytes(*digest));
  insert_certificate_.bind(0, Bytes(*digest));
  const absl::StatusOr<std::int64_t> id = find(select_certificate_, insert_certificate_);
  if (!id.ok()) return id;
  if (certificates_.size() >= kMaxKnown) certificates_.clear();
  certificates_.emplace(sha256, *id);
  return id;
}

void DictionaryWriter::forget() {
  for (auto& known : known_) known.clear();
  certificates_.clear();
}

absl::StatusOr<DictionaryReader> DictionaryReader::open(Database& catalog) {
  DictionaryReader made;
  absl::StatusOr<Statement> texts = catalog.prepare("SELECT value FROM text WHERE id = ?");
  if (!texts.ok()) return texts.status();
  made.select_ = *std::move(texts);
  absl::StatusOr<Statement> certificates = catalog.prepare("SELECT sha256 FROM certificate WHERE id = ?");
  if (!certificates.ok()) return certificates.status();
  made.select_certificate_ = *std::move(certificates);
  return made;
}

const std::string& DictionaryReader::text(std::int64_t id) {
  if (id == 0) return empty_;
  if (const auto found = texts_.find(id); found != texts_.end()) return found->second;
  const absl::StatusOr<bool> row = select_.bind(0, id).step();
  if (!row.ok() || !*row) return empty_;
  std::string value(select_.text(0));
  select_.reset();
  if (texts_.size() >= kMaxKnown) texts_.clear();
  return texts_.emplace(id, std::move(value)).first->second;
}

const std::string& DictionaryReader::certificate(std::int64_t id) {
  if (id == 0) return empty_;
  if (const auto found = certificates_.find(id); found != certificates_.end()) return found->second;
  const absl::StatusOr<bool> row = select_certificate_.bind(0, id).step();
  if (!row.ok() || !*row) return empty_;
  std::string value = hex_text(select_certificate_.blob(0));
  select_certificate_.reset();
  if (certificates_.size() >= kMaxKnown) certificates_.clear();
  return certificates_.emplace(id, std::move(value)).first->second;
}

}  // namespace pr::store
