// routing_bench [--check] [--rounds N]: nanoseconds that one alert of 12 labels
// takes through trees of 100, 1,000 and 10,000 routes. "same" asks with a few
// alerts over and over, "fresh" with values that were never seen before. The
// walk that asks every node stands beside it. --check fails where 10,000 routes
// cost too much more than 100 (the limits are below).
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/check.h"
#include "benchmarks/figures.h"
#include "routing/route.h"

namespace {

using namespace tocsin;           // a bench touches every folder
using namespace tocsin::routing;  // most of all this one
using benchmarks::Median;

constexpr int kSizes[] = {100, 1000, 10000};
constexpr double kMostLiteralRatio = 3;
constexpr double kMostRegexRatio = 15;
constexpr double kMostRegexNanos = 20'000;

struct Options {
  bool check = false;
  int rounds = 7;
};

std::string Number(int number) {
  const std::string digits = std::to_string(number);
  return std::string(5 - digits.size(), '0') + digits;
}

Matcher Make(MatchOp op, const std::string& name, const std::string& value) {
  return Matcher::Make(op, name, value).value();
}

RouteSpec Node(std::vector<Matcher> matchers) {
  RouteSpec spec;
  spec.matchers = std::move(matchers);
  return spec;
}

RouteSpec Root() {
  RouteSpec root;
  root.team = "ops";
  return root;
}

RouteSpec Literal(int size) {
  RouteSpec root = Root();
  for (int i = 0; i < size; ++i) {
    root.routes.push_back(
        Node({Make(MatchOp::kEqual, "team", "team-" + Number(i))}));
  }
  return root;
}

RouteSpec Regex(int size) {
  RouteSpec root = Root();
  for (int i = 0; i < size; ++i) {
    root.routes.push_back(Node(
        {Make(MatchOp::kRegex, "service", "(web|api)-" + Number(i) + "-.*")}));
  }
  return root;
}

// Below a copy that continues and one second-level node: a tenth of the routes
// are teams with nine children each, by equality, regex and negation.
RouteSpec Nested(int size) {
  RouteSpec copy = Node({Make(MatchOp::kEqual, "severity", "critical")});
  copy.continue_matching = true;
  RouteSpec all = Node({Make(MatchOp::kNotEqual, "env", "test")});
  for (int i = 0; i < size; i += 10) {
    RouteSpec team = Node({Make(MatchOp::kEqual, "env", "prod"),
                           Make(MatchOp::kRegex, "service",
                                ".*-" + Number(i) + "-.*|x" + Number(i))});
    for (int j = 1; j < 10; ++j) {
      team.routes.push_back(
          Node({Make(MatchOp::kRegex, "zone", "z" + std::to_string(j) + "|y"),
                Make(MatchOp::kNotRegex, "job", "batch.*")}));
    }
    all.routes.push_back(std::move(team));
  }
  RouteSpec root = Root();
  root.routes = {std::move(copy), std::move(all)};
  return root;
}

LabelSet Alert(int route, const std::string& salt) {
  const std::string number = Number(route);
  return LabelSet({{"alertname", "DiskFull"},
                   {"cluster", "prod-eu-1"},
                   {"device", "sda" + salt},
                   {"env", "prod"},
                   {"instance", "db-" + salt + ":9100"},
                   {"job", "node"},
                   {"namespace", "storage"},
                   {"pod", "pod-" + salt},
                   {"service", "web-" + number + "-" + salt},
                   {"severity", "critical"},
                   {"team", "team-" + number},
                   {"zone", "z" + std::to_string(route % 12)}});
}

// Values that no route takes and nobody has seen.
LabelSet Stranger(int route, const std::string& salt) {
  std::vector<LabelSet::Label> labels = Alert(route, salt).labels();
  for (auto& [name, value] : labels) {
    if (name == "service") value = "job-" + salt + "-" + Number(route);
    if (name == "team") value = "new-" + salt;
  }
  return LabelSet(std::move(labels));
}

enum class Values { kSame, kFresh };

// So many alerts are made, then timed, then forgotten: like those of a webhook
// that was just parsed, they are in the processor's cache.
constexpr int kBatch = 64;
constexpr int kBatches = 64;

std::vector<LabelSet> Alerts(int size, Values values, std::mt19937& random) {
  if (values == Values::kSame) random.seed(1);
  std::vector<LabelSet> alerts;
  for (int i = 0; i < kBatch; ++i) {
    const int route = static_cast<int>(random() % static_cast<unsigned>(size));
    const std::string salt = std::to_string(random());
    alerts.push_back(i % 8 == 7 ? Stranger(route, salt) : Alert(route, salt));
  }
  return alerts;
}

// As Alertmanager walks: every node is asked.
bool Plain(const RouteSpec& node, const LabelSet& labels,
           std::vector<const RouteSpec*>& out) {
  for (const Matcher& matcher : node.matchers) {
    if (!matcher.Matches(labels)) return false;
  }
  bool taken = false;
  for (const RouteSpec& child : node.routes) {
    if (!Plain(child, labels, out)) continue;
    taken = true;
    if (!child.continue_matching) break;
  }
  if (!taken) out.push_back(&node);
  return true;
}

using Decide = std::function<std::size_t(const LabelSet&)>;

std::chrono::nanoseconds Time(const std::vector<LabelSet>& alerts,
                              const Decide& decide) {
  std::size_t taken = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (const LabelSet& alert : alerts) taken += decide(alert);
  const auto end = std::chrono::steady_clock::now();
  TOCSIN_CHECK(taken >= alerts.size());
  return end - begin;
}

struct Case {
  const char* name;
  RouteSpec (*tree)(int size);
  Values values;
};

// One tree of one size, and what its rounds took.
class Race {
 public:
  Race(const Case& what, int size)
      : what_(what), size_(size), spec_(what.tree(size)) {
    Result<Tree> tree = Tree::Build(spec_);
    TOCSIN_CHECK(tree.ok());
    tree_.emplace(std::move(tree).value());
  }

