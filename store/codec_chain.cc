#include <stdexcept>

#include "store/codec.h"
#include "store/codec_json.h"

namespace tocsin::store {
namespace codec {
namespace {

json::array StepJson(const paging::Wait& wait) {
  return {"wait", wait.length.count()};
}

paging::Wait ToWait(const json::array& parts) {
  return {.length = Duration(parts.at(1).as_int64())};
}

json::array StepJson(const paging::NotifyUsers& notify) {
  json::array users;
  for (const std::string& user : notify.users) {
    users.emplace_back(TextJson(user));
  }
  json::array out{"users", std::move(users), nullptr};
  if (notify.importance) out.at(2) = static_cast<int>(*notify.importance);
  return out;
}

paging::NotifyUsers ToNotifyUsers(const json::array& parts) {
  paging::NotifyUsers notify;
  for (const json::value& user : parts.at(1).as_array()) {
    notify.users.push_back(ToText(user));
  }
  if (!parts.at(2).is_null()) {
    notify.importance = ToEnum(parts.at(2), paging::Importance::kImportant);
  }
  return notify;
}

json::array StepJson(const paging::Repeat& repeat) {
  json::array out{"repeat", repeat.from, nullptr};
  if (repeat.times) out.at(2) = *repeat.times;
  return out;
}

paging::Repeat ToRepeat(const json::array& parts) {
  paging::Repeat repeat{.from = ToNumber<std::size_t>(parts.at(1)),
                        .times = {}};
  if (!parts.at(2).is_null()) {
    repeat.times = ToNumber<std::uint32_t>(parts.at(2));
  }
  return repeat;
}

json::array StepJson(const paging::NotifyMethod& notify) {
  return {"method", TextJson(notify.method)};
}

paging::Step ToStep(const json::value& value) {
  const json::array& parts = value.as_array();
  const json::string& kind = parts.at(0).as_string();
  if (kind == "wait") return ToWait(parts);
  if (kind == "users") return ToNotifyUsers(parts);
  if (kind == "repeat") return ToRepeat(parts);
  throw std::out_of_range("unknown step");
}

template <typename S>
json::array StepsToJson(const std::vector<S>& steps) {
  json::array out;
  out.reserve(steps.size());
  for (const S& step : steps) {
    out.emplace_back(
        std::visit([](const auto& kind) { return StepJson(kind); }, step));
  }
  return out;
}

paging::ChainSnapshot ToSnapshot(std::string_view hash,
                                 const json::object& object) {
  paging::ChainSnapshot snapshot{.hash = std::string(hash), .chain = {}};
  snapshot.chain.name = ToText(object.at("name"));
  for (const json::value& step : object.at("steps").as_array()) {
    snapshot.chain.steps.push_back(ToStep(step));
  }
  return snapshot;
}

}  // namespace

json::array PolicyJson(const paging::Policy& policy) {
  return StepsToJson(policy);
}

paging::Policy ToPolicy(const json::value& value) {
  paging::Policy policy;
  for (const json::value& step : value.as_array()) {
    const json::array& parts = step.as_array();
    const json::string& kind = parts.at(0).as_string();
    if (kind == "wait") {
      policy.emplace_back(ToWait(parts));
    } else if (kind == "method") {
      policy.emplace_back(paging::NotifyMethod{.method = ToText(parts.at(1))});
    } else {
      throw std::out_of_range("unknown policy step");
    }
  }
  return policy;
}

}  // namespace codec

std::string EncodeSnapshot(const paging::ChainSnapshot& snapshot) {
  codec::json::object object = codec::LeveledObject();
  object["name"] = codec::TextJson(snapshot.chain.name);
  object["steps"] = codec::StepsToJson(snapshot.chain.steps);
  return codec::Finish(object);
}

Result<paging::ChainSnapshot> DecodeSnapshot(std::string_view hash,
                                             std::string_view bytes) {
  return codec::Decode<paging::ChainSnapshot>(
      "chain snapshot " + std::string(hash), bytes,
      [hash](const codec::json::object& object) {
        return codec::ToSnapshot(hash, object);
      });
}

}  // namespace tocsin::store
