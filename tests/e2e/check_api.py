#!/usr/bin/env python3
"""The API over real HTTP: orders, refunds, errors, keys; and what lighttpd itself answers."""
import base64
import re
import sys
import time

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, in_parallel, run_cases, wait_until
from clients import Portal, call, call_raw
from desk import Desk

REVOKED_WITHIN_S = 5
PARALLEL = 64

# The vendor's Refund Order API, "Sample Response". payment_links are echoed only where they were
# told, and of `card` what the payment system told.
ORDER_FIELDS = {
    "udf1", "udf2", "udf3", "udf4", "udf5", "udf6", "udf7", "udf8", "udf9", "udf10", "txn_uuid",
    "txn_id", "txn_detail", "status_id", "status", "rewards_breakup", "return_url", "refunds",
    "refunded", "product_id", "payment_method_type", "payment_method", "payment_gateway_response",
    "order_id", "offers", "metadata", "merchant_id", "id", "gateway_reference_id", "gateway_id",
    "effective_amount", "date_created", "customer_phone", "customer_id", "customer_email",
    "currency", "card", "bank_pg", "bank_error_message", "bank_error_code", "auth_type",
    "amount_refunded", "amount",
}
CARD_FIELDS = {
    "using_token", "using_saved_card", "saved_to_locker", "name_on_card", "last_four_digits",
    "expiry_year", "expiry_month", "card_type", "card_reference", "card_issuer", "card_isin",
    "card_fingerprint", "card_brand"}
TXN_DETAIL_FIELDS = {
    "txn_uuid", "txn_id", "txn_amount", "tax_amount", "surcharge_amount", "status", "redirect",
    "order_id", "net_amount", "gateway_id", "gateway", "express_checkout", "error_message",
    "error_code", "currency", "created",
}
GATEWAY_RESPONSE_FIELDS = {
    "txn_id", "rrn", "resp_message", "resp_code", "epg_txn_id", "created", "auth_id_code",
}
REFUND_FIELDS = {
    "unique_request_id", "status", "sent_to_gateway", "refund_type", "refund_source", "ref",
    "initiated_by", "id", "error_message", "error_code", "created", "amount",
}
ERROR_INFO_FIELDS = {
    "user_message", "developer_message", "request_id", "href", "code", "category", "cause",
    "fields",
}
SECURITY_HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options",
                    "Referrer-Policy", "Cross-Origin-Resource-Policy", "Cache-Control")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def has_fields(got, wanted, what):
    assert wanted <= set(got), "%s has no %s" % (what, sorted(wanted - set(got)))


# ---- orders -------------------------------------------------------------------------------------


@case
def an_order_by_form_is_new_and_soon_charged(desk):
    order = desk.name("order")
    answer = desk.api.create(order, "499.99", customer_id="c 1", udf3="grün & <b>")
    equal(answer.status, 200)
    body = answer.json
    equal((body["status"], body["status_id"], body["order_id"]), ("NEW", 10, order))
    equal((body["amount"], body["currency"], body["udf3"]), (499.99, "INR", "grün & <b>"))
    # It waited for the charge, so that it is there when one asks right after.
    body = desk.api.order(order).json
    equal((body["status"], body["status_id"]), ("CHARGED", 21))


@case
def an_order_by_json_is_the_same(desk):
    order = desk.name("order")
    answer = desk.api.call("POST", "/orders", js={
        "order_id": order, "amount": 120.5, "currency": "USD", "customer_email": "a@example.com",
        "metadata": {"RAZORPAY:gateway_reference_id": "mid"}})
    equal((answer.status, answer.json["status"]), (200, "NEW"))
    contains(answer.text, '"amount":120.5,')
    body = wait_until("the charge", lambda: (lambda b: b["status"] == "CHARGED" and b)(
        desk.api.order(order).json))
    equal((body["currency"], body["customer_email"]), ("USD", "a@example.com"))
    equal(body["metadata"], {"RAZORPAY:gateway_reference_id": "mid"})


