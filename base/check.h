#pragma once

#include <cstdio>
#include <cstdlib>

// Aborts when an invariant of ours is broken, also in release builds. systemd
// restarts the daemon and the store is the truth, so stopping loses nothing;
// going on with wrong state could. Never use it on input from outside.
#define TOCSIN_CHECK(condition)                                       \
  do {                                                                \
    if (!(condition)) [[unlikely]] {                                  \
      std::fprintf(stderr, "%s:%d: invariant broken: %s\n", __FILE__, \
                   __LINE__, #condition);                             \
      std::abort();                                                   \
    }                                                                 \
  } while (false)
