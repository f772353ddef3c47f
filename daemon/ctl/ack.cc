#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"

namespace tocsin::ctl {

Outcome Acknowledge(const Invocation& invocation) {
  return ActOnGroup(invocation, "acknowledge", "acknowledged");
}

}  // namespace tocsin::ctl