@case
def the_sandbox_rule_decides(desk):
    failing, pending = desk.name("order"), desk.name("order")
    desk.api.create(failing, "500")
    desk.api.create(pending, "700")
    wait_until("the failure", lambda: desk.api.order(failing).json["status_id"] == 27)
    wait_until("pending", lambda: desk.api.order(pending).json["status_id"] in (28, 21))
    wait_until("the late charge", lambda: desk.api.order(pending).json["status"] == "CHARGED")
    refused = desk.api.refund(failing, "u", "1")
    equal((refused.status, refused.json["error_code"]), (400, "UNSUCCESSFUL_ORDER_PROCESS_FAILURE"))


@case
def the_same_order_again_is_the_same_order(desk):
    order = desk.charged_order("100")
    again = desk.api.create(order.upper(), "100.00")
    equal((again.status, again.json["order_id"], again.json["status"]), (200, order, "CHARGED"))
    other = desk.api.create(order, "101")
    equal((other.status, other.json["error_code"]), (400, "INVALID_REQUEST"))
    equal(desk.api.create(order, "100", currency="USD").status, 400)
    equal(desk.one("SELECT count(*) AS n FROM orders WHERE order_key = lower(?)", order)["n"], 1)


@case
def bad_orders_name_each_field(desk):
    answer = desk.api.call("POST", "/orders", form={"amount": "1e3", "product_id": "x" * 65})
    equal(answer.status, 400)
    body = answer.json
    equal((body["status"], body["error_code"]), ("Bad Request", "INVALID_REQUEST"))
    equal({f["field_name"] for f in body["error_info"]["fields"]},
          {"order_id", "amount", "product_id"})
    equal(desk.api.create(desk.name("order"), "1", currency="XXQ").status, 400)
    for bad in ("a b", "a/b", "..", "x" * 256, "é"):
        equal(desk.api.create(bad, "1").status, 400, bad)


@case
def an_order_shows_every_field_of_the_vendors_sample(desk):
    order, request = desk.charged_order("100"), desk.name("u")
    equal(desk.api.refund(order, request, "40").status, 200)
    desk.ended(request)
    answer = desk.api.order(order)
    body = answer.json
    has_fields(body, ORDER_FIELDS, "the order")
    has_fields(body["txn_detail"], TXN_DETAIL_FIELDS, "txn_detail")
    has_fields(body["payment_gateway_response"], GATEWAY_RESPONSE_FIELDS, "the gateway's response")
    equal(len(body["refunds"]), 1)
    has_fields(body["refunds"][0], REFUND_FIELDS, "the refund")
    assert "payment_links" not in body, "links were invented"
    equal(set(body["card"]), CARD_FIELDS, "a client reads every member without looking")
    equal((body["card"]["card_brand"], body["card"]["expiry_year"]), ("VISA", ""))
    for moment in (body["date_created"], body["txn_detail"]["created"],
                   body["refunds"][0]["created"], body["payment_gateway_response"]["created"]):
        assert ISO.fullmatch(moment), moment
    equal(body["txn_id"], "%s-%s-1" % (desk.api.merchant, order))
    equal((body["amount"], body["effective_amount"], body["amount_refunded"]), (100, 100, 40))
    equal((body["status"], body["refunded"]), ("CHARGED", False))
    contains(answer.text, '"amount_refunded":40,')


# ---- refunds ------------------------------------------------------------------------------------


@case
def a_refund_goes_out_once_and_succeeds(desk):
    order, request = desk.charged_order("100"), desk.name("u")
    answer = desk.api.refund(order, request, "60.50")
    equal(answer.status, 200)
    refund = answer.json["refunds"][0]
    equal((refund["unique_request_id"], refund["amount"]), (request, 60.5))
    equal((refund["initiated_by"], refund["refund_type"]), ("API", "STANDARD"))
    equal(desk.ended(request)["status"], "SUCCESS")
    refund = desk.api.order(order).json["refunds"][0]
    rows = desk.ledger(request)
    equal(len(rows), 1)
    equal((rows[0]["amount_minor"], rows[0]["currency"], rows[0]["calls"]), (6050, "INR", 1))
    equal((refund["status"], refund["sent_to_gateway"]), ("SUCCESS", True))
    equal((refund["ref"], refund["arn"]), (rows[0]["refund_id"], rows[0]["arn"]))
    equal((desk.txn(order)["held_minor"], desk.txn(order)["refunded_minor"]), (6050, 6050))


