#!/usr/bin/env python3
"""`make bench`: what the desk must be able to do, measured on this machine within one run.

Figures are ratios to something measured beside them: commits of one row by plain SQLite on the same
disk, a null FastCGI answer behind the same lighttpd. Rounds alternate (A B A B …) and medians
are compared, since a machine is never quiet. BENCH_SMALL=1: 50,000 orders in place of a million,
shorter rounds. Ends with status 1 when a figure misses its target."""
import os
import signal
import statistics
import sys
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from first_answer import first_answer_ms  # noqa: E402
import batches  # noqa: E402
import imports  # noqa: E402
from rig import BUILD, Bench, Desk, Null  # noqa: E402

SMALL = os.environ.get("BENCH_SMALL") == "1"
ORDERS = 50_000 if SMALL else 1_000_000
FEW_ORDERS = 10_000
ROUNDS = 3
STARTS = 5
READ_S, LOOK_S, WRITE_S, RAW_MS = (2, 1, 3, 1000) if SMALL else (3, 1, 6, 2000)
LOOK_ROUNDS = 3 if SMALL else 5
PAGE_ROWS, PAGE_BYTES = 25, 50_000
FLAT = "POST /refunds unique_request_id=round-{1}&txn_id=bench-{0}-1&amount={1}.00"
FORM = "Content-Type: application/x-www-form-urlencoded"

median = statistics.median


class Table:
    """One line for each figure; a line with a target counts."""

    def __init__(self):
        self.passed = self.failed = 0
        print("%-64s %10s %6s %10s" % ("figure", "measured", "", "target"), flush=True)

    def note(self, name, measured):
        print("%-64s %10s" % (name, measured), flush=True)

    def _check(self, name, measured, ok, target):
        self.passed += ok
        self.failed += not ok
        print("%-64s %10s %6s %10s" % (name, measured, "ok" if ok else "UNDER", target), flush=True)

    def least(self, name, value, target, form="%.2f"):
        self._check(name, form % value, value >= target, ">= " + form % target)

    def most(self, name, value, target, form="%.2f"):
        self._check(name, form % value, value <= target, "<= " + form % target)


def start_of_api(table, desk):
    times = [first_answer_ms(os.path.join(BUILD, "refunddesk-api"), desk.home)
             for _ in range(STARTS)]
    table.most("first answer after the start of the API, ms", median(times), 100, "%.0f")


def reads(table, bench, null, desk):
    """Null, order, list, null, order, list …"""
    rates = {"null": [], "order": [], "list": []}
    for _ in range(ROUNDS):
        rates["null"].append(bench.load(null.url, ["GET /"], READ_S).rate)
        rates["order"].append(bench.load(desk.api, orders_of(desk), READ_S, desk.key()).rate)
        rates["list"].append(bench.load(desk.portal, ["GET /orders"], READ_S, desk.cookie()).rate)
    middle = {name: median(of) for name, of in rates.items()}
    table.note("null FastCGI answers a second", "%.0f" % middle["null"])
    table.note("GET /orders/{id} a second", "%.0f" % middle["order"])
    table.note("order lists a second", "%.0f" % middle["list"])
    table.least("GET /orders/{id} to a null answer", middle["order"] / middle["null"], 0.4)
    table.least("order list of 25 rows to a null answer", middle["list"] / middle["null"], 0.1)


def page(table, desk):
    name, value = desk.cookie()[0].split(": ")
    with urllib.request.urlopen(urllib.request.Request(desk.portal + "/orders",
                                                       headers={name: value})) as answer:
        body = answer.read()
    table.least("rows of the order list", min(body.count(b"/refund\""), PAGE_ROWS), PAGE_ROWS, "%d")
    table.most("bytes of the order list", len(body), PAGE_BYTES, "%d")


def orders_of(desk):
    return ["GET /orders/" + desk.order_id(i) for i in desk.some_orders(20_000)]


def deep_of(desk):
    return ["GET " + desk.page_after(i) for i in desk.some_orders(2_000)]


def looks(table, bench, few, many):
    """One client, so that a latency is nothing but work: few, many, few, many …"""
    for name, origin, lines, headers in (
            ("GET /orders/{id}", lambda d: d.api, orders_of, lambda d: d.key()),
            ("first page", lambda d: d.portal, lambda d: ["GET /orders"], lambda d: d.cookie()),
            ("pages anywhere in the list", lambda d: d.portal, deep_of, lambda d: d.cookie())):
        p50 = {few: [], many: []}
        for _ in range(LOOK_ROUNDS):
            for desk, of in p50.items():
                of.append(bench.load(origin(desk), lines(desk), LOOK_S, headers(desk), 1).p50_us)
        table.most("latency of %s, %d orders to %d" % (name, many.n, few.n),
                   median(p50[many]) / median(p50[few]), 1.3)


LISTS = (  # name, address of both lists, most times the latency of the plain first page
    ("orders, common status", "/orders?status=CHARGED", 1.5),
    ("orders, common gateway", "/orders?gateway=RAZORPAY", 1.5),
    ("orders, rare gateway", "/orders?gateway=RARE", 1.5),
    # reads all of the customer's orders: 30 in each database, not a share of it
    ("orders, one customer", "/orders?customer=customer-17", 2),
    ("orders, 7 days", "/orders?period=7d", 1.5),
    ("orders, an amount range", "/orders?least=2000&most=2100", 2),
    ("orders, one amount", "/orders?least=2000&most=2000", 2),
    ("orders, most amounts", "/orders?least=1001", 2),
    ("orders, largest first", "/orders?sort=amount", 1.5),
    ("orders, refundable only", "/orders?refundable=1", 1.5),
    ("refunds", "/refunds", 2),
    ("refunds, common gateway", "/refunds?gateway=RAZORPAY", 2),
    ("refunds, a gateway without any", "/refunds?gateway=PAYU", 2),
    ("refunds, most amounts", "/refunds?least=100", 2),
    ("refunds, largest first", "/refunds?sort=amount", 1.5),
)
UNBOUND = (  # what reads much of an index by its nature: figures without a target
    ("orders, largest first, rare gateway", "/orders?sort=amount&gateway=RARE"),
    ("orders, rare method", "/orders?method=RARE"),
    ("counts and totals of all orders", "/totals/orders"),
    ("counts and totals, common gateway", "/totals/orders?gateway=RAZORPAY"),
    ("counts and totals of 7 days", "/totals/orders?period=7d"),
    ("counts and totals of all refunds", "/totals/refunds"),
)


