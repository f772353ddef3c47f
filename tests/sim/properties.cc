#include "tests/sim/properties.h"

namespace tocsin::testing {

std::vector<std::unique_ptr<Property>> Properties() {
  std::vector<std::unique_ptr<Property>> all;
  all.push_back(Effects());
  all.push_back(Births());
  all.push_back(Rows());
  all.push_back(Chains());
  all.push_back(Steps());
  all.push_back(Actions());
  all.push_back(Episodes());
  all.push_back(Attention());
  all.push_back(Holds());
  all.push_back(Siblings());
  all.push_back(Sending());
  all.push_back(Folding());
  all.push_back(Conditions());
  all.push_back(Notifications());
  all.push_back(LastWords());
  return all;
}

}  // namespace tocsin::testing
