#include "conformance_table.h"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace tocsin::routing {

std::optional<boost::json::value> LoadTable(const std::string& file) {
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
  return boost::json::parse(text);
}

std::string TextAt(const boost::json::value& object, std::string_view key) {
  const boost::json::string& text =
      object.as_object().at({key.data(), key.size()}).as_string();
  return std::string(text.data(), text.size());
}

}  // namespace tocsin::routing
