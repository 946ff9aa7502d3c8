#!/usr/bin/env python3
"""refunddesk-simgate from outside: refunds, payments, stops and kills.

Usage: check_simgate.py [PROGRAM]   (default: ./refunddesk-simgate of the build folder)
"""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True  # the source folder may be read-only

from simgate_rig import (PATIENCE_S, PENDING_MS, PROGRAM, Simgate, code_of, equal, raises, run, test,
                         until)


# ---- refunds and keys ---------------------------------------------------------------------------


@test
def a_refund_is_done_and_found_again(s):
    status, body = s.refund("done", payment="pay%2F1%3F")
    refund = json.loads(body)
    equal(status, 200)
    equal(refund["status"], "SUCCEEDED")
    equal(refund["payment_id"], "pay/1?")
    equal((refund["amount"], refund["currency"], refund["gateway"]), (100, "INR", "RAZORPAY"))
    assert refund["id"].startswith("sim_rf_") and len(refund["id"]) > 15, refund
    assert len(refund["arn"]) == 23 and refund["arn"].isdigit(), refund
    assert abs(refund["processed_at_ms"] / 1000 - time.time()) < 60, refund
    equal(s.inquire("done"), (200, refund))
    row = s.row("done")
    equal((row["id"], row["status"], row["calls"], row["inquiries"]),
          (refund["id"], "SUCCEEDED", 1, 1))


@test
def an_unknown_key_is_not_found(s):
    status, body = s.inquire("never")
    equal((status, body["error"]["code"]), (404, "NOT_FOUND"))


@test
def the_same_key_answers_the_first_row(s):
    first = s.refund("again")
    equal(s.refund("again"), first)
    equal(s.row("again")["calls"], 2)


@test
def the_same_key_for_something_else_is_refused(s):
    first = s.refund("reused")
    equal(code_of(s.refund("reused", amount=101)), (409, "KEY_REUSED"))
    equal(code_of(s.refund("reused", currency="USD")), (409, "KEY_REUSED"))
    equal(code_of(s.refund("reused", payment="pay_2")), (409, "KEY_REUSED"))
    equal(s.refund("reused"), first)
    equal(s.row("reused")["amount"], 100)


@test
def one_key_called_32_times_at_once_makes_one_refund(s):
    answers = []
    start = threading.Barrier(32)

    def call():
        start.wait()
        answers.append(s.refund("parallel"))

    threads = [threading.Thread(target=call) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(len(answers), 32)
    equal(len(set(answers)), 1)
    equal(answers[0][0], 200)
    row = s.row("parallel")
    equal(row["calls"], 32)
    equal(len(s.rows("u-parallel")["refunds"]), 1)


@test
def bad_requests_reach_no_ledger(s):
    before = s.rows()["total"]
    for amount in ("100", 1.5, 0, -1, 10**15 + 1, 10**30, True, None, [], {}):
        equal(code_of(s.refund("bad", amount=amount)), (400, "BAD_REQUEST"))
    for currency in ("XXQ", "inr", "", "RUPEE", 5, None):
        equal(code_of(s.refund("bad", currency=currency)), (400, "BAD_REQUEST"))
    for name in ("", None, 7, "x" * 256):
        equal(code_of(s.refund("bad", unique_request_id=name)), (400, "BAD_REQUEST"))
    path = "/v1/payments/pay_1/refunds"
    good = {"amount": 1, "currency": "INR", "unique_request_id": "u", "gateway": "g"}
    for body in ("", "{", "[]", "null", "x", '{"amount":1e3}', b"\xff\xfe", "{'a':1}"):
        equal(code_of(s.call("POST", path, body, {"Idempotency-Key": "bad"})), (400, "BAD_REQUEST"))
    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "k" * 256},
                    {"Idempotency-Key": b"\xc3\xa9"}):
        equal(code_of(s.call("POST", path, good, headers)), (400, "BAD_REQUEST"))
    equal(s.rows()["total"], before)


@test
def the_body_has_a_limit(s):
    limit = 64 << 10
    filler = "x" * (limit - 13)
    body = '{"filler":"%s"}' % filler
    equal(len(body), limit)
    equal(code_of(s.call("POST", "/v1/payments", body)), (400, "BAD_REQUEST"))
    equal(code_of(s.call("POST", "/v1/payments", body + " ")), (413, "TOO_LARGE"))
    chunks = (b"x" * 1000 for _ in range(1000))
    status, _ = s.call("POST", "/v1/payments", None)
    equal(status, 400)
    connection = http.client.HTTPConnection("127.0.0.1", s.port, timeout=PATIENCE_S)
    connection.request("POST", "/v1/payments", chunks, encode_chunked=True,
                       headers={"Transfer-Encoding": "chunked"})
    equal(connection.getresponse().status, 413)
    connection.close()


@test
def what_is_not_there_says_so_in_its_own_words(s):
    for method, path, wanted in (
            ("GET", "/", (404, "NO_SUCH_ROUTE")), ("GET", "/v1/refunds/by-key/", (404, "NO_SUCH_ROUTE")),
            ("POST", "/v1/refunds", (404, "NO_SUCH_ROUTE")),
            ("DELETE", "/v1/payments", (405, "METHOD_NOT_ALLOWED")),
            ("POST", "/control/ledger", (405, "METHOD_NOT_ALLOWED")),
            ("GET", "/control/ledger?after=x", (400, "BAD_REQUEST"))):
        equal(code_of(s.call(method, path)), wanted)
    equal(s.json("GET", "/healthz"), (200, {"status": "ok"}))


@test
def it_listens_on_loopback_alone(s):
    raises(ConnectionRefusedError, socket.create_connection, ("127.0.0.2", s.port), 5)


