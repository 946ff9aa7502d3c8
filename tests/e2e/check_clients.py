#!/usr/bin/env python3
"""Requests as the vendor's public clients put them on the wire, and what those clients read in the
answers without looking whether it is there.

The bytes are written from watching the libraries: Node (chunked form, key without its colon), PHP
(curl, the older addresses), Ruby (the older addresses, status by GET), Python (JSON by httpx), and
the vendor's own curl lines."""
import base64
import json
import socket
import sys
import urllib.parse

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, run_cases, wait_until
from clients import call_raw
from desk import Desk


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


def form(fields):
    """application/x-www-form-urlencoded as PHP and Ruby write it: a space is a plus."""
    return urllib.parse.urlencode(fields).encode()


def form_percent(fields):
    """As Node's encodeURIComponent writes it: a space is %20."""
    return urllib.parse.urlencode(fields, quote_via=urllib.parse.quote).encode()


def raw(desk, head, body=b""):
    """One request, line by line as given; the server closes."""
    lines = [line.strip() for line in head.strip().splitlines()]
    return call_raw(desk.api_port, "\r\n".join(lines).encode() + b"\r\n\r\n" + body)


# ---- the clients ----------------------------------------------------------------------------------


def node(desk, method, path, fields=None, query=None, version="2019-05-07"):
    """Its http.request writes without a length: chunked, and the key has no colon."""
    path += "?" + form_percent(query).decode() if query else ""
    chunks = b""
    if method == "POST":
        data = form_percent(fields or {})
        chunks = (b"%x\r\n%s\r\n" % (len(data), data) if data else b"") + b"0\r\n\r\n"
    return raw(desk, """
        %s %s HTTP/1.1
        Content-Type: application/x-www-form-urlencoded
        User-Agent: NODEJS_SDK/1.0.0
        version: %s
        x-merchantid: %s
        Authorization: %s
        Host: 127.0.0.1:%d
        Connection: close
        %s""" % (method, path, version, desk.api.merchant, basic(desk.api.key), desk.api_port,
                 "Transfer-Encoding: chunked" if method == "POST" else ""), chunks)


def php(desk, method, path, fields=None):
    data = form(fields or {})
    if method == "GET":
        path, data = path + ("?" + data.decode() if data else ""), b""
    return raw(desk, """
        %s %s HTTP/1.1
        Host: 127.0.0.1:%d
        Authorization: %s
        User-Agent: PHP SDK/2.0.1
        Accept: */*
        version: 2016-10-27
        Connection: close
        %s""" % (method, path, desk.api_port, basic(desk.api.key + ":"),
                 "" if method == "GET" else
                 "Content-Type: application/x-www-form-urlencoded\nContent-Length: %d" % len(data)),
               data)


def ruby(desk, method, path, fields):
    data = form(fields)
    if method == "GET":
        path, data = path + "?" + data.decode(), b""
    return raw(desk, """
        %s %s HTTP/1.1
        Accept: */*; q=0.5, application/xml
        Accept-Encoding: gzip, deflate
        Version: 2017-03-16
        User-Agent: unirest-ruby/1.1
        Authorization: %s
        Connection: close
        Host: localhost
        %s""" % (method, path, basic(desk.api.key + ":"),
                 "" if method == "GET" else
                 "Content-Length: %d\nContent-Type: application/x-www-form-urlencoded" % len(data)),
               data)


def python(desk, method, path, payload=None):
    data = json.dumps(payload).encode() if payload is not None else b""
    return raw(desk, """
        %s %s HTTP/1.1
        host: 127.0.0.1:%d
        accept: application/json
        accept-encoding: gzip, deflate
        connection: close
        user-agent: python-httpx/0.28.1
        authorization: %s
        x-merchantid: %s
        x-routing-id: customer_1122
        x-request-id: mcp-tool-0123456789ab
        content-type: application/json
        %s""" % (method, path, desk.api_port, basic(desk.api.key + ":"), desk.api.merchant,
                 "content-length: %d" % len(data) if data else ""), data)


