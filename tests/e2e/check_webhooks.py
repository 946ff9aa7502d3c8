#!/usr/bin/env python3
"""Webhooks out, end to end: a receiver that fails, hangs, drips, redirects, is gone, floods and hangs
up, a healthy one beside it, and what may be called at all."""
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True

from cases import PATIENCE_S, case, equal, finish, in_parallel, run_cases, wait_until
from desk import Desk
from receiver import Receiver, add_endpoint, certificates, new_secret, writing

SETTINGS = {"ALLOW_PRIVATE": "true", "TIMEOUT_MS": "1s", "LEASE_MS": "1500ms", "RETRY_UNIT_MS": "2ms"}
ATTEMPTS = 17  # the first one and 16 retries
HEALTHY_S = 1
REFUNDED = ["ORDER_REFUNDED"]
VERIFY = """
const { Webhook } = require("standardwebhooks");
const calls = JSON.parse(require("fs").readFileSync(0, "utf8"));
for (const c of calls) new Webhook(c.secret).verify(c.body, c.headers);
console.log(calls.length);
"""


def configure(**settings):
    for name, value in settings.items():
        os.environ["REFUNDDESK_WEBHOOK_" + name] = value


def refunded(desk, amount="1"):
    """A refund that succeeds: its order."""
    order, request = desk.charged_order(), desk.name("hook")
    equal(desk.api.refund(order, request, amount).status, 200)
    equal(desk.ended(request)["status"], "SUCCESS")
    return order, request


def deliveries(desk, endpoint, *states):
    rows = desk.select("SELECT d.*, w.event_id, w.name, w.body FROM deliveries d JOIN webhooks w"
                       " ON w.id = d.webhook WHERE d.endpoint = ? ORDER BY d.id", endpoint)
    return [r for r in rows if not states or r["state"] in states]


def settled(desk, endpoint, n, bound_s=PATIENCE_S):
    """Once n deliveries have ended and none waits."""
    return wait_until(lambda: "%d to end: %r" % (n, [(d["state"], d["attempts"], d["said"]) for d in
                                                     deliveries(desk, endpoint)]),
                      lambda: not deliveries(desk, endpoint, "WAITING") and
                      len(deliveries(desk, endpoint)) >= n and deliveries(desk, endpoint), bound_s)


