#!/usr/bin/env python3
"""Each fault of a gateway: how the refund ends, against the simulator's ledger.

All refunds of the table are on their way together, by each way that money goes back; each row is a
case of its own. Then refunds that are held, cancelled, and pending for too long."""
import random
import re
import sys

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, in_parallel, run_cases, wait_until
from clients import WAYS, Portal
from desk import Desk

ABSENT_AFTER_MS = 2000  # as in desk.QUICK
STORM_SEED = 20261121
STORM = 40

# Fault, its script, faults of the inquiries after it, how it ends, calls of its key. A gateway that
# did not act is asked again with the same key; one that did is not.
AFTER = ("reset_before", "error_500_before", "truncated_json", "refuse", "conflict_409", "pending",
         "rate_limited", "low_balance", "slow_body")
TABLE = {
    "refuse": ({}, (), "FAILURE", 1),
    "refuse_in_its_own_words": ({"fault": "refuse", "code": "CARD_CLOSED", "message": "Closed."},
                                (), "FAILURE", 1),
    "timeout_before": ({}, (), "SUCCESS", 2),
    "timeout_after": ({}, (), "SUCCESS", 1),
    "reset_before": ({}, (), "SUCCESS", 2),
    "reset_after": ({}, (), "SUCCESS", 1),
    "error_500_before": ({}, (), "SUCCESS", 2),
    "error_500_after": ({}, (), "SUCCESS", 1),
    "conflict_409": ({}, (), "SUCCESS", 2),
    "truncated_json": ({}, (), "SUCCESS", 1),
    "slow_body": ({}, (), "SUCCESS", 1),
    "pending": ({"ms": 800}, (), "SUCCESS", 1),
    "pending_then_refused": ({"fault": "pending", "ms": 800, "code": "CARD_CLOSED"}, (), "FAILURE", 1),
    "low_balance": ({}, (), "SUCCESS", 2),
    "low_balance_for_long": ({"fault": "low_balance", "times": 3}, (), "SUCCESS", 4),
    "rate_limited": ({}, (), "SUCCESS", 2),
    "rate_limited_for_long": ({"fault": "rate_limited", "times": 3}, (), "SUCCESS", 4),
    "reset_before_twice": ({"fault": "reset_before", "times": 2}, (), "SUCCESS", 3),
    "done_and_every_inquiry_broken": ({"fault": "reset_after"}, AFTER, "SUCCESS", 1),
    "not_done_and_every_inquiry_broken": ({"fault": "reset_before"}, AFTER, "SUCCESS", 2),
    "refused_and_nobody_heard_it": ({"fault": "pending", "ms": 1, "code": "CARD_CLOSED"},
                                    ("truncated_json", "error_500_after"), "FAILURE", 1),
}
UNHEARD = ("timeout_before", "reset_before", "error_500_before", "conflict_409")
FLIGHTS = {}


def send_all(desk):
    """One order and one refund for each row and way, together."""
    flights = [(name, way) for name in TABLE for way in WAYS]

    def send(i):
        name, way = flights[i]
        script, inquiries, ending, _ = TABLE[name]
        order, request = desk.charged_order("%d" % (100 + i)), desk.name(name + "-")
        match = {"unique_request_id": request}
        desk.simgate.fault(script.get("fault", name), match=dict(match, operation=operation_of(way)),
                           **{k: v for k, v in script.items() if k != "fault"})
        for fault in inquiries:
            desk.simgate.fault(fault, match=dict(match, operation="inquire"))
        equal(desk.api.send_back(way, order, request).status, 200)
        if ending == "SUCCESS":  # while it is under way nobody else gets that money
            again = desk.api.refund(order, desk.name("again"), "1")
            equal((again.status, again.json["error_code"]), (400, "INVALID_AMOUNT_REFUND"), name)
        return order, request

    FLIGHTS.update(zip(flights, in_parallel(len(flights), send)))


def operation_of(way):
    return "payout" if way == "PAYOUT" else "refund"


def events_of(desk, refund):
    return [e["name"] for e in desk.select(
        "SELECT name FROM events WHERE refund_row = ? ORDER BY id", refund["id"])]


