"""A worker with an instance of its own and a mail server that does as it is told. Rows of mails are
put in while no worker runs, and looked at through a connection that only reads."""
import base64
import json
import os
import queue
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

from cases import build_folder, equal, wait_until

BASE = tempfile.mkdtemp(prefix="mails-")
TEMPLATES = os.path.join(BASE, "templates")
WORKER = os.path.join(build_folder(), "refunddesk-worker")
CRASH_WORKER = os.path.join(build_folder(), "tests", "torture", "refunddesk-worker-crash")
CREATED_MS = int(time.time()) * 1000 - 3600000
QUICK = {"retry_first_ms": "50ms", "retry_max_ms": "200ms", "give_up_ms": "30d",
         "timeout_ms": "20s", "lease_ms": "21s", "pace_ms": "0ms"}
PASSWORD = "s3cret word"


def make_templates():
    """Those of the tree, and the kind "probe", which says its facts and nothing else."""
    shutil.copytree(os.path.join(TOP, "templates"), TEMPLATES)
    with open(os.path.join(TEMPLATES, "mail", "probe.txt.cs"), "w") as f:
        f.write("<?cs var:subject ?>\n\n<?cs each:l = lines ?><?cs var:l.text ?>\n<?cs /each ?>")
    with open(os.path.join(TEMPLATES, "mail", "probe.html.cs"), "w") as f:
        f.write("<h1><?cs var:mail.subject ?></h1><?cs each:l = lines ?>"
                "<p><?cs var:l.text ?></p><?cs /each ?>")


def python_with_aiosmtpd():
    """Debian's own, where another one comes first in the path."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import aiosmtpd"], stderr=subprocess.DEVNULL).returncode == 0:
            return python
    raise AssertionError("python3-aiosmtpd is missing: apt-get install python3-aiosmtpd")


class Server:
    def __init__(self, **told):
        self.lines = queue.Queue()
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", python_with_aiosmtpd(),
             os.path.join(HERE, "smtp.py"), json.dumps(told)], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self.listen, daemon=True).start()
        self.port = self.next()["port"]

    def listen(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next(self):
        said = self.lines.get(timeout=30)
        if "message" in said:
            said["message"] = base64.b64decode(said["message"])
        return said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class Desk:
    """One merchant, no worker yet."""
    count = 0

    def __init__(self, **mail):
        Desk.count += 1
        self.home = os.path.join(BASE, "home%d" % Desk.count)
        self.log_path = self.home + ".log"
        self.worker = None
        self.ids = 0
        for words in (["init"], ["merchant", "add", "acme", "--time-zone", "Asia/Kolkata",
                                 "--locale", "en_IN"]):
            self.ctl(*words)
        self.configure(**mail)

    def ctl(self, *words):
        subprocess.run([os.path.join(build_folder(), "refundctl"), "--home", self.home, *words],
                       check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def configure(self, **mail):
        with open(os.path.join(self.home, "refunddesk.conf"), "w") as f:
            f.write("[worker]\npoll_ms = 50ms\n[web]\nportal_url = https://desk.example/\n[mail]\n")
            f.writelines("%s = %s\n" % s for s in {**QUICK, **mail}.items())

    def server(self, **told):
        """A server, and the settings for it, without TLS."""
        server = Server(**told)
        self.configure(host="127.0.0.1", port=server.port, tls="none")
        return server

    def put(self, address="a@b.example", kind="probe", occasion=None, facts=None):
        assert self.worker is None
        self.ids += 1
        db = sqlite3.connect(self.home + "/refunddesk.db")
        db.execute("PRAGMA synchronous = OFF")
        with db:
            db.execute("INSERT INTO mails (id, merchant, kind, occasion, address, facts, state,"
                       " due_ms, created_ms) SELECT ?, m.id, ?, ?, ?, ?, 'WAITING', 1, ?"
                       " FROM merchants m",
                       (self.ids, kind, occasion or "probe/%d" % self.ids, address,
                        json.dumps(facts or {"subject": "S"}), CREATED_MS))
        db.close()
        return self.ids

    def mail(self, row):
        db = sqlite3.connect("file:%s/refunddesk.db?mode=ro" % self.home, uri=True)
        db.row_factory = sqlite3.Row
        try:
            return dict(db.execute("SELECT * FROM mails WHERE id = ?", (row,)).fetchone())
        finally:
            db.close()

    def mails(self):
        """The ids of all."""
        db = sqlite3.connect("file:%s/refunddesk.db?mode=ro" % self.home, uri=True)
        try:
            return [row[0] for row in db.execute("SELECT id FROM mails")]
        finally:
            db.close()

    def await_state(self, row, state):
        wait_until(lambda: "mail %r, log: %s" % (self.mail(row), self.log()),
                   lambda: self.mail(row)["state"] == state)
        return self.mail(row)

    def await_attempts(self, row, n):
        wait_until(lambda: "attempts of %r" % self.mail(row),
                   lambda: self.mail(row)["attempts"] >= n)
        return self.mail(row)

    def log(self):
        with open(self.log_path) as f:
            return f.read()

    def start(self, crash=None):
        environment = dict(os.environ, REFUNDDESK_WEB_TEMPLATES_DIR=TEMPLATES,
                           REFUNDDESK_CRASH=crash or "")
        with open(self.log_path, "a") as log:
            self.log_from = log.tell()
            self.worker = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", CRASH_WORKER if crash else WORKER, "--home",
                 self.home], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self):
        worker, self.worker = self.worker, None
        wait_until("the worker to start", lambda: worker.poll() is not None or
                   '"started"' in self.log()[self.log_from:])
        if worker.poll() is None:
            worker.send_signal(signal.SIGTERM)
        equal(worker.wait(30), 0, "the worker's end: " + self.log())

    def crash(self, point):
        self.start(crash=point)
        worker, self.worker = self.worker, None
        equal(worker.wait(30), -signal.SIGKILL, "the end of the worker at " + point)

    def refusal(self):
        """What a worker says that does not start."""
        self.start()
        worker, self.worker = self.worker, None
        try:
            assert worker.wait(30) != 0, "it started"
        finally:
            worker.kill()
        return self.log()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.worker:
            self.worker.kill()
            self.worker.wait()

    def sent(self, row):
        """The bytes of the file that a mail became."""
        said = self.await_state(row, "SENT")["said"]
        assert said.startswith("written to " + self.home + "/mail/"), said
        with open(said[len("written to "):], "rb") as f:
            return f.read()


def make_certificates():
    """{name: path}: a CA, a server's certificate by it for localhost, and another CA."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, cwd=BASE)
    for ca in ("ca", "stranger"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
                "/CN=" + ca, "-keyout", ca + ".key", "-out", ca + ".pem")
    with open(os.path.join(BASE, "names"), "w") as f:
        f.write("subjectAltName=DNS:localhost\n")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout",
            "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "30", "-extfile", "names", "-out", "server.pem")
    return {n: os.path.join(BASE, n) for n in ("ca.pem", "stranger.pem", "server.pem", "server.key")}


def clean_up():
    shutil.rmtree(BASE)
