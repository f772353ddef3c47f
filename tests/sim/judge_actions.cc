#include <memory>
#include <string>
#include <string_view>

#include "tests/sim/names.h"
#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// What a person asked for and was granted has happened: the group is what the
// action makes of it, or is not what the action ends.
namespace tocsin::testing {

namespace {

// The state that the action leads to, or with a "-" before it the one that it
// leads out of; "" where it changes none.
struct LeadsTo {
  const char* operator()(const paging::AcknowledgeRequested&) {
    return "acknowledged";
  }
  const char* operator()(const paging::ResolveRequested&) { return "resolved"; }
  const char* operator()(const paging::SilenceRequested&) { return "silenced"; }
  const char* operator()(const paging::UnacknowledgeRequested&) {
    return "-acknowledged";
  }
  const char* operator()(const paging::UnsilenceRequested&) {
    return "-silenced";
  }
  template <typename Other>
  const char* operator()(const Other&) {
    return "";
  }
};

class ActionsJudge final : public Property {
 public:
  void Taken(Story& story, const engine::ActionPosted& what) override {
    const std::string_view wanted = std::visit(LeadsTo(), what.event);
    if (wanted.empty()) return;
    const std::string_view life =
        LifeName(story.store.groups().at(what.group).life);
    const bool right =
        wanted.front() == '-' ? wanted.substr(1) != life : wanted == life;
    if (right) return;
    story.Broken("after a granted " + std::string(EventName(what.event)) +
                 " the group is " + std::string(life));
  }
};

}  // namespace

std::unique_ptr<Property> Actions() { return std::make_unique<ActionsJudge>(); }

}  // namespace tocsin::testing
