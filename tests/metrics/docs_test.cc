// docs/metrics.md and the registry say the same, both ways.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/metrics/full_registry.h"

namespace {

struct Family {
  std::string type;
  std::string labels;  // sorted, "a, b"
  std::string meaning;
  bool operator==(const Family&) const = default;
};
using Families = std::map<std::string, Family>;

std::ostream& operator<<(std::ostream& out, const Family& family) {
  return out << family.type << " | " << family.labels << " | "
             << family.meaning;
}

std::string Trim(const std::string& text) {
  const auto from = text.find_first_not_of(' ');
  if (from == std::string::npos) return "";
  return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

// Rows "| `name` | type | labels | meaning |".
Families Documented() {
  std::ifstream file("docs/metrics.md");
  BOOST_REQUIRE(file.is_open());
  Families families;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    std::istringstream row(line.substr(1));
    std::vector<std::string> cells;
    for (std::string cell; std::getline(row, cell, '|');) {
      std::erase(cell, '`');
      cells.push_back(Trim(cell));
    }
    BOOST_REQUIRE_MESSAGE(cells.size() == 4, line);
    families[cells[0]] = {cells[1], cells[2], cells[3]};
  }
  return families;
}

std::string LabelsOf(const std::string& sample) {
  const auto open = sample.find('{');
  if (open == std::string::npos) return "";
  std::istringstream pairs(
      sample.substr(open + 1, sample.find('}') - open - 1));
  std::set<std::string> names;
  for (std::string pair; std::getline(pairs, pair, ',');) {
    const std::string name = pair.substr(0, pair.find('='));
    if (name != "le") names.insert(name);
  }
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

Families Registered() {
  std::istringstream text(tocsin::test::FullExposition());
  Families families;
  std::string current;
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    std::string hash, keyword;
    if (line.starts_with("# ")) {
      words >> hash >> keyword >> current;
      std::string rest;
      std::getline(words, rest);
      (keyword == "HELP" ? families[current].meaning : families[current].type) =
          Trim(rest);
    } else {
      families[current].labels = LabelsOf(line);
    }
  }
  return families;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics_docs)

BOOST_AUTO_TEST_CASE(every_family_is_documented_and_nothing_else) {
  const Families documented = Documented();
  const Families registered = Registered();
  BOOST_TEST(registered.size() > 20u);
  for (const auto& [name, family] : registered) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST_REQUIRE(documented.contains(name));
      BOOST_TEST(documented.at(name) == family);
    }
  }
  for (const auto& [name, family] : documented) {
    BOOST_TEST(registered.contains(name), name << " is not in the registry");
  }
}

BOOST_AUTO_TEST_SUITE_END()