@case
def parts_then_all_that_is_left_then_nothing(desk):
    order = desk.charged_order("100")
    requests = [desk.name("u") for _ in range(4)]
    equal(desk.api.refund(order, requests[0], "10").status, 200)
    equal(desk.api.call("POST", "/orders/%s/refunds" % order,
                        js={"unique_request_id": requests[1], "amount": 20.25}).status, 200)
    too_much = desk.api.refund(order, desk.name("u"), "69.76")
    equal((too_much.status, too_much.json["error_code"]), (400, "INVALID_AMOUNT_REFUND"))
    everything = desk.api.refund(order, requests[2])
    equal(everything.status, 200)
    equal((everything.json["amount_refunded"], everything.json["refunded"]), (100, True))
    nothing = desk.api.refund(order, requests[3])
    equal((nothing.status, nothing.json["error_code"]), (400, "INVALID_AMOUNT_REFUND"))
    for request, minor in zip(requests[:3], (1000, 2025, 6975)):
        equal(desk.ended(request)["status"], "SUCCESS")
        equal([r["amount_minor"] for r in desk.ledger(request)], [minor])
    equal(desk.calls(requests[3]), 0)
    txn = desk.txn(order)
    equal((txn["held_minor"], txn["refunded_minor"]), (10000, 10000))
    equal([r["unique_request_id"] for r in desk.api.order(order).json["refunds"]],
          requests[2::-1])


@case
def a_repeated_request_id_is_an_error(desk):
    order, request = desk.charged_order("100"), desk.name("u")
    desk.simgate.fault("pending", match={"unique_request_id": request}, ms=1500)
    equal(desk.api.refund(order, request, "10").status, 200)
    twin = desk.api.refund(order, request, "11").json
    equal(twin["error_message"], "A refund request is already being processed for this unique "
          "request id and order id combination")
    equal(desk.ended(request)["status"], "SUCCESS")
    twin = desk.api.refund(order, request, "11").json
    equal(twin["error_message"],
          "A refund has already been processed for this order with this unique request id")
    equal((twin["error_code"], twin["error_info"]["cause"]), ("REFUND_DUPLICATE_REQUEST",) * 2)
    # The same id on another order is another refund.
    other = desk.charged_order("100")
    equal(desk.api.refund(other, request, "12").status, 200)


@case
def as_many_as_want_all_get_it_once(desk):
    order = desk.charged_order("400")
    requests = [desk.name("u") for _ in range(PARALLEL)]
    answers = in_parallel(PARALLEL, lambda i: desk.api.refund(order, requests[i]))
    accepted = [i for i, a in enumerate(answers) if a.status == 200]
    equal(len(accepted), 1)
    for answer in (a for i, a in enumerate(answers) if i not in accepted):
        equal(answer.status, 400)
        equal(answer.json["status"], "ERROR")
        contains(("INVALID_AMOUNT_REFUND", "REFUND_DUPLICATE_REQUEST"), answer.json["error_code"])
    winner = requests[accepted[0]]
    equal(desk.ended(winner)["status"], "SUCCESS")
    equal(sum(len(desk.ledger(r)) for r in requests), 1)
    equal([r["amount_minor"] for r in desk.ledger(winner)], [40000])
    txn = desk.txn(order)
    equal((txn["held_minor"], txn["refunded_minor"]), (40000, 40000))
    equal(len(desk.api.order(order).json["refunds"]), 1)


@case
def as_many_with_one_request_id_make_one_refund(desk):
    order, request = desk.charged_order("400"), desk.name("u")
    answers = in_parallel(PARALLEL, lambda i: desk.api.refund(order, request, "%d" % (i + 1)))
    equal(sorted(a.status for a in answers), [200] + [400] * (PARALLEL - 1))
    for answer in answers:
        if answer.status == 400:
            equal(answer.json["error_code"], "REFUND_DUPLICATE_REQUEST")
    equal(desk.ended(request)["status"], "SUCCESS")
    equal(len(desk.ledger(request)), 1)


