#include "config/secrets.h"

#include <stdlib.h>

#include <boost/test/unit_test.hpp>
#include <string>

#include "folder.h"

namespace tocsin::config {
namespace {

// A team and a route that say nothing, before `rest`.
std::string Main(const std::string& rest) {
  return "teams: {web: {}}\nroute: {team: web, discard: true}\n" + rest + "\n";
}

std::string Push(const std::string& secret) {
  return Main("providers: {push: {kind: webhook, url: 'http://p', " + secret +
              "}}");
}

// Sets the variable that systemd sets, and takes it back.
class Credentials {
 public:
  explicit Credentials(const std::string& folder) {
    setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
  }
  ~Credentials() { unsetenv("CREDENTIALS_DIRECTORY"); }
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;
};

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(a_secret_is_the_trimmed_content_of_its_file) {
  const Folder folder;
  folder.Write("conf/push.token", "  hush hush\r\n\n");
  folder.Write("tocsin.yml", Push("bearer_token_file: conf/push.token"));
  BOOST_TEST(folder.Said() == "");
  const Config config = folder.LoadMain().config.value();
  BOOST_TEST(config.providers.at(0).bearer_token.Reveal() == "hush hush");
}

BOOST_AUTO_TEST_CASE(a_credential_of_systemd_is_a_file_in_its_folder) {
  const Folder folder;
  folder.Write("given/push", "from-systemd\n");
  folder.Write("tocsin.yml", Push("bearer_token_file: credential:push"));
  const Credentials credentials(folder.PathOf("given"));
  BOOST_TEST(folder.Said() == "");
  const Config config = folder.LoadMain().config.value();
  BOOST_TEST(config.providers.at(0).bearer_token.Reveal() == "from-systemd");
}

BOOST_AUTO_TEST_CASE(a_credential_that_systemd_did_not_give_is_a_fault) {
  const Folder folder;
  folder.Write("tocsin.yml", Push("bearer_token_file: credential:push"));
  const std::string place =
      "tocsin.yml:3:71: providers.push.bearer_token_file: ";
  BOOST_TEST(folder.Said() ==
             place +
                 "the credential \"push\" is not there: systemd has set no "
                 "CREDENTIALS_DIRECTORY (LoadCredential= in the unit)\n");
  const Credentials credentials(folder.path().string());
  BOOST_TEST(folder.Said() == place + "cannot read the secret file \"" +
                                  "push" + "\": No such file or directory\n");
  folder.Write("tocsin.yml", Push("bearer_token_file: credential:../push"));
  BOOST_TEST(folder.Said() ==
             place + "\"../push\" cannot be the name of a credential\n");
}

BOOST_AUTO_TEST_CASE(a_variable_of_the_environment_is_refused) {
  const Folder folder;
  for (const char* text : {"$HOME", "${HOME}"}) {
    for (const char* key : {"bearer_token", "bearer_token_file"}) {
      folder.Write("tocsin.yml", Push(std::string(key) + ": \"" + text + "\""));
      const std::string said = folder.Said();
      BOOST_TEST(
          said.find(": is a variable of the environment") != std::string::npos,
          said);
      BOOST_TEST(said.find("HOME") == std::string::npos, said);
    }
  }
  folder.Write("tocsin.yml", Push("headers: {X-Key: $KEY}"));
  BOOST_TEST(folder.LoadMain().faults.size() == 1u);
  folder.Write("tocsin.yml", Push("bearer_token: \"$5-a-day\""));
  BOOST_TEST(folder.Said() == "");
}

BOOST_AUTO_TEST_CASE(without_secrets_no_secret_file_is_opened) {
  const Folder folder;
  folder.Write("tocsin.yml",
               Push("bearer_token_file: credential:absent") +
                   "sources:\n"
                   "  a: {kind: alertmanager, token_files: [absent, gone]}\n"
                   "  b: {kind: alertmanager, token_files: [absent]}\n"
                   "tokens:\n"
                   "  c: {role: viewer, token_file: absent}\n"
                   "  d: {role: viewer, token_file: absent}\n");
  const LoadOptions options{.secrets = Secrets::kSkip};
  BOOST_TEST(folder.Said(options) == "");
  const Config config = folder.LoadMain(options).config.value();
  BOOST_TEST(config.sources.size() == 2u);
  BOOST_TEST(config.sources[0].tokens.empty());
  BOOST_TEST(config.tokens.at(0).token.empty());
  BOOST_TEST(folder.LoadMain().faults.size() == 6u);
}

BOOST_AUTO_TEST_CASE(secrets_of_an_included_file_count_from_its_folder) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("include: [teams/*.yml]"));
  folder.Write("teams/a.yml",
               "schedules: {s: {ical: {file: cal.ics, refresh: 1h}}}\n");
  const LoadResult result = folder.LoadMain();
  BOOST_TEST(folder.Said().find("warning: teams/a.yml:1:13: schedules.s: ") ==
             0u);
  BOOST_TEST(result.config.value().schedules.at("s").calendar.value().path ==
             folder.PathOf("teams/cal.ics"));
}

BOOST_AUTO_TEST_CASE(no_token_opens_two_doors) {
  const Folder folder;
  folder.Write(
      "tocsin.yml",
      Main("sources:\n"
           "  a: {kind: alertmanager, tokens: [abc, abc]}\n"
           "  b: {kind: alertmanager, tokens: [abc, b]}\n"
           "tokens:\n"
           "  c: {role: viewer, token: b}\n"
           "  d: {role: viewer, token: d}\n"
           "  e: {role: viewer, token: d}\n"
           "  f: {role: viewer, token_sha256: "  // of "abc"
           "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
           "}\n"));
  BOOST_TEST(folder.Said() ==
             "tocsin.yml:4:41: sources.a.tokens[1]: the source has this token "
             "twice\n"
             "tocsin.yml:5:36: sources.b.tokens[0]: the source \"a\" has the "
             "same token\n"
             "tocsin.yml:7:3: tokens.c: the source \"b\" has the same token\n"
             "tocsin.yml:9:3: tokens.e: the token \"d\" is the same\n"
             "tocsin.yml:10:3: tokens.f: the source \"a\" has the same "
             "token\n");
}

BOOST_AUTO_TEST_CASE(what_an_editor_adds_to_a_secret_is_a_fault) {
  const Folder folder;
  folder.Write("tocsin.yml", Push("bearer_token_file: s"));
  const auto said = [&folder](const std::string& content) {
    folder.Write("s", content);
    const std::string text = folder.Said();
    return text.substr(text.rfind('"') + 1);
  };
  BOOST_TEST(said("\xEF\xBB\xBFtoken\n") ==
             " begins with a byte order mark: write it without\n");
  BOOST_TEST(said("tok\xE9n\n") == " is not UTF-8 text\n");
  BOOST_TEST(said(std::string("tok\0en", 6)) == " has a control character\n");
  BOOST_TEST(said("one\ntwo\n") == " has more than one line of text\n");
  BOOST_TEST(said("t\xC3\xA9") == "");
}

BOOST_AUTO_TEST_CASE(the_name_of_a_credential_is_checked_without_secrets_too) {
  const Folder folder;
  folder.Write("tocsin.yml", Push("bearer_token_file: credential:a/b"));
  BOOST_TEST(folder.Said({.secrets = Secrets::kSkip}) ==
             "tocsin.yml:3:71: providers.push.bearer_token_file: \"a/b\" "
             "cannot be the name of a credential\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
