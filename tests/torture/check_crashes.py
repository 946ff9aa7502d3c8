#!/usr/bin/env python3
"""The worker kills itself at each point of its code, one crash upon the other; afterwards no
refund is lost and none is doubled."""
import sys
import time

sys.dont_write_bytecode = True

from rig import WorkerDesk, equal, wait_until
from cases import case, finish, run_cases
from clients import WAYS

REFUNDS = 9  # on their way at each crash, three by each way

# Point, and which time it is passed. Each stands for something that is or is not yet written.
POINTS = {
    "before_commit": "nothing was claimed",
    "after_commit": "all were claimed and none sent",
    "before_call": "the first call was not yet made",
    "before_call:4": "some calls were begun",
    "in_flight:2": "the calls were just begun",
    "in_flight:3": "the calls are on their way",
    "in_flight:4": "some may be answered",
    "answered": "one outcome is known to the worker alone",
    "answered:5": "several outcomes are known to the worker alone",
    "before_commit:2": "outcomes were about to be written",
    "after_commit:2": "outcomes were just written",
}
FLIGHTS = {}


def crash_at_each(desk):
    """Refunds and a crash for each point; each worker also finds what the one before left."""
    desk.restart("hold_ms = 0", gateways="can_instant = 1")
    desk.start_worker()
    orders = desk.charged_orders(len(POINTS))
    desk.stop_worker()
    for order, point in zip(orders, POINTS):
        FLIGHTS[point] = order, desk.queue_refunds(order, REFUNDS, point.replace(":", "-") + "-", WAYS)
        desk.crash_worker(point)


def crash_again_while_mending(desk):
    """When the leases of the dead have run out, the workers that take over die too."""
    for point in ("before_commit", "after_commit", "in_flight:3", "answered", "before_commit:2"):
        wait_until("a job to be due", lambda: desk.one(
            "SELECT count(*) AS n FROM jobs WHERE due_ms <= ?", int(time.time() * 1000))["n"])
        desk.crash_worker(point)


def check_point(point):
    def check(desk):
        order, requests = FLIGHTS[point]
        desk.check_done_once(requests)
        txn = desk.txn(order)
        total = sum(desk.refund(r)["amount_minor"] for r in requests)
        equal((txn["held_minor"], txn["refunded_minor"]), (total, total))

    check.__name__ = "crash_%s__%s" % (point.replace(":", "_"), POINTS[point].replace(" ", "_"))
    case(check)


for crash_point in POINTS:
    check_point(crash_point)


@case
def nothing_was_sent_without_having_been_asked_for(desk):
    wanted = {r for _, requests in FLIGHTS.values() for r in requests}
    equal({r["unique_request_id"] for r in desk.select(
        "SELECT unique_request_id FROM refunds", database="simgate.db")}, wanted)


@case
def a_gateway_that_knows_a_refund_is_not_asked_to_make_it_again(desk):
    """It acted on the first call that reached it; after a crash the worker inquires."""
    equal({r: desk.calls(r) for _, requests in FLIGHTS.values() for r in requests},
          {r: 1 for _, requests in FLIGHTS.values() for r in requests})


def main():
    with WorkerDesk() as desk:
        crash_at_each(desk)
        crash_again_while_mending(desk)
        desk.start_worker()
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
