"""Endpoints as the outside has them: what each path does with a webhook is its name. And rows of
endpoints as the portal would write them."""
import base64
import ctypes
import ctypes.util
import json
import os
import socket
import sqlite3
import ssl
import subprocess
import threading
import time

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
SEAL_BYTES = 48
GIGABYTE = 1 << 30


def seal(public_hex, text):
    """crypto_box_seal to the worker's key."""
    public, text = bytes.fromhex(public_hex.strip()), text.encode()
    out = ctypes.create_string_buffer(len(text) + SEAL_BYTES)
    assert SODIUM.crypto_box_seal(out, text, ctypes.c_ulonglong(len(text)), public) == 0
    return out.raw


def new_secret():
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def add_endpoint(desk, url, events, secret=None, **more):
    """An ACTIVE endpoint of the demo's merchant: (id, secret). password, headers, old_secret are
    texts; they are sealed here."""
    with open(os.path.join(desk.home, "keys", "worker.pub")) as f:
        key = f.read()
    secret = secret or new_secret()
    headers = more.pop("headers", {})
    row = {"id": time.time_ns() >> 8, "url": url, "secret": seal(key, secret), "state": "ACTIVE",
           "created_by": "test", "created_ms": 1, "updated_ms": 1,
           "headers": json.dumps(list(headers)),
           "header_values": seal(key, json.dumps(headers)) if headers else None}
    for name in ("password", "old_secret"):
        if name in more:
            more[name] = seal(key, more[name])
    row.update(more)
    with writing(desk) as db:
        row["merchant"] = db.execute("SELECT id FROM merchants LIMIT 1").fetchone()[0]
        db.execute("INSERT INTO endpoints (%s) VALUES (%s)" % (
            ", ".join(row), ", ".join("?" * len(row))), list(row.values()))
        db.executemany("INSERT INTO endpoint_events VALUES (?, ?, ?)",
                       [(row["merchant"], name, row["id"]) for name in events])
    return row["id"], secret


class writing:
    """A transaction of the test's own, under the lock file that every writer takes."""

    def __init__(self, desk):
        self.home = desk.home

    def __enter__(self):
        import fcntl
        self.lock = open(os.path.join(self.home, "refunddesk.db-write"), "a")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.db = sqlite3.connect(os.path.join(self.home, "refunddesk.db"), timeout=30)
        self.db.execute("PRAGMA wal_autocheckpoint = 0")
        return self.db

    def __exit__(self, kind, *_):
        if kind is None:
            self.db.commit()
        self.db.close()
        self.lock.close()


class Call:
    """One webhook as it came."""

    def __init__(self, path, headers, body):
        self.at_s = time.time()
        self.path, self.headers, self.body = path, headers, body
        self.id = headers.get("webhook-id")

    @property
    def json(self):
        return json.loads(self.body)


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Call(lines[0].split(" ")[1], headers, body)


class Receiver:
    """A server on loopback, plain or with TLS; one thread for each connection."""

    def __init__(self, context=None):
        self.context = context
        self.calls = []
        self.connections = 0
        self.failures = {}  # path: how many more times it answers 500
        self.stopping = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, path, host="127.0.0.1"):
        return "%s://%s:%d/%s" % ("https" if self.context else "http", host, self.port, path)

    def of(self, path):
        """What came to a path, in order."""
        return [c for c in list(self.calls) if c.path == "/" + path]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.socket.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            call = read_request(connection)
            if call:
                self.calls.append(call)
                getattr(self, "do_" + call.path.split("/")[1])(connection, call)
        except OSError:
            pass  # it hung up on us
        finally:
            connection.close()

    # ---- what the paths do -----------------------------------------------------------------------

    def answer(self, connection, status="200 OK", body=b"", more=""):
        connection.sendall(("HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n" % (
            status, len(body), more)).encode() + body)

    def do_ok(self, connection, _):
        self.answer(connection, body=b"thank you")

    def do_flaky(self, connection, call):
        left = self.failures.get(call.path, 0)
        self.failures[call.path] = left - 1
        self.answer(connection, "500 Oops" if left > 0 else "200 OK")

    def do_fail(self, connection, _):
        self.answer(connection, "500 Oops", b"no \x00 \xff\xfe luck")

    def do_created(self, connection, _):
        self.answer(connection, "201 Created")

    def do_echo(self, connection, call):
        self.answer(connection, "500 Oops", json.dumps(call.headers).encode())

    def do_hang(self, *_):
        self.stopping.wait(60)

    def drip(self, connection, text):
        for byte in text:
            if self.stopping.wait(0.1):
                return
            connection.sendall(bytes([byte]))

    def do_driphead(self, connection, _):
        self.drip(connection, b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 10000)

    def do_dripbody(self, connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        self.drip(connection, b"b" * 10000)

    def do_redirect(self, connection, _):
        self.answer(connection, "302 Found", more="Location: %s\r\n" % self.url("landed"))

    def do_landed(self, connection, _):
        self.answer(connection)

    def do_gone(self, connection, _):
        self.answer(connection, "410 Gone")

    def do_big(self, connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % GIGABYTE)
        piece = b"c" * (1 << 20)
        for _ in range(GIGABYTE >> 20):
            connection.sendall(piece)

    def do_early(self, connection, _):
        pass


def certificates(folder):
    """A company's own authority and a certificate of localhost by it: (ca.pem, context)."""
    run = lambda *words: subprocess.run(["openssl", *words], cwd=folder, check=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Our CA",
        "-keyout", "ca.key", "-out", "ca.pem")
    run("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "server.key",
        "-out", "server.csr")
    with open(os.path.join(folder, "names"), "w") as f:
        f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    run("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "2", "-extfile", "names", "-out", "server.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "server.pem"), os.path.join(folder, "server.key"))
    return os.path.join(folder, "ca.pem"), context
