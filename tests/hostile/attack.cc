#include "tests/hostile/attack.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tocsin::hostile {
namespace {

constexpr std::string_view kHook =
    "POST /integrations/v1/alertmanager/guessed/ HTTP/1.1\r\nHost: a\r\n";
constexpr std::string_view kHealthy = "GET /-/healthy HTTP/1.1\r\nHost: a\r\n";

std::size_t Below(Random& random, std::size_t bound) {
  return static_cast<std::size_t>(random() % bound);
}

template <typename Item, std::size_t kSize>
const Item& OneOf(Random& random, const std::array<Item, kSize>& items) {
  return items[Below(random, kSize)];
}

std::string Noise(Random& random, std::size_t size) {
  std::string noise(size, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  return noise;
}

std::string Joined(std::string_view first, std::string_view second) {
  std::string both(first);
  both += second;
  return both;
}

// Nobody's certificate, nobody's protocol.
Attack Garbage(Random& random) {
  return {"garbage", {Noise(random, 1 + Below(random, 3000))}, Leave::kRead};
}

Attack TlsGarbage(Random& random) {
  std::string record("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  record += Noise(random, Below(random, 600));
  return {"tls garbage", {std::move(record)}, Leave::kRead};
}

Attack HalfRequest(Random& random) {
  const std::string whole = Joined(kHook, "Content-Length: 900\r\n\r\n{");
  return {"half a request",
          {whole.substr(0, 1 + Below(random, whole.size()))},
          Leave::kClose};
}

Attack AskedAndGone(Random& random) {
  std::string request;
  const std::size_t many = 1 + Below(random, 3);
  for (std::size_t i = 0; i < many; ++i) request += Joined(kHealthy, "\r\n");
  return {"asked and gone", {std::move(request)}, Leave::kReset};
}

Attack SlowLoris(Random& random) {
  return {"slow",
          {Joined(kHealthy, "X-A: "), std::string(1 + Below(random, 9), 'x')},
          Leave::kHold};
}

// Legal chunks, cut where a careless reader stumbles.
Attack SplitChunks(Random& random) {
  const std::string whole =
      Joined(kHook, "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n") +
      "2\r\n1}\r\n0\r\n\r\n";
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t lf = whole.find('\n', at);
    const bool cut = lf != std::string::npos && Below(random, 2) == 0;
    const std::size_t end =
        cut ? std::max(lf, at + 1) : std::min(whole.size(), at + 40);
    parts.push_back(whole.substr(at, end - at));
    at = end;
  }
  return {"split chunks", std::move(parts), Leave::kRead};
}

Attack Smuggling(Random& random) {
  static constexpr std::array<std::string_view, 7> kHeads{
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
      "Content-Length: 5\r\nContent-Length: 0\r\n",
      "Transfer-Encoding: ch\r\n",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
      "Content-Length: 5abc\r\n",
      "Content-Length : 5\r\n",
      "Content-Length: 99999999999999999999\r\n"};
  return {"smuggling",
          {Joined(kHook, OneOf(random, kHeads)) + "\r\n0\r\n\r\n",
           Joined(kHealthy, "\r\n")},
          Leave::kRead};
}

Attack HugeHeaders(Random& random) {
  return {"huge headers",
          {Joined(kHealthy, "Cookie: ") +
           std::string(8'000 + Below(random, 60'000), 'x') + "\r\n\r\n"},
          Leave::kRead};
}

Attack Pipeline(Random& random) {
  std::string requests;
  for (std::size_t i = 20 + Below(random, 100); i > 0; --i) {
    requests += Joined(kHealthy, "\r\n");
  }
  return {"pipeline and abort",
          {std::move(requests)},
          Below(random, 2) == 0 ? Leave::kReset : Leave::kHalfClose};
}

Attack BodyThatEnds(Random& random) {
  return {"a body that never comes",
          {Joined(kHook, "Content-Length: 30000000\r\n\r\n"),
           std::string(Below(random, 20'000), '[')},
          Leave::kClose};
}

Attack StrangersBody(Random& random) {
  const std::string body(1 + Below(random, 40'000), '[');
  return {"a stranger's body",
          {Joined(kHook, "Content-Length: ") + std::to_string(body.size()) +
           "\r\n\r\n" + body},
          Leave::kRead};
}

Attack Continue(Random&) {
  return {"waits for 100",
          {Joined(kHook, "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n")},
          Leave::kRead};
}

Attack BadChunk(Random& random) {
  static constexpr std::array<std::string_view, 6> kChunks{
      "-1\r\nx\r\n",      "0x5\r\nhello\r\n0\r\n\r\n",
      "5\r\nhelloXX",     "ffffffffffffffffff\r\n",
      "5;a=b\nhello\r\n", "\r\n\r\n"};
  return {"a chunk that is none",
          {Joined(kHook, "Transfer-Encoding: chunked\r\n\r\n"),
           std::string(OneOf(random, kChunks))},
          Leave::kRead};
}

// Changes, takes out or puts in a few bytes.
void Spoil(Random& random, std::string& request) {
  for (std::size_t i = 1 + Below(random, 4); i > 0; --i) {
    const std::size_t at = Below(random, request.size());
    switch (Below(random, 3)) {
      case 0:
        request[at] = static_cast<char>(random());
        break;
      case 1:
        request.erase(at, 1 + Below(random, 4));
        break;
      default:
        request.insert(at, Noise(random, 1 + Below(random, 3)));
        break;
    }
    if (request.empty()) request = "\n";
  }
}

Attack Mutant(Random& random) {
  std::string request = Joined(kHealthy, "Accept: */*\r\n\r\n");
  Spoil(random, request);
  // What is left may be legal and incomplete: do not wait for an answer.
  return {"mutant", {std::move(request)}, Leave::kReset};
}

Attack Nothing(Random& random) {
  return {"nothing", {}, Below(random, 2) == 0 ? Leave::kClose : Leave::kReset};
}

}  // namespace

Attack SomeAttack(Random& random) {
  using Make = Attack (*)(Random&);
  static constexpr std::array<Make, 15> kKinds{
      Garbage,     TlsGarbage,    HalfRequest, AskedAndGone, SlowLoris,
      SplitChunks, Smuggling,     HugeHeaders, Pipeline,     BodyThatEnds,
      Continue,    StrangersBody, BadChunk,    Mutant,       Nothing};
  return OneOf(random, kKinds)(random);
}

Attack SomeTlsAttack(Random& random, const std::string& hello) {
  static constexpr std::array<Leave, 4> kWays{Leave::kClose, Leave::kReset,
                                              Leave::kRead, Leave::kHold};
  std::string first = hello;
  switch (Below(random, 5)) {
    case 0:  // no TLS at all
      return SomeAttack(random);
    case 1:  // a handshake that stops in its first message
      return {"half a hello",
              {first.substr(0, 1 + Below(random, first.size()))},
              OneOf(random, kWays)};
    case 2:
      Spoil(random, first);
      return {"a spoilt hello", {std::move(first)}, Leave::kRead};
    case 3:  // a handshake that goes on with noise
      return {"noise after hello",
              {std::move(first), Noise(random, 1 + Below(random, 2000))},
              Leave::kRead};
    default:  // and one that does not go on
      return {"hello", {std::move(first)}, OneOf(random, kWays)};
  }
}

}  // namespace tocsin::hostile
