#include <boost/json.hpp>
#include <cstdio>

#include "daemon/ctl/client.h"
#include "daemon/ctl/table.h"

namespace tocsin::ctl {

Outcome ActOnGroup(const Invocation& invocation, const std::string& verb,
                   const std::string& done) {
  const std::string& group = invocation.arguments.front();
  const Answer answer =
      Client(invocation)
          .Post("alert_groups/" + PathSegment(group) + "/" + verb + "/");
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  if (invocation.output == Output::kJson) {
    PrintJson({{"id", group}, {"state", done}});
  } else {
    std::printf("Group %s is %s.\n", Printable(group).c_str(), done.c_str());
  }
  return std::nullopt;
}

}  // namespace tocsin::ctl
