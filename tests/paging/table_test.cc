// The table of every state and every event in docs/paging.md is what Apply
// does. Written anew by: paging_table_test -- --write
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/small_world.h"

namespace {

using namespace tocsin;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::SmallWorld;

constexpr const char* kFile = "docs/paging.md";
constexpr const char* kBegin = "<!-- every state and event -->\n";
constexpr const char* kEnd = "<!-- end of the table -->\n";

paging::User Person(const std::string& name) {
  paging::User user;
  user.name = name;
  user.contact_methods = {"phone"};
  user.default_policy = {paging::NotifyMethod{"phone"}};
  user.important_policy = user.default_policy;
  return user;
}

// One team whose chain is: ada, five minutes, bob. `muted`: its route never
// pages.
std::shared_ptr<const engine::Settings> Settings(bool muted) {
  paging::Roster roster;
  for (const char* name : {"ada", "bob"}) roster.users[name] = Person(name);
  paging::Chain ladder;
  ladder.name = "ladder";
  ladder.steps = {paging::NotifyUsers{{"ada"}, {}}, paging::Wait{minutes(5)},
                  paging::NotifyUsers{{"bob"}, {}}, paging::Wait{minutes(5)}};
  roster.chains["ladder"] = ladder;
  paging::Team team;
  team.name = "ops";
  team.standard = paging::WayOut{.chain = "ladder", .chat_channels = {}};
  roster.teams["ops"] = team;
  routing::RouteSpec root;
  root.name = "root";
  root.team = "ops";
  routing::RouteSpec child = root;
  child.name = "all";
  routing::TreeOptions options;
  if (muted) {
    child.active_time_intervals = {"never"};
    routing::TimeInterval never;
    never.years = {{.first = 2000, .last = 2000}};
    options.intervals["never"] =
        std::make_shared<const std::vector<routing::TimeInterval>>(
            std::vector{never});
  }
  root.routes = {child};
  return std::make_shared<const engine::Settings>(
      engine::Settings{.tree = routing::Tree::Build(root, options).value(),
                       .roster = std::move(roster)});
}

paging::AlertUpdate Alert(std::uint64_t fingerprint, Instant starts_at,
                          bool fires) {
  paging::AlertUpdate update;
  update.fingerprint = fingerprint;
  update.status =
      fires ? routing::AlertStatus::kFiring : routing::AlertStatus::kResolved;
  update.starts_at = starts_at;
  update.ends_at = fires ? Instant() : starts_at + hours(30);
  update.name = fingerprint == 1 ? "DiskFull" : "HostDown";
  return update;
}

const Instant kBirth = FromMillis(1'800'000'000'000);

// A group with one alert, in a world of its own.
class Group {
 public:
  explicit Group(bool muted) : world_(Settings(muted)) {
    const std::vector<const routing::Route*> routes = world_.file().tree.Decide(
        routing::LabelSet(), {.source = "am", .receiver = "tocsin"});
    paging::Birth birth;
    birth.id = paging::AlertGroupId(1);
    birth.identity = {.route = routes.at(0)->identity,
                      .team = "ops",
                      .source = "am",
                      .receiver = "tocsin",
                      .group_key = "{}:{}"};
    Take(paging::Begin(std::move(birth), *routes[0], world_.Sees(), kBirth));
    Do(paging::AlertsReceived{{Alert(1, kBirth, true)}});
  }

  Group& Do(const paging::Event& event, Duration after = Duration()) {
    now_ += after;
    Take(paging::Apply(state, event, world_.Sees(), now_));
    return *this;
  }

  Instant now() const { return now_; }

  paging::AlertGroup state;
  paging::Transition last;

 private:
  void Take(paging::Transition transition) {
    world_.Keep(transition);
    last = transition;
    state = std::move(transition.state);
  }

