"""Real binaries on loopback: what all end-to-end tests share.

A Stage owns a temporary folder and every process it starts, and stops them by
pid at its end. Checks print one line each and raise when they fail. Waits poll
with a deadline; nothing sleeps for a length of time and hopes.
"""

import argparse
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent

# Long enough for a machine whose two cores are busy with something else.
PATIENCE = 20.0
POLL = 0.02

SOURCE_TOKEN = "source-token-0123456789abcdef"
API_TOKEN = "api-token-0123456789abcdef"


class Failed(Exception):
    """A check that did not hold."""


def say(line):
    print(line, flush=True)


def check(holds, sentence, detail=""):
    """Prints the sentence as one line; raises where it does not hold."""
    if not holds:
        raise Failed(f"{sentence}{': ' if detail != '' else ''}{detail}")
    say(f"  ok    {sentence}")


def until(question, what, patience=PATIENCE):
    """Polls until question() is true, returns that; raises at the deadline."""
    deadline = time.monotonic() + patience
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"not within {patience:g} s: {what}")
        time.sleep(POLL)


def holds_for(seconds, question, sentence):
    """Checks that question() stays true for that long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not question():
            raise Failed(sentence)
        time.sleep(POLL)
    say(f"  ok    {sentence}")


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def rfc3339(seconds_from_now=0.0):
    at = datetime.datetime.now(datetime.timezone.utc)
    at += datetime.timedelta(seconds=seconds_from_now)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Answer:
    """One HTTP answer, read to its end."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode("utf-8")

    def json(self):
        return json.loads(self.text)


def request(port, method, path, body=None, headers=None, timeout=PATIENCE):
    """One request on a connection of its own. Raises OSError or
    http.client.HTTPException when there is no whole answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    with contextlib.closing(link):
        data = json.dumps(body) if isinstance(body, (dict, list)) else body
        link.request(method, path, data, headers or {})
        return Answer(link.getresponse())


def alert(name, labels=None, resolved=False, starts_at=None):
    """One alert as the webhook of Alertmanager carries it."""
    return {
        "status": "resolved" if resolved else "firing",
        "labels": {"alertname": name, **(labels or {})},
        "annotations": {"summary": f"{name} needs somebody"},
        "startsAt": starts_at or rfc3339(),
        "endsAt": rfc3339() if resolved else "0001-01-01T00:00:00Z",
        "generatorURL": "http://127.0.0.1:9090/graph",
        "fingerprint": "0000000000000000",
    }


def webhook(alerts, group_key):
    """The body of a webhook, version 4."""
    firing = any(one["status"] == "firing" for one in alerts)
    return {
        "receiver": "tocsin",
        "status": "firing" if firing else "resolved",
        "alerts": alerts,
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://127.0.0.1:9093",
        "version": "4",
        "groupKey": group_key,
        "truncatedAlerts": 0,
    }


class StandIn:
    """The provider's side: what really arrived, and when."""

    def __init__(self, stage, fail_first=0):
        self.log = stage.folder / "standin.jsonl"
        self.process = stage.spawn(
            [sys.executable, HERE / "standin.py", "--log", self.log,
             "--fail-first", fail_first], stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/page"
        self._read = 0
        self._received = []

    def received(self):
        """All requests so far, in the order of arrival."""
        with open(self.log, encoding="utf-8") as log:
            log.seek(self._read)
            for line in log:
                if not line.endswith("\n"):
                    break
                self._read += len(line.encode("utf-8"))
                self._received.append(json.loads(line))
        return self._received

    def pages(self):
        """The messages that were taken: (user, body) of each."""
        bodies = [json.loads(one["body"]) for one in self.received()
                  if one["answered"] < 300]
        return [(body["user"], body) for body in bodies]

    def users(self):
        return [user for user, _ in self.pages()]

    def told(self):
        """What people were told of, or should have been, a group each: a
        bundle is as many as it names. (id, user, title, request) of each."""
        for one in self.received():
            body = json.loads(one["body"])
            for part in [body, *body["bundled"]]:
                yield (part["id"], body["user"], part["alert_group"]["title"],
                       one)

    def answer_with(self, status):
        request(self.port, "PUT", "/answer", str(status))


class Tocsind:
    """One daemon. Its log is a file, so that nothing blocks on a pipe."""

    def __init__(self, stage, binary, config, store=None, port=0,
                 name="tocsind", flags=(), **spawn):
        self.log = stage.folder / f"{name}.log"
        command = [binary, "--config.file", config, "--web.listen-address",
                   f"127.0.0.1:{port}", *flags]
        if store is not None:
            command += ["--storage.path", store]
        self._from = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.process = stage.spawn(command, stderr=log, **spawn)
        self.port = port

    def log_text(self):
        """What this process logged."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(self._from)
            return log.read()

    def wait_ready(self):
        pattern = re.compile(r'msg="?listening"? address=127\.0\.0\.1:(\d+)')

        def port():
            self.check_alive()
            return pattern.search(self.log_text())

        self.port = int(until(port, "the daemon listens")[1])
        until(lambda: self.ready() == 200, "the daemon is ready")
        return self

    def check_alive(self):
        if self.process.poll() is not None:
            raise Failed(f"tocsind left with {self.process.returncode}:\n"
                         + self.log_text())

    def ready(self):
        return self.get("/-/ready").status

    def get(self, path):
        return request(self.port, "GET", path)

    def post_webhook(self, body, token=SOURCE_TOKEN):
        path = f"/integrations/v1/alertmanager/{token}/"
        return request(self.port, "POST", path, body,
                       {"Content-Type": "application/json"})

    def api(self, method, path, token=API_TOKEN):
        headers = {"Authorization": token} if token else {}
        return request(self.port, method, f"/api/v1/{path}", None, headers)

    def groups(self, **filters):
        """All groups of the list, over its pages."""
        found, page = [], 1
        while True:
            query = urllib.parse.urlencode({**filters, "perpage": 100,
                                            "page": page})
            answer = self.api("GET", f"alert_groups/?{query}")
            if answer.status != 200:
                raise Failed(f"list: {answer.status} {answer.text}")
            body = answer.json()
            found += body["results"]
            if body["next"] is None:
                return found
            page += 1

    def group(self, group_id):
        return self.api("GET", f"alert_groups/{group_id}/").json()

    def timeline(self, group_id):
        answer = self.api("GET", f"alert_groups/{group_id}/timeline/")
        return answer.json()["results"]

    def metric(self, series):
        """The value of one series of /metrics; None where it is absent."""
        for line in self.get("/metrics").text.splitlines():
            name, _, value = line.rpartition(" ")
            if name == series:
                return float(value)
        return None

    def kill9(self):
        self.process.kill()
        self.process.wait()

    def stop(self, patience=PATIENCE):
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(patience)


class Alertmanager:
    """A real one, if this machine has it."""

    def __init__(self, stage, binary, config_text):
        config = stage.write("alertmanager.yml", config_text)
        self.port = free_port()
        folder = stage.folder / "alertmanager"
        self.log = stage.folder / "alertmanager.log"
        with open(self.log, "ab") as log:
            self.process = stage.spawn(
                [binary, "--config.file", config, "--storage.path", folder,
                 "--web.listen-address", f"127.0.0.1:{self.port}",
                 "--cluster.listen-address="], stdout=log, stderr=log)
        until(self.ready, "Alertmanager is ready")

    def ready(self):
        try:
            return request(self.port, "GET", "/-/ready").status == 200
        except OSError:
            return False

    def tell(self, labels, annotations, starts_at, ends_at=None):
        one = {"labels": labels, "annotations": annotations,
               "startsAt": starts_at}
        if ends_at:
            one["endsAt"] = ends_at
        answer = request(self.port, "POST", "/api/v2/alerts", [one],
                         {"Content-Type": "application/json"})
        check(answer.status == 200, "Alertmanager takes the alert",
              answer.text)


def find_peer(root, *names):
    """The binary, or None after one loud line; with CI=true a failure. What
    others call it follows the name that Debian has for it."""
    for folder in (root / "build/peers/usr/bin", root / "build/peers/usr/sbin",
                   pathlib.Path("/usr/bin")):
        if (folder / names[0]).exists():
            return folder / names[0]
    for name in names:
        if on_path := shutil.which(name):
            return pathlib.Path(on_path)
    if os.environ.get("CI") == "true":
        raise Failed(f"CI has no {names[0]}")
    say(f"!!!!! SKIPPED: this machine has no {names[0]} !!!!!")
    return None


def find_alertmanager(root):
    return find_peer(root, "prometheus-alertmanager", "alertmanager")


class Stage:
    """Temporary folder and processes of one test."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-e2e-"))
        self._processes = []
        return self

    def __exit__(self, kind, error, _):
        for process in reversed(self._processes):
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        if kind is None:
            shutil.rmtree(self.folder)
        else:
            say(f"  FAILED {error}")
            say(f"  what is left of it: {self.folder}")
        return False

    def spawn(self, command, **popen):
        process = subprocess.Popen([str(word) for word in command],
                                   stdin=subprocess.DEVNULL, text=True, **popen)
        self._processes.append(process)
        return process

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, command, **environment):
        """A command line tool to its end."""
        return subprocess.run([str(word) for word in command], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=PATIENCE, check=False,
                              env={**os.environ, **environment})


