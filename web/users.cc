#include "web/users.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "web/problem.h"

namespace tocsin::web {
namespace {

// 2^15 rounds take some 2 s, and a stop waits for the password under way.
constexpr int kMaxCost = 15;

// Where in "$2y$10$..." the cost stands.
constexpr std::size_t kCostAt = 4;
constexpr std::size_t kCostLength = 2;

// The salt and hash of no password that anybody has.
constexpr const char* kNobody =
    "$WGxaTHZwQUJ3a1R4bFJvYu0000000000000000000000000000000";

std::string_view CostOf(std::string_view hash) {
  return hash.substr(kCostAt, kCostLength);
}

bool Matches(const std::string& password, const std::string& hash) {
  const auto work = std::make_unique<crypt_data>();
  const char* const found = crypt_r(password.c_str(), hash.c_str(), work.get());
  const bool equal = found != nullptr &&
                     std::string_view(found).size() == hash.size() &&
                     CRYPTO_memcmp(found, hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(work.get(), sizeof(crypt_data));
  // crypt reads up to a zero byte, so it would take what comes behind one.
  return equal && password.find('\0') == std::string::npos;
}

// A hash that costs as much as the costliest of the users'.
std::string HashOfNobody(const EntryRules& rules) {
  std::string_view cost;
  for (const auto& [name, hash] : rules.users) {
    cost = std::max(cost, CostOf(hash));
  }
  return "$2b$" + std::string(cost) + kNobody;
}

bool Check(const EntryRules& rules, const BasicCredentials& credentials) {
  const auto found = rules.users.find(credentials.name);
  if (found != rules.users.end()) {
    return Matches(credentials.password, found->second);
  }
  static_cast<void>(Matches(credentials.password, HashOfNobody(rules)));
  return false;
}

// Absent as well for a password that is too long, whoever's it is: known names
// and others are denied alike, before bcrypt.
std::optional<BasicCredentials> CredentialsIn(std::string_view authorization) {
  auto credentials = ParseBasic(authorization);
  if (credentials && credentials->password.size() > Users::kMaxPassword) {
    credentials.reset();
  }
  return credentials;
}

const char* ResultName(Users::Verdict verdict) {
  switch (verdict) {
    case Users::Verdict::kAllowed:
      return "allowed";
    case Users::Verdict::kDenied:
      return "denied";
    case Users::Verdict::kTooOften:
      return "too_often";
    case Users::Verdict::kBusy:
      return "busy";
  }
  return "busy";
}

std::array<unsigned char, 32> RandomKey() {
  std::array<unsigned char, 32> key{};
  TOCSIN_CHECK(RAND_bytes(key.data(), static_cast<int>(key.size())) == 1);
  return key;
}

}  // namespace

Users::Users(const Current<EntryRules>& rules, metrics::Metrics& metrics)
    : rules_(rules), metrics_(metrics), secret_(RandomKey()) {
  thread_ = std::thread([this] { Run(); });
}

Users::~Users() { Stop(); }

void Users::Enter(std::string_view authorization, Done done) {
  auto credentials = CredentialsIn(authorization);
  std::optional<Key> key;
  if (credentials) key = KeyOf(*credentials);
  if (const auto verdict = Begin(key)) return Tell(done, *verdict);
  Job job{std::move(*credentials), *key, std::move(done)};
  if (!Queue(job)) Tell(job.done, Verdict::kBusy);
}

std::optional<Users::Verdict> Users::Known(std::string_view authorization) {
  const auto credentials = CredentialsIn(authorization);
  const MutexLock lock(mutex_);
  TakeRules();
  if (taken_->users.empty()) return Verdict::kAllowed;
  if (!credentials) return Verdict::kDenied;
  return Remembered(KeyOf(*credentials));
}

bool Users::Ask() {
  const MutexLock lock(mutex_);
  TakeRules();
  return !taken_->users.empty();
}

// Counts the request, and says what is known without bcrypt.
std::optional<Users::Verdict> Users::Begin(const std::optional<Key>& key) {
  const MutexLock lock(mutex_);
  TakeRules();
  if (rate_ && !rate_->Take(std::chrono::steady_clock::now())) {
    return Verdict::kTooOften;
  }
  if (taken_->users.empty()) return Verdict::kAllowed;
  if (!key) return Verdict::kDenied;
  return Remembered(*key);
}

void Users::Stop() {
  std::deque<Job> left;
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
    left.swap(jobs_);
  }
  changed_.NotifyAll();
  for (const Job& job : left) Tell(job.done, Verdict::kBusy);
  if (thread_.joinable()) thread_.join();
}

Users::Key Users::KeyOf(const BasicCredentials& credentials) const {
  const std::string text = credentials.name + ":" + credentials.password;
  Key key{};
  const auto* const made =
      HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           key.data(), nullptr);
  TOCSIN_CHECK(made != nullptr);
  return key;
}

