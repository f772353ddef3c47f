#!/usr/bin/env python3
"""What can be wrong around the daemon: flags, files, ports, stores, disks,
requests. Each is said in a sentence, none takes the daemon down."""

import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import time

import harness
from harness import check, holds_for, say, until

VIEWER_TOKEN = "viewer-token-0123456789abcdef"

BROKEN = """
providers:
  push: {kind: carrier-pigeon}
users:
  ada: {contact_methods: {push: {address: a}}}
escalation_chains:
  ladder: [{notify_users: [nobody-we-know]}, {wait: 1.5h}]
teams:
  storage: {direct_paging: {default: {escalation_chain: missing}}}
route: {team: storage, colour: red}
"""

# A clean stop takes far less; systemd would wait for 90 s.
QUICK_STOP_SECONDS = 5
SMALL_DISK = 4 << 20
FILLING_POSTS = 4000
# So that a group's row and its cold row fill pages of their own.
PADDING = "x" * 2000


def write_config(stage, provider):
    return stage.write("tocsin.yml", harness.one_team(
        provider.url,
        more=f"  screen: {{role: viewer, token: {VIEWER_TOKEN}}}\n"))


def one_sentence(text):
    return len(text.strip().splitlines()) == 1


def flags(stage, given):
    version = stage.run([given.tocsind, "--version"])
    check(version.returncode == 0 and version.stdout.startswith(
        "tocsind, version "), "--version: on stdout, exit 0", version)
    usage = stage.run([given.tocsind, "-h"])
    check(usage.returncode == 0 and "--config.file" in usage.stdout,
          "-h: the flags, exit 0", usage)
    for words in (["--no-such-flag"], ["--log.level=loud"], ["stray"],
                  ["--config.file"]):
        bad = stage.run([given.tocsind, *words])
        check(bad.returncode == 1 and one_sentence(bad.stderr)
              and not bad.stdout, f"{words[0]}: one sentence, exit 1", bad)


def configurations(stage, given):
    broken = stage.write("broken.yml", BROKEN)
    left = stage.run([given.tocsind, "--config.file", broken])
    check(left.returncode == 1, "a broken configuration: exit 1", left)
    for fault in ("broken.yml:3:", "nobody-we-know", "1.5h", "missing",
                  "colour"):
        check(fault in left.stderr, f"its faults name {fault}", left.stderr)
    checked = stage.run([given.tocsinctl, "check-config", broken])
    check(checked.returncode == 1 and "colour" in checked.stderr,
          "tocsinctl check-config names them too, exit 1", checked)
    gone = stage.run([given.tocsind, "--config.file", stage.folder / "none"])
    check(gone.returncode == 1 and "none" in gone.stderr,
          "no configuration file: exit 1", gone)


def starts(stage, given, config, tocsind):
    store = stage.folder / "tocsin.db"

    def attempt(*words):
        return stage.run([given.tocsind, "--config.file", config, *words])

    second = attempt("--web.listen-address=127.0.0.1:0",
                     f"--storage.path={store}")
    check(second.returncode == 1 and str(store) in second.stderr,
          "a second daemon on the store: a sentence, exit 1", second)
    busy = attempt(f"--web.listen-address=127.0.0.1:{tocsind.port}",
                   f"--storage.path={stage.folder / 'other.db'}")
    check(busy.returncode == 1 and str(tocsind.port) in busy.stderr,
          "a port in use: a sentence, exit 1", busy)
    odd = attempt("--web.listen-address=nowhere",
                  f"--storage.path={stage.folder / 'other.db'}")
    check(odd.returncode == 1 and "nowhere" in odd.stderr,
          "an address that is none: a sentence, exit 1", odd)
    lost = attempt("--web.listen-address=127.0.0.1:0",
                   f"--storage.path={stage.folder / 'no/such/tocsin.db'}")
    check(lost.returncode == 1 and "no/such" in lost.stderr,
          "no folder for the store: a sentence, exit 1", lost)
    check(tocsind.ready() == 200, "the running daemon does not mind")


def requests(tocsind):
    body = harness.webhook([harness.alert("Whatever")], "{}:whatever")
    json_type = {"Content-Type": "application/json"}
    hook = f"/integrations/v1/alertmanager/{harness.SOURCE_TOKEN}/"
    cases = [
        ("an unknown source token", 401, "POST",
         "/integrations/v1/alertmanager/guessed/", body, json_type),
        ("broken JSON", 400, "POST", hook, '{"version": "4", ', json_type),
        ("JSON of another kind", 400, "POST", hook, "[1, 2]", json_type),
        ("a wrong method", 405, "GET", hook, None, {}),
        ("a wrong path", 404, "GET", "/no/such/place", None, {}),
        ("no API token", 401, "GET", "/api/v1/alert_groups/", None, {}),
        ("a source's token at the API", 401, "GET", "/api/v1/alert_groups/",
         None, {"Authorization": harness.SOURCE_TOKEN}),
        ("a viewer who acknowledges", 403, "POST",
         "/api/v1/alert_groups/1/acknowledge/", None,
         {"Authorization": VIEWER_TOKEN}),
        ("an unknown group", 404, "GET", "/api/v1/alert_groups/999/", None,
         {"Authorization": harness.API_TOKEN}),
        ("a group that is no number", 404, "GET", "/api/v1/alert_groups/x%00/",
         None, {"Authorization": harness.API_TOKEN}),
    ]
    for what, status, method, path, sent, headers in cases:
        answer = harness.request(tocsind.port, method, path, sent, headers)
        check(answer.status == status, f"{what}: {status}",
              f"{answer.status} {answer.text}")
        check(harness.SOURCE_TOKEN not in answer.text,
              "  and the answer holds no secret")
    with socket.create_connection(("127.0.0.1", tocsind.port)) as rough:
        rough.sendall(b"\x16\x03\x01\x02\x00 this is not HTTP\r\n\r\n")
        check(b" 400 " in rough.recv(4096), "not HTTP at all: 400")
    check(tocsind.groups() == [], "none of it made an alert group")


