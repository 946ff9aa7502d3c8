#!/usr/bin/env python3
"""A file of refunds whose gateway hangs holds up nobody else: not a refund by hand, not a Sync, not
the charge of a new order."""
import sys

sys.dont_write_bytecode = True

from rig import WorkerDesk, equal, wait_until
from cases import case, finish, run_cases

ROWS = 200
SHARE = 64  # calls that one lane may have open
HANGS_S = 20  # longer than anybody waits here
SETTINGS = {"request_timeout_ms": "%ds" % HANGS_S, "lease_ms": "%ds" % (HANGS_S + 10),
            "absent_after_ms": "%ds" % (HANGS_S + 10)}


def run_file(desk, order, rows):
    amounts = ["0.%02d" % (i + 1) if i < 99 else "%d.%02d" % divmod(i + 1, 100) for i in range(rows)]
    text = "order_id,amount\n" + "".join("%s,%s\n" % (order, a) for a in amounts)
    batch = desk.api.call("POST", "/batch-refunds", js=text, headers={"Content-Type": "text/csv"})
    equal(batch.status, 200, batch)
    total = rows * (rows + 1) // 2
    done = desk.api.call("POST", "/batch-refunds/%s/confirm" % batch.json["id"], js={
        "run_mode": "ALL_OR_NONE", "totals": {"USD": "%d.%02d" % divmod(total, 100)}})
    equal(done.status, 200, done)


def of_file(desk, state):
    """Request ids of the file's refunds in that state."""
    return [r["unique_request_id"] for r in desk.select(
        "SELECT r.unique_request_id FROM refunds r JOIN batch_rows b ON b.refund_row = r.id"
        " WHERE r.state = ? AND b.batch = (SELECT max(id) FROM batches)", state)]


@case
def others_go_beside_a_file_that_hangs(desk):
    order = desk.charged_order("400", currency="USD")
    desk.simgate.fault("pending", match={"operation": "refund"}, times=1, ms=120_000)
    equal(desk.api.refund(order, "asked-about", "0.01").status, 200)
    wait_until("the gateway to accept it", lambda: desk.refund("asked-about")["state"] == "ACCEPTED")
    desk.simgate.fault("timeout_before", match={"operation": "refund"}, times=1000)
    run_file(desk, order, ROWS)
    wait_until("the file's share of calls to hang", lambda: len(of_file(desk, "SENDING")) >= SHARE)
    wait_until("all of it to be due", lambda: len(of_file(desk, "HELD")) == ROWS - SHARE)
    desk.simgate.clear()

    equal(desk.api.refund(order, "by-hand", "7").status, 200)
    desk.ended("by-hand", HANGS_S / 3)
    sync = desk.api.call("POST", "/v2/refunds/asked-about/sync", js={"force_sync": True})
    equal(sync.status, 200, sync)
    assert desk.refund("asked-about")["synced_ms"], "nobody was asked"
    desk.charged_order("400")
    equal(len(of_file(desk, "SENDING")), SHARE, "still hanging")


@case
def the_file_ends_too(desk):
    wait_until(lambda: "the end of the file: %d left" % (ROWS - len(of_file(desk, "SUCCESS"))),
               lambda: len(of_file(desk, "SUCCESS")) == ROWS, 4 * HANGS_S)
    desk.check_done_once(of_file(desk, "SUCCESS"))


def main():
    with WorkerDesk(**SETTINGS) as desk:
        desk.restart("refund_limit = 1000, twin_window_ms = 0, hold_ms = 0")
        desk.start_worker()
        result = run_cases(desk, after_each=desk.fsck, on_failure=lambda: print(desk.log_tail()))
    finish(*result)


main()