  void Run() {
    indexed_.push_back(Round(kBatches, [this](const LabelSet& alert) {
      return tree_->Decide(alert, Origin()).size();
    }));
    plain_.push_back(Round(2, [this](const LabelSet& alert) {
      std::vector<const RouteSpec*> out;
      Plain(spec_, alert, out);
      return out.size();
    }));
  }

  double indexed() const { return Median(indexed_); }
  double plain() const { return Median(plain_); }

 private:
  double Round(int batches, const Decide& decide) {
    std::chrono::nanoseconds spent{};
    for (int i = 0; i < batches; ++i) {
      spent += Time(Alerts(size_, what_.values, random_), decide);
    }
    return static_cast<double>(spent.count()) / (batches * kBatch);
  }

  Case what_;
  int size_;
  RouteSpec spec_;
  std::optional<Tree> tree_;
  std::mt19937 random_;
  std::vector<double> indexed_;
  std::vector<double> plain_;
};

// Bytes and milliseconds that the tree of the largest size takes.
void PrintWeight(const char* name, RouteSpec (*tree)(int)) {
  const int size = kSizes[2];
  const std::size_t before = mallinfo2().uordblks;
  const RouteSpec spec = tree(size);
  const std::size_t with_spec = mallinfo2().uordblks;
  const auto begin = std::chrono::steady_clock::now();
  const Result<Tree> built = Tree::Build(spec);
  const auto spent = std::chrono::steady_clock::now() - begin;
  TOCSIN_CHECK(built.ok());
  const std::size_t with_tree = mallinfo2().uordblks;
  std::mt19937 random;
  for (int i = 0; i < 10 * kBatches; ++i) {
    for (const LabelSet& alert : Alerts(size, Values::kFresh, random)) {
      TOCSIN_CHECK(!built.value().Decide(alert, Origin()).empty());
    }
  }
  const std::size_t used = mallinfo2().uordblks;
  std::printf("%-16s %8.1f MB %8.1f MB %8.1f MB %8.0f ms\n", name,
              static_cast<double>(with_spec - before) / 1e6,
              static_cast<double>(with_tree - with_spec) / 1e6,
              static_cast<double>(used - with_tree) / 1e6,
              std::chrono::duration<double, std::milli>(spent).count());
}

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--check") == 0) options.check = true;
    if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
      options.rounds = std::stoi(argv[++i]);
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = Parse(argc, argv);
  const Case cases[] = {{"literal, same", Literal, Values::kSame},
                        {"literal, fresh", Literal, Values::kFresh},
                        {"regex, same", Regex, Values::kSame},
                        {"regex, fresh", Regex, Values::kFresh},
                        {"nested, fresh", Nested, Values::kFresh}};
  bool good = true;
  std::printf("%-16s %10s %10s %10s %9s %14s\n", "ns an alert", "100", "1,000",
              "10,000", "ratio", "plain, 10,000");
  for (const Case& what : cases) {
    std::vector<Race> races;
    for (const int size : kSizes) races.emplace_back(what, size);
    for (int round = 0; round < options.rounds; ++round) {
      for (Race& race : races) race.Run();
    }
    const double ratio = races[2].indexed() / races[0].indexed();
    std::printf("%-16s %10.0f %10.0f %10.0f %9.2f %14.0f\n", what.name,
                races[0].indexed(), races[1].indexed(), races[2].indexed(),
                ratio, races[2].plain());
    const bool literal = what.tree == Literal;
    good = good && ratio <= (literal ? kMostLiteralRatio : kMostRegexRatio) &&
           races[2].indexed() <= kMostRegexNanos;
  }
  std::printf("\n%-16s %11s %11s %11s %11s\n", "10,000 routes", "as written",
              "tree", "after use", "to build");
  PrintWeight("literal", Literal);
  PrintWeight("regex", Regex);
  PrintWeight("nested", Nested);
  std::printf("medians of %d rounds; 12 labels an alert\n", options.rounds);
  if (!options.check || good) return 0;
  std::printf(
      "too slow: literal may cost %g times as much through 10,000 as "
      "through 100, all else %g times and %g us\n",
      kMostLiteralRatio, kMostRegexRatio, kMostRegexNanos / 1000);
  return 1;
}
