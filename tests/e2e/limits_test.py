#!/usr/bin/env python3
"""The limits of the front door: flags, few files, strangers by the hundred,
bodies that nobody asked for."""

import contextlib
import http.client
import resource
import socket
import subprocess

import harness
from harness import check, say, until

CONFIG = """
storage: {{sqlite: {{path: tocsin.db}}}}
providers:
  console: {{kind: console}}
sources:
  am: {{kind: alertmanager, tokens: [{source_token}]}}
users:
  ada:
    contact_methods: {{console: {{}}}}
    notification_policies: {{default: [{{notify: console}}]}}
escalation_chains:
  ladder: [{{notify_users: [ada]}}]
teams:
  storage: {{direct_paging: {{default: {{escalation_chain: ladder}}}}}}
route: {{name: root, team: storage}}
tokens:
  adas-laptop: {{user: ada, role: responder, token: {api_token}}}
"""

BODY_LIMIT = 100_000
FILES = 300
STRANGERS = 600
# What the daemon may use of a core while it is left alone.
RESTING_TICKS = 30


def start(stage, given, name, *flags, **spawn):
    config = stage.write("tocsin.yml", CONFIG.format(
        source_token=harness.SOURCE_TOKEN, api_token=harness.API_TOKEN))
    return harness.Tocsind(stage, given.tocsind, config,
                           stage.folder / f"{name}.db", name=name,
                           flags=flags, stdout=subprocess.DEVNULL,
                           **spawn).wait_ready()


def refused(tocsind, reason):
    return tocsind.metric(f'tocsin_http_refused_total{{reason="{reason}"}}')


def ask(tocsind, text):
    """What is answered first to bytes on a connection of their own."""
    link = socket.create_connection(("127.0.0.1", tocsind.port),
                                    timeout=harness.PATIENCE)
    with contextlib.closing(link):
        link.sendall(text.encode("ascii"))
        return link.recv(65536).decode("ascii")


def bodies(tocsind):
    hook = f"/integrations/v1/alertmanager/{harness.SOURCE_TOKEN}/"
    fits = harness.request(tocsind.port, "POST", hook, "x" * BODY_LIMIT)
    check(fits.status == 400, "a body of the largest size is read", fits.text)
    large = harness.request(tocsind.port, "POST", hook,
                            "x" * (BODY_LIMIT + 1))
    check(large.status == 413, "one byte more is 413", large.text)
    check(refused(tocsind, "body_bytes") == 1, "and is counted")


def doorstep(tocsind):
    """Bodies that are refused before they come."""
    other = ('tocsin_webhooks_total{result="unauthenticated",'
             'source="other"}')
    before = tocsind.metric(other) or 0
    head = ("{} {} HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n"
            "Content-Length: 90000\r\n{}\r\n")
    token = f"Authorization: {harness.API_TOKEN}\r\n"
    for sentence, method, path, more, status in (
            ("an unknown token", "POST", "/integrations/v1/alertmanager/no/",
             "", 401),
            ("GET at the intake", "GET",
             f"/integrations/v1/alertmanager/{harness.SOURCE_TOKEN}/", "",
             405),
            ("a path that is none", "POST", "/api/v1/nothing/", "", 404),
            ("the API without a token", "POST",
             "/api/v1/alert_groups/1/acknowledge/", "", 401),
            ("a large body for /-/reload", "POST", "/-/reload", token, 413)):
        answer = ask(tocsind, head.format(method, path, more))
        check(answer.startswith(f"HTTP/1.1 {status} "),
              f"{sentence}: {status} before the body comes", answer)
    asked = ask(tocsind, head.format(
        "POST", f"/integrations/v1/alertmanager/{harness.SOURCE_TOKEN}/", ""))
    check(asked.startswith("HTTP/1.1 100 "), "a source is asked for its body",
          asked)
    until(lambda: (tocsind.metric(other) or 0) == before + 1,
          "the unknown token is counted once")
    check(True, "the unknown token is counted once")


def requests(tocsind):
    answer = ask(tocsind, "GET http://elsewhere/-/healthy HTTP/1.1\r\n"
                          "Host: t\r\n\r\n")
    check(answer.startswith("HTTP/1.1 200 "), "a whole URL leads to its path",
          answer)
    check("\r\nDate: " in answer and " GMT\r\n" in answer,
          "each answer has its date", answer)
    star = ask(tocsind, "OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n")
    check(star.startswith("HTTP/1.1 405 ") and "\r\nAllow: " in star,
          "OPTIONS *: 405 with Allow", star)


def cpu_ticks(tocsind):
    with open(f"/proc/{tocsind.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def webhook(tocsind, name):
    """Whether a new client got in with a webhook. Between hundreds who come at
    the same moment it may have to come again, as Alertmanager does."""
    body = harness.webhook([harness.alert(name)], "{}:" + name)
    try:
        return tocsind.post_webhook(body).status == 200
    except (OSError, http.client.HTTPException):
        return False


def served(link):
    """Whether a client is served that was served before."""
    link.request("GET", "/api/v1/alert_groups/",
                 headers={"Authorization": harness.API_TOKEN})
    answer = link.getresponse()
    answer.read()
    return answer.status == 200


def few_files(stage, given):
    """Far more strangers than the process may open files."""
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))

    tocsind = start(stage, given, "few-files", preexec_fn=limit)
    until(lambda: "few connections fit" in tocsind.log_text(),
          "the log says that few connections fit")
    check(True, "the log says that few connections fit")
    kept = http.client.HTTPConnection("127.0.0.1", tocsind.port,
                                      timeout=harness.PATIENCE)
    with contextlib.closing(kept), contextlib.ExitStack() as strangers:
        check(served(kept), "a client is served")
        for number in range(STRANGERS):
            link = socket.create_connection(("127.0.0.1", tocsind.port),
                                            timeout=harness.PATIENCE)
            strangers.enter_context(contextlib.closing(link))
            link.sendall(b"GET /slow HT")
            if number % 50 == 0:
                until(lambda: webhook(tocsind, f"A{number}"),
                      f"a webhook behind {number} strangers is taken")
                if not served(kept):
                    raise harness.Failed(f"not served behind {number}")
        check(True, f"{STRANGERS} strangers, {FILES} files: webhooks taken")
        check(served(kept), "the client is served all the time")
        check(refused(tocsind, "displaced") > 0,
              "the oldest strangers made room")
        before = cpu_ticks(tocsind)
        harness.holds_for(1, lambda: tocsind.process.poll() is None,
                          "it lives with those that stay")
        used = cpu_ticks(tocsind) - before
        check(used < RESTING_TICKS, "and does not spin", f"{used} ticks")
    until(lambda: webhook(tocsind, "Late"), "and after them")
    check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def story(given):
    with harness.Stage() as stage:
        tocsind = start(stage, given, "limits",
                        f"--web.max-request-bytes={BODY_LIMIT}",
                        "--web.max-connections=20")
        bodies(tocsind)
        doorstep(tocsind)
        requests(tocsind)
        check(tocsind.metric("tocsin_http_connections") == 1,
              "the connections are counted")
        few_files(stage, given)


def main():
    given = harness.options(__doc__).parse_args()
    say("the limits of the front door")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
