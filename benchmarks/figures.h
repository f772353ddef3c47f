#pragma once

#include <string>
#include <utility>
#include <vector>

// What benchmarks do with what they measured.
namespace tocsin::benchmarks {

// The value at `share` (0 to 1) of the sorted values, of which there is one at
// least.
double Quantile(std::vector<double> values, double share);

// Of a list that is not empty.
inline double Median(std::vector<double> values) {
  return Quantile(std::move(values), 0.5);
}

// The number behind `name` on the command line, or `otherwise`.
int Flag(int argc, char** argv, const char* name, int otherwise);

// Whether `name` stands on the command line.
bool Has(int argc, char** argv, const char* name);

// Prints figures beside their goals, a line each, and remembers whether one was
// missed.
class Report {
 public:
  // `figure` may be at most, or must be at least, `goal`.
  void AtMost(const std::string& what, double figure, double goal,
              const char* unit);
  void AtLeast(const std::string& what, double figure, double goal,
               const char* unit);
  // A figure without a goal.
  static void Say(const std::string& what, double figure, const char* unit);

  bool good() const { return good_; }

 private:
  void Print(const std::string& what, const std::string& goal, bool good);
  bool good_ = true;
};

}  // namespace tocsin::benchmarks
