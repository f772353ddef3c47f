#include <boost/test/unit_test.hpp>

#include "tests/contract/samples.h"
#include "tests/contract/store_contract.h"

// What is written, and what Load finds of it.
namespace tocsin::contract {
namespace {

std::vector<std::int64_t> Ids(const Result<engine::Loaded>& loaded) {
  BOOST_REQUIRE(loaded.ok());
  std::vector<std::int64_t> ids;
  for (const auto& group : loaded.value().groups) {
    ids.push_back(group.id.value());
  }
  return ids;
}

std::vector<std::int64_t> IdsByAlert(engine::Store& store,
                                     const std::string& source,
                                     std::uint64_t fingerprint) {
  engine::Footprint footprint;
  footprint.alerts = {{.source = source, .fingerprint = fingerprint}};
  return Ids(store.Load(footprint));
}

std::vector<std::int64_t> IdsByIdentity(engine::Store& store, std::int64_t n) {
  engine::Footprint footprint;
  footprint.identities = {SampleIdentity(n)};
  return Ids(store.Load(footprint));
}

engine::Footprint ById(std::int64_t id) {
  engine::Footprint footprint;
  footprint.groups = {paging::AlertGroupId(id)};
  return footprint;
}

using List = std::vector<std::int64_t>;

}  // namespace

void an_empty_store_knows_nothing(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  BOOST_TEST(Ids(opened.store->Load(ById(1))) == List{});
  BOOST_TEST(IdsByIdentity(*opened.store, 1) == List{});
  BOOST_TEST(!opened.store->NextDue().value().has_value());
  BOOST_TEST(opened.store->LastGroupId().value().value() == 0);
  BOOST_TEST(!opened.reader->Group(paging::AlertGroupId(1)).value());
  BOOST_TEST(opened.reader->Groups({}).value().count == 0);
  BOOST_TEST(opened.reader->Timeline(paging::AlertGroupId(1)).value().empty());
  BOOST_TEST(opened.store->Write({}).ok());
}

void a_group_is_read_back_as_it_was_written(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  paging::AlertGroup group = SampleGroup(1);
  for (const paging::Life& life :
       {group.life, paging::Life(paging::Firing{}),
        paging::Life(paging::Acknowledged{.by = "ada", .at = At(1)}),
        paging::Life(paging::Resolved{.by = "", .at = At(2)}),
        paging::Life(paging::Held{.since = At(3),
        .look_again = At(4),
        .because = "outside of office-hours",
        .snapshot = "c0ffee"})}) {
    group.life = life;
    BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
    const auto loaded = opened.store->Load(ById(1)).value();
    BOOST_TEST_REQUIRE(loaded.groups.size() == 1u);
    BOOST_TEST(TextOf(loaded.groups[0]) == TextOf(group));
    const auto view = opened.reader->Group(group.id).value();
    BOOST_TEST_REQUIRE(view.has_value());
    BOOST_TEST(TextOf(view->group) == TextOf(group));
  }
}

void a_turn_that_fails_anywhere_changes_nothing(Backend& backend) {
  int fail_at = 0;  // 0: never
  int points = 0;
  const auto probe = [&](std::string_view) -> Status {
    if (++points != fail_at) return {};
    return Error{Code::kUnavailable, "the disk is full"};
  };
  const Opened opened = backend.Open(probe).value();
  BOOST_TEST_REQUIRE(opened.store->Write(BeforeFullTurn()).ok());
  const std::string before = TextOf(*opened.store, *opened.reader);
  for (fail_at = 1;; ++fail_at) {
    points = 0;
    const Status written = opened.store->Write(FullTurn());
    if (written.ok()) break;
    BOOST_TEST(written.error().message == "the disk is full");
    BOOST_TEST(TextOf(*opened.store, *opened.reader) == before);
    BOOST_TEST(IdsByIdentity(*opened.store, 2) == List{});
    BOOST_TEST(IdsByAlert(*opened.store, "source", 20) == List{});
  }
  BOOST_TEST(fail_at > 1);
  BOOST_TEST(TextOf(*opened.store, *opened.reader) != before);
  BOOST_TEST(IdsByIdentity(*opened.store, 2) == List{2});
}

void a_group_is_found_by_its_id_in_any_state(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  paging::AlertGroup resolved = SampleGroup(2);
  resolved.life = paging::Resolved{.by = "ada", .at = At(5)};
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(1))).ok());
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(resolved)).ok());
  BOOST_TEST(Ids(opened.store->Load(ById(1))) == List{1});
  BOOST_TEST(Ids(opened.store->Load(ById(2))) == List{2});
  BOOST_TEST(Ids(opened.store->Load(ById(3))) == List{});
}

