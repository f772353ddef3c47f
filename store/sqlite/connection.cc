#include "store/sqlite/connection.h"

#include <sqlite3.h>

#include <cerrno>
#include <string>
#include <utility>

namespace tocsin::store::sqlite {
namespace {

// Our own connections never wait for each other; this is for people who look
// into the file with other programs. Pages must not wait long for them.
constexpr int kBusyTimeoutMillis = 1000;

// What the operating system says when there is no room: a full disk, a quota,
// a limit on the size of a file.
bool IsNoSpace(int system_error) {
  return system_error == ENOSPC || system_error == EDQUOT ||
         system_error == EFBIG;
}

Code CodeOf(int primary) {
  switch (primary) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::kDataLoss;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_PROTOCOL:
      return Code::kUnavailable;
    default:
      return Code::kInternal;
  }
}

// SQLite keeps the system's error of a failed commit for itself, but leaves it
// in errno: whoever calls SQLite clears errno first.
Error Describe(sqlite3* handle, const std::string& path, int code) {
  const int primary = code & 0xff;  // SQLite's extended codes begin above
  const bool io = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
  if (primary == SQLITE_FULL || (io && IsNoSpace(errno))) {
    return {Code::kUnavailable, "no space left on the disk of " + path};
  }
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
    return {Code::kUnavailable,
            "the store " + path + " is locked by another program"};
  }
  if (primary == SQLITE_NOTADB) {
    return {Code::kDataLoss,
            "the store " + path + " is damaged, or is not a database"};
  }
  return {CodeOf(primary), "the store " + path +
                               " failed: " + sqlite3_errmsg(handle) +
                               " (SQLite error " + std::to_string(code) + ")"};
}

}  // namespace

Cursor::Cursor(const Connection& connection, sqlite3_stmt* statement)
    : connection_(connection), statement_(statement) {}

Cursor::Cursor(Cursor&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      bind_error_(other.bind_error_) {}

Cursor::~Cursor() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);  // repeats the error of Next, already told
  sqlite3_clear_bindings(statement_);
}

Result<bool> Cursor::Next() {
  if (bind_error_ != SQLITE_OK) return connection_.LastError(bind_error_);
  errno = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.LastError(code);
}

bool Cursor::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Cursor::Int(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Cursor::Bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

void Cursor::Note(int code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

void Cursor::Bind(int index, std::int64_t value) {
  Note(sqlite3_bind_int64(statement_, index, value));
}

void Cursor::Bind(int index, std::optional<std::int64_t> value) {
  Note(value ? sqlite3_bind_int64(statement_, index, *value)
             : sqlite3_bind_null(statement_, index));
}

// A null pointer would be bound as NULL; the last argument says that the bytes
// outlive the statement's run.
void Cursor::Bind(int index, Text text) {
  const char* data = text.value.empty() ? "" : text.value.data();
  Note(sqlite3_bind_text64(statement_, index, data, text.value.size(), nullptr,
                           SQLITE_UTF8));
}

void Cursor::Bind(int index, Blob blob) {
  const char* data = blob.value.empty() ? "" : blob.value.data();
  Note(
      sqlite3_bind_blob64(statement_, index, data, blob.value.size(), nullptr));
}

Connection::Connection(sqlite3* handle, std::string path)
    : path_(std::move(path)), handle_(handle) {}

Connection::~Connection() {
  for (sqlite3_stmt* statement : prepared_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Result<std::unique_ptr<Connection>> Connection::Open(const std::string& path,
                                                     const NamedSql& setup) {
  sqlite3* handle = nullptr;
  errno = 0;
  const int code = sqlite3_open_v2(
      path.c_str(), &handle,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
      nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle, path));
  if (code != SQLITE_OK) return connection->LastError(code);
  if (sqlite3_db_readonly(handle, "main") == 1) {
    return Error{Code::kForbidden,
                 "the store " + path + " cannot be written: it is read-only"};
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMillis);
  if (const Status set = connection->RunScript(setup); !set.ok()) {
    return set.error();
  }
  return connection;
}

Status Connection::PrepareAll() {
  for (std::size_t i = 0; i < kStatementCount; ++i) {
    const auto prepared = Prepared(static_cast<Statement>(i));
    if (!prepared.ok()) return prepared.error();
  }
  return {};
}

Result<sqlite3_stmt*> Connection::Prepared(Statement statement) {
  const auto index = static_cast<std::size_t>(statement);
  sqlite3_stmt*& slot = prepared_.at(index);
  if (slot != nullptr) return slot;
  const std::string_view text = kStatements[index].text;
  errno = 0;
  const int code =
      sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()),
                         SQLITE_PREPARE_PERSISTENT, &slot, nullptr);
  if (code == SQLITE_OK) return slot;
  Error error = LastError(code);
  error.message += ", in statement " + std::string(kStatements[index].name);
  return error;
}

Status Connection::RunScript(const NamedSql& script) {
  errno = 0;
  const int code =
      sqlite3_exec(handle_, script.text.data(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : Status(LastError(code));
}

Status Connection::Checkpoint() {
  errno = 0;
  const int code = sqlite3_wal_checkpoint_v2(
      handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : Status(LastError(code));
}

bool Connection::InTransaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

Error Connection::LastError(int code) const {
  return Describe(handle_, path_, code);
}

Result<Transaction> Transaction::Begin(Connection& connection,
                                       Statement begin) {
  if (const Status begun = connection.Run(begin); !begun.ok()) {
    return begun.error();
  }
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  if (connection_ == nullptr || !connection_->InTransaction()) return;
  // Nothing is left to tell: the failure that led here was already returned,
  // and a transaction that cannot be rolled back ends with the connection.
  (void)connection_->Run(Statement::kRollback);
}

Status Transaction::Commit() {
  const Status committed = connection_->Run(Statement::kCommit);
  if (committed.ok()) connection_ = nullptr;
  return committed;
}

}  // namespace tocsin::store::sqlite
