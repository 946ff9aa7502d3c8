#!/usr/bin/env python3
"""The vendor's samples, Refund Order API and Payout Refund API: what they send is accepted, and the
answers have the samples' members with the samples' JSON types."""
import json
import os
import sys

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, run_cases, wait_until
from desk import Desk

# ---- the samples' members: an example for each tells its type; None is null or any text ------------

TEXT, NUMBER, FLAG, NULL = "", 0, False, None

ORDER = {
    "udf9": TEXT, "udf8": TEXT, "udf7": TEXT, "udf6": TEXT, "udf5": TEXT, "udf4": TEXT, "udf3": TEXT,
    "udf2": TEXT, "udf10": TEXT, "udf1": TEXT, "txn_uuid": TEXT, "txn_id": TEXT,
    "txn_detail": {
        "txn_uuid": TEXT, "txn_id": TEXT, "txn_amount": NUMBER, "tax_amount": NULL,
        "surcharge_amount": NULL, "status": TEXT, "redirect": FLAG, "order_id": TEXT,
        "net_amount": NUMBER, "gateway_id": NUMBER, "gateway": TEXT, "express_checkout": FLAG,
        "error_message": TEXT, "error_code": TEXT, "currency": TEXT, "created": TEXT},
    "status_id": NUMBER, "status": TEXT, "rewards_breakup": NULL, "return_url": TEXT,
    "refunds": [{
        "unique_request_id": TEXT, "status": TEXT, "sent_to_gateway": FLAG, "refund_type": TEXT,
        "refund_source": TEXT, "ref": NULL, "initiated_by": TEXT, "id": NULL,
        "error_message": TEXT, "error_code": NULL, "created": TEXT, "amount": NUMBER}],
    "refunded": FLAG, "product_id": TEXT, "payment_method_type": TEXT, "payment_method": TEXT,
    "payment_gateway_response": {
        "txn_id": TEXT, "rrn": TEXT, "resp_message": TEXT, "resp_code": TEXT, "epg_txn_id": TEXT,
        "created": TEXT, "auth_id_code": TEXT},
    "order_id": TEXT, "offers": [], "metadata": {}, "merchant_id": TEXT, "id": TEXT,
    "gateway_reference_id": NULL, "gateway_id": NUMBER, "effective_amount": NUMBER,
    "date_created": TEXT, "customer_phone": TEXT, "customer_id": TEXT, "customer_email": TEXT,
    "currency": TEXT,
    "card": {
        "using_token": FLAG, "using_saved_card": FLAG, "saved_to_locker": FLAG,
        "name_on_card": TEXT, "last_four_digits": TEXT, "expiry_year": TEXT, "expiry_month": TEXT,
        "card_type": TEXT, "card_reference": TEXT, "card_issuer": TEXT, "card_isin": TEXT,
        "card_fingerprint": TEXT, "card_brand": TEXT},
    "bank_pg": NULL, "bank_error_message": TEXT, "bank_error_code": TEXT, "auth_type": TEXT,
    "amount_refunded": NUMBER, "amount": NUMBER,
}
FAILED = {
    "error_message": TEXT, "status": TEXT, "error_code": TEXT,
    "error_info": {"user_message": TEXT, "request_id": TEXT, "href": TEXT,
                   "developer_message": TEXT, "code": TEXT, "category": TEXT},
    "status_id": NUMBER,
}
FLAT = {
    "unique_request_id": TEXT, "txn_id": TEXT, "status": TEXT, "sent_to_gateway": FLAG,
    "response_code": NULL, "refund_type": TEXT, "order_id": TEXT, "initiated_by": TEXT,
    "epg_txn_id": NULL, "created": TEXT, "authorization_id": NULL, "amount": NUMBER,
    "currency": TEXT,
    # its field table names these too
    "refund_source": TEXT, "ref": NULL, "error_message": TEXT, "error_code": NULL,
    # ours: DOMAIN
    "refund_arn": NULL,
}
PAYOUT = dict(FLAT, payout_gateway_details={"gateway": TEXT, "gateway_reference_id": TEXT})

