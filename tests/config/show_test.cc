#include "config/show.h"

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <string>
#include <string_view>

#include "config/document.h"
#include "config/emit.h"
#include "tests/config/folder.h"

namespace tocsin::config {
namespace {

// "hidden" stands in every place that may hold a secret, and nowhere else.
const char* const kMain = R"(# nobody sees hidden comments
global: {external_url: "https://hidden:hidden@tocsin.example.org/pager"}
include: [teams/*.yml]
providers:
  console:
  push:
    kind: webhook
    url: "https://push.example.org:8443/hidden/{{ address }}"
    bearer_token: hidden-1
    headers: {X-Key: hidden-2}
  plain: {kind: webhook, url: "http://plain.example.org/"}
  query: {kind: webhook, url: "https://query.example.org?key=hidden"}
  log-in: {kind: webhook, url: "https://hidden:hidden@log-in.example.org"}
  file: {kind: webhook, url: "https://file.example.org", bearer_token_file: key}
  email:
    smarthost: smtp.example.org:587
    from: pager@example.org
    username: pager
    password: hidden-3
  slack:
    bot_token: hidden-4
    signing_secret: hidden-5
    api_url: https://slack.example.org/hidden
sources:
  am: {kind: alertmanager, tokens: [hidden-6, hidden-7]}
users:
  ada: {role: admin}
schedules:
  away: {ical: {url: "https://cal.example.org/hidden.ics"}}
escalation_chains:
  ladder: [{wait: 5m}]
teams:
  web: {contact: "#web, \"the\" web"}
route:
  team: web
  routes:
    - {matchers: ['a="true"', b=~"1"], match: {c: "true"}, important: true}
tokens:
  robot: {role: viewer, token: hidden-8}
  hashed:
    role: admin
    token_sha256: 5b3d8f0f6e1c0a9d7c5e2143a6b7c8d9e0f1a2b3c4d5e6f70819203b8f5a1c0d
)";

const char* const kIncluded = R"(
users:
  bob: {aliases: ["7"]}
schedules:
  home: {ical: {file: home.ics}}
  work: {ical: {file: /var/work.ics}}
teams:
  ops:
)";

const char* const kShown = R"(global:
  external_url: "https://tocsin.example.org/pager"
providers:
  console: ~
  push:
    kind: webhook
    url: "https://push.example.org:8443/<secret>"
    bearer_token: "<secret>"
    headers:
      X-Key: "<secret>"
  plain:
    kind: webhook
    url: "http://plain.example.org"
  query:
    kind: webhook
    url: "https://query.example.org/<secret>"
  log-in:
    kind: webhook
    url: "https://log-in.example.org/<secret>"
  file:
    kind: webhook
    url: "https://file.example.org"
    bearer_token_file: key
  email:
    smarthost: smtp.example.org:587
    from: pager@example.org
    username: pager
    password: "<secret>"
  slack:
    bot_token: "<secret>"
    signing_secret: "<secret>"
    api_url: "https://slack.example.org/<secret>"
sources:
  am:
    kind: alertmanager
    tokens: ["<secret>", "<secret>"]
users:
  ada:
    role: admin
  bob:
    aliases: ["7"]
schedules:
  away:
    ical:
      url: "https://cal.example.org/<secret>"
  home:
    ical:
      file: "teams/home.ics"
  work:
    ical:
      file: "/var/work.ics"
escalation_chains:
  ladder:
    - wait: 5m
teams:
  web:
    contact: "#web, \"the\" web"
  ops: ~
route:
  team: web
  routes:
    - matchers: ["a=\"true\"", b=~"1"]
      match:
        c: "true"
      important: true
tokens:
  robot:
    role: viewer
    token: "<secret>"
  hashed:
    role: admin
    token_sha256: "<secret>"
)";

// Puts another 64 hex digits in the place of each shown secret: that is a
// token, a hash and a part of a URL.
std::string WithSecrets(std::string shown) {
  int count = 0;
  for (std::size_t at = shown.find(kShownSecret); at != std::string::npos;
       at = shown.find(kShownSecret)) {
    char digits[65];
    std::snprintf(digits, sizeof digits, "%064x", ++count);
    shown.replace(at, std::string_view(kShownSecret).size(), digits);
  }
  return shown;
}

struct Shown : Folder {
  Shown() {
    Write("key", "hidden-9");
    Write("teams/a.yml", kIncluded);
    Write("tocsin.yml", kMain);
  }

  std::string Show() const {
    const LoadResult loaded = LoadMain({.keep_documents = true});
    BOOST_REQUIRE_MESSAGE(loaded.config.has_value(), Said());
    return config::Show(*loaded.config, loaded.documents);
  }
};

BOOST_AUTO_TEST_SUITE(show)

BOOST_FIXTURE_TEST_CASE(all_files_are_one_and_no_secret_is_in_it, Shown) {
  BOOST_TEST(Show() == kShown);
}

BOOST_FIXTURE_TEST_CASE(what_is_shown_loads_and_is_shown_alike, Shown) {
  const std::string shown = Show();
  Write("tocsin.yml", WithSecrets(shown));
  BOOST_TEST(Show() == shown);
}

BOOST_FIXTURE_TEST_CASE(a_log_in_that_breaks_the_url_is_not_taken_for_a_host,
                        Shown) {
  Write("tocsin.yml",
        "providers:\n"
        "  a: {kind: webhook, url: \"https://me:hid/den@a.example.org/\"}\n"
        "teams: {web: }\nroute: {team: web}\n");
  BOOST_TEST(Show().find("url: \"https://<secret>\"\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_key_there_is_is_shown_without_its_secrets) {
  const LoadResult loaded = Load("tests/testdata/config/good/every_key.yml",
                                 {.keep_documents = true});
  BOOST_REQUIRE(loaded.config.has_value());
  const std::string shown = config::Show(*loaded.config, loaded.documents);
  for (const char* secret : {"literal-", "held-in-file", "/secret/", "0123456",
                             "/api", "{{ address }}"}) {
    BOOST_TEST(shown.find(secret) == std::string::npos, secret);
  }
}

BOOST_FIXTURE_TEST_CASE(no_warning_has_a_secret, Shown) {
  BOOST_TEST(Said().find("warning: ") != std::string::npos);
  BOOST_TEST(Said().find("hidden") == std::string::npos, Said());
}

// The same secrets, all of them in places where something is wrong.
BOOST_FIXTURE_TEST_CASE(no_fault_has_a_secret, Shown) {
  Write("two_lines", "hidden\nhidden");
  Write("tocsin.yml", R"(
global: {external_url: "ftp://hidden@example.org"}
providers:
  a: {kind: webhook, url: "hidden.example.org", bearer_token: [hidden]}
  b: {kind: webhook, url: "https://{{ hidden }}", bearer_token: "hidden\n"}
  c: {kind: webhook, url: "https://c", headers: {X: ["hidden"], Y: "hidden\n"}}
  d: {kind: webhook, url: "https://d", bearer_token: hidden, bearer_token_file: x}
  e: {kind: webhook, url: "https://e", bearer_token_file: two_lines}
  f: {kind: email, smarthost: "x:1", from: a@b, password: hidden}
  g: {kind: slack, bot_token: "$hidden", signing_secret: "${hidden}"}
  h: {kind: slack, bot_token: {hidden: hidden}, api_url: "x://hidden"}
sources:
  am: {kind: alertmanager, tokens: [hid/hidden, hidden, hidden]}
  an: {kind: alertmanager, tokens: [hidden, "hidden\n"]}
schedules:
  away: {ical: {url: "webcal://cal.example.org/hidden.ics"}}
teams: {web: }
route: {team: web}
tokens:
  one: {role: viewer, token: hidden, token_sha256: hidden}
  two: {role: viewer, token: hidden-2}
  three: {role: viewer, token: hidden-2}
  four: {role: viewer, token_sha256: hidden}
  five: {role: viewer, token: [hidden]}
)");
  BOOST_TEST(LoadMain().faults.size() >= 20U, Said());
  BOOST_TEST(Said().find("hidden") == std::string::npos, Said());
}

BOOST_FIXTURE_TEST_CASE(what_was_checked_is_shown_also_when_it_has_gone,
                        Shown) {
  const LoadResult loaded = LoadMain({.keep_documents = true});
  BOOST_REQUIRE(loaded.config.has_value());
  Write("teams/a.yml", "[");
  BOOST_TEST(config::Show(*loaded.config, loaded.documents) == kShown);
}

BOOST_AUTO_TEST_CASE(a_document_stays_the_same_when_it_is_written) {
  for (const char* text :
       {"a: b\n", "\"a b\": 'true'\n", "a: true\n", "- - a\n  - b: {}\n- []\n",
        "a: \"- b\"\n", "a: b # c\n", "'#a': '# b'\n",
        "a: \"x\\ty\\u00e9\\\\\"\n", "a: &x [b, {c: ~}]\nd: *x\n",
        "a: 'it''s: {here}'\n", "a: ' b '\n", "a: >\n  folded\n  text\n",
        "a: 0123\nb: 1e3\n", "? a\n: - b\n"}) {
    Report report("a.yml");
    const NodePtr first = ParseDocument(text, report);
    BOOST_REQUIRE(first != nullptr);
    const std::string written = EmitDocument(*first);
    const NodePtr second = ParseDocument(written, report);
    BOOST_TEST_REQUIRE((second != nullptr), written);
    BOOST_TEST(EmitDocument(*second) == written, written);
    BOOST_TEST(second->size == first->size, written);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
