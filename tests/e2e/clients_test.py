#!/usr/bin/env python3
"""The company the front door keeps: curl, wrk, and nginx in front of it with
the configuration we ship, through which a real Alertmanager pages."""

import http.client
import json
import os
import re
import ssl

import harness
from harness import check, say, until

ALERTMANAGER = """
route:
  receiver: tocsin
  group_by: [alertname]
  group_wait: 100ms
  group_interval: 1s
receivers:
  - name: tocsin
    webhook_configs:
      - url: https://localhost:{port}/integrations/v1/alertmanager/{token}/
        http_config: {{tls_config: {{ca_file: {ca}, server_name: localhost}}}}
"""

# What a system's nginx.conf holds around ours; everything in one folder.
NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
{user}
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {site};
}}
"""

LARGE_ALERTS = 3000
WRK = ["-t1", "-c32", "-d2s"]


def curl(stage, *words):
    done = stage.run(["curl", "--silent", "--show-error", "--max-time", "20",
                      "--write-out", " %{http_code} %{num_connects}", *words])
    if done.returncode != 0:
        raise harness.Failed(f"curl {words}: {done.stderr}")
    return done.stdout


def large_body(name):
    alerts = [harness.alert(name, {"instance": f"db-{i}"})
              for i in range(LARGE_ALERTS)]
    return json.dumps(harness.webhook(alerts, f"{{}}:{name}"))


def with_curl(stage, given, tocsind):
    if harness.find_peer(given.root, "curl") is None:
        return
    url = f"http://127.0.0.1:{tocsind.port}"
    hook = f"{url}/integrations/v1/alertmanager/{harness.SOURCE_TOKEN}/"
    twice = curl(stage, f"{url}/-/healthy", "--next", "--silent",
                 "--write-out", " %{http_code} %{num_connects}",
                 f"{url}/-/healthy")
    check(twice.endswith(" 200 0") and " 200 1" in twice,
          "curl: two requests, one connection", twice)
    check(curl(stage, "--head", f"{url}/-/healthy").endswith("200 1"),
          "curl: HEAD")
    check(curl(stage, "--http1.0", f"{url}/-/healthy").endswith("200 1"),
          "curl: HTTP/1.0")
    body = stage.write("large.json", large_body("Large"))
    for what, words in {
            "as it is": [],
            "after 100-continue": ["--header", "Expect: 100-continue"],
            "in chunks": ["--header", "Transfer-Encoding: chunked"]}.items():
        said = curl(stage, "--data-binary", f"@{body}", *words, hook)
        check(said.endswith("200 1"),
              f"curl: a webhook of {body.stat().st_size >> 10} KB, {what}",
              said)
    refused = curl(stage, "--data-binary", f"@{body}",
                   f"{url}/integrations/v1/alertmanager/guessed/")
    check(" 401 " in refused, "curl: the same of a stranger is a 401", refused)


def with_wrk(stage, given, tocsind):
    wrk = harness.find_peer(given.root, "wrk")
    if wrk is None:
        return
    done = stage.run([wrk, *WRK, f"http://127.0.0.1:{tocsind.port}/-/healthy"])
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    check(done.returncode == 0 and rate and float(rate[1]) > 0
          and "Socket errors" not in done.stdout
          and "Non-2xx" not in done.stdout,
          "wrk: no error, no other answer than 200", done.stdout)
    say(f"        {float(rate[1]):.0f} requests a second")


def make_certificate(stage):
    chain, key = stage.folder / "chain.pem", stage.folder / "key.pem"
    done = stage.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                      "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                      "-subj", "/CN=localhost", "-addext",
                      "subjectAltName=DNS:localhost,IP:127.0.0.1",
                      "-keyout", key, "-out", chain])
    check(done.returncode == 0, "openssl makes a certificate", done.stderr)
    return chain, key


def swap(text, old, new):
    if old not in text:
        raise harness.Failed(f"examples/nginx.conf has no {old!r}")
    return text.replace(old, new)


def start_nginx(stage, given, binary, tocsind):
    """nginx with the shipped example: only addresses and files differ."""
    chain, key = make_certificate(stage)
    port, clear = harness.free_port(), harness.free_port()
    site = (given.root / "examples/nginx.conf").read_text("utf-8")
    for old, new in {
            "127.0.0.1:9876": f"127.0.0.1:{tocsind.port}",
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "listen 80;": f"listen 127.0.0.1:{clear};",
            "tocsin.example.org": "localhost",
            "/etc/ssl/tocsin/fullchain.pem": str(chain),
            "/etc/ssl/tocsin/privkey.pem": str(key)}.items():
        site = swap(site, old, new)
    folder = stage.folder / "nginx"
    folder.mkdir()
    conf = stage.write("nginx.conf", NGINX.format(
        folder=folder, site=stage.write("site.conf", site),
        user="user root;" if os.geteuid() == 0 else ""))
    with open(stage.folder / "nginx.log", "wb") as log:
        process = stage.spawn([binary, "-p", folder, "-c", conf,
                               "-e", "stderr"], stderr=log)

    def listens():
        if process.poll() is not None:
            raise harness.Failed((stage.folder / "nginx.log").read_text())
        try:
            return harness.request(clear, "GET", "/").status == 403
        except OSError:
            return False

    until(listens, "nginx listens")
    return process, port, chain


class Tls:
    """Requests through nginx, on one connection."""

    def __init__(self, port, chain):
        self.link = http.client.HTTPSConnection(
            "localhost", port, timeout=harness.PATIENCE,
            context=ssl.create_default_context(cafile=chain))

    def ask(self, method, path, body=None, headers=None):
        self.link.request(method, path, body, headers or {})
        return harness.Answer(self.link.getresponse())


def through_nginx(stage, given, tocsind, provider):
    binary = harness.find_peer(given.root, "nginx")
    if binary is None:
        return
    process, port, chain = start_nginx(stage, given, binary, tocsind)
    client = Tls(port, chain)
    hook = f"/integrations/v1/alertmanager/{harness.SOURCE_TOKEN}/"
    for i in range(50):
        if client.ask("GET", "/-/healthy").status != 200:
            raise harness.Failed(f"request {i} through nginx")
    check(True, "nginx: 50 requests on one connection")
    answer = client.ask("POST", hook, large_body("Proxied"))
    check(answer.status == 200, "nginx: a large webhook", answer.text)
    check(client.ask("POST", hook[:-1], "[]").status == 400,
          "nginx: no redirect for a missing slash")
    check(client.ask("GET", hook).status == 405, "nginx: 405 comes through")
    listed = client.ask("GET", "/api/v1/alert_groups/", None,
                        {"Authorization": harness.API_TOKEN})
    check(any(group["title"] == "Proxied"
              for group in listed.json()["results"]),
          "nginx: the list has it")
    client.link.close()
    events_through(port, chain)
    page_through(stage, given, port, chain, provider)
    process.terminate()
    process.wait(harness.PATIENCE)
    check("error" not in (stage.folder / "nginx.log").read_text(),
          "nginx has nothing to complain about",
          (stage.folder / "nginx.log").read_text())


def events_through(port, chain):
    """What has no end must not wait in the proxy for one."""
    client = Tls(port, chain)
    client.link.request("GET", "/api/v1/events/", None,
                        {"Authorization": harness.API_TOKEN})
    answer = client.link.getresponse()
    first = answer.readline()
    check(answer.status == 200 and first.strip() != b"",
          "nginx: the first event comes at once", (answer.status, first))
    answer.close()
    client.link.close()


def page_through(stage, given, port, chain, provider):
    binary = harness.find_alertmanager(given.root)
    if binary is None:
        return
    source = harness.Alertmanager(stage, binary, ALERTMANAGER.format(
        port=port, token=harness.SOURCE_TOKEN, ca=chain))
    source.tell({"alertname": "BehindNginx"}, {}, harness.rfc3339())
    until(lambda: any(body["alert_group"]["title"] == "BehindNginx"
                      for _, body in provider.pages()),
          "Alertmanager's alert, over TLS and nginx, is paged")
    check(True, "a real Alertmanager pages through nginx")


def story(given):
    with harness.Stage() as stage:
        provider = harness.StandIn(stage)
        config = stage.write("tocsin.yml", harness.one_team(provider.url))
        tocsind = harness.Tocsind(stage, given.tocsind, config,
                                  stage.folder / "tocsin.db").wait_ready()
        with_curl(stage, given, tocsind)
        with_wrk(stage, given, tocsind)
        through_nginx(stage, given, tocsind, provider)
        check(tocsind.stop() == 0, "SIGTERM: exit code 0")


def main():
    given = harness.options(__doc__).parse_args()
    say("clients: curl, wrk, nginx, Alertmanager through nginx")
    harness.main(lambda: story(given))


if __name__ == "__main__":
    main()