def check_failed(desk, order, refund, rows):
    equal([r["outcome"] for r in rows], ["FAILED"])
    equal((refund["error_code"], refund["error_message"]),
          (rows[0]["error_code"], rows[0]["error_message"]))
    txn = desk.txn(order)
    equal((txn["held_minor"], txn["refunded_minor"]), (0, 0))
    # What it held is free: the whole can be refunded, with a new id.
    request = desk.name("retry")
    equal(desk.api.refund(order, request).status, 200)
    equal(desk.ended(request)["status"], "SUCCESS")
    equal(desk.txn(order)["refunded_minor"], txn["amount_minor"])


def check_done(desk, order, refund, rows):
    equal([r["outcome"] for r in rows], ["SUCCEEDED"])
    equal((refund["gateway_ref"], refund["arn"]), (rows[0]["refund_id"], rows[0]["arn"]))
    txn = desk.txn(order)
    equal((txn["held_minor"], txn["refunded_minor"]), (txn["amount_minor"],) * 2)
    names = events_of(desk, refund)
    equal(names.count("ORDER_REFUNDED"), 1)
    assert "ORDER_REFUND_FAILED" not in names, names


def check_flight(name, way):
    script, _, ending, calls = TABLE[name]

    def check(desk):
        order, request = FLIGHTS[name, way]
        refund = desk.ended(request)
        rows = desk.ledger(request)
        equal((refund["status"], len(rows)), (ending, 1), name)
        equal(rows[0]["calls"], calls)
        equal((rows[0]["operation"], rows[0]["instant"], refund["refund_type"]),
              (operation_of(way).upper(), way == "INSTANT", way))
        equal((rows[0]["amount_minor"], rows[0]["currency"]),
              (refund["amount_minor"], refund["currency"]))
        if script.get("fault", name) in UNHEARD:  # that it is unknown was not believed too soon
            waited_ms = rows[0]["created_ms"] - refund["created_ms"]
            assert waited_ms >= ABSENT_AFTER_MS, waited_ms
        (check_done if ending == "SUCCESS" else check_failed)(desk, order, refund, rows)

    check.__name__ = "%s_%s" % (way.lower(), name)
    case(check)


for row in TABLE:
    for way_back in WAYS:
        check_flight(row, way_back)


@case
def what_a_gateway_says_stands_in_the_order(desk):
    order, request = FLIGHTS["refuse_in_its_own_words", "STANDARD"]
    refund = [r for r in desk.api.order(order).json["refunds"] if r["unique_request_id"] == request]
    equal((refund[0]["status"], refund[0]["error_code"], refund[0]["error_message"]),
          ("FAILURE", "CARD_CLOSED", "Closed."))


@case
def a_storm_of_faults_ends_right(desk):
    faults = ("timeout_before", "timeout_after", "reset_before", "reset_after", "error_500_before",
              "error_500_after", "conflict_409", "truncated_json", "pending", "low_balance",
              "rate_limited", "refuse")
    harmless = [f for f in faults if f != "refuse"]
    luck = random.Random(STORM_SEED)
    orders = in_parallel(8, lambda i: desk.charged_order("400"))
    flights = []
    for n in range(STORM):
        request, way = desk.name("storm"), WAYS[n % len(WAYS)]
        for operation, kinds in ((operation_of(way), faults), ("inquire", harmless)):
            for _ in range(luck.randrange(3)):
                kind = luck.choice(kinds)
                desk.simgate.fault(kind, match={"unique_request_id": request, "operation": operation},
                                   **({"ms": 300} if kind == "pending" else {}))
        amount = "%d.%02d" % (luck.randrange(1, 70), n)
        flights.append((way, orders[n % len(orders)], request, amount))
    answers = in_parallel(STORM, lambda n: desk.api.send_back(*flights[n]))
    equal({a.status for a in answers}, {200})
    for _, _, request, _ in flights:
        refund, rows = desk.ended(request), desk.ledger(request)
        equal(len(rows), 1, request)
        equal(rows[0]["outcome"], {"SUCCESS": "SUCCEEDED", "FAILURE": "FAILED"}[refund["status"]])
        equal(rows[0]["amount_minor"], refund["amount_minor"])
    desk.simgate.clear()


# ---- held, cancelled, for too long ----------------------------------------------------------------


