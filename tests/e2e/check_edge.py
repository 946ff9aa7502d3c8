#!/usr/bin/env python3
"""The edge of the API: keys that make a request happen once, the rate limit, and what never reaches
a program of ours: broken HTTP, smuggled requests, a program that is away."""
import os
import signal
import socket
import sys
import time

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, in_parallel, run_cases, wait_until
from clients import Answer
from desk import Desk

PARALLEL = 24
RATE_PER_S = 5
REQUESTS = 60

# ---- Idempotency-Key ------------------------------------------------------------------------------


def keyed(desk, order, key, request, amount="10"):
    return desk.api.call("POST", "/orders/%s/refunds" % order,
                         form={"unique_request_id": request, "amount": amount},
                         headers={"Idempotency-Key": key})


@case
def the_first_answer_comes_back_for_ever(desk):
    order, key, request = desk.charged_order("100"), desk.name("k"), desk.name("u")
    first = keyed(desk, order, key, request)
    equal((first.status, first.headers["Idempotent-Replayed"]), (200, None))
    desk.ended(request)
    desk.stop()
    desk.start()
    again = keyed(desk, order, key, request)
    equal((again.status, again.headers["Idempotent-Replayed"]), (200, "true"))
    equal(again.body, first.body)
    equal(len(desk.ledger(request)), 1)
    other = keyed(desk, order, key, request, "11")
    equal((other.status, other.json["error_code"]), (409, "IDEMPOTENCY_KEY_REUSED"))
    refused = keyed(desk, order, key + "x", desk.name("u"), "1000")
    equal(refused.status, 400)
    equal(keyed(desk, order, key + "x", desk.name("u"), "1000").status, 409)


@case
def all_at_once_make_one_refund(desk):
    order, key, request = desk.charged_order("100"), desk.name("k"), desk.name("u")
    answers = in_parallel(PARALLEL, lambda i: keyed(desk, order, key, request))
    made = [a for a in answers if a.status == 200]
    assert made, answers
    equal({a.body for a in made}, {made[0].body})
    equal(sum(a.headers["Idempotent-Replayed"] is None for a in made), 1)
    for answer in answers:
        if answer.status != 200:
            equal((answer.status, answer.json["error_code"]), (409, "IDEMPOTENCY_KEY_IN_USE"))
    equal(desk.ended(request)["status"], "SUCCESS")
    equal(len(desk.ledger(request)), 1)


@case
def every_creating_route_keeps_its_answers(desk):
    order = desk.charged_order("100")
    txn = desk.txn(order)["txn_id"]
    creations = (
        ("/orders", {"order_id": desk.name("order"), "amount": "10"}),
        ("/order/create", {"order_id": desk.name("order"), "amount": "10"}),
        ("/refunds", {"txn_id": txn, "unique_request_id": desk.name("u"), "amount": "1"}),
        ("/order/refund", {"order_id": order, "unique_request_id": desk.name("u"), "amount": "2"}),
        ("/beneficiaries", {"beneficiary_details[type]": "UPI_ID",
                            "beneficiary_details[details][name]": "A B",
                            "beneficiary_details[details][vpa]": "a.b@bank"}),
    )
    for path, form in creations:
        key = {"Idempotency-Key": desk.name("k")}
        first = desk.api.call("POST", path, form=form, headers=key)
        equal(first.status, 200, path + repr(first))
        again = desk.api.call("POST", path, form=form, headers=key)
        equal((again.status, again.headers["Idempotent-Replayed"], again.body),
              (200, "true", first.body), path)
        other = desk.api.call("POST", path, form=dict(form, more="1"), headers=key)
        equal((other.status, other.json["error_code"]), (409, "IDEMPOTENCY_KEY_REUSED"), path)


# ---- the rate limit -------------------------------------------------------------------------------


@case
def a_key_has_its_rate(desk):
    desk.restart("rate_per_s = %d" % RATE_PER_S)
    other = desk.api.authorization(desk.ctl("api-key", "add", "other").strip() + ":")
    began = time.monotonic()
    answers = [desk.api.call("GET", "/orders/nobody") for _ in range(REQUESTS)]
    took_s = time.monotonic() - began
    through = [a for a in answers if a.status == 404]
    limited = [a for a in answers if a.status == 429]
    equal(len(through) + len(limited), REQUESTS)
    assert RATE_PER_S <= len(through) <= RATE_PER_S * (took_s + 1) + 1, (len(through), took_s)
    assert limited or took_s > REQUESTS / RATE_PER_S - 2, took_s
    for answer in limited:
        equal(answer.json["error_code"], "TOO_MANY_REQUESTS")
        assert int(answer.headers["Retry-After"]) >= 1, answer.headers
    equal(desk.api.call("GET", "/orders/nobody", headers=other).status, 404)
    for _ in range(RATE_PER_S * 4):
        equal(desk.api.call("GET", "/healthz", key=False).status, 200)
    wait_until("a token", lambda: desk.api.call("GET", "/orders/nobody").status == 404)
    desk.restart("rate_per_s = 0")
    equal({desk.api.call("GET", "/orders/nobody").status for _ in range(REQUESTS)}, {404})


