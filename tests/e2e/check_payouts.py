#!/usr/bin/env python3
"""Money to another account: from the API through the worker to the payout gateway and back, and that
nobody but the gateway ever sees the account's number."""
import os
import sys

sys.dont_write_bytecode = True

from cases import case, equal, finish, run_cases, wait_until
from clients import ACCOUNT, BANK, Portal
from desk import Desk

PART = ACCOUNT[:8]  # nobody may show so much of it


def files_with(desk, text):
    """The instance's files, logs included, that have it in them."""
    found = []
    for folder, _, names in os.walk(os.path.dirname(desk.home)):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    if text.encode() in f.read():
                        found.append(path)
    return found


def shown_to_people(desk, order, request):
    """What API and portal say of it."""
    admin = [u["password"] for u in desk.credentials["users"] if u["name"] == "admin"]
    portal = Portal(desk.portal_port).login("admin", admin[0])
    page = "/refunds/" + [line for line in portal.call("GET", "/orders/" + order).text.split('"')
                          if line.startswith("/refunds/")][0].split("/")[2]
    return desk.api.order(order).body.decode() + portal.call("GET", page).text + \
        desk.api.call("GET", "/beneficiaries").body.decode() + desk.refund(request)["state"]


def keeps_the_secret(desk, order, request):
    assert PART not in shown_to_people(desk, order, request)
    equal(files_with(desk, PART), [])
    for name in ("refunddesk-worker", "refunddesk-api"):
        with open("/proc/%d/cmdline" % desk.pid(name), "rb") as f:
            assert PART.encode() not in f.read()


@case
def a_payout_succeeds(desk):
    order, request = desk.charged_order("300"), desk.name("out")
    answer = desk.api.payout(order, request, "120.50",
                             preferred_gateway={"gateway": "AIRWALLEX", "gateway_reference_id": "bus"})
    equal(answer.status, 200, answer)
    assert PART not in answer.body.decode()
    refund = desk.ended(request)
    equal((refund["status"], refund["refund_type"], refund["gateway"]),
          ("SUCCESS", "PAYOUT", "AIRWALLEX"))
    (row,) = desk.ledger(request)
    equal((row["operation"], row["gateway"], row["amount_minor"], row["reference_id"], row["calls"]),
          ("PAYOUT", "AIRWALLEX", 12050, "bus", 1))
    equal((refund["gateway_ref"], refund["arn"]), (row["refund_id"], row["arn"]))
    assert '"account":"****%s"' % ACCOUNT[-4:] in row["beneficiary"], row
    txn = desk.txn(order)
    equal((txn["held_minor"], txn["refunded_minor"]), (12050, 12050))
    keeps_the_secret(desk, order, request)


@case
def each_type_of_account_is_paid(desk):
    order = desk.charged_order("300")
    for kind, details, shown in (
            ("ACCOUNT_IFSC", {"name": "Ananya Iyer", "account": ACCOUNT, "ifsc": "HDFC0001234"},
             "****" + ACCOUNT[-4:]),
            ("UPI_ID", {"name": "Ananya Iyer", "vpa": "ananya.iyer@upi"}, "****@upi")):
        request = desk.name(kind.lower().replace("_", "-"))
        answer = desk.api.payout(order, request, "%d" % (len(shown) + len(kind)),
                                 {"type": kind, "details": details})
        equal(answer.status, 200, answer)
        equal(desk.ended(request)["status"], "SUCCESS")
        assert '"account":"%s"' % shown in desk.ledger(request)[0]["beneficiary"]


@case
def a_refused_payout_frees_its_amount_and_repeats_no_account(desk):
    order, request = desk.charged_order("300"), desk.name("refused")
    desk.simgate.fault("refuse", match={"unique_request_id": request, "operation": "payout"},
                       code="ACCOUNT_CLOSED",
                       message="Account %s (%s %s) is closed." % (ACCOUNT, ACCOUNT[:7], ACCOUNT[7:]))
    answer = desk.api.payout(order, request)
    equal(answer.status, 200, answer)
    refund = desk.ended(request)
    equal((refund["status"], refund["error_code"]), ("FAILURE", "ACCOUNT_CLOSED"))
    masked = "*" * 10 + ACCOUNT[-4:]
    equal(refund["error_message"],
          "Account %s (%s %s) is closed." % (masked, masked[:7], masked[7:]))
    equal(desk.txn(order)["held_minor"], 0)
    assert PART not in shown_to_people(desk, order, request)
    again = desk.name("again")
    equal(desk.api.refund(order, again).status, 200)
    equal(desk.ended(again)["status"], "SUCCESS")
    equal(desk.calls(request), 1)
    # The simulator keeps what its script made it say; the desk does not.
    found = [path for path in files_with(desk, PART) if "simgate.db" not in path]
    equal(found, [])


@case
def an_unknown_payout_is_found_and_never_sent_again(desk):
    order, request = desk.charged_order("300"), desk.name("unknown")
    desk.simgate.fault("timeout_after", match={"unique_request_id": request, "operation": "payout"})
    desk.simgate.fault("error_500_before", match={"unique_request_id": request,
                                                  "operation": "inquire"}, times=2)
    answer = desk.api.payout(order, request)
    equal(answer.status, 200, answer)
    refund = desk.ended(request)
    equal((refund["status"], refund["attempts"]), ("SUCCESS", 1))
    equal((len(desk.ledger(request)), desk.calls(request)), (1, 1))
    assert desk.ledger(request)[0]["inquiries"] >= 3


@case
def a_payout_under_way_is_shown_masked(desk):
    order, request = desk.charged_order("300"), desk.name("slow")
    desk.simgate.fault("pending", match={"unique_request_id": request, "operation": "payout"},
                       ms=1500)
    answer = desk.api.payout(order, request)
    equal(answer.status, 200, answer)
    wait_until("it to be accepted", lambda: desk.refund(request)["state"] == "ACCEPTED")
    assert PART not in shown_to_people(desk, order, request)
    equal(desk.ended(request)["status"], "SUCCESS")


@case
def a_gateway_that_lost_the_ability_fails_it_before_anything_is_sent(desk):
    order, request = desk.charged_order("300"), desk.name("unable")
    equal(desk.ctl("gateway", "show", "2C2P").count("payouts"), 1)
    desk.restart("hold_ms = 3000")
    answer = desk.api.payout(order, request)
    equal(answer.status, 200, answer)
    desk.restart("hold_ms = 0", gateways="can_payout = 0")
    refund = desk.ended(request)
    equal((refund["status"], refund["error_code"], refund["sent"]),
          ("FAILURE", "REFUND_TYPE_NOT_SUPPORTED", 0))
    equal((desk.calls(request), desk.txn(order)["held_minor"]), (0, 0))
    equal(desk.api.payout(order, desk.name("unable")).status, 400)


def main():
    assert BANK["details"]["account"] == ACCOUNT
    with Desk() as desk:
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
