#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "config/load.h"
#include "routing/route.h"

namespace {

using tocsin::config::Fault;
using tocsin::config::LoadResult;

void CheckOneLineEach(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    TOCSIN_CHECK(!fault.message.empty());
    TOCSIN_CHECK(FaultText(fault).find('\n') == std::string::npos);
  }
}

}  // namespace

// Any bytes end in a configuration or in faults, and what the loader takes the
// tree takes too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  const LoadResult result = tocsin::config::LoadText("fuzz.yml", text);
  TOCSIN_CHECK(result.config.has_value() == result.faults.empty());
  CheckOneLineEach(result.faults);
  CheckOneLineEach(result.warnings);
  if (result.config) {
    TOCSIN_CHECK(tocsin::routing::Tree::Build(result.config->route).ok());
  }
  return 0;
}
