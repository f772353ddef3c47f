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

std::vector<fs::path> YamlFilesIn(const char* folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  BOOST_REQUIRE(!files.empty());
  return files;
}

// All that loading the file says, a line each, under the file's bare name.
std::string SaidOf(const fs::path& file) {
  const LoadResult result = Load(file.string());
  std::string said;
  for (Fault fault : result.faults) {
    fault.file = file.filename().string();
    said += FaultText(fault) + "\n";
  }
  for (Fault fault : result.warnings) {
    fault.file = file.filename().string();
    said += "warning: " + FaultText(fault) + "\n";
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
    BOOST_TEST(routing::Tree::Build(result.config->route).ok());
  }
}

BOOST_AUTO_TEST_SUITE(files)

BOOST_AUTO_TEST_CASE(each_faulty_file_is_refused_in_exactly_these_words) {
  for (const fs::path& file : YamlFilesIn(kBadFiles)) {
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
  for (const fs::path& file : YamlFilesIn(kGoodFiles)) {
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
