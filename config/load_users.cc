#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "config/not_yet.h"
#include "config/sections.h"

namespace tocsin::config {
namespace {

using paging::NotifyMethod;
using paging::Policy;
using paging::PolicyStep;

// The policies as they are written, for a user or for all.
struct Policies {
  std::optional<Policy> standard;
  std::optional<Policy> important;
};

// What all users are read against.
struct Common {
  Policies policies;
  std::map<std::string_view, const Provider*> providers;
};

bool Notifies(const Policy& policy) {
  return std::any_of(policy.begin(), policy.end(), [](const PolicyStep& step) {
    return std::holds_alternative<NotifyMethod>(step);
  });
}

bool HasMethod(const paging::User& user, const std::string& method) {
  return std::find(user.contact_methods.begin(), user.contact_methods.end(),
                   method) != user.contact_methods.end();
}

std::optional<PolicyStep> ReadStep(const Reader& at, const paging::User* own) {
  const Fields fields = at.Keys({"notify", "wait"});
  const Reader::Entry* const step = fields.RequireOneOf({"notify", "wait"});
  if (step == nullptr) return std::nullopt;
  if (step->name == "wait") {
    return paging::Wait{step->value.Length().value_or(Duration())};
  }
  const std::string method = step->value.Text().value_or("");
  if (own != nullptr && !method.empty() && !HasMethod(*own, method)) {
    const std::vector<std::string_view> known(own->contact_methods.begin(),
                                              own->contact_methods.end());
    step->value.AddFault("the user has no contact method named " +
                         Quoted(method) + DidYouMean(method, known));
  }
  return NotifyMethod{method};
}

// `own` is the user whose methods the policy may name; null: any.
std::optional<Policy> ReadPolicy(const Reader* list, const paging::User* own) {
  if (list == nullptr) return std::nullopt;
  Policy policy;
  const std::vector<Reader> steps = list->Items();
  for (const Reader& item : steps) {
    if (auto step = ReadStep(item, own)) policy.push_back(std::move(*step));
  }
  const bool read =
      list->IsEmptyList() || (!steps.empty() && policy.size() == steps.size());
  if (read && !Notifies(policy)) {
    list->AddFault("the policy has no step that notifies");
  }
  return policy;
}

Policies ReadPolicies(const Reader* section, const paging::User* own) {
  if (section == nullptr) return {};
  const Fields fields = section->Keys({"default", "important"});
  return {ReadPolicy(fields.Find("default"), own),
          ReadPolicy(fields.Find("important"), own)};
}

// The steps of a top-level policy that the user can follow. A wait gives time
// to answer what came before it: without that, it would only be a delay.
Policy Fitting(const Policy& policy, const paging::User& user,
               std::string_view name, const Reader& at) {
  Policy fitting;
  bool skipped = false;
  for (const PolicyStep& step : policy) {
    const NotifyMethod* const notify = std::get_if<NotifyMethod>(&step);
    if (notify != nullptr && !HasMethod(user, notify->method)) {
      skipped = true;
      at.AddWarning("has no contact method named " + Quoted(notify->method) +
                    ", which the " + std::string(name) +
                    " policy of all users names: the step is skipped");
    } else if (notify != nullptr || !skipped || Notifies(fitting)) {
      fitting.push_back(step);
    }
  }
  return fitting;
}

// Takes the user's own policy, else the top-level one, else (important only)
// the user's default.
void SettlePolicies(const Reader& at, const Policies& own,
                    const Policies& top_level, paging::User& user) {
  if (own.standard) {
    user.default_policy = *own.standard;
  } else if (top_level.standard) {
    user.default_policy = Fitting(*top_level.standard, user, "default", at);
  }
  if (own.important) {
    user.important_policy = *own.important;
  } else if (top_level.important) {
    user.important_policy =
        Fitting(*top_level.important, user, "important", at);
  }
  if (!own.important && !Notifies(user.important_policy)) {
    user.important_policy = user.default_policy;
  }
  // A policy of all that notifies nobody has been reported once already.
  const bool reported = top_level.standard && !Notifies(*top_level.standard);
  if (!own.standard && !reported && !Notifies(user.default_policy)) {
    at.AddFault(
        "has contact methods, but no default notification policy that uses "
        "one: give the user one, or write default_notification_policies");
  }
}

Address ReadMethod(const Reader::Entry& entry, const std::string& user,
                   const Common& common) {
  const Fields fields = entry.value.Keys({"provider", "address", "verified"});
  Address address{.provider = entry.name, .address = user, .verified = false};
  const Reader* const provider = fields.Find("provider");
  if (provider != nullptr) {
    address.provider = provider->Text().value_or("");
  }
  if (!address.provider.empty()) {
    CheckReference(provider != nullptr ? *provider : entry.key, "provider",
                   address.provider, common.providers);
  }
  if (const Reader* given = fields.Find("address")) {
    address.address = given->Text().value_or("");
  }
  if (const Reader* verified = fields.Find("verified")) {
    address.verified = verified->Flag().value_or(false);
  }
  return address;
}

// Whether the person keeps the methods, and not the file.
bool KeepsOwnMethods(const Reader* methods) {
  if (methods == nullptr || !methods->Says("self")) return false;
  WarnNotYet(*methods, "contact_methods: self");
  return true;
}

std::vector<Reader::Entry> MethodsOf(const Reader& methods) {
  if (methods.IsMap() || methods.IsNull()) return methods.Entries();
  methods.AddFault("must be a mapping of contact methods, or the word self");
  return {};
}

void ReadUser(const Reader::Entry& entry, const Common& common,
              Config& config) {
  const Fields fields =
      entry.value.Keys({"role", "aliases", "time_zone", "contact_methods",
                        "notification_policies"});
  paging::User user;
  user.name = entry.name;
  const Reader* const role = fields.Find("role");
  config.roles[user.name] =
      role ? ReadRole(*role).value_or(Role::kViewer) : Role::kResponder;
  const Reader* const zone = fields.Find("time_zone");
  config.time_zones[user.name] =
      zone ? ReadZone(*zone).value_or(config.time_zone) : config.time_zone;
  const Reader* const methods = fields.Find("contact_methods");
  const bool keeps_own = KeepsOwnMethods(methods);
  std::map<std::string, Address>& addresses = config.addresses[user.name];
  if (methods != nullptr && !keeps_own) {
    for (const Reader::Entry& method : MethodsOf(*methods)) {
      user.contact_methods.push_back(method.name);
      addresses[method.name] = ReadMethod(method, user.name, common);
    }
  }
  const Policies own = ReadPolicies(fields.Find("notification_policies"),
                                    keeps_own ? nullptr : &user);
  if (!user.contact_methods.empty()) {
    SettlePolicies(entry.key, own, common.policies, user);
  }
  config.roster.users[user.name] = std::move(user);
}

}  // namespace

const char* RoleName(Role role) {
  switch (role) {
    case Role::kViewer:
      return "viewer";
    case Role::kResponder:
      return "responder";
    case Role::kAdmin:
      return "admin";
  }
  return "viewer";
}

std::optional<Role> ReadRole(const Reader& at) {
  return at.Choice<Role>("role", {{"viewer", Role::kViewer},
                                  {"responder", Role::kResponder},
                                  {"admin", Role::kAdmin}});
}

void LoadUsers(const std::vector<Reader::Entry>& users,
               const Reader* default_policies, const NameIndex& names,
               Config& config) {
  Common common;
  common.policies = ReadPolicies(default_policies, nullptr);
  for (const Provider& provider : config.providers) {
    common.providers[provider.name] = &provider;
  }
  for (const Reader::Entry& entry : users) ReadUser(entry, common, config);
  config.roster.user_aliases = names.users.aliases();
}

}  // namespace tocsin::config
