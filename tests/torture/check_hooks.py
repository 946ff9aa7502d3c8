#!/usr/bin/env python3
"""Webhooks coming in, by real HTTP and a real worker: refunds move, refunds made elsewhere appear,
forged and repeated events change nothing, and what was answered 200 survives every kill."""
import hashlib
import hmac
import json
import random
import sys
import time

sys.dont_write_bytecode = True

from rig import WorkerDesk, equal, in_parallel, wait_until
from cases import case, finish, run_cases
from clients import Portal, call

SLOW = {"poll_ms": "100ms", "inquire_first_ms": "30min", "inquire_max_ms": "1h"}
SEED = 11


# ---- what gateways send --------------------------------------------------------------------------


def send(desk, source, body, headers):
    return call(desk.api_port, "POST", "/webhooks/" + source, body,
                dict(headers, **{"Content-Type": "application/json"}))


def razorpay(desk, event, event_id=None, secret=None):
    body = json.dumps(event)
    secret = secret or desk.credentials["hook_secrets"]["RAZORPAY"]
    signature = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    return send(desk, "razorpay", body, {
        "X-Razorpay-Signature": signature, "X-Razorpay-Event-Id": event_id or desk.name("evt")})


def stripe(desk, event, at=None):
    body = json.dumps(event)
    at = int(at or time.time())
    secret = desk.credentials["hook_secrets"]["STRIPE"]
    signature = hmac.new(secret.encode(), b"%d.%s" % (at, body.encode()), hashlib.sha256).hexdigest()
    return send(desk, "stripe", body, {"Stripe-Signature": "t=%d,v1=%s" % (at, signature)})


def payment(desk, order, amount=50000, **more):
    return dict({"id": "pay_" + order, "entity": "payment", "amount": amount, "currency": "INR",
                 "status": "captured", "captured": True, "method": "card",
                 "notes": {"order_id": order}, "created_at": int(time.time()) - 60}, **more)


def captured(desk, order, **more):
    return {"entity": "event", "event": "payment.captured", "created_at": int(time.time()) - 50,
            "payload": {"payment": {"entity": payment(desk, order, **more)}}}


def refunded(desk, event, refund_id, amount, paid, at=None):
    status = event.split(".")[1]
    return {"entity": "event", "event": event, "created_at": at or int(time.time()),
            "payload": {"payment": {"entity": paid}, "refund": {"entity": {
                "id": refund_id, "entity": "refund", "amount": amount, "currency": "INR",
                "payment_id": paid["id"], "notes": [], "receipt": None,
                "acquirer_data": {"arn": "74000000000000000000001"}, "created_at": int(time.time()),
                "status": "pending" if status == "created" else status}}}}


def is_kept(answer):
    equal((answer.status, answer.json), (200, {"status": "ok"}), answer)


def waiting(desk):
    return desk.one("SELECT count(*) AS n FROM news WHERE state = 'WAITING'")["n"]


def settle(desk):
    wait_until("the inbox to be empty", lambda: waiting(desk) == 0)


def under_way(desk, order, amount="100"):
    """A refund of ours that the gateway has accepted and says nothing more of."""
    request = desk.name("hook")
    desk.simgate.fault("pending", match={"unique_request_id": request, "operation": "refund"},
                       ms=120000)
    equal(desk.api.refund(order, request, amount).status, 200)
    wait_until("it to be accepted", lambda: desk.refund(request)["state"] == "ACCEPTED")
    return desk.refund(request)


def paid_as(desk, order):
    txn = desk.txn(order)
    return payment(desk, order, txn["amount_minor"], id=txn["payment_id"])


# ---- news ----------------------------------------------------------------------------------------


@case
def processed_moves_a_pending_refund_to_success(desk):
    order = desk.charged_order("400")
    refund = under_way(desk, order)
    is_kept(razorpay(desk, refunded(desk, "refund.processed", refund["gateway_ref"], 10000,
                                    paid_as(desk, order))))
    equal(desk.ended(refund["unique_request_id"])["status"], "SUCCESS")
    equal(desk.refund(refund["unique_request_id"])["arn"], "74000000000000000000001")
    equal(desk.txn(order)["refunded_minor"], 10000)


@case
def failed_frees_the_amount(desk):
    order = desk.charged_order("400")
    refund = under_way(desk, order)
    equal(desk.txn(order)["held_minor"], 10000)
    is_kept(razorpay(desk, refunded(desk, "refund.failed", refund["gateway_ref"], 10000,
                                    paid_as(desk, order))))
    equal(desk.ended(refund["unique_request_id"])["status"], "FAILURE")
    equal(desk.txn(order)["held_minor"], 0)


@case
def a_dashboard_refund_is_on_the_orders_page(desk):
    order, ref = desk.charged_order("400"), desk.name("rfnd_")
    is_kept(razorpay(desk, refunded(desk, "refund.created", ref, 15000, paid_as(desk, order))))
    settle(desk)
    entry = desk.api.order(order).json["refunds"][0]
    equal((entry["initiated_by"], entry["status"], entry["amount"], entry["ref"]),
          ("GATEWAY", "PENDING", 150, ref))
    admin = [u for u in desk.credentials["users"] if u["role"] == "admin"][0]
    portal = Portal(desk.portal_port).login(admin["name"], admin["password"])
    page = portal.call("GET", "/orders/" + order).text
    assert "GATEWAY" in page and "150.00" in page, page
    # It holds its amount: no more than the rest can go.
    equal(desk.api.refund(order, desk.name("u"), "250.01").json["error_code"],
          "INVALID_AMOUNT_REFUND")


