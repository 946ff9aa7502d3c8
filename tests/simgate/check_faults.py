#!/usr/bin/env python3
"""refunddesk-simgate's faults from outside: what the client sees, what the ledger holds.

Usage: check_faults.py [PROGRAM]   (default: ./refunddesk-simgate of the build folder)
"""
import http.client
import json
import os
import socket
import sys
import time

sys.dont_write_bytecode = True  # the source folder may be read-only

from simgate_rig import (code_of, equal, raises, run, test, until)


# ---- faults: what the client sees, and what the ledger holds --------------------------------------


@test
def refuse_is_a_no_for_ever(s):
    s.fault(match={"unique_request_id": "u-refuse"}, fault="refuse", code="CARD_CLOSED",
            message="The card is closed.")
    first = s.refund("refuse")
    equal(first[0], 400)
    equal(json.loads(first[1]), {"error": {"code": "CARD_CLOSED", "message": "The card is closed."}})
    equal(s.refund("refuse"), first)
    status, body = s.inquire("refuse")
    equal((status, body["status"], body["arn"]), (200, "FAILED", None))
    equal(body["error"]["code"], "CARD_CLOSED")
    equal(s.row("refuse")["status"], "FAILED")


def not_recorded(s, key):
    equal(s.row(key), None)
    equal(s.unrecorded(key)[0]["calls"], 1)
    equal(s.inquire(key)[0], 404)


def recorded(s, key):
    equal((s.row(key)["status"], s.row(key)["calls"]), ("SUCCEEDED", 1))
    equal(s.inquire(key)[1]["status"], "SUCCEEDED")


@test
def timeouts_hold_the_connection_and_never_answer(s):
    for fault, check in (("timeout_before", not_recorded), ("timeout_after", recorded)):
        s.fault(match={"idempotency_key": fault}, fault=fault, ms=500)
        start = time.monotonic()
        raises(http.client.RemoteDisconnected, s.refund, fault)
        assert time.monotonic() - start >= 0.5
        check(s, fault)


@test
def a_timeout_ends_when_the_client_gives_up(s):
    def threads():
        return len(os.listdir("/proc/%d/task" % s.process.pid))

    s.call("GET", "/healthz")
    until("idle", lambda: threads() <= 3)
    idle = threads()
    s.fault(match={"idempotency_key": "patience"}, fault="timeout_after")
    raises(socket.timeout, s.refund, "patience", timeout=0.5)
    until("committed", lambda: s.row("patience"))
    until("the thread of a client that left", lambda: threads() <= idle)
    recorded(s, "patience")


@test
def resets_are_real_ones(s):
    for fault, check in (("reset_before", not_recorded), ("reset_after", recorded)):
        s.fault(match={"idempotency_key": fault}, fault=fault)
        try:
            got = s.refund(fault)
        except http.client.RemoteDisconnected as closed:
            raise AssertionError("closed in order, not reset") from closed
        except ConnectionResetError:
            got = None
        equal(got, None)
        check(s, fault)


@test
def errors_500_say_nothing_of_the_deed(s):
    for fault, check in (("error_500_before", not_recorded), ("error_500_after", recorded)):
        s.fault(match={"idempotency_key": fault}, fault=fault)
        equal(code_of(s.refund(fault)), (500, "INTERNAL"))
        check(s, fault)


@test
def refusals_before_the_deed_leave_no_row(s):
    for fault, wanted in (("conflict_409", (409, "KEY_IN_PROGRESS")),
                          ("low_balance", (402, "BALANCE_TOO_LOW")),
                          ("rate_limited", (429, "RATE_LIMITED"))):
        s.fault(match={"idempotency_key": fault}, fault=fault)
        equal(code_of(s.refund(fault)), wanted)
        not_recorded(s, fault)
        equal(s.refund(fault)[0], 200)
        equal(s.row(fault)["calls"], 2)


@test
def truncated_json_is_a_whole_answer_of_half_a_body(s):
    s.fault(match={"payment_id": "pay_cut"}, fault="truncated_json")
    status, body = s.refund("cut", payment="pay_cut")
    equal(status, 200)
    raises(ValueError, json.loads, body)
    assert body.startswith(b'{"id":"sim_rf_'), body
    recorded(s, "cut")


@test
def a_slow_body_comes_whole(s):
    s.fault(match={"idempotency_key": "slow"}, fault="slow_body", ms=600)
    start = time.monotonic()
    status, body = s.refund("slow")
    assert time.monotonic() - start >= 0.5
    equal((status, json.loads(body)["status"]), (200, "SUCCEEDED"))
    recorded(s, "slow")


