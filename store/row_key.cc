#include "store/row_key.h"

#include <string>

namespace tocsin::store {

Result<std::int64_t> RowKey(paging::AlertGroupId group, std::int64_t number) {
  if (!HasRowKeys(group)) {
    return Error{Code::kExhausted, "alert group " +
                                       std::to_string(group.value()) +
                                       " is outside the range of ids"};
  }
  if (number < 0 || number > kMaxNumber) {
    return Error{Code::kExhausted,
                 "alert group " + std::to_string(group.value()) +
                     " has no room for row number " + std::to_string(number)};
  }
  return FirstRowKey(group) | number;
}

}  // namespace tocsin::store
