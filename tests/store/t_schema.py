#!/usr/bin/env python3
"""The schema's own guards: every CHECK, UNIQUE, foreign key and trigger must refuse something.

What must be refused is listed below; what there is to refuse is read from the database, so a guard
without a case fails as much as a case without a guard.
"""
import os
import re
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("SRCDIR", os.path.join(HERE, "..", ".."))
BUILD = os.path.abspath(os.environ.get("BUILDDIR", "."))
MIGRATIONS = os.path.join(SOURCE, "db", "migrations")
TOKENS = {"@INT@": "INTEGER", "@BYTES@": "BLOB", "@STRICT@": "STRICT"}

STATES = ["AWAITING_APPROVAL", "HELD", "QUEUED", "SENDING", "ACCEPTED", "UNKNOWN", "LOW_BALANCE",
          "SUCCESS", "FAILURE", "MANUAL_REVIEW"]
FINAL = STATES[-3:]

OTHER_REFUND = 50

# A row of each table that is accepted; {n} makes what must differ from row to row.
ROWS = {
    "merchants": {"id": 1, "merchant_id": "m{n}", "name": "M", "time_zone": "UTC", "locale": "en",
                  "default_currency": "INR", "test_mode": 1, "created_ms": 1},
    "currency_settings": {"merchant": 1, "currency": "C{n}", "minimum_minor": 1,
                          "confirm_minor": None, "approval_minor": 5},
    "users": {"id": 1, "merchant": 1, "name": "u{n}", "password_hash": "h", "role": "admin",
              "right_orders": 2, "right_refunds": 2, "right_approvals": 2, "right_settings": 2,
              "right_users": 2, "right_audit": 2, "created_ms": 1},
    "sessions": {"token_hash": b"t{n}", "user_id": 1, "csrf": "c", "created_ms": 1, "seen_ms": 1,
                 "address": "::1"},
    "login_failures": {"subject": "a:{n}", "failures": 1, "first_ms": 1},
    "api_keys": {"id": 1, "merchant": 1, "key_hash": b"k{n}", "prefix": "p", "name": "n",
                 "scopes": 7, "created_ms": 1},
    "gateways": {"id": 1, "merchant": 1, "name": "G{n}", "gateway_id": 23, "can_refund": 1,
                 "can_instant": 0},
    "orders": {"id": 1, "merchant": 1, "order_id": "O{n}", "order_key": "o{n}", "public_id": "x",
               "status": "CHARGED", "amount_minor": 1000, "effective_minor": 1000,
               "currency": "INR", "created_ms": 1, "updated_ms": 1,
               "tab": 1},
    "order_terms": {"merchant": 1, "kind": "udf", "term": "t{n}", "order_row": 1},
    "txns": {"id": 1, "merchant": 1, "order_row": 1, "txn_id": "t{n}", "status": "CHARGED",
             "amount_minor": 1000, "currency": "INR", "created_ms": 1},
    "refunds": {"id": 1, "merchant": 1, "order_row": 1, "txn_row": 1, "unique_request_id": "r{n}",
                "amount_minor": 100, "currency": "INR", "state": "HELD", "status": "PENDING",
                "refund_type": "STANDARD", "reason": "WAIVER", "source": "API",
                "initiated_by": "API", "gateway": "G", "created_ms": 1, "hold_until_ms": 1,
                "updated_ms": 1},
    "events": {"id": 1, "merchant": 1, "order_row": 1, "name": "e", "actor": "a", "at_ms": 1,
               "frozen": "{}"},
    "jobs": {"id": 1, "kind": "k{n}", "merchant": 1, "subject": 1, "due_ms": 1},
    "exceptions": {"id": 1, "merchant": 1, "refund_row": 1, "kind": "k{n}", "detail": "d",
                   "opened_ms": 1},
    "audit": {"id": 1, "merchant": 1, "seq": 1, "at_ms": 1, "actor": "a", "action": "x",
              "subject": "s", "detail": "{}", "hash": b"h"},
    "audit_heads": {"merchant": 1, "seq": 1, "hash": b"h"},
    "order_parties": {"order_row": 1, "party": "v{n}", "position": 0, "amount_minor": 500},
    "refund_parts": {"refund_row": 1, "party": "p{n}", "position": 0, "amount_minor": 0},
    "beneficiaries": {"id": 1, "merchant": 1, "beneficiary_id": "bene_{n}", "type": "UPI_ID",
                      "name": "J", "masked": "j@b", "sealed": b"s", "created_ms": 1},
    "payouts": {"refund_row": 1, "type": "UPI_ID", "name": "J", "masked": "j@b", "sealed": b"s"},
    "idempotency_keys": {"merchant": 1, "route": "r", "key": "k{n}", "asked_hash": b"h",
                         "status": 200, "body": "{}", "created_ms": 1},
    "news": {"id": 1, "merchant": 1, "source": "s", "event_id": "e{n}", "body": "{}",
             "received_ms": 1},
    "imports": {"merchant": 1, "file_sha256": b"s{n}", "file_name": "f", "position": 0, "lines": 0,
                "applied": 0, "known": 0, "refused": 0, "report_bytes": 0,
                "started_ms": 1},
    "batches": {"id": 1, "merchant": 1, "file_name": "f{n}", "reason": "WAIVER",
                "source": "PORTAL", "status": "READING", "rows_total": 9, "created_by": "maker",
                "created_ms": 1, "updated_ms": 1},
    "batch_syncs": {"batch": 1, "refund_row": 1, "asked_ms": 1, "verdict": "ASKED", "status": "PENDING"},
    "batch_totals": {"batch": 1, "currency": "C{n}", "gateway": "G", "rows_good": 1,
                     "good_minor": 1, "rows_bad": 0, "bad_minor": 0},
    "batch_rows": {"batch": 1, "row": 1, "line": 2, "order_id": "O", "amount": "1",
                   "verdict": "OK", "updated_ms": 1},
    "endpoints": {"id": 1, "merchant": 1, "url": "https://a.example/h", "secret": b"s",
                  "state": "ACTIVE", "created_by": "maker", "created_ms": 1, "updated_ms": 1},
    "endpoint_events": {"merchant": 1, "name": "e{n}", "endpoint": 1},
    "webhooks": {"id": 1, "merchant": 1, "event_id": "evt_{n}", "name": "e", "body": "{}",
                 "created_ms": 1},
    "deliveries": {"id": 1, "merchant": 1, "endpoint": 1, "webhook": 1, "state": "WAITING",
                   "due_ms": 1, "created_ms": 1},
    "delivery_attempts": {"delivery": 1, "attempt": 1, "at_ms": 1, "took_ms": 1},
    "conflict_settings": {"merchant": 1, "threshold_minutes": 10, "updated_ms": 1},
    "conflict_gateways": {"merchant": 1, "gateway": "G{n}", "threshold_minutes": 10},
    "conflict_ceilings": {"merchant": 1, "currency": "C{n}", "daily_minor": 1},
    "conflicts": {"txn_row": 1, "merchant": 1, "order_row": 1, "kind": "MULTIPLE_CHARGED",
                  "state": "REFUNDED", "refund_row": 1, "kept_txn": 1, "rounds": 1,
                  "initiated_ms": 1, "success_ms": 2, "first_ms": 3, "updated_ms": 3},
    "user_mails": {"user_id": 1, "kind": "k{n}"},
    "mails": {"id": 1, "merchant": 1, "kind": "k", "occasion": "k/{n}", "address": "a@b.example",
              "facts": "{}", "state": "WAITING", "due_ms": 1, "created_ms": 1},
}