# ---- HTTP itself ----------------------------------------------------------------------------------


def exchange(port, request):
    """All that comes back until the server closes, which it is asked to do by our closing."""
    with socket.create_connection(("127.0.0.1", port), 30) as s:
        s.sendall(request)
        s.shutdown(socket.SHUT_WR)
        got = b""
        while True:
            piece = s.recv(65536)
            if not piece:
                return got
            got += piece


def parse(got):
    """The answers one after the other; those without a length end the stream."""
    answers = []
    while got:
        head, _, rest = got.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {n.title(): v.strip() for n, _, v in (l.partition(":") for l in lines[1:])}
        length = int(headers.get("Content-Length", len(rest)))
        answers.append(Answer(int(lines[0].split()[1]), headers, rest[:length]))
        got = rest[length:]
    return answers


def lines(text, body=b""):
    return "\r\n".join(line.strip() for line in text.strip().splitlines()).encode() + b"\r\n\r\n" + body


@case
def old_and_odd_requests_are_answered(desk):
    order = desk.charged_order("100")
    key = desk.api.authorization()["Authorization"]
    for first in ("GET /orders/%s HTTP/1.0" % order,
                  "GET http://127.0.0.1:%d/orders/%s HTTP/1.1" % (desk.api_port, order),
                  "GET /orders/%s?order_id=%s HTTP/1.1" % (order, order)):
        (answer,) = parse(exchange(desk.api_port, lines(
            "%s\nHost: 127.0.0.1:%d\nAuthorization: %s\nConnection: close" % (
                first, desk.api_port, key))))
        equal((answer.status, answer.json["order_id"]), (200, order), first)
    (answer,) = parse(exchange(desk.api_port, lines("GET /orders/%s HTTP/1.0\nAuthorization: %s" % (
        order, key))))
    equal(answer.status, 200, "no Host in HTTP/1.0")
    (answer,) = parse(exchange(desk.api_port, lines("HEAD /orders/%s HTTP/1.0\nAuthorization: %s" % (
        order, key))))
    equal((answer.status, answer.body), (200, b""))


BROKEN = {  # the request line and headers after Host, and the body
    "no Host": ("GET /healthz HTTP/1.1", None, b""),
    "two hosts": ("GET /healthz HTTP/1.1", "Host: other", b""),
    "HTTP of another number": ("GET /healthz HTTP/3.7", "", b""),
    "no number": ("GET /healthz", "", b""),
    "a method that is none": ("G\x01T /healthz HTTP/1.1", "", b""),
    "a space in the address": ("GET /orders/a b HTTP/1.1", "", b""),
    "an address of 20,000": ("GET /orders/" + "x" * 20000 + " HTTP/1.1", "", b""),
    "a space before the colon": ("GET /orders/x HTTP/1.1", "X-Merchantid : a", b""),
    "a folded header": ("GET /orders/x HTTP/1.1", "X-A: a\r\n b", b""),
    "a zero byte in a header": ("GET /orders/x HTTP/1.1", "X-A: a\0b", b""),
    "a length with a sign": ("POST /orders HTTP/1.1", "Content-Length: +5", b"a=1&b"),
    "a length that is no number": ("POST /orders HTTP/1.1", "Content-Length: 5x", b"a=1&b"),
    "a length beyond all": ("POST /orders HTTP/1.1", "Content-Length: 99999999999999999999", b"a"),
    "a length over the limit": ("POST /orders HTTP/1.1", "Content-Length: 300000", b"a"),
    "two lengths": ("POST /orders HTTP/1.1", "Content-Length: 1\r\nContent-Length: 1", b"a"),
    "a list of lengths": ("POST /orders HTTP/1.1", "Content-Length: 1, 1", b"a"),
    "chunks that are none": ("POST /orders HTTP/1.1", "Transfer-Encoding: chunked", b"xyz\r\n"),
    "a chunk of minus one": ("POST /orders HTTP/1.1", "Transfer-Encoding: chunked", b"-1\r\na\r\n0\r\n\r\n"),
    "a chunk beyond all": ("POST /orders HTTP/1.1", "Transfer-Encoding: chunked",
                           b"ffffffffffffffffff\r\na\r\n0\r\n\r\n"),
    "a chunk longer than told": ("POST /orders HTTP/1.1", "Transfer-Encoding: chunked",
                                 b"2\r\nabc\r\n0\r\n\r\n"),
    "chunks over the limit": ("POST /orders HTTP/1.1", "Transfer-Encoding: chunked",
                              b"60000\r\n" + b"a" * 0x60000 + b"\r\n0\r\n\r\n"),
    "an encoding that is none": ("POST /orders HTTP/1.1", "Transfer-Encoding: xchunked", b"1\r\na\r\n0\r\n\r\n"),
    "gzip, chunked": ("POST /orders HTTP/1.1", "Transfer-Encoding: gzip, chunked", b"1\r\na\r\n0\r\n\r\n"),
}


