"""What the end-to-end tests of TLS stand on: certificates made by openssl, a
daemon with --web.config.file, and clients of others."""

import base64
import contextlib
import http.client
import os
import re
import ssl

import harness
from harness import until

USER = "prometheus"
PASSWORD = "secret"
# bcrypt at cost 10.
USERS = f"""
basic_auth_users:
  {USER}: $2y$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u
"""
LOGIN = ("Authorization", "Basic "
         + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())
TLS = """
tls_server_config:
  cert_file: server.crt
  key_file: server.key
"""


class Authority:
    """Makes certificates with openssl, in a folder."""

    def __init__(self, stage, name):
        self.stage, self.name = stage, name
        self.file = stage.folder / f"{name}.crt"
        self.key = stage.folder / f"{name}.key"
        self.openssl("req", "-x509", *self.new_key(), "-keyout", self.key,
                     "-out", self.file, "-days", 2, "-subj", f"/CN={name}",
                     "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def openssl(self, *words):
        done = self.stage.run(["openssl", *words])
        if done.returncode != 0:
            raise harness.Failed(f"openssl {words[0]}: {done.stderr}")

    @staticmethod
    def new_key(rsa=False):
        kind = ("rsa:2048",) if rsa else ("ec", "-pkeyopt",
                                          "ec_paramgen_curve:prime256v1")
        return ("-nodes", "-newkey", *kind)

    def issue(self, name, sans="DNS:localhost,IP:127.0.0.1", rsa=False):
        """Certificate and key, as files that take their places at once."""
        folder = self.stage.folder
        draft = {part: folder / f"draft.{part}" for part in ("csr", "crt",
                                                             "key", "ext")}
        draft["ext"].write_text(
            f"subjectAltName={sans}\nbasicConstraints=critical,CA:FALSE\n"
            "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
            encoding="utf-8")
        self.openssl("req", *self.new_key(rsa), "-keyout", draft["key"],
                     "-out", draft["csr"], "-subj", f"/CN={name}")
        self.openssl("x509", "-req", "-in", draft["csr"], "-CA", self.file,
                     "-CAkey", self.key, "-CAcreateserial", "-days", 1,
                     "-extfile", draft["ext"], "-out", draft["crt"])
        for part in ("crt", "key"):
            os.replace(draft[part], folder / f"{name}.{part}")
        return folder / f"{name}.crt", folder / f"{name}.key"


class Daemon(harness.Tocsind):
    """tocsind behind a web configuration; asked over TLS."""

    def __init__(self, stage, given, authority, web, name="tocsind"):
        self.authority = authority
        self.web = stage.write(f"{name}.web.yml", web)
        self.context = ssl.create_default_context(cafile=authority.file)
        # What Python asks for by itself from 3.13 on.
        self.context.verify_flags |= ssl.VERIFY_X509_STRICT
        super().__init__(stage, given.tocsind, stage.folder / "tocsin.yml",
                         store=stage.folder / f"{name}.db", name=name,
                         flags=("--web.config.file", self.web))

    def wait_listening(self):
        pattern = re.compile(r'msg="?listening"? address=127\.0\.0\.1:(\d+)')

        def port():
            self.check_alive()
            return pattern.search(self.log_text())

        self.port = int(until(port, "the daemon listens")[1])
        return self

    def link(self, context=None):
        return http.client.HTTPSConnection(
            "localhost", self.port, timeout=harness.PATIENCE,
            context=context or self.context)

    def ask(self, path, method="GET", headers=(), body=None, context=None):
        with contextlib.closing(self.link(context)) as link:
            link.request(method, path, body, dict(headers))
            return harness.Answer(link.getresponse())

    def get(self, path):
        return self.ask(path, headers=[LOGIN])


def s_client(stage, daemon, *words):
    """Whether openssl gets a connection."""
    done = stage.run(["openssl", "s_client", "-connect",
                      f"127.0.0.1:{daemon.port}", "-CAfile",
                      daemon.authority.file, "-verify_return_error", *words])
    return done.returncode == 0


def curl(stage, daemon, *words, scheme="https", path="/-/healthy"):
    """(exit code, status, body)"""
    done = stage.run(["curl", "--silent", "--cacert", daemon.authority.file,
                      "--write-out", "\n%{http_code}", *words,
                      f"{scheme}://localhost:{daemon.port}{path}"])
    body, _, status = done.stdout.rpartition("\n")
    return done.returncode, int(status), body
