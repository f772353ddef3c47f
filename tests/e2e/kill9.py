#!/usr/bin/env python3
"""kill -9 at random moments under load; the judge is the senders' own log.

Senders post webhooks (new alerts, re-sends, resolves) and acknowledge groups,
and do as Alertmanager does: without a 2xx they send the same again. Every round
the daemon is killed once while they work and started at once on the same store.
After each round:

1. Each alert whose webhook was answered 2xx is held by exactly one alert group,
   and resolved and acknowledged groups are what the sender was told they are.
2. Each group that still fires has paged both people of its chain, and all
   messages of one page carry one Idempotency-Key, however often it was sent.
3. No message begins after a 2xx to the resolve or acknowledge of its group.
   The stand-in notes when a request line arrived, the sender when its 2xx was
   read. A send that had begun before the commit may arrive a little later:
   TOLERANCE covers what two busy cores do to it; the worst case is printed.
"""

import dataclasses
import http.client
import json
import random
import threading
import time

import harness
from harness import Failed, check, say, until

CONFIG = """
providers:
  push: {{kind: webhook, url: "{provider}"}}
sources:
  am: {{kind: alertmanager, tokens: [{source_token}]}}
users:
  ada:
    contact_methods: {{push: {{address: phone-of-ada}}}}
    notification_policies: {{default: [{{notify: push}}]}}
  bob:
    contact_methods: {{push: {{address: phone-of-bob}}}}
    notification_policies: {{default: [{{notify: push}}]}}
escalation_chains:
  ladder: [{{notify_users: [ada]}}, {{wait: 1s}}, {{notify_users: [bob]}}]
teams:
  storage: {{direct_paging: {{default: {{escalation_chain: ladder}}}}}}
route: {{name: root, team: storage}}
global: {{fold_within: 1s}}
tokens:
  robot: {{role: responder, token: {api_token}}}
"""

SENDERS = 4
TOLERANCE = 0.5
# Every 7th page is refused once, so that retries cross resolves and kills.
FAIL_FIRST = 7
# A round's load lasts this long at least and is killed somewhere within.
LOAD_SECONDS = (0.3, 1.5)
# So that the judge stays quick: a sender rests when it has sent so many.
ALERTS_A_ROUND = 60
RETRY_SECONDS = 0.05


@dataclasses.dataclass
class Alert:
    """What the sender knows of one alert: only what a 2xx told."""
    name: str
    starts_at: str
    fired: bool = False
    quiet_since: float = 0.0  # 2xx of the resolve or acknowledge
    resolved: bool = False
    acknowledged: bool = False
    group: str = ""


class Sender(threading.Thread):
    """One client with alerts of its own; never has two requests open."""

    def __init__(self, number, round_number, port, seed):
        super().__init__(daemon=True)
        self.port = port
        self.random = random.Random(f"{seed}-{round_number}-{number}")
        self.prefix = f"K9_r{round_number}_s{number}"
        self.alerts = []
        self.enough = threading.Event()
        self.requests = 0
        self.refused = 0
        self.error = None

    def run(self):
        try:
            while not self.enough.is_set():
                self.step()
        except Exception as error:  # the judge raises it on its own thread
            self.error = error

    def step(self):
        still = [one for one in self.alerts if not one.quiet_since]
        choice = self.random.random()
        if len(self.alerts) < ALERTS_A_ROUND and (choice < 0.6 or not still):
            self.fire()
        elif not still:
            self.enough.wait(RETRY_SECONDS)
        elif choice < 0.8:
            self.send(self.random.choice(still), resolved=False)
        elif choice < 0.92:
            self.resolve(self.random.choice(still))
        else:
            self.acknowledge(self.random.choice(still))

    def fire(self):
        one = Alert(f"{self.prefix}_a{len(self.alerts)}", harness.rfc3339())
        self.alerts.append(one)
        self.send(one, resolved=False)
        one.fired = True

    def resolve(self, one):
        one.quiet_since = self.send(one, resolved=True)
        one.resolved = True

    def acknowledge(self, one):
        one.group = one.group or self.find_group(one)
        path = f"/api/v1/alert_groups/{one.group}/acknowledge/"
        answer, at = self.insist("POST", path, None,
                                 {"Authorization": harness.API_TOKEN})
        # A lost 2xx, sent again, is refused: it is acknowledged already.
        if answer.status == 200 or "acknowledged" in answer.text:
            one.quiet_since, one.acknowledged = at, True
        else:
            raise Failed(f"acknowledge of {one}: {answer.status} {answer.text}")

    def find_group(self, one):
        """Groups are newest first, the sender's own alerts are young."""
        path = "/api/v1/alert_groups/?perpage=100"
        while True:
            answer, _ = self.insist("GET", path, None,
                                    {"Authorization": harness.API_TOKEN})
            page = answer.json()
            for group in page["results"]:
                if group["title"] == one.name:
                    return str(group["id"])
            if page["next"] is None:
                raise Failed(f"{one} is in no group")
            number = page["current_page_number"] + 1
            path = f"/api/v1/alert_groups/?perpage=100&page={number}"

    def send(self, one, resolved):
        told = harness.alert(one.name, resolved=resolved,
                             starts_at=one.starts_at)
        body = json.dumps(harness.webhook([told], f"{{}}:{one.name}"))
        path = f"/integrations/v1/alertmanager/{harness.SOURCE_TOKEN}/"
        answer, at = self.insist("POST", path, body, {})
        if answer.status >= 300:
            raise Failed(f"webhook: {answer.status} {answer.text}")
        return at

    def insist(self, method, path, body, headers):
        """The same request until it is answered with other than 5xx."""
        deadline = time.monotonic() + harness.PATIENCE
        while time.monotonic() < deadline:
            self.requests += 1
            try:
                answer = harness.request(self.port, method, path, body, headers)
                if answer.status < 500:
                    return answer, time.monotonic()
            except (OSError, http.client.HTTPException):
                pass
            self.refused += 1
            time.sleep(RETRY_SECONDS)
        raise Failed(f"no answer to {method} {path.split('?')[0]}")