def user(desk, name):
    password = [u["password"] for u in desk.credentials["users"] if u["name"] == name]
    return Portal(desk.portal_port).login(name, password[0])


def refund_page(portal, order):
    answer = portal.call("GET", "/orders/" + order)
    equal(answer.status, 200)
    pages = set(re.findall(r'href="(/refunds/[0-9a-z]{13})"', answer.text))
    equal(len(pages), 1, answer.text)
    return pages.pop()


@case
def a_held_refund_can_be_cancelled(desk):
    desk.restart("hold_ms = 600000")
    order, request = desk.charged_order("100"), desk.name("held")
    answer = desk.api.refund(order, request)
    equal(answer.status, 200)
    refund = answer.json["refunds"][0]
    equal((refund["status"], refund["sent_to_gateway"], refund["id"]), ("PENDING", False, None))
    equal(desk.refund(request)["state"], "HELD")
    equal(desk.txn(order)["held_minor"], 10000)
    viewer, maker = user(desk, "viewer"), user(desk, "maker")
    page = refund_page(maker, order)
    assert page + "/cancel" not in viewer.call("GET", page).text
    equal(viewer.call("POST", page + "/cancel", {}).status, 403)
    contains(maker.call("GET", page).text, page + "/cancel")
    equal(maker.call("POST", page + "/cancel", {}).status, 303)
    refund = desk.refund(request)
    equal((refund["status"], refund["error_code"]), ("FAILURE", "CANCELLED"))
    equal(desk.txn(order)["held_minor"], 0)
    contains(events_of(desk, refund), "ORDER_REFUND_FAILED")
    equal(desk.calls(request), 0)
    assert maker.call("POST", page + "/cancel", {}).status in (303, 409)
    equal(desk.refund(request)["updated_ms"], refund["updated_ms"])
    equal(desk.api.refund(order, desk.name("again")).status, 200)


@case
def a_hold_ends_and_not_sooner(desk):
    desk.restart("hold_ms = 1500")
    order, request = desk.charged_order("100"), desk.name("held")
    equal(desk.api.refund(order, request).status, 200)
    refund = desk.ended(request)
    equal(refund["status"], "SUCCESS")
    equal(refund["hold_until_ms"], refund["created_ms"] + 1500)
    assert desk.ledger(request)[0]["created_ms"] >= refund["hold_until_ms"]


@case
def what_is_pending_for_too_long_goes_to_a_person_once(desk):
    desk.restart("hold_ms = 0", review_after_ms="2s")
    flights = []
    for fault, times in (("pending", 1), ("reset_after", 1000)):
        order, request = desk.charged_order("100"), desk.name(fault + "-")
        desk.simgate.fault(fault, match={"unique_request_id": request}, times=times,
                           **({"ms": 120000} if fault == "pending" else {}))
        equal(desk.api.refund(order, request).status, 200)
        flights.append((order, request))
    for order, request in flights:
        refund = desk.ended(request)
        equal(refund["status"], "MANUAL_REVIEW")
        assert refund["updated_ms"] - refund["created_ms"] >= 2000, refund
        equal(desk.api.order(order).json["refunds"][0]["status"], "MANUAL_REVIEW")
        # It holds its amount, and nobody asks or sends any more.
        equal(desk.txn(order)["held_minor"], 10000)
        equal(desk.api.refund(order, desk.name("more"), "1").json["error_code"],
              "INVALID_AMOUNT_REFUND")
        equal(desk.select("SELECT kind FROM jobs WHERE subject = ?", refund["id"]), [])
        equal(events_of(desk, refund).count("REFUND_MANUAL_REVIEW_NEEDED"), 1)
    # What the worker looks at again and again stays as it is.
    aged = [desk.refund(request) for _, request in flights]
    again = desk.name("again")
    order = desk.charged_order("100")
    desk.simgate.fault("pending", match={"unique_request_id": again}, ms=120000)
    equal(desk.api.refund(order, again).status, 200)
    equal(desk.ended(again)["status"], "MANUAL_REVIEW")
    equal([desk.refund(request) for _, request in flights], aged)


def main():
    with Desk() as desk:
        desk.restart("hold_ms = 0", gateways="can_instant = 1")
        send_all(desk)
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
