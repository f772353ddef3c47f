#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::web {

// The parameters of a URL, decoded, in their order.
class Query {
 public:
  using Parameter = std::pair<std::string, std::string>;

  // Takes the text after '?'. A '%' without two hex digits stays as it is.
  explicit Query(std::string_view text);

  // The last value of that name, as with OnCall.
  std::optional<std::string> Get(std::string_view name) const;

  const std::vector<Parameter>& parameters() const { return parameters_; }

  // The same query with `name` set to `value`, encoded; for links.
  std::string With(std::string_view name, std::string_view value) const;

 private:
  std::vector<Parameter> parameters_;
};

}  // namespace tocsin::web
