#!/usr/bin/env python3
"""kill -9 of each program under load, and stops under load: what was answered 200 exists, nothing
is paid twice, sums add up, and the desk comes back."""
import http.client
import random
import signal
import sys
import threading
import time

sys.dont_write_bytecode = True

from rig import WorkerDesk, equal, in_parallel, wait_until
from cases import PATIENCE_S, case, contains, finish, run_cases
from clients import WAYS
from desk import is_gone

CLIENTS = 12
KILLS_SEED = 7


class Load:
    """Clients that create refunds by all ways until told to stop, each of its own orders, and
    remember what they were told."""

    def __init__(self, desk, orders):
        self.desk, self.orders = desk, orders
        self.answers = []  # (order, request, Answer or the exception)
        self.lock = threading.Lock()
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(CLIENTS)]

    def work(self, client):
        n = 0
        while not self.ending.is_set():
            order = self.orders[(n * CLIENTS + client) % len(self.orders)]
            request = self.desk.name("load%d-" % client)
            try:
                answer = self.desk.api.send_back(WAYS[n % len(WAYS)], order, request,
                                                 "0.0%d" % (n % 9 + 1))
            except (OSError, http.client.HTTPException) as error:
                answer = error
            with self.lock:
                self.answers.append((order, request, answer))
            n += 1
            time.sleep(0.01)

    def count(self, status):
        with self.lock:
            return sum(1 for _, _, a in self.answers if is_answer(a) and a.status == status)

    def wait_for(self, n):
        """Until n more were answered 200."""
        wanted = self.count(200) + n
        wait_until("%d refunds to be accepted" % wanted, lambda: self.count(200) >= wanted)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def accepted(self):
        return [request for _, request, a in self.answers if is_answer(a) and a.status == 200]

    def check(self):
        """What was answered 200 is there and done once; what was not may be there, done once or
        not; every sum is right."""
        accepted = self.accepted()
        self.desk.check_done_once(accepted)
        asked = [request for _, request, _ in self.answers]
        stored = list(self.desk.refunds(asked))
        assert set(accepted) <= set(stored)
        self.desk.check_done_once(stored)
        refused = {r for _, r, a in self.answers if is_answer(a) and 400 <= a.status < 500}
        assert not refused & set(stored), refused & set(stored)
        for order in self.orders:
            txn = self.desk.txn(order)
            total = self.desk.one("SELECT coalesce(sum(amount_minor), 0) AS n FROM refunds"
                                  " WHERE txn_row = ?", txn["id"])["n"]
            equal((txn["held_minor"], txn["refunded_minor"]), (total, total), order)


def is_answer(a):
    return not isinstance(a, Exception)


def more_orders(desk):
    return desk.charged_orders(4, "499.99", currency="USD")


# ---- the worker -----------------------------------------------------------------------------------


@case
def a_worker_that_is_killed_again_and_again(desk):
    luck = random.Random(KILLS_SEED)
    with Load(desk, more_orders(desk)) as load:
        for _ in range(8):
            load.wait_for(5)
            time.sleep(luck.random() * 0.15)
            desk.kill_worker()
            desk.start_worker()
        load.wait_for(5)
    load.check()


@case
def a_worker_killed_while_all_gateways_are_silent(desk):
    order = desk.charged_order("400")
    desk.simgate.fault("timeout_after", match={"operation": "refund"}, times=1000)
    requests = desk.queue_refunds(order, 8)
    # They are done there, and the worker waits for answers that never come.
    wait_until("the gateway to have acted", lambda: all(desk.ledger(r) for r in requests))
    desk.kill_worker()
    desk.simgate.clear()
    desk.start_worker()
    desk.check_done_once(requests)
    equal({desk.calls(r) for r in requests}, {1})


@case
def a_worker_killed_while_sending_payouts(desk):
    order = desk.charged_order("400")
    desk.simgate.fault("slow_body", match={"operation": "payout"}, ms=600, times=1000)
    requests = desk.queue_refunds(order, 6, ways=("PAYOUT",))
    wait_until("the gateway to have acted", lambda: all(desk.ledger(r) for r in requests))
    desk.kill_worker()
    equal({desk.refund(r)["state"] for r in requests}, {"SENDING"})
    desk.simgate.clear()
    desk.start_worker()
    desk.check_done_once(requests)
    equal({desk.calls(r) for r in requests}, {1})
    equal({row["operation"] for r in requests for row in desk.ledger(r)}, {"PAYOUT"})


@case
def a_worker_told_to_stop_finishes_what_is_in_flight(desk):
    order = desk.charged_order("400")
    desk.simgate.fault("slow_body", match={"operation": "refund"}, ms=500, times=1000)
    requests = desk.queue_refunds(order, 12)
    wait_until("calls in flight", lambda: any(desk.ledger(r) for r in requests))
    desk.stop_worker()
    statuses = desk.statuses(requests)
    for request in requests:
        # Nothing is left half done: sent and known, or not sent at all.
        refund = desk.refund(request)
        contains(("SUCCESS", "HELD", "QUEUED"), refund["state"])
        equal(len(desk.ledger(request)), 1 if refund["state"] == "SUCCESS" else 0, request)
    contains(statuses.values(), "SUCCESS")
    desk.simgate.clear()
    desk.start_worker()
    desk.check_done_once(requests)
    equal({desk.calls(r) for r in requests}, {1})


