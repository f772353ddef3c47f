#include "web/representation.h"

#include <string>
#include <utility>

#include "web/compression.h"
#include "web/etag.h"
#include "web/problem.h"

namespace tocsin::web {
namespace {

// Less fits one packet anyway.
constexpr std::size_t kWorthwhile = 1024;

// What the answer to this question depends on, for caches on the way.
void AddVary(Headers& headers) {
  headers.emplace_back("Vary", "Accept-Encoding");
}

}  // namespace

Response Represent(const Request& request, Response response,
                   Validator validator) {
  if (response.status != 200) return response;
  const auto coding = ChooseCoding(request.HeaderList("Accept-Encoding"),
                                   response.body.size() > kWorthwhile);
  if (!coding) {
    Response refused = ProblemFor(406, "There is gzip and identity.");
    AddVary(refused.headers);
    return refused;
  }
  AddVary(response.headers);
  if (validator == Validator::kEtag) {
    const std::string etag = EtagOf(response.body, *coding);
    response.headers.emplace_back("ETag", etag);
    // One's own, and asked about each time: groups change at any moment.
    response.headers.emplace_back("Cache-Control", "private, no-cache");
    if (NamesTag(request.HeaderList("If-None-Match"), etag)) {
      return {.status = 304, .headers = std::move(response.headers)};
    }
  }
  if (coding == Coding::kIdentity) return response;
  auto compressed = Gzip(response.body);
  if (!compressed) return ProblemFor(503, "Out of memory, ask again.");
  response.body = std::move(*compressed);
  response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace tocsin::web
