// The traps of stock Pistache that show within a second or two. Those that are
// only bytes and answers are in kWire below; the others each have a judge.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/hostile/trial.h"
#include "tests/web/client.h"

namespace tocsin::hostile {
namespace {

using std::chrono::milliseconds;
using web::BodyOf;
using web::Client;
using web::Compose;
using web::StatusOf;

const std::vector<std::string> kOneThread{"--threads", "1"};
// Long enough for a byte to have been read alone, also on a busy machine; a
// trap that needs it is tried again on the stock library.
constexpr milliseconds kApart{100};

// Answers that are there: asks a second connection first, which a server of one
// thread comes to only when it is done with what came before.
std::string AnswersOn(Client& client, const Victim& victim) {
  victim.Answers(milliseconds(2000));
  std::string all;
  try {
    for (std::string one; !(one = client.Receive()).empty();) {
      all += (all.empty() ? "" : " + ") + StatusOf(one);
      if (StatusOf(one) == "200") all += ' ' + BodyOf(one);
    }
  } catch (const std::system_error&) {  // nothing more for now
  }
  return all;
}

// Requests that two readers could understand differently, or that are none.
// `first` is sent and answered, then `then` is sent on the same connection.
struct Wire {
  const char* name;
  std::string first;
  std::string then;
  std::string stock;  // how the library answers
  std::string ours;
};

std::string Post(std::string_view headers, std::string_view body) {
  std::string request = "POST /len HTTP/1.1\r\nHost: a\r\n";
  request += headers;
  request += "\r\n\r\n";
  request += body;
  return request;
}

std::string Get(std::string_view rest) {
  return "GET " + std::string(rest) + "\r\n\r\n";
}

const std::string kHidden = Get("/id?x=hidden HTTP/1.1\r\nHost: a");
const std::string kChunked = "Transfer-Encoding: chunked";
const std::string kChunks = "5\r\nhello\r\n0\r\n\r\n";

const std::vector<Wire>& WireTable() {
  using namespace std::string_literals;  // NUL
  static const std::vector<Wire> table{
      {"after 413 the body is a request",
       Post("Content-Length: 9000", std::string(4200, 'x')), kHidden,
       "413 + 200 hidden", "413"},
      {"after 415 the body is a request",
       Get("/hello HTTP/1.1\r\nHost: a\r\nAccept: odd\r\nContent-Length: " +
           std::to_string(kHidden.size())),
       kHidden, "415 + 200 hidden", "200 hello"},
      {"a length that is none is 0", Post("Content-Length: abc", ""), kHidden,
       "200 0 + 200 hidden", "400"},
      {"Content-Length: 5abc", Post("Content-Length: 5abc", "hello"), "",
       "200 5", "400"},
      {"Content-Length: -1", Post("Content-Length: -1", "hello"), "", "500",
       "400"},
      {"Content-Length twice",
       Post("Content-Length: 3\r\nContent-Length: 5", "hello"), "", "200 3",
       "400"},
      {"a blank before the colon", Post("Content-Length : 5", "hello"), "",
       "200 0", "400"},
      {"Transfer-Encoding: ch", Post("Transfer-Encoding: ch", kChunks), "",
       "200 5", "501"},
      {"a chunk of 0x5", Post(kChunked, "0x5\r\nhello\r\n0\r\n\r\n"), "",
       "200 5", "400"},
      {"a chunk with a longer end", Post(kChunked, "5\r\nhelloXX0\r\n\r\n"), "",
       "200 5", "400"},
      {"Host twice", Get("/hello HTTP/1.1\r\nHost: a\r\nHost: b"), "",
       "200 hello", "400"},
      {"no Host", Get("/hello HTTP/1.1"), "", "200 hello", "400"},
      {"a NUL in the target", Get("/id?x=a\0b HTTP/1.1\r\nHost: a"s), "",
       "200 a\0b"s, "400"},
      {"a NUL in a header", Get("/hello HTTP/1.1\r\nHost: a\r\nX: \0"s), "",
       "200 hello", "400"},
      {"a header without a colon", Get("/hello HTTP/1.1\r\nodd\r\nHost: a"), "",
       "200 hello", "400"},
      {"two requests in one packet",
       Get("/hello HTTP/1.1\r\nHost: a") + kHidden, "", "200 hello",
       "200 hello + 200 hidden"},
      {"a body over 4096 bytes",
       Post("Content-Length: 5000", std::string(5000, 'x')), "", "413",
       "200 5000"},
  };
  return table;
}

std::string AskWire(const Victim& victim, const Wire& wire) {
  Client client(victim.port(), 0, milliseconds(50));
  client.Send(wire.first);
  std::string all = AnswersOn(client, victim);
  if (!wire.then.empty()) {
    client.Send(wire.then);
    const std::string more = AnswersOn(client, victim);
    if (!all.empty() && !more.empty()) all += " + ";
    all += more;
  }
  return all;
}

// One request on a connection of its own; then whether the server lives.
auto AfterRequest(const std::string& request) {
  return [request](Victim& victim) {
    Client client(victim.port(), 0, milliseconds(500));
    client.Send(request);
    AnswersOn(client, victim);
    return Silenced(victim);
  };
}

// The bytes in two packets.
auto InTwo(const std::string& first, const std::string& second) {
  return [first, second](Victim& victim) {
    Client client(victim.port());
    client.Send(first);
    std::this_thread::sleep_for(kApart);
    client.Send(second);
    return Silenced(victim);
  };
}

// Four clients, as the library's fault is a race.
Finding StreamsFromThreads(Victim& victim) {
  const auto ask = [&victim] {
    for (int i = 0; i < 50; ++i) {
      try {
        Client client(victim.port(), 0, milliseconds(1000));
        client.Ask(Compose("GET", "/stream", "Connection: close\r\n"));
      } catch (const std::system_error&) {  // it is dying
        return;
      }
    }
  };
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) clients.emplace_back(ask);
  for (std::thread& client : clients) client.join();
  return Silenced(victim);
}

Finding DoesNotRead(Victim& victim) {
  Client client(victim.port(), 4096);
  client.Send(Compose("GET", "/big?n=8000000"));
  return Silenced(victim);
}

// An answer in flight for longer than an idle connection may live.
Finding LateAnswer(Victim& victim) {
  Client client(victim.port());
  const std::string keep = "Connection: keep-alive\r\n";
  client.Send(Compose("GET", "/later?ms=2500&x=late", keep));
  std::this_thread::sleep_for(kApart);
  client.Send(Compose("GET", "/hello", keep));
  const bool came = client.ReceiveAll().find("late") != std::string::npos;
  return {!came, came ? "it comes" : "lost, closed while it was made"};
}

// A request in clear on a port of TLS: a server that is awake answers or
// closes.
bool NoticesClearText(const Victim& victim) {
  Client client(victim.port(), 0, milliseconds(2000));
  client.Send(Compose("GET", "/hello", "Connection: close\r\n"));
  try {
    client.ReceiveAll();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

Finding SilentHandshake(Victim& victim) {
  if (!NoticesClearText(victim)) return {false, "is not awake at all"};
  const Client silent(victim.port());
  std::this_thread::sleep_for(kApart);
  const bool awake = NoticesClearText(victim);
  return {!awake, awake ? "serves others" : "serves nobody else"};
}

// A certificate of its own making in a folder of the test.
class Certificate {
 public:
  Certificate() {
    std::string folder =
        std::filesystem::temp_directory_path() / "tocsin-hostile-XXXXXX";
    BOOST_REQUIRE(::mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
        "-nodes -days 2 -subj /CN=localhost -keyout " +
        key() + " -out " + chain() + " 2>/dev/null";
    BOOST_REQUIRE(std::system(command.c_str()) == 0);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  std::string chain() const { return folder_ / "chain.pem"; }
  std::string key() const { return folder_ / "key.pem"; }

 private:
  std::filesystem::path folder_;
};

Finding ClosesWhenAsked(Victim& victim) {
  Client client(victim.port(), 0, milliseconds(1000));
  client.Ask(Compose("GET", "/hello", "Connection: close\r\n"));
  try {
    client.ReceiveAll();
    return {false, "closed"};
  } catch (const std::system_error&) {
    return {true, "stays open"};
  }
}

Finding KeepsConnections(Victim& victim) {
  Client client(victim.port());
  const std::string answer = client.Ask(Compose("GET", "/hello"));
  const bool closes = answer.find("Connection: Close") != std::string::npos;
  return {closes, closes ? "tells HTTP/1.1 to close" : "kept"};
}

auto Header(const char* path, std::string_view wanted, bool there) {
  return [path, wanted, there](Victim& victim) -> Finding {
    Client client(victim.port());
    const std::string answer = client.Ask(Compose("GET", path));
    const bool found = answer.find(wanted) != std::string::npos;
    return {found == there, found ? "sent" : "not sent"};
  };
}

Finding Backlog(Victim& victim) {
  return {victim.backlog() < 1000, std::to_string(victim.backlog())};
}

int LeftOpen(const char* binary, const char* restarts) {
  return std::stoi(OutputOf({binary, "--restarts", restarts}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(quick_traps)

BOOST_AUTO_TEST_CASE(what_is_ambiguous_is_refused) {
  Victim stock({STOCK_SERVER, "--threads", "1"});
  Victim ours({GUARD_SERVER, "--threads", "1", "--max-request", "8000"});
  for (const Wire& wire : WireTable()) {
    BOOST_TEST_CONTEXT(wire.name) {
      const std::string theirs = AskWire(stock, wire);
      const std::string answer = AskWire(ours, wire);
      BOOST_TEST(theirs == wire.stock);
      BOOST_TEST(answer == wire.ours);
      std::printf("%-42s stock: %-34s ours: %s\n", wire.name, theirs.c_str(),
                  answer.c_str());
    }
  }
  BOOST_TEST(ours.Stop() == "exit 0");
}

BOOST_AUTO_TEST_CASE(one_request_does_not_end_the_process) {
  const std::vector<std::string> room{"--max-request", "65536"};
  Try({.name = "a path of 15,000 slashes",
       .judge = AfterRequest(
           Get('/' + std::string(15'000, '/') + " HTTP/1.1\r\nHost: a")),
       .stock_flags = room,
       .our_flags = room});
  Try({.name = "a handler throws what is no std::exception",
       .judge = AfterRequest(Compose("GET", "/throw"))});
  Try({.name = "streams written by threads",
       .judge = StreamsFromThreads,
       .stock_tries = 5});
}

BOOST_AUTO_TEST_CASE(one_client_does_not_stop_the_others) {
  Try({.name = "a chunk split between CR and LF",
       .judge = InTwo(Post(kChunked, "5\r\nhello\r"), "\n0\r\n\r\n"),
       .stock_flags = kOneThread,
       .our_flags = kOneThread,
       .stock_tries = 5});
  Try({.name = "a reader who does not read",
       .judge = DoesNotRead,
       .stock_flags = kOneThread,
       .our_flags = kOneThread});
  const Certificate certificate;
  const std::vector<std::string> tls{"--tls", certificate.chain(),
                                     certificate.key()};
  Try({.name = "a silent handshake",
       .judge = SilentHandshake,
       .stock_flags = tls,
       .our_flags = tls});
}

BOOST_AUTO_TEST_CASE(an_answer_is_not_lost) {
  Try({.name = "an answer later than the idle time",
       .judge = LateAnswer,
       .stock_flags = {"--keepalive-ms", "400"},
       .our_flags = {"--keepalive-ms", "400"}});
}

BOOST_AUTO_TEST_CASE(connections_live_as_http_says) {
  Try({.name = "Connection: close", .judge = ClosesWhenAsked});
  Try({.name = "no Connection header", .judge = KeepsConnections});
}

BOOST_AUTO_TEST_CASE(answers_hold_what_was_asked_and_no_more) {
  Try({.name = "CR LF in a response header",
       .judge = Header("/header", "\r\nX-Second:", true)});
  Try({.name = "a header of one's own",
       .judge = Header("/raw", "X-Raw: there", false)});
}

BOOST_AUTO_TEST_CASE(the_backlog_is_what_was_asked) {
  Try({.name = "a backlog of 1024",
       .judge = Backlog,
       .stock_flags = {"--backlog", "1024"}});
}

// The library does not give back what a transport thread polls with while a
// client is connected. We stand on the same transport and pay the same, once in
// the life of a process; nothing of ours may come on top.
BOOST_AUTO_TEST_CASE(restarts_leave_no_more_open_than_the_library_does) {
  const int theirs = LeftOpen(STOCK_SERVER, "11") - LeftOpen(STOCK_SERVER, "1");
  const int ours = LeftOpen(GUARD_SERVER, "11") - LeftOpen(GUARD_SERVER, "1");
  std::printf("%-42s stock: %-34d ours: %d\n", "left open by ten restarts",
              theirs, ours);
  BOOST_TEST(theirs >= 50);
  BOOST_TEST(ours <= theirs);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::hostile
