#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "routing/matcher.h"
#include "routing/matcher_syntax.h"

namespace {

using tocsin::Result;
using tocsin::routing::Matcher;

void CheckSame(const Matcher& matcher,
               const Result<std::vector<Matcher>>& back) {
  TOCSIN_CHECK(back.ok() && back.value().size() == 1);
  TOCSIN_CHECK(back.value()[0].op() == matcher.op());
  TOCSIN_CHECK(back.value()[0].name() == matcher.name());
  TOCSIN_CHECK(back.value()[0].value() == matcher.value());
}

// What was taken is written so that it is read back as the same.
void CheckRoundTrip(const Result<std::vector<Matcher>>& parsed) {
  if (!parsed.ok()) return;
  for (const Matcher& matcher : parsed.value()) {
    CheckSame(matcher, tocsin::routing::ParseMatchers(matcher.Text()));
    CheckSame(matcher, tocsin::routing::ParseUtf8Matchers(matcher.Text()));
    matcher.Matches(matcher.value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckRoundTrip(tocsin::routing::ParseClassicMatchers(text));
  CheckRoundTrip(tocsin::routing::ParseUtf8Matchers(text));
  return 0;
}
