#include "benchmarks/figures.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "base/check.h"

namespace tocsin::benchmarks {

namespace {

// "12.3 ms"
std::string Text(double figure, const char* unit) {
  char text[64];
  const int digits = figure < 10 ? 2 : figure < 1000 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f %s", digits, figure, unit);
  return text;
}

}  // namespace

double Quantile(std::vector<double> values, double share) {
  TOCSIN_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  const auto at =
      static_cast<std::size_t>(static_cast<double>(values.size()) * share);
  return values[std::min(at, values.size() - 1)];
}

int Flag(int argc, char** argv, const char* name, int otherwise) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], name) == 0) return std::stoi(argv[i + 1]);
  }
  return otherwise;
}

bool Has(int argc, char** argv, const char* name) {
  return std::any_of(argv + 1, argv + argc, [name](const char* argument) {
    return std::strcmp(argument, name) == 0;
  });
}

void Report::AtMost(const std::string& what, double figure, double goal,
                    const char* unit) {
  Print(what + ": " + Text(figure, unit), "at most " + Text(goal, unit),
        figure <= goal);
}

void Report::AtLeast(const std::string& what, double figure, double goal,
                     const char* unit) {
  Print(what + ": " + Text(figure, unit), "at least " + Text(goal, unit),
        figure >= goal);
}

void Report::Say(const std::string& what, double figure, const char* unit) {
  std::printf("%s: %s\n", what.c_str(), Text(figure, unit).c_str());
}

void Report::Print(const std::string& what, const std::string& goal,
                   bool good) {
  std::printf("%s (goal: %s)%s\n", what.c_str(), goal.c_str(),
              good ? "" : " MISSED");
  std::fflush(stdout);
  good_ = good_ && good;
}

}  // namespace tocsin::benchmarks
