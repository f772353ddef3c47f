#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "config/load.h"
#include "routing/route.h"

namespace {

using tocsin::config::Config;
using tocsin::config::Fault;
using tocsin::config::LoadResult;
using tocsin::config::Secrets;

void CheckOneLineEach(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    TOCSIN_CHECK(!fault.message.empty());
    TOCSIN_CHECK(FaultText(fault).find('\n') == std::string::npos);
  }
}

bool MakesTree(const Config& config) {
  tocsin::routing::TreeOptions options;
  options.intervals = config.time_intervals;
  for (const auto& source : config.sources) {
    if (!source.default_team.empty()) {
      options.default_teams[source.name] = source.default_team;
    }
  }
  return tocsin::routing::Tree::Build(config.route, options).ok();
}

}  // namespace

// Any bytes end in a configuration or in faults, and what the loader takes the
// tree takes too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  const LoadResult result = tocsin::config::LoadText(
      "no/such/folder/fuzz.yml", text, {.secrets = Secrets::kSkip});
  TOCSIN_CHECK(result.config.has_value() == result.faults.empty());
  CheckOneLineEach(result.faults);
  CheckOneLineEach(result.warnings);
  TOCSIN_CHECK(!result.config || MakesTree(*result.config));
  return 0;
}
