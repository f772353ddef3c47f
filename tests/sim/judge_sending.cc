#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// What is over is not claimed. Nothing is sent about a group after an
// acknowledge, a silence or a resolve that was answered; it goes to somebody
// whom a file has; and no run of a person begins within a minute of their last
// one for one group.
namespace tocsin::testing {

namespace {

using std::chrono::minutes;

class SendingJudge final : public Property {
 public:
  void Committed(Story& story, const engine::Changes& changes) override {
    std::set<paging::NotificationId> claimed(changes.claimed.begin(),
                                             changes.claimed.end());
    for (const engine::OutboxInsert& insert : changes.inserts) {
      claimed.insert(insert.message.id);
    }
    for (const paging::NotificationId& id : changes.closed) {
      if (claimed.contains(id)) {
        story.Broken("notification " + NotificationIdText(id) +
                     " is over and is still to be sent");
      }
    }
  }

  void Taken(Story& /*story*/, const engine::ActionPosted& what) override {
    quiet_.insert(what.group);
  }

  void AfterTurn(Story& story) override {
    std::erase_if(quiet_, [&story](paging::AlertGroupId id) {
      return std::holds_alternative<paging::Firing>(
          story.store.groups().at(id).life);
    });
  }

  void Sent(Story& story, const engine::Message& message) override {
    const std::string name = "notification " + NotificationIdText(message.id);
    const paging::AlertGroup& group = story.store.groups().at(message.id.group);
    if (story.store.ClaimStands(message.id).value()) {
      if (!std::holds_alternative<paging::Firing>(group.life)) {
        story.Broken(name + " may be sent though its group is " +
                     LifeName(group.life));
      }
      if (quiet_.contains(message.id.group)) {
        story.Broken(name + " is sent after an answered action");
      }
    }
    if (std::none_of(story.files.begin(), story.files.end(),
                     [&](const auto& file) {
                       return file->roster.users.contains(message.user);
                     })) {
      story.Broken(name + " is for " + message.user + ", whom no file has");
    }
    if (sent_.insert(message.id).second) CheckNotTwice(story, message);
  }

 private:
  // The first message of a run; later ones follow from what became of it.
  void CheckNotTwice(Story& story, const engine::Message& message) {
    if (message.priority != paging::Priority::kFirstPage) return;
    if (message.folded) return;  // judge_folding.cc
    auto& last = last_page_[{message.id.group, message.user}];
    // One that failed for long may be sent after a later one.
    if (last && std::chrono::abs(message.issued_at - *last) < minutes(1)) {
      story.Broken("two pages within a minute, the second is " +
                   NotificationIdText(message.id));
    }
    last = std::max(message.issued_at, last.value_or(message.issued_at));
  }

  std::set<paging::AlertGroupId> quiet_;  // by an answered action
  std::set<paging::NotificationId> sent_;
  std::map<std::pair<paging::AlertGroupId, std::string>,
           std::optional<Instant>>
      last_page_;  // by group and user
};

}  // namespace

std::unique_ptr<Property> Sending() { return std::make_unique<SendingJudge>(); }

}  // namespace tocsin::testing
