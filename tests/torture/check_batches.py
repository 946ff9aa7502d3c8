#!/usr/bin/env python3
"""A batch of 1,000 rows whose worker is killed again and again: each row becomes one refund, and
the same file again becomes nothing."""
import contextlib
import itertools
import sqlite3
import sys
import time

sys.dont_write_bytecode = True

from rig import WorkerDesk, equal, in_parallel, wait_until
from cases import case, contains, finish, run_cases

ORDERS, ROWS = 20, 1000
STEP_ROWS = 64    # at most, of one transaction
BETWEEN_KILLS = 50
LEAST_KILLS = ROWS // (BETWEEN_KILLS + 2 * STEP_ROWS)
UPLOADS = 100
KILL_S = 30
# Before a step, after it, and on either side of a commit: rows, statuses and counts go together.
POINTS = ("before_batch_step:2", "after_batch_step", "before_batch_step", "after_batch_step:2")


def upload(desk, text):
    return desk.api.call("POST", "/batch-refunds", js=text.encode(),
                         headers={"Content-Type": "text/csv"})


def file_of(orders):
    """ROWS rows, no two of an order with the same amount; and their sum in minor units."""
    amounts = [100 + i // len(orders) for i in range(ROWS)]
    rows = ["%s,%d.%02d" % (orders[i % len(orders)], *divmod(a, 100))
            for i, a in enumerate(amounts)]
    return "order_id,amount\n" + "\n".join(rows) + "\n", sum(amounts)


def start_batch(desk):
    """A confirmed batch that no worker has seen; its row, and its file."""
    desk.start_worker()
    orders = desk.charged_orders(ORDERS, "4000")
    desk.stop_worker()
    text, total = file_of(orders)
    answer = upload(desk, text)
    equal(answer.status, 200, answer)
    equal(answer.json["rows"]["good"], ROWS, answer)
    done = desk.api.call("POST", "/batch-refunds/%s/confirm" % answer.json["id"], js={
        "run_mode": "ALL_OR_NONE", "totals": {"INR": "%d.%02d" % divmod(total, 100)}})
    equal((done.status, done.json["status"]), (200, "PROCESSING"), done)
    return newest(desk), text


def newest(desk):
    return desk.select("SELECT * FROM batches ORDER BY created_ms DESC, id DESC LIMIT 1")[0]


def rows_done(desk, batch):
    """As the batch says, which is as its rows say."""
    b = desk.one("SELECT b.rows_done, b.rows_accepted, count(r.refund_row) AS refunds,"
                 " sum(r.status <> 'QUEUED') AS rows FROM batches b"
                 " JOIN batch_rows r ON r.batch = b.id WHERE b.id = ? GROUP BY b.id", batch["id"])
    equal((b["rows_done"], b["rows_accepted"], b["refunds"]), (b["rows"],) * 3)
    return b["rows_done"]


def check_all_paid_once(desk, batch):
    wait_until(lambda: "the end of the batch: %r" % newest(desk),
               lambda: desk.one("SELECT status FROM batches WHERE id = ?",
                                batch["id"])["status"] == "COMPLETED")
    equal(rows_done(desk, batch), ROWS)
    made = desk.select("SELECT f.unique_request_id AS request, f.amount_minor AS minor,"
                       " r.amount_minor AS asked FROM batch_rows r"
                       " JOIN refunds f ON f.id = r.refund_row WHERE r.batch = ?", batch["id"])
    equal([r["minor"] for r in made], [r["asked"] for r in made])
    requests = [r["request"] for r in made]
    equal(len(set(requests)), ROWS)
    desk.check_done_once(requests)


@case
def a_worker_that_dies_around_every_step(desk):
    batch, _ = start_batch(desk)
    for point in itertools.cycle(POINTS):
        before = rows_done(desk, batch)
        if before + 2 * STEP_ROWS >= ROWS:
            break
        desk.crash_worker(point)
        desk.fsck()
        done = rows_done(desk, batch) - before
        assert done <= 2 * STEP_ROWS, (point, done)
        equal(done == 0, point == "before_batch_step", "%s, rows done" % point)
    desk.start_worker()
    check_all_paid_once(desk, batch)
    desk.stop_worker()


def kill_in_the_midst(desk, batch, rows):
    """As soon as so many rows are done: looked at without a pause, by one row of one table."""
    path = "file:%s/refunddesk.db?mode=ro" % desk.home
    until = time.monotonic() + KILL_S
    with contextlib.closing(sqlite3.connect(path, uri=True)) as db:
        while db.execute("SELECT rows_done FROM batches WHERE id = ?",
                         (batch["id"],)).fetchone()[0] < rows:
            assert time.monotonic() < until, "the next rows"
    desk.kill_worker()


@case
def a_worker_killed_at_every_50th_row(desk):
    batch, text = start_batch(desk)
    last = kills = 0
    while last < ROWS:
        desk.start_worker()
        kill_in_the_midst(desk, batch, min(last + BETWEEN_KILLS, ROWS))
        last = rows_done(desk, batch)
        kills += last < ROWS
    assert kills >= LEAST_KILLS, "only %d kills while there was something to do" % kills
    desk.start_worker()
    check_all_paid_once(desk, batch)
    check_again(desk, batch, text)
    desk.stop_worker()


def check_again(desk, batch, text):
    """The same bytes, many at once and many times: no batch and no refund more."""
    def counts():
        return desk.one("SELECT (SELECT count(*) FROM batches) AS batches,"
                        " (SELECT count(*) FROM batch_rows) AS rows,"
                        " (SELECT count(*) FROM refunds) AS refunds")

    before = counts()
    answers = []
    for _ in range(UPLOADS // 4):
        answers += in_parallel(4, lambda i: upload(desk, text))
    equal({(a.status, a.json["error_code"]) for a in answers}, {(400, "DUPLICATE_FILE")})
    contains(answers[0].json["error_message"], "uploaded before")
    equal(counts(), before)


def main():
    with WorkerDesk() as desk:
        desk.restart("refund_limit = 1000, twin_window_ms = 0")
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
