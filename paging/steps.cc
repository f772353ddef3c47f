#include "paging/steps.h"

#include <utility>

#include "base/zone.h"
#include "paging/calls.h"
#include "paging/conditions.h"
#include "paging/episodes.h"
#include "paging/life.h"
#include "paging/personal.h"
#include "paging/planted.h"
#include "paging/round_robin.h"

namespace tocsin::paging {

namespace {

std::string LateText(Duration late) {
  if (late <= kLateAfter) return "";
  return " (late by " + DescribeDuration(late) + ")";
}

// The word of a step's kind, as the file and the metric have it.
struct KindOf {
  const char* operator()(const Wait&) const { return "wait"; }
  const char* operator()(const NotifyUsers&) const { return "notify_users"; }
  const char* operator()(const Repeat&) const { return "repeat"; }
  const char* operator()(const NotifySchedule&) const {
    return "notify_schedule";
  }
  const char* operator()(const NotifyNextOnCall&) const {
    return "notify_next_on_call";
  }
  const char* operator()(const NotifyTeam&) const { return "notify_team"; }
  const char* operator()(const NotifyRoundRobin&) const {
    return "notify_round_robin";
  }
  const char* operator()(const NotifyChat&) const { return "notify_chat"; }
  const char* operator()(const NotifySlackUserGroup&) const {
    return "notify_slack_user_group";
  }
  const char* operator()(const IfTimeBetween&) const {
    return "if_time_between";
  }
  const char* operator()(const IfAlertCount&) const { return "if_alert_count"; }
  const char* operator()(const CallWebhook&) const { return "webhook"; }
  const char* operator()(const EscalateToTeam&) const {
    return "escalate_to_team";
  }
  const char* operator()(const ResolveGroup&) const { return "resolve"; }
};

// Whether the step is there to notify people.
struct ForPeople {
  bool operator()(const NotifyUsers&) const { return true; }
  bool operator()(const NotifySchedule&) const { return true; }
  bool operator()(const NotifyNextOnCall&) const { return true; }
  bool operator()(const NotifyTeam&) const { return true; }
  bool operator()(const NotifyRoundRobin&) const { return true; }
  bool operator()(const NotifySlackUserGroup&) const { return true; }
  bool operator()(const EscalateToTeam&) const { return true; }
  bool operator()(const Wait&) const { return false; }
  bool operator()(const Repeat&) const { return false; }
  bool operator()(const NotifyChat&) const { return false; }
  bool operator()(const IfTimeBetween&) const { return false; }
  bool operator()(const IfAlertCount&) const { return false; }
  bool operator()(const CallWebhook&) const { return false; }
  bool operator()(const ResolveGroup&) const { return false; }
};

bool IsCondition(const Step& step) {
  return std::holds_alternative<IfTimeBetween>(step) ||
         std::holds_alternative<IfAlertCount>(step);
}

// One step of a chain, at the moment it runs. One operator a kind: a new one
// does not compile until it is thought about.
class StepRunner {
 public:
  StepRunner(Draft& draft, Escalation& escalation, const Chain& chain)
      : draft_(draft),
        escalation_(escalation),
        chain_(chain),
        step_(escalation.next_step) {}

  void operator()(const Wait& wait) {
    PauseUntil(draft_.Base(escalation_.due) + wait.length, Pause::kWait);
  }

  void operator()(const NotifyUsers& notify) {
    Begin("notify " + NamesNow(notify.users));
    if (!NotifyAll(notify.users, notify.importance)) Fail("");
    ++escalation_.next_step;
  }

  void operator()(const NotifyTeam& notify) {
    const Team* team = draft_.world.roster.FindTeam(notify.team);
    const std::string name =
        "team " +
        (team != nullptr ? StoredName(notify.team, team->name) : notify.team);
    Begin("notify " + name);
    if (team == nullptr) {
      Fail(name + " is no longer in the configuration");
    } else if (team->members.empty()) {
      Fail(name + " has no members");
    } else if (!NotifyAll(team->members, notify.importance)) {
      Fail("");
    }
    ++escalation_.next_step;
  }

  void operator()(const Repeat& repeat) {
    std::uint32_t& done = escalation_.repeated[step_];
    if (repeat.times && done >= *repeat.times) {
      ++escalation_.next_step;
      return;
    }
    ++done;
    std::string what = "repeat from step " + std::to_string(repeat.from + 1);
    what += " (" + std::to_string(done);
    if (repeat.times) what += " of " + std::to_string(*repeat.times);
    Begin(what + ")");
    escalation_.skipped_wait = false;
    escalation_.next_step = repeat.from;
  }

  // Who cannot be notified is passed over, and keeps the turn for the next
  // time.
  void operator()(const NotifyRoundRobin& notify) {
    Begin("notify the next of " + NamesNow(notify.users));
    ++escalation_.next_step;
    const Served* served = draft_.Pointer(chain_.name);
    if (served == nullptr) return;
    const Roster& roster = draft_.world.roster;
    for (const std::string& user : InTurn(notify.users, *served, roster)) {
      if (!NotifyAll({user}, notify.importance)) continue;
      return draft_.Move(chain_.name, AfterTurnOf(user, *served, roster));
    }
    Fail("");
  }

  // The other chain runs, then this one goes on.
  void operator()(const EscalateToTeam& escalate) {
    const Team* team = draft_.world.roster.FindTeam(escalate.team);
    Begin("escalate to team " + (team != nullptr
                                     ? StoredName(escalate.team, team->name)
                                     : escalate.team));
    ++escalation_.next_step;
    const std::optional<std::string> why = Call(draft_, escalation_, escalate);
    if (why) Fail(*why);
  }

