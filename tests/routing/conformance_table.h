#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::routing {

// A table of facts about Alertmanager from ../shared/conformance beside the
// project. Absent where it is not at hand: says so on stdout and, with
// CI=true, fails the test.
std::optional<boost::json::value> LoadTable(const std::string& file);

// The string at `key` of an object.
std::string TextAt(const boost::json::value& object, std::string_view key);

}  // namespace tocsin::routing
