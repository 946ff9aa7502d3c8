#!/usr/bin/env python3
"""Batches of refunds over real HTTP: the ways to send a file, the files that are refused, what a
client can do twice or too late, and 100,000 rows in constant memory."""
import csv
import io
import json
import socket
import subprocess
import sys

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, in_parallel, run_cases, wait_until
from clients import Api, Portal, call, call_raw
from desk import Desk

OA = "order_id,amount\n"
ROWS_MOST = 100000
MEMORY_MOST_KIB = 64 << 10
UPLOAD_MOST = 204 << 20  # LIMIT_UPLOAD_BYTES, and what lighttpd takes for this address
PATH = "/batch-refunds"


def send(desk, text, **headers):
    body = text if isinstance(text, bytes) else text.encode()
    return desk.api.call("POST", PATH, js=body, headers=dict({"Content-Type": "text/csv"}, **headers))


def curl(desk, *arguments, stdin=b""):
    """Status and JSON of what an ordinary client sends."""
    done = subprocess.run(["curl", "-sS", "-w", "\n%{http_code}", "-u", desk.api.key + ":",
                           "http://127.0.0.1:%d%s" % (desk.api_port, PATH), *arguments],
                          input=stdin, capture_output=True, timeout=60)
    equal(done.returncode, 0, done.stderr)
    body, status = done.stdout.rsplit(b"\n", 1)
    return int(status), json.loads(body)


def file_of(desk, rows=2):
    """A file that no other case sends: rows of one new order."""
    order = desk.charged_order("1000")
    return OA + "".join("%s,%d.00\n" % (order, i + 1) for i in range(rows))


def confirm(desk, batch, total, **more):
    body = dict({"run_mode": "ALL_OR_NONE", "totals": {"INR": total}}, **more)
    return desk.api.call("POST", "%s/%s/confirm" % (PATH, batch), js=body)


def kept(desk):
    return desk.one("SELECT (SELECT count(*) FROM batches) AS batches,"
                    " (SELECT count(*) FROM batch_rows) AS rows,"
                    " (SELECT count(*) FROM batch_totals) AS totals")


def leaves_nothing(desk, function):
    before = kept(desk)
    answer = function()
    equal(kept(desk), before)
    return answer


# ---- sending --------------------------------------------------------------------------------------


@case
def a_form_a_plain_body_and_chunks_are_read_alike(desk):
    form = ["-F", "description=May", "-F", "file=@-;filename=C:\\may.csv;type=text/csv"]
    plain = ["-H", "Content-Type: text/csv", "--data-binary", "@-"]
    chunked = plain + ["-H", "Transfer-Encoding: chunked"]
    for arguments in (form, form + ["-H", "Transfer-Encoding: chunked"], plain, chunked):
        status, body = curl(desk, *arguments, stdin=file_of(desk).encode())
        equal(status, 200, body)
        equal((body["object"], body["status"]), ("batch", "AWAITING_CONFIRMATION"))
        equal((body["rows"]["total"], body["rows"]["good"]), (2, 2), body)
        equal(body["totals"][0]["good_amount"], 3)
        if arguments[:4] == form:
            equal((body["file_name"], body["description"]), ("may.csv", "May"))


@case
def broken_files_are_refused_and_leave_nothing(desk):
    for text, code, said in (
            ("", "INVALID_FILE_FORMAT", "empty"),
            (OA, "INVALID_FILE_FORMAT", "no rows"),
            ("order_id\nA\n", "MISSING_MANDATORY_FIELDS", "amount"),
            ("order_id;amount\nA;1\n", "INVALID_FILE_FORMAT", "commas"),
            (OA + "A,1\nA,\"2\n", "INVALID_FILE_FORMAT", "Line 3"),
            (OA + "A,1\n" * 1001, "ROW_LIMIT_EXCEEDED", "Line 1002"),
            (OA + "none,1\n" * 900 + "A\n", "INVALID_FILE_FORMAT", "Line 902"),
            (b"\xff\xfeo\0", "INVALID_FILE_FORMAT", "UTF-16")):
        answer = leaves_nothing(desk, lambda: send(desk, text))
        equal((answer.status, answer.json["error_code"]), (400, code), answer)
        contains(answer.json["error_message"], said)
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = leaves_nothing(desk, lambda: send(desk, OA + "A,1\n", **{"Content-Type": kind}))
        assert answer.status in (400, 415), answer