DENIED = {"status": TEXT, "error_code": TEXT, "error_message": TEXT}


def kind_of(value):
    if isinstance(value, bool):
        return "flag"
    return {int: "number", float: "number", str: "text", dict: "object", list: "list",
            type(None): "null"}[type(value)]


def conforms(got, sample, where):
    if sample is NULL:
        contains(("null", "text"), kind_of(got), where)
        return
    equal(kind_of(got), kind_of(sample), where)
    if isinstance(sample, dict):
        for name, member in sample.items():
            assert name in got, "%s has no %s: %s" % (where, name, sorted(got))
            conforms(got[name], member, where + "." + name)
    if isinstance(sample, list) and sample:
        assert got, where + " is empty"
        for i, entry in enumerate(got):
            conforms(entry, sample[0], "%s.%d" % (where, i))


# ---- Refund Order API -----------------------------------------------------------------------------


@case
def the_sample_request_gets_the_sample_response(desk):
    order, request = desk.charged_order("400", customer_id="testcardenc1"), desk.name("TEST")
    answer = desk.api.call(
        "POST", "/orders/%s/refunds" % order, form={"unique_request_id": request, "amount": "100.00"},
        headers={"version": "2023-06-30", "x-routing-id": "customer_1122",
                 "x-merchantid": desk.api.merchant})
    equal(answer.status, 200)
    conforms(answer.json, ORDER, "the order")
    refund = answer.json["refunds"][0]
    equal({k: refund[k] for k in ("unique_request_id", "status", "sent_to_gateway", "refund_type",
                                  "ref", "initiated_by", "id", "error_message", "error_code",
                                  "amount")},
          {"unique_request_id": request, "status": "PENDING", "sent_to_gateway": False,
           "refund_type": "STANDARD", "ref": None, "initiated_by": "API", "id": None,
           "error_message": "", "error_code": None, "amount": 100})
    equal(desk.ended(request)["status"], "SUCCESS")
    ended = desk.api.order(order).json
    conforms(ended, ORDER, "the order")
    equal((ended["amount_refunded"], ended["refunded"], ended["status"]), (100, False, "CHARGED"))
    equal(ended["refunds"][0]["sent_to_gateway"], True)
    again = desk.api.refund(order, request, "100.00", headers={"version": "2023-06-30"})
    equal(again.status, 400)
    conforms(again.json, FAILED, "the failed response")
    equal((again.json["status"], again.json["error_code"], again.json["status_id"]),
          ("ERROR", "duplicate.call", -1))
    equal(again.json["error_message"], "A refund has already been processed for this order with this"
                                       " unique request id")


@case
def all_of_it_makes_it_refunded(desk):
    order, request = desk.charged_order("400"), desk.name("u")
    equal(desk.api.refund(order, request).status, 200)
    desk.ended(request)
    body = desk.api.order(order).json
    equal((body["amount_refunded"], body["refunded"]), (400, True))


@case
def who_has_no_key_is_told_as_the_vendor_tells(desk):
    answer = desk.api.call("POST", "/refunds", form={}, key=False)
    equal(answer.status, 401)
    conforms(answer.json, DENIED, "401")
    equal((answer.json["status"], answer.json["error_code"]), ("error", "access_denied"))


@case
def numbers_are_in_shortest_form(desk):
    order = desk.charged_order("400")
    for asked, told in (("8.00", '"amount":8,'), ("98.20", '"amount":98.2,'), ("65.34", '"amount":65.34,')):
        answer = desk.api.refund(order, desk.name("u"), asked)
        contains(answer.text, told, asked)


# ---- Payout Refund API ----------------------------------------------------------------------------

