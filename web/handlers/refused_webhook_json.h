#pragma once

#include <boost/json/object.hpp>

#include "web/intake_account.h"

// The wire form of refused webhooks. Private to handlers/.
namespace tocsin::web {

// `results`, newest first, and `total`: how many there were since the start of
// the process, of which the results are the last.
boost::json::object ToJson(const IntakeAccount::Refusals& refusals);

}  // namespace tocsin::web
