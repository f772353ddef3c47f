#include "conformance_table.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>
#include <vector>

#include "conformance_exceptions.h"

namespace tocsin::routing {
namespace {

namespace json = boost::json;

const Exception* FindException(std::string_view file,
                               std::string_view section) {
  const auto* const at = std::find_if(
      std::begin(kExceptions), std::end(kExceptions), [&](const Exception& e) {
        return e.file == file && e.section == section;
      });
  return at == std::end(kExceptions) ? nullptr : at;
}

}  // namespace

std::optional<json::value> LoadTable(const std::string& file) {
  const std::string path = "../shared/conformance/" + file;
  std::ifstream stream(path);
  if (!stream) {
    std::cout << "NOT COMPARED WITH ALERTMANAGER: " << path << " is absent\n";
    const char* const ci = std::getenv("CI");
    if (ci != nullptr && std::string_view(ci) == "true") {
      BOOST_ERROR(path << " is absent, and CI=true");
    }
    return std::nullopt;
  }
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  return json::parse(text);
}

std::string TextAt(const json::value& object, std::string_view key) {
  const json::string& text =
      object.as_object().at({key.data(), key.size()}).as_string();
  return std::string(text.data(), text.size());
}

LabelSet ToLabels(const json::value& object) {
  std::vector<LabelSet::Label> labels;
  for (const json::key_value_pair& pair : object.as_object()) {
    labels.emplace_back(std::string(pair.key()),
                        std::string(pair.value().as_string()));
  }
  return LabelSet(std::move(labels));
}

MatchOp ToOp(const std::string& text) {
  if (text == "=~") return MatchOp::kRegex;
  if (text == "!~") return MatchOp::kNotRegex;
  return text == "=" ? MatchOp::kEqual : MatchOp::kNotEqual;
}

Difference Differs(const std::string& what, const std::string& got,
                   const std::string& want) {
  if (got == want) return std::nullopt;
  return what + " is [" + got + "], wanted is [" + want + "]";
}

Comparison::Comparison(const std::string& file)
    : file_(file), table_(LoadTable(file)) {}

void Comparison::Section(const std::string& section,
                         const std::function<Difference(const Row&)>& compare) {
  if (!table_) return;
  sections_.insert(section);
  const Exception* const exception = FindException(file_, section);
  for (const json::value& row : table_->as_object().at(section).as_array()) {
    const Difference difference = compare(row.as_object());
    BOOST_TEST_CONTEXT(file_ << " " << section << " "
                             << json::serialize(row).substr(0, 400)) {
      if (exception != nullptr) {
        ++excepted_;
        BOOST_TEST(difference.has_value(),
                   "a listed exception agrees; take it off the list");
      } else {
        ++compared_;
        BOOST_TEST(!difference.has_value(), difference.value_or(""));
      }
    }
  }
}

void Comparison::Finish() const {
  if (!table_) return;
  std::cout << file_ << ": " << compared_ << " rows compared, " << excepted_
            << " excepted\n";
  BOOST_TEST(compared_ > 0U);
  for (const json::key_value_pair& pair : table_->as_object()) {
    const std::string section(pair.key());
    if (section == "_meta") continue;
    BOOST_TEST(sections_.count(section) == 1U,
               file_ << ": nobody compares the list " << section);
  }
  for (const Exception& exception : kExceptions) {
    if (exception.file != file_) continue;
    BOOST_TEST(sections_.count(std::string(exception.section)) == 1U,
               file_ << ": there is no list " << exception.section);
  }
}

}  // namespace tocsin::routing
