#!/usr/bin/env python3
"""What may stand in a mail never makes a header, a part, a line of its own or a tag: each payload in
every fact of every kind of mail, in the address and in the occasion. Python's email package, another
parser than ours, reads each mail back."""
import email
import email.policy
import html.parser
import os
import re
import sys
import unicodedata

sys.dont_write_bytecode = True

from rig import TEMPLATES, Desk, clean_up, make_templates
from cases import case, contains, equal, finish, run_cases

INJECTED = "Bcc: thief@evil.example"
ENDS = ["\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029",
        "\r\n ", "\n\t", "%0d%0a", "=0D=0A", "\\r\\n", "&#13;&#10;", "\u560d\u560a",
        "\uff0d\uff0a", "\x1d", "\x1e", "\u000a\u000d"]
PAYLOADS = ["x" + end + INJECTED for end in ENDS] + [
    INJECTED + "\r\n",
    "x\r\nContent-Type: text/html\r\n\r\n<b>x</b>",
    "x\r\n.\r\nMAIL FROM:<thief@evil.example>",
    "\r\n.\r\n", ".", "..", "\n.\n", "From thief@evil.example\n\nx",
    "x\r\n--=_00000000000000000000000000000000\r\nContent-Type: text/plain\r\n\r\nx",
    "--=_", "=_", "--", "=", "=3D", "=?UTF-8?B?QmNjOiB0aGllZkBldmlsLmV4YW1wbGU=?=",
    "=?UTF-8?Q?x=0D=0ABcc:_thief@evil.example?=", "=?utf-16?B?AA==?=",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "&amp;<&lt;",
    "<?cs var:merchant ?>", "javascript:alert(1)", "](javascript:alert(1))",
    "\u202egnirts\u202c", "\u2066x\u2069", "\ufeffx", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 123",
    "\u05e2\u05d1\u05e8\u05d9\u05ea", "\u0939\u093f\u0928\u094d\u0926\u0940", "\U0001f469\u200d\U0001f4bb",
    "e\u0301" * 60, "\U0001f600" * 80, "x" * 4000, " ", "\t", "", "x" * 998 + "\u00e9",
    "a " * 1000, "\x7f\x80\x9f", "=" * 300, "\u00e9" * 77, "\ud7ff\ue000\uffff",
]
HEADERS = ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version",
           "Content-Type"]
PART_HEADERS = ["Content-Type", "Content-Transfer-Encoding"]
TAGS = {"html", "head", "meta", "title", "body", "p", "strong", "h1", "h2", "a", "table", "tr", "th",
        "td", "hr", "ul", "li", "b", "em", "br", "thead", "tbody", "caption"}
ATTRIBUTES = {"lang", "cellpadding", "cellspacing", "border", "width", "valign", "charset", "href", "align", "scope", "name", "content"}
KINDS = sorted(n[:-7] for n in os.listdir(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                                       "..", "..", "templates", "mail"))
               if n.endswith(".txt.cs"))


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.text = []

    def handle_starttag(self, tag, attributes):
        assert tag in TAGS, "a tag <%s>" % tag
        for name, value in attributes:
            assert name in ATTRIBUTES, "an attribute %s of <%s>" % (name, tag)
            if name == "href":
                assert value.startswith("https://desk.example"), "an address %s" % value

    def handle_data(self, data):
        self.text.append(data)


def variables(kind):
    """Names of facts that its templates show, those within lists as LIST.NAME; and the lists."""
    text = ""
    for folder in ("mail", "parts"):
        for name in os.listdir(os.path.join(TEMPLATES, folder)):
            if re.fullmatch(r"(mail_)?%s(\.txt|\.html)?\.cs" % kind, name):
                with open(os.path.join(TEMPLATES, folder, name)) as f:
                    text += f.read()
    tags = " ".join(re.sub(r'"[^"]*"', "", tag) for tag in
                    re.findall(r"<\?cs (?:var|if|elif|call:\w+|each)[:(](.*?) ?\?>", text))
    lists = dict(re.findall(r"(\w+) = (\w+)", tags))
    names = {".".join([lists.get(head, head)] + rest) for head, *rest in
             (name.split(".") for name in re.findall(r"[a-z_][a-z0-9_.]*", tags))}
    return {n for n in names if n.partition(".")[0] != "mail" and n not in lists} | {"merchant"}, \
        set(lists.values())


def facts(kind, payload):
    """The payload for every text; addresses in the portal are made by us, from it."""
    names, lists = variables(kind)
    out = {name: [{}] for name in lists}
    for name in names:
        value = {"path": ["orders", payload]} if name == "link" else payload
        head, _, tail = name.partition(".")
        if tail:
            out[head][0][tail] = value
        elif head not in lists:
            out[head] = value
    return out


def clean(text):
    """As a person reads it: what is no character of a line is a blank."""
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") or
                            c in "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff" or
                            "\u2060" <= c <= "\u2069" else c for c in text).split())


