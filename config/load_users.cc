#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>

#include "config/not_yet.h"
#include "config/sections.h"

namespace tocsin::config {
namespace {

using paging::NotifyMethod;
using paging::Policy;
using paging::PolicyStep;

// Longer policies are a slip: after a hundred steps nobody has answered. With
// it, what all users make of a policy of all grows with their number only.
constexpr std::size_t kMaxPolicySteps = 100;

// So many users are told one by one that they lack a method of a policy of all.
constexpr std::size_t kMaxUsersTold = 100;
constexpr std::size_t kMaxMethodsNamed = 3;

// The policies as they are written, for a user or for all.
struct Policies {
  std::optional<Policy> standard;
  std::optional<Policy> important;
};

// What all users are read against.
struct Common {
  Policies policies;
  std::map<std::string, Reader> named;  // methods of these, and where first
  std::map<std::string_view, const Provider*> providers;
};

// A user with what is needed until all of them are read.
struct Person {
  Reader at;
  paging::User user;
  bool keeps_own = false;  // the methods, which the file does not know
  std::unordered_set<std::string> methods;
  Policies own;
};

// What a policy is read against: its user, or for all where its methods stand.
struct Around {
  const Person* own = nullptr;
  std::map<std::string, Reader>* named = nullptr;
};

bool Notifies(const Policy& policy) {
  return std::any_of(policy.begin(), policy.end(), [](const PolicyStep& step) {
    return std::holds_alternative<NotifyMethod>(step);
  });
}

std::optional<PolicyStep> ReadStep(const Reader& at, const Around& around) {
  const Fields fields = at.Keys({"notify", "wait"});
  const Reader::Entry* const step = fields.RequireOneOf({"notify", "wait"});
  if (step == nullptr) return std::nullopt;
  if (step->name == "wait") {
    return paging::Wait{step->value.Length().value_or(Duration())};
  }
  const std::string method = step->value.Text().value_or("");
  if (around.named != nullptr) around.named->emplace(method, step->value);
  const Person* const own = around.own;
  if (own != nullptr && !method.empty() && !own->methods.contains(method)) {
    std::vector<std::string_view> known;
    if (at.report().fault_count() < kMaxGuesses) {
      known.assign(own->user.contact_methods.begin(),
                   own->user.contact_methods.end());
    }
    step->value.AddFault("the user has no contact method named " +
                         Quoted(method) + DidYouMean(method, known));
  }
  return NotifyMethod{method};
}

std::optional<Policy> ReadPolicy(const Reader* list, const Around& around) {
  if (list == nullptr) return std::nullopt;
  Policy policy;
  std::vector<Reader> steps = list->Items();
  if (steps.size() > kMaxPolicySteps) {
    list->AddFault("has more than " + std::to_string(kMaxPolicySteps) +
                   " steps");
    steps.erase(steps.begin() + kMaxPolicySteps, steps.end());
  }
  for (const Reader& item : steps) {
    if (auto step = ReadStep(item, around)) policy.push_back(std::move(*step));
  }
  const bool read =
      list->IsEmptyList() || (!steps.empty() && policy.size() == steps.size());
  if (read && !Notifies(policy)) {
    list->AddFault("the policy has no step that notifies");
  }
  return policy;
}

Policies ReadPolicies(const Reader* section, const Around& around) {
  if (section == nullptr) return {};
  const Fields fields = section->Keys({"default", "important"});
  return {ReadPolicy(fields.Find("default"), around),
          ReadPolicy(fields.Find("important"), around)};
}

// The steps of a top-level policy that the user can follow. A wait gives time
// to answer what came before it: without that, it would only be a delay. Adds
// the methods that the user lacks to `lacking`.
Policy Fitting(const Policy& policy, const Person& person,
               std::set<std::string>& lacking) {
  Policy fitting;
  bool skipped = false;
  bool notifies = false;
  for (const PolicyStep& step : policy) {
    const NotifyMethod* const notify = std::get_if<NotifyMethod>(&step);
    if (notify != nullptr && !person.methods.contains(notify->method)) {
      skipped = true;
      lacking.insert(notify->method);
    } else if (notify != nullptr || !skipped || notifies) {
      notifies = notifies || notify != nullptr;
      fitting.push_back(step);
    }
  }
  return fitting;
}

// "sms", "voice", "push" and 2 more
std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxMethodsNamed); ++i) {
    text += (i == 0 ? "" : ", ") + Quoted(names[i]);
  }
  if (names.size() > kMaxMethodsNamed) {
    text += " and " + std::to_string(names.size() - kMaxMethodsNamed) + " more";
  }
  return text;
}

