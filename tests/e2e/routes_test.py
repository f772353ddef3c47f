#!/usr/bin/env python3
"""`tocsinctl routes show` and `routes test` beside the real amtool: trees made
at random are written for both, with receivers there and teams of the same names
here, and both must draw and route them alike. What amtool does not know (teams'
ways out, time intervals, sources) is tried after that."""

import difflib
import json
import random
import re

import harness
from harness import check, say

SEED = 20261123
TREES = 20
ALERTS_A_TREE = 14
NAMES = ["ops", "web", "dba", "net"]
LABELS = ["team", "severity", "env", "zone"]
# Of `match_re` alone: amtool sorts what it says with its anchors.
ONLY_REGEX = "service"
VALUES = ["web", "db-1", "db-2", "page", "two words", "a,b", 'say "hi"', "x"]
REGEXES = ["web|page", "db-.*", "db-[12]", ".*", ".+", "", "(?i)WEB", "x|",
           "two.*", "[^x].*"]

OWN = """
time_intervals:
  - name: office-hours
    time_intervals:
      - weekdays: ["monday:friday"]
        times: [{start_time: "09:00", end_time: "17:00"}]
providers: {console: {}}
sources:
  am: {kind: alertmanager, token_files: [not-there.token], default_team: web}
users:
  ada:
    contact_methods: {console: {}}
    notification_policies: {default: [{notify: console}]}
escalation_chains: {ladder: [{notify_users: [ada]}]}
teams:
  ops: {direct_paging: {default: {escalation_chain: ladder}}}
  web: {}
route:
  name: root
  team: ops
  routes:
    - {name: noise, matchers: [severity="none"], discard: true}
    - {name: tickets, matchers: [severity="low"],
       active_time_intervals: [office-hours]}
    - {name: sent-to-web, matchers: [__receiver__="web"], team: web}
    - {matchers: ['größe=~"s|m"'], important: true}
"""


def matcher(rng):
    op = rng.choice(["=", "=", "=~", "=~", "!=", "!~"])
    value = rng.choice(REGEXES if "~" in op else [*VALUES, ""])
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{rng.choice(LABELS)}{op}"{escaped}"'


def node(rng, depth):
    """A node with its receiver under the key `taker`."""
    made = {"matchers": [matcher(rng) for _ in range(rng.choice([0, 1, 1, 2, 2]))]}
    if rng.random() < 0.15:
        made["match"] = {rng.choice(LABELS): rng.choice(VALUES)}
    if rng.random() < 0.15:
        made["match_re"] = {ONLY_REGEX: rng.choice(REGEXES)}
    if rng.random() < 0.3:
        made["continue"] = True
    if rng.random() < 0.7:
        made["taker"] = rng.choice(NAMES)
    if depth > 0:
        made["routes"] = [node(rng, depth - 1)
                          for _ in range(rng.randrange(4))]
    return made


def tree(rng):
    return {"taker": "ops",
            "routes": [node(rng, 2) for _ in range(rng.choice([3, 6, 12]))]}


def written(made, key):
    """The node with its receiver under `key`, as a file of either wants it."""
    out = {(key if name == "taker" else name): value
           for name, value in made.items() if name != "routes"}
    if made.get("routes"):
        out["routes"] = [written(child, key) for child in made["routes"]]
    return out


def alert(rng):
    """Words for the command line; some labels are missing or empty."""
    return [f"{name}={rng.choice([*VALUES[:6], 'x', ''])}"
            for name in [*LABELS, ONLY_REGEX] if rng.random() < 0.6]


def difference(theirs, ours):
    return "\n".join(difflib.unified_diff(
        theirs.splitlines(), ours.splitlines(), "amtool", "tocsinctl",
        lineterm=""))


class Both:
    """One tree, asked of amtool and of tocsinctl."""

    def __init__(self, stage, amtool, tocsinctl, made):
        self.stage = stage
        # JSON is YAML.
        theirs = stage.write("alertmanager.yml", json.dumps({
            "route": written(made, "receiver"),
            "receivers": [{"name": name} for name in NAMES]}))
        ours = stage.write("tocsin.yml", json.dumps({
            "teams": {name: {} for name in NAMES},
            "route": written(made, "team")}))
        self.amtool = [amtool, "config", "routes", "--config.file", theirs]
        self.tocsinctl = [tocsinctl, "routes", "--config.file", ours]

    def run(self, *words):
        """What both print, receivers called teams."""
        theirs = self.stage.run([*self.amtool, *words])
        ours = self.stage.run([*self.tocsinctl, *words])
        if theirs.returncode != 0 or ours.returncode != 0:
            raise harness.Failed(f"{words}: {theirs} {ours}")
        said = theirs.stdout.replace("  receiver: ", "  team: ")
        # What `match_re` says is printed with its anchors there.
        said = re.sub(r'=~"\^\(\?:(.*?)\)\$"', r'=~"\1"', said)
        return said, ours.stdout

    def same_drawing(self):
        theirs, ours = self.run("show")
        if theirs != ours:
            raise harness.Failed(f"routes show:\n{difference(theirs, ours)}")

    def same_way(self, labels):
        theirs, ours = self.run("test", "--tree", *labels)
        # Below the teams each route has a line of its own here.
        count = len(theirs.splitlines())
        if theirs.splitlines() != ours.splitlines()[:count]:
            raise harness.Failed(f"routes test {labels}:\n"
                                 f"{difference(theirs, ours)}")
        return theirs.splitlines()[-1]


