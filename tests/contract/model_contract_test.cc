#include <boost/test/unit_test.hpp>

#include "tests/contract/store_contract.h"
#include "tests/support/model_store.h"

// The model that other tests use as their store keeps the same contract.
namespace tocsin {
namespace {

// A process's view of the model, which outlives it as a disk would.
class ModelView final : public engine::Store {
 public:
  ModelView(testing::ModelStore& model, store::WriteProbe probe)
      : model_(model), probe_(std::move(probe)) {}

  Result<engine::Loaded> Load(const engine::Footprint& footprint) override {
    return model_.Load(footprint);
  }
  Status Write(const engine::Changes& changes) override {
    if (probe_) {
      if (Status probed = probe_("Commit"); !probed.ok()) return probed;
    }
    return model_.Write(changes);
  }
  Result<engine::DueWork> Due(Instant now, std::size_t max_groups,
                              std::size_t max_messages) override {
    return model_.Due(now, max_groups, max_messages);
  }
  Result<std::optional<Instant>> NextDue() override { return model_.NextDue(); }
  Result<paging::AlertGroupId> LastGroupId() override {
    return model_.LastGroupId();
  }
  Status ReleaseClaims() override { return model_.ReleaseClaims(); }
  Status WakeHeld(Instant at) override { return model_.WakeHeld(at); }

 private:
  testing::ModelStore& model_;
  const store::WriteProbe probe_;
};

class ModelReader final : public engine::Reader {
 public:
  explicit ModelReader(testing::ModelStore& model) : model_(model) {}

  Result<std::optional<engine::GroupView>> Group(
      paging::AlertGroupId id) override {
    return model_.Group(id);
  }
  Result<engine::GroupPage> Groups(const engine::GroupFilter& filter) override {
    return model_.Groups(filter);
  }
  Result<std::vector<paging::TimelineEntry>> Timeline(
      paging::AlertGroupId id) override {
    return model_.Timeline(id);
  }
  Result<bool> ClaimStands(paging::NotificationId id) override {
    return model_.ClaimStands(id);
  }
  Result<std::shared_ptr<const paging::ChainSnapshot>> Snapshot(
      const std::string& hash) override {
    return model_.Snapshot(hash);
  }

 private:
  testing::ModelStore& model_;
};

class ModelBackend final : public contract::Backend {
 public:
  Result<contract::Opened> Open(store::WriteProbe probe) override {
    return contract::Opened{
        .store = std::make_unique<ModelView>(model_, std::move(probe)),
        .reader = std::make_unique<ModelReader>(model_)};
  }

 private:
  testing::ModelStore model_;
};

BOOST_AUTO_TEST_SUITE(model_contract)

#define CASE(name)             \
  BOOST_AUTO_TEST_CASE(name) { \
    ModelBackend backend;      \
    contract::name(backend);   \
  }
TOCSIN_STORE_CONTRACT(CASE)
#undef CASE

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin
