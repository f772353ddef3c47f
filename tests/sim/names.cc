#include "tests/sim/names.h"

#include <utility>

namespace tocsin::testing {

namespace {

// A new event or effect does not compile until it has a name, and then it must
// occur.
struct EventNames {
  const char* operator()(const paging::AlertsReceived&) { return "alerts"; }
  const char* operator()(const paging::TimerFired&) { return "timer"; }
  const char* operator()(const paging::SiblingsMet&) { return "siblings"; }
  const char* operator()(const paging::AcknowledgeRequested&) {
    return "acknowledge";
  }
  const char* operator()(const paging::UnacknowledgeRequested&) {
    return "unacknowledge";
  }
  const char* operator()(const paging::ResolveRequested&) { return "resolve"; }
  const char* operator()(const paging::UnresolveRequested&) {
    return "unresolve";
  }
  const char* operator()(const paging::SilenceRequested&) { return "silence"; }
  const char* operator()(const paging::UnsilenceRequested&) {
    return "unsilence";
  }
  const char* operator()(const paging::EscalateRequested&) {
    return "escalate";
  }
  const char* operator()(const paging::NotificationDelivered&) {
    return "delivered";
  }
  const char* operator()(const paging::NotificationFailed& failed) {
    return failed.retry_at ? "failed_temporary" : "failed_permanent";
  }
};

struct EffectNames {
  const char* operator()(const paging::Notify&) { return "notify"; }
  const char* operator()(const paging::RetryAt&) { return "retry_at"; }
  const char* operator()(const paging::Close&) { return "close"; }
  const char* operator()(const paging::Record&) { return "record"; }
  const char* operator()(const paging::KeepContents&) {
    return "keep_contents";
  }
  const char* operator()(const paging::KeepSnapshot&) {
    return "keep_snapshot";
  }
  const char* operator()(const paging::MovePointer&) { return "move_pointer"; }
};

template <typename Variant, typename Visitor, std::size_t... I>
void AddAll(std::vector<std::string>& kinds, const std::string& prefix,
            std::index_sequence<I...> /*all*/) {
  (kinds.push_back(prefix +
                   std::visit(Visitor(), Variant(std::in_place_index<I>))),
   ...);
}

template <typename Variant, typename Visitor>
void AddAll(std::vector<std::string>& kinds, const std::string& prefix) {
  AddAll<Variant, Visitor>(
      kinds, prefix, std::make_index_sequence<std::variant_size_v<Variant>>());
}

}  // namespace

const char* EventName(const paging::Event& event) {
  return std::visit(EventNames(), event);
}

const char* EffectName(const paging::Effect& effect) {
  return std::visit(EffectNames(), effect);
}

std::vector<std::string> KindsByName() {
  std::vector<std::string> kinds = {"event:failed_temporary"};
  AddAll<paging::Event, EventNames>(kinds, "event:");
  AddAll<paging::Effect, EffectNames>(kinds, "effect:");
  // The last kind of entry is kIgnored.
  for (int kind = 0; kind <= static_cast<int>(paging::TimelineKind::kIgnored);
       ++kind) {
    kinds.push_back(std::string("timeline:") +
                    TimelineKindName(static_cast<paging::TimelineKind>(kind)));
  }
  return kinds;
}

}  // namespace tocsin::testing
