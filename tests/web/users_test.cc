#include "web/users.h"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace tocsin::web {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using Verdict = Users::Verdict;

// Of "secret", at the least cost there is.
const char* const kSecret =
    "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

// "Basic " of ada:secret, ada:wrong, bob:secret and of "ada:secret\0x".
const char* const kAda = "Basic YWRhOnNlY3JldA==";
const char* const kWrong = "Basic YWRhOndyb25n";
const char* const kBob = "Basic Ym9iOnNlY3JldA==";
const char* const kZero = "Basic YWRhOnNlY3JldAB4";

// Of 72 times "a", which is all that bcrypt reads.
const char* const kLongest =
    "$2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe";

std::string Basic(const std::string& pair) {
  std::vector<unsigned char> encoded(pair.size() * 2 + 4);
  EVP_EncodeBlock(encoded.data(),
                  reinterpret_cast<const unsigned char*>(pair.data()),
                  static_cast<int>(pair.size()));
  return std::string("Basic ") + reinterpret_cast<const char*>(encoded.data());
}

std::shared_ptr<const EntryRules> Rules(EntryRules rules) {
  return std::make_shared<const EntryRules>(std::move(rules));
}

struct Door {
  explicit Door(EntryRules first = {.users = {{"ada", kSecret}}})
      : rules(Rules(std::move(first))), users(rules, metrics) {}

  Verdict Enter(std::string_view authorization) {
    std::promise<Verdict> told;
    users.Enter(authorization,
                [&](Verdict verdict) { told.set_value(verdict); });
    return told.get_future().get();
  }
  bool Shows(const std::string& line) {
    return metrics.Serialize().find(line + "\n") != std::string::npos;
  }