@test
def the_ledger_goes_on_after_a_row(s):
    for n in range(3):
        s.refund("page%d" % n)
    rows = s.rows()["refunds"]
    after = s.json("GET", "/control/ledger?after=%d" % rows[-2]["seq"])[1]["refunds"]
    equal([r["idempotency_key"] for r in after], ["page2"])
    equal([r["seq"] for r in rows], sorted(r["seq"] for r in rows))


# ---- payments ------------------------------------------------------------------------------------


@test
def payments_follow_the_sandbox_rule(s):
    for currency, amount, wanted in (
            ("INR", 1, "SUCCEEDED"), ("INR", 49999, "SUCCEEDED"), ("INR", 50000, "FAILED"),
            ("INR", 69999, "FAILED"), ("INR", 70000, "PENDING"), ("INR", 10**15, "PENDING"),
            ("JPY", 499, "SUCCEEDED"), ("JPY", 500, "FAILED"), ("JPY", 699, "FAILED"),
            ("JPY", 700, "PENDING"), ("KWD", 499999, "SUCCEEDED"), ("KWD", 500000, "FAILED"),
            ("KWD", 699999, "FAILED"), ("KWD", 700000, "PENDING")):
        txn = "rule-%s-%d" % (currency, amount)
        status, body = s.charge(txn, amount, currency)
        equal((status, body["status"]), (200, wanted))
        assert body["id"].startswith("sim_pay_"), body
        equal(body["resp_code"], {"SUCCEEDED": "00", "FAILED": "05", "PENDING": None}[wanted])
        equal(body["rrn"] is not None and len(body["rrn"]) == 12, wanted == "SUCCEEDED")


@test
def a_pending_payment_succeeds_later(s):
    first = s.charge("later", 70000)[1]
    until("charged", lambda: s.charge("later", 70000)[1]["status"] == "SUCCEEDED")
    last = s.json("GET", "/v1/payments/later")[1]
    equal(last["id"], first["id"])
    equal(last["created_ms"] - first["created_ms"], PENDING_MS)
    equal(last["resp_code"], "00")


@test
def a_txn_is_charged_once(s):
    first = s.charge("once", 100)
    equal(s.charge("once", 100), first)
    equal(code_of(s.call("POST", "/v1/payments",
                         {"txn_id": "once", "amount": 101, "currency": "INR"})),
          (409, "KEY_REUSED"))
    equal(s.json("GET", "/v1/payments/once"), first)
    equal(code_of(s.call("GET", "/v1/payments/nobody")), (404, "NOT_FOUND"))


# ---- starts, stops and kills -----------------------------------------------------------------------


@test
def a_refund_outlives_kill_9(s):
    with tempfile.TemporaryDirectory() as home:
        victim = Simgate(home)
        victim.fault(match={"idempotency_key": "kept"}, fault="timeout_after")
        caller = threading.Thread(
            target=lambda: raises(OSError, victim.refund, "kept"))
        caller.start()
        until("committed", lambda: victim.row("kept"))
        before = victim.row("kept")
        victim.stop(signal.SIGKILL)
        caller.join()
        heir = Simgate(home)
        try:
            equal(heir.row("kept"), before)
            equal(heir.inquire("kept")[1]["id"], before["id"])
            equal(json.loads(heir.refund("kept")[1])["id"], before["id"])
            equal(len(heir.rows()["refunds"]), 1)
        finally:
            heir.stop()


@test
def it_stops_at_once_and_finishes_what_is_in_hand(s):
    for sig in (signal.SIGTERM, signal.SIGINT):
        with tempfile.TemporaryDirectory() as home:
            one = Simgate(home)
            one.fault(match={"idempotency_key": "held"}, fault="timeout_after")
            one.fault(match={"idempotency_key": "slow"}, fault="slow_body", ms=100000)
            got = {}

            def call(key):
                try:
                    got[key] = one.refund(key)
                except http.client.RemoteDisconnected:
                    got[key] = None

            callers = [threading.Thread(target=call, args=(key,)) for key in ("held", "slow")]
            for caller in callers:
                caller.start()
            until("in hand", lambda: one.row("held") and one.row("slow"))
            start = time.monotonic()
            equal(one.stop(sig), 0)
            assert time.monotonic() - start < 4
            for caller in callers:
                caller.join()
            equal(got["held"], None)
            equal(json.loads(got["slow"][1])["status"], "SUCCEEDED")
            raises(ConnectionRefusedError, socket.create_connection, ("127.0.0.1", one.port), 5)


def start_fails(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=PATIENCE_S)
    equal(done.stdout, "")
    equal(done.stderr.count("\n"), 1)
    return done.returncode, done.stderr


@test
def bad_options_give_one_clear_line(s):
    for arguments, word in ((["--port", "x"], "--port"), (["--port", "65536"], "--port"),
                            (["--port", "-1"], "--port"), (["--port"], "--port"),
                            (["--pending-ms", "1.5"], "--pending-ms"), (["--nope"], "--nope"),
                            (["-x"], "-x"), (["stray"], "stray"),
                            (["--home", "/nonexistent"], "/nonexistent"),
                            (["--home", "/etc/hostname"], "/etc/hostname")):
        code, line = start_fails(*arguments)
        equal(code, 2)
        assert word in line, line
    with tempfile.TemporaryDirectory() as home:
        code, line = start_fails("--home", home, "--port", str(s.port))
        equal(code, 1)
        assert str(s.port) in line and "in use" in line, line
    with open(os.devnull) as nothing:
        done = subprocess.run([PROGRAM, "--help"], stdin=nothing, capture_output=True, text=True)
    equal(done.returncode, 0)
    assert "--pending-ms" in done.stdout


if __name__ == "__main__":
    run()
