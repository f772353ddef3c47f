#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "metrics/bounded.h"

// What the families of metrics.cc are made with; private to it.
namespace tocsin::metrics {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using Buckets = prometheus::Histogram::BucketBoundaries;

inline Bounded<Counter> Counters(Registry& registry, const std::string& name,
                                 const std::string& help,
                                 std::vector<Axis> axes) {
  auto& family =
      prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  return {std::move(axes),
          [&family](const prometheus::Labels& labels) -> Counter& {
            return family.Add(labels);
          }};
}

inline Bounded<Gauge> Gauges(Registry& registry, const std::string& name,
                             const std::string& help, std::vector<Axis> axes) {
  auto& family =
      prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  return {std::move(axes),
          [&family](const prometheus::Labels& labels) -> Gauge& {
            return family.Add(labels);
          }};
}

// `buckets` outlive the family.
inline Bounded<Histogram> Histograms(Registry& registry,
                                     const std::string& name,
                                     const std::string& help,
                                     std::vector<Axis> axes,
                                     const Buckets& buckets) {
  auto& family =
      prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  return {std::move(axes),
          [&family, &buckets](const prometheus::Labels& labels) -> Histogram& {
            return family.Add(labels, buckets);
          }};
}

// A family with one series at a time, whose only label tells what is running.
class Info {
 public:
  Info(Registry& registry, const std::string& name, const std::string& help,
       std::string label)
      : family_(
            prometheus::BuildGauge().Name(name).Help(help).Register(registry)),
        label_(std::move(label)) {}

  void Set(std::string_view value) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (current_ != nullptr) family_.Remove(current_);
    current_ = &family_.Add({{label_, std::string(value)}});
    current_->Set(1);
  }

 private:
  prometheus::Family<Gauge>& family_;
  const std::string label_;
  Mutex mutex_;
  Gauge* current_ GUARDED_BY(mutex_) = nullptr;
};

// All of these and some more.
inline std::vector<std::string> With(std::vector<std::string> all,
                                     std::initializer_list<const char*> more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace tocsin::metrics