@case
def broken_http_is_refused_in_json(desk):
    key = desk.api.authorization()["Authorization"]
    for what, (first, headers, body) in BROKEN.items():
        head = first + "\r\n"
        if headers is not None:
            head += "Host: 127.0.0.1\r\n" + (headers + "\r\n" if headers else "")
        got = exchange(desk.api_port, (head + "Authorization: %s\r\n\r\n" % key).encode("latin-1") + body)
        answers = parse(got)
        assert answers, (what, got)
        assert 400 <= answers[0].status < 600 and answers[0].status != 500, (what, answers[0])
        contains(("ERROR", "NOT_FOUND"), answers[0].json["status"], what)
        equal(len(answers), 1, what)


@case
def a_smuggled_request_is_never_heard(desk):
    order = desk.charged_order("100")
    key = desk.api.authorization()["Authorization"]
    inner = "unique_request_id=%s&amount=9"
    ways = (
        # what one reader takes for a body is a request to another
        ("Content-Length: %(n)d\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nContent-Length: %(n)d", b"0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: %(n)d",
         b"0\r\n\r\n"),
        ("Transfer-Encoding:\x0bchunked\r\nContent-Length: %(n)d", b"0\r\n\r\n"),
        ("Transfer_Encoding: chunked\r\nContent-Length: %(n)d", b"0\r\n\r\n"),
        ("Content-Length: 0\r\nContent-Length: %(n)d", b""),
        ("Content-Length: 0, %(n)d", b""),
        ("Content_Length: 0\r\nContent-Length: %(n)d", b""),
    )
    for i, (headers, before) in enumerate(ways):
        request = desk.name("smuggled")
        body = inner % request
        hidden = lines("POST /orders/%s/refunds HTTP/1.1\nHost: 127.0.0.1\nAuthorization: %s\n"
                       "Content-Type: application/x-www-form-urlencoded\nContent-Length: %d" % (
                           order, key, len(body)), body.encode())
        whole = before + hidden
        outer = ("POST /orders/nobody HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\n" % key +
                 headers % {"n": len(whole)} + "\r\n\r\n").encode("latin-1") + whole
        for answer in parse(exchange(desk.api_port, outer)):
            contains((400, 404, 501), answer.status, headers)
            assert answer.json["error_code"], (headers, answer)
        equal(desk.select("SELECT * FROM refunds WHERE unique_request_id = ?", request), [], headers)
    equal(desk.txn(order)["held_minor"], 0)


@case
def headers_cannot_be_injected(desk):
    order = desk.charged_order("100")
    answer = desk.api.call("POST", "/orders", form={
        "order_id": desk.name("o") + "\r\nSet-Cookie: a=b", "amount": "1"})
    equal((answer.status, answer.headers["Set-Cookie"]), (400, None))
    answer = desk.api.refund(order, "u\r\nX-Evil: 1", "1")
    equal((answer.status, answer.headers["X-Evil"]), (400, None))


def is_served(desk, order):
    """Whether the API answers; whoever answers instead does so in JSON, with a status that says so."""
    answer = desk.api.order(order)
    if answer.status == 200:
        return True
    contains((500, 502, 503, 504), answer.status)
    equal((answer.json["status"], answer.json["status_id"]), ("ERROR", -1))
    return False


@case
def while_the_program_is_away_answers_are_json_too(desk):
    order = desk.charged_order("100")
    path = os.path.join(desk.home, "run", "api.sock")
    found = [os.path.join(os.path.dirname(path), f) for f in os.listdir(os.path.dirname(path))
             if f.startswith("api.sock")]
    for name in found:
        os.rename(name, name + ".away")
    try:
        assert not is_served(desk, order), "nobody is there to answer"
    finally:
        for name in found:
            os.rename(name + ".away", name)
    wait_until("the program to be heard again", lambda: is_served(desk, order))


@case
def a_program_that_died_is_started_again(desk):
    order = desk.charged_order("100")
    pid = desk.pid("refunddesk-api")
    os.kill(pid, signal.SIGKILL)
    wait_until("the program to be back", lambda: is_served(desk, order))
    assert desk.pid("refunddesk-api") != pid


def main():
    with Desk() as desk:
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