CLIENTS = (node, php, ruby, python)

# ---- what they read --------------------------------------------------------------------------------


def read_order(answer, order_id):
    """Everything that one of them takes for granted in an order."""
    equal(answer.status, 200)
    body = answer.json
    equal(body["order_id"], order_id)
    assert isinstance(body["id"], str) and isinstance(body["merchant_id"], str)
    assert isinstance(body["status"], str) and isinstance(body["status_id"], int)
    assert isinstance(body["refunded"], bool)
    # Turned into objects of their own where the key is there: never null.
    for key in ("card", "payment_gateway_response", "payment_links", "txn_detail"):
        assert key not in body or isinstance(body[key], dict), (key, body[key])
    if "card" in body:
        assert {"expiry_month", "expiry_year"} <= set(body["card"]), body["card"]
    if "refunds" in body:
        assert isinstance(body["refunds"], list) and body["refunds"], body["refunds"]
        for refund in body["refunds"]:
            assert refund["created"] and refund["status"], refund
    return body


def read_error(answer, status, code):
    """status, error_code and error_message are read from every answer that is not 2xx."""
    equal((answer.status, answer.json["error_code"]), (status, code), repr(answer))
    assert answer.json["status"] and answer.json["error_message"], answer
    return answer.json


def charged(desk, order_id):
    wait_until("%s to be charged" % order_id,
               lambda: desk.api.order(order_id).json["status"] == "CHARGED")


# ---- cases -----------------------------------------------------------------------------------------


@case
def node_creates_asks_and_refunds(desk):
    order = desk.name("node")
    made = node(desk, "POST", "/orders", {
        "order_id": order, "amount": 120.5, "customer_id": "c 1", "udf1": "a & b = c+d",
        "metadata.RAZORPAY:gateway_reference_id": "mid", "options.get_client_auth_token": "true"})
    body = read_order(made, order)
    equal((body["status"], body["udf1"], body["customer_id"]), ("NEW", "a & b = c+d", "c 1"))
    charged(desk, order)
    body = read_order(node(desk, "GET", "/orders/" + order, query={"order_id": order}), order)
    equal(body["metadata"]["RAZORPAY:gateway_reference_id"], "mid")
    request = desk.name("u")
    body = read_order(node(desk, "POST", "/orders/%s/refunds" % order,
                           {"unique_request_id": request, "amount": 20.25, "order_id": order}), order)
    equal((body["refunds"][0]["unique_request_id"], body["refunds"][0]["amount"]), (request, 20.25))
    error = read_error(node(desk, "POST", "/orders/%s/refunds" % order,
                            {"unique_request_id": request, "amount": 1}), 400, "duplicate.call")
    equal(error["error_info"]["developer_message"], error["error_message"])


@case
def node_of_a_newer_version_gets_the_newer_codes(desk):
    for version, code in (("2023-12-31", "invalid amount"), ("2024-06-01", "INVALID_AMOUNT"),
                          ("latest", "INVALID_AMOUNT"), ("", "INVALID_AMOUNT")):
        answer = node(desk, "POST", "/orders/none/refunds",
                      {"unique_request_id": "u", "amount": "undefined"}, version=version)
        read_error(answer, 400, code)


@case
def node_updates_at_an_address_that_is_none(desk):
    """That library forgets the slash: JSON all the same."""
    order = desk.charged_order("100")
    read_error(node(desk, "POST", "/orders" + order, {"udf1": "x"}), 404, "NOT_FOUND")
    body = read_order(node(desk, "POST", "/orders/" + order, {"udf1": "x"}), order)
    equal(body["udf1"], "x")


