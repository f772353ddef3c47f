#include "paging/admit.h"

namespace tocsin::paging {

Admission Admit(const std::optional<Instant>& last_departure, Instant now) {
  // A clock that ran ahead has written an instant that no bundle leaves at.
  if (!last_departure || *last_departure > now + kFoldFor) {
    return {.leaves_at = now, .folded = false};
  }
  if (*last_departure > now) {  // a bundle that has not left yet
    return {.leaves_at = *last_departure, .folded = true};
  }
  if (now - *last_departure < kFoldFor) {
    return {.leaves_at = *last_departure + kFoldFor, .folded = true};
  }
  return {.leaves_at = now, .folded = false};
}

}  // namespace tocsin::paging
