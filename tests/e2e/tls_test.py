#!/usr/bin/env python3
"""TLS and users as others meet them: openssl, curl, Python, a real Alertmanager
and a real Prometheus against a daemon with --web.config.file."""

import base64
import contextlib
import http.client
import json
import signal
import socket
import ssl
import threading
import time

import harness
from harness import alert, check, say, until, webhook
from secure import LOGIN, PASSWORD, TLS, USER, USERS, Authority, Daemon, curl
from secure import s_client

CONFIG = f"""
providers: {{screen: {{kind: console}}}}
sources:
  am: {{kind: alertmanager, tokens: [{harness.SOURCE_TOKEN}]}}
users:
  ada: {{contact_methods: {{screen: {{}}}},
         notification_policies: {{default: [{{notify: screen}}]}}}}
escalation_chains: {{ladder: [{{notify_users: [ada]}}]}}
teams: {{platform: {{direct_paging: {{default: {{escalation_chain: ladder}}}}}}}}
route: {{team: platform}}
tokens:
  adas-laptop: {{user: ada, role: responder, token: {harness.API_TOKEN}}}
"""

SILENT = 500
HANDSHAKE_SECONDS = 10  # web/limits.h
LOOK_SECONDS = 10       # daemon/front_door.h


def table(stage, given, authority):
    """What a scanner would try: versions by ciphers."""
    say("versions and ciphers")
    authority.issue("rsa", rsa=True)
    web = TLS.replace("server.", "rsa.")
    ours = Daemon(stage, given, authority, web, name="strict").wait_listening()
    old = Daemon(stage, given, authority, web + "  min_version: TLS10\n",
                 name="old").wait_listening()
    any_cipher = ("-cipher", "ALL:@SECLEVEL=0")
    # (words, with the defaults, with min_version: TLS10)
    rows = [(("-tls1", *any_cipher), False, True),
            (("-tls1_1", *any_cipher), False, True),
            (("-tls1_2",), True, True), (("-tls1_3",), True, True)]
    for name, strict, lax in (
            ("ECDHE-RSA-AES128-GCM-SHA256", True, True),
            ("ECDHE-RSA-AES256-GCM-SHA384", True, True),
            ("ECDHE-RSA-CHACHA20-POLY1305", True, True),
            ("ECDHE-RSA-AES128-SHA", False, True),
            ("ECDHE-RSA-AES256-SHA384", False, True),
            ("AES128-GCM-SHA256", False, False),
            ("AES128-SHA", False, False),
            ("DHE-RSA-AES128-GCM-SHA256", False, False),
            ("ADH-AES128-GCM-SHA256", False, False),
            ("NULL-SHA256", False, False)):
        rows.append((("-tls1_2", "-cipher", name + ":@SECLEVEL=0"), strict,
                     lax))
    for name in ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                 "TLS_CHACHA20_POLY1305_SHA256"):
        rows.append((("-tls1_3", "-ciphersuites", name), True, True))
    for name, good in (("X25519", True), ("P-256", True), ("P-384", True),
                       ("P-521", True), ("X448", False)):
        rows.append((("-tls1_3", "-groups", name), good, good))
    wrong = [(words, daemon.log.name) for words, strict, lax in rows
             for daemon, good in ((ours, strict), (old, lax))
             if s_client(stage, daemon, *words) != good]
    check(not wrong, f"{2 * len(rows)} pairs of version and cipher are taken "
          "and refused as they should be", wrong)

    check(curl(stage, ours, "--tlsv1.2", "--tls-max", "1.2")[:2] == (0, 200),
          "curl over TLS 1.2")
    check(curl(stage, ours, "--tlsv1.3")[:2] == (0, 200), "curl over TLS 1.3")
    code, status, _ = curl(stage, ours, "--tlsv1.1", "--tls-max", "1.1",
                           "--ciphers", "DEFAULT:@SECLEVEL=0")
    check(code != 0 and status == 0, "curl over TLS 1.1: no connection")
    _, status, body = curl(stage, ours, scheme="http")
    check(status == 400
          and body == "Client sent an HTTP request to an HTTPS server.\n",
          "plain HTTP: a plain 400 that says what is wrong", body)
    for daemon in (ours, old):
        check(daemon.stop() == 0, "SIGTERM: exit 0")