@case
def php_uses_the_older_addresses(desk):
    order, request = desk.name("php"), desk.name("u")
    body = read_order(php(desk, "POST", "/order/create", {
        "order_id": order, "amount": "100.00", "customer_email": "a b@example.com",
        "billing_address_first_name": "Juspay", "product_id": "prod 1"}), order)
    equal((body["status"], body["product_id"]), ("NEW", "prod 1"))
    charged(desk, order)
    read_order(php(desk, "POST", "/order/status", {"order_id": order}), order)
    read_order(php(desk, "POST", "/order/update", {"order_id": order, "udf1": "later"}), order)
    body = read_order(php(desk, "POST", "/order/refund", {
        "order_id": order, "unique_request_id": request, "amount": "10.00"}), order)
    equal(body["refunds"][0]["amount"], 10)
    listed = php(desk, "GET", "/order/list").json
    for key in ("list", "count", "offset", "total"):
        assert key in listed, (key, sorted(listed))
    contains([o["order_id"] for o in listed["list"]], order)


@case
def php_sends_lists_as_numbered_keys(desk):
    order = desk.charged_order("100")
    answer = php(desk, "POST", "/order/refund", {
        "order_id": order, "unique_request_id": desk.name("u"), "amount": "10",
        "metadata[tags][0]": "a", "metadata[tags][1]": "b", "metadata[by][name]": "c d"})
    equal(read_order(answer, order)["refunds"][0]["metadata"],
          {"tags": ["a", "b"], "by": {"name": "c d"}})


@case
def php_reads_every_refusal(desk):
    read_error(php(desk, "POST", "/order/status", {"order_id": "nobody"}), 404, "INVALID_ORDERID")
    read_error(php(desk, "POST", "/order/create", {"amount": "1"}), 400, "INVALID_REQUEST")
    read_error(php(desk, "POST", "/order/refund", {"order_id": "nobody", "unique_request_id": "u"}),
               400, "INVALID_ORDERID")
    read_error(php(desk, "POST", "/order/refund", {"order_id": "x"}), 400,
               "Mandatory fields are missing")
    read_error(php(desk, "POST", "/order/refund"), 400, "Mandatory fields are missing")


@case
def ruby_asks_by_get_and_refunds_by_post(desk):
    order, request = desk.name("ruby"), desk.name("u")
    read_order(ruby(desk, "POST", "/order/create", {"order_id": order, "amount": 100}), order)
    charged(desk, order)
    read_order(ruby(desk, "GET", "/order/status", {"order_id": order}), order)
    body = read_order(ruby(desk, "POST", "/order/refund", {
        "order_id": order, "unique_request_id": request, "amount": 10}), order)
    equal(body["refunds"][0]["unique_request_id"], request)
    answer = ruby(desk, "GET", "/order/status", {"order_id": "nobody"})
    read_error(answer, 404, "INVALID_ORDERID")


@case
def python_sends_json(desk):
    order, request, other = desk.name("py"), desk.name("u"), desk.name("u")
    body = read_order(python(desk, "POST", "/orders", {
        "order_id": order, "amount": "100.00", "currency": "INR", "customer_id": "c",
        "customer_email": "a@example.com", "customer_phone": "9999999999",
        "return_url": "https://shop.example/back", "metadata.webhook_url": "x",
        "options.get_client_auth_token": "true"}), order)
    equal(body["status"], "NEW")
    charged(desk, order)
    read_order(python(desk, "GET", "/orders/" + order), order)
    body = read_order(python(desk, "POST", "/orders/%s/refunds" % order,
                             {"unique_request_id": request, "amount": "50.00"}), order)
    txn = body["refunds"][0]["txn_id"]
    flat = python(desk, "POST", "/refunds",
                  {"txn_id": txn, "unique_request_id": other, "amount": "25.50"})
    equal((flat.status, flat.json["unique_request_id"], flat.json["amount"], flat.json["txn_id"]),
          (200, other, 25.5, txn))
    read_error(python(desk, "POST", "/orders/%s/refunds" % order,
                      {"unique_request_id": request, "amount": "50.00"}), 400,
               "REFUND_DUPLICATE_REQUEST")


