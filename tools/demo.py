#!/usr/bin/env python3
"""Tells the story of one page, with real processes on this machine.

A real Alertmanager fires an alert, tocsind pages the first person, is killed
with kill -9 and started again, pages the second person, who acknowledges; the
alert is resolved. The phones are one small HTTP server in this process. Each
line is told from evidence: what a phone received, what the API answered. If a
part of the story does not happen in its time, the demo says so and fails.
"""

import argparse
import datetime
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
PATIENCE = 20.0  # seconds for one part of the story; all is done in a few
ALERT = {
    "alertname": "DiskFull",
    "severity": "critical",
    "instance": "db1.example.org",
}


# What the examples say, and the demo replaces by the ports of this run.
EXAMPLE_TOCSIN = "http://127.0.0.1:9876"
BOB_TOKEN = "demo-bob-token"
# Without these entries the timeline would not tell the story.
TOLD_KINDS = {
    "group_created",
    "step_run",
    "notification_delivered",
    "acknowledged",
    "resolved",
}


class StoryFailed(Exception):
    """A part of the story did not happen; the message says which."""


class Teller:
    """Prints the story: seconds since the alert, who, what."""

    COLOURS = {"red": "31;1", "green": "32;1", "blue": "36", "dim": "2"}

    def __init__(self):
        self.begun = time.monotonic()
        self.coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def paint(self, colour, text):
        if not self.coloured or colour is None:
            return text
        return f"\x1b[{self.COLOURS[colour]}m{text}\x1b[0m"

    def tell(self, who, what, colour=None, at=None):
        seconds = (at or time.monotonic()) - self.begun
        name = self.paint(colour, f"{who:<13}")
        print(f"  {seconds:5.1f} s  {name} {what}", flush=True)

    def head(self, text):
        print(f"\n{self.paint('blue', text)}", flush=True)


