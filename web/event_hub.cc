#include "web/event_hub.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "paging/alert_group.h"

namespace tocsin::web {
namespace {

namespace json = boost::json;

// How soon a line that was not clear is looked at again.
constexpr std::chrono::milliseconds kPressedLook{50};

// Of an entry's text: one event must fit a reader's line.
constexpr std::size_t kMaxText = 4096;

std::string_view Cut(std::string_view text) {
  if (text.size() <= kMaxText) return text;
  std::size_t end = kMaxText;
  // Not within a character.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

json::string Text(std::string_view text) {
  return json::string(text.data(), text.size());
}

// One event as it is sent; JSON has no line ends in it.
std::string EventText(std::string_view id, std::string_view kind,
                      const json::object& data) {
  std::string text = "id: ";
  text += id;
  text += "\nevent: ";
  text += kind;
  text += "\ndata: ";
  text += json::serialize(data);
  text += "\n\n";
  return text;
}

// The number of "EPOCH-NUMBER", if it is of this epoch.
std::optional<std::uint64_t> NumberOf(std::string_view id,
                                      std::string_view epoch) {
  if (!id.starts_with(epoch)) return std::nullopt;
  id.remove_prefix(epoch.size());
  if (!id.starts_with('-')) return std::nullopt;
  id.remove_prefix(1);
  std::uint64_t number = 0;
  const auto [end, fault] =
      std::from_chars(id.data(), id.data() + id.size(), number);
  if (fault != std::errc() || end != id.data() + id.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

EventHub::EventHub(const Limits& limits, Instant started,
                   metrics::Metrics& metrics)
    : limits_(limits),
      epoch_(std::to_string(ToMillis(started))),
      metrics_(metrics),
      thread_([this] { Run(); }) {}

EventHub::~EventHub() { Stop(); }

void EventHub::Publish(const std::vector<engine::TimelineNews>& news) {
  bool heard = false;
  {
    const MutexLock lock(mutex_);
    for (const engine::TimelineNews& one : news) {
      if (fresh_.size() >= limits_.events) fresh_.pop_front();
      fresh_.push_back({.number = ++published_,
                        .group = one.group.id,
                        .team = one.group.identity.team,
                        .state = paging::LifeName(one.group.life),
                        .entry = one.entry});
    }
    heard = streams_ > 0;
  }
  if (heard) changed_.NotifyOne();
}

// A number that no event has: who waits for it is too late.
void EventHub::Missed() {
  const MutexLock lock(mutex_);
  ++published_;
  fresh_.clear();
  gap_ = true;
}

bool EventHub::Join(Subscription subscription,
                    const std::function<Stream()>& open) {
  {
    const MutexLock lock(mutex_);
    if (stopped_ || streams_ >= limits_.streams) {
      metrics_.EventStream("refused");
      return false;
    }
    ++streams_;
  }
  Reader reader{
      .stream = open(),
      .subscription = std::move(subscription),
      .heartbeat_at = std::chrono::steady_clock::now() + limits_.heartbeat};
  metrics_.EventStream("opened");
  metrics_.EventStreams(+1);
  {
    const MutexLock lock(mutex_);
    joining_.push_back(std::move(reader));
  }
  changed_.NotifyOne();
  return true;
}

void EventHub::Stop() {
  {
    const MutexLock lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
  }
  changed_.NotifyOne();
  thread_.join();
}

void EventHub::Run() {
  while (Wait()) ServeAll();
  for (const Reader& reader : readers_) reader.stream.End();
  readers_.clear();
}

// Waits for something to do and takes it over; false: stop.
bool EventHub::Wait() {
  std::chrono::milliseconds patience =
      std::min(limits_.look, limits_.heartbeat);
  if (pressed_) patience = std::min(patience, kPressedLook);
  std::vector<Reader> joining;
  std::deque<Event> fresh;
  bool gap = false;
  bool stopped = false;
  {
    const MutexLock lock(mutex_);
    bool timed_out = false;
    while (!stopped_ && !timed_out && joining_.empty() &&
           (fresh_.empty() || streams_ == 0)) {
      if (readers_.empty()) {
        changed_.Wait(mutex_);
      } else {
        timed_out = !changed_.WaitFor(mutex_, patience);
      }
    }
    fresh.swap(fresh_);
    joining.swap(joining_);
    gap = std::exchange(gap_, false);
    last_ = published_;
    stopped = stopped_;
  }
  Take(fresh, std::move(joining), gap);
  return !stopped;
}

void EventHub::Take(const std::deque<Event>& fresh, std::vector<Reader> joining,
                    bool gap) {
  if (gap) written_.clear();
  for (const Event& event : fresh) {
    written_.push_back(Write(event));
    if (written_.size() > limits_.events) written_.pop_front();
  }
  for (Reader& reader : joining) {
    Greet(reader);
    readers_.push_back(std::move(reader));
  }
}

std::uint64_t EventHub::First() const {
  return written_.empty() ? last_ + 1 : written_.front().number;
}

std::string EventHub::IdOf(std::uint64_t number) const {
  return epoch_ + "-" + std::to_string(number);
}

EventHub::Written EventHub::Write(const Event& event) const {
  const std::string id = IdOf(event.number);
  json::object data;
  data["id"] = Text(id);
  data["alert_group"] = Text(std::to_string(event.group.value()));
  data["team"] = Text(event.team);
  data["state"] = event.state;
  data["kind"] = paging::TimelineKindName(event.entry.kind);
  data["at"] = Text(FormatRfc3339(event.entry.at));
  data["actor"] = event.entry.actor.empty() ? json::value(nullptr)
                                            : Text(event.entry.actor);
  data["text"] = Text(Cut(event.entry.text));
  return {.number = event.number,
          .team = event.team,
          .text = EventText(id, "alert_group", data)};
}

std::string EventHub::Reset(std::string_view reason) const {
  return EventText(IdOf(last_), "reset", {{"reason", Text(reason)}});
}

// The first event: which process this is, and whether the reader goes on where
// it was. Its id is what the reader knows already.
void EventHub::Greet(Reader& reader) const {
  const std::string& asked = reader.subscription.last_id;
  const auto number = NumberOf(asked, epoch_);
  const bool resumed = number && *number <= last_ && *number + 1 >= First();
  reader.next = resumed ? *number + 1 : last_ + 1;
  std::string text = EventText(IdOf(reader.next - 1), "hello",
                               {{"epoch", Text(epoch_)}, {"resumed", resumed}});
  if (!resumed && !asked.empty()) {
    text += Reset(number ? "too_old" : "restarted");
  }
  static_cast<void>(reader.stream.Write(text));  // Serve sees what came of it
}

// What of the events is for this reader, up to a piece.
std::string EventHub::PassOn(Reader& reader) const {
  std::string text;
  if (reader.next < First()) {
    reader.next = last_ + 1;
    return Reset("missed");
  }
  while (reader.next <= last_ && text.size() < limits_.piece_bytes) {
    const Written& written = written_[reader.next - First()];
    const auto& team = reader.subscription.team;
    if (!team || *team == written.team) text += written.text;
    ++reader.next;
  }
  return text;
}

// Of a stream that ended, as metrics::Metrics::EventStream has it.
const char* EventHub::NameOf(Fate fate) {
  if (fate == Fate::kSlow) return "slow";
  return fate == Fate::kForbidden ? "forbidden" : "left";
}

EventHub::Fate EventHub::Serve(Reader& reader, Time now) const {
  const Stream& stream = reader.stream;
  if (!stream.open()) return Fate::kLeft;
  if (stream.unsent() > 0) {
    return reader.next < First() ? Fate::kSlow : Fate::kWaits;
  }
  std::string text = PassOn(reader);
  if (now >= reader.heartbeat_at) {
    const auto& allowed = reader.subscription.allowed;
    if (allowed && !allowed()) return Fate::kForbidden;
    reader.heartbeat_at = now + limits_.heartbeat;
    // The id keeps a reader of a quiet team from falling behind the others'.
    text += ": still here\nid: " + IdOf(reader.next - 1) + "\n\n";
  }
  if (!text.empty() && !stream.Write(text)) return Fate::kLeft;
  return reader.next <= last_ ? Fate::kWaits : Fate::kStays;
}

void EventHub::ServeAll() {
  const Time now = std::chrono::steady_clock::now();
  std::size_t gone = 0;
  pressed_ = false;
  std::erase_if(readers_, [&](Reader& reader) {
    const Fate fate = Serve(reader, now);
    if (fate == Fate::kWaits) pressed_ = true;
    if (fate == Fate::kStays || fate == Fate::kWaits) return false;
    metrics_.EventStream(NameOf(fate));
    metrics_.EventStreams(-1);
    reader.stream.End();
    ++gone;
    return true;
  });
  const MutexLock lock(mutex_);
  streams_ -= gone;
}

}  // namespace tocsin::web