def lists(table, bench, desk):
    """One client: each list beside the plain first page of the same desk, in turns."""
    def ms(path):
        return bench.load(desk.portal, ["GET " + path], LOOK_S, desk.cookie(), 1).p50_us / 1000
    for name, path, target in LISTS:
        plain, filtered = [], []
        for _ in range(ROUNDS):
            plain.append(ms("/orders"))
            filtered.append(ms(path))
        table.most("latency of %s, to all orders" % name, median(filtered) / median(plain), target)
    for name, path in UNBOUND:
        table.note("ms: %s, %d orders" % (name, desk.n), "%.2f" % ms(path))
    alone = ms("/orders")
    with bench.behind(desk.portal, ["GET /totals/orders?gateway=RAZORPAY"], LOOK_S + 1,
                      desk.cookie()):
        beside = ms("/orders")
    table.most("latency of the rows while totals are counted, to alone", beside / alone, 5)


class Writes:
    """Rounds of the raw disk, refunds, and refunds with one write in a commit."""

    def __init__(self, bench, desk):
        self.bench, self.desk, self.amount = bench, desk, 0
        self.raw, self.grouped, self.single, self.p99_ms, self.drain_s = [], [], [], [], []
        self.flat, self.mixed, self.mixed_p99_ms = [], [], []
        self.private_mb = 0

    def refund(self, line="POST /orders/{0}/refunds unique_request_id=round-{1}&amount={1}.00",
               gets_in_10=0):
        """Each request another order; each round another amount, so that none is a twin."""
        self.amount += 1
        lines = [line.format(self.desk.order_id(i), self.amount) if n % 10 >= gets_in_10
                 else "GET /orders/" + self.desk.order_id(i)
                 for n, i in enumerate(self.desk.refundable())]
        load = self.bench.load(self.desk.api, lines, WRITE_S, self.desk.key() + [FORM],
                               again=False)
        self.private_mb = max(self.private_mb, self.desk.private_mb("refunddesk-api"))
        self.drain_s.append(self.desk.drain())
        return load

    def round(self):
        self.raw.append(self.bench.raw_commits(RAW_MS))
        load = self.refund()
        self.grouped.append(load.rate)
        self.p99_ms.append(load.p99_us / 1000)
        self.flat.append(self.refund(FLAT).rate)
        load = self.refund(gets_in_10=7)
        self.mixed.append(load.rate)
        self.mixed_p99_ms.append(load.p99_us / 1000)
        self.desk.stop()
        self.desk.start(REFUNDDESK_DATABASE_BATCH_LIMIT="1")
        self.raw.append(self.bench.raw_commits(RAW_MS))
        self.single.append(self.refund().rate)
        self.desk.stop()
        self.desk.start()

    def report(self, table):
        raw, grouped, single = map(median, (self.raw, self.grouped, self.single))
        table.note("commits of one row by SQLite alone a second", "%.0f" % raw)
        table.note("refunds a second, 32 clients, %d orders" % self.desk.n, "%.0f" % grouped)
        table.note("the same, one write in a commit", "%.0f" % single)
        table.note("seconds until the worker had sent the rest", "%.1f" % median(self.drain_s))
        table.least("refunds to commits of one row", grouped / raw, 0.45)
        table.least("refunds to refunds with one write in a commit", grouped / single, 2)
        flat = median(self.flat)
        table.note("POST /refunds a second", "%.0f" % flat)
        table.least("POST /refunds to commits of one row", flat / raw, 0.45)
        table.least("POST /refunds to POST /orders/{id}/refunds", flat / grouped, 0.9)
        table.note("7 of 10 GET /orders/{id}, 3 refunds: a second", "%.0f" % median(self.mixed))
        table.most("99 of 100 of those answered within, ms", median(self.mixed_p99_ms), 40, "%.0f")
        table.most("99 of 100 refunds answered within, ms (aim 25)", median(self.p99_ms), 40,
                   "%.0f")
        table.most("private memory of the API after the load, MB", self.private_mb, 64, "%.0f")


def check(table, desk):
    said = desk.ctl("fsck")
    table.least("fsck after it all", int(said.startswith("all is well")), 1, "%d")


def main():
    with Bench() as bench:
        table = Table()
        null = Null(bench).start()
        few, many = Desk(bench, "few", FEW_ORDERS), Desk(bench, "many", ORDERS)
        many.start()
        few.start()
        looks(table, bench, few, many)
        few.stop()
        page(table, many)
        lists(table, bench, many)
        reads(table, bench, null, many)
        null.stop()
        writes = Writes(bench, many)
        for _ in range(ROUNDS):
            writes.round()
        writes.report(table)
        many.stop()
        start_of_api(table, many)
        check(table, many)
        imports.figures(table, bench, FORM, SMALL)
        batches.figures(table, bench, FORM, SMALL)
    print("%d passed, %d failed" % (table.passed, table.failed))
    return 1 if table.failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    sys.exit(main())
