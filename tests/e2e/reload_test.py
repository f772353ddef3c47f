#!/usr/bin/env python3
"""A reload as people do it: POST /-/reload, SIGHUP, tocsinctl reload. Either all
of the new file runs, or all of the old one; nothing that comes in meanwhile is
lost, and each webhook is routed by exactly one of them."""

import collections
import os
import signal
import threading

import harness
from harness import alert, check, say, until, webhook

CONFIG = """
providers:
  push: {{kind: webhook, url: "{provider}"}}
sources:
  am: {{kind: alertmanager, tokens: [{source_token}]}}
default_notification_policies: {{default: [{{notify: push}}]}}
users:
  ada: {{contact_methods: {{push: {{address: phone-of-ada}}}}}}
{users}
escalation_chains:
  ladder: [{{notify_users: [{first}]}}, {{wait: 2s}}, {{notify_users: [ada]}}]
teams:
{teams}
route:
  name: root
  team: {root}
  routes:
{routes}
tokens:
  adas-laptop: {{user: ada, role: responder, token: {api_token}}}
global: {{fold_within: 0s}}
"""
BOB = "  bob: {contact_methods: {push: {address: phone-of-bob}}}"

RELOADS = 1000
SENDERS = 2


def config(provider, family="x", users="", first="ada",
           source_token=harness.SOURCE_TOKEN):
    """Teams and routes are called after the family: xa and xb, ya and yb."""
    names = [family + part for part in "ab"]
    teams = "\n".join(
        f"  {name}: {{direct_paging: {{default: {{escalation_chain: ladder}}}}}}"
        for name in names)
    routes = "\n".join(
        f"    - {{name: {name}, matchers: [part={name[1]}], team: {name}}}"
        for name in names)
    return CONFIG.format(provider=provider, users=users, first=first,
                         teams=teams, routes=routes, root=names[0],
                         source_token=source_token,
                         api_token=harness.API_TOKEN)


class House:
    def __init__(self, stage, given, text):
        self.stage, self.given = stage, given
        self.file = stage.folder / "tocsin.yml"
        self.write(text)
        self.daemon = harness.Tocsind(
            stage, given.tocsind, self.file,
            store=stage.folder / "tocsin.db").wait_ready()

    def write(self, text):
        """As an editor does it: there is never half a file."""
        draft = self.stage.write("draft.yml", text)
        os.replace(draft, self.file)

    def reload(self):
        return harness.request(self.daemon.port, "POST", "/-/reload")

    def ctl(self, *words):
        return self.stage.run(
            [self.given.tocsinctl, *words, "--url",
             f"http://127.0.0.1:{self.daemon.port}"])

    def hash(self):
        for line in self.daemon.get("/metrics").text.splitlines():
            if line.startswith("tocsin_config_info"):
                return line
        return None

    def successful(self):
        return self.daemon.metric("tocsin_config_last_reload_successful")

    def fire(self, name, part):
        body = webhook([alert(name, {"part": part})], name)
        return self.daemon.post_webhook(body).status

    def group(self, title):
        return next(one for one in self.daemon.groups()
                    if one["title"] == title)


def good_and_bad(house, provider):
    say("a good file, a bad one, a good one again")
    house.write(config(provider, family="y"))
    first = house.hash()
    answer = house.reload()
    check(answer.status == 200, "POST /-/reload: 200", answer.text)
    check(house.hash() != first, "another file, another hash")
    check(house.fire("AfterReload", "b") == 200, "a webhook is taken")
    check(house.group("AfterReload")["team_id"] == "yb",
          "and goes where the new file sends it")

    running = house.hash()
    house.write(config(provider, family="z").replace("wait: 2s", "wait: 1.5h")
                .replace("team: zb", "team: zz"))
    answer = house.reload()
    check(answer.status == 500
          and answer.text.startswith("failed to reload config: "),
          "a bad file: 500, in the words people know", answer.text)
    check(":11:" in answer.text and "1.5h" in answer.text
          and '"zz"' in answer.text, "all its faults, with their lines",
          answer.text)
    check(house.hash() == running and house.successful() == 0,
          "the old one runs, and the metric says that the last load failed")
    check(house.fire("AfterBad", "b") == 200
          and house.group("AfterBad")["team_id"] == "yb",
          "the old routes still decide")
    shown = house.ctl("reload")
    check(shown.returncode == 1 and '"zz"' in shown.stderr,
          "tocsinctl reload: the faults on stderr, exit 1", shown)

    house.write(config(provider, family="y"))
    house.daemon.process.send_signal(signal.SIGHUP)
    until(lambda: house.successful() == 1, "SIGHUP loads the mended file")
    check(harness.request(house.daemon.port, "GET", "/-/reload").status == 405,
          "GET /-/reload: 405")


