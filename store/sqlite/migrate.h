#pragma once

#include "base/result.h"
#include "store/sqlite/connection.h"

namespace tocsin::store::sqlite {

// Brings a file to the newest schema: runs the migrations it has not seen, each
// in a transaction of its own, forward only. Fails with kInvalid, having
// changed nothing, on a file that is newer than this program or that another
// program made, and with kUnavailable where the file system cannot share
// memory, which the log needs.
Status Migrate(Connection& connection);

}  // namespace tocsin::store::sqlite
