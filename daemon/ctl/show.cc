#include <boost/json.hpp>
#include <cstdio>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/table.h"

namespace tocsin::ctl {
namespace {

namespace json = boost::json;

void PrintField(const char* name, const std::string& text) {
  if (!text.empty()) std::printf("  %-14s%s\n", name, text.c_str());
}

std::string Signed(const std::string& at, const std::string& by) {
  if (at.empty()) return "";
  return Seconds(at) + (by.empty() ? " by the source" : " by " + by);
}

std::string Siblings(const json::value& group) {
  std::string ids;
  const json::array* siblings = ArrayOf(group, "siblings");
  if (siblings == nullptr) return ids;
  for (const json::value& id : *siblings) {
    if (!id.is_string()) continue;
    ids += (ids.empty() ? "" : ", ") + std::string(id.get_string());
  }
  return ids;
}

void PrintHead(const json::value& group) {
  std::printf("Group %s: %s\n", Text(group, "id").c_str(),
              Text(group, "title").c_str());
  PrintField("State", Text(group, "state"));
  const std::string unattended = Text(group, "unattended_since");
  if (!unattended.empty()) {
    PrintField("Unattended", "since " + Seconds(unattended));
  }
  PrintField("Severity", Text(group, "severity"));
  PrintField("Importance", Text(group, "importance"));
  PrintField("Team", Text(group, "team_id"));
  PrintField("Route", Text(group, "route_id"));
  PrintField("Siblings", Siblings(group));
  PrintField("Summary", Text(group, "summary"));
  PrintField("Since", Seconds(Text(group, "created_at")));
  PrintField("Acknowledged", Signed(Text(group, "acknowledged_at"),
                                    Text(group, "acknowledged_by")));
  PrintField("Resolved",
             Signed(Text(group, "resolved_at"), Text(group, "resolved_by")));
}

// `instance="a" job="b"`: the name of the alert stands before it.
std::string LabelText(const json::value& alert) {
  std::string text;
  const json::object* labels = ObjectOf(alert, "labels");
  if (labels == nullptr) return text;
  for (const auto& [name, value] : *labels) {
    if (name == "alertname") continue;
    text += (text.empty() ? "" : " ") + std::string(name) + "=" +
            json::serialize(value);
  }
  return text;
}

std::string AlertName(const json::value& alert) {
  const json::object* labels = ObjectOf(alert, "labels");
  return labels == nullptr ? "" : Text(*labels, "alertname");
}

void PrintAlerts(const json::value& group, std::size_t width) {
  const json::array* alerts = ArrayOf(group, "alerts");
  if (alerts == nullptr || alerts->empty()) return;
  Table table({"STATUS", "SINCE", "ALERT", "LABELS"});
  for (const json::value& alert : *alerts) {
    table.Add({Text(alert, "status"), Seconds(Text(alert, "startsAt")),
               AlertName(alert), LabelText(alert)});
  }
  std::printf("\nAlerts (%zu)\n%s", alerts->size(), table.Draw(width).c_str());
}

void PrintTimeline(const json::value& timeline, std::size_t width) {
  const json::array* entries = ArrayOf(timeline, "results");
  if (entries == nullptr) return;
  Table table({"AT", "WHAT", "WHO", "DETAILS"});
  for (const json::value& entry : *entries) {
    table.Add({Seconds(Text(entry, "at")), Text(entry, "kind"),
               Text(entry, "actor"), Text(entry, "text")});
  }
  std::printf("\nTimeline\n%s", table.Draw(width).c_str());
}

}  // namespace

Outcome Show(const Invocation& invocation) {
  const Client client(invocation);
  const std::string path =
      "alert_groups/" + PathSegment(invocation.arguments.front()) + "/";
  Answer group = client.Get(path);
  if (const auto* failure = std::get_if<Failure>(&group)) return *failure;
  Answer timeline = client.Get(path + "timeline/");
  if (const auto* failure = std::get_if<Failure>(&timeline)) return *failure;
  if (invocation.output == Output::kJson) {
    PrintJson({{"group", std::get<json::value>(group)},
               {"timeline", std::get<json::value>(timeline)}});
    return std::nullopt;
  }
  PrintHead(std::get<json::value>(group));
  PrintAlerts(std::get<json::value>(group), TerminalWidth());
  PrintTimeline(std::get<json::value>(timeline), TerminalWidth());
  return std::nullopt;
}

}  // namespace tocsin::ctl
