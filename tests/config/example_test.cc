#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>

#include "folder.h"
#include "routing/route.h"

// The file that a user wants to write, which the design keeps outside of this
// tree: read from there, never copied.
namespace tocsin::config {
namespace {

const char* const kExample = "../shared/design/example.yml";

// The example with a secret in each file that it names; false where it is
// absent.
bool MakeExample(const Folder& folder) {
  std::ifstream stream(kExample, std::ios::binary);
  if (!stream) {
    std::cerr << "NOT TESTED: " << kExample << " is absent\n";
    const char* const ci = std::getenv("CI");
    BOOST_TEST((ci == nullptr || std::string(ci) != "true"));
    return false;
  }
  folder.Write("tocsin.yml",
               std::string(std::istreambuf_iterator<char>(stream), {}));
  for (const char* name :
       {"smtp.pass", "slack.bot", "slack.sign", "ntfy.token", "am-prod.token",
        "oncall-web.token", "nightly.token"}) {
    folder.Write(name, std::string("secret-of-") + name + "\n");
  }
  folder.Write("teams/dba.yml", "teams: {dba: {contact: \"#dba\"}}\n");
  return true;
}

std::string NotYet(const std::string& path, const std::string& key) {
  return path + ": \"" + key +
         "\" is read, but has no effect in this version yet";
}

std::string Skipped(const std::string& user, const std::string& methods) {
  return "users." + user + ": has no contact method named " + methods +
         ", which default_notification_policies names: the step is skipped";
}

// All that is said of the example, without the places in the file.
std::multiset<std::string> ExpectedWarnings() {
  return {
      NotYet("global.retention", "retention"),
      NotYet("providers.email", "kind: email"),
      NotYet("providers.slack", "kind: slack"),
      NotYet("providers.slack.probe_interval", "probe_interval"),
      NotYet("sources.am-prod.repeat_interval", "repeat_interval"),
      "sources.oncall-web.default_team: what only the root route would take is "
      "posted to chat only, wakes nobody: the team \"web\" has no escalation "
      "chain for it",
      NotYet("users.bob.contact_methods", "contact_methods: self"),
      Skipped("cyd", R"("email", "push")"),
      Skipped("dee", R"("email", "push")"),
      NotYet("schedules.primary", "schedules"),
      NotYet("schedules.primary.going_on_call", "going_on_call"),
      NotYet("escalation_chains.platform-default[0].notify_schedule",
             "notify_schedule"),
      NotYet("escalation_chains.platform-default[2].notify_next_on_call",
             "notify_next_on_call"),
      NotYet("escalation_chains.platform-important[0].notify_chat",
             "notify_chat"),
      NotYet("teams.platform.direct_paging.default.chat_channels",
             "chat_channels"),
      NotYet("teams.platform.direct_paging.stop_on", "stop_on"),
      NotYet("teams.platform.acknowledge", "acknowledge"),
      "teams.web.direct_paging.default: has no escalation chain: it posts, but "
      "wakes nobody",
      NotYet("route.routes[0].heartbeat", "heartbeat"),
      "route.routes[2]: what matches here may page nobody at all: this route "
      "wakes nobody, no later route beside it is sure to take the same alerts, "
      "and with `continue` the route above does not get them back",
      "route.routes[3]: what matches here is posted to chat only, wakes "
      "nobody: the team \"web\" has no escalation chain for it",
  };
}

BOOST_AUTO_TEST_SUITE(example)

BOOST_AUTO_TEST_CASE(it_loads_without_a_fault_and_with_these_warnings) {
  const Folder folder;
  if (!MakeExample(folder)) return;
  const LoadResult result = folder.LoadMain();
  for (const Fault& fault : result.faults) BOOST_ERROR(FaultText(fault));
  std::multiset<std::string> said;
  for (const Fault& warning : result.warnings) {
    said.insert(warning.path + ": " + warning.message);
  }
  BOOST_TEST(said == ExpectedWarnings(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(its_lines_are_in_the_configuration) {
  const Folder folder;
  if (!MakeExample(folder)) return;
  const Config config = folder.LoadMain().config.value();
  BOOST_TEST(config.time_zone == "Europe/Zurich");
  BOOST_TEST((config.retention == std::chrono::days(90)));
  BOOST_TEST((config.roster.last_resort.value().importance ==
              paging::Importance::kImportant));
  BOOST_TEST(config.files.size() == 2u);
  BOOST_TEST(config.sources.at(1).default_team == "web");
  BOOST_TEST((config.sources.at(0).stale_after == std::chrono::hours(36)));
  BOOST_TEST(config.chat_channels.at("web-alerts").address == "C0WEB");
  BOOST_TEST(config.providers.at(0).email.password.Reveal() ==
             "secret-of-smtp.pass");
  BOOST_TEST(config.providers.at(2).url ==
             "https://ntfy.example.org/{{ address }}");
  BOOST_TEST(config.roster.user_aliases.at("U281SN24AVVJX") == "ada");
  BOOST_TEST(config.time_zones.at("cyd") == "America/New_York");
  BOOST_TEST(config.time_zones.at("dee") == "Europe/Zurich");
  BOOST_TEST(config.time_intervals.count("office-hours") == 1u);
  BOOST_TEST(config.route.routes.size() == 7u);
}

BOOST_AUTO_TEST_CASE(it_can_be_checked_without_its_secrets) {
  const Folder folder;
  if (!MakeExample(folder)) return;
  std::filesystem::remove(folder.PathOf("smtp.pass"));
  std::filesystem::remove(folder.PathOf("am-prod.token"));
  BOOST_TEST(folder.LoadMain().faults.size() == 2u);
  BOOST_TEST(folder.LoadMain({.secrets = Secrets::kSkip}).config.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
