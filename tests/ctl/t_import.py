#!/usr/bin/env python3
"""refundctl import: JSON lines and CSV, what is refused, going on after a kill, alone or not."""
import json
import os
import pty
import shutil
import signal
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
TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "templates")
BASE = tempfile.mkdtemp(prefix="import-")
CARD = "4111111111111111"
HEADER = "order_id,amount,currency,status,txn_id,gateway,epg_txn_id,customer_email,udf1,date_created"


class Desk:
    count = 0

    def __init__(self):
        Desk.count += 1
        self.home = os.path.join(BASE, "home%d" % Desk.count)
        self.run(0, "init")
        self.run(0, "merchant", "add", "acme")

    def command(self, *words):
        return [PROGRAM, "--home", self.home, *words]

    def run(self, code, *words):
        done = subprocess.run(self.command(*words), text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        equal(done.returncode, code, "%s: %s%s" % (words, done.stdout, done.stderr))
        return done.stdout + done.stderr

    def ask(self, statement, *values):
        db = sqlite3.connect("file:%s/refunddesk.db?mode=ro" % self.home, uri=True)
        try:
            return db.execute(statement, values).fetchall()
        finally:
            db.close()

    def orders(self):
        return self.ask("SELECT count(*) FROM orders")[0][0]

    def holds(self, text):
        for folder, _, names in os.walk(self.home):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    if text.encode() in f.read():
                        return True
        return False


def order(i, **changes):
    order_id = "ORD-%06d" % i
    body = {"order_id": order_id, "amount": 1000 + i % 500, "currency": "INR", "status": "CHARGED",
            "date_created": "2025-11-09T16:19:55Z", "customer_email": "a%d@example.com" % i,
            "udf1": "web", "metadata": {"cart": "A-17"},
            "txn_detail": {"txn_id": "acme-%s-1" % order_id, "status": "CHARGED",
                           "txn_amount": 1000 + i % 500, "currency": "INR", "gateway": "RAZORPAY",
                           "gateway_id": 23, "created": "2025-11-09T16:20:52Z"},
            "payment_method_type": "CARD", "payment_method": "VISA",
            "payment_gateway_response": {"epg_txn_id": "pay_%06d" % i,
                                         "created": "2025-11-09T16:21:11Z"}}
    body.update(changes)
    return body


def put(name, content):
    path = os.path.join(BASE, name)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return path


def put_lines(name, lines):
    return put(name, "".join((line if isinstance(line, str) else json.dumps(line)) + "\n"
                             for line in lines))


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return f.read()


def entries(path):
    return [json.loads(line) for line in read(path).splitlines()]


# ---- what is taken in -------------------------------------------------------------------------------

@case
def json_lines_become_orders():
    desk = Desk()
    envelope = {"id": "evt_V2_1", "event_name": "ORDER_SUCCEEDED",
                "date_created": "2025-11-09T16:22:00Z", "content": {"order": order(2)}}
    path = put("orders.jsonl", "\ufeff" + json.dumps(order(1)) + "\r\n\n  \n" + json.dumps(envelope))
    equal(desk.run(0, "import", path), "2 orders taken in, 0 known already, 0 refused\n")
    rows = desk.ask("SELECT order_id, amount_minor, status, currency FROM orders ORDER BY order_id")
    equal(rows, [("ORD-000001", 100100, "CHARGED", "INR"), ("ORD-000002", 100200, "CHARGED", "INR")])
    equal(desk.ask("SELECT txn_id, gateway, payment_id FROM txns ORDER BY txn_id"),
          [("acme-ORD-00000%d-1" % i, "RAZORPAY", "pay_00000%d" % i) for i in (1, 2)])
    assert not os.path.exists(path + ".refused.jsonl")
    equal(desk.ask("SELECT action, subject FROM audit WHERE action = 'import.finished'"),
          [("import.finished", path)])
    equal(desk.ask("SELECT count(*) FROM events")[0][0], 0)
    contains(desk.run(0, "fsck"), "all is well")


@case
def csv_rows_become_orders():
    desk = Desk()
    path = put("orders.csv", "\ufeffsep=,\r\n" + HEADER.upper() + "\r\n"
               "'-A1,1250.50,,CHARGED,t1,PAYU,pay_1,a@example.com,\"two\r\nlines, one udf\","
               "2025-11-09T16:19:55Z\r\n"
               "A2,500,JPY,NEW,,,,,,\r\n")
    equal(desk.run(0, "import", path), "2 orders taken in, 0 known already, 0 refused\n")
    equal(desk.ask("SELECT order_id, amount_minor, currency, status, customer_email, created_ms"
                   " FROM orders ORDER BY order_id"),
          [("-A1", 125050, "INR", "CHARGED", "a@example.com", 1762705195000),
           ("A2", 500, "JPY", "NEW", None, desk.ask("SELECT created_ms FROM orders"
                                                    " WHERE order_id = 'A2'")[0][0])])
    equal(desk.ask("SELECT txn_id, status, gateway, payment_id, amount_minor FROM txns"),
          [("t1", "CHARGED", "PAYU", "pay_1", 125050)])
    contains(desk.ask("SELECT facts FROM orders WHERE order_id = '-A1'")[0][0],
             "two\\r\\nlines, one udf")


@case
def the_same_file_is_not_read_twice_and_the_same_orders_change_nothing():
    desk = Desk()
    path = put_lines("twice.jsonl", [order(i) for i in range(20)])
    desk.run(0, "import", path)
    contains(desk.run(0, "import", path), "imported already")
    again = put_lines("other-name.jsonl", [order(i) for i in range(20)])
    contains(desk.run(0, "import", again), "imported already")
    more = put_lines("more.jsonl", [order(i) for i in range(30)])
    equal(desk.run(0, "import", more), "10 orders taken in, 20 known already, 0 refused\n")
    equal(desk.orders(), 30)


@case
def imports_of_two_merchants_stay_apart():
    desk = Desk()
    desk.run(0, "merchant", "add", "other")
    path = put_lines("merchants.jsonl", [order(1)])
    contains(desk.run(1, "import", path), "--merchant")
    for name in ("acme", "other"):
        contains(desk.run(0, "import", path, "--merchant", name), "1 orders taken in")
    equal(desk.orders(), 2)


# ---- what is refused --------------------------------------------------------------------------------

@case
def refused_lines_are_reported_and_the_others_taken_in():
    desk = Desk()
    bad = ["{\"order_id\": ", "[1,2]", "null", order(3, amount="1e3"), order(4, currency="RUPEES"),
           {"amount": 5}, "{\"order_id\":\"a\",\"order_id\":\"b\"}",
           json.dumps(order(5, description="x" * 70000))]
    path = put_lines("broken.jsonl", [order(1), *bad, order(2)])
    said = desk.run(1, "import", path)
    contains(said, "2 orders taken in, 0 known already, %d refused" % len(bad))
    report = path + ".refused.jsonl"
    contains(said, report)
    equal(stat.S_IMODE(os.stat(report).st_mode), 0o600)
    told = entries(report)
    equal([entry["line"] for entry in told], list(range(2, 2 + len(bad))))
    for entry, word in zip(told, ["byte 13", "JSON object", "JSON object", "amount", "currency",
                                  "order_id", "second time", "65536"]):
        contains(entry["error"], word)
    equal(told[0]["text"], bad[0])
    assert len(told[-1]["text"]) <= 1000
    equal(desk.orders(), 2)


@case
def a_line_may_have_64_kib_and_no_more():
    desk = Desk()
    path = put_lines("long.jsonl", [json.dumps(order(i)).ljust(n) for i, n in
                                    ((1, 65536), (2, 65537), (3, 300000), (4, 0))])
    contains(desk.run(1, "import", path), "2 orders taken in, 0 known already, 2 refused")
    equal([entry["line"] for entry in entries(path + ".refused.jsonl")], [2, 3])
    equal(desk.ask("SELECT order_id FROM orders ORDER BY order_id"),
          [("ORD-000001",), ("ORD-000004",)])


@case
def what_contradicts_the_desk_is_refused():
    desk = Desk()
    desk.run(0, "import", put_lines("first.jsonl", [order(1), order(2)]))
    changed = order(1, amount=7)
    changed["txn_detail"] = dict(changed["txn_detail"], txn_amount=7)
    path = put_lines("second.jsonl", [changed, order(3)])
    contains(desk.run(1, "import", path, "--report", os.path.join(BASE, "elsewhere")),
             "1 orders taken in, 0 known already, 1 refused")
    contains(entries(os.path.join(BASE, "elsewhere"))[0]["error"], "amount")
    equal(desk.ask("SELECT amount_minor FROM orders WHERE order_id = 'ORD-000001'"), [(100100,)])


@case
def refused_rows_can_be_mended_and_imported():
    desk = Desk()
    path = put("rows.csv", "order_id,amount,udf1,error\nA1,5,x,\nA2,5.001,\"a,\"\"b\",\nA/3,5,,\n")
    contains(desk.run(1, "import", path), "1 orders taken in, 0 known already, 2 refused")
    report = path + ".refused.csv"
    lines = read(report).splitlines()
    equal(lines[0], "order_id,amount,udf1,error,error")
    assert lines[1].startswith('A2,5.001,"a,""b",,"line 3: amount'), lines[1]
    assert lines[2].startswith('A/3,5,,,"line 4: order_id'), lines[2]
    mended = put("mended.csv", read(report).replace("5.001", "5.01").replace("A/3", "A3"))
    equal(desk.run(0, "import", mended), "2 orders taken in, 0 known already, 0 refused\n")


@case
def a_file_of_another_kind_is_refused_with_the_mend():
    desk = Desk()
    for name, content, word in [
            ("empty", b"", "empty"), ("blank", b"\n \n", "empty"),
            ("a.gz", b"\x1f\x8b\x08\0", "gunzip"), ("a.zst", b"\x28\xb5\x2f\xfd", "unzstd"),
            ("book.xlsx", b"PK\x03\x04..", "CSV UTF-8"),
            ("utf16", "order_id,amount\n".encode("utf-16"), "UTF-16"),
            ("header.csv", b"order_id,amount\n", "no rows"),
            ("semicolon.csv", b"order_id;amount\nA;1\n", "commas"),
            ("unknown.csv", b"order_id,amount,colour\nA,1,red\n", "\"colour\""),
            ("missing.csv", b"order_id\nA\n", "\"amount\""),
            ("ragged.csv", b"order_id,amount\nA,1\nB\n", "Line 3"),
            ("quote.csv", b"order_id,amount\nA,1\nB,\"1\nC,1\n", "Line 3"),
            ("latin1.csv", b"order_id,amount,udf1\nA,1,M\xfcller\n", "UTF-8")]:
        contains(desk.run(1, "import", put(name, content)), word)
    equal(desk.orders(), 0)
    equal(desk.ask("SELECT count(*) FROM imports")[0][0], 0)
    contains(desk.run(1, "import", os.path.join(BASE, "none")), "No such file")
    contains(desk.run(1, "import", BASE), "is not a file")
    fifo = os.path.join(BASE, "fifo")
    os.mkfifo(fifo)
    contains(desk.run(1, "import", fifo), "is not a file")
    contains(desk.run(1, "import", put_lines("fine.jsonl", [order(1)]), "--report",
                      "/nonexistent/report"), "--report")
    equal(desk.orders(), 0)


@case
def no_card_number_is_kept():
    desk = Desk()
    path = put_lines("cards.jsonl", [
        order(1, udf2="card " + CARD, card={"card_number": CARD, "card_brand": "VISA"}),
        order(2, description=CARD, amount="x")])
    desk.run(1, "import", path)
    assert not desk.holds(CARD)
    report = read(path + ".refused.jsonl")
    assert CARD not in report and "1111" in report
    rows = put("cards.csv", "order_id,amount,udf1\nA1,5,%s\nA2,x,%s\n" % (CARD, CARD))
    desk.run(1, "import", rows)
    assert not desk.holds(CARD) and CARD not in read(rows + ".refused.csv")


# ---- stopping and going on --------------------------------------------------------------------------

def mixed(n):
    """Every tenth line is refused."""
    return [order(i) if i % 10 else {"line": i} for i in range(1, n + 1)]


def as_csv(n):
    yield "order_id,amount,udf1"
    for i in range(1, n + 1):
        yield 'C-%06d,%s,"%d\nb"' % (i, "5.10" if i % 10 else "5.1.0", i)


def position(desk):
    rows = desk.ask("SELECT position FROM imports")
    return rows[0][0] if rows else 0


def kill_at(desk, path, least, number):
    """Kills an import once it has come so far; False: it had ended before."""
    running = subprocess.Popen(desk.command("import", path), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    while running.poll() is None and position(desk) <= least:
        time.sleep(0.001)
    running.send_signal(number)
    return running.wait() != 0


def go_on(name, lines, refused, unit):
    desk = Desk()
    path = put_lines(name, lines)
    kills = 0
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
        kills += kill_at(desk, path, position(desk), number)
    assert kills > 0
    taken = len(lines) - refused if unit == "jsonl" else len(lines) - 1 - refused
    contains(desk.run(1, "import", path),
             "%d orders taken in, 0 known already, %d refused" % (taken, refused))
    equal(desk.orders(), taken)
    contains(desk.run(0, "fsck"), "all is well")
    return path + ".refused." + unit


@case
def a_killed_import_goes_on_and_loses_and_repeats_nothing():
    told = entries(go_on("killed.jsonl", mixed(6000), 600, "jsonl"))
    equal([entry["line"] for entry in told], list(range(10, 6001, 10)))


@case
def a_killed_import_of_rows_goes_on_at_the_right_line():
    rows = read(go_on("killed.csv", list(as_csv(6000)), 600, "csv")).splitlines()
    equal([line for line in rows if "line " in line],
          ["b\",\"line %d: amount %s" % (2 * i, line.split("amount ", 1)[1])
           for i, line in zip(range(10, 6001, 10), [r for r in rows if "line " in r])])


@case
def a_report_that_was_taken_away_is_missed():
    desk = Desk()
    path = put_lines("away.jsonl", mixed(6000))
    assert kill_at(desk, path, 100000, signal.SIGKILL)
    os.unlink(path + ".refused.jsonl")
    contains(desk.run(1, "import", path), "report")


@case
def what_a_signal_stops_says_how_to_go_on():
    desk = Desk()
    path = put_lines("stopped.jsonl", [order(i) for i in range(6000)])
    running = subprocess.Popen(desk.command("import", path), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    while position(desk) == 0:
        time.sleep(0.001)
    running.send_signal(signal.SIGINT)
    out, error = running.communicate()
    equal(running.returncode, 1, out + error)
    contains(error, "goes on from there")
    contains(desk.run(0, "import", path), "going on after line")
    equal(desk.orders(), 6000)


# ---- alone, and what is shown -----------------------------------------------------------------------

@case
def offline_is_refused_while_a_program_has_the_database():
    desk = Desk()
    path = put_lines("offline.jsonl", [order(i) for i in range(3000)])
    worker = subprocess.Popen([os.path.join(build_folder(), "refunddesk-worker"), "--home",
                               desk.home], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, env=dict(os.environ,
                                                  REFUNDDESK_WEB_TEMPLATES_DIR=TEMPLATES))
    try:
        while "started" not in worker.stderr.readline():
            assert worker.poll() is None
        contains(desk.run(1, "import", path, "--offline"), "Stop the desk first")
        equal(desk.orders(), 0)
    finally:
        worker.send_signal(signal.SIGINT)
        worker.communicate()
    contains(desk.run(0, "import", path, "--offline"), "3000 orders taken in")


@case
def elsewhere_than_on_a_terminal_nothing_is_drawn():
    desk = Desk()
    said = desk.run(0, "import", put_lines("plain.jsonl", [order(i) for i in range(300)]))
    contains(said, "300 orders taken in, 0 known already, 0 refused\n")
    assert "\r" not in said and "\x1b" not in said, said


@case
def on_a_terminal_a_bar_is_drawn_and_taken_away():
    desk = Desk()
    path = put_lines("bar.jsonl", [order(i) for i in range(6000)])
    front, back = pty.openpty()
    running = subprocess.Popen(desk.command("import", path), stdout=subprocess.DEVNULL, stderr=back)
    os.close(back)
    drawn = b""
    try:
        while True:
            piece = os.read(front, 4096)
            if not piece:
                break
            drawn += piece
    except OSError:  # the other end is closed
        pass
    os.close(front)
    equal(running.wait(), 0)
    contains(drawn.decode(), "importing: ")
    contains(drawn.decode(), "%, ")
    contains(drawn.decode(), "left")
    assert drawn.endswith(b"\r\x1b[K"), drawn[-80:]


try:
    tally = run_cases()
finally:
    shutil.rmtree(BASE)
finish(*tally)
