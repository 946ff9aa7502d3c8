"""Batches of refunds: reading a file beside the least it can cost, running one beside the API."""
import fcntl
import json
import os
import statistics
import subprocess
import threading
import time
import urllib.request

from rig import TOOLS, Desk, wait_until

READ_ROWS, READ_ROUNDS, READ_TURNS = 1000, 30, 5
LOAD_S, TURNS = 4, 3
PAUSE_MS = 20  # of each client beside a batch: a desk that is used, not one that is full
API_P99_MS = 60
STEP_MS = 10
LOCK_P99_MS = STEP_MS + 15  # a transaction, and the checkpoint that may follow under its lock
LOCK_LOOK_S = 0.005
MOST_ROWS, MOST_MB = 100_000, 64
RUN_S = 300
EACH = 3  # refunds of an order in one load

COLUMNS = ("order_id,amount,txn_id,unique_id,marketplace_amount,vendor1_id,vendor1_amount,"
           "vendor2_id,vendor2_amount," + ",".join("udf%d" % i for i in range(1, 11)))

median = statistics.median


class Files:
    """Files of refunds, each of other amounts than those before."""

    def __init__(self, desk):
        self.desk, self.paise = desk, 0

    def text(self, rows):
        """Bytes of the file, and the sum of its amounts in paise."""
        lines, total, orders = [COLUMNS], 0, []
        while len(lines) <= rows:
            if not orders:
                orders = self.desk.refundable()
                self.paise += 1
            amount = 100 + self.paise  # never whole rupees: those are the API's own refunds
            total += amount
            lines.append("%s,%d.%02d,,,%s" % (self.desk.order_id(orders.pop()), amount // 100,
                                              amount % 100, "," * 14))
        return "\n".join(lines) + "\n", total


def call(desk, path, body, content_type):
    name, value = desk.key()[0].split(": ")
    ask = urllib.request.Request(desk.api + path, body.encode(),
                                 {name: value, "Content-Type": content_type})
    with urllib.request.urlopen(ask, timeout=RUN_S) as answer:
        return json.load(answer)


def upload(desk, text):
    return call(desk, "/batch-refunds", text, "text/csv")["id"]


def confirm(desk, batch, total):
    body = {"run_mode": "GOOD_ROWS", "totals": {"INR": "%d.%02d" % (total // 100, total % 100)}}
    call(desk, "/batch-refunds/%s/confirm" % batch, json.dumps(body), "application/json")


def ended(desk):
    return desk.select("SELECT count(*) FROM batches WHERE status <> 'COMPLETED'") == 0


def run(desk, files, rows):
    """Rows a second from the confirmation to the end."""
    text, total = files.text(rows)
    batch = upload(desk, text)
    began = time.monotonic()
    confirm(desk, batch, total)
    wait_until("the batch", lambda: ended(desk), RUN_S)
    return rows / (time.monotonic() - began)


def reading(table, bench, desk, files):
    """The file's bytes and point reads alone, then the desk's own reader and judge, in turns."""
    path = bench.path("rows.csv")
    with open(path, "w") as f:
        f.write(files.text(READ_ROWS)[0])
    took = {"batch_floor": [], "batch_judge": []}
    for _ in range(READ_TURNS):
        for tool, of in took.items():
            of.append(int(subprocess.check_output(
                [os.path.join(TOOLS, tool), desk.home, path, str(READ_ROUNDS)])) / 1000)
    least, judged = (median(of) for of in took.values())
    table.note("ms: %d rows by libcsv and their point reads alone" % READ_ROWS, "%.1f" % least)
    table.note("ms: %d rows read and judged" % READ_ROWS, "%.1f" % judged)
    table.most("rows read and judged, to libcsv and point reads", judged / least, 2)


class Waits:
    """How long a neighbour waits for the write lock, as the desk's own programs take it."""

    def __init__(self, desk):
        self.paths = [desk.home + "/refunddesk.db" + end for end in ("-turnstile", "-write")]
        self.ms, self.over = [], threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self):
        with open(self.paths[0]) as turnstile, open(self.paths[1]) as lock:
            while not self.over.wait(LOCK_LOOK_S):
                began = time.monotonic()
                fcntl.flock(turnstile, fcntl.LOCK_EX)
                fcntl.flock(lock, fcntl.LOCK_EX)
                fcntl.flock(turnstile, fcntl.LOCK_UN)
                fcntl.flock(lock, fcntl.LOCK_UN)
                self.ms.append((time.monotonic() - began) * 1000)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, value, trace):
        self.over.set()
        self.thread.join()

    def of_100(self, n):
        return sorted(self.ms)[len(self.ms) * n // 100]


def refunds(bench, desk, form, k, gets_in_10=0, pause_ms=None):
    """More than one for each order: a fast machine makes them all within the time."""
    lines = [("POST /orders/{0}/refunds unique_request_id=batch-{1}&amount={1}.00"
              if n % 10 >= gets_in_10 else "GET /orders/{0}").format(desk.order_id(i), amount)
             for amount in range(EACH * k + 1, EACH * (k + 1) + 1)
             for n, i in enumerate(desk.refundable())]
    return bench.load(desk.api, lines, LOAD_S, desk.key() + [form], again=False, pause_ms=pause_ms)


def creating(table, bench, desk, files, form, rows):
    """API, batch, API, batch …"""
    api, batch = [], []
    for k in range(TURNS):
        api.append(refunds(bench, desk, form, k).rate)
        desk.drain()
        batch.append(run(desk, files, rows))
        desk.drain()
    table.note("refunds a second by the API, 32 clients", "%.0f" % median(api))
    table.note("rows a second of a batch of %d" % rows, "%.0f" % median(batch))
    table.least("rows of a batch to refunds by the API", median(batch) / median(api), 1)


def neighbours(table, bench, desk, files, form, rows):
    with Waits(desk) as waits:
        run(desk, files, rows)
    desk.drain()
    table.most("half of the waits for the lock beside a batch, ms", waits.of_100(50), STEP_MS, "%.1f")
    table.most("99 of 100 of them, ms", waits.of_100(99), LOCK_P99_MS, "%.1f")
    running = threading.Thread(target=run, args=(desk, files, rows))
    running.start()
    beside = []
    while running.is_alive() or not beside:
        beside.append(refunds(bench, desk, form, TURNS + len(beside), 7, PAUSE_MS))
    running.join()
    table.most("99 of 100 answered by the API beside a batch within, ms",
               max(load.p99_us for load in beside) / 1000, API_P99_MS, "%.0f")


def memory(table, desk, files):
    text, _ = files.text(MOST_ROWS)
    most, over = [desk.private_mb("refunddesk-api")], threading.Event()

    def look():
        while not over.wait(0.05):
            most.append(desk.private_mb("refunddesk-api"))

    watching = threading.Thread(target=look)
    watching.start()
    began = time.monotonic()
    upload(desk, text)
    took_s = time.monotonic() - began
    over.set()
    watching.join()
    table.note("seconds to upload and judge %d rows" % MOST_ROWS, "%.1f" % took_s)
    table.most("private memory of the API meanwhile, MB", max(most), MOST_MB, "%.0f")


def figures(table, bench, form, small):
    desk = Desk(bench, "batches", 20_000 if small else 100_000)
    rows = 5_000 if small else 15_000
    files = Files(desk)
    reading(table, bench, desk, files)
    desk.start()
    creating(table, bench, desk, files, form, rows)
    neighbours(table, bench, desk, files, form, rows)
    memory(table, desk, files)
    desk.stop()
    table.least("fsck after the batches", int(desk.ctl("fsck").startswith("all is well")), 1, "%d")
