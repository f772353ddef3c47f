#pragma once

#include <string>

// Rules of the file that are neither chains nor policies of people. Plain data.
namespace tocsin::paging {

// How urgent a page is. Users and teams have one way for each.
enum class Importance { kDefault, kImportant };

constexpr const char* ImportanceName(Importance importance) {
  return importance == Importance::kImportant ? "important" : "default";
}

// Who is paged when a group is unattended: that team's way out for this
// importance.
struct LastResort {
  std::string team;
  Importance importance = Importance::kImportant;
};

}  // namespace tocsin::paging
