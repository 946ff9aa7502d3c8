#!/usr/bin/env python3
"""Sync, end to end: the gateway is asked at once, long before the schedule would, and the schedule
stays as it was. The worker looks for jobs once a minute here: what is fast was woken."""
import sys
import time

sys.dont_write_bytecode = True

from cases import case, equal, finish, run_cases, wait_until
from desk import Desk

SOON_S = 5
COOL_S = 1.5
SLOW = {"poll_ms": "60s", "inquire_first_ms": "30min", "inquire_max_ms": "1h", "sync_cool_ms": "1500ms"}


def sync(desk, request):
    """The answer, which must come at once."""
    began = time.monotonic()
    answer = desk.api.call("POST", "/v2/refunds/%s/sync" % request, js={"force_sync": True})
    assert time.monotonic() - began < SOON_S, time.monotonic() - began
    return answer


def under_way(desk, fault, state, way="STANDARD", **script):
    """A refund that the gateway has, and that nobody will ask about for half an hour."""
    order, request = desk.charged_order("100"), desk.name("sync")
    desk.simgate.fault(fault, match={"unique_request_id": request,
                                     "operation": "payout" if way == "PAYOUT" else "refund"}, **script)
    answer = desk.api.send_back(way, order, request)
    equal(answer.status, 200, answer)
    wait_until("it to be " + state, lambda: desk.refund(request)["state"] == state)
    return order, request


def jobs_of(desk, request):
    return desk.select("SELECT kind, due_ms, attempt, leased FROM jobs WHERE subject = ?",
                       desk.refund(request)["id"])


def is_done_once(desk, order, request):
    equal(desk.refund(request)["status"], "SUCCESS")
    equal((len(desk.ledger(request)), desk.calls(request), jobs_of(desk, request)), (1, 1, []))
    equal(desk.txn(order)["refunded_minor"], 10000)


@case
def news_are_fetched_at_once(desk):
    for way in ("STANDARD", "PAYOUT"):
        order, request = under_way(desk, "pending", "ACCEPTED", way, ms=300)
        time.sleep(0.4)
        equal(desk.refund(request)["state"], "ACCEPTED")
        answer = sync(desk, request)
        equal((answer.status, answer.json["status"], answer.json["changed"]), (200, "SUCCESS", True))
        is_done_once(desk, order, request)


@case
def without_news_the_schedule_stays_as_it_was(desk):
    _, request = under_way(desk, "pending", "ACCEPTED", ms=120000)
    before = jobs_of(desk, request)
    equal((len(before), before[0]["kind"]), (1, "inquire"))
    for _ in range(2):
        answer = sync(desk, request)
        equal((answer.status, answer.json["status"], answer.json["changed"]), (200, "PENDING", False))
        equal(jobs_of(desk, request), before)
        equal(desk.refund(request)["next_check_ms"], before[0]["due_ms"])
        again = sync(desk, request)
        equal((again.status, again.headers["Retry-After"] in ("1", "2")), (429, True))
        time.sleep(COOL_S)
    equal(desk.ledger(request)[0]["inquiries"], 2)


@case
def an_unknown_outcome_is_settled_at_once(desk):
    order, request = under_way(desk, "reset_after", "UNKNOWN")
    equal(sync(desk, request).json["status"], "SUCCESS")
    is_done_once(desk, order, request)


@case
def a_silent_gateway_changes_nothing(desk):
    _, request = under_way(desk, "reset_after", "UNKNOWN")
    before = jobs_of(desk, request)
    desk.simgate.fault("timeout_before", match={"unique_request_id": request, "operation": "inquire"})
    answer = sync(desk, request)
    equal((answer.status, answer.json["status"]), (200, "PENDING"))
    equal((desk.refund(request)["state"], jobs_of(desk, request)), ("UNKNOWN", before))


@case
def one_that_has_ended_is_not_asked_about(desk):
    order, request = desk.charged_order("100"), desk.name("sync")
    equal(desk.api.refund(order, request).status, 200)
    desk.ended(request)
    answer = sync(desk, request)
    equal((answer.status, answer.json["status"], answer.json["changed"]), (200, "SUCCESS", False))
    equal(desk.ledger(request)[0]["inquiries"], 0)


@case
def one_under_review_is_moved_by_news_and_nothing_is_sent(desk):
    order, request = under_way(desk, "reset_after", "UNKNOWN")
    lost, missing = under_way(desk, "reset_before", "UNKNOWN")
    desk.restart("hold_ms = 0", review_after_ms="1s", poll_ms="100ms")
    for one in (request, missing):
        equal(desk.ended(one)["status"], "MANUAL_REVIEW")
        equal(jobs_of(desk, one), [])
    time.sleep(2)  # "never heard of it" would be believed now
    answer = sync(desk, missing)
    equal((answer.json["status"], desk.calls(missing)), ("MANUAL_REVIEW", 1))
    equal((jobs_of(desk, missing), desk.txn(lost)["held_minor"]), ([], 10000))
    equal(desk.select("SELECT inquiries FROM calls WHERE unique_request_id = ?", missing,
                      database="simgate.db"), [{"inquiries": 1}])
    equal(sync(desk, request).json["status"], "SUCCESS")
    is_done_once(desk, order, request)


def main():
    with Desk(**SLOW) as desk:
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
