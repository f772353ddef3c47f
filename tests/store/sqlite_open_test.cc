#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_reader.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/contract/samples.h"
#include "tests/contract/scratch_directory.h"

// Which files are opened, and in what words others are refused.
namespace tocsin::store {
namespace {

struct Fixture {
  contract::ScratchDirectory directory;
  const std::string path = directory.path() + "/tocsin.db";

  Result<std::unique_ptr<SqliteStore>> Open() const {
    return SqliteStore::Open({.path = path, .probe = {}});
  }
  Error OpenError() const {
    const auto store = Open();
    BOOST_REQUIRE(!store.ok());
    return store.error();
  }
  // Runs `sql` on the file as another program.
  void Run(const std::string& sql) const {
    sqlite3* handle = nullptr;
    BOOST_REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
    BOOST_TEST(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) ==
               SQLITE_OK);
    sqlite3_close(handle);
  }
};

// The message with which a process without rights fails to open the store.
std::string ErrorAsNobody(const std::string& path) {
  int ends[2];
  BOOST_REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    constexpr uid_t kNobody = 65534;
    std::string message = "opened";
    if (geteuid() == 0 && setuid(kNobody) != 0) _exit(1);
    {
      const auto store = SqliteStore::Open({.path = path, .probe = {}});
      if (!store.ok()) {
        message = std::string(CodeName(store.error().code)) + ": " +
                  store.error().message;
      }
    }
    const ssize_t sent = write(ends[1], message.data(), message.size());
    _exit(sent < 0 ? 1 : 0);
  }
  close(ends[1]);
  char text[1024];
  const ssize_t size = read(ends[0], text, sizeof text);
  close(ends[0]);
  int status = 0;
  BOOST_TEST(waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
}

BOOST_FIXTURE_TEST_SUITE(sqlite_open, Fixture)

BOOST_AUTO_TEST_CASE(every_statement_prepares) {
  BOOST_TEST_REQUIRE(Open().ok());
  const auto connection = sqlite::Connection::Open(path, sqlite::kWriterSetup);
  BOOST_TEST_REQUIRE(connection.ok());
  const Status prepared = connection.value()->PrepareAll();
  BOOST_TEST(prepared.ok());
  BOOST_TEST(sqlite::kStatementCount > 30u);
}

BOOST_AUTO_TEST_CASE(a_second_opening_is_refused_and_names_the_holder) {
  const auto first = Open();
  BOOST_TEST_REQUIRE(first.ok());
  const Error error = OpenError();
  BOOST_TEST((error.code == Code::kConflict));
  BOOST_TEST(error.message == "the store " + path + " is in use by process " +
                                  std::to_string(getpid()));
}

BOOST_AUTO_TEST_CASE(a_closed_store_can_be_opened_again) {
  BOOST_TEST_REQUIRE(Open().ok());
  BOOST_TEST(Open().ok());
}

// The log is in the file again: one file to copy.
BOOST_AUTO_TEST_CASE(a_clean_end_leaves_no_log) {
  {
    const auto store = Open();
    BOOST_TEST_REQUIRE(store.ok());
    const auto changes = contract::ChangesOf(contract::SampleGroup(1));
    BOOST_TEST_REQUIRE(store.value()->Write(changes).ok());
    BOOST_TEST(std::filesystem::file_size(path + "-wal") > 0u);
  }
  BOOST_TEST(!std::filesystem::exists(path + "-wal"));
}

BOOST_AUTO_TEST_CASE(a_killed_process_leaves_a_usable_store) {
  const pid_t child = fork();
  if (child == 0) {
    const auto store = Open();
    if (!store.ok()) _exit(1);
    const auto changes = contract::ChangesOf(contract::SampleGroup(1));
    if (!store.value()->Write(changes).ok()) _exit(1);
    (void)kill(getpid(), SIGKILL);
  }
  int status = 0;
  BOOST_TEST(waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFSIGNALED(status));
  const auto store = Open();
  BOOST_TEST_REQUIRE(store.ok());
  BOOST_TEST(store.value()->LastGroupId().value().value() == 1);
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_named) {
  const auto store = SqliteStore::Open(
      {.path = directory.path() + "/none/tocsin.db", .probe = {}});
  BOOST_TEST_REQUIRE(!store.ok());
  BOOST_TEST((store.error().code == Code::kNotFound));
  BOOST_TEST(store.error().message ==
             "cannot open the store " + directory.path() +
                 "/none/tocsin.db: the directory " + directory.path() +
                 "/none does not exist");
}

BOOST_AUTO_TEST_CASE(a_directory_without_rights_is_refused) {
  BOOST_REQUIRE(chmod(directory.path().c_str(), 0555) == 0);
  BOOST_TEST(ErrorAsNobody(path) ==
             "forbidden: cannot open the store " + path + ": the directory " +
                 directory.path() + " cannot be written (Permission denied)");
  BOOST_REQUIRE(chmod(directory.path().c_str(), 0755) == 0);
}

BOOST_AUTO_TEST_CASE(a_file_without_rights_is_refused) {
  BOOST_TEST_REQUIRE(Open().ok());
  BOOST_REQUIRE(chmod(directory.path().c_str(), 0777) == 0);
  BOOST_REQUIRE(chmod((path + ".lock").c_str(), 0666) == 0);
  BOOST_REQUIRE(chmod(path.c_str(), 0444) == 0);
  BOOST_TEST(ErrorAsNobody(path) == "forbidden: the store " + path +
                                        " cannot be written: it is read-only");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_refused_and_left_alone) {
  const std::string text(8192, 'x');
  std::ofstream(path) << text;
  const Error error = OpenError();
  BOOST_TEST((error.code == Code::kDataLoss));
  BOOST_TEST(error.message ==
             "the store " + path + " is damaged, or is not a database");
  BOOST_TEST(std::filesystem::file_size(path) == text.size());
}

BOOST_AUTO_TEST_CASE(a_row_that_cannot_be_read_is_refused_and_named) {
  {
    const auto store = Open();
    BOOST_TEST_REQUIRE(store.ok());
    const auto changes = contract::ChangesOf(contract::SampleGroup(7));
    BOOST_TEST_REQUIRE(store.value()->Write(changes).ok());
  }
  Run("UPDATE groups SET body = '{\"v\":1'");
  const Error error = OpenError();
  BOOST_TEST((error.code == Code::kDataLoss));
  BOOST_TEST(error.message.find("alert group 7") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused) {
  BOOST_TEST_REQUIRE(Open().ok());
  Run("PRAGMA user_version = 99");
  const Error error = OpenError();
  BOOST_TEST((error.code == Code::kInvalid));
  BOOST_TEST(error.message == "the store " + path +
                                  " has schema 99, this program knows up to " +
                                  std::to_string(sqlite::kMigrationCount) +
                                  ": start a newer one");
}

BOOST_AUTO_TEST_CASE(the_database_of_another_program_is_refused) {
  Run("CREATE TABLE theirs (x)");
  const Error error = OpenError();
  BOOST_TEST((error.code == Code::kInvalid));
  BOOST_TEST(error.message ==
             "the file " + path + " is a database of another program");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::store
