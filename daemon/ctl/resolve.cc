#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"

namespace tocsin::ctl {

Outcome Resolve(const Invocation& invocation) {
  return ActOnGroup(invocation, "resolve", "resolved");
}

}  // namespace tocsin::ctl