def beside_amtool(stage, given):
    amtool = harness.find_peer(given.root, "amtool")
    if amtool is None:
        return
    rng = random.Random(SEED)
    ways = set()
    for _ in range(TREES):
        both = Both(stage, amtool, given.tocsinctl, tree(rng))
        both.same_drawing()
        for _ in range(ALERTS_A_TREE):
            ways.add(both.same_way(alert(rng)))
    check(True, f"{TREES} trees are drawn as amtool draws them")
    check(len(ways) > 5, f"{TREES * ALERTS_A_TREE} alerts go where amtool "
          f"sends them: {len(ways)} different ways", ways)


def own_words(stage, given):
    config = stage.write("tocsin.yml", OWN)

    def routes(*words):
        return stage.run([given.tocsinctl, "routes", *words, "--config.file",
                          config])

    def says(what, words, *lines):
        ran = routes("test", *words)
        check(ran.returncode == 0 and ran.stdout.splitlines() == list(lines),
              what, ran)

    says("a route that pages", ["a=b"], "ops",
         "  root  team ops, default, chain ladder: pages")
    says("a route that discards", ["severity=none"], "ops",
         "  noise  team ops, default, chain ladder: pages nobody: discarded")
    says("within a time interval",
         ["severity=low", "--at", "2026-11-23T16:59:59Z"], "ops",
         "  tickets  team ops, default, chain ladder: pages")
    says("outside of a time interval",
         ["severity=low", "--at", "2026-11-23T18:00:00+01:00"], "ops",
         "  tickets  team ops, default, chain ladder: pages nobody then: "
         "outside of office-hours")
    says("a label beyond ASCII, a route without a name", ["größe=m"], "ops",
         '  {}/{größe=~"s|m"}  team ops, important, chain ladder: pages')
    says("the receiver of the sender", ["--receiver", "web"], "web",
         "  sent-to-web  team web, default: pages nobody: there is no chain")
    says("a source's default team", ["--source", "am"], "web",
         "  root  team web, default: pages nobody: there is no chain")
    found = json.loads(routes("test", "-o", "json", "a=b").stdout)
    check(found["teams"] == ["ops"] and found["routes"][0]["pages"] is True,
          "-o json", found)
    drawn = json.loads(routes("show", "-o", "json").stdout)
    check([child.get("name") for child in drawn["routes"]]
          == ["noise", "tickets", "sent-to-web", None]
          and drawn["routes"][3]["matchers"]
          == [{"name": "größe", "value": "s|m", "isRegex": True,
               "isEqual": True}], "show -o json", drawn)


def exit_codes(stage, given):
    config = stage.write("tocsin.yml", OWN)

    def ran(*words):
        return stage.run([given.tocsinctl, "routes", "test", "--config.file",
                          config, *words])

    check(ran("--verify.teams=ops", "a=b").returncode == 0,
          "--verify.teams: exit 0 where they are the teams")
    unknown = ran("--source=ma", "a=b")
    check(unknown.returncode == 2 and unknown.stdout == ""
          and 'no source is named "ma", did you mean "am"?' in unknown.stderr,
          "--source: exit 2 for a source that the file has not", unknown)
    other = ran("--verify.teams=ops,web", "a=b")
    check(other.returncode == 1 and other.stdout.startswith("ops\n")
          and len(other.stderr.splitlines()) == 1,
          "--verify.teams: exit 1 and a line on stderr where they are not",
          other)
    for words in (["a!=b"], ["--at", "noon", "a=b"], ["--no-such-flag"]):
        check(ran(*words).returncode == 2, f"{words[0]}: wrong usage, exit 2")
    faulty = stage.write("faulty.yml", OWN.replace("team: ops", "team: oops"))
    left = stage.run([given.tocsinctl, "routes", "show", "--config.file",
                      faulty])
    check(left.returncode == 1 and "oops" in left.stderr and not left.stdout,
          "a faulty file: its faults on stderr, exit 1", left)


def story(given):
    with harness.Stage() as stage:
        beside_amtool(stage, given)
        own_words(stage, given)
        exit_codes(stage, given)


def main():
    given = harness.options(__doc__).parse_args()
    say("routes: drawn and tried beside amtool, and what is Tocsin's own")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
