#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/sqlite/sql.h"  // generated from the .sql files here

struct sqlite3;
struct sqlite3_stmt;

// SQLite's connection, statement and transaction with our errors: full disks,
// locks and I/O faults are kUnavailable, damage is kDataLoss, anything else is
// a fault of ours, kInternal. Confined to one thread, or guarded by one lock.
namespace tocsin::store::sqlite {

// How a string is bound.
struct Text {
  std::string_view value;
};
struct Blob {
  std::string_view value;
};

class Connection;

// One run of a prepared statement, row by row; the statement is free again when
// the cursor goes. What was bound must outlive the cursor, and the connection
// too. A statement has one cursor at a time.
class Cursor {
 public:
  Cursor(Cursor&& other) noexcept;
  Cursor& operator=(Cursor&&) = delete;
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor();

  // Moves to the next row; false after the last one.
  Result<bool> Next();

  // Columns of the row, from 0.
  bool IsNull(int column) const;
  std::int64_t Int(int column) const;
  std::string_view Bytes(int column) const;  // until the next Next

 private:
  friend class Connection;
  Cursor(const Connection& connection, sqlite3_stmt* statement);
  void Bind(int index, std::int64_t value);
  void Bind(int index, std::optional<std::int64_t> value);
  void Bind(int index, Text value);
  void Bind(int index, Blob value);
  void Note(int code);

  const Connection& connection_;
  sqlite3_stmt* statement_;
  int bind_error_ = 0;  // the first one; Next reports it
};

class Connection {
 public:
  // Opens the file, or makes it, and runs `setup`. kDataLoss where the file is
  // not a database, kForbidden where it cannot be written.
  static Result<std::unique_ptr<Connection>> Open(const std::string& path,
                                                  const NamedSql& setup);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  const std::string& path() const { return path_; }

  // Prepares all statements that are not prepared yet. Query and Run prepare
  // what they need, so that a few can run before the schema exists.
  Status PrepareAll();

  template <typename... Args>
  Result<Cursor> Query(Statement statement, Args... args) {
    Result<sqlite3_stmt*> prepared = Prepared(statement);
    if (!prepared.ok()) return prepared.error();
    Cursor cursor(*this, prepared.value());
    int index = 0;
    (cursor.Bind(++index, args), ...);
    return cursor;
  }

  // For statements that give no rows.
  template <typename... Args>
  Status Run(Statement statement, Args... args) {
    Result<Cursor> cursor = Query(statement, args...);
    if (!cursor.ok()) return cursor.error();
    const Result<bool> row = cursor.value().Next();
    return row.ok() ? Status() : Status(row.error());
  }

  // The first column of the only row; absent where it is NULL or there is none.
  template <typename... Args>
  Result<std::optional<std::int64_t>> Number(Statement statement,
                                             Args... args) {
    Result<Cursor> cursor = Query(statement, args...);
    if (!cursor.ok()) return cursor.error();
    const Result<bool> row = cursor.value().Next();
    if (!row.ok()) return row.error();
    std::optional<std::int64_t> number;
    if (row.value() && !cursor.value().IsNull(0)) {
      number = cursor.value().Int(0);
    }
    return number;
  }

  // Runs many statements that take nothing and whose rows nobody reads.
  Status RunScript(const NamedSql& script);

  // Moves the log into the database and empties it; for a clean end.
  Status Checkpoint();

  // Whether a transaction is open: SQLite ends one itself on some failures.
  bool InTransaction() const;

  // What the last failed call on this connection means.
  Error LastError(int code) const;

 private:
  Connection(sqlite3* handle, std::string path);
  Result<sqlite3_stmt*> Prepared(Statement statement);

  const std::string path_;
  sqlite3* const handle_;  // owned
  std::array<sqlite3_stmt*, kStatementCount>
      prepared_{};  // owned; null: not yet
};

// From begin to commit; rolled back where it goes without a commit.
class Transaction {
 public:
  // `begin` is kBegin or kBeginWrite.
  static Result<Transaction> Begin(Connection& connection, Statement begin);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  Status Commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}

  Connection* connection_;  // null: committed or moved from
};

}  // namespace tocsin::store::sqlite