@case
def a_stripe_payment_and_its_refund_in_the_wrong_order(desk):
    order = desk.name("order")
    refund = {"id": "re_" + order, "object": "refund", "amount": 500, "currency": "usd",
              "payment_intent": "pi_" + order, "charge": "ch_" + order, "status": "succeeded",
              "metadata": {}, "created": int(time.time())}
    intent = {"id": "pi_" + order, "object": "payment_intent", "amount": 2000,
              "amount_received": 2000, "currency": "usd", "latest_charge": "ch_" + order,
              "metadata": {"order_id": order}, "created": int(time.time()) - 9}
    is_kept(stripe(desk, {"id": "evt_r" + order, "type": "refund.created",
                          "created": int(time.time()), "data": {"object": refund}}))
    is_kept(stripe(desk, {"id": "evt_p" + order, "type": "payment_intent.succeeded",
                          "created": int(time.time()) - 5, "data": {"object": intent}}))
    settle(desk)
    body = desk.api.order(order).json
    equal((body["status"], body["amount"], body["currency"], body["amount_refunded"]),
          ("CHARGED", 20, "USD", 5))


@case
def the_vendors_envelope_makes_an_order(desk):
    order = desk.name("order")
    event = {"id": desk.name("evt_V2_"), "event_name": "ORDER_SUCCEEDED",
             "date_created": "2026-11-09T16:21:20Z", "content": {"order": {
                 "order_id": order, "amount": 12.5, "currency": "INR", "status": "CHARGED",
                 "udf1": "card 4111111111111111", "txn_detail": {
                     "txn_id": "m-%s-1" % order, "status": "CHARGED", "txn_amount": 12.5,
                     "gateway": "RAZORPAY", "created": "2026-11-09T16:20:52Z"},
                 "payment_gateway_response": {"epg_txn_id": "pay_" + order}}}}
    for _ in range(2):
        is_kept(desk.api.call("POST", "/webhooks/juspay", js=event))
    settle(desk)
    body = desk.api.order(order).json
    equal((body["status"], body["amount"], body["udf1"]),
          ("CHARGED", 12.5, "card 411111******1111"))
    whole = desk.select("SELECT body FROM news WHERE body LIKE '%4111111111111111%'")
    equal(whole, [])


@case
def forged_events_are_401_and_leave_nothing(desk):
    order, before = desk.name("order"), desk.one("SELECT count(*) AS n FROM news")["n"]
    answer = razorpay(desk, captured(desk, order), secret="somebody-else")
    equal((answer.status, answer.json["error_code"]), (401, "access_denied"))
    equal(stripe(desk, {"id": "e"}, at=time.time() - 301).status, 401)
    equal(send(desk, "stripe", "{}", {}).status, 401)
    equal(send(desk, "juspay", "{}", {}).status, 401)
    equal(desk.one("SELECT count(*) AS n FROM news")["n"], before)
    equal(desk.api.order(order).status, 404)


@case
def a_body_over_64_kib_is_413(desk):
    answer = send(desk, "razorpay", " " * (64 * 1024 + 1), {"X-Razorpay-Signature": "0" * 64})
    equal(answer.status, 413)
    assert answer.json["error_code"]


# ---- many, in any order, under kills -------------------------------------------------------------


def story(desk, order):
    """An order's whole life as its gateway tells it; 300.00 of 500.00 go back."""
    paid, now = payment(desk, order), int(time.time())
    return [(order + str(i), event) for i, event in enumerate((
        captured(desk, order),
        {"event": "payment.authorized", "created_at": now - 55,
         "payload": {"payment": {"entity": dict(paid, status="authorized")}}},
        refunded(desk, "refund.created", "rfnd_a" + order, 30000, paid, now - 40),
        refunded(desk, "refund.processed", "rfnd_a" + order, 30000, paid, now - 30),
        refunded(desk, "refund.created", "rfnd_b" + order, 20000, paid, now - 20),
        refunded(desk, "refund.failed", "rfnd_b" + order, 20000, paid, now - 10)))]


def is_told(desk, order):
    txn = desk.txn(order)
    equal((txn["status"], txn["held_minor"], txn["refunded_minor"]), ("CHARGED", 30000, 30000))
    rows = desk.select("SELECT gateway_ref, status FROM refunds WHERE txn_row = ?"
                       " ORDER BY gateway_ref", txn["id"])
    equal([(r["gateway_ref"], r["status"]) for r in rows],
          [("rfnd_a" + order, "SUCCESS"), ("rfnd_b" + order, "FAILURE")])


def shuffled(desk, n, luck):
    orders = [desk.name("told") for _ in range(n)]
    events = [e for order in orders for e in story(desk, order)] * 2
    luck.shuffle(events)
    return orders, events


@case
def shuffled_and_repeated_events_end_the_same(desk):
    orders, events = shuffled(desk, 8, random.Random(SEED))
    in_parallel(len(events), lambda i: is_kept(razorpay(desk, events[i][1], events[i][0])))
    settle(desk)
    for order in orders:
        is_told(desk, order)


@case
def nothing_is_lost_between_inbox_and_worker(desk):
    luck = random.Random(SEED + 1)
    orders, events = shuffled(desk, 6, luck)
    desk.stop_worker()
    for event_id, event in events:
        is_kept(razorpay(desk, event, event_id))
    desk.kill("refunddesk-api")
    for point in ("before_commit", "after_commit", "before_commit"):
        desk.crash_worker(point)
    desk.start_worker()
    settle(desk)
    for order in orders:
        is_told(desk, order)
    wait_until("the API to be back", lambda: desk.api.order(orders[0]).status == 200)


def main():
    with WorkerDesk(**SLOW) as desk:
        desk.restart("hold_ms = 0")
        desk.start_worker()
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