ACCOUNT = "026687138997581"
BENEFICIARY = {
    "details": {"first_name": "John", "last_name": "Wick", "account": ACCOUNT,
                "bank_code": "JP_MY_PUBLIC",
                "address": {"city": "Singapore", "country_code": "SGP", "postcode": "238858",
                            "street_address": "8, Bencoolen St", "state": "Singapore"}},
    "transfer_type": "LOCAL", "payout_mode": "FAST", "type": "BANK_TRANSFER"}


def flat_keys(prefix, value):
    """{"a": {"b": 1}} as a form's nested keys a[b]."""
    if not isinstance(value, dict):
        return {prefix: value}
    found = {}
    for name, member in value.items():
        found.update(flat_keys("%s[%s]" % (prefix, name), member))
    return found


def payout(desk, order, amount, form=None, js=None, **more):
    fields = dict({"unique_request_id": desk.name("rfd_"), "amount": amount,
                   "txn_id": desk.txn(order)["txn_id"], "refund_type": "PAYOUT"}, **more)
    if js is not None:
        return desk.api.call("POST", "/refunds", js=dict(fields, **js))
    return desk.api.call("POST", "/refunds", form=dict(fields, **form))


@case
def a_payout_is_asked_for_in_every_shape(desk):
    order = desk.charged_order("400", currency="SGD")
    shapes = ({"form": {"beneficiary_details": json.dumps(BENEFICIARY)}},
              {"form": flat_keys("beneficiary_details", BENEFICIARY)},
              {"js": {"beneficiary_details": BENEFICIARY}},
              {"js": {"beneficiary_details": json.dumps(BENEFICIARY)}},
              {"form": {"beneficiary_id": "bene_5d1f0a7c39e24b86a1c7f250"}})
    for i, shape in enumerate(shapes):
        answer = payout(desk, order, "%d.20" % (i + 1), **shape)
        equal(answer.status, 200, repr(answer))
        body = answer.json
        conforms(body, FLAT, "the refund")
        equal((body["status"], body["refund_type"], body["amount"], body["currency"],
               body["sent_to_gateway"], body["epg_txn_id"]),
              ("PENDING", "PAYOUT", i + 1.2, "SGD", False, None))
        assert body["payout_gateway_details"]["gateway"] in ("AIRWALLEX", "2C2P"), body
        equal(desk.ended(body["unique_request_id"])["status"], "SUCCESS")


@case
def the_preferred_gateway_pays_out(desk):
    order = desk.charged_order("400", currency="SGD")
    wishes = ({"gateway": "AIRWALLEX", "gateway_reference_id": "bus"}, {"gateway": "2C2P"})
    for i, wish in enumerate(wishes):
        for k, how in enumerate((json.dumps(wish), None)):
            more = {"preferred_gateway": how} if how else flat_keys("preferred_gateway", wish)
            answer = payout(desk, order, "%d.%d1" % (i + 1, k),
                            form=dict(more, beneficiary_details=json.dumps(BENEFICIARY)))
            equal(answer.status, 200, repr(answer))
            conforms(answer.json, FLAT if i else PAYOUT, "the refund")
            equal(answer.json["payout_gateway_details"]["gateway"], wish["gateway"])
    for wish in ({"gateway": "NOBODY"}, {"gateway": "AIRWALLEX", "gateway_reference_id": "train"}):
        answer = payout(desk, order, "9.99", form={"preferred_gateway": json.dumps(wish),
                                                   "beneficiary_details": json.dumps(BENEFICIARY)})
        equal(answer.status, 400, repr(answer))
        equal(answer.json["status"], "ERROR")


