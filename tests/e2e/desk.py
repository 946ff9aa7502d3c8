"""A whole desk in a temporary folder: `make run`'s own supervisor on free ports.

    with Desk() as desk:
        desk.api.create(…)

It ends with a proof that nothing is left behind."""
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from cases import PATIENCE_S, build_folder, wait_until
from clients import Api, Simgate

START_S = 60
STOP_S = 60
SPOILT = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "CHECK failed", "was killed by")

# Nothing waits long; each time is still longer than what it must be longer than.
QUICK = {
    "lease_ms": "2500ms",
    "poll_ms": "100ms",
    "connect_timeout_ms": "1s",
    "request_timeout_ms": "1s",
    "retry_first_ms": "100ms",
    "retry_max_ms": "400ms",
    "inquire_first_ms": "100ms",
    "inquire_max_ms": "400ms",
    "absent_after_ms": "2s",
}


def free_ports(n):
    """Below the ports that the kernel gives to clients, so that none of those takes one."""
    ports = []
    while len(ports) < n:
        port = random.randrange(15000, 32000)
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


def cmdline(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as f:
            return f.read().replace(b"\0", b" ").decode("utf-8", "replace").strip()
    except OSError:
        return ""


def is_gone(pid):
    """No process, or one that only its parent has not heard of yet."""
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


class Desk:
    def __init__(self, programs=None, **settings):
        self.programs = programs or build_folder()
        # No space in the path: lighttpd's command lines cannot carry one.
        self.home = tempfile.mkdtemp(prefix="refunddesk-", dir="/tmp") + "/var"
        self.settings = dict(QUICK, **settings)
        self.supervisor = None
        self.log_path = os.path.join(os.path.dirname(self.home), "log")
        self.names = 0

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.destroy()
            raise
        return self

    def __exit__(self, kind, value, trace):
        try:
            if self.supervisor:
                self.stop()
            self.check_left_behind()
            self.check_log()
        finally:
            self.destroy()

    # ---- starting and stopping -------------------------------------------------------------------

    def environment(self, ports):
        return dict(os.environ, REFUNDDESK_HOME=self.home, PORTAL_PORT=str(ports[0]),
                    API_PORT=str(ports[1]), SIMGATE_PORT=str(ports[2]))

    def write_configuration(self):
        os.makedirs(self.home, mode=0o700, exist_ok=True)
        with open(os.path.join(self.home, "refunddesk.conf"), "w") as f:
            f.write("[worker]\n")
            f.writelines("%s = %s\n" % setting for setting in self.settings.items())

    def spawn(self):
        """Starts the supervisor, whose end comes with ours at the latest."""
        self.write_configuration()
        self.ports = free_ports(3)
        self.log_from = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        with open(self.log_path, "ab") as log:
            self.supervisor = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", os.path.join(self.programs, "run-instance")],
                env=self.environment(self.ports), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)

    def start(self):
        """Serves when it returns."""
        for _ in range(5):
            self.spawn()
            wait_until(lambda: "the desk to serve:\n" + self.log_tail(),
                       lambda: self.supervisor.poll() is not None or
                       "Ctrl-C ends it." in self.log_since(), START_S)
            if self.supervisor.poll() is None:
                break
            if "is taken" not in self.log_since():
                raise AssertionError("the desk does not start:\n" + self.log_tail())
        self.portal_port, self.api_port, self.simgate_port = self.ports
        with open(os.path.join(self.home, "demo", "credentials.json")) as f:
            self.credentials = json.load(f)
        self.api = Api(self.api_port, self.credentials["api_key"], self.credentials["merchant_id"])
        self.simgate = Simgate(self.simgate_port)

    def stop(self, sig=signal.SIGINT):
        """As a terminal does it: the whole process group gets the signal. Nothing runs when it
        returns."""
        supervisor, self.supervisor = self.supervisor, None
        os.killpg(supervisor.pid, sig)
        try:
            status = supervisor.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise AssertionError("the desk did not end:\n" + self.log_tail())
        assert status == 0, "run-instance ended with %d:\n%s" % (status, self.log_tail())

    def restart(self, merchant, gateways=None, more=None, **settings):
        """Again, with the merchant's row, the gateways' and the settings changed, and `more`,
        statements of its own; nobody else has the database meanwhile."""
        self.stop()
        connection = sqlite3.connect(os.path.join(self.home, "refunddesk.db"))
        connection.execute("UPDATE merchants SET " + merchant)
        if gateways:
            connection.execute("UPDATE gateways SET " + gateways)
        if more:
            connection.executescript(more)
        connection.commit()
        connection.close()
        self.settings.update(settings)
        self.start()

    def kill_all(self):
        """kill -9 of everything, the supervisor first, so that it starts nothing again."""
        if self.supervisor:
            self.supervisor.kill()
            self.supervisor.wait()
            self.supervisor = None
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        wait_until("killed processes to be gone", lambda: not self.processes())

    def destroy(self):
        self.kill_all()
        shutil.rmtree(os.path.dirname(self.home), ignore_errors=True)

    # ---- what runs -------------------------------------------------------------------------------

    def processes(self, name=""):
        """{pid: command line} of what belongs to this instance: its folder is in their arguments."""
        found = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit() and int(entry) != os.getpid():
                words = cmdline(int(entry))
                if self.home in words and name in words and not is_gone(int(entry)):
                    found[int(entry)] = words
        return found

    def pid(self, name):
        pids = list(self.processes("/" + name))
        assert len(pids) == 1, (name, self.processes())
        return pids[0]

    def kill(self, name):
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        wait_until("the end of " + name, lambda: is_gone(pid))

    def check_left_behind(self):
        assert not self.processes(), self.processes()
        run = os.path.join(self.home, "run")
        left = [f for f in os.listdir(run) if ".sock" in f] if os.path.isdir(run) else []
        assert not left, left
        for port in self.ports:
            with socket.socket() as s:
                assert s.connect_ex(("127.0.0.1", port)) != 0, "port %d still answers" % port

    # ---- the log ---------------------------------------------------------------------------------

    def log_since(self):
        """The log since the last start."""
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            f.seek(self.log_from)
            return f.read()

    def log_tail(self):
        return self.log_since()[-4000:]

    def check_log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            text = f.read()
        for word in SPOILT:
            assert word not in text, text[max(0, text.index(word) - 500):][:3000]

    # ---- looking inside --------------------------------------------------------------------------

    def select(self, statement, *arguments, database="refunddesk.db"):
        """Rows as dicts, by a connection that cannot write."""
        path = os.path.join(self.home, database)
        connection = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=PATIENCE_S)
        try:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(statement, arguments)]
        finally:
            connection.close()

    def one(self, statement, *arguments, **more):
        rows = self.select(statement, *arguments, **more)
        assert len(rows) == 1, (statement, arguments, rows)
        return rows[0]

    def refund(self, unique_request_id):
        return self.one("SELECT * FROM refunds WHERE unique_request_id = ?", unique_request_id)

    def txn(self, order_id):
        return self.one("SELECT t.* FROM txns t JOIN orders o ON o.kept_txn = t.id"
                        " WHERE o.order_id = ?", order_id)

    def ledger(self, unique_request_id):
        """The simulator's rows of that refund, from its database: it need not run."""
        return self.select("SELECT r.*, c.refunds AS calls, c.inquiries FROM refunds r"
                           " JOIN calls c ON c.idempotency_key = r.idempotency_key"
                           " WHERE r.unique_request_id = ?", unique_request_id,
                           database="simgate.db")

    def calls(self, unique_request_id):
        """How often the simulator was asked to make that refund, whatever came of it."""
        return self.one("SELECT coalesce(sum(refunds), 0) AS n FROM calls"
                        " WHERE unique_request_id = ?", unique_request_id,
                        database="simgate.db")["n"]

    # ---- doing -----------------------------------------------------------------------------------

    def ctl(self, *arguments, stdin=""):
        done = subprocess.run([os.path.join(self.programs, "refundctl"), "--home", self.home,
                               *arguments], input=stdin, capture_output=True, text=True,
                              timeout=START_S)
        assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def fsck(self):
        text = self.ctl("fsck")
        assert text.startswith("all is well"), text

    def name(self, kind):
        """A name that no other case of this instance has."""
        self.names += 1
        return "%s%d-%d" % (kind, self.names, int(time.time() * 1000) % 10**9)

    def charged_order(self, amount="400", **fields):
        """The id of a new order that is paid."""
        order_id = self.name("order")
        answer = self.api.create(order_id, amount, **fields)
        assert answer.status == 200, answer
        wait_until("%s to be charged" % order_id,
                   lambda: self.api.order(order_id).json["status"] == "CHARGED")
        return order_id

    def ended(self, unique_request_id, bound_s=PATIENCE_S):
        """The refund once it is neither pending nor under way."""
        return wait_until(lambda: "the end of refund %r" % self.refund(unique_request_id),
                          lambda: (lambda r: r if r["status"] != "PENDING" else None)(
                              self.refund(unique_request_id)), bound_s)


def interrupt(*_):
    """A test that is told to end cleans up."""
    sys.exit(143)


signal.signal(signal.SIGTERM, interrupt)