def hang_up(tocsind):
    tocsind.process.send_signal(signal.SIGHUP)
    until(lambda: "msg=reloaded" in tocsind.log_text(), "SIGHUP reloads")
    check(tocsind.ready() == 200, "SIGHUP of the same file: nothing else")


def clean_stop(stage, given, config, tocsind, provider):
    names = [f"Stop{i}" for i in range(30)]
    for name in names:
        body = harness.webhook([harness.alert(name)], f"{{}}:{name}")
        answer = tocsind.post_webhook(body)
        if answer.status != 200:
            raise harness.Failed(f"webhook: {answer.status} {answer.text}")
    begun = time.monotonic()
    code = tocsind.stop()
    check(code == 0, "SIGTERM: exit code 0", tocsind.log_text())
    check(time.monotonic() - begun < QUICK_STOP_SECONDS, "and quickly")
    again = harness.Tocsind(stage, given.tocsind, config,
                            stage.folder / "tocsin.db").wait_ready()
    titles = sorted(group["title"] for group in again.groups())
    check(titles == sorted(names), "nothing accepted is lost", titles)

    def paged():
        return {body["alert_group"]["title"] for _, body in provider.pages()}

    until(lambda: paged() >= set(names), "each of them is paged")
    check(True, "each of them is paged, before the stop or after")
    check(again.stop() == 0, "SIGTERM again: exit code 0")
    check(len(provider.pages()) == len(names), "a clean stop pages nobody "
          "twice", len(provider.pages()))


class SmallDisk:
    """A file system of a few MB that can be filled and emptied."""

    def __init__(self, folder):
        self.folder = folder
        self.ballast = folder / "ballast"

    def limits(self, _tocsind):
        """Fills what is left."""
        with open(self.ballast, "wb", buffering=0) as ballast:
            for size in (65536, 512):
                with contextlib.suppress(OSError):
                    while ballast.write(b"\0" * size):
                        pass

    def frees(self, _tocsind):
        self.ballast.unlink()


class SmallFiles:
    """Where nothing may be mounted: no file may grow beyond a limit."""

    def __init__(self, folder):
        self.folder = folder

    def limits(self, tocsind):
        largest = max(path.stat().st_size for path in self.folder.iterdir())
        self._set(tocsind, largest)

    def frees(self, tocsind):
        self._set(tocsind, resource.RLIM_INFINITY)

    @staticmethod
    def _set(tocsind, size):
        pid = tocsind.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


@contextlib.contextmanager
def small_disk(stage):
    folder = stage.folder / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tocsin-e2e",
             str(folder)]
    may_mount = os.geteuid() == 0 and shutil.which("mount") and subprocess.run(
        mount, check=False, capture_output=True).returncode == 0
    if not may_mount:
        say("  (mounting is not permitted: a limit on file sizes instead)")
        yield SmallFiles(folder)
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(tocsind):
    """Posts until the daemon says it cannot; the names it accepted."""
    accepted = []
    for i in range(FILLING_POSTS):
        one = harness.alert(f"Full{i}", {"padding": PADDING})
        answer = tocsind.post_webhook(harness.webhook([one], f"{{}}:{i}"))
        if answer.status == 503:
            return accepted
        if answer.status != 200:
            raise harness.Failed(f"webhook: {answer.status} {answer.text}")
        accepted.append(f"Full{i}")
    raise harness.Failed("the disk never got full")


def full_disk(stage, given, config):
    with small_disk(stage) as disk:
        tocsind = harness.Tocsind(stage, given.tocsind, config,
                                  disk.folder / "tocsin.db",
                                  name="full").wait_ready()
        disk.limits(tocsind)
        accepted = fill(tocsind)
        check(True, f"full disk: 503 after {len(accepted)} webhooks")
        until(lambda: tocsind.ready() == 503, "readiness is red")
        holds_for(1, lambda: tocsind.ready() == 503,
                  "/-/ready stays 503 while nothing comes in")
        check(tocsind.get("/-/healthy").status == 200, "/-/healthy is 200")
        disk.frees(tocsind)
        until(lambda: tocsind.ready() == 200, "readiness is green again")
        check(True, "with room again /-/ready is 200")
        late = harness.webhook([harness.alert("Late")], "{}:late")
        check(tocsind.post_webhook(late).status == 200,
              "and webhooks are taken")
        titles = sorted(group["title"] for group in tocsind.groups())
        check(titles == sorted([*accepted, "Late"]),
              "the store has what was accepted and nothing else",
              f"{len(titles)} groups")
        check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def story(given):
    with harness.Stage() as stage:
        provider = harness.StandIn(stage)
        config = write_config(stage, provider)
        flags(stage, given)
        configurations(stage, given)
        tocsind = harness.Tocsind(stage, given.tocsind, config,
                                  stage.folder / "tocsin.db").wait_ready()
        starts(stage, given, config, tocsind)
        requests(tocsind)
        hang_up(tocsind)
        clean_stop(stage, given, config, tocsind, provider)
        full_disk(stage, given, config)


def main():
    given = harness.options(__doc__).parse_args()
    say("bad input: flags, files, stores, ports, requests, disks")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
