#include "config/wall_times.h"

#include <string>
#include <utility>

namespace tocsin::config {
namespace {

using routing::Range;

constexpr std::string_view kMidnight = "00:00";
constexpr std::string_view kEndOfDay = "24:00";

void AddNoTime(const Reader& at, const std::string& written) {
  at.AddFault(Quoted(written) +
              " is not a time of the day: write it as in \"09:00\"");
}

std::optional<Range> ReadTime(const Reader& item) {
  const Fields fields = item.Keys({"start_time", "end_time"});
  const Reader* const start = fields.Require("start_time");
  const Reader* const end = fields.Require("end_time");
  if (start == nullptr || end == nullptr) return std::nullopt;
  const std::optional<std::string> from = start->Text();
  const std::optional<std::string> to = end->Text();
  if (!from || !to) return std::nullopt;
  const Result<Range> range = routing::ParseTimes(*from, *to);
  if (!range.ok()) {
    item.AddFault(range.error().message);
    return std::nullopt;
  }
  return range.value();
}

}  // namespace

std::optional<int> ReadMinute(const Reader& at) {
  const std::optional<std::string> text = at.Text();
  if (!text) return std::nullopt;
  const Result<Range> range = routing::ParseTimes(*text, kEndOfDay);
  if (!range.ok()) {
    AddNoTime(at, *text);
    return std::nullopt;
  }
  return range.value().first;
}

std::optional<int> ReadEndMinute(const Reader& at) {
  const std::optional<std::string> text = at.Text();
  if (!text) return std::nullopt;
  if (*text == kMidnight) return 0;
  const Result<Range> range = routing::ParseTimes(kMidnight, *text);
  if (!range.ok()) {
    AddNoTime(at, *text);
    return std::nullopt;
  }
  return range.value().last;
}

std::vector<Range> ReadTimes(const Reader& list) {
  std::vector<Range> ranges;
  for (const Reader& item : list.Items()) {
    if (const std::optional<Range> range = ReadTime(item)) {
      ranges.push_back(*range);
    }
  }
  return ranges;
}

std::vector<Range> ReadWeekdays(const Reader& list) {
  return ReadRanges(list, routing::ParseWeekdays);
}

std::vector<Range> ReadRanges(const Reader& list,
                              Result<Range> (*parse)(std::string_view)) {
  std::vector<Range> ranges;
  for (const Reader& item : list.Items()) {
    const std::optional<std::string> text = item.Text();
    if (!text) continue;
    const Result<Range> range = parse(*text);
    if (range.ok()) {
      ranges.push_back(range.value());
    } else {
      item.AddFault(range.error().message);
    }
  }
  return ranges;
}

}  // namespace tocsin::config
