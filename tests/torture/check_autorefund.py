#!/usr/bin/env python3
"""Charges that come late or twice, by real HTTP and a worker that is killed between the news and the
refund, and while refunds are created and sent: each is refunded exactly once."""
import random
import sys
import time

sys.dont_write_bytecode = True

from rig import WorkerDesk, equal, in_parallel, wait_until
from cases import case, finish, run_cases

SEED = 23
NEWS_POINTS = ("before_commit", "after_commit")
SEND_POINTS = ("before_call", "answered", "before_commit", "after_commit")
ALL_ON = ("DELETE FROM conflict_ceilings; DELETE FROM conflict_gateways;"
          " INSERT OR REPLACE INTO conflict_settings (merchant, refund_conflicted, conflicted_since_ms,"
          " refund_multiple, multiple_since_ms, updated_ms)"
          " SELECT id, 1, 1, 1, 1, 1 FROM merchants")


def iso(seconds_ago):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds_ago))


def event(desk, order, n, status, begun_ago, success_ago=None):
    txn = "%s-%d" % (order, n)
    told = {"order_id": order, "amount": 250, "currency": "INR", "status": status,
            "date_created": iso(7200),
            "txn_detail": {"txn_id": txn, "status": status, "txn_amount": 250,
                           "gateway": "RAZORPAY", "created": iso(begun_ago)},
            "payment_gateway_response": {"epg_txn_id": "pay_" + txn}}
    if success_ago is not None:
        told["payment_gateway_response"]["created"] = iso(success_ago)
    return {"id": desk.name("evt_V2_"), "event_name": "TXN_" + status, "date_created": iso(30),
            "content": {"order": told}}


def late(desk, order):
    """Begun an hour ago; the success came 50 minutes later."""
    return [event(desk, order, 1, "PENDING_VBV", 3600), event(desk, order, 1, "CHARGED", 3600, 600)]


def twice(desk, order):
    """The second txn succeeded first."""
    return [event(desk, order, 1, "CHARGED", 3600, 3300), event(desk, order, 2, "CHARGED", 3590, 3400)]


def tell(desk, events):
    luck = random.Random(SEED)
    events = events * 2
    luck.shuffle(events)
    for answer in in_parallel(len(events), lambda i: desk.api.call(
            "POST", "/webhooks/juspay", js=events[i])):
        equal((answer.status, answer.json), (200, {"status": "ok"}), answer)


def without_worker(desk):
    if desk.worker:
        desk.kill_worker()


def auto_refunds(desk, order):
    return desk.select("SELECT r.*, t.txn_id FROM refunds r JOIN orders o ON o.id = r.order_row"
                       " JOIN txns t ON t.id = r.txn_row"
                       " WHERE o.order_id = ? AND r.source = 'AUTO'", order)


def live(desk, order):
    return [r for r in auto_refunds(desk, order) if r["status"] != "FAILURE"]


def is_over(desk, order):
    refunds = live(desk, order)
    return len(refunds) > 0 and all(r["status"] != "PENDING" for r in refunds)


def check_refunded_once(desk, order, txn, status):
    wait_until(lambda: "the refund of %s: %r" % (order, auto_refunds(desk, order)),
               lambda: is_over(desk, order))
    refunds = live(desk, order)
    equal([(r["txn_id"], r["status"], r["amount_minor"]) for r in refunds],
          [(txn, "SUCCESS", 25000)])
    rows = desk.ledger(refunds[0]["unique_request_id"])
    equal([(r["outcome"], r["amount_minor"], r["refund_id"]) for r in rows],
          [("SUCCEEDED", 25000, refunds[0]["gateway_ref"])])
    row = desk.one("SELECT t.status, t.told_status, t.held_minor, o.status AS order_status FROM txns t"
                   " JOIN orders o ON o.id = t.order_row WHERE t.txn_id = ?", txn)
    equal(row, {"status": "AUTO_REFUNDED", "told_status": "CHARGED", "held_minor": 25000,
                "order_status": status})


@case
def killed_between_the_news_and_the_refund(desk):
    orders = [desk.name("late") for _ in range(8)]
    without_worker(desk)
    tell(desk, [e for order in orders for e in late(desk, order)])
    for point in NEWS_POINTS * 2:
        desk.crash_worker(point)
    desk.start_worker()
    for order in orders:
        check_refunded_once(desk, order, order + "-1", "AUTO_REFUNDED")


@case
def killed_while_refunds_are_created_and_sent(desk):
    orders = [desk.name("twice") for _ in range(8)]
    without_worker(desk)
    # In the order of arrival the first is kept, until the second, which was first, is heard of.
    tell(desk, [e for order in orders for e in twice(desk, order)])
    for point in SEND_POINTS:
        desk.crash_worker(point)
    desk.start_worker()
    for order in orders:
        wait_until("the refund of %s" % order, lambda: is_over(desk, order))
        refunds = live(desk, order)
        equal(len(refunds), 1, "one of two charges is refunded: %r" % refunds)
        check_refunded_once(desk, order, refunds[0]["txn_id"], "CHARGED")


@case
def killed_at_any_moment(desk):
    luck = random.Random(SEED + 1)
    orders = [desk.name("any") for _ in range(12)]
    without_worker(desk)
    desk.start_worker()
    tell(desk, [e for order in orders for e in late(desk, order)])
    for _ in range(5):
        time.sleep(luck.random() * 0.3)
        desk.kill_worker()
        desk.start_worker()
    for order in orders:
        check_refunded_once(desk, order, order + "-1", "AUTO_REFUNDED")


def main():
    with WorkerDesk() as desk:
        desk.restart("hold_ms = 0", more=ALL_ON)
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
