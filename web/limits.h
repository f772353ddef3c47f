#pragma once

#include <chrono>
#include <cstddef>

namespace tocsin::web {

// Every limit of the HTTP side in one place, each with its reason. Lengths of
// time are steady and rounded up to whole ticks.
struct Limits {
  // Alertmanager peers, a few pages and scripts need dozens; the cap keeps a
  // flood of connections from using up memory and descriptors (two each). At
  // the cap a stranger makes room for the next one, see Traffic::Register.
  std::size_t connections = 8192;

  // The request line and all headers, with the empty line; browsers with
  // cookies stay below 8 KB.
  std::size_t header_bytes = 16 * 1024;

  // The request target; the longest of ours is a list with all its filters.
  std::size_t target_bytes = 2 * 1024;

  // 20,000 alerts in one webhook are 12 MB.
  std::size_t body_bytes = 32u << 20;

  // What may wait behind a request that has no answer yet. We cannot tell the
  // transport to stop reading, so a client that pipelines more is dropped.
  std::size_t pipelined_bytes = 256 * 1024;

  // A body up to here is handed to the application on the transport's thread,
  // a larger one on a worker: parsing this much takes some 200 us, in which
  // other connections of that thread wait.
  std::size_t inline_bytes = 64 * 1024;

  // What a reader of a stream may be behind: some hundred events.
  std::size_t stream_bytes = 64 * 1024;

  // Bytes of all requests not yet handed on, over all connections: eight
  // bodies of the largest size. Beyond it a request is answered 503.
  std::size_t buffered_bytes = 256u << 20;

  // After an answer that ends a connection this much more input is read and
  // thrown away, so that the answer is not lost to a reset.
  std::size_t discarded_bytes = 256 * 1024;

  // From a connection's first moment to the end of its TLS handshake: two
  // round trips in honest life.
  std::chrono::milliseconds handshake = std::chrono::seconds(10);

  // Longer than Alertmanager's own 5 min: the client must be the one who
  // closes, or its next webhook meets a closed socket.
  std::chrono::milliseconds idle = std::chrono::minutes(6);

  // From a request's first byte to the end of its headers: one packet in
  // honest life.
  std::chrono::milliseconds header = std::chrono::seconds(10);

  // From there to the end of the body: 32 MiB over a bad line.
  std::chrono::milliseconds body = std::chrono::seconds(60);

  // For the application to answer; beyond it the answer is 503. A commit takes
  // milliseconds, a store that hangs longer has lost its clients anyway.
  std::chrono::milliseconds answer = std::chrono::seconds(60);

  // For a client to take the rest of an answer that did not fit its socket.
  std::chrono::milliseconds sending = std::chrono::seconds(30);

  // For a client to close after we have said that we close.
  std::chrono::milliseconds linger = std::chrono::seconds(5);

  // For requests in flight to get their answer when the server stops.
  std::chrono::milliseconds stopping = std::chrono::seconds(10);

  // How often deadlines are looked at.
  std::chrono::milliseconds tick = std::chrono::seconds(1);

  // Threads that read sockets and parse, for each listen address. They never
  // wait for a commit or the store, so two saturate two cores.
  int transport_threads = 2;

  // Threads that read from the store and write out metrics.
  int workers = 2;

  // Reads waiting for a worker: at 20 ms each the last one waits 5 s.
  std::size_t waiting_reads = 512;
};

}  // namespace tocsin::web