def signature(secret, call):
    text = "%s.%s.%s" % (call.id, call.headers["webhook-timestamp"], call.body.decode())
    mac = hmac.new(base64.b64decode(secret[len("whsec_"):]), text.encode(), hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


def verified(calls, *secrets):
    """By the reference implementation, which also looks at the time."""
    told = [{"secret": s, "body": c.body.decode(), "headers": c.headers}
            for c in calls for s in secrets]
    done = subprocess.run(["node", "-e", VERIFY], input=json.dumps(told), capture_output=True,
                          text=True)
    equal((done.returncode, done.stdout.strip()), (0, str(len(told))), done.stderr)


def retire(desk):
    """What a case leaves is tried no more."""
    with writing(desk) as db:
        db.execute("DELETE FROM endpoint_events")
        db.execute("UPDATE endpoints SET state = 'PAUSED' WHERE state = 'ACTIVE'")


# ---- what arrives --------------------------------------------------------------------------------

@case
def an_event_arrives_as_the_vendor_has_it(desk, out):
    names = ["TXN_CREATED", "TXN_CHARGED", "ORDER_SUCCEEDED", "REFUND_INITIATED", "ORDER_REFUNDED"]
    endpoint, secret = add_endpoint(desk, out.url("ok/shape"), names, username="desk",
                                    password="pa:ss", headers={"X-Tenant": "north", "X-N": "1"})
    order, request = refunded(desk)
    rows = settled(desk, endpoint, len(names))
    calls = {c.json["event_name"]: c for c in out.of("ok/shape")}
    equal(sorted(calls), sorted(names))
    for name, call in calls.items():
        h, body = call.headers, call.json
        equal(list(body), ["id", "event_name", "date_created", "content"])
        equal((h["content-type"], h["x-tenant"], h["x-n"]), ("application/json", "north", "1"))
        equal(h["authorization"], "Basic " + base64.b64encode(b"desk:pa:ss").decode())
        equal(h["webhook-id"], body["id"])
        equal(h["webhook-signature"], signature(secret, call))
        equal(body["content"]["order"]["order_id"], order)
    verified(calls.values(), secret)
    begun = calls["REFUND_INITIATED"].json["content"]["order"]["refunds"]
    equal([(r["unique_request_id"], r["status"]) for r in begun], [(request, "PENDING")])
    equal(calls["ORDER_REFUNDED"].json["content"]["order"], desk.api.order(order).json)
    equal({(r["state"], r["attempts"], r["status"], r["said"]) for r in rows},
          {("DELIVERED", 1, 200, "thank you")})


@case
def two_secrets_live_while_one_takes_over(desk, out):
    old = new_secret()
    endpoint, secret = add_endpoint(desk, out.url("ok/rotation"), REFUNDED, old_secret=old,
                                    old_until_ms=int(time.time() * 1000) + 3600000)
    refunded(desk)
    settled(desk, endpoint, 1)
    with writing(desk) as db:
        db.execute("UPDATE endpoints SET old_until_ms = 1 WHERE id = ?", (endpoint,))
    refunded(desk)
    settled(desk, endpoint, 2)
    both, one = out.of("ok/rotation")
    verified([both], secret, old)
    verified([one], secret)
    equal(both.headers["webhook-signature"], "%s %s" % (signature(secret, both), signature(old, both)))
    equal(one.headers["webhook-signature"], signature(secret, one))


# ---- again ---------------------------------------------------------------------------------------

@case
def what_fails_comes_again_the_same_until_it_is_taken(desk, out):
    out.failures["/flaky/3"] = 3
    endpoint, _ = add_endpoint(desk, out.url("flaky/3"), REFUNDED)
    refunded(desk)
    row = settled(desk, endpoint, 1)[0]
    calls = out.of("flaky/3")
    equal((row["state"], row["attempts"], len(calls)), ("DELIVERED", 4, 4))
    equal({(c.id, c.body) for c in calls}, {(row["event_id"], row["body"].encode())})
    attempts = desk.select("SELECT * FROM delivery_attempts WHERE delivery = ? ORDER BY attempt",
                           row["id"])
    equal([a["status"] for a in attempts], [500, 500, 500, 200])


@case
def after_sixteen_retries_it_has_failed_and_a_resend_gets_one_try(desk, out):
    endpoint, _ = add_endpoint(desk, out.url("fail/all"), REFUNDED)
    refunded(desk)
    row = settled(desk, endpoint, 1)[0]
    equal((row["state"], row["attempts"], row["status"], row["said"]),
          ("FAILED", ATTEMPTS, 500, "no ? ?? luck"))
    attempts = desk.select("SELECT * FROM delivery_attempts WHERE delivery = ? ORDER BY attempt",
                           row["id"])
    units = [1] + 2 * [5] + 5 * [10] + 5 * [60] + 3 * [360]
    for before, after, unit in zip(attempts, attempts[1:], units):
        assert after["at_ms"] - before["at_ms"] >= int(2 * unit * 0.9), (before, after)
    with writing(desk) as db:
        db.execute("UPDATE deliveries SET state = 'WAITING', due_ms = 1, fence = fence + 1"
                   " WHERE id = ?", (row["id"],))
    row = settled(desk, endpoint, 1)[0]
    equal((row["state"], row["attempts"]), ("FAILED", ATTEMPTS + 1))
    equal(len(out.of("fail/all")), ATTEMPTS + 1)


@case
def any_2xx_counts_only_where_it_is_asked_for(desk, out):
    strict, _ = add_endpoint(desk, out.url("created/strict"), REFUNDED)
    standard, _ = add_endpoint(desk, out.url("created/standard"), REFUNDED, any_2xx=1)
    refunded(desk)
    equal(settled(desk, standard, 1)[0]["state"], "DELIVERED")
    equal(settled(desk, strict, 1)[0]["state"], "FAILED")


@case
def an_endpoint_that_is_gone_is_told_no_more(desk, out):
    endpoint, _ = add_endpoint(desk, out.url("gone/one"), REFUNDED)
    refunded(desk)
    row = settled(desk, endpoint, 1)[0]
    equal((row["state"], row["attempts"], row["status"]), ("FAILED", 1, 410))
    stored = desk.one("SELECT * FROM endpoints WHERE id = ?", endpoint)
    equal((stored["state"], stored["said"]), ("DISABLED", "It answered 410 Gone."))
    refunded(desk)
    equal(len(deliveries(desk, endpoint)), 1)
    equal(desk.one("SELECT count(*) AS n FROM audit WHERE action = 'endpoint.disabled'")["n"], 1)


# ---- nobody holds up another ---------------------------------------------------------------------

def refund_many(desk, n):
    """n refunds that succeed, ten at a time."""
    order = desk.charged_order("400")

    def one(i):
        request = desk.name("beside%d-" % i)
        equal(desk.api.refund(order if i < 20 else desk.charged_order(), request,
                              "%d" % (i % 20 + 1)).status, 200)
        equal(desk.ended(request)["status"], "SUCCESS")

    for start in range(0, n, 10):
        in_parallel(10, lambda i: one(start + i))


def p99_s(desk, out, endpoint, path):
    """From the commit of the change to its arrival."""
    made_ms = {r["event_id"]: r["created_ms"] for r in deliveries(desk, endpoint)}
    took = sorted(c.at_s - made_ms[c.id] / 1000 for c in out.of(path))
    p99 = took[int(len(took) * 0.99) - 1]
    print("%s: p50 %.3f s, p99 %.3f s, most %.3f s" % (path, took[len(took) // 2], p99, took[-1]))
    return p99


@case
def a_healthy_endpoint_stays_quick_beside_all_that_are_not(desk, out):
    """And refunds as well."""
    n = 60
    alone, _ = add_endpoint(desk, out.url("ok/alone"), REFUNDED)
    refund_many(desk, n)
    settled(desk, alone, n)
    bound_s = max(HEALTHY_S, 4 * p99_s(desk, out, alone, "ok/alone"))  # a machine that is busy
    retire(desk)
    bad = {path: add_endpoint(desk, out.url(path + "/bad"), REFUNDED)[0] for path in (
        "fail", "hang", "driphead", "dripbody", "redirect", "big", "early")}
    for i in range(10):
        add_endpoint(desk, out.url("hang/more%d" % i), REFUNDED)
    healthy, secret = add_endpoint(desk, out.url("ok/healthy"), REFUNDED)
    refund_many(desk, n)
    equal({r["state"] for r in settled(desk, healthy, n)}, {"DELIVERED"})
    took_s = p99_s(desk, out, healthy, "ok/healthy")
    assert took_s < bound_s, (took_s, bound_s)
    verified(out.of("ok/healthy"), secret)
    for path in ("big", "dripbody"):
        equal({r["state"] for r in settled(desk, bad[path], n)}, {"DELIVERED"}, path)
    assert all(len(r["said"]) == 1024 for r in deliveries(desk, bad["big"]))
    wait_until("each of the others to have failed once", lambda: all(
        any(d["attempts"] for d in deliveries(desk, bad[p])) for p in ("hang", "driphead", "early")))
    for path in ("fail", "hang", "driphead", "redirect", "early"):
        equal(deliveries(desk, bad[path], "DELIVERED"), [], path)
    equal(out.of("landed"), [])


# ---- secrets -------------------------------------------------------------------------------------

@case
def what_identifies_the_desk_is_in_no_log_and_no_row(desk, out):
    secret = new_secret()
    endpoint, _ = add_endpoint(desk, out.url("echo/all"), REFUNDED, secret=secret, username="desk",
                               password="correct horse", headers={"X-Key": "battery staple"})
    refunded(desk)
    row = settled(desk, endpoint, 1)[0]
    token = base64.b64encode(b"desk:correct horse").decode()
    equal(out.of("echo/all")[0].headers["authorization"], "Basic " + token)
    with open(desk.log_path) as f:
        log = f.read()
    for text in ("correct horse", "battery staple", token, secret[len("whsec_"):]):
        assert text not in log
        for r in desk.select("SELECT said FROM delivery_attempts"):
            assert text not in (r["said"] or ""), r
    assert "Basic ***" in row["said"] and '"x-key": "***' in row["said"], row["said"]


# ---- what may be called --------------------------------------------------------------------------

@case
def certificates_are_verified(desk, out):
    ca, context = certificates(os.path.dirname(desk.home))
    with Receiver(context) as tls:
        endpoint, _ = add_endpoint(desk, tls.url("ok/tls", "localhost"), REFUNDED)
        refunded(desk)
        row = settled(desk, endpoint, 1)[0]
        equal((row["state"], row["status"], tls.calls), ("FAILED", None, []))
        assert "certificate" in row["said"], row["said"]
        retire(desk)
        configure(CA_FILE=ca)
        desk.restart("hold_ms = 0")
        good, _ = add_endpoint(desk, tls.url("ok/tls", "localhost"), REFUNDED)
        refunded(desk)
        equal(settled(desk, good, 1)[0]["state"], "DELIVERED")


@case
def private_addresses_are_refused_unless_allowed(desk, out):
    configure(ALLOW_PRIVATE="false")
    desk.restart("hold_ms = 0")
    ca, context = certificates(os.path.dirname(desk.home))
    with Receiver(context) as tls:
        came = out.connections
        rows = {host: add_endpoint(desk, tls.url("ok/private", host), REFUNDED)[0]
                for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1")}
        plain, _ = add_endpoint(desk, out.url("ok/plain"), REFUNDED)
        refunded(desk)
        for host, endpoint in rows.items():
            row = settled(desk, endpoint, 1)[0]
            equal((row["state"], row["status"]), ("FAILED", None), host)
            assert row["said"].startswith("the address ") and (
                "is loopback" in row["said"] or "is unspecified" in row["said"]), (host, row["said"])
        equal(settled(desk, plain, 1)[0]["said"], "This address may not be called.")
        equal((tls.connections, out.connections), (0, came))


def main():
    configure(**SETTINGS)
    with Desk() as desk, Receiver() as out:
        desk.restart("hold_ms = 0")
        result = run_cases(desk, out, after_each=lambda: retire(desk),
                           on_failure=lambda: print(desk.log_tail()))
        desk.fsck()
    finish(*result)


main()
