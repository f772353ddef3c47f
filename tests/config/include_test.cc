#include "config/include.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "folder.h"

namespace tocsin::config {
namespace {

namespace fs = std::filesystem;

// A main file that includes `patterns` and has a team of its own.
std::string Main(const std::string& patterns) {
  return "include: " + patterns +
         "\n"
         "providers: {console: }\n"
         "default_notification_policies: {default: [{notify: console}]}\n"
         "teams: {ops: {direct_paging: {default: {escalation_chain: all}}}}\n"
         "route: {team: ops}\n"
         "escalation_chains: {all: [{notify_users: [ada]}]}\n"
         "users: {ada: {contact_methods: {console: }}}\n";
}

std::string UserFile(const std::string& name) {
  return "users: {" + name + ": {contact_methods: {console: }}}\n";
}

BOOST_AUTO_TEST_SUITE(include)

BOOST_AUTO_TEST_CASE(users_teams_chains_and_schedules_come_from_many_files) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("[teams/*.yml, more.yml]"));
  folder.Write("teams/b.yml", UserFile("bob"));
  folder.Write("teams/a.yml",
               "teams: {web: {aliases: [www], members: [bob, cyd],\n"
               "  direct_paging: {default: {escalation_chain: web}}}}\n"
               "escalation_chains: {web: [{notify_team: www}]}\n");
  folder.Write("teams/ignored.yaml", "route: }");
  folder.Write("teams/.hidden.yml", "route: }");
  folder.Write("more.yml", UserFile("cyd"));
  BOOST_TEST(folder.Said() == "");
  const Config config = folder.LoadMain().config.value();
  const std::vector<std::string> files = {
      folder.PathOf("tocsin.yml"), folder.PathOf("teams/a.yml"),
      folder.PathOf("teams/b.yml"), folder.PathOf("more.yml")};
  BOOST_TEST(config.files == files, boost::test_tools::per_element());
  BOOST_TEST(config.roster.users.size() == 3u);
  const std::vector<std::string> members = {"bob", "cyd"};
  BOOST_TEST(config.roster.teams.at("web").members == members);
}

BOOST_AUTO_TEST_CASE(each_fault_carries_its_file_the_main_one_first) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("[b.yml, a.yml]") + "tokens: {x: 1}\n");
  folder.Write("a.yml", "teams: {web: {memberz: []}}\n");
  folder.Write("b.yml", "teams:\n  data: {members: [nobody]}\n");
  BOOST_TEST(folder.Said() ==
             "tocsin.yml:8:13: tokens.x: must be a mapping, but is a single "
             "value\n"
             "b.yml:2:20: teams.data.members[0]: no user is named \"nobody\"\n"
             "a.yml:1:15: teams.web.memberz: \"memberz\" is not a key this "
             "version knows, did you mean \"members\"?\n");
}

BOOST_AUTO_TEST_CASE(a_name_in_two_files_is_a_fault_that_tells_the_other) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("[a.yml, b.yml]"));
  folder.Write("a.yml", "\n" + UserFile("bob"));
  folder.Write("b.yml", "users: {ada: , cyd: , bob: {aliases: [x]}}\n");
  BOOST_TEST(
      folder.Said() ==
      "b.yml:1:9: users.ada: the name \"ada\" is given in two files, first in "
      "tocsin.yml:7\n"
      "b.yml:1:23: users.bob: the name \"bob\" is given in two files, first "
      "in a.yml:2\n");
}

BOOST_AUTO_TEST_CASE(only_what_teams_own_may_stand_in_an_included_file) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("[a.yml]"));
  folder.Write("a.yml",
               "include: [b.yml]\nroute: {team: x}\nuserz: {}\nteams: {}\n");
  BOOST_TEST(folder.Said() ==
             "a.yml:1:1: include: the key \"include\" belongs into the main "
             "file\n"
             "a.yml:2:1: route: the key \"route\" belongs into the main file\n"
             "a.yml:3:1: userz: \"userz\" is not a key this version knows, did "
             "you mean \"users\"?\n");
}