void an_open_group_is_found_by_the_alerts_it_holds(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  paging::AlertGroup group = SampleGroup(1);
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  BOOST_TEST(IdsByAlert(*opened.store, "source", 10) == List{1});
  BOOST_TEST(IdsByAlert(*opened.store, "source", 11) == List{1});  // resolved
  BOOST_TEST(IdsByAlert(*opened.store, "source", 12) == List{});
  group.alerts.push_back({.fingerprint = 12,
                          .status = routing::AlertStatus::kFiring,
                          .starts_at = At(1),
                          .last_seen = At(1),
                          .contents = 1});
  group.life = paging::Acknowledged{.by = "ada", .at = At(1)};
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  BOOST_TEST(IdsByAlert(*opened.store, "source", 10) == List{1});
  BOOST_TEST(IdsByAlert(*opened.store, "source", 12) == List{1});
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(2))).ok());
  BOOST_TEST(IdsByAlert(*opened.store, "source", 20) == List{2});
}

void an_open_group_is_found_by_its_identity(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(1))).ok());
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(2))).ok());
  BOOST_TEST(IdsByIdentity(*opened.store, 1) == List{1});
  BOOST_TEST(IdsByIdentity(*opened.store, 2) == List{2});
  engine::Footprint almost;
  almost.identities = {SampleIdentity(1)};
  almost.identities[0].receiver = "another";
  BOOST_TEST(Ids(opened.store->Load(almost)) == List{});
}

void a_group_asked_for_in_many_ways_comes_once(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(1))).ok());
  engine::Footprint footprint = ById(1);
  footprint.groups.push_back(paging::AlertGroupId(1));
  footprint.alerts = {{.source = "source", .fingerprint = 10},
                      {.source = "source", .fingerprint = 11}};
  footprint.identities = {SampleIdentity(1), SampleIdentity(1)};
  BOOST_TEST(Ids(opened.store->Load(footprint)) == List{1});
}

void a_resolved_group_is_found_by_id_alone(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  paging::AlertGroup group = SampleGroup(1);
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  group.life = paging::Resolved{.by = "", .at = At(9)};
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  BOOST_TEST(IdsByAlert(*opened.store, "source", 10) == List{});
  BOOST_TEST(IdsByIdentity(*opened.store, 1) == List{});
  BOOST_TEST(Ids(opened.store->Load(ById(1))) == List{1});

  paging::AlertGroup successor = SampleGroup(2);
  successor.identity = group.identity;
  successor.alerts = group.alerts;
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(successor)).ok());
  BOOST_TEST(IdsByAlert(*opened.store, "source", 10) == List{2});
  BOOST_TEST(IdsByIdentity(*opened.store, 1) == List{2});
}

void a_resolved_group_that_hears_is_found_as_an_open_one(Backend& backend) {
  Opened opened = backend.Open({}).value();
  paging::AlertGroup group = SampleGroup(1);
  group.life = paging::Resolved{
      .by = "ada", .at = At(9), .reopens_until = {}, .holds_until = At(99)};
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  for (const bool restarted : {false, true}) {
    if (restarted) {
      opened = {};
      opened = backend.Open({}).value();
    }
    BOOST_TEST(IdsByAlert(*opened.store, "source", 10) == List{1});
    BOOST_TEST(IdsByIdentity(*opened.store, 1) == List{1});
    const auto count = [&opened](const char* state) {
      engine::GroupFilter filter;
      filter.state = state;
      return opened.reader->Groups(filter).value().count;
    };
    BOOST_TEST(count("resolved") == 1);
    BOOST_TEST(count("firing") == 0);
  }
  group.life = paging::Resolved{.by = "ada", .at = At(9)};
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  BOOST_TEST(IdsByAlert(*opened.store, "source", 10) == List{});
}

void an_alert_of_another_source_is_another_alert(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(1))).ok());
  BOOST_TEST(IdsByAlert(*opened.store, "another", 10) == List{});
}

