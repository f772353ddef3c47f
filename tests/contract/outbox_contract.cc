#include <boost/test/unit_test.hpp>

#include "tests/contract/samples.h"
#include "tests/contract/store_contract.h"

// What is due, what becomes of messages, and what readers see.
namespace tocsin::contract {
namespace {

void Insert(engine::Store& store, std::uint32_t sequence,
            paging::Priority priority, Instant due, bool claimed = false) {
  engine::Changes changes;
  changes.inserts = {
      {.message = SampleMessage(1, sequence), .due = due, .claimed = claimed}};
  changes.inserts[0].message.priority = priority;
  BOOST_TEST_REQUIRE(store.Write(changes).ok());
}

void Insert(engine::Store& store, std::uint32_t sequence, bool claimed) {
  Insert(store, sequence, paging::Priority::kLaterPage, At(1), claimed);
}

std::vector<std::uint32_t> DueSequences(engine::Store& store, Instant now,
                                        std::size_t limit = 100) {
  std::vector<std::uint32_t> sequences;
  for (const auto& message : store.Due(now, 100, limit).value().messages) {
    sequences.push_back(message.id.sequence);
  }
  return sequences;
}

std::vector<std::int64_t> DueGroups(engine::Store& store, Instant now,
                                    std::size_t limit) {
  std::vector<std::int64_t> ids;
  for (const auto id : store.Due(now, limit, 100).value().groups) {
    ids.push_back(id.value());
  }
  return ids;
}

void Wake(engine::Store& store, std::int64_t id, std::optional<Instant> at) {
  engine::Changes changes = ChangesOf(SampleGroup(id));
  changes.groups[0].wake_at = at;
  BOOST_TEST_REQUIRE(store.Write(changes).ok());
}

paging::NotificationId Notification(std::uint32_t sequence) {
  return SampleMessage(1, sequence).id;
}

using Sequences = std::vector<std::uint32_t>;
using List = std::vector<std::int64_t>;

}  // namespace

void a_folded_message_is_read_back_as_one(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  engine::Changes changes;
  changes.inserts = {
      {.message = SampleMessage(1, 1), .due = At(1), .claimed = false},
      {.message = SampleMessage(1, 2), .due = At(2), .claimed = false}};
  changes.inserts[1].message.folded = true;
  BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  const auto messages = opened.store->Due(At(5), 100, 100).value().messages;
  BOOST_TEST_REQUIRE(messages.size() == 2U);
  BOOST_TEST(!messages[0].folded);
  BOOST_TEST(messages[1].folded);
}

void departures_are_loaded_as_long_as_they_count(Backend& backend) {
  const paging::FoldKey ada{.user = "ada", .method = "phone"};
  const paging::FoldKey loud{.user = "ada",
                             .method = "phone",
                             .importance = paging::Importance::kImportant};
  const paging::FoldKey bob{.user = "bob", .method = "phone"};
  {
    const Opened opened = backend.Open({}).value();
    engine::Changes changes;
    changes.departures = {{ada, At(10)}, {loud, At(20)}, {bob, At(30)}};
    BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
    changes.departures = {{ada, At(40)}};
    BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  }
  const Opened opened = backend.Open({}).value();
  const std::map<paging::FoldKey, Instant> all = {
      {ada, At(40)}, {loud, At(20)}, {bob, At(30)}};
  const std::map<paging::FoldKey, Instant> late = {{ada, At(40)}};
  engine::Footprint footprint;
  footprint.departed_after = At(0);
  BOOST_TEST((opened.store->Load(footprint).value().departures == all));
  footprint.departed_after = At(30);
  BOOST_TEST((opened.store->Load(footprint).value().departures == late));
}

void due_groups_come_oldest_first(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  Wake(*opened.store, 1, At(30));
  Wake(*opened.store, 2, At(10));
  Wake(*opened.store, 3, At(20));
  Wake(*opened.store, 4, std::nullopt);
  BOOST_TEST(DueGroups(*opened.store, At(9), 10) == List{});
  BOOST_TEST(DueGroups(*opened.store, At(10), 10) == List{2});
  BOOST_TEST(DueGroups(*opened.store, At(30), 10) == (List{2, 3, 1}));
  BOOST_TEST(DueGroups(*opened.store, At(30), 2) == (List{2, 3}));
  Wake(*opened.store, 2, At(40));
  Wake(*opened.store, 3, std::nullopt);
  BOOST_TEST(DueGroups(*opened.store, At(40), 10) == (List{1, 2}));
}

void due_messages_come_by_priority_then_due(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  Insert(*opened.store, 1, paging::Priority::kStatusNews, At(1));
  Insert(*opened.store, 2, paging::Priority::kLaterPage, At(3));
  Insert(*opened.store, 3, paging::Priority::kLaterPage, At(2));
  Insert(*opened.store, 4, paging::Priority::kFirstPage, At(4));
  Insert(*opened.store, 5, paging::Priority::kFirstPage, At(9));
  Insert(*opened.store, 6, paging::Priority::kChatPost, At(1));
  Insert(*opened.store, 7, paging::Priority::kUpdate, At(1));
  BOOST_TEST(DueSequences(*opened.store, At(0)) == Sequences{});
  BOOST_TEST(DueSequences(*opened.store, At(4)) ==
             (Sequences{4, 3, 2, 6, 7, 1}));
  BOOST_TEST(DueSequences(*opened.store, At(4), 2) == (Sequences{4, 3}));
  BOOST_TEST(DueSequences(*opened.store, At(4), 0) == Sequences{});
  const auto due = opened.store->Due(At(4), 0, 2).value();
  engine::Message expected = SampleMessage(1, 3);
  BOOST_TEST(TextOf(due.messages[1]) == TextOf(expected));
}

void a_claimed_message_is_not_due(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  Insert(*opened.store, 1, true);
  Insert(*opened.store, 2, false);
  BOOST_TEST(DueSequences(*opened.store, At(5)) == Sequences{2});
  BOOST_TEST(opened.reader->ClaimStands(Notification(1)).value());
  BOOST_TEST(!opened.reader->ClaimStands(Notification(2)).value());
  engine::Changes claim;
  claim.claimed = {Notification(2)};
  BOOST_TEST_REQUIRE(opened.store->Write(claim).ok());
  BOOST_TEST(DueSequences(*opened.store, At(5)) == Sequences{});
  BOOST_TEST(opened.reader->ClaimStands(Notification(2)).value());
  BOOST_TEST(!opened.store->NextDue().value().has_value());
}

void a_doubtful_claim_ends_before_it_is_claimed_anew(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  Insert(*opened.store, 1, true);
  Insert(*opened.store, 2, true);
  engine::Changes doubt;
  doubt.unclaimed = {Notification(1), Notification(2), Notification(3)};
  doubt.claimed = {Notification(2)};
  BOOST_TEST_REQUIRE(opened.store->Write(doubt).ok());
  BOOST_TEST(DueSequences(*opened.store, At(5)) == Sequences{1});
  BOOST_TEST(opened.reader->ClaimStands(Notification(2)).value());
}

void a_retry_ends_the_claim_and_counts_the_attempt(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  Insert(*opened.store, 1, true);
  engine::Changes retry;
  retry.retries = {{.id = Notification(1), .due = At(50)}};
  BOOST_TEST_REQUIRE(opened.store->Write(retry).ok());
  BOOST_TEST(!opened.reader->ClaimStands(Notification(1)).value());
  BOOST_TEST(DueSequences(*opened.store, At(49)) == Sequences{});
  const auto due = opened.store->Due(At(50), 1, 1).value();
  BOOST_TEST_REQUIRE(due.messages.size() == 1u);
  BOOST_TEST(due.messages[0].attempts == 1u);
  BOOST_TEST_REQUIRE(opened.store->Write(retry).ok());
  BOOST_TEST(opened.store->Due(At(50), 1, 1).value().messages[0].attempts ==
             2u);
}

void a_closed_message_is_gone(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  Insert(*opened.store, 1, true);
  Insert(*opened.store, 2, false);
  engine::Changes close;
  close.closed = {Notification(1), Notification(2)};
  BOOST_TEST_REQUIRE(opened.store->Write(close).ok());
  BOOST_TEST(!opened.reader->ClaimStands(Notification(1)).value());
  BOOST_TEST(DueSequences(*opened.store, At(9)) == Sequences{});
  BOOST_TEST(!opened.store->NextDue().value().has_value());
  close.claimed = {Notification(2)};
  close.retries = {{.id = Notification(1), .due = At(1)}};
  BOOST_TEST(opened.store->Write(close).ok());  // changes nothing
  BOOST_TEST(DueSequences(*opened.store, At(9)) == Sequences{});
}

void a_message_may_be_issued_and_closed_in_one_turn(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  engine::Changes changes;
  changes.inserts = {
      {.message = SampleMessage(1, 1), .due = At(0), .claimed = false}};
  changes.closed = {Notification(1)};
  BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  BOOST_TEST(DueSequences(*opened.store, At(9)) == Sequences{});
}

void claims_end_when_they_are_released(Backend& backend) {
  Opened opened = backend.Open({}).value();
  Insert(*opened.store, 1, true);
  Insert(*opened.store, 2, false);
  opened = {};
  opened = backend.Open({}).value();
  BOOST_TEST(opened.reader->ClaimStands(Notification(1)).value());
  BOOST_TEST_REQUIRE(opened.store->ReleaseClaims().ok());
  BOOST_TEST(!opened.reader->ClaimStands(Notification(1)).value());
  const auto due = opened.store->Due(At(5), 10, 10).value();
  BOOST_TEST_REQUIRE(due.messages.size() == 2u);
  BOOST_TEST(due.messages[0].attempts == 0u);  // a crashed one does not count
}

void held_groups_alone_are_woken(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  for (const std::int64_t id : {1, 2, 3}) {
    engine::Changes changes = ChangesOf(SampleGroup(id));
    if (id != 2) changes.groups[0].group.life = SampleHeld("c0ffee");
    changes.groups[0].wake_at = At(100 + id);
    BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  }
  BOOST_TEST(opened.store->Due(At(50), 9, 9).value().groups.empty());
  BOOST_TEST_REQUIRE(opened.store->WakeHeld(At(40)).ok());
  BOOST_TEST((opened.store->NextDue().value() == At(40)));
  List due;
  for (const auto id : opened.store->Due(At(50), 9, 9).value().groups) {
    due.push_back(id.value());
  }
  BOOST_TEST(due == (List{1, 3}));
}

void the_next_due_time_is_the_smallest(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  const auto next = [&] { return opened.store->NextDue().value(); };
  Wake(*opened.store, 1, At(30));
  BOOST_TEST((next() == At(30)));
  Insert(*opened.store, 1, paging::Priority::kStatusNews, At(40));
  BOOST_TEST((next() == At(30)));
  Insert(*opened.store, 2, paging::Priority::kUpdate, At(20));
  BOOST_TEST((next() == At(20)));
  Insert(*opened.store, 3, paging::Priority::kFirstPage, At(10), true);
  BOOST_TEST((next() == At(20)));
  Wake(*opened.store, 1, At(5));
  BOOST_TEST((next() == At(5)));
}

void the_timeline_is_read_in_order(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  paging::AlertGroup group = SampleGroup(1);
  std::vector<paging::TimelineEntry> expected;
  for (std::int64_t turn = 0; turn < 4; ++turn) {
    engine::Changes changes = ChangesOf(group);
    for (std::int64_t i = 0; i < turn; ++i) {
      // Not in order of time: a clock may have gone back.
      expected.push_back(SampleEntry(10 - turn + i));
      changes.groups[0].entries.push_back(expected.back());
    }
    group.timeline_length = static_cast<std::uint32_t>(expected.size());
    changes.groups[0].group.timeline_length = group.timeline_length;
    BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  }
  const auto timeline = opened.reader->Timeline(group.id).value();
  BOOST_TEST(TextOf(timeline) == TextOf(expected));
  BOOST_TEST(opened.reader->Timeline(paging::AlertGroupId(2)).value().empty());
}

void later_contents_win(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  paging::AlertGroup group = SampleGroup(1);
  const std::vector<std::vector<routing::Alert>> chunks = {
      {SampleAlert(10, "old"), SampleAlert(11, "kept")},
      {SampleAlert(10, "new"), SampleAlert(12, "added")}};
  for (const auto& chunk : chunks) {
    ++group.contents_chunks;
    engine::Changes changes = ChangesOf(group);
    changes.groups[0].contents = chunk;
    BOOST_TEST_REQUIRE(opened.store->Write(changes).ok());
  }
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  const auto view = opened.reader->Group(group.id).value();
  BOOST_TEST_REQUIRE(view.has_value());
  BOOST_TEST(TextOf(view->alerts) ==
             TextOf({SampleAlert(10, "new"), SampleAlert(11, "kept"),
                     SampleAlert(12, "added")}));
}

void lists_are_newest_first_and_count_all_that_match(Backend& backend) {
  const Opened opened = backend.Open({}).value();
  for (std::int64_t id = 1; id <= 12; ++id) {
    paging::AlertGroup group = SampleGroup(id);
    if (id % 2 == 0) group.identity.team = "other";
    if (id % 3 == 1) group.life = paging::Acknowledged{.by = "a", .at = At(1)};
    if (id % 3 == 2) group.life = paging::Resolved{.by = "a", .at = At(1)};
    BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  }
  const auto list = [&](std::optional<std::string> state,
                        std::optional<std::string> team, std::size_t offset,
                        std::size_t limit, std::int64_t count) {
    const auto page = opened.reader->Groups(
        {.state = state, .team = team, .offset = offset, .limit = limit});
    BOOST_REQUIRE(page.ok());
    BOOST_TEST(page.value().count == count);
    List ids;
    for (const auto& group : page.value().groups) {
      ids.push_back(group.id.value());
    }
    return ids;
  };
  BOOST_TEST(list({}, {}, 0, 3, 12) == (List{12, 11, 10}));
  BOOST_TEST(list({}, {}, 10, 3, 12) == (List{2, 1}));
  BOOST_TEST(list({}, {}, 12, 3, 12) == List{});
  BOOST_TEST(list({}, {}, 0, 0, 12) == List{});
  BOOST_TEST(list("firing", {}, 0, 9, 4) == (List{12, 9, 6, 3}));
  BOOST_TEST(list("acknowledged", {}, 1, 2, 4) == (List{7, 4}));
  BOOST_TEST(list("resolved", {}, 0, 9, 4) == (List{11, 8, 5, 2}));
  BOOST_TEST(list({}, "team", 1, 2, 6) == (List{9, 7}));
  BOOST_TEST(list({}, "nobody", 0, 9, 0) == List{});
  BOOST_TEST(list("firing", "other", 0, 9, 2) == (List{12, 6}));
  BOOST_TEST(list("acknowledged", "other", 0, 1, 2) == List{10});
  BOOST_TEST(list("resolved", "other", 0, 9, 2) == (List{8, 2}));
  BOOST_TEST(list("held", {}, 0, 9, 0) == List{});
  for (const std::int64_t id : {13, 14}) {
    paging::AlertGroup group = SampleGroup(id);
    if (id % 2 == 0) group.identity.team = "other";
    group.life = SampleHeld("");
    BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(group)).ok());
  }
  BOOST_TEST(list("held", {}, 0, 9, 2) == (List{14, 13}));
  BOOST_TEST(list("held", "other", 0, 9, 1) == List{14});
  BOOST_TEST(list("silenced", {}, 0, 9, 0) == List{});
  paging::AlertGroup silenced = SampleGroup(15);
  silenced.life = paging::Silenced{.by = "ada", .at = At(1)};
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(silenced)).ok());
  BOOST_TEST(list("silenced", {}, 0, 9, 1) == List{15});
  BOOST_TEST(list("firing", {}, 0, 9, 4) == (List{12, 9, 6, 3}));
  BOOST_TEST(list("unattended", {}, 0, 9, 0) == List{});
  paging::AlertGroup unattended = SampleGroup(9);
  std::get<paging::Firing>(unattended.life).unattended_since = At(2);
  BOOST_TEST_REQUIRE(opened.store->Write(ChangesOf(unattended)).ok());
  BOOST_TEST(list("unattended", {}, 0, 9, 1) == List{9});
  BOOST_TEST(list("unattended", "team", 0, 9, 1) == List{9});
  BOOST_TEST(list("unattended", "other", 0, 9, 0) == List{});
  BOOST_TEST(list("firing", {}, 0, 9, 4) == (List{12, 9, 6, 3}));
  BOOST_TEST(list("firing", {}, 1, 2, 4) == (List{9, 6}));
  BOOST_TEST(list("firing", "team", 0, 9, 2) == (List{9, 3}));
  BOOST_TEST(list({}, {}, 0, 2, 15) == (List{15, 14}));
  BOOST_TEST(list("resolved", {}, 0, 9, 4) == (List{11, 8, 5, 2}));
}

}  // namespace tocsin::contract
