#include "config/not_yet.h"

#include "config/fault.h"

namespace tocsin::config {

void WarnNotYet(const Reader& at, std::string_view key) {
  at.AddWarningOnce(Quoted(key) +
                    " is read, but has no effect in this version yet");
}

}  // namespace tocsin::config