@case
def a_wrong_beneficiary_is_named_field_by_field(desk):
    order = desk.charged_order("400", currency="SGD")

    def without(path):
        told = json.loads(json.dumps(BENEFICIARY))
        at = told
        for name in path[:-1]:
            at = at[name]
        del at[path[-1]]
        return told

    for path in (("type",), ("details",), ("details", "account"), ("details", "bank_code"),
                 ("details", "first_name")):
        answer = payout(desk, order, "1", js={"beneficiary_details": without(path)})
        equal((answer.status, answer.json["status"], answer.json["error_code"]),
              (400, "Bad Request", "Mandatory fields are missing"), repr(answer))
        fields = [f["field_name"] for f in answer.json["error_info"]["fields"]]
        assert fields[0].startswith("beneficiary_details"), (path, fields)
    for change in ({"type": "PIGEON"}, {"transfer_type": "MOON"}, {"payout_mode": "SLOW"},
                   {"details": "text"}):
        answer = payout(desk, order, "1", js={"beneficiary_details": dict(BENEFICIARY, **change)})
        equal((answer.status, answer.json["error_code"]), (400, "INVALID"), repr(answer))
    nobody = payout(desk, order, "1", form={"beneficiary_id": "bene_000000000000000000000000"})
    equal((nobody.status, nobody.json["error_info"]["fields"][0]["field_name"]),
          (400, "beneficiary_id"))
    nothing = payout(desk, order, "1", form={})
    equal((nothing.status, nothing.json["error_code"]), (400, "Mandatory fields are missing"))
    equal(desk.txn(order)["held_minor"], 0)


@case
def an_account_number_is_nowhere_in_the_clear(desk):
    order, account = desk.charged_order("400", currency="SGD"), "4711" + "0815" * 3
    told = json.loads(json.dumps(BENEFICIARY))
    told["details"]["account"] = account
    answer = payout(desk, order, "1", js={"beneficiary_details": told},
                    metadata={"note": "kept"})
    equal(answer.status, 200)
    assert account not in answer.text, answer
    desk.ended(answer.json["unique_request_id"])
    assert account not in desk.api.order(order).text
    for folder, _, names in os.walk(desk.home):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and "simgate" not in name:  # the gateway must know it
                with open(path, "rb") as f:
                    assert account.encode() not in f.read(), path
    assert account not in desk.log_since()


@case
def every_type_and_reason_is_taken(desk):
    order = desk.charged_order("400")
    reasons = ("GOODWILL", "WAIVER", "PRODUCT_OR_SERVICE_NOT_DELIVERED",
               "UNSATISFACTORY_PRODUCT_OR_SERVICE", "CANCELLATION", "PARTIAL_CANCELLATION",
               "TECHNICAL_ISSUES", "OFFER_OR_SUBSCRIPTION_ISSUES", "DUPLICATE_PAYMENT",
               "DELAYED_SUCCESS")
    for i, reason in enumerate(reasons):
        request = desk.name("u")
        answer = desk.api.call("POST", "/refunds", form={
            "order_id": order, "unique_request_id": request, "amount": "%d" % (i + 1),
            "refund_reason": reason})
        equal(answer.status, 200, repr(answer))
        equal(desk.refund(request)["reason"], reason)
    instant = desk.one("SELECT can_instant FROM gateways WHERE name = ?",
                       desk.txn(order)["gateway"])["can_instant"]
    kinds = (("STANDARD", "STANDARD"), ("INSTANT", "INSTANT" if instant else None),
             ("INSTANT_WITH_FALLBACK", "INSTANT" if instant else "STANDARD"))
    for i, (kind, becomes) in enumerate(kinds):
        answer = desk.api.call("POST", "/refunds", form={
            "order_id": order, "unique_request_id": desk.name("u"), "amount": "%d" % (i + 20),
            "refund_type": kind})
        equal(answer.json.get("refund_type"), becomes, repr(answer))
        if not becomes:
            equal((answer.status, answer.json["error_code"]), (400, "REFUND_REJECTED"))


# ---- split settlement -----------------------------------------------------------------------------


def split(marketplace, *vendors, called="amount"):
    return {"marketplace": {called: marketplace},
            "vendor": {"split": [{"sub_mid": vendor, called: part} for vendor, part in vendors]}}