# (table, what to change in the row, the CHECK that must refuse it)
CHECKS = [
    ("merchants", {"test_mode": 2}, "test_mode IN (0, 1)"),
    ("merchants", {"sending_stopped": -1}, "sending_stopped IN (0, 1)"),
    ("merchants", {"maker_checker": 2}, "maker_checker IN (0, 1)"),
    ("merchants", {"hold_ms": 900001}, "hold_ms BETWEEN 0 AND 900000"),
    ("merchants", {"hold_ms": -1}, "hold_ms BETWEEN 0 AND 900000"),
    ("merchants", {"refund_limit": 0}, "refund_limit BETWEEN 1 AND 1000"),
    ("merchants", {"order_age_days": 3651}, "order_age_days BETWEEN 1 AND 3650"),
    ("merchants", {"twin_window_ms": -1}, "twin_window_ms BETWEEN 0 AND 600000"),
    ("currency_settings", {"minimum_minor": 0}, "minimum_minor >= 1"),
    ("currency_settings", {"confirm_minor": 0}, "confirm_minor >= 1"),
    ("currency_settings", {"approval_minor": -5}, "approval_minor >= 1"),
    ("users", {"right_orders": 3}, "right_orders BETWEEN 0 AND 2"),
    ("users", {"right_refunds": -1}, "right_refunds BETWEEN 0 AND 2"),
    ("users", {"right_approvals": 3}, "right_approvals BETWEEN 0 AND 2"),
    ("users", {"right_settings": 3}, "right_settings BETWEEN 0 AND 2"),
    ("users", {"right_users": 3}, "right_users BETWEEN 0 AND 2"),
    ("users", {"right_audit": 3}, "right_audit BETWEEN 0 AND 2"),
    ("users", {"disabled": 2}, "disabled IN (0, 1)"),
    ("api_keys", {"scopes": 0}, "scopes BETWEEN 1 AND 7"),
    ("api_keys", {"scopes": 8}, "scopes BETWEEN 1 AND 7"),
    ("gateways", {"can_refund": 2}, "can_refund IN (0, 1)"),
    ("gateways", {"can_instant": 2}, "can_instant IN (0, 1)"),
    ("gateways", {"paused": 2}, "paused IN (0, 1)"),
    ("orders", {"amount_minor": 0}, "amount_minor BETWEEN 1 AND 1000000000000000"),
    ("orders", {"amount_minor": 10**15 + 1}, "amount_minor BETWEEN 1 AND 1000000000000000"),
    ("orders", {"effective_minor": -1}, "effective_minor BETWEEN 0 AND 1000000000000000"),
    ("orders", {"currency": "RUPEE"}, "length(currency) = 3"),
    ("orders", {"is_cod": 2}, "is_cod IN (0, 1)"),
    ("orders", {"is_split_payment": 2}, "is_split_payment IN (0, 1)"),
    ("orders", {"offer_minimum_minor": -1}, "offer_minimum_minor >= 0"),
    ("orders", {"tab": 0}, "tab BETWEEN 1 AND 5"),
    ("orders", {"tab": 6}, "tab BETWEEN 1 AND 5"),
    ("orders", {"is_conflicted": 2}, "is_conflicted IN (0, 1)"),
    ("order_terms", {"kind": "note"}, "kind IN ('customer', 'udf')"),
    ("txns", {"amount_minor": 0}, "amount_minor BETWEEN 1 AND 1000000000000000"),
    ("txns", {"currency": ""}, "length(currency) = 3"),
    ("txns", {"is_conflicted": 2}, "is_conflicted IN (0, 1)"),
    ("txns", {"held_minor": 1001}, "refunds_within_txn"),
    ("txns", {"held_minor": 5, "refunded_minor": 6}, "refunds_within_txn"),
    ("txns", {"refunded_minor": -1}, "refunds_within_txn"),
    ("refunds", {"unique_request_id": ""}, "length(unique_request_id) BETWEEN 1 AND 255"),
    ("refunds", {"unique_request_id": "x" * 256}, "length(unique_request_id) BETWEEN 1 AND 255"),
    ("refunds", {"over_minor": -1}, "over_minor BETWEEN 0 AND amount_minor"),
    ("refunds", {"over_minor": 10**15 + 1}, "over_minor BETWEEN 0 AND amount_minor"),
    ("refunds", {"amount_minor": 0}, "amount_minor BETWEEN 1 AND 1000000000000000"),
    ("refunds", {"currency": "INRS"}, "length(currency) = 3"),
    ("refunds", {"sent": 2}, "sent IN (0, 1)"),
    ("refunds", {"refund_type": "INSTANT_WITH_FALLBACK"},
     "refund_type IN ('STANDARD', 'INSTANT', 'PAYOUT')"),
    ("refunds", {"source": "MAIL"}, "source IN ('API', 'PORTAL', 'BATCH', 'AUTO', 'GATEWAY')"),
    ("refunds", {"status": "SUCCESS"}, "status_of_state"),
    ("refunds", {"state": "SUCCESS"}, "status_of_state"),
    ("refunds", {"state": "PAUSED"}, "known_state"),
    ("refunds", {"initiated_by": "maker", "checked_by": "maker"}, "maker_is_not_checker"),
    ("refunds", {"over_minor": -1}, "over_minor BETWEEN 0 AND amount_minor"),
    ("refunds", {"over_minor": 101}, "over_minor BETWEEN 0 AND amount_minor"),
    ("jobs", {"leased": 2}, "leased IN (0, 1)"),
    ("exceptions", {"held_minor": -1}, "held_minor >= 0"),
    ("merchants", {"rate_per_s": -1}, "rate_per_s BETWEEN 0 AND 10000"),
    ("merchants", {"rate_per_s": 10001}, "rate_per_s BETWEEN 0 AND 10000"),
    ("gateways", {"can_payout": 2}, "can_payout IN (0, 1)"),
    ("orders", {"is_split_settled": 2}, "is_split_settled IN (0, 1)"),
    ("order_parties", {"position": -1}, "position >= 0"),
    ("order_parties", {"amount_minor": -1}, "amount_minor BETWEEN 0 AND 1000000000000000"),
    ("order_parties", {"amount_minor": 10**15 + 1}, "amount_minor BETWEEN 0 AND 1000000000000000"),
    ("refund_parts", {"position": -1}, "position >= 0"),
    ("refund_parts", {"amount_minor": -1}, "amount_minor BETWEEN 0 AND 1000000000000000"),
    ("beneficiaries", {"type": "CASH"}, "type IN ('BANK_TRANSFER', 'ACCOUNT_IFSC', 'UPI_ID')"),
    ("beneficiaries", {"transfer_type": "FAR"}, "transfer_type IN ('LOCAL', 'INTERNATIONAL')"),
    ("beneficiaries", {"payout_mode": "SLOW"}, "payout_mode IN ('FAST', 'IBAN')"),
    ("payouts", {"type": ""}, "type IN ('BANK_TRANSFER', 'ACCOUNT_IFSC', 'UPI_ID')"),
    ("payouts", {"transfer_type": "local"}, "transfer_type IN ('LOCAL', 'INTERNATIONAL')"),
    ("payouts", {"payout_mode": ""}, "payout_mode IN ('FAST', 'IBAN')"),
    ("news", {"state": "LOST"}, "state IN ('WAITING', 'APPLIED', 'IGNORED', 'REFUSED')"),
    ("merchants", {"batch_rows": 0}, "batch_rows BETWEEN 1 AND 100000"),
    ("merchants", {"batch_rows": 100001}, "batch_rows BETWEEN 1 AND 100000"),
    ("batches", {"source": "MAIL"}, "source IN ('API', 'PORTAL')"),
    ("batches", {"status": "DONE"}, "known_batch_status"),
    ("batches", {"run_mode": "SOME"}, "run_mode IN ('GOOD_ROWS', 'ALL_OR_NONE')"),
    ("batches", {"rows_total": -1}, "rows_total >= 0"),
    ("batches", {"rows_bad": 10}, "rows_bad BETWEEN 0 AND rows_total"),
    ("batches", {"amount_minor": -1}, "amount_minor >= 0"),
    ("batches", {"checked_by": "maker"}, "batch_maker_is_not_checker"),
    ("batches", {"checked_by": "asha", "key_maker": "asha"}, "batch_key_maker_is_not_checker"),
    ("batches", {"rows_accepted": 1}, "batch_counts"),
    ("batches", {"rows_done": 10, "rows_failed": 10}, "batch_counts"),
    ("batch_syncs", {"verdict": "FINISHED"},
     "verdict IN ('ASKED', 'NOT_SENT', 'SENDING', 'COOLING')"),
    ("batch_totals", {"good_minor": -1}, "good_minor >= 0"),
    ("batch_totals", {"bad_minor": -1}, "bad_minor >= 0"),
    ("batch_rows", {"row": 0}, "row >= 1"),
    ("batch_rows", {"line": 0}, "line >= 1"),
    ("batch_rows", {"status": "DONE"}, "status IN ('QUEUED', 'ACCEPTED', 'FAILED')"),
    ("batch_rows", {"status": "ACCEPTED"}, "accepted_has_refund"),
    ("batch_rows", {"refund_row": 1}, "accepted_has_refund"),
    ("endpoints", {"any_2xx": 2}, "any_2xx IN (0, 1)"),
    ("endpoints", {"state": "GONE"}, "state IN ('ACTIVE', 'PAUSED', 'DISABLED', 'DELETED')"),
    ("deliveries", {"state": "LOST"}, "state IN ('WAITING', 'DELIVERED', 'FAILED')"),
    ("deliveries", {"due_ms": None}, "waiting_is_due"),
    ("delivery_attempts", {"attempt": 0}, "attempt >= 1"),
    ("conflict_settings", {"refund_conflicted": 2, "conflicted_since_ms": 1},
     "refund_conflicted IN (0, 1)"),
    ("conflict_settings", {"refund_multiple": -1, "multiple_since_ms": 1},
     "refund_multiple IN (0, 1)"),
    ("conflict_settings", {"notify": 2, "emails": "a@b.example"}, "notify IN (0, 1)"),
    ("conflict_settings", {"threshold_minutes": 0}, "threshold_minutes BETWEEN 1 AND 999999999"),
    ("conflict_settings", {"threshold_minutes": 10**9}, "threshold_minutes BETWEEN 1 AND 999999999"),
    ("conflict_settings", {"refund_conflicted": 1}, "conflicted_since"),
    ("conflict_settings", {"refund_multiple": 1}, "multiple_since"),
    ("conflict_settings", {"notify": 1}, "notify_whom"),
    ("conflict_settings", {"notify": 1, "emails": ""}, "notify_whom"),
    ("conflict_gateways", {"threshold_minutes": 0}, "threshold_minutes BETWEEN 1 AND 999999999"),
    ("conflict_ceilings", {"daily_minor": 0}, "daily_minor BETWEEN 1 AND 1000000000000000"),
    ("conflict_ceilings", {"daily_minor": 10**15 + 1},
     "daily_minor BETWEEN 1 AND 1000000000000000"),
    ("conflicts", {"kind": "LATE"}, "kind IN ('CONFLICTED', 'MULTIPLE_CHARGED')"),
    ("conflicts", {"state": "LOST"},
     "state IN ('SHOWN', 'REFUNDED', 'REFUSED', 'WITHDRAWN', 'CANCELLED')"),
    ("conflicts", {"rounds": -1}, "rounds >= 0"),
    ("conflicts", {"refund_row": None}, "refunded_has_refund"),
    ("conflicts", {"kind": "CONFLICTED"}, "conflicted_has_threshold"),
    ("txns", {"is_imported": 2}, "is_imported IN (0, 1)"),
    ("txns", {"is_payers_word": 2}, "is_payers_word IN (0, 1)"),
    ("orders", {"is_multiple": 2}, "is_multiple IN (0, 1)"),
    ("mails", {"state": "LOST"}, "state IN ('WAITING', 'SENT', 'FAILED')"),
    ("mails", {"due_ms": None}, "mail_is_due"),
]

