#!/usr/bin/env python3
"""refunddesk-simgate from outside: payouts, instant refunds and the parts of a split.

Usage: check_payouts.py [PROGRAM]   (default: ./refunddesk-simgate of the build folder)
"""
import json
import os
import sqlite3
import sys
import tempfile
import threading

sys.dont_write_bytecode = True  # the source folder may be read-only

from simgate_rig import Simgate, code_of, equal, run, test

ACCOUNT = "00123456787581"
BANK = {"type": "BANK_TRANSFER", "transfer_type": "LOCAL", "payout_mode": "FAST",
        "details": {"first_name": "Asha", "last_name": "Rao", "account": ACCOUNT,
                    "bank_code": "HDFC"}}


def payout(s, key, beneficiary=BANK, **changes):
    body = {"amount": 100, "currency": "INR", "unique_request_id": "u-" + key,
            "gateway": "AIRWALLEX", "reference_id": "bus", "beneficiary": beneficiary}
    body.update(changes)
    return s.call("POST", "/v1/payouts", body, {"Idempotency-Key": key})


def ask(s, key):
    return s.json("GET", "/v1/payouts/by-key/" + key)


@test
def a_payout_is_done_and_found_again(s):
    for gateway in ("AIRWALLEX", "2C2P", "ANY_OTHER"):
        key = "po-" + gateway
        status, body = payout(s, key, gateway=gateway)
        done = json.loads(body)
        equal((status, done["object"], done["status"]), (200, "payout", "SUCCEEDED"))
        assert done["id"].startswith("sim_po_") and len(done["arn"]) == 23, done
        equal(done["beneficiary"], {"type": "BANK_TRANSFER", "account": "****7581",
                                    "transfer_type": "LOCAL", "payout_mode": "FAST"})
        equal((done["reference_id"], done["gateway"]), ("bus", gateway))
        equal(ask(s, key), (200, done))
        equal(s.inquire(key)[0], 404)
        row = s.row(key)
        equal((row["operation"], row["calls"], row["inquiries"]), ("PAYOUT", 1, 2))
        equal(row["beneficiary"]["account"], "****7581")


@test
def every_type_names_its_account(s):
    for kind, details, shown in (
            ("ACCOUNT_IFSC", {"name": "A", "account": "12345", "ifsc": "HDFC0000001"}, "****2345"),
            ("UPI_ID", {"name": "A", "vpa": "asha.rao@upi"}, "****@upi"),
            ("ACCOUNT_IFSC", {"account": "123"}, "****")):
        key = "type-" + shown + kind
        body = json.loads(payout(s, key, {"type": kind, "details": details})[1])
        equal(body["beneficiary"]["account"], shown)


@test
def a_payout_without_an_account_is_refused(s):
    before = s.rows()["total"]
    for bad in (None, 1, "x", [], {}, {"type": "BANK_TRANSFER"}, {"type": "CASH", "details": {}},
                {"type": "UPI_ID", "details": {"account": "1"}},
                {"type": "UPI_ID", "details": {"vpa": 7}},
                {"type": "UPI_ID", "details": {"vpa": ""}},
                {"type": "UPI_ID", "details": ["vpa"]},
                {"type": "UPI_ID", "details": {"vpa": "x" * 256}},
                {"type": ["UPI_ID"], "details": {"vpa": "x"}}):
        equal(code_of(payout(s, "bad", bad)), (400, "BAD_REQUEST"))
    for body in ("", "{", "[]", "null"):
        equal(code_of(s.call("POST", "/v1/payouts", body, {"Idempotency-Key": "bad"})),
              (400, "BAD_REQUEST"))
    equal(code_of(s.call("POST", "/v1/payouts", {"amount": 1})), (400, "BAD_REQUEST"))
    equal(code_of(payout(s, "k" * 256)), (400, "BAD_REQUEST"))
    equal(s.rows()["total"], before)


