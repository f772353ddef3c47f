#include "daemon/make_settings.h"

#include <utility>

#include "daemon/build_tree.h"

namespace tocsin::daemon {

Result<std::shared_ptr<const engine::Settings>> MakeSettings(
    const config::Config& config) {
  auto tree = BuildTree(config);
  if (!tree.ok()) return tree.error();
  return std::make_shared<const engine::Settings>(
      engine::Settings{.tree = std::move(tree).value(),
                       .roster = config.roster,
                       .fold_within = config.fold_within});
}

}  // namespace tocsin::daemon