  // In doubt the chain goes on.
  void operator()(const IfTimeBetween& condition) {
    const std::string times = DescribeTimes(condition);
    Begin("goes on " + times);
    const Result<Zone> zone = Zone::Find(condition.time_zone);
    if (!zone.ok()) {
      Failed("failed: " + zone.error().message);
    } else if (!IsBetween(condition, zone.value(), draft_.now)) {
      return WhenOutside(condition, zone.value());
    }
    ++escalation_.next_step;
  }

  void operator()(const IfAlertCount& condition) {
    if (!draft_.group.episodes) {  // of an older program
      KeepEpisodesFor(draft_, &draft_.Snapshot(escalation_.snapshot));
    }
    const std::string within = " within " + DescribeDuration(condition.within);
    Begin("goes on after more than " + DescribeCount(condition.more_than) +
          within);
    const std::size_t came = EpisodesWithin(draft_, condition.within);
    if (came > condition.more_than) {
      ++escalation_.next_step;
      return;
    }
    draft_.NotNotified("too_few_alerts", DescribeCount(came) + within +
                                             ": chain " + chain_.name +
                                             " waits for the next alert");
    PauseUntil(escalation_.due, Pause::kForAlerts);
  }

  // The group is over, and with it the escalation.
  void operator()(const ResolveGroup&) {
    Begin("resolve");
    Resolve(draft_, "", "resolved by " + StepName(chain_, step_));
  }

  void operator()(const NotifySchedule& notify) {
    DoNotRun("notify schedule " + notify.schedule);
  }
  void operator()(const NotifyNextOnCall& notify) {
    DoNotRun("notify who is next in schedule " + notify.schedule);
  }
  void operator()(const NotifyChat&) { DoNotRun("post to chat channels"); }
  void operator()(const NotifySlackUserGroup& notify) {
    DoNotRun("notify Slack user group " + notify.user_group);
  }
  void operator()(const CallWebhook& call) {
    DoNotRun("call webhook " + call.provider);
  }

 private:
  const char* Kind() const { return std::visit(KindOf{}, chain_.steps[step_]); }

  // Records that the step runs; the people of the wait before are history.
  void Begin(const std::string& what) {
    if (escalation_.pause != Pause::kNone) {
      escalation_.pause = Pause::kNone;
      escalation_.sought = false;
      escalation_.notified.clear();
    }
    escalation_.sought |= IsForPeople(chain_.steps[step_]);
    escalation_.last_run[step_] = draft_.now;
    std::string text = StepName(chain_, step_) + " runs: " + what;
    text += LateText(draft_.now - escalation_.due);
    draft_.Note(TimelineKind::kStepRun, std::move(text), {}, Kind());
    escalation_.due = draft_.Base(escalation_.due);
  }

  void PauseUntil(Instant due, Pause pause) {
    escalation_.due = due;
    escalation_.pause = pause;
    ++escalation_.next_step;
  }

  void WhenOutside(const IfTimeBetween& condition, const Zone& zone) {
    if (condition.outside == Outside::kSkip) return Skip();
    const Instant begin = NextBegin(condition, zone, draft_.now);
    draft_.NotNotified("outside_hours", "outside of these times: chain " +
                                            chain_.name + " waits until " +
                                            FormatRfc3339(begin));
    PauseUntil(begin, Pause::kUntilDue);
  }

  // Passes over the step behind a condition, with what else it depends on.
  void Skip() {
    std::size_t& next = ++escalation_.next_step;
    const std::vector<Step>& steps = chain_.steps;
    while (next < steps.size() && IsCondition(steps[next])) ++next;
    if (next == steps.size()) return;
    draft_.NotNotified("outside_hours",
                       "outside of these times: " + StepName(chain_, next) +
                           " is skipped, " + std::visit(KindOf{}, steps[next]));
    ++next;
  }

  // Whether anybody's run is under way now.
  bool NotifyAll(const std::vector<std::string>& users,
                 const std::optional<Importance>& importance) {
    Importance loud = escalation_.importance.value_or(draft_.group.importance);
    if (escalation_.called_for) {
      loud = escalation_.called_for->importance.value_or(loud);
    }
    bool anybody = false;
    for (const std::string& user : users) {
      if (IsPlanted(Planted::kMateForgotten) && anybody) break;
      escalation_.notified.push_back(user);
      anybody |= StartRun(draft_, user, importance.value_or(loud),
                          StepName(chain_, step_));
    }
    return anybody;
  }

  std::string NamesNow(const std::vector<std::string>& stored) const {
    std::string names;
    for (const std::string& name : stored) {
      const User* user = draft_.world.roster.FindUser(name);
      names += (names.empty() ? "" : ", ") +
               (user != nullptr ? StoredName(name, user->name) : name);
    }
    return names;
  }

  void Fail(const std::string& why) {
    Failed("could notify nobody" + (why.empty() ? "" : ": " + why));
  }

  void Failed(const std::string& what) {
    draft_.Note(TimelineKind::kStepFailed, StepName(chain_, step_) + " " + what,
                {}, Kind());
  }

  void DoNotRun(const std::string& what) {
    Begin(what);
    Failed("failed: this version does not run " + std::string(Kind()) +
           " steps");
    ++escalation_.next_step;
  }

  Draft& draft_;
  Escalation& escalation_;
  const Chain& chain_;
  const std::size_t step_;
};

}  // namespace

bool IsForPeople(const Step& step) { return std::visit(ForPeople{}, step); }

std::string StepName(const Chain& chain, std::size_t step) {
  return "step " + std::to_string(step + 1) + " of chain " + chain.name;
}

void RunStep(Draft& draft, Escalation& escalation, const Chain& chain) {
  std::visit(StepRunner(draft, escalation, chain),
             chain.steps[escalation.next_step]);
}

}  // namespace tocsin::paging
