#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/codec.h"

// What the codec's files share. Private to them: it brings in Boost.JSON, whose
// exceptions end in Decode.
namespace tocsin::store::codec {

namespace json = boost::json;

// Deepest row: group, runs, run, policy, step; with room for later levels.
inline constexpr std::size_t kMaxDepth = 16;

// Builds a visitor of a variant from one lambda an alternative, so that a new
// alternative breaks the build here.
template <typename... F>
struct Visitor : F... {
  using F::operator()...;
};
template <typename... F>
Visitor(F...) -> Visitor<F...>;

inline json::string TextJson(std::string_view text) {
  return json::string(text.data(), text.size());
}
inline std::int64_t TimeJson(Instant at) { return ToMillis(at); }
inline json::value OptionalTimeJson(const std::optional<Instant>& at) {
  return at ? json::value(ToMillis(*at)) : json::value(nullptr);
}
// 64-bit hashes go as signed integers of the same bits.
inline std::int64_t HashJson(std::uint64_t hash) {
  return static_cast<std::int64_t>(hash);
}

inline std::string ToText(const json::value& value) {
  const json::string& text = value.as_string();
  return std::string(text.data(), text.size());
}
template <typename T>
T ToNumber(const json::value& value) {
  return value.to_number<T>();  // throws where T cannot hold it
}
inline Instant ToInstant(const json::value& value) {
  return FromMillis(value.as_int64());
}
inline std::optional<Instant> ToOptionalInstant(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  return ToInstant(value);
}
inline std::uint64_t ToHash(const json::value& value) {
  return static_cast<std::uint64_t>(value.as_int64());
}
// An enumerator from its number; `last` is the greatest there is.
template <typename E>
E ToEnum(const json::value& value, E last) {
  const auto number = value.as_int64();
  if (number < 0 || number > static_cast<std::int64_t>(last)) {
    throw std::out_of_range("unknown enumerator " + std::to_string(number));
  }
  return static_cast<E>(number);
}

inline Error Damaged(std::string_view what, std::string_view why) {
  return {Code::kDataLoss, "cannot read a stored " + std::string(what) + ": " +
                               std::string(why)};
}

inline json::object LeveledObject() { return {{"v", kCodecLevel}}; }

inline std::string Finish(const json::object& object) {
  return json::serialize(object);
}

// Parses `bytes`, checks the level and hands the object to `read`, which may
// throw. `what` names the kind of row in the error.
template <typename T, typename F>
Result<T> Decode(std::string_view what, std::string_view bytes, F read) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  options.allow_invalid_utf8 = true;
  try {
    const json::value root =
        json::parse(json::string_view(bytes.data(), bytes.size()), {}, options);
    const json::object& object = root.as_object();
    const auto level = ToNumber<std::int64_t>(object.at("v"));
    if (level != kCodecLevel) {
      return Damaged(what, "it has level " + std::to_string(level) +
                               ", this program knows level " +
                               std::to_string(kCodecLevel));
    }
    return T(read(object));
  } catch (const std::exception& error) {
    return Damaged(what, error.what());
  }
}

template <typename T, typename F>
json::array ToArray(const std::vector<T>& items, F write) {
  json::array out;
  out.reserve(items.size());
  for (const T& item : items) out.emplace_back(write(item));
  return out;
}

template <typename T, typename F>
std::vector<T> ToVector(const json::value& value, F read) {
  std::vector<T> out;
  for (const json::value& item : value.as_array()) out.push_back(read(item));
  return out;
}

// Parts of a group's row, absent where there are none.
json::object EscalationJson(const paging::Escalation& escalation);
paging::Escalation ToEscalation(const json::value& value);
json::array LeftRunJson(const paging::LeftRun& left);
std::optional<paging::LeftRun> ToLeftRun(const json::value* value);
json::array EpisodesJson(const paging::EpisodeTimes& episodes);
std::optional<paging::EpisodeTimes> ToEpisodes(const json::value* value);

// Shared by groups (frozen policies) and snapshots (chains).
json::array PolicyJson(const paging::Policy& policy);
paging::Policy ToPolicy(const json::value& value);

}  // namespace tocsin::store::codec
