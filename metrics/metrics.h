#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::metrics {

// The label values that the configuration knows. Each series of theirs is
// there from the start with value 0; a name from elsewhere never becomes a
// label value (it counts under "other"), so the number of series is bounded by
// the files that were ever loaded.
struct Names {
  std::vector<std::string> sources;
  std::vector<std::string> teams;
  std::vector<std::string> providers;
};

// Every metric of the product: name, help text and label names stand in
// metrics.cc and nowhere else. Methods are named for what happened; they take
// some 10 to 100 ns and may be called from any thread. Callers move a metric
// after the commit that it describes.
class Metrics {
 public:
  explicit Metrics(const Names& names);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Intake. `result`: accepted, invalid, unauthenticated, too_large, overload,
  // unavailable, wrong_path. `status`: firing, resolved.
  void WebhookAnswered(std::string_view source, std::string_view result);
  void AlertsReceived(std::string_view source, std::string_view status,
                      std::size_t count);
  void AlertsTruncated(std::string_view source, std::int64_t count);
  void ClientLeft();  // gone before its answer

  // Connections. `reason` of a refusal: a limit of web/limits.h (connections,
  // descriptors, memory, displaced by a newer one, header_bytes, target_bytes,
  // body_bytes, buffered_bytes, pipelined_bytes, discarded_bytes, stream_bytes,
  // handshake_time, idle_time, header_time, body_time, answer_time,
  // sending_time, waiting_reads), or malformed, unsupported, tls, draining.
  void HttpRefused(std::string_view reason);
  void HttpAnswered(int status);
  void HttpAnsweredLate();  // after its answer_time: dropped
  void HttpConnections(int delta);
  void HttpBuffered(std::size_t bytes);

  // Streams of events. `result`: opened, refused (too many), left, slow (ended
  // because its reader did not keep up), forbidden (its token is gone).
  void EventStream(std::string_view result);
  void EventStreams(int delta);

  // Engine. `result`: committed, failed, conflict.
  void TurnEnded(std::string_view result, double seconds, std::size_t posts);
  void InboxDepth(std::size_t posts);
  void TimerLate(double seconds);

  // Paging. `state`: firing, acknowledged, held, silenced. `importance`:
  // default, important. `reason` of a decision not to notify: acknowledged,
  // chat_only, contact_method_missing, discarded, heartbeat, held,
  // last_resort_unreachable, no_escalation_chain, no_last_resort, resolved,
  // run_under_way, silenced, user_removed, user_without_policy.
  void GroupBorn(std::string_view team, std::string_view importance);
  void OpenGroups(std::string_view team, std::string_view state, int delta);
  void Unattended(std::string_view team, int delta);
  // `kind`: that of the step, restart (of a used-up chain), wait_cut,
  // last_resort.
  void StepRun(std::string_view kind);
  void StepFailed(std::string_view kind);
  void Suppressed(std::string_view reason);

  // Delivery. `result` of an attempt: delivered, temporary, permanent,
  // withdrawn (stopped before its first byte); of a notification: delivered,
  // failed, withdrawn.
  void AttemptEnded(std::string_view provider, std::string_view result,
                    double seconds);
  void NotificationEnded(std::string_view team, std::string_view result);
  void FirstNotification(double seconds_since_acceptance);
  void NotificationOvertaken();
  void OutboxInFlight(int delta);

  // Process. `version`, and the hash over the text of all files.
  void BuildInfo(std::string_view version);
  void ConfigLoaded(std::string_view hash, double unix_seconds);
  void ConfigRefused();

  // Front door: --web.config.file, and who comes in by it. `result`: allowed,
  // denied, too_often, busy.
  void UserCame(std::string_view result);
  void WebConfigLoaded(double unix_seconds);
  void WebConfigRefused();
  void CertificateExpires(double unix_seconds);  // 0: no TLS

  // A reload brought names: their series begin at 0. Names that are gone keep
  // theirs until the process ends.
  void Know(const Names& names);

  // The exposition text of all of them (text format 0.0.4). Slow: never call
  // it on the engine's thread.
  std::string Serialize() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace tocsin::metrics