@case
def the_vendors_own_curl_lines(desk):
    order, key = desk.charged_order("400"), basic(desk.api.key + ":")
    body = b"unique_request_id=xyz123-%s&amount=100.00" % order.encode()
    answer = raw(desk, """
        POST /orders/%s/refunds HTTP/1.1
        Host: 127.0.0.1
        Authorization: %s
        User-Agent: curl/7.88.1
        Accept: */*
        version:2023-06-30
        x-routing-id: customer_1122
        Content-Type: application/x-www-form-urlencoded
        x-merchantid: %s
        Content-Length: %d
        Connection: close""" % (order, key, desk.api.merchant, len(body)), body)
    equal(read_order(answer, order)["refunds"][0]["amount"], 100)
    # As printed there is a comma missing: told where.
    details = """ {
        "details": {
            "first_name": "John",
            "last_name" : "Wick"
            "account": "026687138997581",
            "bank_code": "JP_MY_PUBLIC" }
        , "transfer_type" : "LOCAL" , "payout_mode" : "FAST" , "type": "BANK_TRANSFER" }"""
    body = ("unique_request_id=rfd_1234-%s&amount=98.20&txn_id=%s&refund_type=PAYOUT"
            "&beneficiary_details=%s" % (order, desk.txn(order)["txn_id"], details)).encode()
    answer = raw(desk, """
        POST /refunds HTTP/1.1
        Host: 127.0.0.1
        Authorization: %s
        Content-Type: application/x-www-form-urlencoded
        x-merchantid: %s
        Content-Length: %d
        Connection: close""" % (key, desk.api.merchant, len(body)), body)
    fault = read_error(answer, 400, "INVALID")["error_info"]["fields"][0]
    equal(fault["field_name"], "beneficiary_details")
    assert any(c.isdigit() for c in fault["reason"]), fault


@case
def who_is_not_let_in_is_told_so_that_every_client_understands(desk):
    key, desk.api.key = desk.api.key, "wrong"
    try:
        for client in CLIENTS:
            error = read_error(client(desk, "GET", "/orders/x") if client is not ruby else
                               ruby(desk, "GET", "/orders/x", {"a": "b"}), 401, "access_denied")
            equal(error["status"], "error")
    finally:
        desk.api.key = key


@case
def a_body_needs_no_content_type(desk):
    order = desk.charged_order("100")
    for text in ("unique_request_id=%s&amount=1" % desk.name("u"),
                 '{"unique_request_id":"%s","amount":2}' % desk.name("u"),
                 ' \n{"unique_request_id":"%s","amount":3}' % desk.name("u")):
        answer = raw(desk, """
            POST /orders/%s/refunds HTTP/1.1
            Host: 127.0.0.1
            Authorization: %s
            Content-Length: %d
            Connection: close""" % (order, basic(desk.api.key), len(text)), text.encode())
        equal(answer.status, 200, text)
    kinds = ("Application/JSON; Charset=UTF-8", 'application/json;charset="utf-8"',
             "application/json ; charset=utf-8")
    for i, kind in enumerate(kinds):
        text = '{"unique_request_id":"%s","amount":"%d.5"}' % (desk.name("u"), i + 1)
        equal(desk.api.call("POST", "/orders/%s/refunds" % order, js=text,
                            headers={"Content-Type": kind}).status, 200, kind)


@case
def a_client_that_asks_first_may_go_on(desk):
    """curl sends Expect: 100-continue before a longer body."""
    order = desk.charged_order("100")
    body = form({"unique_request_id": desk.name("u"), "amount": "1", "metadata[long]": "x" * 2000})
    with socket.create_connection(("127.0.0.1", desk.api_port), 30) as s:
        s.sendall(("POST /orders/%s/refunds HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s\r\n"
                   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"
                   "Expect: 100-continue\r\nConnection: close\r\n\r\n" % (
                       order, basic(desk.api.key), len(body))).encode())
        equal(s.recv(25, socket.MSG_WAITALL), b"HTTP/1.1 100 Continue\r\n\r\n")
        s.sendall(body)
        answer = b""
        while True:
            piece = s.recv(65536)
            if not piece:
                break
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer[:200]


def main():
    with Desk() as desk:
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