def users(daemon):
    say("users guard what has no tokens")
    for path in ("/metrics", "/-/healthy", "/-/ready", "/", "/nosuch"):
        answer = daemon.ask(path)
        check(answer.status == 401 and answer.headers["WWW-Authenticate"]
              == 'Basic realm="tocsin"', f"{path} without a user: 401",
              answer.status)
    for path, status in (("/metrics", 200), ("/-/healthy", 200),
                         ("/-/ready", 200), ("/nosuch", 404)):
        check(daemon.get(path).status == status, f"{path} with one: {status}")
    wrong = base64.b64encode(f"{USER}:wrong".encode()).decode()
    check(daemon.ask("/metrics", headers=[("Authorization", f"Basic {wrong}")])
          .status == 401, "a wrong password: 401")
    reload = daemon.ask("/-/reload", "POST")
    check(reload.status == 401, "POST /-/reload without a user: 401")

    listing = "/api/v1/alert_groups/"
    answer = daemon.ask(listing, headers=[LOGIN])
    check(answer.status == 401 and answer.headers["WWW-Authenticate"]
          .startswith("Bearer"), "the API takes no users: 401, Bearer")
    token = [("Authorization", f"Bearer {harness.API_TOKEN}")]
    check(daemon.ask(listing, headers=token).status == 200,
          "but tokens, without any user")
    path = f"/integrations/v1/alertmanager/{harness.SOURCE_TOKEN}/"
    body = json.dumps(webhook([alert("OverTls")], "OverTls"))
    check(daemon.ask(path, "POST", body=body).status == 200,
          "so does the door of webhooks")
    check(daemon.ask("/-/healthy").headers["X-Frame-Options"] == "deny",
          "headers of http_server_config come with a 401")


def client_certificates(stage, given, ours, foreign):
    say("certificates of clients")
    web = TLS + (f"  client_ca_file: {ours.file.name}\n"
                 "  client_auth_type: RequireAndVerifyClientCert\n"
                 "  client_allowed_sans: [ada.example]\n")
    daemon = Daemon(stage, given, ours, web, name="asking").wait_listening()

    def status(certificate):
        context = ssl.create_default_context(cafile=ours.file)
        if certificate:
            context.load_cert_chain(*certificate)
        try:
            return daemon.ask("/-/healthy", context=context).status
        except OSError:
            return None

    good = ours.issue("ada", "DNS:ada.example")
    other = ours.issue("bob", "DNS:bob.example")
    wrong = foreign.issue("eve", "DNS:ada.example")
    check(status(None) is None, "none: no connection")
    check(status(wrong) is None, "of another authority: no connection")
    check(status(other) is None, "with a name not allowed: no connection")
    check(status(good) == 200, "the right one: 200")
    code, seen, _ = curl(stage, daemon, "--cert", good[0], "--key", good[1])
    check((code, seen) == (0, 200), "curl with it: 200")
    check(s_client(stage, daemon, "-tls1_2", "-cert", good[0], "-key", good[1]),
          "openssl with it, over TLS 1.2")
    check(daemon.stop() == 0, "SIGTERM: exit 0")


class Asker(threading.Thread):
    """Asks again and again, over connections that live for a few requests."""

    def __init__(self, daemon, stop):
        super().__init__()
        self.daemon_, self.stop = daemon, stop
        self.answers, self.failed, self.certificates = 0, [], []

    def run(self):
        while not self.stop.is_set():
            try:
                with contextlib.closing(self.daemon_.link()) as link:
                    link.connect()
                    self.certificates.append(link.sock.getpeercert(True))
                    for _ in range(20):
                        link.request("GET", "/-/healthy", None,
                                     dict([LOGIN]))
                        answer = harness.Answer(link.getresponse())
                        if answer.status != 200:
                            self.failed.append(answer.status)
                        self.answers += 1
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))


def certificate_now(daemon):
    with contextlib.closing(daemon.link()) as link:
        link.connect()
        return link.sock.getpeercert(True)


def renewal(stage, daemon, authority):
    say("certificates are renewed under a stream of requests")
    kept = daemon.link()
    kept.request("GET", "/-/healthy", None, dict([LOGIN]))
    check(harness.Answer(kept.getresponse()).status == 200, "a connection")
    stop = threading.Event()
    askers = [Asker(daemon, stop) for _ in range(3)]
    for asker in askers:
        asker.start()
    seen = [certificate_now(daemon)]
    try:
        for round_ in range(5):
            authority.issue("server")
            if round_ == 4:
                say("        nobody says that there is a new one")
            else:
                daemon.process.send_signal(signal.SIGHUP)
            before = seen[-1]
            until(lambda: certificate_now(daemon) != before,
                  "new connections see the new certificate",
                  patience=LOOK_SECONDS + harness.PATIENCE)
            seen.append(certificate_now(daemon))
    finally:
        stop.set()
        for asker in askers:
            asker.join()
    failed = [one for asker in askers for one in asker.failed]
    answers = sum(asker.answers for asker in askers)
    check(not failed, f"all {answers} requests are answered 200", failed[:3])
    shown = {one for asker in askers for one in asker.certificates}
    check(shown <= set(seen) and len(shown) > 3,
          f"{len(shown)} certificates were shown, each one of ours")
    kept.request("GET", "/-/healthy", None, dict([LOGIN]))
    check(harness.Answer(kept.getresponse()).status == 200,
          "the first connection still lives")
    kept.close()


