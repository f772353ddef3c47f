#include "config/load.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "folder.h"
#include "routing/route.h"

namespace tocsin::config {
namespace {

const char* const kWhole = R"(
global: {external_url: "https://tocsin.example.org/pager//"}
storage: {sqlite: {path: data/tocsin.db}}
providers:
  console:
  push:
    kind: webhook
    url: https://push.example.org/v1
    bearer_token: push-secret
    headers: {X-Team: web}
sources:
  am: {kind: alertmanager, tokens: [source-one, source-two]}
default_notification_policies:
  default: [{notify: push}]
users:
  ada:
    role: admin
    contact_methods:
      push: {address: ada-1, verified: true}
      log: {provider: console}
  bob: {contact_methods: {push: }}
escalation_chains:
  web:
    - notify_users: [ada]
      label: start
    - {wait: 5m, label: pause}
    - {notify_users: [bob, ada], importance: important}
    - repeat: {from: pause, times: 3}
    - repeat: {forever: true}
teams:
  web:
    contact: "#web"
    members: [ada, bob]
    direct_paging: {default: {escalation_chain: web}}
route:
  name: root
  team: web
  group_by: [alertname]
  routes:
    - matchers: ['severity=~"page|ticket"', 'a="b", c!="d"']
      match: {team: web, owner: ""}
      match_re: {zone: eu-.*}
      important: true
      continue: true
    - {name: quiet, match: {noise: "yes"}, discard: true, escalation_chain: none, group_by: []}
tokens:
  laptop: {user: ada, token: api-secret}
  board: {role: viewer, token_sha256: ABCDEFabcdef0123456789abcdefabcdefabcdefabcdefabcdefabcdefabcdef}
  bob-low: {user: bob, role: viewer, token: other-secret}
)";

LoadResult LoadWhole() { return LoadText("conf/tocsin.yml", kWhole); }

Config Whole() {
  LoadResult result = LoadWhole();
  for (const Fault& fault : result.faults) {
    BOOST_TEST_MESSAGE(FaultText(fault));
  }
  BOOST_REQUIRE(result.config.has_value());
  BOOST_TEST(result.warnings.empty());
  return *result.config;
}

BOOST_AUTO_TEST_SUITE(load)

BOOST_AUTO_TEST_CASE(paths_count_from_the_file_and_urls_end_without_a_slash) {
  const Config config = Whole();
  BOOST_TEST(config.external_url == "https://tocsin.example.org/pager");
  BOOST_TEST(config.storage_path == "conf/data/tocsin.db");
}

BOOST_AUTO_TEST_CASE(the_database_stands_beside_the_file_by_default) {
  const auto path_of = [](const char* file) {
    return LoadText(file, "{teams: {a: }, route: {team: a}}")
        .config.value()
        .storage_path;
  };
  BOOST_TEST(path_of("/etc/tocsin/tocsin.yml") == "/etc/tocsin/tocsin.db");
  BOOST_TEST(path_of("tocsin.yml") == "tocsin.db");
}

BOOST_AUTO_TEST_CASE(providers_and_addresses_are_read) {
  const Config config = Whole();
  BOOST_REQUIRE_EQUAL(config.providers.size(), 2u);
  BOOST_TEST((config.providers[0].kind == ProviderKind::kConsole));
  const Provider& push = config.providers[1];
  BOOST_TEST((push.kind == ProviderKind::kWebhook));
  BOOST_TEST(push.url == "https://push.example.org/v1");
  BOOST_TEST(push.bearer_token.Reveal() == "push-secret");
  BOOST_TEST(push.headers.at("X-Team") == "web");
  const auto& ada = config.addresses.at("ada");
  BOOST_TEST(ada.at("push").address == "ada-1");
  BOOST_TEST(ada.at("push").verified);
  BOOST_TEST(ada.at("log").provider == "console");
  BOOST_TEST(ada.at("log").address == "ada");
  BOOST_TEST(config.addresses.at("bob").at("push").provider == "push");
}

BOOST_AUTO_TEST_CASE(doors_are_read) {
  const Config config = Whole();
  BOOST_REQUIRE_EQUAL(config.sources.size(), 1u);
  BOOST_TEST(config.sources[0].name == "am");
  BOOST_TEST(config.sources[0].tokens.at(1).Reveal() == "source-two");
  BOOST_REQUIRE_EQUAL(config.tokens.size(), 3u);
  BOOST_TEST(config.tokens[0].user == "ada");
  BOOST_TEST((config.tokens[0].role == Role::kAdmin));
  BOOST_TEST(config.tokens[0].token.Reveal() == "api-secret");
  BOOST_TEST(config.tokens[1].user.empty());
  BOOST_TEST(config.tokens[1].token_sha256.substr(0, 12) == "abcdefabcdef");
  BOOST_TEST((config.tokens[2].role == Role::kViewer));
  BOOST_TEST((config.roles.at("bob") == Role::kResponder));
}

BOOST_AUTO_TEST_CASE(chains_and_teams_are_read) {
  using paging::Importance;
  using paging::Step;
  using std::chrono::minutes;
  const Config config = Whole();
  const std::vector<Step> expected = {
      paging::NotifyUsers{{"ada"}, {}}, paging::Wait{minutes(5)},
      paging::NotifyUsers{{"bob", "ada"}, Importance::kImportant},
      paging::Repeat{1, 3u}, paging::Repeat{0, {}}};
  BOOST_TEST((config.roster.chains.at("web").steps == expected));
  const paging::Team& team = config.roster.teams.at("web");
  BOOST_TEST(team.standard.value().chain.value() == "web");
  BOOST_TEST(!team.important.has_value());
  BOOST_TEST(team.members.size() == 2u);
  BOOST_TEST(config.teams.at("web").contact == "#web");
}

BOOST_AUTO_TEST_CASE(the_tree_is_read) {
  const Config config = Whole();
  const routing::RouteSpec& root = config.route;
  BOOST_TEST(root.name == "root");
  BOOST_TEST(root.group_by.value().at(0) == "alertname");
  BOOST_REQUIRE_EQUAL(root.routes.size(), 2u);
  BOOST_TEST(root.routes[0].matchers.size() == 6u);
  BOOST_TEST(root.routes[0].important.value());
  BOOST_TEST(root.routes[0].continue_matching);
  BOOST_TEST(!root.routes[0].group_by.has_value());
  BOOST_TEST(root.routes[1].discard);
  BOOST_TEST(root.routes[1].group_by.value().empty());
  BOOST_TEST(root.routes[1].escalation_chain.value() == "none");
  BOOST_TEST(routing::Tree::Build(root).ok());
}

BOOST_AUTO_TEST_CASE(one_file_is_all_the_files) {
  const std::vector<std::string> files = {"conf/tocsin.yml"};
  BOOST_TEST(Whole().files == files);
}

BOOST_AUTO_TEST_CASE(the_hash_tells_every_byte) {
  const std::string hash = Whole().hash;
  BOOST_TEST(hash.size() == 16u);
  BOOST_TEST(Whole().hash == hash);
  const LoadResult other =
      LoadText("conf/tocsin.yml", std::string(kWhole) + "\n");
  BOOST_TEST(other.config.value().hash != hash);
}

BOOST_AUTO_TEST_CASE(a_secret_is_never_in_a_fault) {
  std::string text = kWhole;
  text += "  e: {role: viewer, token: api-secret}\n";
  text += "  f: {user: ada, token: api-secret, token_file: source-one}\n";
  const LoadResult result = LoadText("tocsin.yml", text);
  BOOST_TEST(result.faults.size() == 2u);
  for (const Fault& fault : result.faults) {
    BOOST_TEST(FaultText(fault).find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_a_fault) {
  const LoadResult absent = Load("tests/testdata/config/absent.yml");
  BOOST_TEST(!absent.config.has_value());
  BOOST_REQUIRE_EQUAL(absent.faults.size(), 1u);
  BOOST_TEST(FaultText(absent.faults[0]) ==
             "tests/testdata/config/absent.yml: cannot be read: No such file "
             "or directory");
  BOOST_REQUIRE_EQUAL(Load("tests/testdata/config").faults.size(), 1u);
  BOOST_TEST(Load("tests/testdata/config").faults[0].message ==
             "cannot be read: it is not a regular file");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_too_large_is_not_parsed) {
  const std::string large(kMaxFileBytes + 1, '[');
  const LoadResult result = LoadText("tocsin.yml", large);
  BOOST_REQUIRE_EQUAL(result.faults.size(), 1u);
  BOOST_TEST(result.faults[0].message ==
             "the file is larger than 16777216 bytes");
}

BOOST_AUTO_TEST_CASE(a_pipe_without_a_writer_is_not_waited_for) {
  const Folder folder;
  const std::string pipe = folder.PathOf("tocsin.yml");
  BOOST_REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  BOOST_TEST(folder.Said() ==
             "tocsin.yml: cannot be read: it is not a regular file\n");
  std::thread writer(
      [&] { std::ofstream(pipe) << "teams: {web: }\nroute: {team: web}\n"; });
  const LoadResult result =
      folder.LoadMain({.wait_for_pipes = true, .keep_documents = true});
  writer.join();
  BOOST_TEST(result.config.has_value());
  BOOST_TEST(result.documents.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_length_that_is_too_long_is_not_called_something_else) {
  for (const char* length :
       {"1000y", "293y", "106752d", "99999999999999999999s"}) {
    const LoadResult result =
        LoadText("t", "global: {retention: " + std::string(length) +
                          "}\nteams: {web: }\nroute: {team: web}\n");
    BOOST_REQUIRE_EQUAL(result.faults.size(), 1U);
    BOOST_TEST(FaultText(result.faults[0]) ==
               "t:1:21: global.retention: is too long: less than 292y is "
               "allowed");
  }
}

// Each of them is looked up, not searched for.
BOOST_AUTO_TEST_CASE(fifty_thousand_webhooks_are_found) {
  std::string providers = "providers:\n";
  std::string steps = "escalation_chains:\n  c:\n";
  for (int i = 0; i < 50'000; ++i) {
    const std::string name = "w" + std::to_string(i);
    providers += "  " + name + ": {kind: webhook, url: 'http://h'}\n";
    steps += "  - webhook: " + name + "\n";
  }
  const LoadResult result = LoadText(
      "t", providers + steps +
               "teams: {web: {direct_paging: {default: {escalation_chain: "
               "c}}}}\nroute: {team: web}\n");
  BOOST_REQUIRE(result.config.has_value());
  BOOST_TEST(result.config->roster.chains.at("c").steps.size() == 50'000U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
