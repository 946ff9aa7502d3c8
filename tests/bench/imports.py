"""The rates of `refundctl import`: beside a desk that answers, and alone."""
import os
import subprocess
import threading
import time

from rig import BUILD, Desk

SEEDED = 20_000  # what the traffic beside the import is about
PAUSE_MS = 20  # of each of the clients: a desk that is used, not one that is full
LOAD_S = 5
# a million orders in four minutes, in two when nothing else runs
ONLINE_RATE, OFFLINE_RATE = 1_000_000 / 240, 1_000_000 / 120
API_P99_MS = 60

LINE = (
    '{"order_id":"import-%(i)07d","id":"ordeh_%(hash)032x","merchant_id":"bench",'
    '"status":"CHARGED","status_id":21,"amount":%(amount)d,"effective_amount":%(amount)d,'
    '"currency":"INR","customer_id":"customer-%(who)d",'
    '"customer_email":"customer.%(who)d@example.com","customer_phone":"9876543210",'
    '"product_id":"prod-141833","return_url":"https://shop.example.com/return","udf1":"web",'
    '"udf2":"","metadata":{"cart":"A-17"},"date_created":"%(at)s","txn_detail":{'
    '"txn_id":"bench-import-%(i)07d-1","txn_uuid":"eul%(i)018x","status":"CHARGED",'
    '"txn_amount":%(amount)d,"net_amount":%(amount)d,"tax_amount":null,"surcharge_amount":null,'
    '"currency":"INR","gateway":"RAZORPAY","gateway_id":23,"redirect":true,'
    '"express_checkout":true,"error_message":"","error_code":"","created":"%(at)s"},'
    '"payment_method_type":"CARD","payment_method":"VISA","auth_type":"THREE_DS",'
    '"card":{"last_four_digits":"1111","card_isin":"411111","card_type":"CREDIT",'
    '"card_brand":"VISA"},"payment_gateway_response":{"rrn":"232145678901",'
    '"epg_txn_id":"imported_%(i)014x","resp_code":"SUCCESS","resp_message":"SUCCESS",'
    '"auth_id_code":"684731","created":"%(at)s"},"offers":[],"refunded":false,'
    '"amount_refunded":0}\n')


def write_orders(path, n):
    with open(path, "w") as f:
        for i in range(n):
            at = "2025-%02d-%02dT%02d:%02d:%02dZ" % (
                1 + i * 12 // n, 1 + i % 28, i // 3600 % 24, i // 60 % 60, i % 60)
            f.write(LINE % {"i": i, "hash": i * 2654435761 % 2 ** 64,
                            "amount": 1000 + i * 7919 % 9000, "who": i % 5000, "at": at})


def start(desk, path, *options):
    return subprocess.Popen([os.path.join(BUILD, "refundctl"), "--home", desk.home, "import", path,
                             *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def ended(process, n):
    said = process.communicate()[0].decode()
    if process.returncode != 0 or not said.endswith("%d orders taken in, 0 known already, "
                                                    "0 refused\n" % n):
        raise RuntimeError("refundctl import: %d, %s" % (process.returncode, said))


def traffic(bench, desk, form, k):
    """7 of 10 requests look, 3 refund, of another order each time."""
    young = desk.refundable()
    lines = [("POST /orders/{0}/refunds unique_request_id=beside-{1}&amount={2}.00"
              if n % 10 >= 7 else "GET /orders/{0}").format(desk.order_id(i), k, k + 1)
             for n, i in enumerate(young)]
    return bench.load(desk.api, lines, LOAD_S, desk.key() + [form], again=False, pause_ms=PAUSE_MS)


def online(table, bench, desk, form, path, n):
    """The load is measured again and again until the import ends; the worst round counts."""
    desk.start()
    quiet = traffic(bench, desk, form, 0)
    began = time.monotonic()
    process = start(desk, path)
    took = []
    waiting = threading.Thread(target=lambda: (ended(process, n),
                                               took.append(time.monotonic() - began)))
    waiting.start()
    beside = []
    while waiting.is_alive() or not beside:
        beside.append(traffic(bench, desk, form, 1 + len(beside)))
    waiting.join()
    took_s, = took
    desk.stop()
    table.note("answers a second beside an import (%.0f without)" % quiet.rate,
               "%.0f" % (sum(load.rate for load in beside) / len(beside)))
    table.least("orders imported a second beside them", n / took_s, ONLINE_RATE, "%.0f")
    table.most("99 of 100 answered meanwhile within, ms",
               max(load.p99_us for load in beside) / 1000, API_P99_MS, "%.0f")


def offline(table, bench, desk, path, n):
    began = time.monotonic()
    process = start(desk, path, "--offline")
    ended(process, n)
    table.least("orders imported a second, offline", n / (time.monotonic() - began), OFFLINE_RATE,
                "%.0f")


def figures(table, bench, form, small):
    n = 30_000 if small else 200_000
    path = bench.path("orders.jsonl")
    write_orders(path, n)
    offline(table, bench, Desk(bench, "alone", SEEDED), path, n)
    online(table, bench, Desk(bench, "beside", SEEDED), form, path, n)