def bad_files(stage, given, daemon):
    say("a faulty file never takes effect")
    good = daemon.web.read_text(encoding="utf-8")
    before = certificate_now(daemon)
    daemon.web.write_text(good + "unknown: 1\nrate_limit: {burst: -1}\n",
                          encoding="utf-8")
    answer = daemon.ask("/-/reload", "POST", [LOGIN])
    check(answer.status == 500 and "unknown" in answer.text
          and "whole number" in answer.text,
          "reload: 500 with all faults", answer.text)
    series = "tocsin_web_config_last_reload_successful"
    check(daemon.metric(series) == 0, "the metric says so")
    check(certificate_now(daemon) == before, "the old one stays")
    started = stage.run([given.tocsind, "--config.file",
                         stage.folder / "tocsin.yml", "--storage.path",
                         stage.folder / "never.db", "--web.config.file",
                         daemon.web])
    check(started.returncode == 1 and "unknown" in started.stderr
          and "whole number" in started.stderr,
          "a start with it: exit 1 with all faults", started.stderr)
    daemon.web.write_text(good, encoding="utf-8")
    until(lambda: daemon.metric(series) == 1,
          "the mended file is found without a word",
          patience=LOOK_SECONDS + harness.PATIENCE)
    lines = [line for line in daemon.log_text().splitlines()
             if "whole number" in line]
    check(len(lines) == 1, "each fault was logged once", lines)


def half_written(daemon):
    say("a file that is empty for a moment opens no door")
    good = daemon.web.read_text(encoding="utf-8")
    daemon.web.write_text("", encoding="utf-8")
    series = "tocsin_web_config_last_reload_successful"
    until(lambda: daemon.metric(series) == 0, "it is seen and not taken",
          patience=LOOK_SECONDS + harness.PATIENCE)
    check(daemon.ask("/metrics").status == 401
          and daemon.ask("/-/reload", "POST").status == 401,
          "without a user: still 401")
    daemon.web.write_text(good, encoding="utf-8")
    until(lambda: daemon.metric(series) == 1, "the whole one is taken",
          patience=LOOK_SECONDS + harness.PATIENCE)
    lines = [line for line in daemon.log_text().splitlines()
             if "last user is gone" in line]
    check(len(lines) == 1 and "level=warn" in lines[0].lower(),
          "the log has one warning", lines)


def both_or_neither(stage, daemon):
    say("one faulty file holds back both")
    main = stage.folder / "tocsin.yml"
    good, web = CONFIG, daemon.web.read_text(encoding="utf-8")

    def running():
        return [line for line in daemon.get("/metrics").text.splitlines()
                if line.startswith("tocsin_config_info")]

    before = running()
    stage.write("tocsin.yml", good.replace("adas-laptop", "adas-phone"))
    daemon.web.write_text(web + "unknown: 1\n", encoding="utf-8")
    answer = daemon.ask("/-/reload", "POST", [LOGIN])
    check(answer.status == 500 and "unknown" in answer.text
          and running() == before,
          "a fault in web.yml: 500, the old main configuration runs",
          answer.text)
    stage.write("tocsin.yml", good + "strange: 1\n")
    answer = daemon.ask("/-/reload", "POST", [LOGIN])
    check(answer.status == 500 and "unknown" in answer.text
          and "strange" in answer.text, "faults in both: the answer has both",
          answer.text)
    daemon.web.write_text("", encoding="utf-8")
    answer = daemon.ask("/-/reload", "POST", [LOGIN])
    check(answer.status == 500 and daemon.ask("/metrics").status == 401,
          "a fault in the main file: 500, the old users stay", answer.text)
    daemon.web.write_text(web, encoding="utf-8")
    stage.write("tocsin.yml", good)
    check(daemon.ask("/-/reload", "POST", [LOGIN]).status == 200,
          "both mended: 200")


def silent_crowd(daemon):
    say(f"{SILENT} clients that never end their handshake")
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    crowd = []
    try:
        for i in range(SILENT):
            link = socket.create_connection(("127.0.0.1", daemon.port))
            crowd.append(link)
            if i % 2:
                link.sendall(hello)
        slowest = 0.0
        for _ in range(50):
            begin = time.monotonic()
            if daemon.get("/-/healthy").status != 200:
                raise harness.Failed("a good client is not served")
            slowest = max(slowest, time.monotonic() - begin)
        check(slowest < 2, "hold nobody up: the slowest of 50 handshakes and "
              f"answers took {slowest * 1000:.0f} ms")
        refused = 'tocsin_http_refused_total{reason="handshake_time"}'
        until(lambda: (daemon.metric(refused) or 0) >= SILENT,
              "they are sent away",
              patience=HANDSHAKE_SECONDS + harness.PATIENCE)
        for link in crowd:
            link.settimeout(harness.PATIENCE)
            try:
                while link.recv(4096):
                    pass
            except ConnectionResetError:
                pass
        check(True, "all of them are closed after their time")
    finally:
        for link in crowd:
            link.close()