void a_loaded_group_brings_its_snapshot(Backend& backend) {
  Opened opened = backend.Open({}).value();
  paging::AlertGroup chainless = SampleGroup(2);
  chainless.life = paging::Firing{};
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(1))).ok());
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(chainless)).ok());
  for (const bool restarted : {false, true}) {
    if (restarted) {
      opened = {};
      opened = backend.Open({}).value();
    }
    const auto loaded = opened.store->Load(ById(1)).value();
    BOOST_TEST_REQUIRE(loaded.snapshots.contains("c0ffee"));
    BOOST_TEST(
        (loaded.snapshots.at("c0ffee")->chain == SampleSnapshot()->chain));
    BOOST_TEST(loaded.snapshots.at("c0ffee")->hash == "c0ffee");
    BOOST_TEST(opened.store->Load(ById(2)).value().snapshots.empty());
    const auto read = opened.reader->Snapshot("c0ffee").value();
    BOOST_TEST_REQUIRE(read != nullptr);
    BOOST_TEST((read->chain == SampleSnapshot()->chain));
    BOOST_TEST(opened.reader->Snapshot("decaf").value() == nullptr);
  }
}

void a_loaded_group_brings_what_its_chain_leads_to(Backend& backend) {
  Opened opened = backend.Open({}).value();
  const auto last = paging::TakeSnapshot({.name = "last", .steps = {}});
  const auto next =
      paging::TakeSnapshot({.name = "next", .steps = {}},
                           {{.team = "web",
                             .importance = paging::Importance::kImportant,
                             .chain = last->hash,
                             .chat_channels = {"room", "hall"}},
                            {.team = "nobody",
                             .importance = paging::Importance::kDefault,
                             .chain = std::nullopt,
                             .chat_channels = {}}});
  paging::AlertGroup group = SampleGroup(1);
  auto& run = *std::get<paging::Firing>(group.life).escalation;
  run.callers.front().snapshot = next->hash;
  engine::Changes changes = ChangesOf(group);
  changes.snapshots.push_back(last);
  changes.snapshots.push_back(next);
  BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  for (const bool restarted : {false, true}) {
    if (restarted) {
      opened = {};
      opened = backend.Open({}).value();
    }
    const auto loaded = opened.store->Load(ById(1)).value();
    BOOST_TEST(loaded.snapshots.size() == 3u);
    const auto read = loaded.snapshots.at(next->hash);
    BOOST_TEST_REQUIRE(read->ways.size() == 2u);
    BOOST_TEST(read->ways[0].team == "web");
    BOOST_TEST((read->ways[0].importance == paging::Importance::kImportant));
    BOOST_TEST(read->ways[0].chain.value() == last->hash);
    BOOST_TEST(read->ways[0].chat_channels.size() == 2u);
    BOOST_TEST(!read->ways[1].chain.has_value());
    BOOST_TEST(loaded.snapshots.at(last->hash)->chain.name == "last");
  }
}

void pointers_are_written_with_their_turn(Backend& backend) {
  bool full = false;
  const auto probe = [&full](std::string_view point) -> Status {
    if (!full || point != "Commit") return {};
    return Error{Code::kUnavailable, "the disk is full"};
  };
  Opened opened = backend.Open(probe).value();
  engine::Footprint footprint;
  footprint.pointers = {"ladder", "never"};
  const auto served = [&]() {
    const auto loaded = opened.store->Load(footprint).value();
    BOOST_TEST(loaded.pointers.size() == 2u);
    BOOST_TEST(loaded.pointers.at("never").empty());
    return loaded.pointers.at("ladder");
  };
  BOOST_TEST(served().empty());
  engine::Changes changes = ChangesOf(SampleGroup(1));
  changes.pointers["ladder"] = {"ada"};
  BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  BOOST_TEST(served() == paging::Served{"ada"});
  changes.pointers["ladder"] = {"ada", "b\0b"};
  full = true;
  if (!opened.store->Write(changes).ok()) {
    BOOST_TEST(served() == paging::Served{"ada"});
    full = false;
    BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  }
  opened = {};
  full = false;
  opened = backend.Open({}).value();
  BOOST_TEST((served() == paging::Served{"ada", "b\0b"}));
  BOOST_TEST(opened.store->Load({}).value().pointers.empty());
}