# What must be unique besides the row ids, and what must exist elsewhere.
UNIQUES = {
    "merchants": {"merchant_id"}, "currency_settings": {"merchant, currency"}, "users": {"name"},
    "sessions": {"token_hash"}, "login_failures": {"subject"}, "api_keys": {"key_hash"},
    "gateways": {"merchant, name"}, "orders": {"merchant, order_key"},
    "order_terms": {"merchant, kind, term, order_row"}, "txns": {"merchant, txn_id"},
    "refunds": {"unique_request_id, order_row", "txn_row"}, "jobs": {"kind, subject"},
    "exceptions": {"refund_row, kind"}, "audit": {"merchant, seq"}, "audit_heads": {"merchant"},
    "order_parties": {"order_row, party"}, "refund_parts": {"refund_row, party"},
    "beneficiaries": {"merchant, beneficiary_id"}, "payouts": {"refund_row"},
    "idempotency_keys": {"merchant, route, key"}, "news": {"merchant, source, event_id"},
    "imports": {"merchant, file_sha256"}, "batch_totals": {"batch, currency, gateway"}, "batch_syncs": {"batch, refund_row"},
    "batch_rows": {"batch, row"},
    "endpoint_events": {"merchant, name, endpoint"}, "webhooks": {"event_id"},
    "deliveries": {"webhook, endpoint"}, "delivery_attempts": {"delivery, attempt"},
    "conflict_settings": {"merchant"}, "conflict_gateways": {"merchant, gateway"},
    "conflict_ceilings": {"merchant, currency"}, "conflicts": {"txn_row"},
    "user_mails": {"user_id, kind"}, "mails": {"merchant, occasion, address"},
}
REFERENCES = {
    "currency_settings": {"merchant"}, "users": {"merchant"}, "sessions": {"user_id"},
    "api_keys": {"merchant"}, "gateways": {"merchant"}, "orders": {"merchant"},
    "txns": {"merchant", "order_row"}, "refunds": {"merchant", "order_row", "txn_row"},
    "exceptions": {"refund_row"}, "audit_heads": {"merchant"}, "order_parties": {"order_row"},
    "refund_parts": {"refund_row"}, "beneficiaries": {"merchant"}, "payouts": {"refund_row"},
    "news": {"merchant"}, "imports": {"merchant"}, "batches": {"merchant"},
    "batch_totals": {"batch"}, "batch_rows": {"batch", "refund_row"},
    "batch_syncs": {"batch", "refund_row"},
    "endpoints": {"merchant"}, "endpoint_events": {"endpoint"}, "webhooks": {"merchant"},
    "deliveries": {"endpoint", "webhook"}, "delivery_attempts": {"delivery"},
    "conflict_settings": {"merchant"}, "conflict_gateways": {"merchant"},
    "conflict_ceilings": {"merchant"},
    "conflicts": {"txn_row", "merchant", "order_row", "kept_txn", "refund_row"},
    "user_mails": {"user_id"}, "mails": {"merchant"},
}
# What is unique among rows of a kind only: what makes one of them.
AMONG = {("refunds", "txn_row"): {"source": "AUTO"}}
# What a column needs beside it.
BESIDE = {("batch_rows", "refund_row"): {"status": "ACCEPTED"}}