@case
def parallel_parts_never_pass_the_ceiling(desk):
    order = desk.charged_order("100")
    requests = [desk.name("u") for _ in range(24)]
    answers = in_parallel(24, lambda i: desk.api.refund(order, requests[i], "9.%02d" % (50 + i)))
    accepted = {r for r, a in zip(requests, answers) if a.status == 200}
    equal({a.status for a in answers}, {200, 400})
    for request in accepted:
        equal(desk.ended(request)["status"], "SUCCESS")
    equal(len(accepted), 10)
    txn = desk.txn(order)
    equal(txn["refunded_minor"], sum(desk.ledger(r)[0]["amount_minor"] for r in accepted))
    assert txn["refunded_minor"] <= 10000, txn
    equal(sum(len(desk.ledger(r)) for r in requests), len(accepted))


# ---- errors -------------------------------------------------------------------------------------


@case
def refusals_speak_the_family_of_their_version(desk):
    order = desk.charged_order("100")
    wanted = (  # amount, upper-case code, dotted code, message
        ("1e3", "INVALID_AMOUNT", "invalid amount", "Amount is invalid"),
        ("-1", "INVALID_AMOUNT", "invalid amount", "Amount is invalid"),
        ("", "INVALID_AMOUNT", "invalid amount", "Amount is invalid"),
        ("1.005", "INVALID_AMOUNT", "invalid amount", "Amount is invalid"),
        ("0.99", "INVALID_AMOUNT", "invalid amount",
         "Refund cannot be initiated with amount lesser than Rs.1"),
        ("100.01", "INVALID_AMOUNT_REFUND", "invalid.amount.exceeded",
         "Refund amount exceeds the total refundable amount"),
    )
    for amount, upper, dotted, message in wanted:
        for version, code in ((None, upper), ("2024-01-01", upper), ("soon", upper),
                              ("2023-12-31", dotted), ("2023-06-30", dotted)):
            answer = desk.api.refund(order, desk.name("u"), amount,
                                     headers={"version": version} if version else {})
            body = answer.json
            equal((answer.status, body["status"], body["status_id"]), (400, "ERROR", -1))
            equal((body["error_code"], body["error_message"]), (code, message), amount)
            info = body["error_info"]
            has_fields(info, ERROR_INFO_FIELDS, "error_info")
            equal(info["cause"], upper)
            equal((info["code"], info["category"], info["href"]), ("INVALID_INPUT", "USER_ERROR", "NA"))
            equal(info["developer_message"], message)
            assert UUID.fullmatch(info["request_id"]), info
    assert "refunds" not in desk.api.order(order).json


@case
def a_missing_request_id_is_told_in_both_families(desk):
    order = desk.charged_order("100")
    path = "/orders/%s/refunds" % order
    upper = desk.api.call("POST", path, form={"amount": "1"})
    equal((upper.status, upper.json["error_code"], upper.json["status"]), (400, "INVALID", "ERROR"))
    dotted = desk.api.call("POST", path, form={"amount": "1"}, headers={"version": "2023-06-30"})
    equal((dotted.json["status"], dotted.json["error_code"]),
          ("Bad Request", "Mandatory fields are missing"))
    equal(dotted.json["error_info"]["cause"], "INVALID")


@case
def unknown_orders_are_told_in_their_own_bodies(desk):
    got = desk.api.order("nobody")
    equal(got.status, 404)
    equal({k: got.json[k] for k in ("status", "status_id", "order_id")},
          {"status": "NOT_FOUND", "status_id": 40, "order_id": "nobody"})
    upper = desk.api.refund("nobody", "u", "1")
    equal((upper.status, upper.json["error_code"], upper.json["error_message"]),
          (400, "INVALID_ORDERID", "Not found"))
    dotted = desk.api.refund("nobody", "u", "1", headers={"version": "2023-06-30"})
    equal((dotted.status, dotted.json["status"], dotted.json["status_id"]), (400, "NOT_FOUND", 40))