def split_order(desk, amount, details):
    order = desk.name("split")
    answer = desk.api.call("POST", "/orders", js={
        "order_id": order, "amount": amount, "metadata": {"split_settlement_details": details}})
    equal(answer.status, 200, repr(answer))
    wait_until("the charge", lambda: desk.api.order(order).json["status"] == "CHARGED")
    return order


def told_as(part, called):
    """10 of the marketplace and a part of v1, in each way that clients tell it."""
    details = split(10, ("v1", part), called=called)
    key = "metadata[split_settlement_details]"
    return (("form", {"metadata.split_settlement_details": json.dumps(details)}),
            ("form", {"metadata": json.dumps({"split_settlement_details": details})}),
            ("js", {"metadata": {"split_settlement_details": details}}),
            ("js", {"metadata": {"split_settlement_details": json.dumps(details)}}),
            ("form", {key + "[marketplace][%s]" % called: "10",
                      key + "[vendor][split][0][sub_mid]": "v1",
                      key + "[vendor][split][0][%s]" % called: part}))


def units(minor):
    return "%d.%02d" % divmod(minor, 100)


@case
def a_split_is_given_back_by_its_parties(desk):
    order = split_order(desk, "400", split(100, ("v1", 200), ("v2", 100)))
    v1_minor, ways = 0, len(told_as("1", "amount"))
    for i in range(ways):
        part_minor = 1050 + i  # another each time, or it is a twin
        how, fields = told_as(units(part_minor), ("amount", "refund_amount")[i % 2])[i]
        path = ("/refunds", "/orders/%s/refunds" % order, "/order/refund")[i % 3]
        answer = desk.api.call("POST", path, **{how: dict(
            fields, order_id=order, unique_request_id=desk.name("u"),
            amount=units(1000 + part_minor))})
        equal(answer.status, 200, "%s %s %r" % (path, fields, answer))
        contains(answer.text, "split_settlement_response")
        v1_minor += part_minor
    equal(desk.txn(order)["held_minor"], ways * 1000 + v1_minor)
    # v1 gives back no more than it has left, whatever the txn has.
    over = units(20000 - v1_minor + 1)
    answer = desk.api.call("POST", "/refunds", js={
        "order_id": order, "unique_request_id": desk.name("u"), "amount": over,
        "metadata": {"split_settlement_details": split(0, ("v1", over))}})
    equal((answer.status, answer.json["error_code"]), (400, "INVALID"), repr(answer))
    contains(answer.json["error_message"], "v1")
    # A part without its split is refused, naming the rule; the whole rest needs none.
    answer = desk.api.refund(order, desk.name("u"), "1")
    equal((answer.status, answer.json["error_code"]), (400, "INVALID"), repr(answer))
    assert answer.json["error_message"] != "Bad request", answer
    equal(desk.api.refund(order, desk.name("u")).status, 200)
    equal(desk.txn(order)["held_minor"], 40000)


@case
def a_hundred_vendors_and_no_more(desk):
    vendors = [("vendor-with-a-rather-long-name-%d" % i, 1) for i in range(100)]
    order = split_order(desk, "101", split(1, *vendors))
    answer = desk.api.call("POST", "/refunds", js={
        "order_id": order, "unique_request_id": desk.name("u"), "amount": "101",
        "metadata": {"split_settlement_details": split(1, *vendors), "kept": "yes"}})
    equal(answer.status, 200, repr(answer))
    equal(desk.api.order(order).json["refunds"][0]["metadata"], {"kept": "yes"})
    more = desk.api.call("POST", "/orders", js={
        "order_id": desk.name("split"), "amount": "102",
        "metadata": {"split_settlement_details": split(1, *vendors, ("one", 1))}})
    equal(more.status, 400, repr(more))


def main():
    with Desk() as desk:
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
