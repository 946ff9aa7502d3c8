#!/usr/bin/env python3
"""Orders, lists, cancel, sync, refund methods and beneficiaries over real HTTP; and every answer is
as /openapi.json says: no member is missing, none is unknown, each of its type."""
import json
import sys

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, run_cases, wait_until
from clients import call
from desk import Desk
from schema import Schemas

BANK = {"type": "BANK_TRANSFER", "transfer_type": "LOCAL", "payout_mode": "FAST", "details": {
    "first_name": "John", "last_name": "Wick", "account": "026687138997581",
    "bank_code": "JP_MY_PUBLIC", "address": {
        "city": "Singapore", "country_code": "SGP", "postcode": "238858",
        "street_address": "8, Bencoolen St", "state": "Singapore"}}}
ELSEWHERE = ("/webhooks/", "/batch-refunds", "/openapi.json")  # these have tests of their own
SEEN = set()  # (method, path, status) that were compared


def template_of(document, path):
    """The described path that a real one is of."""
    parts = path.split("?")[0].strip("/").split("/")
    fitting = []
    for template in document["paths"]:
        names = template.strip("/").split("/")
        if len(names) == len(parts) and all(n == p or n[0] == "{" for n, p in zip(names, parts)):
            fitting.append(template)
    return min(fitting, key=lambda t: t.count("{"))


def ask(desk, method, path, status=200, **more):
    """The JSON of an answer that has this status and is as described."""
    answer = desk.api.call(method, path, **more)
    equal(answer.status, status, "%s %s %s" % (method, path, answer))
    template = template_of(desk.openapi, path)
    schemas = Schemas(desk.openapi, strict=True)
    response = desk.openapi["paths"][template][method.lower()]["responses"][str(status)]
    schema = schemas.resolve(response)["content"]["application/json"]["schema"]
    wrong = schemas.check(schema, answer.json)
    assert not wrong, "%s %s %d: %s" % (method, template, status, wrong)
    SEEN.add((method, template, status))
    return answer.json


def settle(desk, unique_request_id):
    wait_until("the end of " + unique_request_id,
               lambda: desk.refund(unique_request_id)["status"] == "SUCCESS")


# ---- orders -------------------------------------------------------------------------------------


@case
def an_order_of_every_age_is_as_described(desk):
    order = desk.name("order")
    split = {"marketplace": {"amount": 10}, "vendor": {"split": [{"sub_mid": "v1", "amount": 390}]}}
    body = ask(desk, "POST", "/orders", js={
        "order_id": order, "amount": "400.00", "udf1": "gift", "billing_address_city": "Pune",
        "offers": [], "order_type": "ORDER_PAYMENT", "payment_links": {"web": "https://a/b"},
        "metadata": {"split_settlement_details": split}})
    equal((body["status"], body["amount"]), ("NEW", 400))
    ask(desk, "POST", "/orders", js={"order_id": order, "amount": 400})
    wait_until("the charge", lambda: ask(desk, "GET", "/orders/" + order)["status"] == "CHARGED")
    ask(desk, "POST", "/orders/%s/refunds" % order, form={"unique_request_id": "u1"})
    for body in (ask(desk, "GET", "/orders/" + order),
                 ask(desk, "GET", "/order/status?order_id=" + order),
                 ask(desk, "POST", "/order/status", form={"orderId": order}),
                 ask(desk, "POST", "/orders/" + order, form={"udf1": "", "udf2": "blue"}),
                 ask(desk, "POST", "/order/update", form={"order_id": order, "amount": "400"})):
        equal(len(body["refunds"]), 1)
    equal(ask(desk, "GET", "/orders?udf=blue")["data"][0]["order_id"], order)
    ask(desk, "POST", "/order/create", form={"order_id": desk.name("order"), "amount": "1"})


