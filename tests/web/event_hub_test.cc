#include "web/event_hub.h"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "tests/web/house.h"

namespace tocsin::web {
namespace {

using std::chrono_literals::operator""ms;

// A client as the hub sees it; takes all at once, unless it is told to stall.
class Line final : public Stream::Port {
 public:
  bool WriteToStream(std::string_view bytes) override {
    const MutexLock lock(mutex_);
    if (!open_) return false;
    text_ += bytes;
    ++writes_;
    largest_ = std::max(largest_, bytes.size());
    if (stalls_) unsent_ += bytes.size();
    changed_.NotifyAll();
    return true;
  }
  void EndStream() override { Close(); }
  bool StreamIsOpen() const override {
    const MutexLock lock(mutex_);
    return open_;
  }
  std::size_t StreamUnsent() const override {
    const MutexLock lock(mutex_);
    return unsent_;
  }

  void Close() {
    const MutexLock lock(mutex_);
    open_ = false;
    changed_.NotifyAll();
  }
  void Stall() {
    const MutexLock lock(mutex_);
    stalls_ = true;
    unsent_ = 1;
  }
  void Clear() {
    const MutexLock lock(mutex_);
    stalls_ = false;
    unsent_ = 0;
  }

  // All that came so far, once `part` did.
  std::string Until(const std::string& part) {
    const MutexLock lock(mutex_);
    while (text_.find(part) == std::string::npos) {
      BOOST_REQUIRE(changed_.WaitFor(mutex_, 10000ms));
    }
    return text_;
  }
  void UntilClosed() {
    const MutexLock lock(mutex_);
    while (open_) BOOST_REQUIRE(changed_.WaitFor(mutex_, 10000ms));
  }
  std::string text() const {
    const MutexLock lock(mutex_);
    return text_;
  }
  std::size_t largest() const {
    const MutexLock lock(mutex_);
    return largest_;
  }

 private:
  mutable Mutex mutex_;
  ConditionVariable changed_;
  std::string text_ GUARDED_BY(mutex_);
  bool open_ GUARDED_BY(mutex_) = true;
  bool stalls_ GUARDED_BY(mutex_) = false;
  std::size_t unsent_ GUARDED_BY(mutex_) = 0;
  std::size_t writes_ GUARDED_BY(mutex_) = 0;
  std::size_t largest_ GUARDED_BY(mutex_) = 0;
};

constexpr std::int64_t kStarted = 1'700'000'000'000;

struct Fixture {
  explicit Fixture(const EventHub::Limits& limits = {.look = 5ms})
      : hub(limits, FromMillis(kStarted), metrics) {}

  void Tell(const std::string& text, const std::string& team = "web",
            std::int64_t id = 7) {
    paging::AlertGroup group = SomeGroup(id);
    group.identity.team = team;
    const paging::TimelineEntry entry{
        .at = FromMillis(1'700'000'001'000),
        .kind = paging::TimelineKind::kAcknowledged,
        .actor = "ada",
        .text = text};
    hub.Publish({{group, entry}});
  }

  // Whoever is greeted has joined: what is told from then on is for it.
  std::shared_ptr<Line> Join(EventHub::Subscription subscription = {}) {
    auto line = std::make_shared<Line>();
    BOOST_REQUIRE(
        hub.Join(std::move(subscription), [&] { return Stream(line); }));
    line->Until("event: hello\n");
    return line;
  }

  // `result` of tocsin_event_streams_total.
  bool Counted(const std::string& result, int count) {
    const std::string series = "tocsin_event_streams_total{result=\"" + result +
                               "\"} " + std::to_string(count) + "\n";
    return metrics.Serialize().find(series) != std::string::npos;
  }
  void UntilCounted(const std::string& result) {
    const auto deadline = std::chrono::steady_clock::now() + 10000ms;
    while (!Counted(result, 1)) {
      BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
    }
  }

