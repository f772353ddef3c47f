#pragma once

#include <prometheus/family.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"

namespace tocsin::metrics {

// A label and the values it is known to take.
struct Axis {
  Axis(std::string axis_label, std::vector<std::string> values)
      : label(std::move(axis_label)), known(std::move(values)) {
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
  }

  // Index into `known`; its size for a value that is not there.
  std::size_t Find(std::string_view value) const {
    const auto at = std::lower_bound(known.begin(), known.end(), value);
    return at != known.end() && *at == value
               ? static_cast<std::size_t>(at - known.begin())
               : known.size();
  }

  std::string label;
  std::vector<std::string> known;  // sorted
};

// One family over 0 to 2 axes. The series of known values exist from the start
// and are found without a lock; any other value counts under "other", so the
// number of series is bounded whatever comes in. Immutable, thread-safe.
template <typename Metric>
class Bounded {
 public:
  // `add` makes or finds the series of these labels; it is thread-safe.
  using Add = std::function<Metric&(const prometheus::Labels&)>;

  Bounded(std::vector<Axis> axes, Add add)
      : axes_(std::move(axes)), add_(std::move(add)) {
    Keep(0, {});
  }

  // One value for each axis, in their order.
  Metric& At(std::initializer_list<std::string_view> values) const {
    TOCSIN_CHECK(values.size() == axes_.size());
    std::size_t index = 0;
    bool known = true;
    auto axis = axes_.begin();
    for (const std::string_view value : values) {
      const std::size_t found = axis->Find(value);
      known = known && found < axis->known.size();
      index = index * axis->known.size() + found;
      ++axis;
    }
    return known ? *kept_[index] : Other(values);
  }

 private:
  void Keep(std::size_t depth, const prometheus::Labels& labels) {
    if (depth == axes_.size()) {
      kept_.push_back(&add_(labels));
      return;
    }
    for (const std::string& value : axes_[depth].known) {
      prometheus::Labels more = labels;
      more.emplace(axes_[depth].label, value);
      Keep(depth + 1, more);
    }
  }

  Metric& Other(std::initializer_list<std::string_view> values) const {
    prometheus::Labels labels;
    auto axis = axes_.begin();
    for (const std::string_view value : values) {
      const bool known = axis->Find(value) < axis->known.size();
      labels.emplace(axis->label, known ? std::string(value) : "other");
      ++axis;
    }
    return add_(labels);
  }

  const std::vector<Axis> axes_;
  const Add add_;
  std::vector<Metric*> kept_;  // owned by the family; last axis runs fastest
};

}  // namespace tocsin::metrics