TEAM = """
global: {{fold_within: 0s}}
providers:
  push: {{kind: webhook, url: "{provider}"}}
sources:
  am: {{kind: alertmanager, tokens: [{source_token}]}}
default_notification_policies: {{default: [{{notify: push}}]}}
users:
{users}
escalation_chains: {{ladder: {ladder}}}
teams:
  storage:
    members: [{members}]
    direct_paging: {{default: {{escalation_chain: ladder}}}}
route: {{name: root, team: storage}}
tokens:
  laptop: {{user: {people[0]}, role: responder, token: {api_token}}}
"""


def one_team(provider, ladder="[{notify_users: [ada]}]", people=("ada",),
             more=""):
    """A configuration of one team that pages by webhook to the stand-in's URL,
    each page at once, however many there are: its chain as YAML, its people,
    the first of whom has API_TOKEN, and what else stands in the file, behind
    the tokens."""
    users = "\n".join(
        f"  {name}: {{contact_methods: {{push: {{address: phone-of-{name}}}}}}}"
        for name in people)
    return TEAM.format(provider=provider, ladder=ladder, users=users,
                       members=", ".join(sorted(people)), people=people,
                       source_token=SOURCE_TOKEN, api_token=API_TOKEN) + more


def options(doc):
    """What the command line of every end-to-end test takes."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tocsind", required=True)
    parser.add_argument("--tocsinctl", required=True)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    return parser


def main(story):
    """Runs story() as a test: loud, and 1 when it failed."""
    try:
        story()
    except (Failed, OSError, http.client.HTTPException, KeyError,
            subprocess.TimeoutExpired) as error:
        say(f"FAILED: {type(error).__name__}: {error}")
        sys.exit(1)
    say("passed")