def judge(raw, payload):
    """The message is sound and has nothing but its own headers and parts."""
    assert b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b"")
    assert all(b < 128 and (b >= 32 or b in b"\r\n") for b in raw), "bytes beyond ASCII"
    assert max(map(len, raw.split(b"\r\n"))) <= 78, "a long line"
    assert b"\r\n.\r\n" not in raw and b"\r\nFrom " not in raw
    m = email.message_from_bytes(raw, policy=email.policy.default)
    equal(m.keys(), HEADERS)
    equal(m.defects, [])
    equal(m["To"], "a@b.example")
    assert not re.search(r"[\r\n]", m["Subject"]) and m["Subject"].strip()
    equal(m["Subject"].defects, ())
    parts = list(m.iter_parts())
    equal([p.get_content_type() for p in parts], ["text/plain", "text/html"])
    for part in parts:
        equal((part.keys(), part.defects), (PART_HEADERS, []))
    tags = Tags()
    tags.feed(parts[1].get_content())
    text = parts[0].get_content()
    if clean(payload):
        contains(clean(m["Subject"] + " " + text), clean(payload))
        contains(clean(" ".join(tags.text)), clean(payload))
    for line in (text + m["Subject"]).splitlines():
        assert not line.startswith("Bcc:") or payload.startswith("Bcc:"), "a line " + line
    return m


def file_of(desk, row):
    try:
        return desk.sent(row)
    except AssertionError:
        raise AssertionError("mail %r: %s" % (desk.mail(row), desk.log()))


@case
def every_kind_has_templates():
    assert len(KINDS) >= 11 and len(PAYLOADS) >= 40, (KINDS, len(PAYLOADS))
    for kind in KINDS:
        assert os.path.exists(os.path.join(TEMPLATES, "mail", kind + ".html.cs")), kind


@case
def no_fact_is_more_than_text():
    with Desk() as desk:
        rows = {desk.put(kind=kind, facts=facts(kind, payload)): (kind, payload)
                for kind in KINDS for payload in PAYLOADS}
        desk.start()
        for row, (kind, payload) in rows.items():
            try:
                judge(file_of(desk, row), payload)
            except AssertionError as error:
                raise AssertionError("%s with %r: %s" % (kind, payload, error))
        desk.stop()


@case
def the_subject_is_the_text_as_it_was():
    with Desk() as desk:
        rows = {desk.put(facts={"subject": "S " + payload}): payload for payload in PAYLOADS}
        desk.start()
        for row, payload in rows.items():
            m = email.message_from_bytes(desk.sent(row), policy=email.policy.default)
            wanted = clean("S " + payload)
            got = clean(m["Subject"])
            assert got == wanted or got.endswith("\u2026") and wanted.startswith(got[:-1]), (
                got, wanted)
        desk.stop()


@case
def no_address_is_more_than_one():
    payloads = ["a@b.example" + end + INJECTED for end in ENDS] + [
        "a@b.example>\r\nRCPT TO:<thief@evil.example", "a@b.example, thief@evil.example",
        "<a@b.example>", "a@b.example\r\nDATA\r\n", "", "a", "@", "a@b.example ", " a@b.example",
        "A <a@b.example>", "a@b.example;c@d.example", "\"x\r\n\"@b.example", "a@[127.0.0.1]",
        "\u0430@b.example", "x" * 255 + "@b.example", "-a@b..example", "a@@b.example",
        "a@b.example SIZE=1", "a@b.example\tx"]
    with Desk() as desk, desk.server() as server:
        rows = [desk.put(address=address) for address in payloads]
        last = desk.put(address="last@b.example")
        desk.start()
        desk.await_state(last, "SENT")
        for row in rows:
            equal((desk.mail(row)["state"], desk.mail(row)["attempts"]), ("FAILED", 1))
        desk.stop()
        equal(server.next()["to"], ["last@b.example"])
        equal(server.lines.qsize(), 0)


@case
def no_occasion_is_more_than_an_identity():
    with Desk() as desk:
        rows = [desk.put(occasion="%d %s" % (i, p)) for i, p in enumerate(PAYLOADS)]
        desk.start()
        ids = {judge(file_of(desk, row), "")["Message-ID"] for row in rows}
        desk.stop()
        equal(len(ids), len(PAYLOADS))
        assert all(re.fullmatch(r"<[0-9a-f]{32}@localhost>", i) for i in ids), ids


@case
def facts_that_are_none_fail_and_stop_nothing():
    wrong = [{"subject": 1.5}, {"Upper": "x"}, {"a.b": "x"}, {"a b": "x"}, {"": "x"},
             {"subject": {"minor": "1", "currency": "INR"}}, {"subject": {"minor": 1, "currency": "???"}},
             {"subject": {"minor": 1}}, {"subject": {"at_ms": "x"}}, {"subject": {"path": "x"}},
             {"subject": "\0"}, {"subject": {"path": [1]}}, {"subject": ["x"]}, {"lines": [{"text": 0.5}]}]
    with Desk() as desk:
        rows = [desk.put(facts=f) for f in wrong]
        last = desk.put()
        desk.start()
        desk.await_state(last, "SENT")
        for row, f in zip(rows, wrong):
            equal(desk.mail(row)["state"], "FAILED", f)
        desk.stop()


if __name__ == "__main__":
    make_templates()
    try:
        tally = run_cases()
    finally:
        clean_up()
    finish(*tally)
