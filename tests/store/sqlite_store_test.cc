#include "store/sqlite/sqlite_store.h"

#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_reader.h"
#include "tests/contract/samples.h"
#include "tests/contract/scratch_directory.h"

// What holds for SQLite beyond the contract of all stores.
namespace tocsin::store {
namespace {

// Writes groups with long titles until one is refused; returns that refusal.
Error FillUp(SqliteStore& store, std::int64_t& last_written) {
  paging::AlertGroup group = contract::SampleGroup(1);
  group.summary.assign(100'000, 'x');
  constexpr std::int64_t kEnough = 1000;  // 100 MB
  for (std::int64_t id = 1; id <= kEnough; ++id) {
    group.id = paging::AlertGroupId(id);
    group.identity = contract::SampleIdentity(id);
    const Status written = store.Write(contract::ChangesOf(group));
    if (!written.ok()) return written.error();
    last_written = id;
  }
  BOOST_FAIL("there was room for everything");
  return {};
}

bool Knows(SqliteStore& store, std::int64_t id) {
  engine::Footprint footprint;
  footprint.identities = {contract::SampleIdentity(id)};
  return store.Load(footprint).value().groups.size() == 1;
}

// Fills the disk, makes room, and writes on. `limit` and `lift` do that.
template <typename F, typename G>
void WriteThroughFullDisk(const std::string& path, F limit, G lift) {
  const auto opened = SqliteStore::Open({.path = path, .probe = {}});
  BOOST_TEST_REQUIRE(opened.ok());
  SqliteStore& store = *opened.value();
  limit();
  std::int64_t last = 0;
  const Error error = FillUp(store, last);
  BOOST_TEST((error.code == Code::kUnavailable));
  BOOST_TEST(error.message == "no space left on the disk of " + path);
  BOOST_TEST(store.LastGroupId().value().value() == last);
  BOOST_TEST(Knows(store, last));
  BOOST_TEST(!Knows(store, last + 1));
  lift();
  paging::AlertGroup next = contract::SampleGroup(last + 1);
  const Status written = store.Write(contract::ChangesOf(next));
  BOOST_TEST(written.ok());
  BOOST_TEST(Knows(store, last + 1));
}

// What SQLite says it will do for a statement, a line for each step.
std::string PlanOf(const std::string& path, sqlite::Statement statement) {
  const auto index = static_cast<std::size_t>(statement);
  const std::string sql =
      "EXPLAIN QUERY PLAN " + std::string(sqlite::kStatements[index].text);
  sqlite3* handle = nullptr;
  BOOST_REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
  std::string plan;
  const auto add = [](void* out, int columns, char** values, char**) {
    *static_cast<std::string*>(out) += std::string(values[columns - 1]) + "\n";
    return 0;
  };
  BOOST_TEST(sqlite3_exec(handle, sql.c_str(), add, &plan, nullptr) ==
             SQLITE_OK);
  sqlite3_close(handle);
  return plan;
}

BOOST_AUTO_TEST_SUITE(sqlite_store)

// The limit on the size of a file is a full disk that needs no rights.
BOOST_AUTO_TEST_CASE(a_file_that_may_not_grow_refuses_writes_and_recovers) {
  const contract::ScratchDirectory directory;
  rlimit before{};
  BOOST_REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const auto limit = [&](rlim_t bytes) {
    const rlimit limited{.rlim_cur = bytes, .rlim_max = before.rlim_max};
    BOOST_REQUIRE(setrlimit(RLIMIT_FSIZE, &limited) == 0);
  };
  WriteThroughFullDisk(
      directory.path() + "/tocsin.db", [&] { limit(2'000'000); },
      [&] { limit(before.rlim_cur); });
  std::signal(SIGXFSZ, handler);
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_writes_and_recovers) {
  const contract::ScratchDirectory directory;
  const char* const disk = directory.path().c_str();
  if (unshare(CLONE_NEWNS) != 0 ||
      mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("tmpfs", disk, "tmpfs", 0, "size=4m") != 0) {
    BOOST_TEST_MESSAGE("skipped: mounting a small disk needs root");
    return;
  }
  const std::string ballast = directory.path() + "/ballast";
  WriteThroughFullDisk(
      directory.path() + "/tocsin.db",
      [&] { std::ofstream(ballast) << std::string(2'000'000, 'x'); },
      [&] { std::filesystem::remove(ballast); });
  BOOST_TEST(umount(disk) == 0);
}

// Rows are read in the order of an index, never sorted: EXPLAIN says so.
BOOST_AUTO_TEST_CASE(due_work_and_lists_use_their_indexes) {
  const contract::ScratchDirectory directory;
  const std::string path = directory.path() + "/tocsin.db";
  const auto store = SqliteStore::Open({.path = path, .probe = {}});
  BOOST_TEST_REQUIRE(store.ok());
  for (const auto& [statement, expected] :
       std::initializer_list<std::pair<sqlite::Statement, std::string>>{
           {sqlite::Statement::kGroupsDue, "groups_wake"},
           {sqlite::Statement::kGroupsNextWake, "groups_wake"},
           {sqlite::Statement::kGroupsWakeHeld, "groups_open"},
           {sqlite::Statement::kOutboxDue, "outbox_due"},
           {sqlite::Statement::kOutboxNextDue, "outbox_due"},
           {sqlite::Statement::kListAll, "SCAN groups\n"},
           {sqlite::Statement::kListTeam, "groups_team"},
           {sqlite::Statement::kListOpenTeam, "groups_open"},
           {sqlite::Statement::kCountAll, "COVERING INDEX"},
           {sqlite::Statement::kCountTeam, "COVERING INDEX"},
           {sqlite::Statement::kCountOpen, "COVERING INDEX"},
           {sqlite::Statement::kCountOpenTeam, "COVERING INDEX"},
           {sqlite::Statement::kContentsOf, "INTEGER PRIMARY KEY"},
           {sqlite::Statement::kTimelineOf, "INTEGER PRIMARY KEY"}}) {
    const std::string plan = PlanOf(path, statement);
    BOOST_TEST(plan.find(expected) != std::string::npos, plan);
    BOOST_TEST(plan.find("TEMP B-TREE") == std::string::npos, plan);
  }
}

// Readers see whole turns only, from other threads, while the writer writes.
BOOST_AUTO_TEST_CASE(readers_see_whole_turns) {
  const contract::ScratchDirectory directory;
  const std::string path = directory.path() + "/tocsin.db";
  const auto store = SqliteStore::Open({.path = path, .probe = {}});
  BOOST_TEST_REQUIRE(store.ok());
  const auto reader = SqliteReader::Open(path);
  BOOST_TEST_REQUIRE(reader.ok());
  constexpr std::int64_t kTurns = 200;
  std::atomic<int> torn = 0;
  const auto look = [&] {
    std::int64_t seen = 0;
    while (seen < 2 * kTurns) {
      const auto page = reader.value()->Groups({});
      if (!page.ok() || page.value().count % 2 != 0 ||
          page.value().count < seen) {
        ++torn;
        return;
      }
      seen = page.value().count;
    }
  };
  std::thread first(look);
  std::thread second(look);
  for (std::int64_t turn = 0; turn < kTurns; ++turn) {
    engine::Changes changes =
        contract::ChangesOf(contract::SampleGroup(2 * turn + 1));
    changes.groups.push_back(
        contract::WriteOf(contract::SampleGroup(2 * turn + 2)));
    BOOST_TEST_REQUIRE(store.value()->Write(changes).ok());
  }
  first.join();
  second.join();
  BOOST_TEST(torn == 0);
}

BOOST_AUTO_TEST_CASE(the_log_does_not_grow_without_bound) {
  const contract::ScratchDirectory directory;
  const std::string path = directory.path() + "/tocsin.db";
  const auto store = SqliteStore::Open({.path = path, .probe = {}});
  BOOST_TEST_REQUIRE(store.ok());
  const auto reader = SqliteReader::Open(path);
  BOOST_TEST_REQUIRE(reader.ok());
  paging::AlertGroup group = contract::SampleGroup(1);
  group.summary.assign(100'000, 'x');
  for (int turn = 0; turn < 400; ++turn) {  // 40 MB through the log
    BOOST_TEST_REQUIRE(store.value()->Write(contract::ChangesOf(group)).ok());
    BOOST_TEST_REQUIRE(reader.value()->Group(group.id).ok());
  }
  BOOST_TEST(std::filesystem::file_size(path + "-wal") < 8'000'000u);
}

BOOST_AUTO_TEST_CASE(ids_outside_the_range_find_nothing) {
  const contract::ScratchDirectory directory;
  const std::string path = directory.path() + "/tocsin.db";
  const auto store = SqliteStore::Open({.path = path, .probe = {}});
  BOOST_TEST_REQUIRE(store.ok());
  const auto reader = SqliteReader::Open(path);
  BOOST_TEST_REQUIRE(reader.ok());
  for (const std::int64_t id : {std::int64_t{0}, INT64_MIN, INT64_MAX}) {
    const paging::AlertGroupId group(id);
    BOOST_TEST(!reader.value()->Group(group).value().has_value());
    BOOST_TEST(reader.value()->Timeline(group).value().empty());
    const Status written =
        store.value()->Write(contract::ChangesOf(contract::SampleGroup(id)));
    BOOST_TEST_REQUIRE(!written.ok());
    BOOST_TEST((written.error().code == Code::kExhausted));
  }
  BOOST_TEST(
      (reader.value()->Groups({.state = "asleep", .team = {}}).error().code ==
       Code::kInvalid));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::store
