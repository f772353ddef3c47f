#include "web/server.h"

#include <utility>

#include "web/handlers/alert_groups.h"
#include "web/handlers/alertmanager.h"
#include "web/handlers/events.h"
#include "web/listener.h"
#include "web/router.h"
#include "web/routes.h"
#include "web/users.h"
#include "web/worker_pool.h"

namespace tocsin::web {

// Members are in the order in which they need each other.
class Server::Impl {
 public:
  Impl(const ServerOptions& options, Dependencies dependencies)
      : metrics_(dependencies.metrics),
        pool_(std::make_shared<WorkerPool>(options.limits.workers,
                                           options.limits.waiting_reads)),
        users_(dependencies.entrance.rules == nullptr
                   ? no_rules_
                   : *dependencies.entrance.rules,
               dependencies.metrics),
        alertmanager_(dependencies.inbox, dependencies.metrics,
                      dependencies.settings),
        alert_groups_(dependencies.inbox, dependencies.reader,
                      dependencies.settings),
        events_(dependencies.events, dependencies.settings),
        router_(MakeRoutes({.alertmanager = alertmanager_,
                            .alert_groups = alert_groups_,
                            .events = events_,
                            .metrics = dependencies.metrics,
                            .ready = std::move(dependencies.ready),
                            .reload = std::move(dependencies.reload)}),
                dependencies.settings, users_, pool_, dependencies.metrics),
        entrance_(dependencies.entrance) {}

  Status Listen(const ServerOptions& options) {
    Application application{
        .handle =
            [this](Request request, Reply reply) {
              alertmanager_.Astray(request);
              router_.Handle(std::move(request), std::move(reply));
            },
        .refused =
            [this](const Request& head, const Refusal& refusal) {
              alertmanager_.Refused(head, refusal);
            },
        .client_left = [&metrics = metrics_] { metrics.ClientLeft(); },
        .admit =
            [this](const Request& head) {
              Admission admission = router_.Admit(head);
              if (admission.refused) alertmanager_.Astray(head);
              if (admission.refused || admission.known) return admission;
              return alertmanager_.Admit(head);
            },
        .metrics = &metrics_};
    auto listener = Listener::Start(options.listen, options.limits,
                                    std::move(application), pool_, entrance_);
    if (!listener.ok()) return listener.error();
    listener_ = std::move(listener).value();
    return {};
  }

  std::vector<std::uint16_t> ports() const { return listener_->ports(); }

  void Stop() {
    if (listener_) listener_->Stop();
    users_.Stop();
    pool_->Stop();
  }

 private:
  metrics::Metrics& metrics_;
  const Current<EntryRules> no_rules_{std::make_shared<const EntryRules>()};
  const std::shared_ptr<WorkerPool> pool_;  // shared with router and listener
  Users users_;
  AlertmanagerHandler alertmanager_;
  AlertGroupsHandler alert_groups_;
  EventsHandler events_;
  Router router_;
  const Entrance entrance_;
  std::unique_ptr<Listener> listener_;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { Stop(); }

Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                              Dependencies dependencies) {
  auto impl = std::make_unique<Impl>(options, std::move(dependencies));
  const Status listening = impl->Listen(options);
  if (!listening.ok()) return listening.error();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::vector<std::uint16_t> Server::ports() const { return impl_->ports(); }
void Server::Stop() { impl_->Stop(); }

}  // namespace tocsin::web
