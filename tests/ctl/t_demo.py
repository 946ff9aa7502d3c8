#!/usr/bin/env python3
"""The demo: what is in it, that it is whole, and that it is the same each time."""
import hashlib
import json
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

from cases import build_folder, case, contains, equal, finish, run_cases

PROGRAM = os.path.join(build_folder(), "refundctl")
RECIPES = os.path.join(os.environ.get("SRCDIR", "."), "db", "demo")
BASE = tempfile.mkdtemp(prefix="demo-")
HOSTILE = "<script>alert(1)</script>\"'&"
DAY_MS = 86400000
MADE_WITHIN_S = 3
STATUSES = {"NEW", "STARTED", "CHARGED", "JUSPAY_DECLINED", "PENDING_VBV", "VBV_SUCCESSFUL",
            "AUTHORIZED", "AUTHENTICATION_FAILED", "AUTHORIZATION_FAILED", "AUTHORIZING",
            "COD_INITIATED", "VOIDED", "VOID_INITIATED", "CAPTURE_INITIATED", "CAPTURE_FAILED",
            "VOID_FAILED", "AUTO_REFUNDED", "PARTIAL_CHARGED"}


def run(home, code, *words):
    done = subprocess.run([PROGRAM, "--home", home, *words], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    equal(done.returncode, code, "%s: %s" % (words, done.stdout))
    return done.stdout


def make(name):
    home = os.path.join(BASE, name)
    run(home, 0, "init", "--demo")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(home, 0, "demo", "--demo-dir", RECIPES)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return home, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


HOME, CPU_S = make("first")
DB = sqlite3.connect(os.path.join(HOME, "refunddesk.db"))
NOW_MS = int(time.time() * 1000)


def ask(statement, *values):
    return DB.execute(statement, values).fetchall()


def one(statement, *values):
    ((value,),) = ask(statement, *values)
    return value


def order(order_id):
    DB.row_factory = sqlite3.Row
    try:
        (row,) = ask("SELECT o.*, t.payment_id, t.held_minor, t.refunded_minor, t.gateway,"
                     " t.is_conflicted FROM orders o LEFT JOIN txns t ON t.id = o.kept_txn"
                     " WHERE o.order_id = ?", order_id)
        return row
    finally:
        DB.row_factory = None


@case
def six_hundred_orders_over_400_days_with_every_status():
    equal(one("SELECT count(*) FROM orders"), 600)
    equal({s for (s,) in ask("SELECT DISTINCT status FROM orders")}, STATUSES)
    equal({c for (c,) in ask("SELECT DISTINCT currency FROM orders")}, {"INR", "USD", "JPY", "KWD"})
    oldest, newest = ask("SELECT min(created_ms), max(created_ms) FROM orders")[0]
    assert 395 * DAY_MS < NOW_MS - oldest <= 401 * DAY_MS, NOW_MS - oldest
    assert 0 < NOW_MS - newest < DAY_MS / 12, NOW_MS - newest
    equal(one("SELECT count(DISTINCT order_id) FROM orders"), 600)
    assert one("SELECT count(*) FROM orders WHERE created_ms < ?", NOW_MS - 365 * DAY_MS) > 10


@case
def numbers_rise_with_time():
    ids = [i for (i,) in ask("SELECT order_id FROM orders ORDER BY created_ms DESC")]
    equal(ids, ["ORD_%d" % n for n in range(90412, 90412 - 600, -1)])
    rows = [i for (i,) in ask("SELECT id FROM orders ORDER BY created_ms")]
    equal(rows, sorted(rows))


@case
def nothing_is_left_for_the_worker_to_do():
    equal(ask("SELECT j.kind, r.state, r.refund_type, j.due_ms > ? FROM jobs j"
              " JOIN refunds r ON r.id = j.subject", NOW_MS + DAY_MS / 6),
          [("inquire", "ACCEPTED", "PAYOUT", 1)])
    equal({s for (s,) in ask("SELECT DISTINCT state FROM refunds")},
          {"SUCCESS", "FAILURE", "MANUAL_REVIEW", "ACCEPTED"})
    assert one("SELECT count(*) FROM refunds WHERE state = 'MANUAL_REVIEW' AND sent = 1"
               " AND created_ms < ?", NOW_MS - 10 * DAY_MS) >= 3
    equal(one("SELECT count(*) FROM refunds WHERE state = 'MANUAL_REVIEW' AND created_ms >= ?",
              NOW_MS - 10 * DAY_MS), 0)


@case
def the_books_agree():
    contains(run(HOME, 0, "fsck"), "all is well")
    contains(run(HOME, 0, "audit-verify"), "whole")


@case
def batches_have_ended_well_and_in_part_and_one_waits():
    equal(ask("SELECT file_name, status, rows_total, rows_accepted, rows_failed, rows_bad FROM batches"
              " ORDER BY created_ms"),
          [("returns_week_46.csv", "COMPLETED", 6, 6, 0, 0),
           ("goodwill_october.csv", "PARTIALLY_COMPLETED", 5, 3, 2, 2),
           ("cancelled_november.csv", "AWAITING_CONFIRMATION", 4, 0, 0, 1)])
    equal(one("SELECT count(*) FROM refunds WHERE source = 'BATCH'"), 9)
    equal(one("SELECT count(*) FROM batch_rows r JOIN refunds f ON f.id = r.refund_row"
              " WHERE f.unique_request_id = r.unique_id AND f.amount_minor = r.amount_minor"), 9)
    equal(one("SELECT count(*) FROM batch_rows r JOIN refunds f ON f.id = r.refund_row"
              " WHERE f.status = 'FAILURE'"), 1)
    equal(ask("SELECT b.file_name FROM batches b WHERE b.amount_minor <> (SELECT sum(r.amount_minor)"
              " FROM batch_rows r WHERE r.batch = b.id AND r.verdict = 'OK')"), [])
    equal(one("SELECT count(*) FROM batch_rows r JOIN batches b ON b.id = r.batch"
              " JOIN orders o ON o.order_id = r.order_id JOIN txns t ON t.id = o.kept_txn"
              " WHERE b.status = 'AWAITING_CONFIRMATION' AND t.held_minor = 0"
              " AND r.amount_minor <= t.amount_minor"), 3)
    equal(one("SELECT count(*) FROM audit WHERE action LIKE 'batch.%'"), 7)


@case
def times_follow_each_other_and_none_is_to_come():
    equal(one("SELECT count(*) FROM events WHERE at_ms > ?", NOW_MS), 0)
    equal(one("SELECT count(*) FROM refunds r JOIN txns t ON t.id = r.txn_row"
              " WHERE r.created_ms <= t.charged_ms OR r.sent_ms <= r.created_ms"
              " OR r.updated_ms <= r.sent_ms"), 0)
    equal(one("SELECT count(*) FROM txns t JOIN orders o ON o.id = t.order_row"
              " WHERE t.created_ms <= o.created_ms OR t.charged_ms <= t.created_ms"), 0)
    equal(one("SELECT count(*) FROM refunds r WHERE 2 > (SELECT count(*) FROM events e"
              " WHERE e.refund_row = r.id)"), 0)
    late = [o for (o,) in ask("SELECT order_row FROM (SELECT order_row, at_ms < lag(at_ms) OVER"
                              " (PARTITION BY order_row ORDER BY id) AS wrong FROM events) x"
                              " WHERE wrong")]
    equal(late, [])


@case
def each_kind_of_order_is_there():
    equal(order("ORD_90412")["amount_minor"], 450000)
    equal(order("ORD_90391")["refunded_minor"], order("ORD_90391")["amount_minor"])
    partly = order("ORD_90398")
    assert 0 < partly["refunded_minor"] < partly["amount_minor"]
    equal(order("ORD_90411")["status"], "AUTO_REFUNDED")
    equal(order("ORD_90405")["is_cod"], 1)
    equal(order("ORD_90404")["payment_id"], None)
    equal(one("SELECT can_refund FROM gateways WHERE name = ?", order("ORD_90403")["gateway"]), 0)
    offer = order("ORD_90407")
    assert offer["offer_minimum_minor"] == 100000 and offer["effective_minor"] < offer["amount_minor"]
    equal(order("ORD_90401")["is_conflicted"], 1)
    equal(order("ORD_90400")["currency"], "KWD")


@case
def a_split_payment_is_paid_by_its_transactions():
    split = order("ORD_90406")
    equal(split["is_split_payment"], 1)
    amounts = [a for (a,) in ask("SELECT amount_minor FROM txns WHERE order_row = ?", split["id"])]
    equal(len(amounts), 2)
    equal(sum(amounts), split["effective_minor"])


@case
def split_orders_and_their_refunds_add_up():
    equal(one("SELECT count(*) FROM orders WHERE is_split_settled = 1"), 4)
    equal(ask("SELECT o.order_id FROM orders o WHERE o.is_split_settled = 1 AND o.amount_minor <>"
              " (SELECT sum(p.amount_minor) FROM order_parties p WHERE p.order_row = o.id)"), [])
    equal(ask("SELECT o.order_id, r.state, r.amount_minor = (SELECT sum(p.amount_minor)"
              " FROM refund_parts p WHERE p.refund_row = r.id) FROM refunds r"
              " JOIN orders o ON o.id = r.order_row WHERE o.is_split_settled = 1"
              " ORDER BY o.order_id, r.created_ms"),
          [("ORD_90138", "MANUAL_REVIEW", 1), ("ORD_90396", "FAILURE", 1),
           ("ORD_90396", "SUCCESS", 1), ("ORD_90396", "SUCCESS", 1), ("ORD_90397", "SUCCESS", 1)])
    assert one("SELECT count(*) FROM order_parties WHERE party = ''") == 4
    equal(order("ORD_90396")["refunded_minor"], order("ORD_90396")["amount_minor"])


@case
def payouts_went_to_kept_beneficiaries_whose_accounts_nobody_sees():
    equal(ask("SELECT beneficiary_id, type, masked FROM beneficiaries ORDER BY masked"),
          [("bene_5d1f0a7c39e24b86a1c7f250", "BANK_TRANSFER", "\u2022\u2022\u2022\u2022 7581"),
           ("bene_c2804e6b97d13f5aa86e0b41", "ACCOUNT_IFSC", "\u2022\u2022\u2022\u2022 7711")])
    equal(ask("SELECT r.gateway, r.state, p.beneficiary_id, p.reference_id FROM refunds r"
              " JOIN payouts p ON p.refund_row = r.id ORDER BY r.gateway"),
          [("2C2P", "ACCEPTED", "bene_c2804e6b97d13f5aa86e0b41", None),
           ("AIRWALLEX", "SUCCESS", "bene_5d1f0a7c39e24b86a1c7f250", "bus")])
    equal(ask("SELECT name, can_refund, reference_id FROM gateways WHERE can_payout = 1"
              " ORDER BY name"), [("2C2P", 0, None), ("AIRWALLEX", 0, "bus")])
    equal(one("SELECT count(*) FROM refunds WHERE refund_type = 'PAYOUT'"), 2)
    equal(one("SELECT count(*) FROM refunds r JOIN gateways g ON g.name = r.gateway"
              " WHERE r.refund_type = 'INSTANT' AND g.can_instant = 1"), 1)
    with open(os.path.join(HOME, "refunddesk.db"), "rb") as file:
        text = file.read()
    assert b"0129987581" not in text and b"50100234567711" not in text


@case
def one_order_has_used_up_its_refunds():
    used = order("ORD_90250")
    equal(one("SELECT count(*) FROM refunds WHERE order_row = ? AND status <> 'FAILURE'"
              " AND source <> 'AUTO'", used["id"]), 25)
    assert used["held_minor"] < used["amount_minor"]


@case
def one_order_is_hostile_in_every_free_text():
    row = order("ORD_90409")
    for column in ("customer_id", "customer_email", "customer_phone", "product_id", "description"):
        equal(row[column], HOSTILE, column)
    facts = json.loads(row["facts"])
    for n in range(1, 11):
        equal(facts["udf%d" % n], HOSTILE)
    equal(facts["metadata"], {HOSTILE: HOSTILE})
    txn = json.loads(one("SELECT facts FROM txns WHERE order_row = ?", row["id"]))
    equal(txn["card"]["name_on_card"], HOSTILE)
    equal(txn["payment_gateway_response"]["resp_message"], HOSTILE)
    equal(one("SELECT error_message FROM refunds WHERE order_row = ? AND state = 'FAILURE'",
              row["id"]), HOSTILE)
    equal(one("SELECT metadata FROM refunds WHERE order_row = ? LIMIT 1", row["id"]),
          json.dumps({HOSTILE: HOSTILE}, separators=(",", ":")))


@case
def a_refusal_keeps_the_gateway_s_words():
    equal(one("SELECT count(*) FROM refunds WHERE state = 'FAILURE' AND (error_code IS NULL"
              " OR error_message IS NULL OR gateway_words IS NULL OR arn IS NOT NULL)"), 0)
    equal(one("SELECT count(*) FROM refunds WHERE state = 'SUCCESS' AND (arn IS NULL"
              " OR gateway_ref IS NULL OR processed_ms IS NULL)"), 0)


@case
def late_and_double_charges_say_what_was_done():
    equal(one("SELECT count(*) FROM txns t LEFT JOIN conflicts c ON c.txn_row = t.id"
              " WHERE (t.is_conflicted = 1) <> (coalesce(c.kind, '') = 'CONFLICTED')"), 0)
    equal(one("SELECT count(*) FROM conflicts c LEFT JOIN refunds r ON r.id = c.refund_row"
              " WHERE (c.state = 'REFUNDED') <> (coalesce(r.source, '') = 'AUTO')"), 0)
    equal(one("SELECT count(*) FROM conflicts c JOIN txns t ON t.id = c.txn_row"
              " WHERE (c.state = 'REFUNDED') <> (t.told_status IS NOT NULL)"), 0)
    equal(one("SELECT count(*) FROM conflicts c JOIN conflict_settings s ON s.merchant = c.merchant"
              " WHERE c.success_ms < s.conflicted_since_ms"), 0)
    equal({state for (state,) in ask("SELECT DISTINCT state FROM conflicts")},
          {"REFUNDED", "REFUSED", "SHOWN"})
    equal(one("SELECT count(*) FROM orders WHERE is_multiple = 1"), 4)
    equal(one("SELECT count(*) FROM conflicts WHERE kind = 'MULTIPLE_CHARGED'"), 4)


@case
def the_credentials_open_the_desk():
    path = os.path.join(HOME, "demo", "credentials.json")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    doc = json.load(open(path))
    equal(set(doc), {"portal_url", "api_url", "merchant_id", "api_key", "users", "hook_secrets"})
    equal(set(doc["hook_secrets"]), {"RAZORPAY", "STRIPE"})
    equal(dict(ask("SELECT name, length(hook_secret) FROM gateways WHERE hook_secret IS NOT NULL")),
          {name: len(secret) + 48 for name, secret in doc["hook_secrets"].items()})
    equal([(u["name"], u["role"]) for u in doc["users"]],
          [(n, n) for n in ("admin", "maker", "checker", "viewer")])
    equal(len({u["password"] for u in doc["users"]}), 4)
    equal(one("SELECT key_hash FROM api_keys WHERE scopes = 7"),
          hashlib.sha256(doc["api_key"].encode()).digest())
    equal(one("SELECT merchant_id FROM merchants WHERE test_mode = 1 AND hold_ms = 0"),
          doc["merchant_id"])


@case
def it_is_made_at_once():
    assert CPU_S < MADE_WITHIN_S, "%.2f s of processor time" % CPU_S


def rows_of(home):
    """Everything that must not differ from one demo to the next."""
    db = sqlite3.connect(os.path.join(home, "refunddesk.db"))
    statements = [
        "SELECT order_id, public_id, status, amount_minor, effective_minor, currency, customer_id,"
        " product_id, facts FROM orders ORDER BY order_id",
        "SELECT txn_id, txn_uuid, status, amount_minor, gateway, payment_method, payment_id,"
        " held_minor, refunded_minor, charged_ms - created_ms FROM txns ORDER BY txn_id",
        "SELECT unique_request_id, amount_minor, state, source, reason, gateway_ref, arn,"
        " gateway_words, refund_type, gateway FROM refunds ORDER BY unique_request_id",
        "SELECT o.order_id, p.party, p.amount_minor FROM order_parties p"
        " JOIN orders o ON o.id = p.order_row ORDER BY o.order_id, p.position",
        "SELECT r.unique_request_id, p.party, p.amount_minor FROM refund_parts p"
        " JOIN refunds r ON r.id = p.refund_row ORDER BY r.unique_request_id, p.position",
        "SELECT beneficiary_id, type, name, masked FROM beneficiaries ORDER BY beneficiary_id",
        "SELECT b.file_name, b.file_sha256, r.row, r.order_id, r.amount, r.status FROM batches b"
        " JOIN batch_rows r ON r.batch = b.id ORDER BY b.file_name, r.row"]
    rows = [db.execute(s).fetchall() for s in statements]
    db.close()
    return rows


@case
def another_demo_is_the_same_but_for_its_secrets():
    home, _ = make("second")
    for first, second in zip(rows_of(HOME), rows_of(home)):
        equal(len(first), len(second))
        for a, b in zip(first, second):
            equal(b, a)
    a, b = (json.load(open(os.path.join(h, "demo", "credentials.json"))) for h in (HOME, home))
    assert a["api_key"] != b["api_key"] and a["users"] != b["users"]
    assert a["hook_secrets"]["STRIPE"] != b["hook_secrets"]["STRIPE"]


@case
def again_it_changes_the_addresses_alone():
    home, _ = make("third")
    path = os.path.join(home, "demo", "credentials.json")
    before = json.load(open(path))
    contains(run(home, 0, "demo", "--demo-dir", RECIPES), "nothing was changed")
    run(home, 0, "demo", "--demo-dir", RECIPES, "--portal-url", "http://127.0.0.1:1")
    after = json.load(open(path))
    equal(after, dict(before, portal_url="http://127.0.0.1:1"))
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    os.rename(path, path + ".new")  # as after a kill between commit and rename
    run(home, 0, "demo", "--demo-dir", RECIPES)
    equal(json.load(open(path)), after)


@case
def a_desk_with_a_merchant_is_left_alone():
    home = os.path.join(BASE, "real")
    run(home, 0, "init")
    run(home, 0, "merchant", "add", "acme")
    contains(run(home, 1, "demo", "--demo-dir", RECIPES), "has a merchant already")
    contains(run(home, 1, "demo", "--demo-dir", BASE), "cannot be read")
    assert not os.path.exists(os.path.join(home, "demo", "credentials.json"))


try:
    tally = run_cases()
finally:
    DB.close()
    shutil.rmtree(BASE)
finish(*tally)