@case
def what_is_wrong_with_an_order_is_as_described(desk):
    order = desk.charged_order("100")
    bad = ask(desk, "POST", "/orders", 400, js={"order_id": "a b", "amount": [], "udf1": {}})
    equal({f["field_name"] for f in bad["error_info"]["fields"]}, {"order_id", "amount", "udf1"})
    ask(desk, "POST", "/orders", 400, js={"order_id": order, "amount": 5})
    ask(desk, "POST", "/order/create", 400, form={})
    ask(desk, "POST", "/orders/" + order, 400, form={"amount": "5"})
    ask(desk, "GET", "/orders/none", 404)
    ask(desk, "POST", "/orders/none", 404, form={"udf1": "x"})
    ask(desk, "GET", "/order/status", 400)
    ask(desk, "GET", "/orders/" + order, 401, key=False)
    ask(desk, "POST", "/orders", 415, js="{}", headers={"Content-Type": "text/plain"})


# ---- refunds ------------------------------------------------------------------------------------


@case
def refunds_are_made_and_refused_as_described(desk):
    order = desk.charged_order("400")
    ask(desk, "POST", "/order/refund", form={
        "order_id": order, "unique_request_id": "r1", "amount": 10})
    made = ask(desk, "POST", "/refunds", js={
        "order_id": order, "unique_request_id": "r2", "amount": 20.5})
    equal((made["amount"], made["status"]), (20.5, "PENDING"))
    for path in ("/refunds", "/order/refund"):
        ask(desk, "POST", path, 400, form={"order_id": order, "unique_request_id": "r2"})
        ask(desk, "POST", path, 400, form={"order_id": "none", "unique_request_id": "r"})
        ask(desk, "POST", path, 400, form={"order_id": order})
    for version in ("2023-06-30", "2024-01-01"):
        ask(desk, "POST", "/orders/%s/refunds" % order, 400, headers={"version": version},
            form={"unique_request_id": "r3", "amount": "1e3"})
        ask(desk, "POST", "/orders/none/refunds", 400, headers={"version": version},
            form={"unique_request_id": "r3"})


@case
def a_payout_is_as_described(desk):
    order = desk.charged_order("400")
    kept = ask(desk, "POST", "/beneficiaries", js=BANK)
    assert "026687138997581" not in json.dumps(kept), kept
    equal(ask(desk, "GET", "/beneficiaries/" + kept["beneficiary_id"]), kept)
    equal(ask(desk, "GET", "/beneficiaries?limit=1")["data"], [kept])
    ask(desk, "GET", "/beneficiaries/none", 404)
    ask(desk, "GET", "/beneficiaries?limit=x", 400)
    bad = ask(desk, "POST", "/beneficiaries", 400, js={"type": "UPI_ID", "details": {}})
    equal(len(bad["error_info"]["fields"]), 2)
    request = desk.name("payout")
    ask(desk, "POST", "/refunds", form={
        "order_id": order, "unique_request_id": request, "amount": "15", "refund_type": "PAYOUT",
        "beneficiary_id": kept["beneficiary_id"]})
    settle(desk, request)
    paid = ask(desk, "GET", "/refunds?unique_request_id=" + request)["data"][0]
    equal((paid["status"], paid["refund_type"]), ("SUCCESS", "PAYOUT"))
    ask(desk, "GET", "/orders/" + order)


@case
def the_ways_back_are_as_described(desk):
    order = desk.charged_order("400")
    ways = ask(desk, "GET", "/refundMethods?order_id=" + order)
    equal(ways["back_to_source_supported"], True)
    assert {"BANK_TRANSFER", "UPI_ID"} <= {m["type"] for m in ways["payout_methods"]}, ways
    ask(desk, "GET", "/refundMethods", 400)
    ask(desk, "GET", "/refundMethods?order_id=none", 404)


@case
def a_sync_brings_the_gateways_word(desk):
    order, request = desk.charged_order("400"), desk.name("sync")
    ask(desk, "POST", "/refunds", form={"order_id": order, "unique_request_id": request, "amount": 9})
    settle(desk, request)
    path = "/v2/refunds/%s/sync" % request
    equal(ask(desk, "POST", path, js={"force_sync": True})["changed"], False)
    ask(desk, "POST", path, 400, js={"force_sync": 7})
    ask(desk, "POST", "/v2/refunds/none/sync", 404, js={"force_sync": True})
    bad = ask(desk, "POST", "/refunds/%s/cancel" % request, 400, form={"order_id": order})
    equal(bad["error_code"], "REFUND_NOT_CANCELLABLE")
    ask(desk, "POST", "/refunds/none/cancel", 404, form={})


