#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "base/mutex.h"
#include "metrics/metrics.h"
#include "web/auth.h"
#include "web/message.h"
#include "web/rate_limit.h"
#include "web/settings.h"

namespace tocsin::web {

// Guards the doors of users: a name and password by Basic, and how often they
// may be used. bcrypt is slow on purpose, so it runs on one thread of its own,
// one password at a time; what came out is remembered (by a keyed hash, never
// the password) until the users change, so that it is paid once. An unknown
// name costs what a known one does. Strangers can make names wait that were
// not seen yet, never those that were. Thread-safe.
class Users {
 public:
  enum class Verdict {
    kAllowed,
    kDenied,
    kTooOften,  // the rate is used up
    kBusy,      // too many wait for bcrypt
  };
  using Done = std::function<void(Verdict)>;

  // Passwords that may wait: the last one of 64 waits some 5 s at cost 10.
  static constexpr std::size_t kMaxWaiting = 64;
  // Wrong passwords that are remembered, the newest of them: a client that is
  // set up wrong asks with the same one again and again. (Of right ones there
  // is one a user.)
  static constexpr std::size_t kMaxDenied = 256;
  // Right ones, the newest of them; with more users than that some pay again.
  static constexpr std::size_t kMaxAllowed = 512;
  // What bcrypt reads of a password: a longer one is nobody's.
  static constexpr std::size_t kMaxPassword = 72;

  // Both outlive it.
  Users(const Current<EntryRules>& rules, metrics::Metrics& metrics);
  ~Users();
  Users(const Users&) = delete;
  Users& operator=(const Users&) = delete;

  // Judges a request by its Authorization header and counts it against the
  // rate. `done` is called once: here, if that is known, else on the thread of
  // bcrypt, where it must not wait.
  void Enter(std::string_view authorization, Done done) EXCLUDES(mutex_);

  // The same as far as it is known without bcrypt, counting nothing; absent:
  // Enter will find out. Never kTooOften nor kBusy.
  std::optional<Verdict> Known(std::string_view authorization) EXCLUDES(mutex_);

  // Whether anybody is asked for a password: else kAllowed proves nothing.
  bool Ask() EXCLUDES(mutex_);

  // Ends the thread; who waits, or comes later, is told kBusy. Idempotent; not
  // from a `done`.
  void Stop() EXCLUDES(mutex_);

 private:
  using Key = std::array<unsigned char, 32>;
  struct Keys {
    void Add(const Key& key, std::size_t most);

    std::set<Key> all;
    std::deque<Key> order;  // oldest first
  };
  struct Job {
    BasicCredentials credentials;
    Key key{};
    Done done;
  };

  Key KeyOf(const BasicCredentials& credentials) const;
  std::optional<Verdict> Remembered(const Key& key) REQUIRES(mutex_);
  void Remember(const Key& key, bool allowed) REQUIRES(mutex_);
  void TakeRules() REQUIRES(mutex_);
  std::optional<Verdict> Begin(const std::optional<Key>& key) EXCLUDES(mutex_);
  bool Queue(Job& job) EXCLUDES(mutex_);
  void Run() EXCLUDES(mutex_);
  bool Next(Job& job) EXCLUDES(mutex_);
  Verdict Judge(const Job& job) EXCLUDES(mutex_);
  void Tell(const Done& done, Verdict verdict);

  const Current<EntryRules>& rules_;
  metrics::Metrics& metrics_;
  const Key secret_;  // of the keyed hash, new with each process
  Mutex mutex_;
  ConditionVariable changed_;
  // The rules that all below was made by.
  std::shared_ptr<const EntryRules> taken_ GUARDED_BY(mutex_);
  std::optional<RateLimit> rate_ GUARDED_BY(mutex_);
  Keys allowed_ GUARDED_BY(mutex_);
  Keys denied_ GUARDED_BY(mutex_);
  std::deque<Job> jobs_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // joined by the one who stops
};

// The answer to a request that is not allowed.
Response RefusalFor(Users::Verdict verdict);

// Whether this system can check that hash, in a length of time that one can
// wait for; the sentence says what is wrong, without the hash.
Status CheckHash(const std::string& hash);

}  // namespace tocsin::web
