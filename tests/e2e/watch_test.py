#!/usr/bin/env python3
"""What people see of a running daemon: events while they happen, also after a
line broke; webhooks that were refused; whether it is ready, and why not."""

import contextlib
import gzip
import http.client
import json
import sqlite3

import harness
from harness import alert, check, say, until, webhook

BEAT_SECONDS = 15


class Watcher:
    """A reader of /api/v1/events/, as a page is one."""

    def __init__(self, port, last_id=None):
        self.link = http.client.HTTPConnection("127.0.0.1", port,
                                               timeout=harness.PATIENCE)
        headers = {"Authorization": harness.API_TOKEN,
                   "Accept-Encoding": "gzip"}
        if last_id:
            headers["Last-Event-ID"] = last_id
        self.link.request("GET", "/api/v1/events/", headers=headers)
        self.answer = self.link.getresponse()
        self.last_id = last_id

    def block(self):
        """The fields of the next block; None at the end of the stream."""
        fields = {}
        while True:
            line = self.answer.readline().decode("utf-8").rstrip("\n")
            if not line:
                if fields:
                    self.last_id = fields.get("id", self.last_id)
                    return fields
                if self.answer.isclosed():
                    return None
                continue
            name, _, value = line.partition(":")
            fields[name or "comment"] = value.strip()

    def event(self):
        """The next event: its name and data; None at the end."""
        while (fields := self.block()) is not None:
            if "event" in fields:
                return fields["event"], json.loads(fields["data"])
        return None

    def entries(self, count):
        events = [self.event() for _ in range(count)]
        check(all(name == "alert_group" for name, _ in events),
              f"{count} events come", events)
        return [data for _, data in events]

    def close(self):
        self.link.close()


def start(stage, given, provider):
    config = stage.write("tocsin.yml", harness.one_team(
        provider.url, ladder="[{notify_users: [ada]}, {wait: 10m}]"))
    return harness.Tocsind(stage, given.tocsind, config,
                           stage.folder / "tocsin.db").wait_ready()


def told(entries):
    """Of events or lines of a timeline, what both say."""
    return [(one["kind"], one["at"], one["actor"], one["text"])
            for one in entries]


def watch(tocsind, provider):
    watcher = Watcher(tocsind.port)
    kind = watcher.answer.headers["Content-Type"]
    check(kind == "text/event-stream" and
          watcher.answer.headers["Content-Encoding"] is None,
          "a stream of events, never compressed", watcher.answer.headers)
    name, hello = watcher.event()
    check(name == "hello" and not hello["resumed"], "it says hello", hello)
    tocsind.post_webhook(webhook([alert("DiskFull")], "{}:{}"))
    until(lambda: provider.users() == ["ada"], "ada is paged")
    group = tocsind.groups()[0]["id"]
    until(lambda: "notification_delivered" in
          [one["kind"] for one in tocsind.timeline(group)], "it is delivered")
    timeline = tocsind.timeline(group)
    events = watcher.entries(len(timeline))
    check(told(events) == told(timeline),
          "each line of the timeline is an event, in its order", events)
    check(all(one["alert_group"] == group and one["team"] == "storage" and
              one["state"] == "firing" for one in events),
          "with group, team and state", events)
    block = watcher.block()
    check("comment" in block and block["id"] == events[-1]["id"],
          f"within {BEAT_SECONDS} s a sign of life", block)
    watcher.close()
    return group, watcher.last_id, hello["epoch"], len(timeline)


def watch_again(tocsind, group, last_id, seen):
    tocsind.api("POST", f"alert_groups/{group}/acknowledge/")
    watcher = Watcher(tocsind.port, last_id)
    name, hello = watcher.event()
    check(name == "hello" and hello["resumed"], "the stream goes on", hello)
    timeline = tocsind.timeline(group)[seen:]
    check(told(watcher.entries(len(timeline))) == told(timeline),
          "with what happened meanwhile", timeline)
    check(tocsind.metric("tocsin_event_streams") >= 1, "it is counted")
    check(tocsind.stop(5) == 0, "SIGTERM: the daemon waits for no reader")
    check(watcher.event() is None, "the stream has ended")
    return watcher.last_id