class Phone:
    """The stand-in for everybody's phone: keeps each message it is posted."""

    def __init__(self):
        self.messages = []  # (monotonic time, user, message)
        self.arrived = threading.Condition()
        self.on_message = lambda at, user, message: None
        phone = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """One POST is one message; it says to whom."""

            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                at = time.monotonic()
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length))
                phone.take(at, body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """The story is told by Teller."""

        class Server(http.server.ThreadingHTTPServer):
            """A killed daemon leaves half requests behind: not worth a trace."""

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def take(self, at, message):
        with self.arrived:
            self.on_message(at, message["user"], message)
            self.messages.append((at, message["user"], message))
            self.arrived.notify_all()

    def of(self, name):
        return [m for m in self.messages if m[1] == name]

    def wait_for(self, name, nth=1):
        """The nth message of `name`."""
        with self.arrived:
            if not self.arrived.wait_for(
                lambda: len(self.of(name)) >= nth, PATIENCE
            ):
                raise StoryFailed(f"{name} was not paged within {PATIENCE:.0f} s")
            return self.of(name)[nth - 1]


class Processes:
    """Starts programs and leaves none behind, however this process ends."""

    def __init__(self, folder):
        self.folder = folder
        self.running = {}

    def start(self, name, *command):
        # setpriv: should this process be killed, they go with it. A session of
        # their own: Ctrl-C reaches us alone, we end them in order.
        log = open(self.log(name), "ab")  # pylint: disable=consider-using-with
        with log:
            self.running[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        return self.running[name]

    def log(self, name):
        return self.folder / f"{name}.log"

    def kill(self, name):
        """kill -9; returns the pid that was."""
        process = self.running.pop(name)
        process.kill()
        process.wait()
        return process.pid

    def stop(self):
        """Ends all, gently first."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def check(self):
        for name, process in self.running.items():
            if process.poll() is not None:
                raise StoryFailed(f"{name} ended by itself")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(method, url, body=None, token=None):
    """One HTTP request; the answer's JSON, or None if it has none."""
    request = urllib.request.Request(url, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=5) as answer:
        text = answer.read()
    return json.loads(text) if text[:1] in (b"{", b"[") else None


def instant(text):
    """Seconds since 1970 of an RFC 3339 text in UTC."""
    text = re.sub(r"Z$", "+00:00", text)
    return datetime.datetime.fromisoformat(text).timestamp()


class Demo:
    """The cast and the parts of the story."""

    def __init__(self, folder, build, teller):
        self.folder = folder
        self.build = build
        self.teller = teller
        self.phone = Phone()
        self.processes = Processes(folder)
        self.tocsin = f"http://127.0.0.1:{free_port()}"
        self.alertmanager = f"http://127.0.0.1:{free_port()}"
        self.fired_at = 0.0  # wall clock, to tell the timeline's times

    def copy_example(self, name, replacements):
        """An example as it is, but for the addresses of this run."""
        text = (ROOT / "examples" / name).read_text(encoding="utf-8")
        for old, new in replacements.items():
            if old not in text:
                raise StoryFailed(f"examples/{name} does not say {old!r}")
            text = text.replace(old, new)
        (self.folder / name).write_text(text, encoding="utf-8")

    def write_files(self):
        phone = f"http://127.0.0.1:{self.phone.port}/"
        addresses = {
            EXAMPLE_TOCSIN: self.tocsin,
            "http://127.0.0.1:9095/": phone,
            # The example has a token for ada; here bob has one as well.
            "\ntokens:\n": "\ntokens:\n"
            f"  bob-laptop: {{user: bob, token: {BOB_TOKEN}}}\n",
        }
        self.copy_example("quickstart.yml", addresses)
        self.copy_example("alertmanager.yml", {EXAMPLE_TOCSIN: self.tocsin})
        (self.folder / "bob.token").write_text(BOB_TOKEN + "\n")

    def start_tocsind(self):
        """Returns after how many seconds it was ready."""
        begun = time.monotonic()
        self.processes.start(
            "tocsind",
            self.build / "daemon" / "tocsind",
            f"--config.file={self.folder / 'quickstart.yml'}",
            f"--storage.path={self.folder / 'tocsin.db'}",
            f"--web.listen-address={self.tocsin.removeprefix('http://')}",
        )
        self.wait_ready("tocsind", self.tocsin)
        return time.monotonic() - begun

    def start_alertmanager(self):
        self.processes.start(
            "alertmanager",
            shutil.which("prometheus-alertmanager") or "alertmanager",
            f"--config.file={self.folder / 'alertmanager.yml'}",
            f"--storage.path={self.folder / 'alertmanager'}",
            f"--web.listen-address={self.alertmanager.removeprefix('http://')}",
            "--cluster.listen-address=",
        )
        self.wait_ready("alertmanager", self.alertmanager)

    def show_logs(self):
        """The ends of all logs, for whoever has to find out why."""
        for log in sorted(self.folder.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-15:]
            print(f"--- {log.name}", *lines, sep="\n", file=sys.stderr)

    def wait_ready(self, name, url):
        def ready():
            self.processes.check()
            try:
                call("GET", f"{url}/-/ready")
                return True
            except OSError:
                return False

        self.until(ready, f"{name} was not ready")

    def until(self, question, complaint):
        """Asks every few milliseconds; returns the first true answer."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = question()
            if answer:
                return answer
            time.sleep(0.01)
        raise StoryFailed(f"{complaint} within {PATIENCE:.0f} s")

    def api(self, path):
        return call("GET", f"{self.tocsin}/api/v1/{path}", token=BOB_TOKEN)

    def timeline(self, group):
        return self.api(f"alert_groups/{group}/timeline/")["results"]

    def tell_alertmanager(self, ends_at=None):
        alert = {
            "labels": ALERT,
            "annotations": {"summary": "/var on db1 is 97 % full"},
        }
        if ends_at:
            alert["endsAt"] = ends_at
        call("POST", f"{self.alertmanager}/api/v2/alerts", [alert])

    # The parts of the story, in order.

    def tell_message(self, at, user, message):
        group = message["alert_group"]
        ids = [earlier["id"] for _, _, earlier in self.phone.of(user)]
        again = "the same again, " if message["id"] in ids else ""
        text = ": ".join(filter(None, (group["title"], group["summary"])))
        self.teller.tell(
            f"{user}'s phone",
            f"rings: [{group['severity']}] {text}"
            f" ({message['why']}; {again}id {message['id']})",
            "red",
            at,
        )

    def fire(self):
        self.teller.begun = time.monotonic()
        self.fired_at = time.time()
        self.tell_alertmanager()
        self.teller.tell("Alertmanager", f"has {ALERT['alertname']}, firing")

    def first_page(self):
        """ada's phone rings, and tocsind has it on record; the group's id."""
        _, _, message = self.phone.wait_for("ada")
        group = message["alert_group"]["id"]

        def on_record():
            return any(
                entry["kind"] == "notification_delivered"
                and f"notification {message['id']} " in entry["text"]
                for entry in self.timeline(group)
            )

        self.until(on_record, f"notification {message['id']} was not recorded")
        return group

    def kill_and_restart(self, group):
        if self.phone.of("bob"):
            raise StoryFailed("bob was paged before the wait was over")
        before = self.timeline(group)
        killed_at = time.monotonic()
        pid = self.processes.kill("tocsind")
        self.teller.tell("kill -9", f"tocsind (pid {pid}) is gone", "blue")
        self.start_tocsind()
        away = time.monotonic() - killed_at
        state = self.api(f"alert_groups/{group}/")["state"]
        if state != "firing":
            raise StoryFailed(f"group {group} is {state} after the restart")
        after = self.timeline(group)
        if after[: len(before)] != before:
            raise StoryFailed("the timeline lost entries in the kill -9")
        self.teller.tell(
            "tocsind",
            f"killed -9, back in {away:.2f} s, nothing lost: group {group} fires,"
            f" all {len(before)} entries of its timeline are there",
            "green",
        )

    def second_page(self):
        self.phone.wait_for("bob")
        ids = [message["id"] for _, _, message in self.phone.of("ada")]
        if len(set(ids)) > 1:
            raise StoryFailed(f"ada was paged twice for one step: {ids}")

    def acknowledge(self, group):
        said = subprocess.run(
            [
                self.build / "daemon" / "ctl" / "tocsinctl",
                f"--url={self.tocsin}",
                f"--token-file={self.folder / 'bob.token'}",
                "ack",
                group,
            ],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if said.returncode != 0:
            raise StoryFailed(f"tocsinctl ack: {said.stderr.strip()}")
        answer = self.api(f"alert_groups/{group}/")
        if (answer["state"], answer["acknowledged_by"]) != ("acknowledged", "bob"):
            raise StoryFailed(f"bob acknowledged, and the group says {answer}")
        self.teller.tell("bob", f"$ tocsinctl ack {group}", "green")
        self.teller.tell("tocsind", f"{said.stdout.strip()} The chain stops.", "green")

    def resolve(self, group):
        """The source resolves; nobody was paged since the acknowledge."""
        heard = len(self.phone.messages)
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        self.tell_alertmanager(ends_at=now)
        self.teller.tell("Alertmanager", f"has {ALERT['alertname']}, resolved")
        self.until(
            lambda: self.api(f"alert_groups/{group}/")["state"] == "resolved",
            f"group {group} was not resolved",
        )
        if len(self.phone.messages) != heard:
            raise StoryFailed("somebody was paged after the acknowledge")
        self.teller.tell(
            "tocsind",
            f"group {group} is resolved; no phone rang since the acknowledge",
            "green",
        )

    def tell_timeline(self, group):
        self.teller.head(f"What tocsind wrote down (the timeline of group {group})")
        kinds = set()
        for entry in self.timeline(group):
            kinds.add(entry["kind"])
            seconds = instant(entry["at"]) - self.fired_at
            kind = self.teller.paint("dim", f"{entry['kind']:<23}")
            who = f"{entry['actor']}: " if entry["actor"] else ""
            print(f"  {seconds:5.1f} s  {kind} {who}{entry['text']}")
        missing = TOLD_KINDS - kinds
        if missing:
            raise StoryFailed(f"the timeline has no {', '.join(sorted(missing))}")

    def play(self):
        """The whole story."""
        self.write_files()
        self.start_tocsind()
        self.start_alertmanager()
        self.teller.head("One page, as it happens")
        self.phone.on_message = self.tell_message
        self.fire()
        group = self.first_page()
        self.kill_and_restart(group)
        self.second_page()
        self.acknowledge(group)
        self.resolve(group)
        self.tell_timeline(group)

    def stay(self):
        """Says how to go on, and stays up until Ctrl-C."""
        amtool = shutil.which("amtool")
        ctl = as_typed(self.build / "daemon" / "ctl" / "tocsinctl")
        self.teller.head("All of it stays up until Ctrl-C")
        print(
            f"  tocsind       {self.tocsin} (/-/ready, /metrics, /api/v1/)\n"
            f"  Alertmanager  {self.alertmanager}\n"
            f"  all files     {self.folder} (configuration, store, logs;"
            f" bob's token: bob.token)\n"
        )
        print("Fire an alert of your own, and see whose phone rings:\n")
        if amtool:
            print(
                f"  {as_typed(amtool)} --alertmanager.url={self.alertmanager}"
                " alert add CpuHot severity=critical instance=web1\n"
            )
        else:
            print(
                f"  curl -H 'Content-Type: application/json' -d '[{{\"labels\":"
                '{"alertname":"CpuHot","severity":"critical"}}]\' '
                f"{self.alertmanager}/api/v2/alerts\n"
            )
        print("and take it, as bob:\n")
        print(
            f"  export TOCSIN_URL={self.tocsin}"
            f" TOCSIN_TOKEN_FILE={self.folder / 'bob.token'}\n"
            f"  {ctl} list; {ctl} ack GROUP\n",
            flush=True,
        )
        while True:
            self.processes.check()
            time.sleep(0.5)


def as_typed(path):
    """A program as one would type it: short, if it lies below this folder."""
    path, here = pathlib.Path(path), pathlib.Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    """Plays the story; the exit code says whether all of it happened."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--build", type=pathlib.Path, required=True)
    options.add_argument("--once", action="store_true")
    given = options.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, interrupted)
    failed = False
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as folder:
        demo = Demo(pathlib.Path(folder), given.build.resolve(), Teller())
        try:
            demo.play()
            if not given.once:
                demo.stay()
        except (StoryFailed, OSError) as failure:
            failed = True
            print(f"\nThe demo failed: {failure}", file=sys.stderr)
            demo.show_logs()
        except KeyboardInterrupt:
            failed = given.once
            print("\nThe demo ends, and so does all it started.")
        finally:
            demo.processes.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