@test
def pending_settles_by_itself(s):
    s.fault(match={"idempotency_key": "wait"}, fault="pending", ms=100000)
    body = json.loads(s.refund("wait")[1])
    equal((body["status"], body["arn"], body["processed_at_ms"], body["error"]),
          ("PENDING", None, None, None))
    equal(s.inquire("wait")[1]["status"], "PENDING")
    equal((s.row("wait")["status"], s.row("wait")["calls"]), ("PENDING", 1))
    equal(s.row("wait")["settles_ms"] - s.row("wait")["created_ms"], 100000)
    s.fault(match={"idempotency_key": "soon"}, fault="pending", ms=200)
    s.fault(match={"idempotency_key": "soonfail"}, fault="pending", ms=200, code="CLOSED")
    s.refund("soon")
    s.refund("soonfail")
    until("settled", lambda: s.inquire("soon")[1]["status"] == "SUCCEEDED")
    until("settled", lambda: s.inquire("soonfail")[1]["status"] == "FAILED")
    equal(s.inquire("soonfail")[1]["error"]["code"], "CLOSED")
    equal(len(s.inquire("soon")[1]["arn"]), 23)


@test
def inquiries_fail_too(s):
    s.refund("asked")
    for fault, wanted in (("refuse", 400), ("conflict_409", 409), ("rate_limited", 429),
                          ("error_500_after", 500), ("low_balance", 402)):
        s.fault(match={"operation": "inquire", "unique_request_id": "u-asked"}, fault=fault)
        equal(s.inquire("asked")[0], wanted)
    s.fault(match={"operation": "inquire", "payment_id": "pay_1"}, fault="pending")
    equal(s.inquire("asked")[1]["status"], "PENDING")
    s.fault(match={"operation": "inquire", "idempotency_key": "asked"}, fault="reset_before")
    raises(ConnectionResetError, s.inquire, "asked")
    s.fault(match={"operation": "inquire", "idempotency_key": "asked"}, fault="truncated_json")
    raises(ValueError, s.inquire, "asked")
    equal(s.inquire("asked")[1]["status"], "SUCCEEDED")
    equal(s.row("asked")["inquiries"], 9)


@test
def a_fault_hits_only_whom_it_names_and_as_often(s):
    s.fault(match={"idempotency_key": "named", "operation": "refund"}, fault="rate_limited", times=2)
    equal(s.refund("other")[0], 200)
    equal(s.inquire("named")[0], 404)
    equal([s.refund("named")[0] for _ in range(3)], [429, 429, 200])
    s.fault(match={"unique_request_id": "u-a", "payment_id": "pay_9"}, fault="rate_limited")
    equal(s.refund("a")[0], 200)
    equal(s.refund("a", payment="pay_9")[0], 429)


@test
def faults_are_listed_and_cleared(s):
    s.fault(match={"txn_id": "t", "operation": "charge"}, fault="slow_body", times=3)
    equal(s.json("GET", "/control/faults")[1],
          {"faults": [{"match": {"txn_id": "t", "operation": "charge"}, "fault": "slow_body",
                       "times": 3, "ms": 3000}]})
    s.fault(fault="refuse")
    equal(s.json("DELETE", "/control/faults"), (200, {"removed": 2}))
    equal(s.json("GET", "/control/faults")[1], {"faults": []})
    equal(s.refund("cleared")[0], 200)


@test
def a_misspelled_script_is_refused(s):
    good = {"match": {"operation": "refund"}, "fault": "refuse"}
    for change in ({"fault": "nap"}, {"fault": None}, {"fault": 5}, {"match": 1}, {"match": [1]},
                   {"match": {"operation": "dance"}}, {"match": {"urid": "x"}},
                   {"match": {"payment_id": ""}}, {"match": {"payment_id": 5}},
                   {"match": {"payment_id": "x" * 256}}, {"times": 0}, {"times": -1},
                   {"times": "2"}, {"times": 1.5}, {"ms": 0}, {"ms": 120001}, {"time": 2},
                   {"code": "x" * 256}):
        equal(code_of(s.call("POST", "/control/faults", dict(good, **change))),
              (400, "BAD_REQUEST"))
    for body in ("", "[]", "null", "{}", "{"):
        equal(code_of(s.call("POST", "/control/faults", body)), (400, "BAD_REQUEST"))
    equal(s.json("GET", "/control/faults")[1], {"faults": []})


@test
def faults_have_a_limit(s):
    for _ in range(256):
        s.fault(match={"txn_id": "nobody"}, fault="refuse")
    equal(code_of(s.call("POST", "/control/faults", {"fault": "refuse"})), (400, "TOO_MANY"))
    equal(s.json("DELETE", "/control/faults")[1]["removed"], 256)


@test
def charges_fail_on_demand(s):
    s.fault(match={"operation": "charge", "txn_id": "c1"}, fault="refuse", code="51")
    equal(s.charge("c1", 100)[1]["resp_code"], "51")
    equal(s.charge("c1", 100)[1]["status"], "FAILED")
    s.fault(match={"txn_id": "c2"}, fault="reset_before")
    raises(ConnectionResetError, s.charge, "c2", 100)
    equal(s.json("GET", "/v1/payments/c2")[0], 404)
    s.fault(match={"txn_id": "c2"}, fault="reset_after")
    raises(ConnectionResetError, s.charge, "c2", 100)
    equal(s.json("GET", "/v1/payments/c2")[1]["status"], "SUCCEEDED")
    s.fault(match={"operation": "payment"}, fault="error_500_before")
    equal(s.json("GET", "/v1/payments/c2")[0], 500)


if __name__ == "__main__":
    run()