def watch_another(tocsind, last_id, epoch):
    watcher = Watcher(tocsind.port, last_id)
    name, hello = watcher.event()
    check(name == "hello" and hello["epoch"] != epoch,
          "another process says so", hello)
    name, reset = watcher.event()
    check(name == "reset" and reset["reason"] == "restarted",
          "and that the reader must list again", reset)
    watcher.close()


def refusals(stage, given, tocsind):
    token = stage.write("token", harness.API_TOKEN + "\n")

    def ctl(*words):
        return stage.run(
            [given.tocsinctl, "intake", *words],
            TOCSIN_URL=f"http://127.0.0.1:{tocsind.port}",
            TOCSIN_TOKEN_FILE=str(token))

    check("No webhook was refused" in ctl().stdout, "no refusal so far",
          ctl().stdout)
    check(tocsind.post_webhook("{}", token="stolen").status == 401,
          "a wrong token is refused")
    check(tocsind.post_webhook('{"secret":1').status == 400,
          "and so is garbage")
    shown = ctl()
    lines = shown.stdout.splitlines()
    check(len(lines) == 3 and "invalid" in lines[1] and "am " in lines[1] and
          "unauthenticated" in lines[2] and "127.0.0.1" in lines[2],
          "tocsinctl intake shows both, newest first", shown.stdout)
    data = json.loads(ctl("-o", "json").stdout)
    check(data["total"] == 2 and data["results"][0]["status"] == 400,
          "as JSON too", data)
    check("stolen" not in shown.stdout + json.dumps(data) + tocsind.log_text()
          and "secret" not in shown.stdout + json.dumps(data),
          "without token and body")


def compressed(tocsind):
    def get(**headers):
        return harness.request(
            tocsind.port, "GET", "/api/v1/alert_groups/", None,
            {"Authorization": harness.API_TOKEN, **headers})

    plain = get()
    link = http.client.HTTPConnection("127.0.0.1", tocsind.port,
                                      timeout=harness.PATIENCE)
    with contextlib.closing(link):
        link.request("GET", "/metrics", headers={"Accept-Encoding": "gzip"})
        answer = link.getresponse()
        data = answer.read()
        check(answer.headers["Content-Encoding"] == "gzip" and
              b"tocsin_build_info" in gzip.decompress(data),
              "/metrics comes compressed")
    same = get(**{"If-None-Match": plain.headers["ETag"]})
    check(same.status == 304 and same.text == "",
          "a list that the client has is not sent again")


def readiness(stage, given, tocsind):
    check(tocsind.get("/-/ready").text == "OK", "ready, and nothing to say")
    store = sqlite3.connect(stage.folder / "tocsin.db", isolation_level=None)
    store.execute("BEGIN IMMEDIATE")  # nobody else can write now
    until(lambda: tocsind.ready() == 503, "without a webhook it is noticed "
          "that the store takes no writes")
    check("the store failed" in tocsind.get("/-/ready").text,
          "/-/ready says so", tocsind.get("/-/ready").text)
    check(tocsind.get("/-/healthy").status == 200, "/-/healthy is content")
    check(tocsind.post_webhook(webhook([alert("X")], "{}:{x}")).status == 503,
          "a webhook is told to come again")
    store.execute("ROLLBACK")
    store.close()
    until(lambda: tocsind.ready() == 200, "it is ready again")
    good = (stage.folder / "tocsin.yml").read_text()
    stage.write("tocsin.yml", "nonsense: 1\n")
    harness.request(tocsind.port, "POST", "/-/reload")
    answer = tocsind.get("/-/ready")
    check(answer.status == 200 and "the last reload failed" in answer.text,
          "a failed reload is worth a line, and no fault", answer.text)
    stage.write("tocsin.yml", good)
    harness.request(tocsind.port, "POST", "/-/reload")
    check(tocsind.get("/-/ready").text == "OK", "until it succeeds")


def story(given):
    with harness.Stage() as stage:
        provider = harness.StandIn(stage)
        tocsind = start(stage, given, provider)
        group, last_id, epoch, seen = watch(tocsind, provider)
        compressed(tocsind)
        last_id = watch_again(tocsind, group, last_id, seen)
        tocsind = start(stage, given, provider)
        watch_another(tocsind, last_id, epoch)
        refusals(stage, given, tocsind)
        readiness(stage, given, tocsind)
        check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def main():
    given = harness.options(__doc__).parse_args()
    say("watch: events, refused webhooks, readiness")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
