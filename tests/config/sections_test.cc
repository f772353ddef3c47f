#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "config/load.h"
#include "said.h"

// The sections besides users, chains and the tree: the house, its providers,
// sources, teams.
namespace tocsin::config {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using Lines = std::vector<std::string>;

LoadResult LoadWith(const std::string& sections) {
  return LoadText("t.yml", sections +
                               "\n"
                               "users: {ada: {}}\n"
                               "teams: {web: {aliases: [T1]}}\n"
                               "route: {team: web, discard: true}\n");
}

Config ConfigOf(const std::string& sections) {
  LoadResult result = LoadWith(sections);
  for (const Fault& fault : result.faults) BOOST_ERROR(FaultText(fault));
  BOOST_REQUIRE(result.config.has_value());
  return *result.config;
}

Lines FaultsOf(const std::string& sections) {
  Lines lines;
  for (const Fault& fault : LoadWith(sections).faults) {
    lines.push_back(fault.path + ": " + fault.message);
  }
  return lines;
}

void CheckOnlyFault(const std::string& sections, const std::string& expected) {
  BOOST_TEST(FaultsOf(sections) == Lines{expected},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE(sections)

BOOST_AUTO_TEST_CASE(what_global_does_not_say_has_a_default) {
  const Config config = ConfigOf("global: {}");
  BOOST_TEST(config.time_zone == "UTC");
  BOOST_TEST((config.retention == std::chrono::days(90)));
  BOOST_TEST(!config.roster.last_resort.has_value());
  BOOST_TEST(config.time_zones.at("ada") == "UTC");
}

BOOST_AUTO_TEST_CASE(global_values_are_checked) {
  CheckOnlyFault("global: {time_zone: Europe/Zurch}",
                 "global.time_zone: no time zone is named \"Europe/Zurch\": "
                 "write it as in \"Europe/Zurich\" or \"UTC\"");
  CheckOnlyFault("global: {fold_within: 6m}",
                 "global.fold_within: is too long: a page would wait for it, "
                 "5m is the most");
  CheckOnlyFault("global: {retention: 23h}",
                 "global.retention: is too short: 1d is the least");
  CheckOnlyFault("global: {last_resort: {importance: important}}",
                 "global.last_resort: the key \"team\" is missing");
  CheckOnlyFault("global: {last_resort: {team: wep}}",
                 "global.last_resort.team: no team is named \"wep\", did you "
                 "mean \"web\"?");
  CheckOnlyFault("global: {last_resort: {team: web, importance: defualt}}",
                 "global.last_resort.importance: \"defualt\" is not an "
                 "importance this version knows, did you mean \"default\"?");
}

BOOST_AUTO_TEST_CASE(an_email_provider_is_read) {
  const Config config = ConfigOf(
      "providers: {email: {smarthost: '[::1]:25', from: a@b.org, username: u, "
      "password: p, require_tls: false, probe_interval: 1m}}");
  const Provider& provider = config.providers.at(0);
  BOOST_TEST((provider.kind == ProviderKind::kEmail));
  BOOST_TEST(provider.email.smarthost == "[::1]:25");
  BOOST_TEST(provider.email.from == "a@b.org");
  BOOST_TEST(provider.email.username == "u");
  BOOST_TEST(provider.email.password.Reveal() == "p");
  BOOST_TEST(!provider.email.require_tls);
  BOOST_TEST((provider.probe_interval == minutes(1)));
}

BOOST_AUTO_TEST_CASE(an_email_provider_needs_a_server_and_a_sender) {
  const auto faults = [](const std::string& keys) {
    return FaultsOf("providers: {email: {" + keys + "}}");
  };
  BOOST_TEST(faults("").size() == 2u);
  for (const char* host : {"mail", "mail:", ":25", "mail:0", "mail:65536",
                           "::1:25", "mail:smtp", "a@mail:25"}) {
    const Lines expected = {
        "providers.email.smarthost: must be a host and its port, as in "
        "mail.example.org:587"};
    BOOST_TEST(
        faults("from: a@b, smarthost: '" + std::string(host) + "'") == expected,
        host);
  }
  for (const char* from : {"a", "@b", "a@", "A <a@b>", "a@b@c"}) {
    const Lines expected = {
        "providers.email.from: must be a mail address, as in "
        "pager@example.org"};
    BOOST_TEST(faults("smarthost: 'm:25', from: '" + std::string(from) + "'") ==
                   expected,
               from);
  }
  const Lines alone = {
      "providers.email: username and password come together: only the username "
      "is given"};
  BOOST_TEST(faults("smarthost: 'm:25', from: a@b, username: u") == alone);
}

BOOST_AUTO_TEST_CASE(a_slack_provider_is_read) {
  const Config config = ConfigOf(
      "providers: {chat: {kind: slack, bot_token: b, signing_secret: s, "
      "api_url: 'http://127.0.0.1:1/api'}}");
  const Slack& slack = config.providers.at(0).slack;
  BOOST_TEST(slack.bot_token.Reveal() == "b");
  BOOST_TEST(slack.signing_secret.Reveal() == "s");
  BOOST_TEST(slack.api_url == "http://127.0.0.1:1/api");
  CheckOnlyFault("providers: {slack: {signing_secret: s}}",
                 "providers.slack: one of bot_token, bot_token_file must be "
                 "given");
}

BOOST_AUTO_TEST_CASE(a_webhook_may_have_the_address_behind_the_host) {
  const auto webhook = [](const std::string& url) {
    return "providers: {webhook: {url: \"" + url + "\"}}";
  };
  for (const char* url :
       {"https://a.org/{{ address }}", "http://a.org?to={{ address }}&x=1",
        "http://a.org/{{ address }}/{{ address }}"}) {
    BOOST_TEST(ConfigOf(webhook(url)).providers.at(0).url == url);
  }
  for (const char* url : {"https://{{ address }}/x", "https://a.{{ address }}",
                          "{{ address }}", "http://{{ address }}:80/"}) {
    CheckOnlyFault(webhook(url),
                   "providers.webhook.url: \"{{ address }}\" must stand behind "
                   "the host");
  }
  for (const char* url : {"https://a.org/{{address}}", "https://a.org/{{ user",
                          "https://a.org/{{ address }}/{{ title }}"}) {
    CheckOnlyFault(webhook(url),
                   "providers.webhook.url: the only template that a URL may "
                   "have is \"{{ address }}\"");
  }
}

BOOST_AUTO_TEST_CASE(a_chat_channel_is_an_address_of_a_provider) {
  const Config config = ConfigOf(
      "providers: {console: }\n"
      "chat_channels: {ops: {provider: console, address: C0}}");
  BOOST_TEST(config.chat_channels.at("ops").provider == "console");
  BOOST_TEST(config.chat_channels.at("ops").address == "C0");
  CheckOnlyFault(
      "providers: {console: }\n"
      "chat_channels: {ops: {provider: konsole, address: C0}}",
      "chat_channels.ops.provider: no provider is named \"konsole\", did you "
      "mean \"console\"?");
  BOOST_TEST(FaultsOf("chat_channels: {ops: }").size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_source_is_stale_after_three_of_its_intervals) {
  const auto source = [](const std::string& keys) {
    return ConfigOf("sources: {am: {kind: alertmanager, tokens: [t]" + keys +
                    "}}")
        .sources.at(0);
  };
  BOOST_TEST((source("").repeat_interval == hours(4)));
  BOOST_TEST((source("").stale_after == hours(12)));
  BOOST_TEST((source(", repeat_interval: 1h").stale_after == hours(3)));
  BOOST_TEST((source(", stale_after: 5m").stale_after == minutes(5)));
  BOOST_TEST(!source("").resolve_when_stale);
  BOOST_TEST(source(", on_stale: resolve").resolve_when_stale);
  BOOST_TEST(source(", default_team: T1").default_team == "web");
}

BOOST_AUTO_TEST_CASE(a_team_has_two_ways_out_of_chain_and_channels) {
  const LoadResult result = LoadText("t.yml", R"(
providers: {console: }
chat_channels: {ops: {provider: console, address: C0}}
users: {ada: {contact_methods: {console: }}}
default_notification_policies: {default: [{notify: console}]}
escalation_chains: {all: [{notify_users: [ada]}]}
teams:
  web:
    direct_paging:
      default: {escalation_chain: all, chat_channels: [ops]}
      important: {chat_channels: [ops]}
      stop_on: any_acknowledge
    acknowledge: {remind_every: 1h, timeout: 4h}
route: {team: web}
)");
  BOOST_REQUIRE(result.config.has_value());
  const paging::Team& web = result.config->roster.teams.at("web");
  BOOST_TEST(web.standard.value().chain.value() == "all");
  BOOST_TEST(web.standard.value().chat_channels.at(0) == "ops");
  BOOST_TEST(!web.important.value().chain.has_value());
  const TeamFacts& facts = result.config->teams.at("web");
  BOOST_TEST(facts.any_acknowledge_stops);
  BOOST_TEST((facts.remind_every.value() == hours(1)));
  BOOST_TEST((facts.acknowledge_timeout.value() == hours(4)));
}

BOOST_AUTO_TEST_CASE(a_way_out_leads_somewhere) {
  const LoadResult result = LoadText(
      "t.yml",
      "teams: {web: {direct_paging: {default: {}}}}\nroute: {team: web}\n");
  BOOST_REQUIRE_EQUAL(result.faults.size(), 1u);
  BOOST_TEST(FaultText(result.faults[0]) ==
             "t.yml:1:40: teams.web.direct_paging.default: one of "
             "escalation_chain, chat_channels must be given");
}

BOOST_AUTO_TEST_CASE(a_user_may_keep_the_contact_methods) {
  const LoadResult result = LoadText(
      "t.yml",
      "users:\n"
      "  ada: {contact_methods: self, notification_policies: {default: "
      "[{notify: sms}]}}\n"
      "teams: {web: {}}\n"
      "route: {team: web, discard: true}\n");
  BOOST_REQUIRE(result.config.has_value());
  BOOST_TEST(result.config->addresses.at("ada").empty());
}

BOOST_AUTO_TEST_CASE(what_does_nothing_yet_is_said_once_at_its_first_place) {
  const LoadResult result = LoadWith(
      "sources:\n"
      "  b: {kind: alertmanager, tokens: [b], stale_after: 1h}\n"
      "  a: {kind: alertmanager, tokens: [a], stale_after: 1h}\n"
      "global: {retention: 30d}");
  Lines lines;
  for (const Fault& fault : result.warnings) {
    if (!IsOfRootThatDiscards(fault)) lines.push_back(FaultText(fault));
  }
  const Lines expected = {
      "t.yml:2:53: sources.b.stale_after: \"stale_after\" is read, but has no "
      "effect in this version yet",
      "t.yml:4:21: global.retention: \"retention\" is read, but has no effect "
      "in this version yet"};
  BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
