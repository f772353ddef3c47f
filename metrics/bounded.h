#pragma once

#include <prometheus/family.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/mutex.h"

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
// number of series is bounded whatever comes in. Thread-safe.
template <typename Metric>
class Bounded {
 public:
  // `add` makes or finds the series of these labels; it is thread-safe.
  using Add = std::function<Metric&(const prometheus::Labels&)>;

  Bounded(std::vector<Axis> axes, Add add) : add_(std::move(add)) {
    Use(std::move(axes));
  }

  // One value for each axis, in their order.
  Metric& At(std::initializer_list<std::string_view> values) const {
    const Table& table = *table_.load(std::memory_order_acquire);
    TOCSIN_CHECK(values.size() == table.axes.size());
    std::size_t index = 0;
    bool known = true;
    auto axis = table.axes.begin();
    for (const std::string_view value : values) {
      const std::size_t found = axis->Find(value);
      known = known && found < axis->known.size();
      index = index * axis->known.size() + found;
      ++axis;
    }
    return known ? *table.kept[index] : Other(table, values);
  }

  // From now on the axis of this label, if there is one, knows these values
  // too. What it knew stays known: counters go on, and a gauge can still go
  // down.
  void Know(const Axis& more) EXCLUDES(mutex_) {
    std::vector<Axis> axes = table_.load(std::memory_order_acquire)->axes;
    bool grew = false;
    for (Axis& axis : axes) {
      if (axis.label != more.label) continue;
      const std::size_t before = axis.known.size();
      std::vector<std::string> all = axis.known;
      all.insert(all.end(), more.known.begin(), more.known.end());
      axis = Axis(axis.label, std::move(all));
      grew = grew || axis.known.size() > before;
    }
    if (grew) Use(std::move(axes));
  }

 private:
  struct Table {
    std::vector<Axis> axes;
    // Owned by the family; the last axis runs fastest.
    std::vector<Metric*> kept;
  };

  void Use(std::vector<Axis> axes) EXCLUDES(mutex_) {
    auto table = std::make_unique<Table>(Table{std::move(axes), {}});
    Keep(*table, 0, {});
    const MutexLock lock(mutex_);
    tables_.push_back(std::move(table));
    table_.store(tables_.back().get(), std::memory_order_release);
  }

  void Keep(Table& table, std::size_t depth,
            const prometheus::Labels& labels) const {
    if (depth == table.axes.size()) {
      table.kept.push_back(&add_(labels));
      return;
    }
    for (const std::string& value : table.axes[depth].known) {
      prometheus::Labels more = labels;
      more.emplace(table.axes[depth].label, value);
      Keep(table, depth + 1, more);
    }
  }

  Metric& Other(const Table& table,
                std::initializer_list<std::string_view> values) const {
    prometheus::Labels labels;
    auto axis = table.axes.begin();
    for (const std::string_view value : values) {
      const bool known = axis->Find(value) < axis->known.size();
      labels.emplace(axis->label, known ? std::string(value) : "other");
      ++axis;
    }
    return add_(labels);
  }

  const Add add_;
  std::atomic<const Table*> table_{nullptr};
  Mutex mutex_;
  // The last one is in use. Earlier ones stay, since somebody may just be
  // reading them; there is one more for each reload that brought new names.
  std::vector<std::unique_ptr<const Table>> tables_ GUARDED_BY(mutex_);
};

}  // namespace tocsin::metrics
