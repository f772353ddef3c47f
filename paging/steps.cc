#include "paging/steps.h"

#include <utility>

#include "paging/life.h"
#include "paging/personal.h"
#include "paging/planted.h"

namespace tocsin::paging {

namespace {

std::string StepName(const Chain& chain, std::size_t step) {
  return "step " + std::to_string(step + 1) + " of chain " + chain.name;
}

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
    escalation_.due = draft_.Base(escalation_.due) + wait.length;
    escalation_.waiting = true;
    ++escalation_.next_step;
  }

  void operator()(const NotifyUsers& notify) {
    std::string what = "notify";
    for (std::size_t i = 0; i < notify.users.size(); ++i) {
      what += (i == 0 ? " " : ", ") + NameNow(notify.users[i]);
    }
    Begin(what);
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
  void operator()(const NotifyRoundRobin&) { DoNotRun("notify in turn"); }
  void operator()(const NotifyChat&) { DoNotRun("post to chat channels"); }
  void operator()(const NotifySlackUserGroup& notify) {
    DoNotRun("notify Slack user group " + notify.user_group);
  }
  void operator()(const IfTimeBetween&) { DoNotRun("look at the time"); }
  void operator()(const IfAlertCount&) { DoNotRun("count alerts"); }
  void operator()(const CallWebhook& call) {
    DoNotRun("call webhook " + call.provider);
  }
  void operator()(const EscalateToTeam& escalate) {
    DoNotRun("escalate to team " + escalate.team);
  }

 private:
  const char* Kind() const { return std::visit(KindOf{}, chain_.steps[step_]); }

  // Records that the step runs; the people of the wait before are history.
  void Begin(const std::string& what) {
    if (escalation_.waiting) {
      escalation_.waiting = false;
      escalation_.notified.clear();
    }
    escalation_.last_run[step_] = draft_.now;
    std::string text = StepName(chain_, step_) + " runs: " + what;
    text += LateText(draft_.now - escalation_.due);
    draft_.Note(TimelineKind::kStepRun, std::move(text), {}, Kind());
    escalation_.due = draft_.Base(escalation_.due);
  }

  // Whether anybody's run is under way now.
  bool NotifyAll(const std::vector<std::string>& users,
                 const std::optional<Importance>& importance) {
    bool anybody = false;
    const Importance own =
        escalation_.importance.value_or(draft_.group.importance);
    for (const std::string& user : users) {
      if (IsPlanted(Planted::kMateForgotten) && anybody) break;
      escalation_.notified.push_back(user);
      anybody |= StartRun(draft_, user, importance.value_or(own),
                          StepName(chain_, step_));
    }
    return anybody;
  }

  std::string NameNow(const std::string& stored) const {
    const User* user = draft_.world.roster.FindUser(stored);
    return user != nullptr ? StoredName(stored, user->name) : stored;
  }

  void Fail(const std::string& why) {
    draft_.Note(TimelineKind::kStepFailed, StepName(chain_, step_) +
                                               " could notify nobody" +
                                               (why.empty() ? "" : ": " + why));
  }

  void DoNotRun(const std::string& what) {
    Begin(what);
    draft_.Note(TimelineKind::kStepFailed,
                StepName(chain_, step_) +
                    " failed: this version does not run " + Kind() + " steps");
    ++escalation_.next_step;
  }

  Draft& draft_;
  Escalation& escalation_;
  const Chain& chain_;
  const std::size_t step_;
};

}  // namespace

void RunStep(Draft& draft, Escalation& escalation, const Chain& chain) {
  std::visit(StepRunner(draft, escalation, chain),
             chain.steps[escalation.next_step]);
}

bool IsForPeople(const Step& step) { return std::visit(ForPeople{}, step); }

}  // namespace tocsin::paging
