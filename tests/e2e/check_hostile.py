#!/usr/bin/env python3
"""Hostile bodies against every POST route of the API: each is refused in JSON with a 4xx, changes
nothing in the database, and the process lives."""
import os
import re
import sys

sys.dont_write_bytecode = True

from cases import case, equal, finish, run_cases
from clients import call
from desk import Desk

SOURCE = os.environ.get("SRCDIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LEAST_BODIES = 200

# ---- bodies that no route can read --------------------------------------------------------------

WHOLE = b'{"order_id":"x","amount":"1.00","unique_request_id":"u","metadata":{"a":[1,true,null]}}'


def cut_json():
    return [("JSON cut after %d bytes" % n, WHOLE[:n]) for n in range(1, len(WHOLE))]


def nested(n, opening, closing):
    return opening * n + b"1" + closing * n


def members(n):
    return b"{" + b",".join(b'"f%d":1' % i for i in range(n)) + b"}"


BAD_JSON = [(text.decode("utf-8", "replace"), text) for text in (
    b"[]", b"null", b"true", b"1", b'"text"', b"[{}]", b"{}{}", b"{} x", b"{},", b"nul", b"undefined",
    b"{'a':1}", b"{a:1}", b'{"a":1,}', b'{,"a":1}', b'{"a" 1}', b'{"a":}', b'{:1}', b"{1:1}",
    b"{null:1}", b'{"a":1;"b":2}', b'{"a":1 "b":2}', b'{"a":[1,]}', b'{"a":[,1]}', b'{"a":[1 2]}',
    b'{"a":1}//', b'/**/{"a":1}', b'{"a":undefined}', b'{"a":True}', b'{"a":nil}', b'{"a":\'b\'}',
    b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":+1}', b'{"a":01}', b'{"a":0x10}',
    b'{"a":1.}', b'{"a":.5}', b'{"a":1e}', b'{"a":1e+}', b'{"a":--1}', b'{"a":1_000}', b'{"a":-}',
    b'{"a":"\\x41"}', b'{"a":"\\u12"}', b'{"a":"\\u00zz"}', b'{"a":"\\u0000"}', b'{"\\u0000":1}',
    b'{"a":"\\ud800"}', b'{"a":"\\udc00\\ud800"}', b'{"a":"\\"}', b'{"a":"b\tc"}', b'{"a":"b\nc"}',
    b'{"a":"b\x00c"}', b'{"a\x00":1}', b'{"a":1}\x00', b'\x00{"a":1}', b'{"a":"\x1f"}',
    b'{"a":"\xff"}', b'{"a":"\xc0\x80"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xf5\x80\x80\x80"}',
    b'{"a":"\xe2\x82"}', b'{"\xff":1}', b'\xef\xbb\xbf{"a":1}', b'{"a":1,"a":2}', b'{"a":1,"a":1}',
    b'{"a":1,"\\u0061":2}', b'{"x":{"a":1,"a":2}}', b'{"x":[{"a":1,"a":2}]}',
)] + [
    ("UTF-16, small end first", WHOLE.decode().encode("utf-16-le")),
    ("UTF-16, big end first", WHOLE.decode().encode("utf-16-be")),
    ("UTF-32", WHOLE.decode().encode("utf-32-le")),
    ("arrays 17 deep", b'{"a":' + nested(17, b"[", b"]") + b"}"),
    ("arrays 1,000 deep", b'{"a":' + nested(1000, b"[", b"]") + b"}"),
    ("arrays 100,000 deep", b'{"a":' + nested(100000, b"[", b"]") + b"}"),
    ("arrays 100,000 deep and open", b'{"a":' + b"[" * 100000),
    ("objects 1,000 deep", nested(1000, b'{"a":', b"}")),
    ("objects 20,000 deep and open", b'{"a":' * 20000),
    ("10,000 members", members(10000)),
    ("10,000 elements", b'{"a":[' + b",".join([b"1"] * 10000) + b"]}"),
    ("10,000 of the same member", b"{" + b",".join([b'"a":1'] * 10000) + b"}"),
    ("white space alone", b" \t\r\n" * 50),
    ("a web page", b"<!doctype html><title>x</title>"),
    ("a zip", b"PK\x03\x04" + bytes(range(256))),
]

# JSON that is sound, but not as fields: what takes JSON as it stands (a webhook) may take it.
BAD_FIELDS = [
    ("a value and a parent", b'{"a":{"b":1},"a.b":2}'),
    ("a parent and a value", b'{"a.b":2,"a":{"b":1}}'),
    ("401 members", members(401)),
    ("a name of 256 bytes", b'{"' + b"n" * 256 + b'":1}'),
    ("a name of 100,000 bytes", b'{"' + b"n" * 100000 + b'":1}'),
    ("a value of 65,537 bytes", b'{"a":"' + b"v" * 65537 + b'"}'),
    ("a number of 100,000 digits", b'{"a":' + b"9" * 100000 + b"}"),
]

BAD_FORMS = [(text.decode("utf-8", "replace"), text) for text in (
    b"%", b"%z", b"%zz=1", b"a=%", b"a=%4", b"a=%4g", b"a=%%41", b"a=%u0041", b"%00=1", b"a=%00",
    b"a=b\x00c", b"\x00", b"a=\xff", b"a=%ff", b"%ff=1", b"a=%c0%80", b"a=%ed%a0%80",
    b"a=%f5%80%80%80", b"a=%e2%82", b"a=1&a=2", b"a=1&a=1", b"a=1&%61=2", b"a&a", b"a=1&b=2&a=3",
    b"a=1&a[b]=2", b"a[b]=2&a=1", b"a=1&a.b=2", b"a.b=1&a[b]=2", b"a[b]=1&a[b]=2", b"a[b]=1&a[b][c]=2",
    b"[", b"]", b"[]=1", b"[a]=1", b"a[=1", b"a]=1", b"a[b=1", b"a[b]c=1", b"a[b][=1", b"a[[b]]=1",
    b"a[b[c]]=1", b"a..b=1", b".a=1", b"a.=1", b".=1", b"a[.]=1", b"=1", b"=", b"a%0d%0a=1",
    b"a%09b=1", b"a%7f=1", b"a%5b=1", b"a%5b%5d%5d=1",
)] + [
    ("401 fields", b"&".join(b"f%d=1" % i for i in range(401))),
    ("10,000 fields", b"&".join(b"f%d=1" % i for i in range(10000))),
    ("10,000 of one list", b"&".join([b"a[]=1"] * 10000)),
    ("17 brackets", b"a" + b"[b]" * 17 + b"=1"),
    ("1,000 brackets", b"a" + b"[b]" * 1000 + b"=1"),
    ("80,000 open brackets", b"a" + b"[" * 80000),
    ("a name of 256 bytes", b"n" * 256 + b"=1"),
    ("a name of 100,000 bytes", b"n" * 100000 + b"=1"),
    ("a value of 65,537 bytes", b"a=" + b"v" * 65537),
    ("100,000 percent signs", b"%" * 100000),
]

BAD_TYPES = [("declared as " + kind, kind, b"order_id=x&amount=1") for kind in (
    "text/plain", "text/xml", "multipart/form-data; boundary=x", "application/octet-stream",
    "application/jsonp", "application/json-seq", "application", "/", "*/*", "image/png", ";", "x",
    "application/json, application/json", "application/x-www-form-urlencoded2")]

SYNTAX = ([("JSON: " + what[:60], JSON, body) for what, body in cut_json() + BAD_JSON] +
          [("JSON fields: " + what, JSON, body) for what, body in BAD_FIELDS] +
          [("form: " + what[:60], FORM, body) for what, body in BAD_FORMS] +
          BAD_TYPES)

# ---- fields that cannot be used -----------------------------------------------------------------

NO_TEXT = ("true", "false", "[]", "{}", '["a"]', '{"a":"b"}', "[[[[]]]]")
NO_AMOUNT = NO_TEXT + tuple('"%s"' % text for text in (
    "", " ", "1e3", "1,000.00", "+1", "-1", "-0", ".5", "5.", "0x10", "1.005", "0", "0.00", "1 ", " 1",
    "\\u0663", "1\\u0000", "NaN", "Infinity", "1/2", "1;2", "9" * 400, "0." + "0" * 400 + "1",
    "1'--", "\\r\\nSet-Cookie: a=b")) + (
        "1e3", "-1", "0", "0.0", "1.005", "1E400", "-0", "9" * 400, "99999999999999999999", "1e-2",
        "null")
NO_ID = NO_TEXT + tuple('"%s"' % text for text in (
    "", "x" * 256, "x" * 60000, "\\r\\nSet-Cookie: a=b", "a\\tb", "\\u007f", "\\u00e9", "\\u202e",
    "\\ud83d\\ude00"))
NO_ORDER_ID = NO_ID + ('"."', '".."', '"a/b"', '"a b"', '"a?b"', '"a#b"', '"a%b"', '"a\\\\b"')
NO_OBJECT = ("true", "1", "[]", '"x"', '"{"', '"[1]"', '"null"', '["a"]')
NO_WORD = NO_TEXT + ('"x"', '"standard"', '"STANDARD "', '"' + "S" * 60000 + '"', "1")

# A good request of a route, of which one field at a time is spoilt.
FIELDS = {
    "/orders": {"order_id": NO_ORDER_ID, "amount": NO_AMOUNT, "currency": NO_WORD,
                "customer_id": NO_TEXT, "customer_email": NO_TEXT, "udf1": NO_TEXT,
                "udf10": NO_TEXT, "metadata": NO_OBJECT},
    "/orders/{order_id}/refunds": {
        "unique_request_id": NO_ID, "amount": NO_AMOUNT, "refund_type": NO_WORD,
        "refund_reason": NO_WORD, "metadata": NO_OBJECT, "order_id": NO_TEXT + ('"another"',)},
    "/refunds": {
        "unique_request_id": NO_ID, "amount": NO_AMOUNT, "refund_type": NO_WORD,
        "refund_reason": NO_WORD, "metadata": NO_OBJECT, "order_id": NO_TEXT + ('"another"',),
        "txn_id": NO_ID[1:] + ('"another"',)},
}
SAME_FIELDS = {"/order/create": "/orders", "/order/refund": "/orders/{order_id}/refunds"}


def post_routes():
    """Every POST route of the program and whether it takes the body as it stands, from its table."""
    with open(os.path.join(SOURCE, "src", "api", "routes.c")) as f:
        rows = re.findall(r'\{\.method = "POST",[^{}]*(?:\{[^{}]*\}[^{}]*)*\}', f.read())
    found = {re.search(r'\.path = "([^"]+)"', row).group(1): "web_raw_body" in row for row in rows}
    assert len(found) >= 14 and any(found.values()), found
    return found


def rows(desk):
    """Every table and all that is in it, but for what tells when a key was used."""
    tables = [r["name"] for r in desk.select("SELECT name FROM sqlite_master WHERE type = 'table'"
                                             " AND name NOT LIKE 'sqlite%'")]
    return {t: desk.select("SELECT * FROM " + t) for t in tables if t != "api_keys"}


class Target:
    """A desk at rest with one order and one refund, and what it looks like."""

    def __init__(self, desk):
        self.desk = desk
        self.order, self.request = desk.charged_order("100"), desk.name("u")
        equal(desk.api.refund(self.order, self.request, "10").status, 200)
        desk.ended(self.request)
        self.pid, self.rows, self.sent = desk.pid("refunddesk-api"), rows(desk), 0

    def path(self, route):
        return route.replace("{order_id}", self.order).replace("{unique_request_id}", self.request)

    def refuses(self, route, what, kind, body):
        headers = dict(self.desk.api.authorization(), **{"Content-Type": kind})
        answer = call(self.desk.api_port, "POST", self.path(route), body, headers)
        self.sent += 1
        assert 400 <= answer.status < 500, (route, what, answer)
        told = answer.json
        assert told["status"] and told["error_code"] and told["error_message"], (route, what, answer)

    def check(self):
        equal(self.desk.pid("refunddesk-api"), self.pid, "the process")
        now = rows(self.desk)
        for table, before in self.rows.items():
            equal(now[table], before, table)
        equal(self.desk.api.order(self.order).status, 200)


@case
def what_cannot_be_read_is_refused_by_every_route(desk):
    assert len({body for _, kind, body in SYNTAX}) >= LEAST_BODIES, len(SYNTAX)
    target = Target(desk)
    for route, is_raw in post_routes().items():
        for what, kind, body in SYNTAX:
            if not (is_raw and what.startswith("JSON fields: ")):
                target.refuses(route, what, kind, body)
    target.check()
    print("%d requests" % target.sent)


@case
def what_cannot_be_used_is_refused_field_by_field(desk):
    target = Target(desk)
    for route in post_routes():
        fields = FIELDS.get(SAME_FIELDS.get(route, route), {})
        good = {"order_id": '"%s"' % (target.order if "refund" in route else desk.name("new")),
                "amount": '"1"'}
        if "refund" in route:
            good["unique_request_id"] = '"%s"' % desk.name("u")
        for field, values in fields.items():
            for value in values:
                spoilt = dict(good, **{field: value})
                if field == "txn_id":
                    spoilt.pop("order_id")
                body = "{" + ",".join('"%s":%s' % pair for pair in spoilt.items()) + "}"
                target.refuses(route, "%s: %s" % (field, value[:60]), JSON, body.encode())
    target.check()
    print("%d requests" % target.sent)


@case
def hostile_addresses_and_headers_are_refused_too(desk):
    target = Target(desk)
    form = dict(desk.api.authorization(), **{"Content-Type": FORM})
    body = "unique_request_id=%s&amount=1" % desk.name("u")
    for name in ("x" * 256, "x" * 2100, "x" * 12000, "%00", "%0d%0aSet-Cookie:%20a=b", "%ff", "%zz", "%2e%2e",
                 "..", "a%2fb", "a%5cb", "%c0%ae", "'%20OR%20'1'='1", "%F0%9F%98%80", "{order_id}"):
        answer = call(desk.api_port, "POST", "/orders/%s/refunds" % name, body, form)
        assert 400 <= answer.status < 500, (name, answer)
        assert answer.json["error_code"], (name, answer)
        assert "Set-Cookie" not in answer.headers, (name, answer.headers)
    for name, value in (("Idempotency-Key", "k" * 256), ("Idempotency-Key", "\u00e9".encode()),
                        ("x-merchantid", "another"), ("x-merchant-id", "' OR 1=1"),
                        ("Content-Type", "text/plain"), ("Authorization", "Basic " + "A" * 5000)):
        answer = call(desk.api_port, "POST", target.path("/orders/{order_id}/refunds"), body,
                      dict(form, **{name: value}))
        assert 400 <= answer.status < 500, (name, value, answer)
        assert answer.json["error_code"], (name, answer)
    target.check()


def main():
    with Desk() as desk:
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
