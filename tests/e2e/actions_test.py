#!/usr/bin/env python3
"""What people do to a group and take back, with the real binaries: escalate,
silence, unsilence, acknowledge, unacknowledge, resolve, unresolve; what a
resolved group still hears; all of it over a kill -9."""

import json

import harness
from harness import check, say, until

FIRST_START = "2026-11-23T10:00:00Z"
SECOND_START = "2026-11-23T11:00:00Z"


class Desk:
    """One person before tocsinctl, and the one group it is about."""

    def __init__(self, stage, given, tocsind):
        token = stage.write("token", harness.API_TOKEN + "\n")
        self.where = {"TOCSIN_URL": f"http://127.0.0.1:{tocsind.port}",
                      "TOCSIN_TOKEN_FILE": str(token)}
        self.stage = stage
        self.given = given
        self.tocsind = tocsind

    def run(self, *words):
        return self.stage.run([self.given.tocsinctl, *words], **self.where)

    def does(self, state, *words):
        done = self.run(*words)
        group = self.tocsind.group("1")
        check(done.returncode == 0 and group["state"] == state,
              f"tocsinctl {' '.join(words)}: {state}",
              f"{done.stdout}{done.stderr} {group['state']}")
        return group

    def refused(self, words, sentence):
        done = self.run(*words)
        check(done.returncode == 1 and sentence in done.stderr,
              f"tocsinctl {' '.join(words)}: {sentence}",
              done.stdout + done.stderr)


def post(tocsind, starts_at, resolved=False):
    answer = tocsind.post_webhook(harness.webhook(
        [harness.alert("DiskFull", resolved=resolved, starts_at=starts_at)],
        "{}:{}"))
    check(answer.status == 200, "a webhook is taken", answer.text)


def act(desk, provider):
    until(lambda: provider.users() == ["ada"], "ada is paged")
    desk.does("firing", "escalate", "1")
    until(lambda: provider.users() == ["ada", "bob"], "bob is paged at once")
    check(True, "escalate: the wait of an hour is skipped")
    desk.refused(["escalate", "1"], "no escalation chain is waiting")
    group = desk.does("silenced", "silence", "1", "--for", "2h")
    check(group["silenced_by"] == "bob" and group["silenced_until"],
          "the group says by whom and until when", group)
    listed = desk.run("list", "--state", "silenced")
    check("DiskFull" in listed.stdout, "list --state silenced has it",
          listed.stdout + listed.stderr)
    missing = desk.run("silence", "1")
    check(missing.returncode == 2 and "--for" in missing.stderr,
          "silence without --for is wrong usage", missing.stderr)


def take_back(desk):
    desk.does("firing", "unsilence", "1")
    desk.refused(["unsilence", "1"],
                 "Can't unsilence an unsilenced alert group")
    desk.does("silenced", "silence", "1", "--for", "ever")
    desk.does("acknowledged", "ack", "1")
    desk.does("firing", "unack", "1")
    desk.refused(["unack", "1"],
                 "Can't unacknowledge an unacknowledged alert group")
    desk.refused(["unresolve", "1"],
                 "Can't unresolve an unresolved alert group")


def hear(desk, tocsind):
    desk.does("resolved", "resolve", "1")
    post(tocsind, FIRST_START)
    check(len(tocsind.groups()) == 1
          and tocsind.group("1")["state"] == "resolved",
          "what a person ended stays quiet while it still fires")
    desk.does("firing", "unresolve", "1")
    post(tocsind, FIRST_START, resolved=True)
    check(tocsind.group("1")["state"] == "resolved",
          "the source resolves it")
    post(tocsind, SECOND_START)
    check(len(tocsind.groups()) == 1
          and tocsind.group("1")["state"] == "firing",
          "what fires again soon after begins the group again")
    kinds = [entry["kind"] for entry in tocsind.timeline("1")]
    for kind in ("escalated", "silenced", "unsilenced", "acknowledged",
                 "unacknowledged", "resolved", "unresolved", "reopened"):
        check(kind in kinds, f"the timeline has {kind}", kinds)


def bad_bodies(tocsind):
    path = "/api/v1/alert_groups/1/silence/"
    headers = {"Authorization": harness.API_TOKEN}
    for body, sentence in (("", "delay is required"), ("{}", "delay is required"),
                           ('{"delay": "2h"}', "invalid delay value"),
                           ('{"delay": 0}', "invalid delay value"),
                           ("[1]", "the body must be a JSON object")):
        answer = harness.request(tocsind.port, "POST", path, body.encode(),
                                 headers)
        check(answer.status == 400
              and json.loads(answer.text)["detail"] == sentence,
              f"silence with {body or 'no body'}: {sentence}", answer.text)


def story(given):
    with harness.Stage() as stage:
        provider = harness.StandIn(stage)
        config = stage.write("tocsin.yml", harness.one_team(
            provider.url, people=("bob", "ada"),
            ladder="[{notify_users: [ada]}, {wait: 1h}, {notify_users: [bob]}]"))
        store = stage.folder / "tocsin.db"
        tocsind = harness.Tocsind(stage, given.tocsind, config,
                                  store).wait_ready()
        post(tocsind, FIRST_START)
        act(Desk(stage, given, tocsind), provider)
        tocsind.kill9()
        tocsind = harness.Tocsind(stage, given.tocsind, config,
                                  store).wait_ready()
        check(tocsind.group("1")["state"] == "silenced",
              "still silenced after a kill -9")
        desk = Desk(stage, given, tocsind)
        take_back(desk)
        hear(desk, tocsind)
        bad_bodies(tocsind)
        check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def main():
    given = harness.options(__doc__).parse_args()
    say("actions: what people do to a group and take back")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