@case
def a_file_that_is_too_large_is_refused(desk):
    row = "none,1,%s\n" % ("x" * 4000)
    answer = leaves_nothing(desk, lambda: send(desk, "order_id,amount,udf1\n" + row * 700))
    equal((answer.status, answer.json["error_code"]), (400, "ROW_LIMIT_EXCEEDED"), answer)
    contains(answer.json["error_message"], "larger than 2 MiB")


@case
def what_no_merchant_may_send_is_refused_before_its_first_byte(desk):
    """More than a file of 100,000 rows can be: 413, by its length alone."""
    head = ("POST %s HTTP/1.1\r\nHost: desk\r\nContent-Type: text/csv\r\n" % PATH
            + "".join("%s: %s\r\n" % h for h in desk.api.authorization().items()))
    before = kept(desk)
    answer = call_raw(desk.api_port, (head + "Content-Length: %d\r\n\r\n" % (UPLOAD_MOST + 1)).encode())
    equal((answer.status, answer.json["error_code"]), (413, "PAYLOAD_TOO_LARGE"), answer)
    equal(kept(desk), before)


@case
def a_body_that_is_cut_off_leaves_nothing(desk):
    text = (OA + "none,1\n" * 800).encode()
    before = kept(desk)
    for begin in (b"Content-Length: %d\r\n\r\n" % (len(text) * 2) + text,
                  b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(text) + text + b"\r\n"):
        with socket.create_connection(("127.0.0.1", desk.api_port), 10) as s:
            head = "POST %s HTTP/1.1\r\nHost: desk\r\nContent-Type: text/csv\r\n" % PATH
            head += "".join("%s: %s\r\n" % h for h in desk.api.authorization().items())
            s.sendall(head.encode() + begin)
    wait_until(lambda: "nothing to be left: %r" % kept(desk), lambda: kept(desk) == before)
    equal(send(desk, file_of(desk)).status, 200)
    equal(desk.one("SELECT count(*) AS n FROM batches WHERE status = 'READING'")["n"], 0)


@case
def of_the_same_bytes_at_once_one_is_taken(desk):
    text = file_of(desk)
    answers = in_parallel(4, lambda i: send(desk, text))
    equal(sorted(a.status for a in answers), [200, 400, 400, 400], answers)
    equal({a.json["error_code"] for a in answers if a.status == 400}, {"DUPLICATE_FILE"})


# ---- what follows -----------------------------------------------------------------------------------


@case
def a_batch_is_confirmed_once_and_completed(desk):
    text = file_of(desk, 3)
    batch = send(desk, text).json["id"]
    for total in ("5", "6.01", "six"):
        answer = confirm(desk, batch, total)
        equal(answer.status, 400, answer)
        equal(answer.json["error_info"]["fields"][0]["field_name"], "totals", answer)
    answers = in_parallel(4, lambda i: confirm(desk, batch, "6.00"))
    equal(sorted(a.status for a in answers), [200, 400, 400, 400], answers)
    equal({a.json["error_code"] for a in answers if a.status == 400}, {"BATCH_STATUS"})
    wait_until("the batch to run", lambda: desk.api.call(
        "GET", "%s/%s" % (PATH, batch)).json["status"] == "COMPLETED")
    equal(desk.api.call("GET", "%s/%s" % (PATH, batch)).json["created_by"], "API key demo")
    rows = desk.api.call("GET", "%s/%s/rows" % (PATH, batch)).json["data"]
    equal([r["status"] for r in rows], ["ACCEPTED"] * 3)
    for row in rows:
        refund = desk.ended(row["refund"]["unique_request_id"])
        equal((refund["status"], refund["initiated_by"]), ("SUCCESS", "API"))
        equal(len(desk.ledger(row["refund"]["unique_request_id"])), 1)
    equal(confirm(desk, batch, "6.00").json["error_code"], "BATCH_STATUS")
    equal(send(desk, text).json["error_code"], "DUPLICATE_FILE")