  SmallWorld world_;
  Instant now_ = kBirth;
};

struct State {
  const char* name;
  std::function<Group()> make;
};

std::vector<State> States() {
  const auto firing = [] { return Group(false); };
  return {
      {"held", [] { return Group(true); }},
      {"firing", firing},
      {"firing, chain used up",
       [=] {
         return firing()
             .Do(paging::NotificationDelivered{1, "ok"})
             .Do(paging::TimerFired{}, minutes(5))
             .Do(paging::NotificationDelivered{2, "ok"})
             .Do(paging::TimerFired{}, minutes(5));
       }},
      {"acknowledged by ada",
       [=] { return firing().Do(paging::AcknowledgeRequested{"ada"}); }},
      {"silenced",
       [=] {
         return firing().Do(paging::SilenceRequested{"ada", hours(1)});
       }},
      {"resolved by the source",
       [=] {
         return firing().Do(paging::AlertsReceived{{Alert(1, kBirth, false)}});
       }},
      {"resolved by ada",
       [=] { return firing().Do(paging::ResolveRequested{"ada"}); }},
      {"resolved long ago",
       [=] {
         return firing()
             .Do(paging::ResolveRequested{"ada"})
             .Do(paging::TimerFired{}, hours(25));
       }},
  };
}

struct Happening {
  const char* name;
  Duration after;
  std::function<paging::Event(Instant)> make;
};

std::vector<Happening> Happenings() {
  const auto says = [](std::uint64_t fingerprint, Duration start, bool fires) {
    return [=](Instant) {
      return paging::AlertsReceived{
          {Alert(fingerprint, kBirth + start, fires)}};
    };
  };
  const auto is = [](paging::Event event) {
    return [event = std::move(event)](Instant) { return event; };
  };
  return {
      {"the same again", minutes(2), says(1, Duration(), true)},
      {"its alert fires anew", minutes(2), says(1, seconds(5), true)},
      {"another alert fires", minutes(2), says(2, seconds(5), true)},
      {"an older word", minutes(2), says(1, -hours(40), false)},
      {"its alert resolves", minutes(2), says(1, Duration(), false)},
      {"a sibling is met", minutes(2),
       is(paging::SiblingsMet{{{paging::AlertGroupId(2), "web"}}})},
      {"timer, a minute later", minutes(1), is(paging::TimerFired{})},
      {"timer, an hour later", hours(1), is(paging::TimerFired{})},
      {"acknowledge by ada", minutes(2),
       is(paging::AcknowledgeRequested{"ada"})},
      {"acknowledge by bob", minutes(2),
       is(paging::AcknowledgeRequested{"bob"})},
      {"unacknowledge", minutes(2), is(paging::UnacknowledgeRequested{"bob"})},
      {"silence for 2h", minutes(2),
       is(paging::SilenceRequested{"bob", hours(2)})},
      {"unsilence", minutes(2), is(paging::UnsilenceRequested{"bob"})},
      {"resolve", minutes(2), is(paging::ResolveRequested{"bob"})},
      {"unresolve", minutes(2), is(paging::UnresolveRequested{"bob"})},
      {"escalate", minutes(2),
       is(paging::EscalateRequested{"bob", std::nullopt})},
      {"delivered", minutes(2), is(paging::NotificationDelivered{1, "ok"})},
      {"failed for now", minutes(2),
       [](Instant now) {
         return paging::NotificationFailed{1, "busy", now + seconds(10)};
       }},
      {"failed for good", minutes(2),
       is(paging::NotificationFailed{1, "gone", std::nullopt})},
  };
}

const char* RefusalName(paging::Refusal refusal) {
  switch (refusal) {
    case paging::Refusal::kAcknowledged:
      return "acknowledged";
    case paging::Refusal::kResolved:
      return "resolved";
    case paging::Refusal::kNotAcknowledged:
      return "not acknowledged";
    case paging::Refusal::kNotResolved:
      return "not resolved";
    case paging::Refusal::kNotSilenced:
      return "not silenced";
    case paging::Refusal::kNotWaiting:
      return "not waiting";
    case paging::Refusal::kMoved:
      return "moved";
  }
  return "";
}

void AddTo(std::string& list, const std::string& word) {
  if (!list.empty()) list += ", ";
  list += word;
}

// "| state | event | new state | notified | timeline |"
std::string Row(const State& state, const Happening& happening) {
  Group group = state.make();
  const std::string before = LifeName(group.state.life);
  group.Do(happening.make(group.now() + happening.after), happening.after);
  std::string becomes = LifeName(group.state.life);
  if (becomes == before) becomes.clear();
  if (group.last.refusal) {
    becomes = std::string("refused: ") + RefusalName(*group.last.refusal);
  }
  std::string notified;
  std::string timeline;
  for (const paging::Effect& effect : group.last.effects) {
    if (const auto* notify = std::get_if<paging::Notify>(&effect)) {
      AddTo(notified, notify->user);
    } else if (const auto* record = std::get_if<paging::Record>(&effect)) {
      AddTo(timeline, TimelineKindName(record->entry.kind));
    }
  }
  return std::string("| ") + state.name + " | " + happening.name + " | " +
         becomes + " | " + notified + " | " + timeline + " |\n";
}

std::string Table() {
  std::string table =
      "| in this state | comes | it becomes | notified | timeline |\n"
      "|---|---|---|---|---|\n";
  for (const State& state : States()) {
    for (const Happening& happening : Happenings()) {
      table += Row(state, happening);
    }
  }
  return table;
}

// The file, and where its table begins and ends.
struct Page {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};

Page ReadPage() {
  std::ifstream file(kFile);
  BOOST_REQUIRE(file.is_open());
  std::ostringstream text;
  text << file.rdbuf();
  Page page{.text = text.str()};
  page.begin = page.text.find(kBegin);
  page.end = page.text.find(kEnd);
  BOOST_REQUIRE(page.begin != std::string::npos);
  BOOST_REQUIRE(page.end != std::string::npos);
  page.begin += std::string_view(kBegin).size();
  return page;
}

bool AskedToWrite() {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  return suite.argc > 1 && std::string_view(suite.argv[1]) == "--write";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(every_state_has_a_row) {
  std::set<std::size_t> seen;
  for (const State& state : States())
    seen.insert(state.make().state.life.index());
  BOOST_TEST(seen.size() == std::variant_size_v<paging::Life>,
             "a new state needs a sample in States()");
}

BOOST_AUTO_TEST_CASE(every_event_has_a_row) {
  std::set<std::size_t> seen;
  for (const Happening& happening : Happenings()) {
    seen.insert(happening.make(kBirth).index());
  }
  BOOST_TEST(seen.size() == std::variant_size_v<paging::Event>,
             "a new event needs a sample in Happenings()");
}

BOOST_AUTO_TEST_CASE(the_page_says_what_apply_does) {
  const Page page = ReadPage();
  const std::string table = Table();
  if (AskedToWrite()) {
    std::ofstream(kFile) << page.text.substr(0, page.begin) << table
                         << page.text.substr(page.end);
    return;
  }
  BOOST_TEST(page.text.substr(page.begin, page.end - page.begin) == table,
             "docs/paging.md has another table. If the new behaviour is "
             "meant, write it anew: paging_table_test -- --write");
}

BOOST_AUTO_TEST_SUITE_END()
