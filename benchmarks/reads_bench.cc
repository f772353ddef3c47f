// reads_bench [--check]: what those who look cost. Nanoseconds of the engine's
// thread for each event it publishes, while nobody watches and while 256
// streams do; milliseconds to compress a list of 100 groups and to make its
// tag. --check fails where publishing to nobody takes a microsecond or more.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "web/compression.h"
#include "web/etag.h"
#include "web/event_hub.h"

namespace {

using namespace tocsin;  // a bench touches every folder

constexpr int kRounds = 5;
constexpr int kEvents = 200'000;
constexpr int kEventsWatched = 20'000;
constexpr int kReaders = 256;
constexpr double kMostNanos = 1000;

double Seconds(const std::function<void()>& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun)
      .count();
}

double Median(const std::function<double()>& round) {
  std::vector<double> values;
  for (int i = 0; i < kRounds; ++i) values.push_back(round());
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// A client who takes whatever it is sent.
class Reader final : public web::Stream::Port {
 public:
  bool WriteToStream(std::string_view /*bytes*/) override { return open_; }
  void EndStream() override { open_ = false; }
  bool StreamIsOpen() const override { return open_; }
  std::size_t StreamUnsent() const override { return 0; }

 private:
  std::atomic<bool> open_ = true;
};

// Two events a turn, as most webhooks make.
double NanosPerEvent(int readers, int events) {
  metrics::Metrics metrics({.sources = {}, .teams = {}, .providers = {}});
  web::EventHub hub({}, FromMillis(1), metrics);
  for (int i = 0; i < readers; ++i) {
    const auto reader = std::make_shared<Reader>();
    TOCSIN_CHECK(hub.Join({}, [&] { return web::Stream(reader); }));
  }
  paging::AlertGroup group;
  group.identity.team = "platform";
  const paging::TimelineEntry entry{
      .at = FromMillis(1),
      .kind = paging::TimelineKind::kNotificationIssued,
      .actor = "",
      .text = "notification 17 to ada by phone: step 1 of chain platform"};
  const std::vector<engine::TimelineNews> news = {{group, entry},
                                                  {group, entry}};
  const double seconds = Seconds([&] {
    for (int i = 0; i < events; i += 2) hub.Publish(news);
  });
  return seconds * 1e9 / events;
}

std::string List() {
  std::string body;
  for (int i = 0; i < 100; ++i) {
    const std::string number = std::to_string(1000 + i * 7919 % 9000);
    body += R"({"id":")" + number +
            R"(","team_id":"platform","state":"firing")"
            R"(,"created_at":"2026-11-23T05:53:57.)" +
            number.substr(1) + R"(Z","title":"DiskFull on db-)" + number +
            R"(","labels":[],"permalinks":{"slack":null,"telegram":null},)"
            R"("severity":"critical","summary":"disk /dev/sd)" +
            number + R"( of the host has no room left"},)";
  }
  return body;
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc > 1 && std::strcmp(argv[1], "--check") == 0;
  const double alone = Median([] { return NanosPerEvent(0, kEvents); });
  const double watched =
      Median([] { return NanosPerEvent(kReaders, kEventsWatched); });
  std::printf("publish to nobody       %8.0f ns an event\n", alone);
  std::printf("publish to %d streams  %8.0f ns an event\n", kReaders, watched);
  const std::string list = List();
  std::size_t size = 0;
  const double gzip = Median(
      [&] { return Seconds([&] { size = web::Gzip(list).value().size(); }); });
  const double tag = Median(
      [&] { return Seconds([&] { web::EtagOf(list, web::Coding::kGzip); }); });
  std::printf("gzip %zu KB to %zu KB  %8.2f ms\n", list.size() / 1000,
              size / 1000, gzip * 1e3);
  std::printf("tag                     %8.2f ms\n", tag * 1e3);
  return check && alone >= kMostNanos ? 1 : 0;
}