@case
def a_worker_told_to_stop_does_not_wait_for_ever(desk):
    order = desk.charged_order("400")
    desk.simgate.fault("timeout_after", match={"operation": "refund"}, times=1000)
    requests = desk.queue_refunds(order, 4)
    wait_until("the gateway to have acted", lambda: all(desk.ledger(r) for r in requests))
    began = time.monotonic()
    desk.stop_worker()
    assert time.monotonic() - began < 11, "the grace time is 10 s"
    equal({desk.refund(r)["state"] for r in requests}, {"UNKNOWN"})
    desk.simgate.clear()
    desk.start_worker()
    desk.check_done_once(requests)
    equal({desk.calls(r) for r in requests}, {1})


@case
def refunds_wait_while_there_is_no_worker(desk):
    order = desk.charged_order("400")
    desk.stop_worker()
    requests = desk.queue_refunds(order, 5)
    equal({desk.statuses(requests)[r] for r in requests}, {"PENDING"})
    equal({desk.calls(r) for r in requests}, {0})
    desk.start_worker()
    desk.check_done_once(requests)


# ---- the API --------------------------------------------------------------------------------------


def healthy(desk):
    try:
        return desk.api.call("GET", "/healthz", key=False).status == 200
    except (OSError, http.client.HTTPException):
        return False


@case
def an_api_killed_under_load_comes_back_by_itself(desk):
    with Load(desk, more_orders(desk)) as load:
        for _ in range(3):
            load.wait_for(30)
            desk.kill("refunddesk-api")
            wait_until("the API to come back", lambda: healthy(desk))
        load.wait_for(30)
    for _, _, answer in load.answers:
        if isinstance(answer, http.client.IncompleteRead):
            continue  # killed in the middle of its answer, and the client can see that
        assert is_answer(answer), repr(answer)  # lighttpd was there all the time
        if answer.status not in (200, 400):
            assert 500 <= answer.status < 600, answer
            equal((answer.json["status"], answer.json["status_id"]), ("ERROR", -1))
    load.check()


@case
def requests_in_the_hands_of_a_killed_api_get_an_error(desk):
    desk.simgate.fault("timeout_before", match={"operation": "charge"}, times=1000)
    orders, answers = [desk.name("order") for _ in range(6)], []
    threads = [threading.Thread(target=lambda o=o: answers.append(desk.api.create(o, "100")))
               for o in orders]
    for thread in threads:
        thread.start()
    for order in orders:  # each is stored, and its answer waits for a charge that does not come
        wait_until("the order to be stored", lambda: desk.select(
            "SELECT 1 FROM orders WHERE order_id = ?", order))
    equal(answers, [])
    desk.kill("refunddesk-api")
    for thread in threads:
        thread.join()
    for answer in answers:
        assert 500 <= answer.status < 600, answer
        equal(answer.json["status"], "ERROR")
    desk.simgate.clear()
    wait_until("the API to come back", lambda: healthy(desk))
    # Who asks again learns how it stands.
    for order in orders:
        equal(desk.api.create(order, "100").status, 200)
        wait_until("the charge", lambda: desk.api.order(order).json["status"] == "CHARGED")


# ---- the gateway, and everything --------------------------------------------------------------------


@case
def a_gateway_killed_while_it_answers(desk):
    with Load(desk, more_orders(desk)) as load:
        for _ in range(2):
            desk.simgate.fault("slow_body", match={"operation": "refund"}, ms=600, times=20)
            load.wait_for(20)
            desk.kill("refunddesk-simgate")
            wait_until("the gateway to come back", lambda: desk.processes("/refunddesk-simgate"))
            wait_until("it to answer", lambda: simgate_answers(desk))
        load.wait_for(10)
    load.check()


def simgate_answers(desk):
    try:
        return desk.simgate.faults() == []
    except (OSError, http.client.HTTPException):
        return False


@case
def everything_killed_at_once(desk):
    for _ in range(2):
        orders = more_orders(desk)
        with Load(desk, orders) as load:
            load.wait_for(50)
            desk.kill_all()
        desk.ctl("fsck")
        desk.start()
        desk.start_worker()
        load.check()
        desk.fsck()


@case
def a_stop_under_load_loses_nothing(desk):
    orders = more_orders(desk)
    with Load(desk, orders) as load:
        load.wait_for(50)
        pids = list(desk.processes())
        desk.stop(signal.SIGINT)
    assert all(is_gone(pid) for pid in pids)
    desk.check_left_behind()
    desk.fsck()
    # Graceful: who was let in got a whole answer.
    for _, _, answer in load.answers:
        if is_answer(answer):
            contains((200, 400, 503), answer.status)
    desk.start()
    desk.start_worker()
    load.check()


def main():
    with WorkerDesk() as desk:
        desk.restart("refund_limit = 1000, twin_window_ms = 0", gateways="can_instant = 1")
        desk.start_worker()
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