@case
def what_is_no_request_of_ours_is_json_too(desk):
    order = desk.charged_order("100")
    path = "/orders/%s/refunds" % order
    equal(desk.api.call("GET", "/nothing").status, 404)
    wrong_method = desk.api.call("DELETE", "/orders/" + order)
    equal((wrong_method.status, wrong_method.headers["Allow"]), (405, "GET, HEAD, POST"))
    text = desk.api.call("POST", path, headers={"Content-Type": "text/plain"}, js="{}")
    equal(text.status, 415)
    for answer in (desk.api.call("GET", "/nothing"), wrong_method, text):
        equal((answer.json["status"], answer.json["status_id"]), ("ERROR", -1))
    for bad in ("{", "[]", '{"a":1', '{"amount":1}{', '{"unique_request_id":"u","amount":NaN}',
                b'{"amount":"\xff"}'):
        answer = desk.api.call("POST", path, js=bad)
        equal((answer.status, answer.json["error_code"]), (400, "INVALID"), repr(bad))
    equal(desk.txn(order)["held_minor"], 0)


@case
def bodies_have_a_ceiling(desk):
    limit = 256 << 10
    def body(n):
        return "order_id=x&amount=1&udf1=" + "y" * (n - 25)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    def post(n):
        return call(desk.api_port, "POST", "/orders", body(n),
                    dict(form, **desk.api.authorization()))
    equal(len(body(limit)), limit)
    equal(post(limit).status, 400)  # it was read, and udf1 is too long
    for n in (limit + 1, 288 << 10, (288 << 10) + 1, 1 << 20):
        answer = post(n)
        equal((answer.status, answer.json["status"]), (413, "ERROR"), "%d bytes" % n)


@case
def a_chunked_body_is_a_body(desk):
    order, request = desk.charged_order("100"), desk.name("u")
    text = ('{"unique_request_id":"%s","amount":"12.34"}' % request).encode()
    pieces = (text[i:i + 7] for i in range(0, len(text), 7))
    answer = call(desk.api_port, "POST", "/orders/%s/refunds" % order, pieces,
                  dict(desk.api.authorization(), **{"Content-Type": "application/json; charset=utf-8",
                                                    "Transfer-Encoding": "chunked"}), chunked=True)
    equal(answer.status, 200)
    equal(desk.ended(request)["amount_minor"], 1234)


# ---- keys and headers -----------------------------------------------------------------------------


@case
def who_has_no_key_gets_nowhere(desk):
    key = desk.api.key
    for headers in ({}, {"Authorization": "Bearer " + key}, {"Authorization": "Basic"},
                    {"Authorization": "Basic !!!"}, desk.api.authorization(key + "x:"),
                    desk.api.authorization(key + ":password"), desk.api.authorization(":"),
                    desk.api.authorization(key[:-1])):
        for method, path in (("GET", "/orders/x"), ("POST", "/orders"), ("POST", "/orders/x/refunds")):
            answer = desk.api.call(method, path, headers=headers, key=False)
            equal((answer.status, answer.json["status"], answer.json["error_code"]),
                  (401, "error", "access_denied"), repr(headers))
            contains(answer.headers["WWW-Authenticate"], "Basic")


@case
def a_key_is_taken_with_and_without_its_colon(desk):
    order = desk.charged_order("100")
    for text in (desk.api.key, desk.api.key + ":"):
        equal(desk.api.call("GET", "/orders/" + order,
                            headers=desk.api.authorization(text)).status, 200)
    code = base64.b64encode((desk.api.key + ":").encode()).decode()
    for name in ("authorization", "AUTHORIZATION", "Authorization"):
        for scheme in ("Basic", "basic", "BASIC"):
            equal(desk.api.call("GET", "/orders/" + order, key=False,
                                headers={name: scheme + " " + code}).status, 200)