std::optional<Users::Verdict> Users::Remembered(const Key& key) {
  if (allowed_.all.contains(key)) return Verdict::kAllowed;
  if (denied_.all.contains(key)) return Verdict::kDenied;
  return std::nullopt;
}

void Users::Remember(const Key& key, bool allowed) {
  if (allowed) {
    allowed_.Add(key, kMaxAllowed);
  } else {
    denied_.Add(key, kMaxDenied);
  }
}

void Users::Keys::Add(const Key& key, std::size_t most) {
  if (!all.insert(key).second) return;
  order.push_back(key);
  if (order.size() <= most) return;
  all.erase(order.front());
  order.pop_front();
}

void Users::TakeRules() {
  auto rules = rules_.Get();
  if (rules == taken_) return;
  if (!taken_ || taken_->users != rules->users) {
    allowed_ = {};
    denied_ = {};
  }
  rate_.reset();
  if (rules->rate) {
    rate_.emplace(*rules->rate, std::chrono::steady_clock::now());
  }
  taken_ = std::move(rules);
}

// False, and the job is the caller's again: too many wait.
bool Users::Queue(Job& job) {
  {
    const MutexLock lock(mutex_);
    if (stopped_ || jobs_.size() >= kMaxWaiting) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.NotifyAll();
  return true;
}

void Users::Run() {
  Job job;
  while (Next(job)) {
    try {
      Tell(job.done, Judge(job));
    } catch (const std::exception& error) {
      log::Error("a request of a user failed", {{"error", error.what()}});
    }
    job = Job();
  }
}

bool Users::Next(Job& job) {
  const MutexLock lock(mutex_);
  while (jobs_.empty() && !stopped_) changed_.Wait(mutex_);
  if (stopped_) return false;
  job = std::move(jobs_.front());
  jobs_.pop_front();
  return true;
}

Users::Verdict Users::Judge(const Job& job) {
  std::shared_ptr<const EntryRules> rules;
  {
    const MutexLock lock(mutex_);
    TakeRules();
    if (taken_->users.empty()) return Verdict::kAllowed;
    // Many requests may have waited with one password.
    if (const auto known = Remembered(job.key)) return *known;
    rules = taken_;
  }
  const bool allowed = Check(*rules, job.credentials);
  {
    const MutexLock lock(mutex_);
    TakeRules();
    if (taken_->users == rules->users) Remember(job.key, allowed);
  }
  return allowed ? Verdict::kAllowed : Verdict::kDenied;
}

void Users::Tell(const Done& done, Verdict verdict) {
  metrics_.UserCame(ResultName(verdict));
  done(verdict);
}

Response RefusalFor(Users::Verdict verdict) {
  switch (verdict) {
    case Users::Verdict::kTooOften:
      return ProblemFor(429, "Too many requests.");
    case Users::Verdict::kAllowed:
    case Users::Verdict::kBusy:
      return ProblemFor(503, "Overloaded, send again.");
    case Users::Verdict::kDenied:
      break;
  }
  Response response = ProblemFor(401, "A user and a password are needed.");
  response.headers = {{"WWW-Authenticate", "Basic realm=\"tocsin\""}};
  return response;
}

Status CheckHash(const std::string& hash) {
  if (crypt_checksalt(hash.c_str()) != CRYPT_SALT_OK) {
    return Error{Code::kInvalid,
                 "its hash is of a kind that this system cannot check"};
  }
  if (std::stoi(std::string(CostOf(hash))) > kMaxCost) {
    return Error{Code::kInvalid, "its hash costs more than " +
                                     std::to_string(kMaxCost) +
                                     ": each new login would take seconds"};
  }
  return {};
}

}  // namespace tocsin::web
