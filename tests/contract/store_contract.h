#pragma once

#include <memory>

#include "base/result.h"
#include "engine/ports.h"
#include "store/write_probe.h"

// What every store promises, written once against engine::Store and
// engine::Reader. A backend runs it from a file of its own,
// where each case makes a Backend and calls the function of its name:
//
//   #define CASE(name) BOOST_AUTO_TEST_CASE(name) { ... }
//   TOCSIN_STORE_CONTRACT(CASE)
namespace tocsin::contract {

// A store and its reader, as one process has them open.
struct Opened {
  std::unique_ptr<engine::Store> store;
  std::unique_ptr<engine::Reader> reader;
};

// One empty storage, made for one case.
class Backend {
 public:
  virtual ~Backend() = default;

  // Opens the storage, with all that earlier ones committed: as a restart does
  // where nothing is open any more.
  virtual Result<Opened> Open(store::WriteProbe probe) = 0;
};

#define TOCSIN_STORE_CONTRACT(CASE)                         \
  CASE(an_empty_store_knows_nothing)                        \
  CASE(a_group_is_read_back_as_it_was_written)              \
  CASE(a_turn_that_fails_anywhere_changes_nothing)          \
  CASE(a_group_is_found_by_its_id_in_any_state)             \
  CASE(an_open_group_is_found_by_the_alerts_it_holds)       \
  CASE(an_open_group_is_found_by_its_identity)              \
  CASE(a_group_asked_for_in_many_ways_comes_once)           \
  CASE(a_resolved_group_is_found_by_id_alone)               \
  CASE(a_resolved_group_that_hears_is_found_as_an_open_one) \
  CASE(an_alert_of_another_source_is_another_alert)         \
  CASE(a_loaded_group_brings_its_snapshot)                  \
  CASE(a_loaded_group_brings_what_its_chain_leads_to)       \
  CASE(pointers_are_written_with_their_turn)                \
  CASE(a_held_group_is_open_and_has_its_snapshot)           \
  CASE(held_groups_alone_are_woken)                         \
  CASE(due_groups_come_oldest_first)                        \
  CASE(due_messages_come_by_priority_then_due)              \
  CASE(a_claimed_message_is_not_due)                        \
  CASE(a_doubtful_claim_ends_before_it_is_claimed_anew)     \
  CASE(a_retry_ends_the_claim_and_counts_the_attempt)       \
  CASE(a_closed_message_is_gone)                            \
  CASE(a_message_may_be_issued_and_closed_in_one_turn)      \
  CASE(claims_end_when_they_are_released)                   \
  CASE(a_folded_message_is_read_back_as_one)                \
  CASE(departures_are_loaded_as_long_as_they_count)         \
  CASE(the_next_due_time_is_the_smallest)                   \
  CASE(the_timeline_is_read_in_order)                       \
  CASE(later_contents_win)                                  \
  CASE(lists_are_newest_first_and_count_all_that_match)     \
  CASE(a_restart_sees_everything)                           \
  CASE(strings_may_hold_any_bytes)                          \
  CASE(the_last_group_id_survives_a_restart)

#define TOCSIN_DECLARE_CASE(name) void name(Backend& backend);
TOCSIN_STORE_CONTRACT(TOCSIN_DECLARE_CASE)
#undef TOCSIN_DECLARE_CASE

}  // namespace tocsin::contract
