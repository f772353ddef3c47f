#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"
#include "routing/payload.h"

namespace {

using tocsin::Result;
using tocsin::routing::Alert;
using tocsin::routing::Payload;

// What a body that was taken promises to those who read it.
void CheckTaken(const Payload& payload) {
  TOCSIN_CHECK(!payload.alerts.empty());
  TOCSIN_CHECK(payload.truncated_alerts >= 0);
  const std::string name = tocsin::routing::UnquoteReceiver(payload.receiver);
  TOCSIN_CHECK(name.size() <= payload.receiver.size());
  for (const Alert& alert : payload.alerts) {
    TOCSIN_CHECK(alert.fingerprint == Fingerprint(alert.labels));
    const Result<tocsin::Instant> back =
        tocsin::ParseRfc3339(tocsin::FormatRfc3339(alert.starts_at));
    TOCSIN_CHECK(back.ok() && back.value() == alert.starts_at);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<Payload> parsed = tocsin::routing::ParsePayload(text);
  if (parsed.ok()) {
    TOCSIN_CHECK(tocsin::IsValidUtf8(text));
    CheckTaken(parsed.value());
  } else {
    TOCSIN_CHECK(parsed.error().code == tocsin::Code::kInvalid);
  }
  return 0;
}
