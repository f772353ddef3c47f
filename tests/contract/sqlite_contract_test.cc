#include <boost/test/unit_test.hpp>

#include "store/sqlite/sqlite_reader.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/contract/scratch_directory.h"
#include "tests/contract/store_contract.h"

namespace tocsin {
namespace {

class SqliteBackend final : public contract::Backend {
 public:
  Result<contract::Opened> Open(store::WriteProbe probe) override {
    const std::string path = directory_.path() + "/tocsin.db";
    auto store =
        store::SqliteStore::Open({.path = path, .probe = std::move(probe)});
    if (!store.ok()) return store.error();
    auto reader = store::SqliteReader::Open(path);
    if (!reader.ok()) return reader.error();
    return contract::Opened{.store = std::move(store).value(),
                            .reader = std::move(reader).value()};
  }

 private:
  contract::ScratchDirectory directory_;
};

BOOST_AUTO_TEST_SUITE(sqlite_contract)

#define CASE(name)             \
  BOOST_AUTO_TEST_CASE(name) { \
    SqliteBackend backend;     \
    contract::name(backend);   \
  }
TOCSIN_STORE_CONTRACT(CASE)
#undef CASE

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin
