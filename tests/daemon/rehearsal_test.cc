#include "daemon/ctl/rehearsal.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.h"
#include "daemon/make_settings.h"
#include "routing/labels.h"

namespace tocsin::ctl {
namespace {

using namespace std::chrono_literals;

constexpr const char* kFile = R"(
time_intervals:
  - name: office-hours
    time_intervals:
      - weekdays: ["monday:friday"]
        times: [{start_time: "09:00", end_time: "17:00"}]
providers: {console: {}}
sources:
  am: {kind: alertmanager, tokens: [a-token-of-the-source]}
users:
  ada:
    contact_methods: {console: {}, push: {provider: console}}
    notification_policies:
      default: [{notify: push}, {wait: 2m}, {notify: console}]
  bob:
    contact_methods: {console: {}}
    notification_policies: {default: [{notify: console}]}
escalation_chains:
  ladder: [{notify_users: [ada]}, {wait: 5m}, {notify_users: [bob]}]
  wheel: [{notify_users: [bob]}, {wait: 1h}, {repeat: {forever: true}}]
teams:
  ops: {direct_paging: {default: {escalation_chain: ladder}}}
  web: {direct_paging: {default: {escalation_chain: wheel}}}
route:
  name: root
  team: ops
  routes:
    - {name: day, matchers: [severity="low"],
       active_time_intervals: [office-hours]}
    - {name: sites, matchers: [site=~".+"], team: web}
)";

routing::Alert Firing(routing::LabelSet labels) {
  routing::Alert alert;
  alert.fingerprint = routing::Fingerprint(labels);
  alert.labels = std::move(labels);
  alert.starts_at = ParseRfc3339("2026-11-20T18:00:00Z").value();
  return alert;
}

// From a Friday evening on, unless told otherwise.
std::vector<RehearsedGroup> Of(std::vector<routing::Alert> alerts,
                               Stage stage = {}) {
  const auto loaded = config::LoadText("tocsin.yml", kFile);
  BOOST_REQUIRE(loaded.config.has_value());
  engine::WebhookPosted webhook{.source = "am", .payload = {}};
  webhook.payload.receiver = "tocsin";
  webhook.payload.group_key = "{}:{}";
  webhook.payload.alerts = std::move(alerts);
  stage.at = ParseRfc3339("2026-11-20T18:30:00Z").value();
  return Rehearse(daemon::MakeSettings(*loaded.config).value(), webhook, stage);
}

// "+5m notify bob by console (default), notification 1-3" and so on.
std::vector<std::string> Issued(const RehearsedGroup& group) {
  std::vector<std::string> lines;
  for (const paging::TimelineEntry& entry : group.timeline) {
    if (entry.kind != paging::TimelineKind::kNotificationIssued) continue;
    lines.push_back("+" + FormatDuration(entry.at - group.born.created_at) +
                    " " + entry.text.substr(0, entry.text.find(" (")));
  }
  return lines;
}

void Expect(const std::vector<std::string>& said,
            const std::vector<std::string>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(said.begin(), said.end(), expected.begin(),
                                expected.end());
}

bool Says(const RehearsedGroup& group, std::string_view text) {
  return std::any_of(group.timeline.begin(), group.timeline.end(),
                     [text](const paging::TimelineEntry& entry) {
                       return entry.text.find(text) != std::string::npos;
                     });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rehearsal)

BOOST_AUTO_TEST_CASE(people_are_told_in_order_with_their_own_policies) {
  const auto groups = Of({Firing({{"alertname", "DiskFull"}})});
  BOOST_REQUIRE_EQUAL(groups.size(), 1u);
  BOOST_TEST(groups[0].chain == "ladder");
  BOOST_TEST(groups[0].born.title == "DiskFull");
  Expect(Issued(groups[0]),
         {"+0s notify ada by push", "+2m notify ada by console",
          "+5m notify bob by console"});
  BOOST_TEST(Says(groups[0], "chain ladder is used up"));
  BOOST_TEST((groups[0].ending == Ending::kNothingMore));
}

BOOST_AUTO_TEST_CASE(nothing_is_said_to_have_arrived) {
  const auto groups = Of({Firing({{"alertname", "DiskFull"}})});
  BOOST_TEST(!Says(groups.at(0), "reached"));
}

BOOST_AUTO_TEST_CASE(a_webhook_for_two_teams_makes_two_groups) {
  const auto groups = Of({Firing({{"alertname", "DiskFull"}}),
                          Firing({{"alertname", "Down"}, {"site", "shop"}})});
  BOOST_REQUIRE_EQUAL(groups.size(), 2u);
  BOOST_TEST(groups[0].born.identity.team == "ops");
  BOOST_TEST(groups[1].born.identity.team == "web");
}

BOOST_AUTO_TEST_CASE(what_repeats_for_ever_is_cut_after_a_pass) {
  const auto groups = Of({Firing({{"alertname", "Down"}, {"site", "shop"}})});
  BOOST_TEST((groups.at(0).ending == Ending::kForEver));
  Expect(Issued(groups[0]),
         {"+0s notify bob by console", "+1h notify bob by console",
          "+2h notify bob by console"});
}

BOOST_AUTO_TEST_CASE(an_asked_length_is_told_to_its_end) {
  const auto groups = Of({Firing({{"alertname", "Down"}, {"site", "shop"}})},
                         {.at = {}, .length = 10h, .cut_repeats = false});
  BOOST_TEST((groups.at(0).ending == Ending::kGoesOn));
  BOOST_TEST(Issued(groups[0]).size() == 11u);
}

BOOST_AUTO_TEST_CASE(a_held_group_begins_when_its_hours_do) {
  const std::vector<routing::Alert> alerts = {
      Firing({{"alertname", "Slow"}, {"severity", "low"}})};
  const auto day = Of(alerts);
  BOOST_TEST(LifeName(day.at(0).born.life) == "held");
  BOOST_TEST(day[0].chain == "ladder");
  BOOST_TEST((day[0].ending == Ending::kGoesOn));
  Expect(Issued(day[0]), {});
  const auto weekend = Of(alerts, {.at = {}, .length = 72h});
  Expect(Issued(weekend.at(0)),
         {"+2d14h30m notify ada by push", "+2d14h32m notify ada by console",
          "+2d14h35m notify bob by console"});
}

BOOST_AUTO_TEST_CASE(the_end_of_what_was_never_told_makes_no_group) {
  routing::Alert over = Firing({{"alertname", "DiskFull"}});
  over.status = routing::AlertStatus::kResolved;
  BOOST_TEST(Of({over}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::ctl
