#include "web/listener.h"

#include <exception>
#include <utility>

namespace tocsin::web {

Listener::Listener(std::shared_ptr<Traffic> traffic)
    : traffic_(std::move(traffic)) {}

Listener::~Listener() { Stop(); }

Result<std::unique_ptr<Listener>> Listener::Start(
    const std::vector<std::string>& addresses, const Limits& limits,
    Application application, std::shared_ptr<WorkerPool> pool,
    const Entrance& entrance) {
  std::shared_ptr<Traffic> traffic;
  try {
    traffic = std::make_shared<Traffic>(limits, std::move(application),
                                        std::move(pool), entrance);
  } catch (const std::exception& fault) {
    return Error{Code::kUnavailable,
                 std::string("cannot start the HTTP server: ") + fault.what()};
  }
  std::unique_ptr<Listener> listener(new Listener(std::move(traffic)));
  for (const std::string& address : addresses) {
    auto guard = Guard::Open(address, listener->traffic_);
    if (!guard.ok()) return guard.error();
    listener->guards_.push_back(std::move(guard).value());
  }
  return listener;
}

std::vector<std::uint16_t> Listener::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& guard : guards_) ports.push_back(guard->port());
  return ports;
}

void Listener::Stop() {
  if (std::exchange(stopped_, true)) return;
  traffic_->Stop();
  for (const auto& guard : guards_) guard->Close();
}

}  // namespace tocsin::web
