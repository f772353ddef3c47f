#include "paging/admit.h"

#include <algorithm>

#include "base/check.h"

namespace tocsin::paging {

Admission Admit(const std::optional<Instant>& last_departure, Instant now,
                Duration within) {
  // A clock that ran ahead has written an instant that no bundle leaves at.
  if (!last_departure || *last_departure > now + within) {
    return {.leaves_at = now, .folded = false};
  }
  if (*last_departure > now) {  // a bundle that has not left yet
    return {.leaves_at = *last_departure, .folded = true};
  }
  if (now - *last_departure < within) {
    return {.leaves_at = *last_departure + within, .folded = true};
  }
  return {.leaves_at = now, .folded = false};
}

Record PutOff(AlertGroup& group, NotificationId id, const Admission& admission,
              Instant now) {
  const auto open = std::find_if(group.open_notifications.begin(),
                                 group.open_notifications.end(),
                                 [id](const OpenNotification& known) {
                                   return known.sequence == id.sequence;
                                 });
  TOCSIN_CHECK(open != group.open_notifications.end());
  open->issued_at = admission.leaves_at;
  ++group.timeline_length;
  return {
      .entry = {.at = now,
                .kind = TimelineKind::kNotNotified,
                .actor = {},
                .text = "notification " + NotificationIdText(id) +
                        " waits until " + FormatRfc3339(admission.leaves_at) +
                        ": " + group.runs[open->run].user +
                        " was paged right before, and gets what "
                        "follows in one message"},
      .word = "folded"};
}

}  // namespace tocsin::paging
