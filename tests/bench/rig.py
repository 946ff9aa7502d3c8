"""What the bench measures: desks and a null program behind lighttpd, wrk in front, one disk."""
import base64
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

BUILD = os.environ.get("BUILDDIR", os.getcwd())
SOURCE = os.environ.get("SRCDIR", os.getcwd())
LIGHTTPD = os.environ.get("LIGHTTPD", "/usr/sbin/lighttpd")
TOOLS = os.path.join(BUILD, "tests", "bench")

CONNECTIONS = 32
START_S = 30
STOP_S = 40
DRAIN_S = 180
WRK_GRACE_S = 20
EPOCH_MS = 1577836800000  # of ids: src/core/id.h
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def free_ports(n):
    """Below the ports that the kernel gives to clients."""
    ports = []
    while len(ports) < n:
        port = random.randrange(15000, 32000)
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if port not in ports and s.connect_ex(("127.0.0.1", port)) != 0:
                s.bind(("127.0.0.1", port))
                ports.append(port)
    return ports


def wait_until(what, test, bound_s):
    until = time.monotonic() + bound_s
    while not test():
        if time.monotonic() > until:
            raise RuntimeError("waited %d s for %s" % (bound_s, what))
        time.sleep(0.02)


def answers(port):
    with socket.socket() as s:
        s.settimeout(2)
        try:
            s.connect(("127.0.0.1", port))
            s.sendall(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            return s.recv(5) == b"HTTP/"
        except OSError:
            return False


def id_text(value):
    return "".join(DIGITS[value >> shift & 31] for shift in range(60, -1, -5))


class Load:
    """What wrk measured in one round."""

    def __init__(self, words):
        count, self.us, self.p50_us, self.p99_us, status, sockets = map(int, words)
        self.rate = count * 1e6 / self.us
        if status or sockets or count == 0:
            raise RuntimeError("%d requests: %d refused, %d socket errors"
                               % (count, status, sockets))


class Bench:
    """One folder on the disk of the build, and all that runs in it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="bench-", dir=BUILD)
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        for server in list(self.running):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def raw_commits(self, ms):
        return float(subprocess.check_output(
            [os.path.join(TOOLS, "raw_commits"), self.path("raw.db"), str(ms)], text=True))

    def words(self, url, lines, seconds, headers, connections, name="requests"):
        requests = self.path(name)
        with open(requests, "w") as f:
            f.writelines(line + "\n" for line in lines)
        words = ["wrk", "-t1", "-c%d" % connections, "-d%ds" % seconds, "--timeout", "10s",
                 "-s", os.path.join(SOURCE, "tests", "bench", "load.lua")]
        for header in headers:
            words += ["-H", header]
        return words + [url, "--", requests]

    def load(self, url, lines, seconds, headers=(), connections=CONNECTIONS, again=True,
             pause_ms=None):
        done = subprocess.run(self.words(url, lines, seconds, headers, connections)
                              + (["again"] if again else [])
                              + ([str(pause_ms)] if pause_ms else []),
                              capture_output=True, text=True, timeout=seconds + WRK_GRACE_S)
        measured = [line.split()[1:] for line in done.stdout.splitlines()
                    if line.startswith("measured ")]
        if done.returncode != 0 or not measured:
            raise RuntimeError("wrk: " + done.stdout + done.stderr)
        return Load(measured[0])

    @contextlib.contextmanager
    def behind(self, url, lines, seconds, headers=()):
        """A load by one client beside what is measured."""
        process = subprocess.Popen(self.words(url, lines, seconds, headers, 1, "behind")
                                   + ["again"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.wait(seconds + WRK_GRACE_S)


class Server:
    """A process of ours in the foreground; SIGINT ends it."""

    def __init__(self, bench):
        self.bench, self.process = bench, None

    def spawn(self, words, ports, log, **environment):
        self.log = self.bench.path(log)
        with open(self.log, "ab") as to:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM"] + words, stdin=subprocess.DEVNULL, stdout=to,
                stderr=to, cwd=self.bench.folder, env=dict(os.environ, **environment))
        self.bench.running.append(self)
        wait_until("the start of %s:\n%s" % (words[0], self.tail()),
                   lambda: self.process.poll() is not None or all(map(answers, ports)), START_S)
        if self.process.poll() is not None:
            raise RuntimeError("%s does not start:\n%s" % (words[0], self.tail()))

    def tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()[-3000:]

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError("did not end:\n" + self.tail())
        finally:
            self.bench.running.remove(self)
            self.process = None


class Null(Server):
    """null_fcgi in the place of both programs, behind the desk's own lighttpd configuration."""

    def start(self):
        home = self.bench.path("null")
        os.makedirs(os.path.join(home, "run", "uploads"), exist_ok=True)
        ports = free_ports(2)
        self.url = "http://127.0.0.1:%d" % ports[1]
        words = {"CONF_DIR": SOURCE + "/lighttpd", "RUN_DIR": home + "/run",
                 "ERRORS_DIR": BUILD + "/lighttpd/errors", "STATIC_DIR": SOURCE + "/static",
                 "VENDOR_DIR": BUILD + "/static/vendor", "PORTAL_PORT": str(ports[0]),
                 "API_PORT": str(ports[1]), "PORTAL_COMMAND": TOOLS + "/null_fcgi",
                 "API_COMMAND": TOOLS + "/null_fcgi", "STOP_S": "5"}
        for source, name in (("refunddesk.conf.in", "lighttpd.conf"),
                             ("errors.lua.in", "errors.lua")):
            with open(os.path.join(SOURCE, "lighttpd", source)) as f:
                text = f.read()
            for word, value in words.items():
                text = text.replace("@%s@" % word, value)
            with open(os.path.join(home, "run", name), "w") as f:
                f.write(text.replace('"run/', '"%s/run/' % home))
        self.spawn([LIGHTTPD, "-D", "-f", home + "/run/lighttpd.conf"], ports, "null.log")
        return self


class Desk(Server):
    """A whole desk with n orders, as `make run` starts it."""

    def __init__(self, bench, name, n):
        super().__init__(bench)
        self.name, self.n, self.home = name, n, bench.path(name)
        self.ctl("init", "--demo")
        self.seed = json.loads(subprocess.check_output(
            [os.path.join(TOOLS, "seed"), self.home, str(n)], text=True))
        os.sync()  # what the disk still has to do is not part of what follows

    def ctl(self, *arguments):
        done = subprocess.run([os.path.join(BUILD, "refundctl"), "--home", self.home, *arguments],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError("refundctl %s: %s%s" % (arguments[0], done.stdout, done.stderr))
        return done.stdout

    def start(self, **environment):
        ports = free_ports(3)
        self.portal, self.api = ("http://127.0.0.1:%d" % port for port in ports[:2])
        self.spawn([os.path.join(BUILD, "run-instance")], ports[:2], self.name + ".log",
                   REFUNDDESK_HOME=self.home, PORTAL_PORT=str(ports[0]), API_PORT=str(ports[1]),
                   SIMGATE_PORT=str(ports[2]), **environment)
        return self

    def key(self):
        key = base64.b64encode((self.seed["api_key"] + ":").encode()).decode()
        return ["Authorization: Basic " + key]

    def cookie(self):
        return ["Cookie: refunddesk_session=" + self.seed["session"]]

    def order_id(self, i):
        return "bench-%07d" % i

    def page_after(self, i):
        """The page of the list that begins below order i."""
        at_ms = self.seed["first_ms"] + i * self.seed["step_us"] // 1000
        row = at_ms - EPOCH_MS << 22 | 6 << 16 | 2 * i & 0xffff
        return "/orders?after=%d-%s" % (at_ms, id_text(row))

    def some_orders(self, count):
        return [random.randrange(self.n) for _ in range(count)]

    def refundable(self):
        """Orders young enough, in an order of chance."""
        young = list(range(self.n // 8, self.n))
        return random.sample(young, min(len(young), 60000))

    def pid(self, program):
        """Of a program of this desk: its folder is in the arguments."""
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % entry, "rb") as f:
                    words = f.read().decode("utf-8", "replace").split("\0")
            except OSError:
                continue
            if os.path.basename(words[0]) == program and self.home in words:
                return int(entry)
        raise RuntimeError(program + " does not run")

    def private_mb(self, program):
        with open("/proc/%d/smaps_rollup" % self.pid(program)) as f:
            return sum(int(line.split()[1]) for line in f if line.startswith("Private_")) / 1024

    def select(self, statement):
        connection = sqlite3.connect("file:%s/refunddesk.db?mode=ro" % self.home, uri=True)
        try:
            return connection.execute(statement).fetchone()[0]
        finally:
            connection.close()

    def drain(self):
        """Waits until the worker has nothing left to do: seconds it took."""
        began = time.monotonic()
        wait_until("the worker", lambda: self.select("SELECT count(*) FROM jobs") == 0, DRAIN_S)
        return time.monotonic() - began