# (statement, the message of the trigger that must refuse it); one refund HELD is there.
TRIGGERS = [
    ("DELETE FROM audit", "audit rows are never deleted"),
    ("UPDATE audit SET detail = '{}'", "audit rows are never changed"),
    ("UPDATE audit SET hash = hash", "audit rows are never changed"),
    ("DELETE FROM events", "events are never deleted"),
    ("UPDATE events SET frozen = '{\"a\":1}'", "events are never changed"),
    ("DELETE FROM refunds", "refunds are never deleted"),
    ("UPDATE refunds SET amount_minor = 99", "the terms of a refund are never changed"),
    ("UPDATE refunds SET currency = 'USD'", "the terms of a refund are never changed"),
    ("UPDATE refunds SET order_row = 2", "the terms of a refund are never changed"),
    ("UPDATE refunds SET txn_row = 2", "the terms of a refund are never changed"),
    ("UPDATE refunds SET merchant = 2", "the terms of a refund are never changed"),
    ("UPDATE refunds SET unique_request_id = 'other'", "the terms of a refund are never changed"),
    ("UPDATE refunds SET state = 'SUCCESS', status = 'SUCCESS'",
     "a refund does not move like that"),
    ("UPDATE order_parties SET amount_minor = 900", "the parties of an order are never changed"),
    ("DELETE FROM order_parties", "the parties of an order are never deleted"),
    ("UPDATE refund_parts SET amount_minor = 0", "the split of a refund is never changed"),
    ("DELETE FROM refund_parts", "the split of a refund is never deleted"),
    ("INSERT INTO refund_parts VALUES (1, 'v1', 1, 501)",
     "more than the party has left of its part"),
    ("INSERT INTO refund_parts VALUES (1, 'stranger', 1, 0)",
     "more than the party has left of its part"),
    ("UPDATE payouts SET masked = 'k@b'", "where a payout goes is never changed"),
    ("DELETE FROM payouts", "payouts are never deleted"),
    ("UPDATE idempotency_keys SET body = '{}'", "a kept answer is never changed"),
    ("DELETE FROM idempotency_keys", "kept answers are never deleted"),
    ("UPDATE batches SET status = 'PROCESSING'", "a batch does not move like that"),
    ("UPDATE batch_rows SET amount = '2'", "the row of a file is never changed"),
    ("UPDATE batch_rows SET unique_id = 'u'", "the row of a file is never changed"),
    ("UPDATE webhooks SET body = '[]'", "a webhook is never changed"),
    ("UPDATE delivery_attempts SET said = 'other'", "an attempt is never changed"),
    ("DELETE FROM endpoints", "endpoints are never deleted"),
    ("DELETE FROM conflicts", "what was refunded by itself is never forgotten"),
    ("UPDATE mails SET facts = '[]'", "a mail is never changed"),
    ("UPDATE mails SET address = 'c@d.example'", "a mail is never changed"),
    ("UPDATE mails SET occasion = 'other'", "a mail is never changed"),
]
# The same of a batch that was read and whose row has its refund.
LATER = ["UPDATE batches SET status = 'AWAITING_CONFIRMATION'",
         "UPDATE batch_rows SET status = 'ACCEPTED', refund_row = 1"]
