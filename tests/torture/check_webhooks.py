#!/usr/bin/env python3
"""The worker kills itself between a refund and its webhook, again and again: each event of each
refund reaches its endpoint, a repeat has the same id and bytes."""
import os
import sys
import time

sys.dont_write_bytecode = True

from rig import WorkerDesk, equal, wait_until
from cases import case, finish, run_cases
from receiver import Receiver, add_endpoint

EVENTS = ["REFUND_INITIATED", "ORDER_REFUNDED"]
REFUNDS = 6  # on their way at each crash
SETTINGS = {"ALLOW_PRIVATE": "true", "TIMEOUT_MS": "1s", "LEASE_MS": "1200ms", "RETRY_UNIT_MS": "5ms"}

# Point, and which time it is passed.
POINTS = {
    "after_commit": "the refund is being sent and its first webhook waits",
    "answered:3": "refunds are done and nobody wrote it yet",
    "after_commit:2": "outcomes were written with their webhooks",
    "hook_claimed": "webhooks are claimed and none is sent",
    "hook_claimed:2": "others were delivered",
    "hook_before_call:4": "some are on their way",
    "hook_answered": "one was delivered and nobody wrote it yet",
    "hook_answered:5": "several were delivered",
}


def crash_at(point):
    def check(desk, out, order):
        began = len(out.calls)
        requests = desk.queue_refunds(order[point], REFUNDS, point.replace(":", "-") + "-")
        desk.crash_worker(point)
        desk.start_worker()
        desk.check_done_once(requests)
        wait_until("all to be delivered", lambda: not desk.select(
            "SELECT 1 FROM deliveries WHERE state <> 'DELIVERED'"))
        desk.stop_worker()
        refunds = {desk.refund(r)["id"] for r in requests}
        told = [w for w in desk.select("SELECT * FROM webhooks") if w["refund_row"] in refunds]
        equal(sorted(w["name"] for w in told), sorted(EVENTS * REFUNDS))
        came = {}
        for call in out.calls[began:]:
            came.setdefault(call.id, set()).add(call.body.decode())
        equal(came, {w["event_id"]: {w["body"]} for w in told})

    check.__name__ = "crash_%s__%s" % (point.replace(":", "_"), POINTS[point].replace(" ", "_"))
    case(check)


for crash_point in POINTS:
    crash_at(crash_point)


@case
def an_answer_that_nobody_wrote_is_a_repeat_of_one_id(desk, out, _):
    """The points above did what they say: something came twice."""
    ids = [c.id for c in out.calls]
    assert len(ids) > len(set(ids)), len(ids)


@case
def a_stop_in_order_repeats_nothing(desk, out, order):
    desk.start_worker()
    last = order["last"]
    desk.queue_refunds(last, REFUNDS, "last-")
    wait_until("the last of them to be told", lambda: len(
        [c for c in list(out.calls) if last in c.body.decode()]) == REFUNDS * len(EVENTS))
    desk.stop_worker()
    desk.start_worker()
    time.sleep(1.5)  # longer than the lease
    equal(len([c for c in out.calls if last in c.body.decode()]), REFUNDS * len(EVENTS))


def main():
    os.environ.update({"REFUNDDESK_WEBHOOK_" + k: v for k, v in SETTINGS.items()})
    with WorkerDesk() as desk, Receiver() as out:
        desk.restart("hold_ms = 0")
        desk.start_worker()
        orders = desk.charged_orders(len(POINTS) + 1)
        desk.stop_worker()
        add_endpoint(desk, out.url("ok/all"), EVENTS)
        result = run_cases(desk, out, dict(zip([*POINTS, "last"], orders)),
                           on_failure=lambda: print(desk.log_tail()))
        desk.fsck()
    finish(*result)


main()
