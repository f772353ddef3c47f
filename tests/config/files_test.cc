#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "config/load.h"
#include "routing/route.h"

// The files that people see: the examples, and the faulty ones with exactly
// what is said of them. Runs in the root of the tree.
namespace tocsin::config {
namespace {

namespace fs = std::filesystem;

const char* const kBadFiles = "tests/testdata/config/bad";
const char* const kGoodFiles = "tests/testdata/config/good";

// A file alone, or the main.yml of a folder of files that belong together.
std::vector<fs::path> MainFilesIn(const char* folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path main = entry.path() / "main.yml";
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
    if (fs::exists(main)) files.push_back(main);
  }
  std::sort(files.begin(), files.end());
  BOOST_REQUIRE(!files.empty());
  return files;
}

// The fault under the name its file has in the folder of the main file.
std::string TextIn(const fs::path& folder, Fault fault) {
  fault.file = fs::path(fault.file).lexically_relative(folder).string();
  return FaultText(fault) + "\n";
}

// All that loading the file says, a line each.
std::string SaidOf(const fs::path& file) {
  const LoadResult result = Load(file.string());
  std::string said;
  for (const Fault& fault : result.faults) {
    said += TextIn(file.parent_path(), fault);
  }
  for (const Fault& fault : result.warnings) {
    said += "warning: " + TextIn(file.parent_path(), fault);
  }
  return said;
}

std::string ContentOf(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(stream, "cannot read " << file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void CheckLoadsQuietly(const fs::path& file) {
  BOOST_TEST_CONTEXT(file) {
    BOOST_TEST(SaidOf(file) == "");
    const LoadResult result = Load(file.string());
    BOOST_REQUIRE(result.config.has_value());
    BOOST_TEST(routing::Tree::Build(result.config->route,
                                    {.intervals = result.config->time_intervals,
                                     .default_teams = {}})
                   .ok());
  }
}

BOOST_AUTO_TEST_SUITE(files)

BOOST_AUTO_TEST_CASE(each_faulty_file_is_refused_in_exactly_these_words) {
  for (const fs::path& file : MainFilesIn(kBadFiles)) {
    BOOST_TEST_CONTEXT(file) {
      fs::path expected = file;
      expected.replace_extension(".expected");
      BOOST_TEST(SaidOf(file) == ContentOf(expected));
      BOOST_TEST(!Load(file.string()).config.has_value());
      BOOST_TEST(!Load(file.string()).faults.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(each_good_file_is_taken_with_exactly_these_warnings) {
  for (const fs::path& file : MainFilesIn(kGoodFiles)) {
    BOOST_TEST_CONTEXT(file) {
      fs::path expected = file;
      expected.replace_extension(".expected");
      BOOST_TEST(SaidOf(file) == ContentOf(expected));
      BOOST_TEST(Load(file.string()).config.has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_examples_are_taken_without_a_word) {
  CheckLoadsQuietly("examples/quickstart.yml");
  CheckLoadsQuietly("examples/team.yml");
}

BOOST_AUTO_TEST_CASE(the_full_example_warns_of_what_is_not_built_yet_only) {
  const LoadResult result = Load("examples/full.yml");
  BOOST_TEST(result.faults.empty());
  BOOST_TEST(result.config.has_value());
  for (const Fault& warning : result.warnings) {
    BOOST_TEST(warning.message.ends_with("has no effect in this version yet"),
               FaultText(warning));
  }
}

BOOST_AUTO_TEST_CASE(alertmanager_takes_the_example_written_for_it) {
  if (std::system("command -v amtool >/dev/null") != 0) {
    std::cerr << "NOT TESTED: examples/alertmanager.yml, because amtool "
                 "(package prometheus-alertmanager) is not installed\n";
    BOOST_TEST(std::getenv("CI") == nullptr);
    return;
  }
  BOOST_TEST(std::system("amtool check-config examples/alertmanager.yml "
                         ">/dev/null") == 0);
}

BOOST_AUTO_TEST_CASE(the_examples_fit_together) {
  const LoadResult result = Load("examples/quickstart.yml");
  BOOST_REQUIRE(result.config.has_value());
  const Config& config = *result.config;
  const std::string door = config.external_url +
                           "/integrations/v1/alertmanager/" +
                           config.sources.at(0).tokens.at(0).Reveal() + "/\n";
  BOOST_TEST(ContentOf("examples/alertmanager.yml").find("url: " + door) !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