# ---- lists --------------------------------------------------------------------------------------


def walk(desk, path, limit):
    rows, cursor = [], ""
    while cursor is not None:
        page = ask(desk, "GET", "%slimit=%d&cursor=%s" % (path, limit, cursor))
        rows += page["data"]
        assert len(page["data"]) <= limit and page["has_more"] == (page["next_cursor"] is not None)
        cursor = page["next_cursor"]
    return rows


@case
def lists_are_whole_and_as_described(desk):
    udf = desk.name("walk")
    orders = [desk.charged_order(str(100 + i), udf9=udf) for i in range(5)]
    for order in orders:
        ask(desk, "POST", "/orders/%s/refunds" % order, form={"unique_request_id": udf, "amount": 5})
    for limit in (1, 2, 5, 100):
        rows = walk(desk, "/orders?udf=%s&" % udf, limit)
        equal([r["order_id"] for r in rows], orders[::-1])
        rows = walk(desk, "/refunds?unique_request_id=%s&" % udf, limit)
        equal([r["order_id"] for r in rows], orders[::-1])
    several = ask(desk, "POST", "/refunds/%s/cancel" % udf, 400, form={})
    equal(several["error_info"]["fields"][0]["field_name"], "order_id")
    older = ask(desk, "GET", "/order/list?udf=%s&count=2&offset=1" % udf)
    equal((older["count"], older["offset"], older["total"]), (2, 1, 5))
    equal([r["order_id"] for r in older["list"]], orders[3:1:-1])
    for path in ("/orders", "/refunds", "/order/list"):
        ask(desk, "GET", path + "?status=x&from=y&count=z", 400)


# ---- the port -----------------------------------------------------------------------------------


@case
def odd_requests_get_sane_answers(desk):
    order = desk.charged_order("10")
    equal(ask(desk, "GET", "/orders/%s/" % order)["order_id"], order)
    head = desk.api.call("HEAD", "/orders/" + order)
    equal((head.status, head.body), (200, b""))
    equal(head.headers["Content-Type"].split(";")[0], "application/json")
    for method, path, status in (("OPTIONS", "/orders", 405), ("PUT", "/orders", 405),
                                 ("DELETE", "/refunds", 405), ("PATCH", "/refundMethods", 405),
                                 ("GET", "/Orders/" + order, 404), ("GET", "/ORDERS", 404),
                                 ("GET", "/orders//", 400), ("POST", "/nothing/", 404)):
        answer = desk.api.call(method, path)
        equal(answer.status, status, "%s %s %s" % (method, path, answer))
        assert answer.json["error_code"], answer
        if status == 405:
            contains(answer.headers["Allow"], "GET")


@case
def anybody_may_read_the_description(desk):
    answer = desk.api.call("GET", "/openapi.json", key=False)
    equal((answer.status, answer.json["openapi"]), (200, "3.1.0"))
    ask(desk, "GET", "/healthz", key=False)


@case
def a_held_refund_is_cancelled(desk):
    desk.restart("hold_ms = 600000")
    order, request = desk.charged_order("400"), desk.name("cancel")
    ask(desk, "POST", "/refunds", form={"order_id": order, "unique_request_id": request, "amount": 9})
    body = ask(desk, "POST", "/refunds/%s/cancel" % request, form={})
    equal((body["status"], body["error_code"]), ("FAILURE", "CANCELLED"))
    equal(ask(desk, "GET", "/orders/" + order)["amount_refunded"], 0)


def never_answered(document):
    """Routes that no case above saw at work."""
    for path, item in document["paths"].items():
        for method in item:
            if (method.upper(), path, 200) not in SEEN and not path.startswith(ELSEWHERE):
                yield "%s %s" % (method.upper(), path)


def main():
    with Desk(sync_cool_ms="100ms") as desk:
        desk.openapi = call(desk.api_port, "GET", "/openapi.json").json
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
        unseen = [] if sys.argv[1:] else list(never_answered(desk.openapi))
    print("%s every route answers as described %s" % ("FAILED" if unseen else "ok", unseen or ""))
    finish(total + 1, failed + bool(unseen))


main()