def alertmanager(stage, given, daemon, authority):
    binary = harness.find_alertmanager(given.root)
    if binary is None:
        return
    say("a real Alertmanager posts over HTTPS")
    url = f"https://localhost:{daemon.port}/api/v1/webhooks/alertmanager"
    tls = f"tls_config: {{ca_file: {authority.file}}}"
    real = harness.Alertmanager(stage, binary, f"""
route: {{receiver: both, group_wait: 0s, group_by: [alertname]}}
receivers:
  - name: both
    webhook_configs:
      - url: {url}
        http_config:
          basic_auth: {{username: am, password: {harness.SOURCE_TOKEN}}}
          {tls}
      - url: {url}
        http_config:
          authorization: {{credentials: {harness.SOURCE_TOKEN}}}
          {tls}
""")
    accepted = 'tocsin_webhooks_total{result="accepted",source="am"}'
    before = daemon.metric(accepted)
    real.tell({"alertname": "FromTheRealOne"}, {}, harness.rfc3339())
    until(lambda: daemon.metric(accepted) >= before + 2,
          "both of its webhooks are taken, by Basic and by Bearer")
    check(True, "by Basic and by Bearer")


def prometheus_scrapes(stage, given, daemon, authority):
    binary = harness.find_peer(given.root, "prometheus")
    if binary is None:
        return
    say("a real Prometheus scrapes /metrics")
    config = stage.write("prometheus.yml", f"""
scrape_configs:
  - job_name: tocsin
    scheme: https
    scrape_interval: 1s
    basic_auth: {{username: {USER}, password: {PASSWORD}}}
    tls_config: {{ca_file: {authority.file}}}
    static_configs: [{{targets: ["localhost:{daemon.port}"]}}]
""")
    port = harness.free_port()
    with open(stage.folder / "prometheus.log", "ab") as log:
        stage.spawn([binary, "--config.file", config, "--storage.tsdb.path",
                     stage.folder / "prometheus", "--web.listen-address",
                     f"127.0.0.1:{port}"], stdout=log, stderr=log)

    def up():
        try:
            answer = harness.request(port, "GET", "/api/v1/query?query=up")
        except OSError:
            return False
        if answer.status != 200:
            return False
        found = answer.json()["data"]["result"]
        return [one["value"][1] for one in found] == ["1"]

    until(up, "up is 1", patience=3 * harness.PATIENCE)
    check(True, "with TLS and a user: up is 1")


def tools(stage, given, daemon, authority):
    say("tocsinctl comes in as well")
    url = f"https://localhost:{daemon.port}"
    user = stage.write("user", f"{USER}:{PASSWORD}\n")
    token = stage.write("token", harness.API_TOKEN)
    done = stage.run([given.tocsinctl, "reload", "--url", url, "--ca-file",
                      authority.file, "--user-file", user])
    check(done.returncode == 0, "tocsinctl reload, with a user", done.stderr)
    done = stage.run([given.tocsinctl, "list", "--url", url, "--ca-file",
                      authority.file, "--token-file", token])
    check(done.returncode == 0, "tocsinctl list, with a token", done.stderr)
    done = stage.run([given.tocsinctl, "reload", "--url", url])
    check(done.returncode == 3, "an unknown authority: exit 3", done.stderr)
    done = stage.run([given.tocsinctl, "check-web-config", daemon.web])
    check(done.returncode == 0, "tocsinctl check-web-config", done.stderr)


def story(given):
    with harness.Stage() as stage:
        stage.write("tocsin.yml", CONFIG)
        ours, foreign = Authority(stage, "ours"), Authority(stage, "foreign")
        ours.issue("server")
        table(stage, given, ours)
        client_certificates(stage, given, ours, foreign)
        daemon = Daemon(stage, given, ours, TLS + USERS
                        + "http_server_config: {headers: "
                        "{X-Frame-Options: deny}}\n").wait_ready()
        users(daemon)
        alertmanager(stage, given, daemon, ours)
        prometheus_scrapes(stage, given, daemon, ours)
        tools(stage, given, daemon, ours)
        renewal(stage, daemon, ours)
        bad_files(stage, given, daemon)
        half_written(daemon)
        both_or_neither(stage, daemon)
        silent_crowd(daemon)
        check(daemon.stop() == 0, "SIGTERM: exit 0")


def main():
    given = harness.options(__doc__).parse_args()
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
