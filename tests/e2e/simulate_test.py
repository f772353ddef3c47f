#!/usr/bin/env python3
"""`tocsinctl simulate` as people call it: what it prints of a webhook, that it
needs no daemon, and what it says to faulty input."""

import json

import harness
from harness import check, say

FILE = """
providers: {console: {}}
sources:
  am: {kind: alertmanager, token_files: [not-there.token]}
  other: {kind: alertmanager, token_files: [not-there.token], default_team: web}
users:
  ada:
    contact_methods: {console: {}}
    notification_policies: {default: [{notify: console}]}
escalation_chains: {ladder: [{notify_users: [ada]}, {wait: 5m}, {repeat: {forever: true}}]}
teams:
  ops: {direct_paging: {default: {escalation_chain: ladder}}}
  web: {}
route: {name: root, team: ops}
"""
WEBHOOK = {"version": "4", "groupKey": "{}:{}", "receiver": "tocsin", "alerts": [
    {"status": "firing", "labels": {"alertname": "DiskFull\u001b[31m"},
     "startsAt": "2026-11-20T18:00:00Z"}]}


class Simulation:
    def __init__(self, stage, tocsinctl):
        self.stage = stage
        self.tocsinctl = tocsinctl
        self.config = stage.write("tocsin.yml", FILE)
        self.payload = stage.write("payload.json", json.dumps(WEBHOOK))

    def run(self, *words, payload=None, config=None):
        return self.stage.run(
            [self.tocsinctl, "simulate", payload or self.payload,
             "--config.file", config or self.config, *words])

    def refuses(self, code, text, sentence, *words, **files):
        ran = self.run(*words, **files)
        check(ran.returncode == code and text in ran.stderr
              and not ran.stdout, f"{sentence}: exit {code}", ran)


def tells(sim):
    text = sim.run("--at", "2026-11-20T18:30:00Z")
    check(text.returncode == 0 and all(part in text.stdout for part in [
        "from 2026-11-20T18:30:00.000Z on, sent by source am",
        "Chain         ladder",
        "+0s    notification_issued  notify ada by console (default)",
        "+5m    step_run             step 3 of chain ladder runs: repeat from "
        "step 1 (1)", "And so on, for ever", "Not simulated:"]),
        "route, chain, people and times, as text", text)
    check("\x1b" not in text.stdout, "a payload writes nothing to a terminal",
          text)


def tells_scripts(sim):
    ran = sim.run("-o", "json", "--for", "6m")
    shown = json.loads(ran.stdout)
    group = shown["groups"][0]
    issued = [entry["after_seconds"] for entry in group["timeline"]
              if entry["kind"] == "notification_issued"]
    check(group["team"] == "ops" and group["escalation_chain"] == "ladder"
          and group["ending"] == "goes_on" and shown["for"] == "6m"
          and issued == [0, 300], "the same as JSON", shown)
    shown = json.loads(sim.run("-o", "json", "--source", "other").stdout)
    check(shown["groups"][0]["team"] == "web"
          and shown["alerts"][0]["routes"][0]["team"] == "web",
          "as another source would send it", shown)


def refuses(sim):
    write = sim.stage.write
    sim.refuses(2, "--at: ", "no time", "--at", "yesterday")
    for length in ("ever", "0s", "1y"):
        sim.refuses(2, "--for: ", f"--for {length}", "--for", length)
    sim.refuses(2, "no source is named", "an unknown source", "--source", "ma")
    sim.refuses(1, "no.json: No such file", "no payload", payload="no.json")
    sim.refuses(1, "no.yml", "no configuration", config="no.yml")
    sim.refuses(1, "1 fault", "a faulty configuration",
                config=write("bad.yml", FILE + "rout: {}"))
    bare = json.dumps({**WEBHOOK, "alerts": [{"status": "on"}]})
    for name, body, where in [("half.json", '{"version"', "half.json: "),
                              ("list.json", "[]", "list.json: "),
                              ("empty.json", "", "empty.json: "),
                              ("bare.json", bare, "bare.json: alerts[0]")]:
        sim.refuses(1, where, f"a bad payload, {name}",
                    payload=write(name, body))


def story(given):
    with harness.Stage() as stage:
        sim = Simulation(stage, given.tocsinctl)
        tells(sim)
        tells_scripts(sim)
        refuses(sim)


def main():
    given = harness.options(__doc__).parse_args()
    say("simulate: what a webhook would lead to, without a daemon")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