def tokens(house, provider):
    say("a source's token is changed")
    house.write(config(provider, family="y", source_token="another-token-1"))
    check(house.reload().status == 200, "reloaded")
    check(house.fire("Old", "a") == 401, "the old token opens nothing")
    body = webhook([alert("New", {"part": "a"})], "New")
    check(house.daemon.post_webhook(body, token="another-token-1").status
          == 200, "the new one does")
    house.write(config(provider, family="y"))
    check(house.reload().status == 200, "and back")


def orphans(house, provider, stand_in):
    say("a person, a team and a route go while people are being paged")
    house.write(config(provider, family="o", users=BOB, first="bob"))
    check(house.reload().status == 200, "bob is in the file")
    stand_in.answer_with(503)
    check(house.fire("Bobless", "b") == 200, "an alert comes")
    group = house.group("Bobless")["id"]

    def tried_bob():
        return any(entry["text"].find("bob") >= 0
                   for entry in house.daemon.timeline(group))

    until(tried_bob, "bob is being tried")
    house.write(config(provider, family="y"))
    shown = house.ctl("reload")
    check(shown.returncode == 0 and shown.stdout.endswith("reloaded\n"),
          "tocsinctl reload: exit 0", shown)
    for sentence in ('the user "bob" is gone', 'the team "ob" is gone',
                     'the route "ob" is gone: 1 open alert group'):
        check(sentence in shown.stdout, f"it says: {sentence}", shown.stdout)
        check(sentence.replace('"', '\\"') in house.daemon.log_text(),
              "the log says it too")
    stand_in.answer_with(200)
    until(lambda: [user for user, body in stand_in.pages()
                   if body["alert_group"]["id"] == group],
          "the chain goes on over its snapshot and reaches ada")
    reached = {user for user, body in stand_in.pages()
               if body["alert_group"]["id"] == group}
    check(reached == {"ada"}, "bob, who is gone, is not notified", reached)


class Storm(threading.Thread):
    """Sends webhooks of two alerts, each followed by its resolve."""

    def __init__(self, house, name, stop):
        super().__init__(name=name)
        self.house, self.stop = house, stop
        self.sent, self.refused = [], []

    def run(self):
        while not self.stop.is_set():
            name = f"{self.name}-{len(self.sent)}"
            self.sent.append(name)
            for resolved in (False, True):
                body = webhook([alert(name, {"part": part}, resolved=resolved)
                                for part in "ab"], name)
                try:
                    answer = self.house.daemon.post_webhook(body)
                    if answer.status != 200:
                        self.refused.append((name, answer.status))
                except OSError as error:
                    self.refused.append((name, str(error)))


def under_load(house, provider):
    say(f"{RELOADS} reloads while webhooks come in")
    texts = [config(provider, family=family, first="ada") for family in "xy"]
    house.write(texts[0])
    check(house.reload().status == 200, "the first family runs")
    stop = threading.Event()
    storms = [Storm(house, f"s{i}", stop) for i in range(SENDERS)]
    for storm in storms:
        storm.start()
    failed = []
    try:
        for i in range(RELOADS):
            house.write(texts[(i + 1) % 2])
            answer = house.reload()
            if answer.status != 200:
                failed.append((i, answer.status, answer.text))
    finally:
        stop.set()
        for storm in storms:
            storm.join()
    check(not failed, f"all {RELOADS} reloads are answered 200", failed[:3])
    refused = [one for storm in storms for one in storm.refused]
    check(not refused, "no webhook was refused", refused[:3])

    sent = {name for storm in storms for name in storm.sent}
    teams = collections.defaultdict(list)
    for group in house.daemon.groups(state="resolved"):
        teams[group["title"]].append(group["team_id"])
    taken = [tuple(sorted(teams[name])) for name in sent]
    lost = [one for one in taken if len(one) != 2]
    check(not lost, f"each of {len(sent)} webhooks made its two groups, "
          "and the resolve found them", lost[:3])
    count = collections.Counter(taken)
    check(set(count) == {("xa", "xb"), ("ya", "yb")},
          "each was routed by exactly one configuration", count)
    say(f"        {dict(count)}")


def story(given):
    with harness.Stage() as stage:
        stand_in = harness.StandIn(stage)
        house = House(stage, given, config(stand_in.url))
        good_and_bad(house, stand_in.url)
        tokens(house, stand_in.url)
        orphans(house, stand_in.url, stand_in)
        under_load(house, stand_in.url)
        check(house.daemon.stop() == 0, "SIGTERM: exit 0")


def main():
    given = harness.options(__doc__).parse_args()
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
