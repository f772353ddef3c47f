#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace date {
class time_zone;
}

namespace tocsin {

// What calendar and clock on a wall show.
struct WallTime {
  int year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  int days_in_month = 31;
  int weekday = 4;  // 0 is Sunday
  int minute = 0;   // of the day, 0 to 1439
};

// A time zone of the system's IANA database; the only way to one. The database
// is read once, on first use. Debian's library ignores what zones do after
// 2037: their last rule before it stays. Immutable, cheap to copy, thread-safe.
class Zone {
 public:
  static Zone Utc();
  // "Europe/Zurich", "UTC"; "Local" is the machine's own zone. kInvalid for a
  // name that the database does not have.
  static Result<Zone> Find(std::string_view name);

  WallTime At(Instant at) const;
  const std::string& name() const { return name_; }

 private:
  Zone(std::string name, const date::time_zone* zone);

  std::string name_;
  const date::time_zone* zone_;  // lives as long as the process; null: UTC
};

}  // namespace tocsin