@case
def a_merchant_header_in_any_case_must_be_ours(desk):
    order = desk.charged_order("100")
    for name in ("x-merchantid", "X-MerchantId", "X-MERCHANTID", "x-merchant-id", "X-Merchant-Id"):
        for value, status in ((desk.api.merchant, 200), ("another", 401),
                              (desk.api.merchant.upper(), 401)):
            equal(desk.api.call("GET", "/orders/" + order, headers={name: value}).status, status,
                  "%s: %s" % (name, value))
    # A twin in another spelling does not hide it.
    for twin in ("X_Merchantid", "X-MERCHANTID"):
        answer = call_raw(desk.api_port, (
            "GET /orders/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            "Authorization: %s\r\nx-merchantid: %s\r\n%s: another\r\n\r\n" % (
                order, desk.api.authorization()["Authorization"], desk.api.merchant, twin)).encode())
        contains((400, 401), answer.status, twin)
    equal(desk.api.call("GET", "/orders/" + order, headers={"x-routing-id": "c1"}).status, 200)


@case
def a_key_does_what_its_scopes_say(desk):
    order = desk.charged_order("100")
    reader = desk.ctl("api-key", "add", "reader", "--scopes", "read").strip()
    headers = desk.api.authorization(reader + ":")
    equal(desk.api.call("GET", "/orders/" + order, headers=headers).status, 200)
    for method, path in (("POST", "/orders"), ("POST", "/orders/%s/refunds" % order)):
        answer = desk.api.call(method, path, headers=headers)
        equal((answer.status, answer.json["status"]), (403, "ERROR"))


@case
def a_revoked_key_is_refused_within_seconds(desk):
    key = desk.ctl("api-key", "add", "leaked").strip()
    headers = desk.api.authorization(key + ":")

    def status():
        return desk.api.call("GET", "/orders/nobody", headers=headers).status

    equal(status(), 404)
    line = [l for l in desk.ctl("api-key", "list").splitlines() if l.endswith(" leaked")]
    equal(len(line), 1)
    desk.ctl("api-key", "revoke", line[0].split()[0])
    revoked = time.monotonic()
    wait_until("the key to be refused", lambda: status() == 401, REVOKED_WITHIN_S)
    assert time.monotonic() - revoked < REVOKED_WITHIN_S
    equal(status(), 401)


# ---- what lighttpd itself answers -----------------------------------------------------------------

BROKEN = {  # requests that reach no program of ours
    "no HTTP": b"HELLO\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nnonsense\r\n\r\n",
    "two lengths": b"POST /orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n"
                   b"Content-Length: 2\r\n\r\nab",
    "length and chunks": b"POST /orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a hidden slash": b"GET /orders%2fx HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    "a step up": b"GET /orders/../x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    "a control byte": b"GET /orders/a%00b HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    "a huge header": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Big: " + b"x" * 20000 + b"\r\n\r\n",
}


def answers_to_broken(port):
    for what, request in BROKEN.items():
        yield what, call_raw(port, request)
    yield "a huge body", call_raw(port, b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                  b"Content-Length: 10000000\r\n\r\n")


@case
def the_api_port_never_answers_but_in_json(desk):
    for what, answer in answers_to_broken(desk.api_port):
        assert 400 <= answer.status < 500, (what, answer)
        equal((answer.json["status"], answer.json["status_id"]), ("ERROR", -1), what)
        for name in SECURITY_HEADERS:
            assert answer.headers[name], (what, name)
    for path in ("/", "/static/css/desk.css", "/login"):
        answer = desk.api.call("GET", path)
        equal((answer.status, answer.json["status"]), (404, "ERROR"))


@case
def the_portal_port_answers_in_pages_with_security_headers(desk):
    answers = list(answers_to_broken(desk.portal_port))
    for path in ("/nothing", "/static/nothing.css", "/static/vendor/nothing.js"):
        answer = Portal(desk.portal_port).call("GET", path)
        equal(answer.status, 404, path)
        answers.append((path, answer))
    answers.append(("the login", Portal(desk.portal_port).call("GET", "/login")))
    for what, answer in answers:
        equal(answer.headers["Content-Type"], "text/html; charset=utf-8", what)
        contains(answer.text.lower(), "<!doctype html>", what)
        for name in SECURITY_HEADERS + ("Cross-Origin-Opener-Policy", "Permissions-Policy"):
            assert answer.headers[name], (what, name)
        assert "unsafe" not in answer.headers["Content-Security-Policy"], what
        assert not answer.headers.get("Server"), what


def main():
    with Desk() as desk:
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
