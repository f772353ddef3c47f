#!/usr/bin/env python3
"""Stand-in for a provider: takes every POST, writes it down, answers.

A process of its own, so that the time it notes for a request is not delayed by
the threads of a test. Prints its port on stdout, then appends one JSON line a
request to --log: {"at", "path", "key", "headers", "body", "answered"}. `at` is
the monotonic clock of the machine when the request line arrived; other
processes may compare it with their own time.monotonic().

--fail-first N answers 503 to the first attempt of every Nth idempotency key, so
that retries are part of a test. PUT /answer with a number as body sets the
status of all later answers.
"""

import argparse
import http.server
import json
import sys
import threading
import time
import zlib


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def parse_request(self):
        self.begun = time.monotonic()
        return super().parse_request()

    def do_PUT(self):
        self.server.status = int(self.read_body())
        self.answer(204)

    def do_POST(self):
        body = self.read_body()
        key = self.headers.get("Idempotency-Key", "")
        status = self.server.choose_status(key)
        line = {"at": self.begun, "path": self.path, "key": key,
                "headers": dict(self.headers), "body": body,
                "answered": status}
        self.server.note(line)
        self.answer(status)

    def read_body(self):
        length = int(self.headers.get("Content-Length", "0"))
        return self.rfile.read(length).decode("utf-8")

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass  # the log file says more


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, log, fail_first):
        super().__init__(("127.0.0.1", 0), Handler)
        self.log = log
        self.fail_first = fail_first
        self.status = 200
        self.seen = set()
        self.lock = threading.Lock()

    def handle_error(self, request, client_address):
        pass  # a killed daemon leaves half requests behind

    def choose_status(self, key):
        with self.lock:
            first = key not in self.seen
            self.seen.add(key)
        unlucky = self.fail_first and zlib.crc32(
            key.encode()) % self.fail_first == 0
        return 503 if first and unlucky else self.status

    def note(self, line):
        with self.lock:
            self.log.write(json.dumps(line) + "\n")
            self.log.flush()


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--log", required=True)
    options.add_argument("--fail-first", type=int, default=0)
    given = options.parse_args()
    with open(given.log, "a", encoding="utf-8") as log:
        server = Server(log, given.fail_first)
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
