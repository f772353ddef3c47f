#include "engine/runner.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "engine/sequential_ids.h"

using namespace std::chrono_literals;
using namespace tocsin;  // the engine's neighbours are all over this file

namespace {

// A store that does nothing, as well as the test wants.
class Sick final : public engine::Store {
 public:
  std::function<Status()> write = [] { return Status(); };
  std::function<Result<std::optional<Instant>>()> next_due = [] {
    return std::optional<Instant>();
  };
  std::atomic<int> writes{0};

  Result<engine::Loaded> Load(const engine::Footprint&) override {
    return engine::Loaded();
  }
  Status Write(const engine::Changes&) override {
    ++writes;
    return write();
  }
  Result<engine::DueWork> Due(Instant, std::size_t, std::size_t) override {
    return engine::DueWork();
  }
  Result<std::optional<Instant>> NextDue() override { return next_due(); }
  Result<paging::AlertGroupId> LastGroupId() override {
    return paging::AlertGroupId();
  }
  Status ReleaseClaims() override { return {}; }
  Status WakeHeld(Instant) override { return {}; }
};

class Nowhere final : public engine::Outbox {
 public:
  std::size_t Room() const override { return 1; }
  void Hand(std::vector<engine::Message>) override {}
};

// An engine over that store; every limit is out of the way unless a test needs
// it.
struct Installation {
  std::unique_ptr<engine::Runner> Run(engine::Runner::Limits limits) {
    routing::RouteSpec root;
    root.name = "root";
    root.team = "ops";
    auto tree = routing::Tree::Build(root);
    BOOST_REQUIRE(tree.ok());
    core = std::make_unique<engine::Engine>(
        engine::Engine::Limits{},
        std::make_shared<const engine::Settings>(
            engine::Settings{.tree = std::move(tree).value(), .roster = {}}),
        store, nowhere, ids, clock, metrics);
    return std::make_unique<engine::Runner>(limits, *core, inbox, clock,
                                            metrics);
  }

  static engine::Runner::Limits Patient() {
    return {.hangs = 1h, .probe = 1ms, .stale = 1h, .late = 1h};
  }

  // Waits until the runner has that to say, as the beginning of a line.
  static void Until(const engine::Runner& runner, const std::string& fault) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (true) {
      for (const std::string& line : runner.Faults()) {
        if (line.starts_with(fault)) return;
      }
      BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
      std::this_thread::yield();
    }
  }
  static void UntilHealthy(const engine::Runner& runner) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!runner.Faults().empty()) {
      BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
      std::this_thread::yield();
    }
  }

  Sick store;
  Nowhere nowhere;
  SystemClock clock;
  engine::SequentialIds ids{paging::AlertGroupId()};
  metrics::Metrics metrics{{.sources = {}, .teams = {}, .providers = {}}};
  engine::Inbox inbox{{}};
  std::unique_ptr<engine::Engine> core;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(engine_runner, Installation)

BOOST_AUTO_TEST_CASE(an_idle_engine_tries_now_and_then_whether_it_can_write) {
  const auto runner = Run(Patient());
  while (store.writes < 3) std::this_thread::yield();
  BOOST_TEST(runner->Faults().empty());
  BOOST_TEST(runner->Turning());
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_no_writes_is_noticed_without_a_post) {
  std::atomic<bool> full = true;
  store.write = [&full] {
    return full ? Status(Error{Code::kUnavailable, "disk is full"}) : Status();
  };
  const auto runner = Run(Patient());
  Until(*runner, "the store failed: disk is full");
  BOOST_TEST(runner->Turning());
  full = false;
  UntilHealthy(*runner);
}

BOOST_AUTO_TEST_CASE(a_store_that_hangs_is_noticed) {
  Mutex mutex;
  ConditionVariable changed;
  bool hangs = true;
  store.write = [&] {
    const MutexLock lock(mutex);
    while (hangs) changed.Wait(mutex);
    return Status();
  };
  engine::Runner::Limits limits = Patient();
  limits.hangs = 2ms;
  const auto runner = Run(limits);
  Until(*runner, "the engine has not ended a turn for 0 s");
  while (runner->Turning()) std::this_thread::yield();
  {
    const MutexLock lock(mutex);
    hangs = false;
  }
  changed.NotifyAll();
  runner->Stop();
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_written_is_no_proof) {
  engine::Runner::Limits limits = Patient();
  limits.probe = 1h;
  limits.stale = 2ms;
  const auto runner = Run(limits);
  Until(*runner, "the store has taken no write for 0 s");
}

BOOST_AUTO_TEST_CASE(timers_that_are_late_are_a_fault) {
  std::atomic<bool> late = true;
  store.next_due = [&] {
    return late ? std::optional(clock.Now() - 90s) : std::optional<Instant>();
  };
  engine::Runner::Limits limits = Patient();
  limits.late = 60s;
  const auto runner = Run(limits);
  Until(*runner, "timers are late by 90 s");
  late = false;
  UntilHealthy(*runner);
}

BOOST_AUTO_TEST_CASE(timers_that_cannot_be_read_are_a_fault) {
  store.next_due = []() -> Result<std::optional<Instant>> {
    return Error{Code::kDataLoss, "page 7 is damaged"};
  };
  const auto runner = Run(Patient());
  Until(*runner, "timers cannot be read: page 7 is damaged");
}

BOOST_AUTO_TEST_SUITE_END()