LATER_TRIGGERS = [
    ("DELETE FROM batch_rows", "the rows of a batch are never deleted"),
    ("DELETE FROM batches", "batches are never deleted"),
    ("UPDATE batch_rows SET status = 'FAILED', refund_row = NULL",
     "a row of a batch keeps its refund"),
]

# Statements that must pass, so that the guards do not refuse everything.
ALLOWED = [
    "UPDATE refunds SET amount_minor = amount_minor, note = 'n', updated_ms = 2",
    "UPDATE refunds SET state = 'SENDING', attempts = 1",
    "UPDATE refunds SET state = 'FAILURE', status = 'FAILURE'",
    "UPDATE txns SET held_minor = amount_minor",
    "UPDATE orders SET status = 'AUTO_REFUNDED'",
    "DELETE FROM jobs",
    "INSERT INTO refund_parts VALUES (1, 'v1', 1, 500)",
    "UPDATE beneficiaries SET name = 'K'",
    "UPDATE news SET state = 'APPLIED', applied_ms = 2",
    "UPDATE imports SET position = 9, finished_ms = 2",
    "UPDATE batch_rows SET warning = 'w', amount = amount",
    "DELETE FROM batch_rows",
    "UPDATE endpoints SET state = 'DISABLED', said = 'gone'",
    "UPDATE deliveries SET state = 'FAILED', due_ms = NULL, said = 's'",
    "DELETE FROM delivery_attempts",
    "DELETE FROM endpoint_events",
    "UPDATE conflicts SET state = 'WITHDRAWN', rounds = 0",
    "UPDATE mails SET state = 'SENT', due_ms = NULL, said = 'accepted', sent_ms = 2",
]