class Judge:
    """Holds what every sender was told, over all rounds."""

    def __init__(self, provider):
        self.provider = provider
        self.alerts = {}
        self.worst = 0.0

    def add(self, senders):
        for sender in senders:
            if sender.error:
                raise sender.error
            self.alerts.update({one.name: one for one in sender.alerts})

    def judge(self, tocsind):
        until(lambda: self.all_paged(tocsind), "each firing group pages both")
        self.check_groups(tocsind)
        self.check_pages()
        self.check_silence()

    def pages_by_alert(self):
        """title -> user -> [(key, at)], failed attempts too."""
        found = {}
        for key, user, title, one in self.provider.told():
            users = found.setdefault(title, {})
            users.setdefault(user, []).append((key, one["at"]))
        return found

    def taken(self):
        return {(title, user) for _, user, title, one in self.provider.told()
                if one["answered"] < 300}

    def missing_pages(self):
        taken = self.taken()
        return [(one.name, user) for one in self.alerts.values()
                if one.fired and not one.quiet_since
                for user in ("ada", "bob") if (one.name, user) not in taken]

    def all_paged(self, tocsind):
        tocsind.check_alive()
        return not self.missing_pages()

    def check_groups(self, tocsind):
        groups = {}
        for group in tocsind.groups():
            groups.setdefault(group["title"], []).append(group)
        for one in self.alerts.values():
            held = groups.get(one.name, [])
            if len(held) != 1:
                raise Failed(f"{one} is held by {len(held)} groups")
            state = held[0]["state"]
            wanted = ("resolved" if one.resolved else
                      "acknowledged" if one.acknowledged else "firing")
            if state != wanted:
                raise Failed(f"{one} is {state}, its sender was told {wanted}")
        check(True, f"{len(self.alerts)} accepted alerts are each held by "
              "one group, in the state that was answered")

    def check_pages(self):
        messages = 0
        for title, users in self.pages_by_alert().items():
            for user, sends in users.items():
                messages += len(sends)
                keys = {key for key, _ in sends}
                if len(keys) != 1 or "" in keys:
                    raise Failed(f"{title}: {user} has the ids {keys}")
        check(True, f"all due pages were received: {messages} messages, one "
              "id a page")

    def withheld(self):
        """Pages that were refused once and whose group went quiet before the
        retry: what silence is about. Without any the check is weak."""
        tried = {(title, user) for _, user, title, _ in self.provider.told()}
        return len(tried - self.taken())

    def check_silence(self):
        pages = self.pages_by_alert()
        for one in self.alerts.values():
            if not one.quiet_since:
                continue
            for sends in pages.get(one.name, {}).values():
                for key, at in sends:
                    self.worst = max(self.worst, at - one.quiet_since)
                    if at > one.quiet_since + TOLERANCE:
                        raise Failed(f"{key} began {at - one.quiet_since:.3f} "
                                     f"s after {one} went quiet")
        check(True, f"silence after resolve and acknowledge: {self.withheld()} "
              "retries withheld, the latest send "
              f"{self.worst * 1000:.0f} ms after a 2xx")


class Theatre:
    """The daemon that dies, on one store and one port."""

    def __init__(self, stage, given, provider):
        self.stage = stage
        self.given = given
        self.port = harness.free_port()
        self.store = stage.folder / "tocsin.db"
        self.config = stage.write("tocsin.yml", CONFIG.format(
            provider=provider.url, source_token=harness.SOURCE_TOKEN,
            api_token=harness.API_TOKEN))

    def start(self):
        return harness.Tocsind(self.stage, self.given.tocsind, self.config,
                               self.store, self.port)

    def round(self, number, tocsind, chance):
        """Load, kill, start again; the senders' logs and the new daemon."""
        senders = [Sender(i, number, self.port, self.given.seed)
                   for i in range(SENDERS)]
        load = chance.uniform(*LOAD_SECONDS)
        kill_at = time.monotonic() + chance.uniform(0.05, load)
        end_at = time.monotonic() + load
        for sender in senders:
            sender.start()
        until(lambda: time.monotonic() >= kill_at, "the moment to kill")
        tocsind.kill9()
        reborn = self.start().wait_ready()
        until(lambda: time.monotonic() >= end_at, "the end of the load")
        for sender in senders:
            sender.enough.set()
        for sender in senders:
            sender.join()
        say(f"  round {number}: {sum(s.requests for s in senders)} requests, "
            f"{sum(s.refused for s in senders)} without an answer, killed "
            f"after {load - (end_at - kill_at):.2f} s")
        return senders, reborn


def story(given):
    chance = random.Random(given.seed)
    with harness.Stage() as stage:
        provider = harness.StandIn(stage, FAIL_FIRST)
        theatre = Theatre(stage, given, provider)
        judge = Judge(provider)
        tocsind = theatre.start().wait_ready()
        refused = 0
        for number in range(1, given.rounds + 1):
            senders, tocsind = theatre.round(number, tocsind, chance)
            refused += sum(sender.refused for sender in senders)
            judge.add(senders)
            judge.judge(tocsind)
        check(refused > 0, "the kills hit requests under way", refused)
        check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def main():
    options = harness.options(__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int,
                         default=random.SystemRandom().randrange(1 << 32))
    given = options.parse_args()
    say(f"kill9: {given.rounds} rounds, --seed {given.seed}")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