// Tells who lacks a method that others have, and of methods that nobody has;
// both a bounded number of times.
class Lacks {
 public:
  Lacks(const std::vector<Person>& people,
        const std::map<std::string, Reader>& named)
      : named_(named) {
    for (const Person& person : people) {
      somebody_ = somebody_ || !person.methods.empty();
      unknown_ = unknown_ || person.keeps_own;
      for (const std::string& method : person.methods) {
        if (named.contains(method)) had_.insert(method);
      }
    }
  }

  void Add(const Person& person, const std::set<std::string>& lacking) {
    std::vector<std::string> names;
    std::set_intersection(lacking.begin(), lacking.end(), had_.begin(),
                          had_.end(), std::back_inserter(names));
    if (names.empty()) return;
    if (users_++ >= kMaxUsersTold) return;
    person.at.AddWarning("has no contact method named " + Listed(names) +
                         ", which default_notification_policies names: the "
                         "step is skipped");
  }

  // Where nobody has any method, each step that names such a user is told of.
  void WarnOfTheRest(const Reader* policies) const {
    if (somebody_ && !unknown_) {
      for (const auto& [name, at] : named_) {
        if (name.empty() || had_.contains(name)) continue;
        at.AddWarning("no user has a contact method named " + Quoted(name) +
                      ": the step is skipped for all");
      }
    }
    if (users_ > kMaxUsersTold) {
      policies->AddWarning(std::to_string(users_ - kMaxUsersTold) +
                           " more users lack a contact method that a step "
                           "names: it is skipped for them");
    }
  }

 private:
  const std::map<std::string, Reader>& named_;
  std::set<std::string> had_;
  bool somebody_ = false;
  bool unknown_ = false;
  std::size_t users_ = 0;  // who lack something
};

// Takes the user's own policy, else the top-level one. A user with a default
// policy of their own uses it for important groups too.
void SettlePolicies(const Policies& top_level, Person& person, Lacks& lacks) {
  const Policies& own = person.own;
  paging::User& user = person.user;
  std::set<std::string> lacking;
  if (own.standard) {
    user.default_policy = *own.standard;
  } else if (top_level.standard) {
    user.default_policy = Fitting(*top_level.standard, person, lacking);
  }
  if (own.important) {
    user.important_policy = *own.important;
  } else if (!own.standard && top_level.important) {
    user.important_policy = Fitting(*top_level.important, person, lacking);
  }
  lacks.Add(person, lacking);
  if (!own.important && !Notifies(user.important_policy)) {
    user.important_policy = user.default_policy;
  }
  // A policy of all that notifies nobody has been reported once already.
  const bool reported = top_level.standard && !Notifies(*top_level.standard);
  if (!own.standard && !reported && !Notifies(user.default_policy)) {
    person.at.AddFault(
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

Person ReadUser(const Reader::Entry& entry, const Common& common,
                Config& config) {
  const Fields fields =
      entry.value.Keys({"role", "aliases", "time_zone", "contact_methods",
                        "notification_policies"});
  Person person{entry.key, {}, false, {}, {}};
  paging::User& user = person.user;
  user.name = entry.name;
  const Reader* const role = fields.Find("role");
  config.roles[user.name] =
      role ? ReadRole(*role).value_or(Role::kViewer) : Role::kResponder;
  const Reader* const zone = fields.Find("time_zone");
  config.time_zones[user.name] =
      zone ? ReadZone(*zone).value_or(config.time_zone) : config.time_zone;
  const Reader* const methods = fields.Find("contact_methods");
  person.keeps_own = KeepsOwnMethods(methods);
  std::map<std::string, Address>& addresses = config.addresses[user.name];
  if (methods != nullptr && !person.keeps_own) {
    for (const Reader::Entry& method : MethodsOf(*methods)) {
      user.contact_methods.push_back(method.name);
      person.methods.insert(method.name);
      addresses[method.name] = ReadMethod(method, user.name, common);
    }
  }
  person.own = ReadPolicies(fields.Find("notification_policies"),
                            {.own = person.keeps_own ? nullptr : &person});
  return person;
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
  common.policies = ReadPolicies(default_policies, {.named = &common.named});
  for (const Provider& provider : config.providers) {
    common.providers[provider.name] = &provider;
  }
  std::vector<Person> people;
  people.reserve(users.size());
  for (const Reader::Entry& entry : users) {
    people.push_back(ReadUser(entry, common, config));
  }
  Lacks lacks(people, common.named);
  for (Person& person : people) {
    if (!person.user.contact_methods.empty()) {
      SettlePolicies(common.policies, person, lacks);
    }
    const std::string name = person.user.name;
    config.roster.users[name] = std::move(person.user);
  }
  lacks.WarnOfTheRest(default_policies);
  config.roster.user_aliases = names.users.aliases();
}

}  // namespace tocsin::config
