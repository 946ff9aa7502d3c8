#!/usr/bin/env python3
"""`make run`: what it prints, refuses, keeps, finishes and leaves behind."""
import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, run_cases, wait_until
from clients import Portal
from desk import START_S, Desk, is_gone

SECOND_START_S = 5
USERS = {"admin", "maker", "checker", "viewer"}


@case
def says_where_it_is_and_who_may_log_in(desk):
    text = desk.log_since()
    for port in desk.ports:
        contains(text, "http://127.0.0.1:%d" % port)
    contains(text, desk.home)
    for user in desk.credentials["users"]:
        contains(text, user["name"])
        contains(text, user["password"])
    assert desk.credentials["api_key"] not in text, "the API key stands in the terminal"


@case
def credentials_are_whole_and_for_nobody_else(desk):
    path = os.path.join(desk.home, "demo", "credentials.json")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    with open(path) as f:
        told = json.load(f)
    equal(set(told), {"portal_url", "api_url", "merchant_id", "api_key", "users", "hook_secrets"})
    equal(told["portal_url"], "http://127.0.0.1:%d" % desk.portal_port)
    equal(told["api_url"], "http://127.0.0.1:%d" % desk.api_port)
    equal({u["name"] for u in told["users"]}, USERS)
    for user in told["users"]:
        equal(set(user), {"name", "password", "role"})
        assert user["password"] and user["role"], user
        Portal(desk.portal_port).login(user["name"], user["password"])


@case
def the_demo_is_whole(desk):
    equal(desk.one("SELECT count(*) AS n FROM orders")["n"], 600)
    equal({r["currency"] for r in desk.select("SELECT DISTINCT currency FROM orders")},
          {"INR", "USD", "JPY", "KWD"})
    equal(desk.one("SELECT test_mode, hold_ms FROM merchants"), {"test_mode": 1, "hold_ms": 0})
    desk.fsck()


@case
def nobody_else_may_look_into_the_folder(desk):
    equal(stat.S_IMODE(os.stat(desk.home).st_mode) & 0o007, 0)
    equal(stat.S_IMODE(os.stat(os.path.join(desk.home, "keys", "worker.key")).st_mode) & 0o077, 0)
    for name in ("refunddesk.db", "simgate.db"):
        equal(stat.S_IMODE(os.stat(os.path.join(desk.home, name)).st_mode) & 0o007, 0, name)


def refused(desk, ports, home=None):
    """What a start with these ports says; it must end by itself, in one line, with an error."""
    environment = desk.environment(ports)
    if home:
        environment["REFUNDDESK_HOME"] = home
    done = subprocess.run([os.path.join(desk.programs, "run-instance")], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=START_S)
    assert done.returncode not in (0, -signal.SIGABRT), done
    equal(done.stdout, "")
    equal(done.stderr.count("\n"), 1, done.stderr)
    return done.stderr


@case
def a_taken_port_gives_one_line_and_starts_nothing(desk):
    home = os.path.join(os.path.dirname(desk.home), "other")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for i, variable in enumerate(("PORTAL_PORT", "API_PORT", "SIMGATE_PORT")):
            ports = [p + 1 for p in desk.ports]
            ports[i] = port
            line = refused(desk, ports, home)
            contains(line, "port %d is taken" % port)
            contains(line, variable)
            assert not os.path.exists(home), "something was made before the refusal"


@case
def what_is_no_port_gives_one_line(desk):
    other = [p + 1 for p in desk.ports]
    for bad in ("0", "65536", "http", "-1", "80 ", "1e3"):
        contains(refused(desk, [bad] + other[1:]), "PORTAL_PORT")
    contains(refused(desk, [other[0], other[0], other[2]]), "same port")


@case
def one_folder_has_one_desk(desk):
    contains(refused(desk, [p + 1 for p in desk.ports]), "another refunddesk runs")
    equal(desk.api.call("GET", "/healthz", key=False).status, 200)