@test
def one_key_pays_out_once(s):
    answers = []
    start = threading.Barrier(16)

    def call():
        start.wait()
        answers.append(payout(s, "once"))

    threads = [threading.Thread(target=call) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal((len(answers), len(set(answers))), (16, 1))
    equal(s.row("once")["calls"], 16)
    other = dict(BANK, details=dict(BANK["details"], account="99"))
    for change in ({"amount": 101}, {"currency": "USD"}, {"reference_id": "train"},
                   {"beneficiary": other}, {"parts": [{"sub_mid": None, "amount": 100}]}):
        equal(code_of(payout(s, "once", **change)), (409, "KEY_REUSED"))
    equal(code_of(s.refund("once")), (409, "KEY_REUSED"))
    equal(payout(s, "once"), answers[0])


@test
def faults_hit_payouts_by_their_own_name(s):
    s.fault(match={"operation": "refund", "unique_request_id": "u-named"}, fault="low_balance")
    equal(payout(s, "named")[0], 200)
    s.fault(match={"operation": "payout", "unique_request_id": "u-named2"}, fault="refuse",
            code="ACCOUNT_CLOSED", message="The account is closed.")
    equal(s.refund("named2x", unique_request_id="u-named2")[0], 200)
    first = payout(s, "named2")
    equal(code_of(first), (400, "ACCOUNT_CLOSED"))
    equal(payout(s, "named2"), first)
    equal(ask(s, "named2")[1]["status"], "FAILED")
    s.fault(match={"operation": "payout", "idempotency_key": "late"}, fault="pending", ms=100000)
    equal(json.loads(payout(s, "late")[1])["status"], "PENDING")
    equal(ask(s, "late")[1]["status"], "PENDING")
    s.fault(match={"operation": "inquire", "idempotency_key": "late"}, fault="rate_limited")
    equal(ask(s, "late")[0], 429)


@test
def an_instant_refund_says_so_and_is_done_at_once(s):
    status, body = s.refund("fast", instant=True)
    done = json.loads(body)
    equal((status, done["status"], done["instant"]), (200, "SUCCEEDED", True))
    equal(done["processed_at_ms"], done["created_ms"])
    equal((s.row("fast")["instant"], s.row("fast")["operation"]), (True, "REFUND"))
    equal(code_of(s.refund("fast")), (409, "KEY_REUSED"))
    equal(code_of(s.refund("fast2", instant="yes")), (400, "BAD_REQUEST"))
    assert "instant" not in json.loads(s.refund("slow", instant=False)[1])


@test
def parts_are_kept_and_add_up(s):
    parts = [{"sub_mid": None, "amount": 0}, {"sub_mid": "v1", "amount": 60},
             {"sub_mid": "v2", "amount": 40}]
    equal(json.loads(s.refund("parts", parts=parts)[1])["parts"], parts)
    equal(s.row("parts")["parts"], parts)
    equal(code_of(s.refund("parts")), (409, "KEY_REUSED"))
    for bad in ([], {}, "x", 1, [1], [{}], [{"amount": "100"}], [{"amount": 99}],
                [{"amount": 101}], [{"amount": -1}, {"amount": 101}], [{"amount": 1.5}],
                [{"sub_mid": 7, "amount": 100}], [{"sub_mid": "x" * 256, "amount": 100}],
                [{"amount": 10**15}, {"amount": 10**15}],
                [{"amount": 2**63 - 1}, {"amount": 2**63 - 1}, {"amount": 102}],
                [{"amount": 100}] + [{"amount": 0}] * 101):
        equal(code_of(s.refund("bad-parts", parts=bad)), (400, "BAD_REQUEST"))
    most = [{"sub_mid": "v%d" % n, "amount": 1 if n < 100 else 0} for n in range(101)]
    equal(json.loads(s.refund("most", parts=most)[1])["parts"], most)


@test
def no_account_number_is_written_anywhere(s):
    with tempfile.TemporaryDirectory() as home:
        one = Simgate(home)
        try:
            equal(payout(one, "secret")[0], 200)
        finally:
            one.stop()
        for name in os.listdir(home):
            with open(os.path.join(home, name), "rb") as file:
                assert ACCOUNT.encode() not in file.read(), name


@test
def a_ledger_of_the_first_release_goes_on(s):
    with tempfile.TemporaryDirectory() as home:
        one = Simgate(home)
        one.refund("old")
        old = one.row("old")
        one.stop()
        with sqlite3.connect(os.path.join(home, "simgate.db")) as ledger:
            versions = [row[0] for row in ledger.execute("SELECT version FROM schema_migrations")]
            equal(sorted(versions), [1, 2])
            for column in ("operation", "instant", "parts", "beneficiary", "reference_id"):
                ledger.execute("ALTER TABLE refunds DROP COLUMN " + column)
            ledger.execute("DELETE FROM schema_migrations WHERE version = 2")
        one = Simgate(home)
        try:
            equal(one.row("old"), old)
            equal(payout(one, "new")[0], 200)
        finally:
            one.stop()


if __name__ == "__main__":
    run()
