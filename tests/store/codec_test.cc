#include "store/codec.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "store/row_key.h"
#include "tests/contract/samples.h"

namespace tocsin::store {
namespace {

using contract::At;

BOOST_AUTO_TEST_SUITE(codec)

// Field by field, so that one which the codec forgets is missed here.
BOOST_AUTO_TEST_CASE(a_group_comes_back_in_every_field) {
  const paging::AlertGroup group = contract::SampleGroup(3);
  const auto decoded = DecodeGroup(group.id, EncodeGroup(group));
  BOOST_TEST_REQUIRE(decoded.ok());
  const paging::AlertGroup& back = decoded.value();
  BOOST_TEST(back.id.value() == 3);
  BOOST_TEST((back.identity == group.identity));
  BOOST_TEST(back.route_name == group.route_name);
  BOOST_TEST(back.title == group.title);
  BOOST_TEST(back.summary == group.summary);
  BOOST_TEST(back.severity == group.severity);
  BOOST_TEST((back.importance == group.importance));
  BOOST_TEST((back.created_at == group.created_at));
  BOOST_TEST((back.last_turn == group.last_turn));
  BOOST_TEST((back.first_delivered_at == group.first_delivered_at));
  BOOST_TEST(back.last_sequence == group.last_sequence);
  BOOST_TEST(back.timeline_length == group.timeline_length);
  BOOST_TEST(back.contents_chunks == group.contents_chunks);
  BOOST_TEST_REQUIRE(back.alerts.size() == 2u);
  BOOST_TEST(back.alerts[1].fingerprint == 31u);
  BOOST_TEST((back.alerts[1].status == routing::AlertStatus::kResolved));
  BOOST_TEST((back.alerts[1].starts_at == At(-5)));
  BOOST_TEST((back.alerts[1].last_seen == At(4)));
  BOOST_TEST(back.alerts[0].contents == 0xffff'ffff'ffff'fffe);
}

BOOST_AUTO_TEST_CASE(an_escalation_comes_back_in_every_field) {
  const paging::AlertGroup group = contract::SampleGroup(3);
  const auto back = DecodeGroup(group.id, EncodeGroup(group)).value();
  const auto& escalation = *std::get<paging::Firing>(back.life).escalation;
  BOOST_TEST(escalation.snapshot == "c0ffee");
  BOOST_TEST(escalation.next_step == 2u);
  BOOST_TEST((escalation.due == At(60)));
  BOOST_TEST((escalation.pause == paging::Pause::kUntilDue));
  BOOST_TEST(escalation.sought);
  BOOST_TEST(escalation.finished);
  BOOST_TEST(escalation.skipped_wait);
  BOOST_TEST(
      (escalation.repeated == std::vector<std::uint32_t>{0, 4'000'000'000}));
  BOOST_TEST((escalation.last_run ==
              std::vector<std::optional<Instant>>{At(1), std::nullopt}));
  BOOST_TEST((escalation.notified == std::vector<std::string>{"ada", "bob"}));
  BOOST_TEST_REQUIRE(escalation.called_for.has_value());
  BOOST_TEST(escalation.called_for->team == "web");
  BOOST_TEST_REQUIRE(escalation.callers.size() == 1u);
  BOOST_TEST(escalation.callers[0].next_step == 1u);
  BOOST_TEST(escalation.callers[0].repeated.size() == 1u);
  BOOST_TEST((escalation.callers[0].last_run.front() == At(7)));
  BOOST_TEST(!escalation.callers[0].called_for.has_value());
  BOOST_TEST_REQUIRE(escalation.past_calls.size() == 1u);
  BOOST_TEST((escalation.past_calls[0].last_step == At(8)));
  BOOST_TEST((back.episodes->at == std::vector<Instant>{At(1), At(4)}));
}

BOOST_AUTO_TEST_CASE(an_unattended_group_comes_back_with_its_last_resort) {
  paging::AlertGroup group = contract::SampleGroup(3);
  auto& firing = std::get<paging::Firing>(group.life);
  const std::string attended = EncodeGroup(group);
  firing.unattended_since = At(90);
  auto back = DecodeGroup(group.id, EncodeGroup(group)).value();
  BOOST_TEST(IsUnattended(back));
  BOOST_TEST(!std::get<paging::Firing>(back.life).last_resort.has_value());
  firing.last_resort = firing.escalation;
  firing.last_resort->importance = paging::Importance::kImportant;
  firing.escalation.reset();
  back = DecodeGroup(group.id, EncodeGroup(group)).value();
  const auto& life = std::get<paging::Firing>(back.life);
  BOOST_TEST((life.unattended_since == At(90)));
  BOOST_TEST(!life.escalation.has_value());
  BOOST_TEST_REQUIRE(life.last_resort.has_value());
  BOOST_TEST((life.last_resort->importance == paging::Importance::kImportant));
  BOOST_TEST(life.last_resort->next_step == 2u);
  // Rows of older programs have neither.
  back = DecodeGroup(group.id, attended).value();
  BOOST_TEST(!IsUnattended(back));
  const auto& old = *std::get<paging::Firing>(back.life).escalation;
  BOOST_TEST(!old.importance.has_value());
}

BOOST_AUTO_TEST_CASE(runs_and_notifications_come_back_in_every_field) {
  const paging::AlertGroup group = contract::SampleGroup(3);
  const auto back = DecodeGroup(group.id, EncodeGroup(group)).value();
  BOOST_TEST_REQUIRE(back.runs.size() == 1u);
  BOOST_TEST(back.runs[0].user == "ada");
  BOOST_TEST((back.runs[0].importance == paging::Importance::kImportant));
  BOOST_TEST((back.runs[0].policy == group.runs[0].policy));
  BOOST_TEST(back.runs[0].why == "step 1 of chain chain");
  BOOST_TEST(back.runs[0].next_step == 1u);
  BOOST_TEST((back.runs[0].due == At(9)));
  BOOST_TEST(back.runs[0].stopped);
  BOOST_TEST(back.runs[0].delivered);
  BOOST_TEST_REQUIRE(back.open_notifications.size() == 2u);
  const auto& open = back.open_notifications[0];
  BOOST_TEST(open.sequence == 3u);
  BOOST_TEST(open.run == 0u);
  BOOST_TEST(open.step == 1u);
  BOOST_TEST((open.issued_at == At(5)));
  BOOST_TEST((open.failing_since == At(6)));
  BOOST_TEST(open.attempts == 2u);
  BOOST_TEST(open.fell_back);
  BOOST_TEST(!open.unreached);
  BOOST_TEST(back.open_notifications[1].unreached);
  BOOST_TEST(!back.open_notifications[1].failing_since.has_value());
}

BOOST_AUTO_TEST_CASE(a_message_comes_back_in_every_field) {
  const engine::Message message = contract::SampleMessage(3, 4);
  const auto decoded =
      DecodeMessage(message.id, message.priority, 5, EncodeMessage(message));
  BOOST_TEST_REQUIRE(decoded.ok());
  const engine::Message& back = decoded.value();
  BOOST_TEST((back.id == message.id));
  BOOST_TEST((back.priority == message.priority));
  BOOST_TEST(back.user == message.user);
  BOOST_TEST(back.method == message.method);
  BOOST_TEST((back.importance == message.importance));
  BOOST_TEST(back.team == message.team);
  BOOST_TEST(back.title == message.title);
  BOOST_TEST(back.summary == message.summary);
  BOOST_TEST(back.severity == message.severity);
  BOOST_TEST(back.why == message.why);
  BOOST_TEST(back.alerts_firing == message.alerts_firing);
  BOOST_TEST((back.issued_at == message.issued_at));
  BOOST_TEST(back.attempts == 5u);
}

BOOST_AUTO_TEST_CASE(contents_come_back_in_every_field) {
  const routing::Alert alert = contract::SampleAlert(~0ULL, "note");
  const auto decoded = DecodeContents(EncodeContents({alert}));
  BOOST_TEST_REQUIRE(decoded.ok());
  BOOST_TEST_REQUIRE(decoded.value().size() == 1u);
  const routing::Alert& back = decoded.value()[0];
  BOOST_TEST((back.status == alert.status));
  BOOST_TEST((back.labels == alert.labels));
  BOOST_TEST((back.annotations == alert.annotations));
  BOOST_TEST((back.starts_at == alert.starts_at));
  BOOST_TEST((back.ends_at == alert.ends_at));
  BOOST_TEST(back.generator_url == alert.generator_url);
  BOOST_TEST(back.fingerprint == alert.fingerprint);
}

BOOST_AUTO_TEST_CASE(a_snapshot_comes_back_with_all_steps) {
  const auto snapshot = contract::SampleSnapshot();
  const auto back = DecodeSnapshot(snapshot->hash, EncodeSnapshot(*snapshot));
  BOOST_TEST_REQUIRE(back.ok());
  BOOST_TEST(back.value().hash == snapshot->hash);
  BOOST_TEST((back.value().chain == snapshot->chain));
}

BOOST_AUTO_TEST_CASE(every_kind_of_timeline_entry_has_its_word) {
  for (int n = 0; n <= static_cast<int>(paging::TimelineKind::kIgnored); ++n) {
    const auto kind = static_cast<paging::TimelineKind>(n);
    const auto back = DecodeTimelineKind(paging::TimelineKindName(kind));
    BOOST_TEST_REQUIRE(back.ok());
    BOOST_TEST((back.value() == kind));
  }
  BOOST_TEST((DecodeTimelineKind("sung").error().code == Code::kDataLoss));
}

// The bytes on disk are a promise to later versions: this changes only
// together with the level.
BOOST_AUTO_TEST_CASE(the_bytes_are_stable) {
  BOOST_TEST(EncodeSnapshot(*contract::SampleSnapshot()) ==
             R"({"v":1,"name":"chain","steps":[["users",["ada","bob"],null],)"
             R"(["wait",300000],["users",["eve"],1],["wait",60000],)"
             R"(["repeat",0,3],["repeat",1,null],["schedule","primary",null],)"
             R"(["next_on_call","primary",0],["team","web",1],)"
             R"(["round_robin",["ada","bob"],null],["chat",["ops","web"]],)"
             R"(["slack_user_group","@ops"],)"
             R"(["if_time_between",1320,360,[[1,5],[0,0]],"Europe/Zurich",1],)"
             R"(["if_alert_count",10,300000],["webhook","runbook"],)"
             R"(["escalate_to_team","web",null],["resolve"]]})");
  BOOST_TEST(
      EncodeMessage(contract::SampleMessage(1, 1)) ==
      R"({"v":1,"user":"ada","method":"phone","importance":1,"team":"team",)"
      R"("title":"title","summary":"summary","severity":"critical",)"
      R"("why":"step 1","firing":2,"issued":1700000001123})");
  BOOST_TEST(
      EncodeGroup(contract::SampleGroup(1)) ==
      R"({"v":1,"identity":["route","team","source","receiver","{}:{n=\"1\"}"],)"
      R"("route":"severity=\"page\"","title":"title","summary":"summary",)"
      R"("severity":"critical","importance":1,"created":1700000001123,)"
      R"("last_turn":1700000002123,)"
      R"("alerts":[[10,0,1700000000123,1700000003123,-2],)"
      R"([11,1,1699999995123,1700000004123,7]],)"
      R"("life":["firing",{"snapshot":"c0ffee","next":2,"due":1700000060123,)"
      R"("waiting":true,"finished":true,"skipped":true,)"
      R"("repeated":[0,4000000000],"last_run":[1700000001123,null],)"
      R"("notified":["ada","bob"],"pause":2,"sought":true,)"
      R"("called_for":["web",1],)"
      R"("callers":[["c0ffee",1,[2],[1700000007123],null]],)"
      R"("past_calls":[["c0ffee",1700000008123]]}],)"
      R"("runs":[["ada",1,[["method","phone"],["wait",120000]],)"
      R"("step 1 of chain chain",1,1700000009123,true,true]],)"
      R"("open":[[3,0,1,1700000005123,1700000006123,2,true,)"
      R"(false],)"
      R"([4,0,0,1700000005123,null,0,false,true]],"first_delivered":1700000008123,)"
      R"("sequence":4,"timeline":0,"chunks":0,)"
      R"("episodes":[1800000,4,[1700000001123,3000]],"siblings":[2,7]})");
}

BOOST_AUTO_TEST_CASE(the_bytes_of_every_life_are_stable) {
  const auto life = [](const paging::Life& of) {
    paging::AlertGroup group = contract::SampleGroup(1);
    group.life = of;
    const std::string bytes = EncodeGroup(group);
    const std::size_t from = bytes.find(R"("life":)");
    return bytes.substr(from, bytes.find(R"(,"runs":)") - from);
  };
  BOOST_TEST(life(paging::Firing{}) == R"("life":["firing",null])");
  BOOST_TEST(life(paging::Acknowledged{.by = "ada", .at = At(1)}) ==
             R"("life":["acknowledged","ada",1700000001123])");
  BOOST_TEST(life(paging::Resolved{.by = "",
                                   .at = At(1),
                                   .reopens_until = At(2),
                                   .holds_until = std::nullopt}) ==
             R"("life":["resolved","",1700000001123,1700000002123,null])");
  BOOST_TEST(
      life(paging::Silenced{.by = "ada", .at = At(1), .until = std::nullopt}) ==
      R"("life":["silenced","ada",1700000001123,null])");
  BOOST_TEST(life(contract::SampleHeld("c0ffee")) ==
             R"("life":["held",1700000001123,1700003600123,)"
             R"("outside of office-hours","c0ffee"])");
}

// Rows that earlier versions wrote are read for ever.
BOOST_AUTO_TEST_CASE(a_resolved_group_of_the_first_version_is_read) {
  paging::AlertGroup group = contract::SampleGroup(1);
  group.life = paging::Resolved{.by = "ada",
                                .at = At(1),
                                .reopens_until = std::nullopt,
                                .holds_until = std::nullopt};
  std::string bytes = EncodeGroup(group);
  const std::string now = R"(1700000001123,null,null])";
  bytes.replace(bytes.find(now), now.size(), "1700000001123]");
  const auto back = DecodeGroup(group.id, bytes);
  BOOST_TEST_REQUIRE(back.ok());
  BOOST_TEST(std::get<paging::Resolved>(back.value().life).by == "ada");
  BOOST_TEST(!Hears(back.value()));
}

BOOST_AUTO_TEST_CASE(a_run_that_was_left_is_kept) {
  paging::AlertGroup group = contract::SampleGroup(1);
  group.reopened = 2;
  group.left_run = paging::LeftRun{.snapshot = "c0ffee",
                                   .last_run = {At(1), std::nullopt},
                                   .last_step = At(3)};
  const auto back = DecodeGroup(group.id, EncodeGroup(group));
  BOOST_TEST_REQUIRE(back.ok());
  BOOST_TEST(back.value().reopened == 2U);
  BOOST_TEST_REQUIRE(back.value().left_run.has_value());
  BOOST_TEST(back.value().left_run->snapshot == "c0ffee");
  BOOST_TEST((back.value().left_run->last_run == group.left_run->last_run));
  BOOST_TEST((back.value().left_run->last_step == At(3)));
}

BOOST_AUTO_TEST_CASE(a_snapshot_of_the_first_version_is_read) {
  const auto back = DecodeSnapshot(
      "c0ffee",
      R"({"v":1,"name":"chain","steps":[["users",["ada","bob"],null],)"
      R"(["wait",300000],["users",["eve"],1],["repeat",0,3],)"
      R"(["repeat",1,null]]})");
  BOOST_TEST_REQUIRE(back.ok());
  const std::vector<paging::Step>& steps = back.value().chain.steps;
  BOOST_TEST_REQUIRE(steps.size() == 5u);
  const auto& first = std::get<paging::NotifyUsers>(steps[0]);
  BOOST_TEST((first.users == std::vector<std::string>{"ada", "bob"}));
  BOOST_TEST(!first.importance.has_value());
  BOOST_TEST((std::get<paging::NotifyUsers>(steps[2]).importance ==
              paging::Importance::kImportant));
  BOOST_TEST((std::get<paging::Repeat>(steps[3]).times == 3u));
}

BOOST_AUTO_TEST_CASE(an_unknown_kind_of_step_is_data_loss_and_is_named) {
  const auto decoded = DecodeSnapshot(
      "c0ffee", R"({"v":1,"name":"chain","steps":[["sing","loud"]]})");
  BOOST_TEST_REQUIRE(!decoded.ok());
  BOOST_TEST((decoded.error().code == Code::kDataLoss));
  BOOST_TEST(decoded.error().message ==
             "cannot read a stored chain snapshot c0ffee: unknown step");
}

// The hash names a row: equal chains of all versions must have one hash.
BOOST_AUTO_TEST_CASE(the_hashes_of_chains_are_stable_and_differ_by_kind) {
  const paging::Chain known{
      .name = "ladder",
      .steps = {
          paging::NotifyUsers{.users = {"ada"}, .importance = std::nullopt},
          paging::Wait{.length = std::chrono::minutes(5)},
          paging::Repeat{.from = 0, .times = 2}}};
  BOOST_TEST(paging::TakeSnapshot(known)->hash ==
             "9be10d0fe57f720b2565df460b3c48b1");
  std::set<std::string> hashes;
  const auto snapshot = contract::SampleSnapshot();
  const std::vector<paging::Step>& steps = snapshot->chain.steps;
  for (const paging::Step& step : steps) {
    hashes.insert(paging::TakeSnapshot({.name = "one", .steps = {step}})->hash);
  }
  BOOST_TEST(hashes.size() == steps.size());
}

BOOST_AUTO_TEST_CASE(an_unknown_level_is_data_loss_and_is_named) {
  const auto decoded =
      DecodeGroup(paging::AlertGroupId(9), R"({"v":2,"identity":[]})");
  BOOST_TEST_REQUIRE(!decoded.ok());
  BOOST_TEST((decoded.error().code == Code::kDataLoss));
  BOOST_TEST(decoded.error().message ==
             "cannot read a stored alert group 9: it has level 2, this program "
             "knows level 1");
}

// No prefix of a row and no single changed byte may do more than fail.
BOOST_AUTO_TEST_CASE(damaged_bytes_are_data_loss) {
  const paging::AlertGroup group = contract::SampleGroup(1);
  const std::string bytes = EncodeGroup(group);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = DecodeGroup(group.id, bytes.substr(0, size));
    BOOST_TEST_REQUIRE(!decoded.ok());
    BOOST_TEST((decoded.error().code == Code::kDataLoss));
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char wrong : {'\0', '0', '-', '"', '[', '}', '\xff'}) {
      std::string damaged = bytes;
      damaged[i] = wrong;
      const auto decoded = DecodeGroup(group.id, damaged);
      BOOST_TEST((decoded.ok() || decoded.error().code == Code::kDataLoss));
    }
  }
}

BOOST_AUTO_TEST_CASE(later_alerts_take_the_place_of_earlier_ones) {
  std::vector<routing::Alert> alerts = {contract::SampleAlert(1, "a"),
                                        contract::SampleAlert(2, "b")};
  MergeContents({contract::SampleAlert(3, "c"), contract::SampleAlert(1, "d"),
                 contract::SampleAlert(3, "e")},
                alerts);
  BOOST_TEST_REQUIRE(alerts.size() == 3u);
  BOOST_TEST(alerts[0].annotations.Get("note") == "d");
  BOOST_TEST(alerts[1].annotations.Get("note") == "b");
  BOOST_TEST(alerts[2].annotations.Get("note") == "e");
}

BOOST_AUTO_TEST_CASE(row_keys_hold_group_and_number) {
  const auto key = RowKey(paging::AlertGroupId(kMaxGroup), kMaxNumber);
  BOOST_TEST_REQUIRE(key.ok());
  BOOST_TEST(key.value() == INT64_MAX);
  BOOST_TEST(NotificationOf(key.value()).group.value() == kMaxGroup);
  BOOST_TEST(NotificationOf(key.value()).sequence == kMaxNumber);
  for (const auto& [group, number] :
       {std::pair<std::int64_t, std::int64_t>{0, 1},
        {-1, 1},
        {kMaxGroup + 1, 1},
        {1, kMaxNumber + 1},
        {1, -1}}) {
    const auto refused = RowKey(paging::AlertGroupId(group), number);
    BOOST_TEST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.error().code == Code::kExhausted));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::store
