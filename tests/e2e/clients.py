"""What talks to a desk from outside: the API, the simulator's control routes, the portal."""
import base64
import http.client
import json
import re
import socket
import urllib.parse

TIMEOUT_S = 60


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # http.client.HTTPMessage: names in any case
        self.body = body

    @property
    def json(self):
        kind = self.headers.get("Content-Type", "")
        assert kind.split(";")[0] == "application/json", "%d %s %r" % (self.status, kind, self.body)
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()

    def __repr__(self):
        return "%d %s" % (self.status, self.body.decode("utf-8", "replace")[:600])


def call(port, method, path, body=None, headers=None, chunked=False):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request(method, path, body, headers or {}, encode_chunked=chunked)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def call_raw(port, request):
    """Bytes as they are; the whole answer (the other side closes) as an Answer."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as s:
        s.sendall(request)
        answer = http.client.HTTPResponse(s)
        answer.begin()
        return Answer(answer.status, answer.headers, answer.read())


WAYS = ("STANDARD", "INSTANT", "PAYOUT")
ACCOUNT = "00917264505813"
BANK = {"type": "BANK_TRANSFER", "transfer_type": "LOCAL", "payout_mode": "FAST",
        "details": {"first_name": "Wei Ling", "last_name": "Tan", "account": ACCOUNT,
                    "bank_code": "DBSSSGSG",
                    "address": {"city": "Singapore", "country_code": "SG", "postcode": "018956",
                                "street_address": "12 Marina Boulevard", "state": "Singapore"}}}


class Api:
    def __init__(self, port, key, merchant):
        self.port, self.key, self.merchant = port, key, merchant

    def authorization(self, text=None):
        text = self.key + ":" if text is None else text
        return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}

    def call(self, method, path, form=None, js=None, headers=None, key=True, **more):
        all_headers = self.authorization() if key else {}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            all_headers["Content-Type"] = "application/x-www-form-urlencoded"
        if js is not None:
            body = js if isinstance(js, (str, bytes)) else json.dumps(js)
            all_headers["Content-Type"] = "application/json"
        all_headers.update(headers or {})
        return call(self.port, method, path, body, all_headers, **more)

    def create(self, order_id, amount, **fields):
        return self.call("POST", "/orders", form=dict(fields, order_id=order_id, amount=amount))

    def order(self, order_id):
        return self.call("GET", "/orders/" + order_id)

    def refund(self, order_id, unique_request_id, amount=None, headers=None):
        form = {"unique_request_id": unique_request_id}
        if amount is not None:
            form["amount"] = amount
        return self.call("POST", "/orders/%s/refunds" % order_id, form=form, headers=headers)


    def payout(self, order_id, unique_request_id, amount=None, beneficiary=None, **fields):
        """A refund by the vendor's other API, to another account unless told otherwise."""
        body = dict({"order_id": order_id, "unique_request_id": unique_request_id,
                     "refund_type": "PAYOUT", "beneficiary_details": beneficiary or BANK}, **fields)
        if amount is not None:
            body["amount"] = amount
        return self.call("POST", "/refunds", js=body)

    def send_back(self, way, order_id, unique_request_id, amount=None):
        """A refund by one of WAYS."""
        if way == "PAYOUT":
            return self.payout(order_id, unique_request_id, amount)
        form = {"unique_request_id": unique_request_id, "refund_type": way}
        if amount is not None:
            form["amount"] = amount
        return self.call("POST", "/orders/%s/refunds" % order_id, form=form)


class Simgate:
    """The control routes of refunddesk-simgate."""

    def __init__(self, port):
        self.port = port

    def fault(self, fault, **script):
        answer = call(self.port, "POST", "/control/faults", json.dumps(dict(script, fault=fault)))
        assert answer.status == 201, answer

    def faults(self):
        return call(self.port, "GET", "/control/faults").json["faults"]

    def clear(self):
        assert call(self.port, "DELETE", "/control/faults").status == 200

    def ledger(self, unique_request_id):
        query = "?unique_request_id=" + urllib.parse.quote(unique_request_id)
        return call(self.port, "GET", "/control/ledger" + query).json


class Portal:
    """A browser of sorts: keeps cookies and the CSRF token of the page it saw last."""

    def __init__(self, port):
        self.port, self.cookies, self.csrf = port, {}, ""

    def call(self, method, path, form=None):
        headers = {"Cookie": "; ".join("%s=%s" % c for c in self.cookies.items())}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(dict(form, csrf=self.csrf))
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = "http://127.0.0.1:%d" % self.port
        answer = call(self.port, method, path, body, headers)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        found = re.search(r'name="csrf" value="([^"]+)"', answer.body.decode("utf-8", "replace"))
        if found:
            self.csrf = found.group(1)
        return answer

    def login(self, name, password):
        assert self.call("GET", "/login").status == 200
        answer = self.call("POST", "/login", {"name": name, "password": password, "next": "/"})
        assert answer.status == 303, answer
        return self