BOOST_AUTO_TEST_CASE(a_pattern_that_matches_nothing_is_said) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("[absent.yml, 'teams/*.yml', '**/a.yml']"));
  BOOST_TEST(folder.Said() ==
             "tocsin.yml:1:11: include[0]: no file is named \"absent.yml\"\n"
             "tocsin.yml:1:38: include[2]: ** is not used in patterns: write "
             "one * for each folder\n"
             "warning: tocsin.yml:1:23: include[1]: no file is named like "
             "\"teams/*.yml\"\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_several_patterns_lead_to_is_read_once) {
  const Folder folder;
  folder.Write("tocsin.yml",
               Main("[a/bob.yml, a/*.yml, 'x/../a/b*', a/link.yml]"));
  folder.Write("a/bob.yml", UserFile("bob"));
  folder.Write("x/y", "");
  fs::create_symlink("bob.yml", folder.path() / "a/link.yml");
  BOOST_TEST(folder.Said() == "");
  BOOST_TEST(folder.LoadMain().config.value().files.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_file_does_not_include_itself) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("['*.yml']"));
  BOOST_TEST(folder.Said() ==
             "tocsin.yml:1:11: include[0]: \"*.yml\" leads to this file "
             "itself\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_readable_file_is_a_fault_and_no_hang) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("['d/*']"));
  folder.Write("d/a folder/x", "");
  folder.Write("d/empty", "");
  folder.Write("d/large", std::string(kMaxFileBytes + 1, '#'));
  BOOST_REQUIRE_EQUAL(mkfifo(folder.PathOf("d/pipe").c_str(), 0600), 0);
  fs::create_symlink("loop", folder.path() / "d/loop");
  fs::create_symlink("nowhere", folder.path() / "d/nowhere");
  BOOST_TEST(folder.Said() ==
             "d/a folder: cannot be read: it is not a regular file\n"
             "d/empty: the file is empty\n"
             "d/large: the file is larger than 16777216 bytes\n"
             "d/loop: cannot be read: Too many levels of symbolic links\n"
             "d/nowhere: cannot be read: Too many levels of symbolic links\n"
             "d/pipe: cannot be read: it is not a regular file\n");
}

BOOST_AUTO_TEST_CASE(names_of_a_broken_file_are_not_missed_elsewhere) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("[a.yml]") + "tokens: {x: {user: bob}}\n");
  folder.Write("a.yml", "users: {bob: {}\n");
  const std::string said = folder.Said();
  BOOST_TEST(said.find("no user") == std::string::npos, said);
  BOOST_TEST(
      said.find("a.yml:2:1: the YAML is broken here") != std::string::npos,
      said);
}

BOOST_AUTO_TEST_CASE(too_many_files_are_not_read) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("['d/*']"));
  for (std::size_t i = 0; i <= kMaxIncludes; ++i) {
    folder.Write("d/" + std::to_string(i), "users: {}");
  }
  BOOST_TEST(folder.Said() ==
             "tocsin.yml:1:11: include[0]: leads to more than 1000 files\n");
}

BOOST_AUTO_TEST_CASE(too_many_bytes_together_are_a_fault) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("['d/*']"));
  const std::string large =
      "users: {}\n#" + std::string(kMaxFileBytes - 11, 'x');
  for (const char* name : {"a", "b", "c", "d"}) {
    folder.Write("d/" + std::string(name), large);
  }
  BOOST_TEST(folder.Said() ==
             "tocsin.yml:1:10: include: all files together are larger than "
             "67108864 bytes\n");
}

BOOST_AUTO_TEST_CASE(the_hash_tells_the_bytes_of_all_files) {
  const Folder folder;
  folder.Write("tocsin.yml", Main("[a.yml, b.yml]"));
  folder.Write("a.yml", "users: {}\n#");
  folder.Write("b.yml", "users: {}\n");
  const std::string hash = folder.LoadMain().config.value().hash;
  BOOST_TEST(folder.LoadMain().config.value().hash == hash);
  folder.Write("a.yml", "users: {}\n");
  const std::string shorter = folder.LoadMain().config.value().hash;
  folder.Write("b.yml", "#users: {}\nusers: {}\n");
  const std::string moved = folder.LoadMain().config.value().hash;
  BOOST_TEST(shorter != hash);
  BOOST_TEST(moved != hash);
  BOOST_TEST(moved != shorter);
}

BOOST_AUTO_TEST_CASE(the_names_of_a_file_that_is_missing_are_no_faults_too) {
  const Folder folder;
  folder.Write("tocsin.yml",
               "include: [nope.yml]\nroute: {team: web, escalation_chain: c}\n"
               "teams: {t: {members: [ada]}}\n");
  BOOST_TEST(folder.Said() ==
             "tocsin.yml:1:11: include[0]: no file is named \"nope.yml\"\n");
}

BOOST_AUTO_TEST_CASE(a_line_break_in_the_name_of_a_file_breaks_no_line) {
  const Folder folder;
  folder.Write("tocsin.yml", "include: ['d/*.yml']\nroute: {team: web}\n");
  folder.Write("d/a\nb.yml", "teams: {web: [}\n");
  BOOST_TEST(folder.Said().starts_with("d/a\\x0ab.yml:1:15: "));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
