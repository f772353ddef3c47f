#!/usr/bin/env python3
"""The front door under attack: a flood of hostile connections of many kinds, a
crowd of idle and slow ones, more connections than descriptors. Good clients
beside them are served, each with its own answer; afterwards the memory is back.
Then the company a door keeps: curl, wrk, nginx in front of it."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import resource
import socket
import ssl
import subprocess
import threading
import time

import harness
import tls_test
from harness import check, say, until

GROUPS = 40
# Enough for every kind to have come, so that what the process keeps for good
# (arenas, buffers of the store) is there before it is weighed.
WARM_UP = 4000
TLS_WARM_UP = 20_000  # OpenSSL's memory takes longer to find its shape
# Descriptors of good clients that come and go, two a connection.
SLACK = 6
# Of the resident memory, beside what it was before.
MAY_GROW = 1.10

IDLE = 5000
SLOW = 1000
ASKED = 400
# Of a good client's 99th percentile beside the crowd: what it needs alone,
# three times, and this.
MAY_WAIT_SECONDS = 0.1

# A few more than there may be, and enough to tell them that no buffer of the
# kernel holds it for all.
STREAMS, MOST_STREAMS = 300, 256
TOLD = 300

FEW_DESCRIPTORS = 1024
MANY_CONNECTIONS = 3000
LISTEN_PATIENCE = 2.0


def start(stage, given, name, **spawn):
    provider = harness.StandIn(stage)
    config = stage.write(f"{name}.yml", harness.one_team(provider.url))
    tocsind = harness.Tocsind(stage, given.tocsind, config,
                              stage.folder / f"{name}.db", name=name, **spawn)
    return tocsind.wait_ready()


def make_groups(tocsind):
    """Posts webhooks; the ids of their groups, which follow each other."""
    for i in range(GROUPS):
        body = harness.webhook([harness.alert(f"Door{i}")], f"{{}}:door{i}")
        if tocsind.post_webhook(body).status != 200:
            raise harness.Failed("a webhook before the flood")
    ids = sorted(int(group["id"]) for group in tocsind.groups())
    if ids != list(range(ids[0], ids[0] + GROUPS)):
        raise harness.Failed(f"ids with gaps: {ids}")
    return ids


def resident(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text("ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024


def descriptors(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def cpu_seconds(process):
    stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text("ascii")
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_flood(given, tocsind, connections, *words):
    """It fails itself on a wrong or a missing answer."""
    flood = subprocess.run(
        [given.flood, "--port", str(tocsind.port), "--connections",
         str(connections), *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        timeout=60 + connections / 200)
    tocsind.check_alive()
    say("  " + flood.stdout.strip())
    check(flood.returncode == 0, f"{connections} hostile connections: each "
          "good client got its own answer, all strangers an end", flood)


def settles(tocsind, quiet, before):
    """After a flood: descriptors and memory are given back."""
    until(lambda: descriptors(tocsind.process) <= quiet + SLACK,
          "the descriptors of strangers are given back")
    after = resident(tocsind.process)
    figures = f"{before >> 10} KB before, {after >> 10} KB after"
    check(after <= before * MAY_GROW, "the memory is back within 10 %",
          figures)
    say(f"        {figures}")


def flood_story(stage, given):
    tocsind = start(stage, given, "flood")
    ids = make_groups(tocsind)
    good = ["--token", harness.API_TOKEN, "--groups", f"{ids[0]},{ids[-1]}"]
    idle = descriptors(tocsind.process)
    run_flood(given, tocsind, WARM_UP, "--seed", "1", *good)
    until(lambda: descriptors(tocsind.process) <= idle + SLACK,
          "the strangers are gone")
    before = resident(tocsind.process)
    run_flood(given, tocsind, given.connections, "--seed", "2", *good)
    settles(tocsind, idle, before)
    check(tocsind.get("/-/healthy").status == 200, "/-/healthy is 200")
    check(sorted(int(group["id"]) for group in tocsind.groups()) == ids,
          "no stranger made an alert group")
    refused = 'tocsin_http_refused_total{reason="malformed"}'
    check(tocsind.metric(refused) > 0, "the refused ones are counted")
    until(lambda: tocsind.metric("tocsin_http_connections") <= 2,
          "the count of connections is back")
    check(True, "the count of connections is back")
    check("level=error" not in tocsind.log_text(),
          "no stranger made an error of ours", tocsind.log_text()[-2000:])
    check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def client_hello():
    """The first bytes of an honest handshake."""
    context = ssl.create_default_context()
    wire = ssl.MemoryBIO()
    link = context.wrap_bio(ssl.MemoryBIO(), wire, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        link.do_handshake()
    return wire.read()


def tls_flood_story(stage, given):
    authority = tls_test.Authority(stage, "authority")
    authority.issue("server")
    stage.write("tocsin.yml", tls_test.CONFIG)
    daemon = tls_test.Daemon(stage, given, authority,
                             tls_test.TLS + tls_test.USERS, name="tls")
    daemon.wait_listening()
    hello = client_hello().hex()
    stop = threading.Event()
    askers = [tls_test.Asker(daemon, stop) for _ in range(2)]
    idle = descriptors(daemon.process)
    for asker in askers:
        asker.start()
    try:
        run_flood(given, daemon, TLS_WARM_UP, "--seed", "3", "--hello",
                  hello)
        until(lambda: descriptors(daemon.process) <= idle + SLACK,
              "the strangers are gone")
        before = resident(daemon.process)
        run_flood(given, daemon, given.connections, "--seed", "4", "--hello",
                  hello)
    finally:
        stop.set()
        for asker in askers:
            asker.join()
    check(not any(asker.failed for asker in askers)
          and all(asker.answers for asker in askers),
          f"TLS: {sum(asker.answers for asker in askers)} good requests beside "
          "them, each answered", [asker.failed[:3] for asker in askers])
    settles(daemon, idle, before)
    check(daemon.stop() == 0, "SIGTERM: exit code 0")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def good_client(tocsind, ids, count):
    """Seconds that each request took; every fourth on a new connection."""
    took = []
    link = None
    headers = {"Authorization": harness.API_TOKEN}
    for i in range(count):
        begun = time.monotonic()
        if i % 4 == 0:
            if link:
                link.close()
            link = http.client.HTTPConnection("127.0.0.1", tocsind.port,
                                              timeout=harness.PATIENCE)
        wanted = str(ids[i % len(ids)])
        link.request("GET", f"/api/v1/alert_groups/{wanted}/", None, headers)
        answer = link.getresponse()
        body = answer.read()
        took.append(time.monotonic() - begun)
        if answer.status != 200 or json.loads(body)["id"] != wanted:
            raise harness.Failed(f"a good client got {answer.status} {body}")
    link.close()
    return took


def gather(stack, port, count):
    """Connections that stay open until the stack ends; as many as go."""
    crowd = []
    for i in range(count):
        stranger = stack.enter_context(socket.socket())
        stranger.settimeout(LISTEN_PATIENCE)
        # One address has too few ports for a crowd that comes back.
        stranger.bind((f"127.0.0.{2 + i % 200}", 0))
        try:
            stranger.connect(("127.0.0.1", port))
        except OSError:
            break
        crowd.append(stranger)
    return crowd


@contextlib.contextmanager
def dripping(crowd):
    """Each of them says a byte a second of headers that never end."""
    ends = threading.Event()

    def drip():
        for one in crowd:
            with contextlib.suppress(OSError):
                one.sendall(b"GET /-/healthy HTTP/1.1\r\nX-Slow: ")
        while not ends.wait(1):
            for one in crowd:
                with contextlib.suppress(OSError):
                    one.send(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


def crowd_story(stage, given):
    tocsind = start(stage, given, "crowd")
    ids = make_groups(tocsind)
    good_client(tocsind, ids, ASKED // 4)
    alone = percentile(good_client(tocsind, ids, ASKED), 0.99)
    share = min(1.0, resource.getrlimit(resource.RLIMIT_NOFILE)[0] / 8192)
    before = resident(tocsind.process)
    with contextlib.ExitStack() as stack:
        idle = gather(stack, tocsind.port, int(IDLE * share))
        slow = gather(stack, tocsind.port, int(SLOW * share))
        check(len(idle) == int(IDLE * share), f"{len(idle)} idle connections")
        check(len(slow) == int(SLOW * share), f"and {len(slow)} slow ones")
        held = resident(tocsind.process) - before
        say(f"        {held / (len(idle) + len(slow)) / 1024:.1f} KB for each")
        with dripping(slow):
            beside = percentile(good_client(tocsind, ids, ASKED), 0.99)
        say(f"        p99 alone {alone * 1000:.1f} ms, "
            f"beside the crowd {beside * 1000:.1f} ms")
        check(beside < MAY_WAIT_SECONDS + 3 * alone,
              "a good client does not wait for the crowd", beside)
    good_client(tocsind, ids, 8)
    check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def few_descriptors():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = FEW_DESCRIPTORS
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def exhaustion_story(stage, given):
    tocsind = start(stage, given, "few", preexec_fn=few_descriptors)
    ids = make_groups(tocsind)
    good_client(tocsind, ids, ASKED // 4)
    alone = percentile(good_client(tocsind, ids, ASKED), 0.99)
    with contextlib.ExitStack() as stack:
        crowd = gather(stack, tocsind.port, MANY_CONNECTIONS)
        say(f"        {len(crowd)} connections, {FEW_DESCRIPTORS} descriptors")
        check(descriptors(tocsind.process) < FEW_DESCRIPTORS,
              "the daemon keeps some for itself")
        beside = percentile(good_client(tocsind, ids, ASKED), 0.99)
        say(f"        p99 alone {alone * 1000:.1f} ms, "
            f"beside them {beside * 1000:.1f} ms")
        check(beside < MAY_WAIT_SECONDS + 3 * alone,
              "a good client is served all the same, and soon", beside)
        body = harness.webhook([harness.alert("Crowded")], "{}:crowded")
        check(tocsind.post_webhook(body).status == 200, "a webhook is taken")
        begun = cpu_seconds(tocsind.process)
        time.sleep(1)
        spent = cpu_seconds(tocsind.process) - begun
        check(spent < 0.5, "nothing spins", f"{spent:.2f} s of CPU in 1 s")
    good_client(tocsind, ids, 8)
    check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def events_story(stage, given):
    """People who watch events and never read what they asked for."""
    tocsind = start(stage, given, "events")
    ids = make_groups(tocsind)
    good_client(tocsind, ids, ASKED // 4)
    alone = percentile(good_client(tocsind, ids, ASKED), 0.99)
    before = resident(tocsind.process)
    head = (f"GET /api/v1/events/ HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: {harness.API_TOKEN}\r\n\r\n").encode()
    with contextlib.ExitStack() as stack:
        statuses = []
        for _ in range(STREAMS):
            reader = stack.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.settimeout(harness.PATIENCE)
            reader.connect(("127.0.0.1", tocsind.port))
            reader.sendall(head)
            statuses.append(int(reader.recv(12)[9:]))
        check(statuses == [200] * MOST_STREAMS
              + [503] * (STREAMS - MOST_STREAMS),
              f"{MOST_STREAMS} streams, 503 for the next", set(statuses))
        for i in range(TOLD):
            one = harness.alert(f"Told{i}", {"padding": "x" * 1000})
            answer = tocsind.post_webhook(harness.webhook([one], f"{{}}:t{i}"))
            if answer.status != 200:
                raise harness.Failed(f"a webhook got {answer.status}")
        check(True, f"{TOLD} webhooks beside them are taken")
        beside = percentile(good_client(tocsind, ids, ASKED), 0.99)
        say(f"        p99 alone {alone * 1000:.1f} ms, "
            f"beside them {beside * 1000:.1f} ms; "
            f"{(resident(tocsind.process) - before) >> 20} MB for them")
        check(beside < MAY_WAIT_SECONDS + 3 * alone,
              "a good client does not wait for them", beside)
    check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def main():
    options = harness.options(__doc__)
    options.add_argument("--flood", required=True)
    options.add_argument("--connections", type=int, default=10_000)
    options.add_argument("--only", choices=["flood", "tls", "crowd", "events",
                                            "exhaustion"])
    given = options.parse_args()
    say("the door: floods, crowds, and the company it keeps")
    stories = {"flood": flood_story, "tls": tls_flood_story,
               "crowd": crowd_story, "events": events_story,
               "exhaustion": exhaustion_story}

    def story():
        with harness.Stage() as stage:
            for name, tell in stories.items():
                if given.only in (None, name):
                    say(f" {name}")
                    tell(stage, given)

    harness.main(story)


if __name__ == "__main__":
    main()
