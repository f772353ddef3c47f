#include "web/handlers/alert_groups.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "web/handlers/alert_group_json.h"
#include "web/problem.h"
#include "web/query.h"

namespace tocsin::web {
namespace {

namespace json = boost::json;

constexpr const char* kListPath = "/api/v1/alert_groups/";

// OnCall's page size, and the most that one answer gives: 100 groups are
// 70 KB.
constexpr std::int64_t kPageSize = 50;
constexpr std::int64_t kMaxPageSize = 100;

// Far beyond any real list; keeps the offset from overflowing.
constexpr std::int64_t kMaxPage = 1'000'000'000;

std::optional<std::int64_t> Positive(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [last, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc() || last != end || value < 1) return std::nullopt;
  return value;
}

Response NotFound() { return ProblemFor(404, "Not found."); }

Response Json(const json::value& value) {
  return {.body = json::serialize(value)};
}

struct ListRequest {
  engine::GroupFilter filter;
  std::int64_t page = 1;
  std::int64_t page_size = kPageSize;
};

// OnCall calls a firing group `new` in this filter.
std::optional<std::string> StateOf(std::string_view word) {
  if (word == "new" || word == "firing") return "firing";
  for (const std::string_view known :
       {"acknowledged", "resolved", "held", "silenced", "unattended"}) {
    if (word == known) return std::string(word);
  }
  return std::nullopt;
}

// The parameters, or what is wrong with them.
std::variant<ListRequest, Response> ParseList(const Query& query) {
  ListRequest list;
  if (const auto state = query.Get("state"); state && !state->empty()) {
    list.filter.state = StateOf(*state);
    if (!list.filter.state) {
      return FieldProblem("state",
                          "Must be one of new, firing, acknowledged, "
                          "resolved, silenced, held, unattended.");
    }
  }
  if (const auto team = query.Get("team_id"); team && !team->empty()) {
    list.filter.team = *team;
  }
  if (const auto size = query.Get("perpage")) {
    list.page_size =
        std::min(Positive(*size).value_or(kPageSize), kMaxPageSize);
  }
  const auto page = Positive(query.Get("page").value_or("1"));
  if (!page || *page > kMaxPage) return ProblemFor(404, "Invalid page.");
  list.page = *page;
  list.filter.offset = static_cast<std::size_t>((*page - 1) * list.page_size);
  list.filter.limit = static_cast<std::size_t>(list.page_size);
  return list;
}

// A filter that we do not know must not look as if it had been applied.
json::array Warnings(const Query& query) {
  static constexpr std::string_view kKnown[] = {"state", "team_id", "page",
                                                "perpage"};
  json::array warnings;
  for (const auto& [name, value] : query.parameters()) {
    if (std::find(std::begin(kKnown), std::end(kKnown), name) ==
        std::end(kKnown)) {
      warnings.push_back(
          json::value("unknown parameter " + name + " was ignored"));
    }
  }
  return warnings;
}

json::value PageLink(const std::string& external_url, const Query& query,
                     std::int64_t page, std::int64_t pages) {
  if (page < 1 || page > pages) return nullptr;
  return json::value(external_url + kListPath + "?" +
                     query.With("page", std::to_string(page)));
}

json::object Envelope(const ListRequest& list, const Query& query,
                      std::int64_t count, json::array results,
                      const std::string& external_url) {
  const std::int64_t pages =
      std::max<std::int64_t>(1, (count + list.page_size - 1) / list.page_size);
  json::object out;
  out["count"] = count;
  out["next"] = PageLink(external_url, query, list.page + 1, pages);
  out["previous"] = PageLink(external_url, query, list.page - 1, pages);
  out["results"] = std::move(results);
  out["current_page_number"] = list.page;
  out["page_size"] = list.page_size;
  out["total_pages"] = pages;
  if (json::array warnings = Warnings(query); !warnings.empty()) {
    out["warnings"] = std::move(warnings);
  }
  return out;
}

Response ResponseTo(Action action, const engine::Answer& answer) {
  if (answer.refusal) {
    const bool moved = answer.refusal == paging::Refusal::kMoved;
    return ProblemFor(moved ? 409 : 400, RefusalText(action, *answer.refusal));
  }
  if (answer.status.ok()) return {.status = 200};
  if (answer.status.error().code == Code::kNotFound) return NotFound();
  return ProblemFor(answer.status.error());
}

json::object ResultJson(paging::AlertGroupId id, std::string_view refused) {
  json::object out;
  out["id"] = std::to_string(id.value());
  out["ok"] = refused.empty();
  if (!refused.empty()) {
    out["detail"] = json::string_view(refused.data(), refused.size());
  }
  return out;
}

// The answer to an action that took siblings along names what each came to. It
// is 200 where any of them took it.
Response ResponseToAll(Action action, paging::AlertGroupId id,
                       const engine::Answer& answer) {
  if (!answer.status.ok()) return ResponseTo(action, answer);
  const auto refused = [action](const std::optional<paging::Refusal>& why) {
    return why ? RefusalText(action, *why) : std::string_view();
  };
  json::array results = {ResultJson(id, refused(answer.refusal))};
  bool taken = !answer.refusal;
  for (const engine::SiblingAnswer& sibling : answer.siblings) {
    results.push_back(
        ResultJson(sibling.group, sibling.found ? refused(sibling.refusal)
                                                : "There is no such group"));
    taken |= sibling.found && !sibling.refusal;
  }
  json::object out;
  if (!taken) out["detail"] = results.front().at("detail");
  out["results"] = std::move(results);
  Response response = Json(out);
  if (!taken) response.status = 400;
  return response;
}

}  // namespace

AlertGroupsHandler::AlertGroupsHandler(engine::Inbox& inbox,
                                       engine::Reader& reader,
                                       const CurrentSettings& settings)
    : inbox_(inbox), reader_(reader), settings_(settings) {}

Response AlertGroupsHandler::List(const Call& call) {
  const Query query(call.request.query);
  const auto settings = settings_.Get();
  auto parsed = ParseList(query);
  if (auto* problem = std::get_if<Response>(&parsed)) {
    return std::move(*problem);
  }
  ListRequest& list = std::get<ListRequest>(parsed);
  if (list.filter.team) {
    const auto other = settings->team_aliases.find(*list.filter.team);
    if (other != settings->team_aliases.end()) list.filter.team = other->second;
  }
  const auto page = reader_.Groups(list.filter);
  if (!page.ok()) return ProblemFor(page.error());
  if (page.value().groups.empty() && list.page > 1) {
    return ProblemFor(404, "Invalid page.");
  }
  json::array results;
  for (const paging::AlertGroup& group : page.value().groups) {
    results.push_back(ToJson(group, settings->external_url));
  }
  return Json(Envelope(list, query, page.value().count, std::move(results),
                       settings->external_url));
}

Response AlertGroupsHandler::Show(const Call& call) {
  const auto id = Positive(call.parameters.front());
  if (!id) return NotFound();
  const auto view = reader_.Group(paging::AlertGroupId(*id));
  if (!view.ok()) return ProblemFor(view.error());
  if (!view.value()) return NotFound();
  return Json(ToJson(*view.value(), settings_.Get()->external_url));
}

Response AlertGroupsHandler::Timeline(const Call& call) {
  const auto id = Positive(call.parameters.front());
  if (!id) return NotFound();
  const auto entries = reader_.Timeline(paging::AlertGroupId(*id));
  if (!entries.ok()) return ProblemFor(entries.error());
  // A group is born with an entry, so none means that there is no group.
  if (entries.value().empty()) return NotFound();
  json::array results;
  for (const paging::TimelineEntry& entry : entries.value()) {
    results.push_back(ToJson(entry));
  }
  return Json(json::object{{"results", std::move(results)}});
}

void AlertGroupsHandler::Act(Action action, const Call& call) {
  const auto id = Positive(call.parameters.front());
  if (!id) return call.reply.Send(NotFound());
  Result<paging::Event> event =
      ParseAction(action, call.actor.name, call.request.body);
  if (!event.ok()) return call.reply.Send(ProblemFor(event.error()));
  const Result<bool> all = ParseSiblings(action, call.request.body);
  if (!all.ok()) return call.reply.Send(ProblemFor(all.error()));
  const paging::AlertGroupId group(*id);
  const Status posted = inbox_.Post(
      {.what = engine::ActionPosted{.group = group,
                                    .event = std::move(event).value(),
                                    .with_siblings = all.value()},
       .done =
           [action, group, all = all.value(),
            reply = call.reply](const engine::Answer& answer) {
             reply.Send(all ? ResponseToAll(action, group, answer)
                            : ResponseTo(action, answer));
           },
       .bytes = 0});
  if (!posted.ok()) call.reply.Send(ProblemFor(posted.error()));
}

}  // namespace tocsin::web