@case
def the_second_start_serves_soon_and_keeps_everything(desk):
    before = desk.credentials
    order = desk.charged_order()
    desk.stop()
    desk.check_left_behind()
    began = time.monotonic()
    desk.start()
    took_s = time.monotonic() - began
    assert took_s < SECOND_START_S, "%.1f s" % took_s
    equal(desk.credentials["users"], before["users"])
    equal(desk.credentials["api_key"], before["api_key"])
    equal(desk.api.order(order).json["status"], "CHARGED")
    equal(desk.one("SELECT count(*) AS n FROM orders WHERE order_id = ?", order)["n"], 1)


@case
def ctrl_c_lets_a_request_in_hand_finish(desk):
    desk.simgate.fault("timeout_before", match={"operation": "charge"}, times=1000)
    order, answers = desk.name("order"), []
    thread = threading.Thread(target=lambda: answers.append(desk.api.create(order, "100")))
    thread.start()
    # The order is stored; the answer waits for a charge that does not come.
    wait_until("the order to be stored", lambda: desk.select(
        "SELECT 1 FROM orders WHERE order_id = ?", order))
    equal(answers, [])
    desk.stop(signal.SIGINT)
    thread.join()
    equal([a.status for a in answers], [200])
    equal(answers[0].json["status"], "NEW")
    desk.check_left_behind()
    desk.start()
    wait_until("the charge after the restart",
               lambda: desk.api.order(order).json["status"] == "CHARGED")


@case
def sigterm_and_sighup_end_it_too(desk):
    for sig in (signal.SIGTERM, signal.SIGHUP):
        desk.stop(sig)
        desk.check_left_behind()
        desk.start()


@case
def a_second_ctrl_c_is_at_once(desk):
    desk.simgate.fault("timeout_before", match={"operation": "charge"}, times=1000)
    order = desk.name("order")
    thread = threading.Thread(target=answers, args=(lambda: desk.api.create(order, "100"),))
    thread.start()
    wait_until("the order to be stored", lambda: desk.select(
        "SELECT 1 FROM orders WHERE order_id = ?", order))
    os.killpg(desk.supervisor.pid, signal.SIGINT)
    wait_until("the first Ctrl-C to be heard", lambda: "stopping" in desk.log_since())
    try:
        desk.stop(signal.SIGINT)
    finally:
        thread.join()
    assert not desk.processes(), desk.processes()
    desk.start()
    desk.fsck()


def answers(ask):
    try:
        return ask().status == 200
    except (OSError, http.client.HTTPException):
        return False


@case
def what_dies_is_started_again(desk):
    def healthy():
        return (answers(lambda: desk.api.call("GET", "/healthz", key=False)) and
                answers(lambda: Portal(desk.portal_port).call("GET", "/login")))

    for name in ("refunddesk-api", "refunddesk-portal", "lighttpd", "refunddesk-worker",
                 "refunddesk-simgate"):
        desk.kill(name)
        wait_until("the desk after the end of " + name, healthy)
        for program in ("refunddesk-api", "refunddesk-portal"):
            equal(len(desk.processes("/" + program)), 1, program)
    desk.charged_order()


@case
def a_killed_supervisor_takes_all_with_it(desk):
    desk.supervisor.kill()
    desk.supervisor.wait()
    desk.supervisor = None
    wait_until(lambda: "the end of %r" % desk.processes(), lambda: not desk.processes())
    desk.start()
    desk.fsck()


@case
def a_stop_while_the_demo_is_made_is_mended_by_the_next_start(_):
    for end in (Desk.stop, Desk.kill_all):
        desk = Desk()
        try:
            desk.spawn()
            wait_until("the demo to begin", lambda: "making the demo" in desk.log_since())
            end(desk)
            desk.check_left_behind()
            desk.start()
            the_demo_is_whole(desk)
            credentials_are_whole_and_for_nobody_else(desk)
            desk.stop()
        finally:
            desk.destroy()


def main():
    with Desk() as desk:
        total, failed = run_cases(desk, on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