passed = failed = 0


def judge(ok, what):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED: %s" % what)


def open_schema():
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    names = os.listdir(MIGRATIONS)
    for name in sorted(n for n in names if re.fullmatch(r"\d{4}_\w+\.sql", n)):
        for part in (name, name[:-4] + ".sqlite.sql"):
            path = os.path.join(MIGRATIONS, part)
            if os.path.exists(path):
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                for token, word in TOKENS.items():
                    text = text.replace(token, word)
                db.executescript(text)
    return db


def row(table, n, changes=()):
    def numbered(value):
        if isinstance(value, bytes):
            return value.replace(b"{n}", str(n).encode())
        return value.replace("{n}", str(n)) if isinstance(value, str) else value

    values = {k: numbered(v) for k, v in ROWS[table].items()}
    if "id" in values:
        values["id"] = n
    if table == "audit":
        values["seq"] = n
    if table == "audit_heads":
        values["merchant"] = n
    if table == "batch_rows":
        values["row"] = n
    if table in ("conflict_settings", "conflicts") and n > 1:
        values["merchant" if table == "conflict_settings" else "txn_row"] = 2
    if table == "deliveries" and n > 1:
        values["webhook"] = 2
    if table == "delivery_attempts":
        values["attempt"] = n
    if table in ("payouts", "batch_syncs") and n > 1:
        values["refund_row"] = OTHER_REFUND
    values.update(changes)
    return values


