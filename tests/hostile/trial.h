#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/hostile/victim.h"

namespace tocsin::hostile {

// What a judge saw of a server under attack.
struct Finding {
  bool broken = false;
  std::string seen;  // a few words for the table
};

// One way to break a server: the same attack and the same judge for the stock
// library, which must break, and for us, who must hold.
struct Trap {
  const char* name;
  std::function<Finding(Victim&)> judge;
  std::vector<std::string> stock_flags{};
  std::vector<std::string> our_flags{};
  std::size_t descriptors = 0;  // bound of the server; 0: none
  int stock_tries = 1;          // for what needs the right moment
};

// Runs a trap on both, a fresh process each, and prints its row. Ours must
// also end in order afterwards: under a sanitizer that is its last word.
void Try(const Trap& trap);

// Not broken means that /hello is answered: for judges of crash and wedge.
Finding Silenced(Victim& victim);

}  // namespace tocsin::hostile
