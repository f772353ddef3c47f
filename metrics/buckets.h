#pragma once

#include "metrics/family.h"

// Where the histograms of metrics.cc end their buckets, in seconds but for one.
namespace tocsin::metrics {

// An fsync on a good disk takes 0.2 ms, on a bad day seconds.
inline const Buckets kCommitSeconds = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};
inline const Buckets kTurnPosts = {0, 1, 2, 4, 8, 16, 32, 64, 128, 256};
// From one turn's length to an outage of the daemon.
inline const Buckets kLatenessSeconds = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5,
                                         1,     5,     15,   60,   300, 3600};
// Up to a little more than the time-out of one request, 10 s.
inline const Buckets kAttemptSeconds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                        0.5,   1,    2.5,   5,    10,  15};
inline const Buckets kFirstNotificationSeconds = {
    0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300};

}  // namespace tocsin::metrics