@case
def the_sample_file_is_good_as_it_is(desk):
    """Of the demo: three plain rows and one of a split settlement, every column named."""
    maker = [u["password"] for u in desk.credentials["users"] if u["name"] == "maker"]
    portal = Portal(desk.portal_port).login("maker", maker[0])
    sample = portal.call("GET", "/batch/batch-refunds/new/sample")
    equal(sample.status, 200)
    rows = list(csv.DictReader(io.StringIO(sample.text)))
    equal((len(rows), len(rows[0])), (4, 19))
    equal([bool(r["vendor1_id"]) for r in rows].count(True), 1)
    answer = send(desk, sample.body)
    equal(answer.status, 200, answer)
    equal((answer.json["rows"]["good"], answer.json["rows"]["bad"]), (4, 0), answer)


@case
def bad_rows_are_told_and_do_not_run(desk):
    batch = send(desk, file_of(desk) + "none,5\n,x\n").json
    equal((batch["rows"]["good"], batch["rows"]["bad"]), (2, 2), batch)
    equal([r["row"] for r in batch["problems"]], [3, 4], batch)
    equal(confirm(desk, batch["id"], "3.00").status, 400)
    equal(confirm(desk, batch["id"], "3.00", run_mode="GOOD_ROWS").status, 200)
    wait_until("the batch to run", lambda: desk.api.call(
        "GET", "%s/%s" % (PATH, batch["id"])).json["status"] == "PARTIALLY_COMPLETED")
    failed = desk.api.call("GET", "%s/%s/rows?filter=failed" % (PATH, batch["id"])).json["data"]
    equal([(r["row"], r["error_code"]) for r in failed], [(3, "INVALID_ORDERID"), (4, "INVALID")])


@case
def a_batch_of_nobody_or_of_somebody_else_is_not_found(desk):
    batch = send(desk, file_of(desk)).json["id"]
    desk.ctl("merchant", "add", "other")
    key = desk.ctl("api-key", "add", "theirs", "--merchant", "other").strip()
    other = Api(desk.api_port, key, "other")
    for api, name in ((other, batch), (desk.api, "1"), (desk.api, "no-id"), (desk.api, "9" * 30)):
        path = "%s/%s" % (PATH, name)
        for method, ending in (("GET", ""), ("GET", "/rows"), ("POST", "/confirm"),
                               ("POST", "/pause"), ("POST", "/resume"), ("POST", "/cancel")):
            more = {"js": {"reason": "x", "totals": {"INR": "3"}}} if method == "POST" else {}
            answer = api.call(method, path + ending, **more)
            equal(answer.status, 404, "%s %s%s %s" % (method, path, ending, answer))
    equal(desk.api.call("GET", "%s/%s" % (PATH, batch)).json["status"], "AWAITING_CONFIRMATION")
    equal(call(desk.api_port, "GET", "%s/%s" % (PATH, batch)).status, 401)


# ---- size -----------------------------------------------------------------------------------------


def private_kib(pid):
    with open("/proc/%d/smaps_rollup" % pid) as f:
        return sum(int(line.split()[1]) for line in f if line.startswith("Private_"))


@case
def the_largest_file_needs_little_memory(desk):
    desk.restart("batch_rows = %d" % ROWS_MOST)
    text = OA + "".join("none%d,%d.50\n" % (i, i % 900 + 1) for i in range(ROWS_MOST))
    status, body = curl(desk, "-F", "file=@-;filename=big.csv", stdin=text.encode())
    equal((status, body["rows"]["total"]), (200, ROWS_MOST), body)
    kib = private_kib(desk.pid("refunddesk-api"))
    print("%d rows: %d KiB private" % (ROWS_MOST, kib))
    assert kib <= MEMORY_MOST_KIB, kib
    answer = leaves_nothing(desk, lambda: send(desk, text + "one,1\n"))
    equal(answer.json["error_code"], "ROW_LIMIT_EXCEEDED")


def main():
    with Desk() as desk:
        desk.restart("twin_window_ms = 0")
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
