#pragma once

#include <string_view>

// Where Tocsin is not Alertmanager, on purpose. Everything else in the tables
// of ../shared/conformance is compared.
namespace tocsin::routing {

// Rows that are not expected to agree: all of a list.
struct Exception {
  std::string_view file;
  std::string_view section;
  std::string_view reason;
};

constexpr Exception kExceptions[] = {
    {"routes.json", "route_labels",
     "labels of a route feed Alertmanager's templates; Tocsin's nodes have no "
     "such key"},
};

// Columns of compared rows that are left out: what they say is the sender's
// work, done before Tocsin hears of it.
constexpr std::string_view kSendersColumns[] = {
    "group_wait_s", "group_interval_s", "repeat_interval_s"};

}  // namespace tocsin::routing