  metrics::Metrics metrics{{.sources = {}, .teams = {"web"}, .providers = {}}};
  EventHub hub;
};

struct SmallRing : Fixture {
  SmallRing() : Fixture({.events = 4, .streams = 2, .look = 5ms}) {}
};
struct FastHeart : Fixture {
  FastHeart() : Fixture({.heartbeat = 5ms, .look = 5ms}) {}
};

std::string Id(int number) {
  return std::to_string(kStarted) + "-" + std::to_string(number);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_hub)

BOOST_FIXTURE_TEST_CASE(an_event_tells_of_one_entry, Fixture) {
  const auto line = Join();
  BOOST_TEST(line->text() ==
             "id: " + Id(0) + "\nevent: hello\ndata: {\"epoch\":\"" +
                 std::to_string(kStarted) + "\",\"resumed\":false}\n\n");
  Tell("acknowledged by \"ada\"\nin two lines");
  const std::string text = line->Until("two lines\"}\n\n");
  const std::string event = text.substr(text.find("id: " + Id(1)));
  BOOST_TEST(event ==
             "id: " + Id(1) + "\nevent: alert_group\ndata: {\"id\":\"" + Id(1) +
                 "\",\"alert_group\":\"7\",\"team\":\"web\","
                 "\"state\":\"firing\",\"kind\":\"acknowledged\","
                 "\"at\":\"2023-11-14T22:13:21.000Z\","
                 "\"actor\":\"ada\",\"text\":"
                 "\"acknowledged by \\\"ada\\\"\\nin two lines\"}\n\n");
}

BOOST_FIXTURE_TEST_CASE(who_comes_again_goes_on_where_it_was, Fixture) {
  Tell("one");
  Tell("two");
  Tell("three");
  const auto line = Join({.last_id = Id(1)});
  const std::string text = line->Until("three");
  BOOST_TEST(text.starts_with("id: " + Id(1) + "\nevent: hello\n"));
  BOOST_TEST(text.find("\"resumed\":true") != std::string::npos);
  BOOST_TEST(text.find("\"one\"") == std::string::npos);
  BOOST_TEST(text.find("\"two\"") < text.find("\"three\""));
  BOOST_TEST(text.find("event: reset") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(who_was_away_for_too_long_is_told, SmallRing) {
  for (int i = 1; i <= 6; ++i) Tell("entry-" + std::to_string(i));
  const auto edge = Join({.last_id = Id(2)});  // 3 to 6 are kept
  BOOST_TEST(edge->Until("entry-6").find("entry-3") != std::string::npos);
  BOOST_TEST(edge->text().find("reset") == std::string::npos);
  const auto late = Join({.last_id = Id(1)});
  Tell("entry-7");
  const std::string text = late->Until("entry-7");
  BOOST_TEST(text.find("id: " + Id(6) +
                       "\nevent: reset\ndata: {\"reason\":\"too_old\"}\n\n") !=
             std::string::npos);
  BOOST_TEST(text.find("entry-6") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(another_process_is_noticed, Fixture) {
  Tell("one");
  for (const char* foreign :
       {"1699999999999-1", "1700000000000-2", "1700000000000-", "1700000000000",
        "1700000000000-1x", "17000000000001-1", "x", "-1",
        "1700000000000-99999999999999999999"}) {
    const auto line = Join({.last_id = foreign});
    const std::string text = line->Until("event: reset\n");
    BOOST_TEST(text.find("\"resumed\":false") != std::string::npos, foreign);
    BOOST_TEST(text.find("\"one\"") == std::string::npos, foreign);
  }
}

BOOST_FIXTURE_TEST_CASE(a_team_hears_of_itself_only, Fixture) {
  const auto web = Join({.team = "web"});
  const auto all = Join();
  Tell("for data", "data");
  Tell("for web", "web");
  BOOST_TEST(web->Until("for web").find("for data") == std::string::npos);
  BOOST_TEST(all->Until("for web").find("for data") != std::string::npos);
}

// With its id: else the reader of a quiet team would one day be too far behind.
BOOST_FIXTURE_TEST_CASE(a_heart_beats_and_tells_where_we_are, FastHeart) {
  const auto line = Join({.team = "web"});
  Tell("for data", "data");
  line->Until(": still here\nid: " + Id(1) + "\n\n");
}

BOOST_FIXTURE_TEST_CASE(a_stream_ends_with_the_right_to_watch, FastHeart) {
  std::atomic<bool> allowed = true;
  const auto line = Join({.allowed = [&allowed] { return allowed.load(); }});
  line->Until(": still here\n");
  BOOST_TEST(line->StreamIsOpen());
  allowed = false;
  line->UntilClosed();
  UntilCounted("forbidden");
}

BOOST_FIXTURE_TEST_CASE(there_are_so_many_streams_and_no_more, SmallRing) {
  const auto first = Join();
  const auto second = Join();
  bool opened = false;
  const auto open = [&opened] { return opened = true, Stream(); };
  BOOST_TEST(!hub.Join({}, open));
  BOOST_TEST(!opened);
  BOOST_TEST(Counted("refused", 1));
  first->Close();
  UntilCounted("left");
  const auto third = Join();
  BOOST_TEST(Counted("opened", 3));
}

BOOST_FIXTURE_TEST_CASE(who_is_slow_gets_more_when_its_line_is_clear, Fixture) {
  const auto line = Join();
  line->Stall();
  for (int i = 1; i <= 1000; ++i) Tell("entry-" + std::to_string(i) + ".");
  const auto other = Join();
  Tell("last");
  other->Until("last");  // nobody waits for the slow one
  BOOST_TEST(line->text().find("entry-2.") == std::string::npos);
  line->Clear();
  const std::string text = line->Until("last");
  BOOST_TEST(text.find("entry-1000.") != std::string::npos);
  BOOST_TEST(text.find("reset") == std::string::npos);
  BOOST_TEST(line->largest() < 64u * 1024);
}

BOOST_FIXTURE_TEST_CASE(who_does_not_keep_up_at_all_is_dropped, SmallRing) {
  const auto line = Join();
  line->Stall();
  for (int i = 1; i <= 6; ++i) Tell("entry-" + std::to_string(i));
  line->UntilClosed();
  UntilCounted("slow");
}

BOOST_FIXTURE_TEST_CASE(a_gap_is_told, Fixture) {
  Tell("one");
  const auto line = Join();
  // Where nobody knows what was committed everybody must look again.
  hub.Missed();
  line->Until("event: reset\ndata: {\"reason\":\"missed\"}");
  Tell("two");
  line->Until("two");
  const auto again = Join({.last_id = Id(1)});
  again->Until("too_old");
}

BOOST_FIXTURE_TEST_CASE(a_text_without_end_is_cut, Fixture) {
  const auto line = Join();
  std::string text = "x";
  for (int i = 0; i < 50'000; ++i) text += "\xc3\xa9";
  Tell(text);
  const std::string got = line->Until("\"}\n\n");
  BOOST_TEST(got.size() < 5000u);
  BOOST_TEST(got.ends_with("\xc3\xa9\"}\n\n"));
}

BOOST_FIXTURE_TEST_CASE(stopping_ends_all_streams, Fixture) {
  const auto line = Join();
  hub.Stop();
  BOOST_TEST(!line->StreamIsOpen());
  BOOST_TEST(!hub.Join({}, [] { return Stream(); }));
  Tell("to nobody");
  hub.Stop();
}

// Over the real server and a socket.
BOOST_AUTO_TEST_CASE(events_come_over_http) {
  House house({}, {}, {.look = 5ms});
  Client client(house.port());
  client.Send(Compose("GET", "/api/v1/events/?team_id=infra",
                      "Authorization: viewer-token\r\n"));
  std::string text;
  const auto until = [&](const std::string& part) {
    while (text.find(part) == std::string::npos) {
      const std::string some = client.ReceiveSome();
      BOOST_REQUIRE(!some.empty());
      text += some;
    }
  };
  until("\"resumed\":false}");
  BOOST_TEST(text.find("HTTP/1.1 200 OK\r\n") == 0u);
  for (const char* header :
       {"\r\nContent-Type: text/event-stream\r\n",
        "\r\nCache-Control: no-store\r\n", "\r\nX-Accel-Buffering: no\r\n",
        "\r\nTransfer-Encoding: chunked\r\n"}) {
    BOOST_TEST(text.find(header) != std::string::npos, header);
  }
  const paging::AlertGroup group = SomeGroup(3);  // of platform, once infra
  const paging::TimelineEntry entry{.at = FromMillis(1),
                                    .kind = paging::TimelineKind::kResolved,
                                    .actor = "",
                                    .text = "the source says so"};
  house.events.Publish({{group, entry}});
  until("\"actor\":null,\"text\":\"the source says so\"}");
  house.server->Stop();
  client.ReceiveAll();  // ends
  BOOST_TEST(text.find("Content-Encoding") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_door_of_events) {
  House house({}, {}, {.streams = 0});
  const char* path = "/api/v1/events/";
  BOOST_TEST(StatusOf(Client(house.port()).Ask(Compose("GET", path))) == "401");
  BOOST_TEST(Answer(house.Get(path)) ==
             R"(503 {"detail":"Too many watch already, ask later."})");
  BOOST_TEST(StatusOf(house.Post(path, "Authorization: viewer-token\r\n")) ==
             "405");
}

BOOST_AUTO_TEST_CASE(what_would_be_silent_for_ever_is_a_400) {
  House house({}, {}, {.streams = 0});
  struct Row {
    const char* query;
    const char* answer;
  };
  const char* const joins =
      R"(503 {"detail":"Too many watch already, ask later."})";
  for (const Row& row :
       {Row{"team=nope", R"(400 {"team":["There is no team of that name."]})"},
        Row{"team_id=nope",
            R"(400 {"team_id":["There is no team of that name."]})"},
        Row{"team=platform&state=new",
            R"(400 {"state":["Unknown parameter: there is only team, )"
            R"(or team_id."]})"},
        Row{"%ff=1",
            R"(400 {"parameters":["Unknown parameter: there is only team, )"
            R"(or team_id."]})"},
        Row{"team=platform", joins}, Row{"team_id=platform", joins},
        Row{"team_id=infra", joins}, Row{"team=infra&team_id=platform", joins},
        Row{"team=", joins}}) {
    BOOST_TEST(Answer(house.Get(std::string("/api/v1/events/?") + row.query)) ==
                   row.answer,
               row.query);
  }
}

BOOST_AUTO_TEST_CASE(a_head_request_opens_no_stream) {
  House house({}, {}, {.look = 5ms});
  Client client(house.port());
  client.Send(
      Compose("HEAD", "/api/v1/events/", "Authorization: viewer-token\r\n"));
  const std::string answer = client.Receive(true);
  BOOST_TEST(StatusOf(answer) == "200");
  BOOST_TEST(answer.find("text/event-stream") != std::string::npos);
  const auto deadline = std::chrono::steady_clock::now() + 10000ms;
  while (!house.Shows("tocsin_event_streams 0\n")) {
    BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
