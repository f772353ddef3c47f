#!/usr/bin/env python3
"""One alert's way through everything: a real Alertmanager fires, the first
person is paged and sleeps, the second is paged and acknowledges, it is quiet,
the source resolves."""

import re

import harness
from harness import check, holds_for, say, until

ALERTMANAGER = """
route:
  receiver: tocsin
  group_by: [alertname]
  group_wait: 100ms
  group_interval: 1s
  repeat_interval: 4h
receivers:
  - name: tocsin
    webhook_configs:
      - url: http://127.0.0.1:{port}/integrations/v1/alertmanager/{token}/
        send_resolved: true
"""

# Long enough to act within, short enough to wait for.
WAIT_SECONDS = 2
LABELS = {"alertname": "DiskFull", "instance": "db-1", "severity": "critical"}
ANNOTATIONS = {"summary": "db-1 has no room left"}


def start(stage, given, provider):
    config = stage.write("tocsin.yml", harness.one_team(
        provider.url, people=("bob", "ada", "cyd"),
        ladder=f"[{{notify_users: [ada]}}, {{wait: {WAIT_SECONDS}s}}, "
               f"{{notify_users: [bob]}}, {{wait: {WAIT_SECONDS}s}}, "
               "{notify_users: [cyd]}]"))
    return harness.Tocsind(stage, given.tocsind, config,
                           stage.folder / "tocsin.db").wait_ready()


def page_both(tocsind, provider):
    until(lambda: provider.users() == ["ada"], "ada is paged first")
    check(True, "the first person is paged, and only she")
    groups = tocsind.groups()
    check(len(groups) == 1, "one alert group", groups)
    check(groups[0]["state"] == "firing", "it is firing", groups[0])
    until(lambda: len(provider.users()) >= 2, "the second person is paged")
    check(provider.users() == ["ada", "bob"], "the second is paged after the "
          "wait", provider.users())
    gap = provider.received()[1]["at"] - provider.received()[0]["at"]
    check(gap >= WAIT_SECONDS - 0.5, "not before the wait is over", gap)
    keys = [one["key"] for one in provider.received()]
    check(keys[0] != keys[1] and all(keys), "each under an id of its own", keys)
    return str(groups[0]["id"])


def acknowledge(stage, given, tocsind, provider, group):
    token = stage.write("token", harness.API_TOKEN + "\n")
    where = {"TOCSIN_URL": f"http://127.0.0.1:{tocsind.port}",
             "TOCSIN_TOKEN_FILE": str(token)}

    def ctl(*words):
        return stage.run([given.tocsinctl, *words], **where)

    listed = ctl("list", "--state", "firing")
    check(listed.returncode == 0 and "DiskFull" in listed.stdout,
          "tocsinctl list shows the group", listed.stdout + listed.stderr)
    done = ctl("ack", group)
    check(done.returncode == 0, "tocsinctl ack is taken", done.stderr)
    again = ctl("resolve", "999999")
    check(again.returncode == 1 and again.stderr,
          "an unknown group is exit code 1 and a sentence", again.stderr)
    holds_for(WAIT_SECONDS + 1, lambda: provider.users() == ["ada", "bob"],
              "after the acknowledge nobody else is paged")
    return ctl


def resolve_by_source(tocsind, group):
    until(lambda: tocsind.group(group)["state"] == "resolved",
          "the group resolves with its alert")
    check(True, "the source's resolve resolves the group")
    kinds = [entry["kind"] for entry in tocsind.timeline(group)]
    wanted = ["group_created", "alert_fired", "step_run", "notification_issued",
              "notification_delivered", "acknowledged", "alert_resolved",
              "resolved"]
    for kind in wanted:
        check(kind in kinds, f"the timeline has {kind}", kinds)
    check(kinds.count("notification_delivered") == 2,
          "and two deliveries", kinds)


def check_show(ctl, group):
    shown = ctl("show", group)
    for word in ("DiskFull", "resolved", "acknowledged", "bob", "Timeline",
                 'instance="db-1"'):
        check(word in shown.stdout, f"tocsinctl show says {word}",
              shown.stdout + shown.stderr)
    none = ctl("list", "--state", "firing")
    check("No alert group" in none.stdout, "tocsinctl list has nothing firing",
          none.stdout + none.stderr)


def check_metrics(tocsind):
    text = tocsind.get("/metrics").text
    for pattern in (r'tocsin_webhooks_total\{.*result="accepted".*\} [1-9]',
                    r'tocsin_notifications_total\{.*result="delivered".*\} 2',
                    r"tocsin_build_info\{"):
        check(re.search(pattern, text), f"/metrics has {pattern}")


def story(given):
    alertmanager_binary = harness.find_alertmanager(given.root)
    if alertmanager_binary is None:
        return
    with harness.Stage() as stage:
        provider = harness.StandIn(stage)
        tocsind = start(stage, given, provider)
        source = harness.Alertmanager(stage, alertmanager_binary,
                                      ALERTMANAGER.format(
                                          port=tocsind.port,
                                          token=harness.SOURCE_TOKEN))
        starts_at = harness.rfc3339()
        source.tell(LABELS, ANNOTATIONS, starts_at)
        group = page_both(tocsind, provider)
        ctl = acknowledge(stage, given, tocsind, provider, group)
        source.tell(LABELS, ANNOTATIONS, starts_at, harness.rfc3339())
        resolve_by_source(tocsind, group)
        check_show(ctl, group)
        check_metrics(tocsind)
        check(provider.users() == ["ada", "bob"], "two pages in all",
              provider.users())
        check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def main():
    given = harness.options(__doc__).parse_args()
    say("story: fire, page, escalate, acknowledge, resolve")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
