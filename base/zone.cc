#include "base/zone.h"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>
#include <vector>

namespace tocsin {
namespace {

using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

// What the calendar can say. Instants beyond are taken as the nearest end.
constexpr Instant kFirst = sys_days(std::chrono::year(1) / 1 / 1);
constexpr Instant kLast =
    sys_days(std::chrono::year(10000) / 1 / 1) - Duration(1);

constexpr std::string_view kUtc = "UTC";
constexpr std::string_view kLocal = "Local";

Error NoDatabase(const std::exception& why) {
  return {Code::kUnavailable,
          std::string("cannot read the system's time zone database (Debian's "
                      "package tzdata): ") +
              why.what()};
}

// Null: there is none. Throws where the database cannot be read.
const date::time_zone* Locate(std::string_view name) {
  if (name == kLocal) return date::current_zone();
  // No zone has a dot in its name, but tables beside the zones have. An older
  // library takes a newer table for a zone and aborts when it reads it.
  if (name.find('.') != std::string_view::npos) return nullptr;
  const std::vector<date::time_zone>& zones = date::get_tzdb().zones;
  const auto at = std::lower_bound(
      zones.begin(), zones.end(), name,
      [](const date::time_zone& zone, std::string_view wanted) {
        return zone.name() < wanted;
      });
  return at != zones.end() && at->name() == name ? &*at : nullptr;
}

}  // namespace

Zone::Zone(std::string name, const date::time_zone* zone)
    : name_(std::move(name)), zone_(zone) {}

Zone Zone::Utc() { return Zone(std::string(kUtc), nullptr); }

Result<Zone> Zone::Find(std::string_view name) {
  if (name == kUtc) return Utc();
  try {
    const date::time_zone* const zone = Locate(name);
    if (zone == nullptr) {
      return Error{Code::kInvalid, "there is no time zone \"" +
                                       std::string(name) +
                                       "\" in the system's database"};
    }
    // The zone's own file is read now, so that At() never has to.
    static_cast<void>(zone->get_info(date::sys_seconds()));
    return Zone(std::string(name), zone);
  } catch (const std::exception& why) {
    return NoDatabase(why);
  }
}

WallTime Zone::At(Instant at) const {
  const auto utc = floor<seconds>(std::clamp(at, kFirst, kLast));
  const seconds offset =
      zone_ == nullptr ? seconds(0) : zone_->get_info(utc).offset;
  const auto local = utc + offset;
  const sys_days day = floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const auto last = date.year() / date.month() / std::chrono::last;
  WallTime wall;
  wall.year = static_cast<int>(date.year());
  wall.month = static_cast<int>(static_cast<unsigned>(date.month()));
  wall.day = static_cast<int>(static_cast<unsigned>(date.day()));
  wall.days_in_month = static_cast<int>(static_cast<unsigned>(last.day()));
  wall.weekday = static_cast<int>(std::chrono::weekday(day).c_encoding());
  wall.minute = static_cast<int>(floor<minutes>(local - day).count());
  return wall;
}

}  // namespace tocsin