void a_held_group_is_open_and_has_its_snapshot(Backend& backend) {
  Opened opened = backend.Open({}).value();
  paging::AlertGroup held = SampleGroup(1);
  held.life = SampleHeld("c0ffee");
  paging::AlertGroup chainless = SampleGroup(2);
  chainless.life = SampleHeld("");
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(held)).ok());
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(chainless)).ok());
  for (const bool restarted : {false, true}) {
    if (restarted) {
      opened = {};
      opened = backend.Open({}).value();
    }
    BOOST_TEST(IdsByAlert(*opened.store, "source", 10) == List{1});
    BOOST_TEST(IdsByIdentity(*opened.store, 2) == List{2});
    const auto loaded = opened.store->Load(ById(1)).value();
    BOOST_TEST_REQUIRE(loaded.snapshots.contains("c0ffee"));
    BOOST_TEST(opened.store->Load(ById(2)).value().snapshots.empty());
  }
}

void a_restart_sees_everything(Backend& backend) {
  Opened opened = backend.Open({}).value();
  BOOST_TEST_REQUIRE(opened.store->Write(BeforeFullTurn()).ok());
  BOOST_TEST_REQUIRE(opened.store->Write(FullTurn()).ok());
  const std::string before = TextOf(*opened.store, *opened.reader);
  opened = {};
  opened = backend.Open({}).value();
  BOOST_TEST(TextOf(*opened.store, *opened.reader) == before);
  BOOST_TEST(IdsByIdentity(*opened.store, 1) == List{1});
  BOOST_TEST(IdsByAlert(*opened.store, "source", 21) == List{2});
}

void strings_may_hold_any_bytes(Backend& backend) {
  const std::string odd("a\0b\xff\xc3\"\\\n\x1f\xf0\x9f\x94\x94", 13);
  Opened opened = backend.Open({}).value();
  paging::AlertGroup group = SampleGroup(1);
  group.identity = {odd, odd, odd, odd, odd};
  group.title = odd;
  group.runs[0].user = odd;
  group.timeline_length = 1;
  group.contents_chunks = 1;
  engine::Changes changes = ChangesOf(group);
  changes.groups[0].entries = {SampleEntry(1)};
  changes.groups[0].entries[0].actor = odd;
  changes.groups[0].entries[0].text = odd;
  routing::Alert alert = SampleAlert(10, odd);
  alert.labels = {{odd, odd}, {"", ""}};
  changes.groups[0].contents = {alert};
  engine::Message message = SampleMessage(1, 1);
  message.title = odd;
  changes.inserts = {{.message = message, .due = At(0), .claimed = false}};
  BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());

  opened = {};
  opened = backend.Open({}).value();
  engine::Footprint footprint;
  footprint.identities = {group.identity};
  BOOST_TEST(Ids(opened.store->Load(footprint)) == List{1});
  const auto view = opened.reader->Group(group.id).value();
  BOOST_TEST_REQUIRE(view.has_value());
  BOOST_TEST((view->group.identity == group.identity));
  BOOST_TEST(view->group.title == odd);
  BOOST_TEST_REQUIRE(view->alerts.size() == 1u);
  BOOST_TEST((view->alerts[0].labels == alert.labels));
  BOOST_TEST((view->alerts[0].annotations == alert.annotations));
  const auto timeline = opened.reader->Timeline(group.id).value();
  BOOST_TEST_REQUIRE(timeline.size() == 1u);
  BOOST_TEST(timeline[0].actor == odd);
  BOOST_TEST(timeline[0].text == odd);
  const auto due = opened.store->Due(At(1), 1, 1).value();
  BOOST_TEST_REQUIRE(due.messages.size() == 1u);
  BOOST_TEST(due.messages[0].title == odd);
  BOOST_TEST(opened.reader->Groups({.state = {}, .team = odd}).value().count ==
             1);
}

void the_last_group_id_survives_a_restart(Backend& backend) {
  Opened opened = backend.Open({}).value();
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(7))).ok());
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(SampleGroup(3))).ok());
  BOOST_TEST(opened.store->LastGroupId().value().value() == 7);
  opened = {};
  opened = backend.Open({}).value();
  BOOST_TEST(opened.store->LastGroupId().value().value() == 7);
}

}  // namespace tocsin::contract
