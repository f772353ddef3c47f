#include <boost/json.hpp>
#include <cstdio>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/route_tree.h"
#include "daemon/ctl/table.h"
#include "routing/matcher_json.h"

namespace tocsin::ctl {
namespace {

namespace json = boost::json;
using routing::Route;
using routing::RouteSpec;

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ",") + name;
  return text;
}

// What is said of a node, in the order in which it is said: as amtool does,
// then what is Tocsin's own and was set, here or above.
std::vector<std::pair<std::string, std::string>> Marks(const RouteSpec& spec,
                                                       const Route& route) {
  std::vector<std::pair<std::string, std::string>> marks;
  if (spec.continue_matching) marks.emplace_back("continue", "true");
  marks.emplace_back("team", route.team);
  if (route.important) marks.emplace_back("important", "true");
  if (route.escalation_chain) {
    marks.emplace_back("chain", *route.escalation_chain);
  }
  if (route.chat_channels) {
    marks.emplace_back("chat", Joined(*route.chat_channels));
  }
  if (route.discard) marks.emplace_back("discard", "true");
  if (route.heartbeat) {
    marks.emplace_back("heartbeat",
                       FormatDuration(route.heartbeat->expect_within));
  }
  if (!route.active.empty()) {
    marks.emplace_back("active", Joined(spec.active_time_intervals));
  }
  if (!route.mute.empty()) {
    marks.emplace_back("mute", Joined(spec.mute_time_intervals));
  }
  if (!spec.name.empty()) marks.emplace_back("name", spec.name);
  return marks;
}

// Both take the routes from `next` on, which are those of the node and of all
// below it.
Branch BranchOf(const RouteSpec& spec, const Route* const*& next) {
  Branch branch{.text = NodeText(spec), .below = {}};
  for (const auto& [name, value] : Marks(spec, **next)) {
    branch.text += "  " + name + ": " + Printable(value);
  }
  ++next;
  for (const RouteSpec& child : spec.routes) {
    branch.below.push_back(BranchOf(child, next));
  }
  return branch;
}

json::object JsonOf(const RouteSpec& spec, const Route* const*& next) {
  json::object node;
  node["identity"] = (*next)->identity;
  json::array matchers;
  for (const routing::Matcher& matcher : spec.matchers) {
    matchers.push_back(json::parse(routing::MatcherToJson(matcher)));
  }
  node["matchers"] = std::move(matchers);
  for (const auto& [name, value] : Marks(spec, **next)) {
    if (value == "true") {
      node[name] = true;
    } else {
      node[name] = value;
    }
  }
  ++next;
  json::array routes;
  for (const RouteSpec& child : spec.routes) {
    routes.push_back(JsonOf(child, next));
  }
  node["routes"] = std::move(routes);
  return node;
}

}  // namespace

Outcome ShowRoutes(const Invocation& invocation) {
  const auto loaded = LoadRoutes(invocation.config_file);
  if (const auto* failure = std::get_if<Failure>(&loaded)) return *failure;
  const auto& [config, tree] = std::get<LoadedRoutes>(loaded);
  const std::vector<const Route*> routes = tree.Routes();
  const Route* const* next = routes.data();
  if (invocation.output == Output::kJson) {
    PrintJson(JsonOf(config.route, next));
  } else {
    std::printf("Routing tree:\n%s\n",
                Draw(BranchOf(config.route, next)).c_str());
  }
  return std::nullopt;
}

}  // namespace tocsin::ctl