def insert(db, table, values):
    columns = ", ".join(values)
    marks = ", ".join("?" * len(values))
    db.execute("INSERT INTO %s (%s) VALUES (%s)" % (table, columns, marks), list(values.values()))


def refusal(db, act):
    """What the database says to act(), which is undone; None when it took it."""
    db.execute("SAVEPOINT try")
    try:
        act()
        return None
    except sqlite3.Error as error:
        return str(error)
    finally:
        db.execute("ROLLBACK TO try")
        db.execute("RELEASE try")


def expect(db, what, wanted, act):
    said = refusal(db, act)
    judge(said is not None and wanted in said, "%s: said %r, expected %r" % (what, said, wanted))


def flat(text):
    return " ".join(text.split())


def checks_of(sql):
    """The name or the text of each CHECK in a CREATE TABLE."""
    for found in re.finditer(r"(?:CONSTRAINT\s+(\w+)\s+)?CHECK\s*\(", sql):
        depth, end = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        yield found.group(1) or flat(sql[found.end():end - 1])


def uniques_of(db, table):
    columns = db.execute("PRAGMA table_info(%s)" % table).fetchall()
    keys = [c[1] for c in columns if c[5]]
    if len(keys) == 1 and [c[2] for c in columns if c[5]] == ["INTEGER"]:
        yield keys
    for index in db.execute("PRAGMA index_list(%s)" % table).fetchall():
        if index[2]:
            yield [c[2] for c in db.execute("PRAGMA index_info(%s)" % index[1])]


