// What people do to an alert group.

#include <boost/json.hpp>
#include <cstdio>

#include "base/time.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/table.h"

namespace tocsin::ctl {
namespace {

namespace json = boost::json;

constexpr const char* kForEver = "ever";

// Posts `verb` for the group that the invocation names and says what it is now.
Outcome Act(const Invocation& invocation, const std::string& verb,
            const std::string& now, const json::value& body = nullptr) {
  const std::string& group = invocation.arguments.front();
  const Answer answer =
      Client(invocation)
          .Post("alert_groups/" + PathSegment(group) + "/" + verb + "/", body);
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  if (invocation.output == Output::kJson) {
    PrintJson({{"id", group}, {"state", now}});
  } else {
    std::printf("Group %s is %s.\n", Printable(group).c_str(), now.c_str());
  }
  return std::nullopt;
}

Outcome AcknowledgeAll(const Invocation& invocation) {
  const Answer answer =
      Client(invocation)
          .Post("alert_groups/" + PathSegment(invocation.arguments.front()) +
                    "/acknowledge/",
                {{"siblings", true}});
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  const auto& body = std::get<json::value>(answer);
  if (invocation.output == Output::kJson) {
    PrintJson(body);
    return std::nullopt;
  }
  const json::array* results = ArrayOf(body, "results");
  if (results == nullptr) return std::nullopt;
  for (const json::value& result : *results) {
    const std::string refused = Text(result, "detail");
    std::printf("Group %s%s%s.\n", Printable(Text(result, "id")).c_str(),
                refused.empty() ? " is acknowledged" : ": ",
                Printable(refused).c_str());
  }
  return std::nullopt;
}

}  // namespace

Outcome Acknowledge(const Invocation& invocation) {
  if (invocation.siblings) return AcknowledgeAll(invocation);
  return Act(invocation, "acknowledge", "acknowledged");
}

Outcome Unacknowledge(const Invocation& invocation) {
  return Act(invocation, "unacknowledge", "firing");
}

Outcome Resolve(const Invocation& invocation) {
  return Act(invocation, "resolve", "resolved");
}

Outcome Unresolve(const Invocation& invocation) {
  return Act(invocation, "unresolve", "firing");
}

Outcome Silence(const Invocation& invocation) {
  if (!invocation.lasting) {
    return Failure{ExitCode::kUsage,
                   "silence needs --for, a duration (2h, 30m) or \"ever\""};
  }
  json::object body{{"delay", -1}};
  if (*invocation.lasting != kForEver) {
    const Result<Duration> length = ParseDuration(*invocation.lasting);
    if (!length.ok()) {
      return Failure{ExitCode::kUsage, "--for: " + length.error().message};
    }
    body["delay"] =
        std::chrono::ceil<std::chrono::seconds>(length.value()).count();
  }
  return Act(invocation, "silence", "silenced", body);
}

Outcome Unsilence(const Invocation& invocation) {
  return Act(invocation, "unsilence", "firing");
}

Outcome Escalate(const Invocation& invocation) {
  return Act(invocation, "escalate", "escalated");
}

}  // namespace tocsin::ctl