  metrics::Metrics metrics{{}};
  Current<EntryRules> rules;
  Users users;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(users)

BOOST_AUTO_TEST_CASE(the_right_password_opens) {
  Door door;
  BOOST_TEST((door.Enter(kAda) == Verdict::kAllowed));
  BOOST_TEST((door.Enter(kAda) == Verdict::kAllowed));
  BOOST_TEST(door.Shows(R"(tocsin_web_logins_total{result="allowed"} 2)"));
}

BOOST_AUTO_TEST_CASE(nothing_else_opens) {
  Door door;
  for (const char* const other :
       {"", kWrong, kBob, kZero, "Basic", "Basic YWRh", "Basic !!!!",
        "Bearer secret", "secret"}) {
    BOOST_TEST((door.Enter(other) == Verdict::kDenied), other);
    BOOST_TEST((door.Enter(other) == Verdict::kDenied), other);
  }
}

BOOST_AUTO_TEST_CASE(where_nobody_is_written_down_everybody_may_enter) {
  Door door(EntryRules{});
  BOOST_TEST((door.Enter("") == Verdict::kAllowed));
  BOOST_TEST((door.users.Known("") == Verdict::kAllowed));
}

BOOST_AUTO_TEST_CASE(what_is_known_is_known_without_bcrypt) {
  Door door;
  BOOST_TEST((door.users.Known("") == Verdict::kDenied));
  BOOST_TEST(!door.users.Known(kAda).has_value());
  BOOST_TEST(!door.users.Known(kWrong).has_value());
  door.Enter(kAda);
  door.Enter(kWrong);
  BOOST_TEST((door.users.Known(kAda) == Verdict::kAllowed));
  BOOST_TEST((door.users.Known(kWrong) == Verdict::kDenied));
}

BOOST_AUTO_TEST_CASE(new_users_count_at_once) {
  Door door;
  BOOST_TEST((door.Enter(kAda) == Verdict::kAllowed));
  BOOST_TEST((door.Enter(kBob) == Verdict::kDenied));
  door.rules.Set(Rules({.users = {{"bob", kSecret}}}));
  BOOST_TEST((door.Enter(kAda) == Verdict::kDenied));
  BOOST_TEST((door.Enter(kBob) == Verdict::kAllowed));
}

BOOST_AUTO_TEST_CASE(a_reload_that_leaves_the_users_forgets_nothing) {
  Door door;
  door.Enter(kAda);
  door.rules.Set(Rules(
      {.headers = {{"X-Frame-Options", "deny"}}, .users = {{"ada", kSecret}}}));
  BOOST_TEST((door.users.Known(kAda) == Verdict::kAllowed));
}

BOOST_AUTO_TEST_CASE(more_than_bcrypt_reads_is_nobodys_password) {
  Door door(EntryRules{.users = {{"ada", kLongest}}});
  const std::string longest(Users::kMaxPassword, 'a');
  BOOST_TEST((door.Enter(Basic("ada:" + longest)) == Verdict::kAllowed));
  for (const char* name : {"ada", "bob"}) {
    const std::string longer = Basic(name + (":" + longest) + "a");
    BOOST_TEST((door.users.Known(longer) == Verdict::kDenied), name);
    BOOST_TEST((door.Enter(longer) == Verdict::kDenied), name);
  }
}

BOOST_AUTO_TEST_CASE(of_very_many_users_the_newest_are_remembered) {
  EntryRules rules;
  for (std::size_t i = 0; i <= Users::kMaxAllowed; ++i) {
    rules.users.emplace("user" + std::to_string(i), kSecret);
  }
  Door door(rules);
  const auto user = [](std::size_t i) {
    return Basic("user" + std::to_string(i) + ":secret");
  };
  for (std::size_t i = 0; i < Users::kMaxAllowed; ++i) door.Enter(user(i));
  BOOST_TEST((door.users.Known(user(0)) == Verdict::kAllowed));
  door.Enter(user(Users::kMaxAllowed));
  BOOST_TEST(!door.users.Known(user(0)).has_value());
  BOOST_TEST((door.users.Known(user(1)) == Verdict::kAllowed));
  BOOST_TEST((door.Enter(user(0)) == Verdict::kAllowed));
}

BOOST_AUTO_TEST_CASE(whether_there_are_users_is_told) {
  BOOST_TEST(Door().users.Ask());
  BOOST_TEST(!Door(EntryRules{}).users.Ask());
}

// Many wrong passwords are forgotten, oldest first; never a right one.
BOOST_AUTO_TEST_CASE(strangers_do_not_push_users_out) {
  Door door;
  door.Enter(kAda);
  door.Enter(kWrong);
  // "ada:" and two bytes, which these letters of base64 are.
  std::size_t tried = 0;
  for (const char a : std::string("ghijklmnopqrstuv")) {
    for (const char b : std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
      if (tried == Users::kMaxDenied) break;
      door.Enter(std::string("Basic YWRhO") + a + b + "h");
      ++tried;
    }
  }
  BOOST_TEST(tried == Users::kMaxDenied);
  BOOST_TEST((door.users.Known(kAda) == Verdict::kAllowed));
  BOOST_TEST(!door.users.Known(kWrong).has_value());
}

// The thread is held in the first `done`, so nobody else gets his turn.
BOOST_AUTO_TEST_CASE(too_many_that_wait_are_told_so) {
  Door door;
  std::promise<void> held, go_on;
  door.users.Enter(kWrong, [&](Verdict) {
    held.set_value();
    go_on.get_future().wait();
  });
  held.get_future().wait();
  std::vector<std::promise<Verdict>> waiting(Users::kMaxWaiting);
  for (auto& one : waiting) {
    door.users.Enter(kAda, [&one](Verdict verdict) { one.set_value(verdict); });
  }
  BOOST_TEST((door.Enter(kBob) == Verdict::kBusy));
  go_on.set_value();
  for (auto& one : waiting) {
    BOOST_TEST((one.get_future().get() == Verdict::kAllowed));
  }
}

BOOST_AUTO_TEST_CASE(who_waits_when_the_door_closes_is_told_so) {
  Door door;
  std::promise<void> held, go_on;
  std::promise<Verdict> last;
  door.users.Enter(kWrong, [&](Verdict) {
    held.set_value();
    go_on.get_future().wait();
  });
  held.get_future().wait();
  door.users.Enter(kAda, [&](Verdict verdict) {
    last.set_value(verdict);
    go_on.set_value();
  });
  door.users.Stop();
  BOOST_TEST((last.get_future().get() == Verdict::kBusy));
  BOOST_TEST((door.Enter(kAda) == Verdict::kBusy));
}

BOOST_AUTO_TEST_CASE(an_unknown_name_costs_what_a_known_one_does) {
  // Cost 8 takes 16 times what cost 4 does: some 15 ms.
  const std::string costly =
      std::string("$2y$08") + std::string(kSecret).substr(6);
  // The least of five: other work on this machine only makes them slower.
  const auto least = [&](const char* authorization) {
    auto best = steady_clock::duration::max();
    for (int i = 0; i < 5; ++i) {
      Door door(EntryRules{.users = {{"ada", costly}}});
      const auto begin = steady_clock::now();
      BOOST_TEST((door.Enter(authorization) == Verdict::kDenied));
      best = std::min(best, steady_clock::now() - begin);
    }
    return best;
  };
  const auto known = least(kWrong);
  // A look-up alone would take a thousandth.
  BOOST_TEST((least(kBob) * 8 > known));
}

BOOST_AUTO_TEST_CASE(the_rate_is_that_of_all_together) {
  Door door(
      EntryRules{.users = {{"ada", kSecret}},
                 .rate = Rate{.interval = std::chrono::hours(1), .burst = 2}});
  BOOST_TEST((door.Enter(kAda) == Verdict::kAllowed));
  BOOST_TEST((door.Enter("") == Verdict::kDenied));
  BOOST_TEST((door.Enter(kAda) == Verdict::kTooOften));
  BOOST_TEST((door.users.Known(kAda) == Verdict::kAllowed));
}

BOOST_AUTO_TEST_CASE(a_rate_fills_up_again) {
  const steady_clock::time_point begin{};
  RateLimit limit({.interval = seconds(10), .burst = 2}, begin);
  BOOST_TEST(limit.Take(begin));
  BOOST_TEST(limit.Take(begin));
  BOOST_TEST(!limit.Take(begin));
  BOOST_TEST(!limit.Take(begin + seconds(10) - std::chrono::nanoseconds(1)));
  BOOST_TEST(limit.Take(begin + seconds(10)));
  BOOST_TEST(!limit.Take(begin + seconds(10)));
  // It gathers no more than the burst.
  BOOST_TEST(limit.Take(begin + seconds(1000)));
  BOOST_TEST(limit.Take(begin + seconds(1000)));
  BOOST_TEST(!limit.Take(begin + seconds(1000)));
  RateLimit none({.interval = seconds(10), .burst = 0}, begin);
  BOOST_TEST(!none.Take(begin));
}

BOOST_AUTO_TEST_CASE(refusals_say_what_to_do) {
  const Response denied = RefusalFor(Verdict::kDenied);
  BOOST_TEST(denied.status == 401);
  BOOST_REQUIRE(denied.headers.size() == 1U);
  BOOST_TEST(denied.headers[0].first == "WWW-Authenticate");
  BOOST_TEST(denied.headers[0].second == "Basic realm=\"tocsin\"");
  BOOST_TEST(RefusalFor(Verdict::kTooOften).status == 429);
  BOOST_TEST(RefusalFor(Verdict::kBusy).status == 503);
}

BOOST_AUTO_TEST_CASE(hashes_that_cannot_be_checked_are_found) {
  BOOST_TEST(CheckHash(kSecret).ok());
  const std::string rest = std::string(kSecret).substr(6);
  BOOST_TEST(CheckHash("$2y$15" + rest).ok());
  BOOST_TEST(!CheckHash("$2y$16" + rest).ok());
  BOOST_TEST(!CheckHash("$2$10" + rest).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