def test_tables(db):
    tables = {r[0]: r[1] for r in db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table'")}
    judge(set(tables) == set(ROWS), "tables without a case: %s" % (set(tables) ^ set(ROWS)))
    for table, sql in tables.items():
        there = set(checks_of(sql))
        tested = {flat(c[2]) for c in CHECKS if c[0] == table}
        judge(there == tested, "CHECKs of %s without a case: %s" % (table, there ^ tested))
        judge(sql.rstrip().endswith("STRICT"), "%s is not STRICT" % table)
    for table, changes, wanted in CHECKS:
        expect(db, "%s %s" % (table, changes), "CHECK constraint failed: " + wanted,
               lambda: insert(db, table, row(table, 3, changes)))


def test_keys(db):
    for table in ROWS:
        judge(refusal(db, lambda: insert(db, table, row(table, 3))) is None
              or table == "audit_heads", "a good row of %s is refused" % table)
        there = {", ".join(columns) for columns in uniques_of(db, table)} - {"id"}
        judge(there == UNIQUES.get(table, set()), "unique in %s: %s" % (table, there))
        for columns in uniques_of(db, table):
            same = {c: row(table, 1)[c] for c in columns}
            among = AMONG.get((table, ", ".join(columns)), {})
            db.execute("SAVEPOINT among")
            if among:
                insert(db, table, row(table, 4, {**same, **among}))
            expect(db, "%s twice in %s" % (columns, table), "UNIQUE constraint failed: " + ", ".join(
                "%s.%s" % (table, c) for c in columns),
                lambda: insert(db, table, row(table, 3, {**same, **among})))
            db.execute("ROLLBACK TO among")
            db.execute("RELEASE among")
        keys = db.execute("PRAGMA foreign_key_list(%s)" % table).fetchall()
        judge({k[3] for k in keys} == REFERENCES.get(table, set()), "references of %s" % table)
        for key in keys:
            changes = {key[3]: 999, **BESIDE.get((table, key[3]), {})}
            expect(db, "%s.%s of nothing" % (table, key[3]), "FOREIGN KEY constraint failed",
                   lambda: insert(db, table, row(table, 3, changes)))


def test_triggers(db):
    there = set(re.findall(r"RAISE\(ABORT, '([^']+)'\)", " ".join(r[0] for r in db.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger'"))))
    tested = {wanted for _, wanted in TRIGGERS + LATER_TRIGGERS}
    judge(there == tested, "triggers without a case: %s" % (there ^ tested))
    for statement, wanted in TRIGGERS:
        expect(db, statement, wanted, lambda: db.execute(statement))
    for statement in ALLOWED:
        said = refusal(db, lambda: db.execute(statement))
        judge(said is None, "%s: said %r" % (statement, said))
    for statement in LATER:
        db.execute(statement)
    for statement, wanted in LATER_TRIGGERS:
        expect(db, statement, wanted, lambda: db.execute(statement))


def test_moves(db):
    """The trigger lets a refund move exactly where refund/machine.c does."""
    printed = subprocess.run([os.path.join(BUILD, "tests", "store", "print_moves")],
                             stdout=subprocess.PIPE, check=True, text=True).stdout
    legal = set(printed.split())
    judge(len(legal) > 20, "print_moves printed %d moves" % len(legal))
    for n, before in enumerate(STATES):
        status = before if before in FINAL else "PENDING"
        insert(db, "refunds", row("refunds", 100 + n, {"state": before, "status": status}))
        for after in STATES:
            status = after if after in FINAL else "PENDING"
            said = refusal(db, lambda: db.execute(
                "UPDATE refunds SET state = ?, status = ? WHERE id = ?", (after, status, 100 + n)))
            move = before + ">" + after
            judge((said is None) == (before == after or move in legal),
                  "%s: the machine says %s, the schema %r" % (move, move in legal, said))


# What a list is sorted and filtered by: its rows come in that order from an index of their own.
LISTS = {
    "o.gateway = 'G' ORDER BY o.created_ms DESC, o.id DESC": "orders_by_gateway",
    "o.gateway = 'G' ORDER BY o.amount_minor DESC, o.id DESC": "orders_gateway_amount",
    "o.status = 'CHARGED' ORDER BY o.created_ms DESC, o.id DESC": "orders_by_status",
}


def test_lists(db):
    for end, index in LISTS.items():
        plan = " ".join(step[3] for step in db.execute(
            "EXPLAIN QUERY PLAN SELECT o.* FROM orders o WHERE o.merchant = 1 AND %s LIMIT 26" % end))
        judge("INDEX %s (" % index in plan and "TEMP B-TREE" not in plan, "%s: %s" % (end, plan))


def main():
    db = open_schema()
    for table in ROWS:
        if table == "refund_parts":
            for party in ("p1", "p3"):
                insert(db, "order_parties", row("order_parties", 2, {"party": party}))
        insert(db, table, row(table, 1))
        if table in ("merchants", "orders", "txns", "webhooks"):
            insert(db, table, row(table, 2))
        if table == "refunds":
            insert(db, table, row(table, OTHER_REFUND))
    db.execute("BEGIN")
    test_tables(db)
    test_keys(db)
    test_triggers(db)
    test_moves(db)
    test_lists(db)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)


main()
