"""What the checks of refunddesk-simgate share: the program on a port of its own, and a runner."""
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "refunddesk-simgate")
PATIENCE_S = 20
PENDING_MS = 700
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Simgate:
    """One running program on a port of its own."""

    def __init__(self, home, *arguments):
        self.home = home
        self.process = subprocess.Popen(
            [PROGRAM, "--home", home, "--port", "0", "--pending-ms", str(PENDING_MS), *arguments],
            stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            event = json.loads(line)
            if event["event"] == "started":
                self.port = int(event["url"].rsplit(":", 1)[1])
                break
        else:
            raise AssertionError("simgate did not start")
        # nobody reads its log after this: a thread keeps the pipe from filling up
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def call(self, method, path, body=None, headers=None, timeout=PATIENCE_S):
        """(status, body bytes); raises what http.client raises when the answer breaks."""
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def json(self, *arguments, **more):
        status, body = self.call(*arguments, **more)
        return status, json.loads(body)

    def refund(self, key, payment="pay_1", timeout=PATIENCE_S, **changes):
        body = {"amount": 100, "currency": "INR", "unique_request_id": "u-" + key,
                "gateway": "RAZORPAY"}
        body.update(changes)
        return self.call("POST", "/v1/payments/%s/refunds" % payment, body,
                         {"Idempotency-Key": key}, timeout)

    def inquire(self, key):
        return self.json("GET", "/v1/refunds/by-key/" + key)

    def fault(self, **script):
        status, body = self.json("POST", "/control/faults", script)
        assert status == 201, body

    def rows(self, unique_request_id=None):
        query = "?unique_request_id=" + unique_request_id if unique_request_id else ""
        return self.json("GET", "/control/ledger" + query)[1]

    def row(self, key):
        found = [r for r in self.rows("u-" + key)["refunds"] if r["idempotency_key"] == key]
        assert len(found) <= 1, found
        return found[0] if found else None

    def unrecorded(self, key):
        return [c for c in self.rows("u-" + key)["unrecorded"] if c["idempotency_key"] == key]

    def charge(self, txn, amount, currency="INR"):
        return self.json("POST", "/v1/payments",
                         {"txn_id": txn, "amount": amount, "currency": currency})

    def stop(self, sig=signal.SIGTERM):
        self.process.send_signal(sig)
        return self.process.wait(PATIENCE_S)


def until(what, condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def equal(got, wanted):
    assert got == wanted, "%r, expected %r" % (got, wanted)


def raises(kind, function, *arguments, **more):
    try:
        got = function(*arguments, **more)
    except kind:
        return
    raise AssertionError("no %s but %r" % (kind.__name__, got))


def code_of(answer):
    status, body = answer
    return status, json.loads(body)["error"]["code"]


def run():
    """All tests against one program; exits."""
    failed = 0
    with tempfile.TemporaryDirectory() as home:
        simgate = Simgate(home)
        for function in TESTS:
            try:
                simgate.call("DELETE", "/control/faults")
                function(simgate)
            except Exception:  # every test is told of, none stops the others
                failed += 1
                print("FAILED %s" % function.__name__)
                traceback.print_exc(file=sys.stdout)
        if simgate.stop() != 0:
            failed += 1
            print("FAILED the last stop")
    print("%d passed, %d failed" % (len(TESTS) + 1 - failed, failed))
    sys.exit(1 if failed else 0)
