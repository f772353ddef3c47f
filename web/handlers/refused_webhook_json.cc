#include "web/handlers/refused_webhook_json.h"

#include <boost/json/array.hpp>
#include <string_view>
#include <utility>

#include "base/time.h"

namespace tocsin::web {
namespace {

namespace json = boost::json;

json::string Text(std::string_view text) {
  return json::string(text.data(), text.size());
}

json::object ToJson(const RefusedWebhook& refused) {
  json::object out;
  out["at"] = Text(FormatRfc3339(refused.at));
  out["source"] = refused.source.empty() ? "unknown" : Text(refused.source);
  out["path"] = Text(refused.origin.path);
  out["reason"] = Text(refused.result);
  out["status"] = refused.status;
  out["bytes"] = refused.origin.bytes;
  out["detail"] = Text(refused.detail);
  out["sender"] = Text(refused.origin.sender);
  out["user_agent"] = Text(refused.origin.user_agent);
  return out;
}

}  // namespace

json::object ToJson(const IntakeAccount::Refusals& refusals) {
  json::array results;
  for (const RefusedWebhook& refused : refusals.kept) {
    results.push_back(ToJson(refused));
  }
  json::object out;
  out["total"] = refusals.total;
  out["results"] = std::move(results);
  return out;
}

}  // namespace tocsin::web
