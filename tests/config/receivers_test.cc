#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "route_file.h"
#include "routing/route.h"

namespace tocsin::config {
namespace {

using routing::LabelSet;
using routing::Route;
using routing::Tree;
using Texts = std::vector<std::string>;

// Where an alert with the labels ends up.
Route RouteOf(const Config& config, const LabelSet& labels) {
  const auto tree = Tree::Build(
      config.route, {.intervals = config.time_intervals, .default_teams = {}});
  BOOST_REQUIRE(tree.ok());
  return *tree.value().Decide(labels, {}).at(0);
}

BOOST_AUTO_TEST_SUITE(receivers)

BOOST_AUTO_TEST_CASE(a_receiver_stands_for_what_the_file_says_of_it) {
  const Config config = Loaded(R"(receivers:
  pager: {team: W1, important: true, escalation_chain: P1, chat_channels: [ops]}
  board: {team: web, escalation_chain: none, chat_channels: [dev]}
  plain: {team: web}
  sink: {discard: true}
route:
  receiver: plain
  routes:
    - match: {to: pager}
      receiver: pager
      routes:
        - {match: {also: nothing}}
        - {match: {also: plain}, receiver: plain}
        - {match: {also: own}, receiver: plain, chat_channels: [dev]}
        - {match: {also: web}, team: web}
    - {match: {to: mixed}, receiver: pager, team: loud, important: false}
    - match: {to: sink}
      receiver: sink
      routes:
        - {match: {also: nothing}, escalation_chain: page}
        - {match: {also: web}, team: web}
        - {match: {also: plain}, receiver: plain}
        - {match: {also: kept}, discard: false}
)");
  const Route plain = RouteOf(config, {});
  BOOST_TEST(plain.team == "web");
  BOOST_TEST(!plain.escalation_chain.has_value());
  const Route pager = RouteOf(config, {{"to", "pager"}});
  BOOST_TEST(pager.important);
  BOOST_TEST(pager.escalation_chain.value() == "page");
  BOOST_TEST((pager.chat_channels == Texts{"ops"}));
  const auto below = [&](const char* also) {
    return RouteOf(config, {{"to", "pager"}, {"also", also}});
  };
  BOOST_TEST(below("nothing").escalation_chain.value() == "page");
  BOOST_TEST(!below("plain").escalation_chain.has_value());
  BOOST_TEST(!below("plain").chat_channels.has_value());
  BOOST_TEST(!below("own").escalation_chain.has_value());
  BOOST_TEST((below("own").chat_channels == Texts{"dev"}));
  BOOST_TEST(below("web").escalation_chain.value() == "page");
  const Route mixed = RouteOf(config, {{"to", "mixed"}});
  BOOST_TEST(mixed.team == "loud");
  BOOST_TEST(!mixed.important);
  BOOST_TEST(mixed.escalation_chain.value() == "page");
  const auto in_sink = [&](const char* also) {
    return RouteOf(config, {{"to", "sink"}, {"also", also}}).discard;
  };
  BOOST_TEST(in_sink(""));
  BOOST_TEST(in_sink("nothing"));
  BOOST_TEST(!in_sink("web"));
  BOOST_TEST(!in_sink("plain"));
  BOOST_TEST(!in_sink("kept"));
}

BOOST_AUTO_TEST_CASE(discard_of_a_node_itself_is_not_inherited) {
  const Config config = Loaded(
      "route: {team: web, routes: [{match: {a: b}, discard: true, "
      "routes: [{match: {c: d}}]}]}\n");
  BOOST_TEST(RouteOf(config, {{"a", "b"}}).discard);
  BOOST_TEST(!RouteOf(config, {{"a", "b"}, {"c", "d"}}).discard);
}

BOOST_AUTO_TEST_CASE(a_receiver_needs_a_team_or_discards) {
  BOOST_TEST(SaidOf(R"(receivers:
  empty:
  quiet: {discard: false, important: maybe}
  gone: {team: wep, escalation_chain: pagee, chat_channels: [opps]}
  sink: {discard: true}
  typed: {team: web, webhook_configs: []}
route: {receiver: sink}
)") == R"(15:3: receivers.empty: the key "team" is missing
15:10: receivers.quiet: the key "team" is missing
15:38: receivers.quiet.important: must be true or false
16:16: receivers.gone.team: no team is named "wep", did you mean "web"?
16:39: receivers.gone.escalation_chain: no chain is named "pagee", did you mean "page"?
16:62: receivers.gone.chat_channels[0]: no chat channel is named "opps", did you mean "ops"?
18:22: receivers.typed.webhook_configs: "webhook_configs" is not a key this version knows (team, important, escalation_chain, chat_channels, discard)
19:19: route.receiver: the root route needs a team, and this receiver has none
)");
}

BOOST_AUTO_TEST_CASE(receivers_of_alertmanager_are_told_what_to_become) {
  BOOST_TEST(
      SaidOf(
          R"(route: {receiver: web-pager, routes: [{match: {a: b}, receiver: gone}]}
receivers:
  - name: web-pager
    webhook_configs: [{url: 'http://a.example/'}]
  - name: other
)") == R"(13:65: route.routes[0].receiver: no receiver is named "gone"
15:3: receivers: must be a mapping from the receivers' names to what they stand for, as in "receivers: {web-pager: {team: web}}": Alertmanager's list of receivers says how to send, which Tocsin's teams, users and providers do here
)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
