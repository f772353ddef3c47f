#pragma once

#include <functional>
#include <map>
#include <string>

#include "tests/sim/files.h"
#include "tests/support/model_store.h"

namespace tocsin::testing {

// Looks at the store after each commit and judges what the commit did to the
// lives of groups:
// - all groups that one commit bore are where one of the two files, the same
//   for all of them, puts each of their alerts;
// - a group is born held if and only if its route is muted then;
// - a held group begins to fire only when by one of the files its route pages,
//   or is gone, or sends to another team.
class Watch {
 public:
  Watch(const Files& files, std::function<void(const std::string&)> count,
        std::function<void(const std::string&)> broken);

  void Look(ModelStore& store);

 private:
  bool BornBy(const engine::Settings& file, ModelStore& store,
              const paging::AlertGroup& group) const;
  void Changed(const std::string& before, const paging::AlertGroup& group);

  const Files& files_;
  const std::function<void(const std::string&)> count_;
  const std::function<void(const std::string&)> broken_;
  std::map<paging::AlertGroupId, std::string> seen_;  // the name of its life
};

// The route that the group was born on, if by this file it is still there and
// goes to the group's team.
const routing::Route* RouteOf(const engine::Settings& file,
                              const paging::AlertGroup& group);

}  // namespace tocsin::testing
