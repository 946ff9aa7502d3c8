#!/usr/bin/env python3
"""Mails from their rows to a real server or a folder: TLS, logging in, refusals for now and for
good, answers that never come, workers that are stopped or killed. check_hostile_mails.py has what
may stand in them."""
import email
import email.policy
import email.utils
import os
import socket
import stat
import sys
import threading
import time

sys.dont_write_bytecode = True

from rig import CREATED_MS, PASSWORD, Desk, Server, clean_up, make_certificates, make_templates
from cases import case, contains, equal, finish, run_cases, wait_until

CERTIFICATES = {}
SAID_BYTES = 500  # LIMIT_MAIL_SAID
BURST = 60  # LIMIT_MAIL_BURST
TEXT = {"subject": "Subject", "lines": [{"text": "."}, {"text": ".."}, {"text": "..dot"},
                                        {"text": "From here"}, {"text": "x" * 2000},
                                        {"text": "\u0939\u093f\u0928\u094d\u0926\u0940 \U0001f600"}]}


def read(message):
    return email.message_from_bytes(message, policy=email.policy.default)


def texts(message):
    return [part.get_content().replace("\r\n", "\n") for part in read(message).iter_parts()]


def secret_file(desk, mode=0o600, text=PASSWORD + "\n"):
    path = os.path.join(desk.home, "password")
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)
    return "password"


def safe(desk, server, tls, **more):
    """Settings for a server with TLS and a user."""
    desk.configure(**dict(host="localhost", port=server.port, tls=tls, user="desk",
                          password_file=secret_file(desk), ca_file=CERTIFICATES["ca.pem"], **more))


def safe_server(tls, **more):
    return Server(tls=tls, cert=CERTIFICATES["server.pem"], key=CERTIFICATES["server.key"], **more)


# ---- the folder ------------------------------------------------------------------------------------

@case
def without_a_server_mails_are_files():
    with Desk() as desk:
        row = desk.put(facts=TEXT)
        desk.start()
        message = desk.sent(row)
        mail = desk.mail(row)
        path = mail["said"].partition("written to ")[2]
        equal((mail["attempts"], mail["due_ms"], bool(mail["sent_ms"])), (1, None, True))
        equal(os.listdir(desk.home + "/mail"), [os.path.basename(path)])
        equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        equal(stat.S_IMODE(os.stat(desk.home + "/mail").st_mode), 0o700)
        m = read(message)
        equal(m.defects, [])
        equal((m["From"], m["To"], m["Subject"], m["Date"], m["Auto-Submitted"]),
              ("refunddesk@localhost", "a@b.example", "Subject",
               email.utils.formatdate(CREATED_MS / 1000).replace("-0000", "+0000"),
               "auto-generated"))
        equal(m.get_content_type(), "multipart/alternative")
        equal([p.get_content_type() for p in m.iter_parts()], ["text/plain", "text/html"])
        lines = [line["text"] for line in TEXT["lines"]]
        equal(texts(message)[0], "\n".join(lines) + "\n")
        desk.stop()


@case
def a_folder_that_cannot_be_written_is_tried_again():
    with Desk(folder="taken") as desk:
        with open(desk.home + "/taken", "w"):
            pass
        row = desk.put()
        desk.start()
        contains(desk.await_attempts(row, 2)["said"], "taken")
        os.unlink(desk.home + "/taken")
        desk.await_state(row, "SENT")
        desk.stop()


@case
def who_chose_so_is_told_from_the_command_to_the_file():
    with Desk() as desk:
        desk.ctl("user", "add", "ann", "--role", "admin", "--generate", "--email", "ann@b.example")
        desk.ctl("gateway", "add", "G", "--id", "1", "--adapter", "simulator")
        desk.start()
        desk.ctl("gateway", "pause", "G", "it refuses <refunds>")
        wait_until("a mail", lambda: desk.mails())
        row, = desk.mails()
        m = read(desk.sent(row))
        desk.stop()
        equal(m["To"], "ann@b.example")
        contains(m["Subject"], "G")
        contains(texts(desk.sent(row))[0], "it refuses <refunds>")
        contains(texts(desk.sent(row))[0], "https://desk.example/")
        desk.start()
        desk.ctl("gateway", "resume", "G")
        desk.stop()
        equal(len(desk.mails()), 1)


# ---- a server ---------------------------------------------------------------------------------------

@case
def a_server_gets_the_bytes_that_a_file_would_have():
    with Desk() as desk:
        first = desk.put(occasion="o", facts=TEXT)
        desk.start()
        in_file = desk.sent(first)
        desk.stop()
        with desk.server() as server:
            second = desk.put(occasion="o", address="A@b.example", facts=TEXT)
            desk.start()
            said = server.next()
            contains(desk.await_state(second, "SENT")["said"], "250 2.0.0 taken")
            desk.stop()
        equal((said["sender"], said["to"]), ("refunddesk@localhost", ["A@b.example"]))
        equal(texts(said["message"]), texts(in_file))
        equal([len(line) <= 998 for line in said["message"].split(b"\r\n")].count(False), 0)
        equal(said["message"].count(b"\n"), said["message"].count(b"\r\n"))


def logs_in(tls, mechanism):
    with Desk() as desk, safe_server(tls, auth=mechanism) as server:
        safe(desk, server, tls)
        row = desk.put()
        desk.start()
        said = server.next()
        desk.await_state(row, "SENT")
        desk.stop()
        equal((said["tls"], said["who"]), (True, "desk"))
        assert PASSWORD not in desk.log()


@case
def starttls_and_auth_plain():
    logs_in("starttls", "PLAIN")


@case
def starttls_and_auth_login():
    logs_in("starttls", "LOGIN")


@case
def tls_from_the_first_byte():
    logs_in("tls", "PLAIN")


@case
def a_certificate_that_is_not_the_servers_gets_nothing():
    for tls, change in (("starttls", {"ca_file": "stranger.pem"}), ("tls", {"ca_file": "stranger.pem"}),
                        ("starttls", {"host": "127.0.0.1"})):
        with Desk() as desk, safe_server(tls, auth="PLAIN") as server:
            if "ca_file" in change:
                change = {"ca_file": CERTIFICATES[change["ca_file"]]}
            desk.configure(**{**dict(host="localhost", port=server.port, tls=tls, user="desk",
                                     password_file=secret_file(desk),
                                     ca_file=CERTIFICATES["ca.pem"]), **change})
            row = desk.put()
            desk.start()
            mail = desk.await_attempts(row, 2)
            desk.stop()
            contains(mail["said"], "SSL")
            equal(mail["state"], "WAITING")
            equal(server.lines.qsize(), 0)


@case
def a_server_without_tls_gets_no_password_and_no_mail():
    with Desk() as desk, Server(auth="PLAIN") as server:
        safe(desk, server, "starttls")
        row = desk.put()
        desk.start()
        mail = desk.await_attempts(row, 2)
        desk.stop()
        equal(mail["state"], "WAITING")
        contains(mail["said"], "STARTTLS")
        equal(server.lines.qsize(), 0)


@case
def a_wrong_password_is_mended_in_the_settings_and_the_mail_goes():
    with Desk() as desk, safe_server("starttls", auth="PLAIN") as server:
        safe(desk, server, "starttls")
        secret_file(desk, text="wrong\n")
        row = desk.put()
        desk.start()
        equal(desk.await_attempts(row, 2)["state"], "WAITING")
        desk.stop()
        secret_file(desk)
        desk.start()
        desk.await_state(row, "SENT")
        desk.stop()


# ---- what servers answer -----------------------------------------------------------------------------

@case
def what_is_not_taken_for_the_moment_goes_again():
    with Desk() as desk, desk.server(script=["end=451", "rcpt=450", "ok"]) as server:
        row = desk.put()
        desk.start()
        mail = desk.await_state(row, "SENT")
        desk.stop()
        equal(mail["attempts"], 3)
        equal([server.next()["act"], server.next()["act"]], ["end", "ok"])
        equal(server.lines.qsize(), 0)


@case
def what_is_refused_has_failed_with_the_servers_words():
    for act, words in (("rcpt=550", "550 5.1.1 no <such> user"), ("end=554", "554 words of the server")):
        with Desk() as desk, desk.server(script=[act]) as server:
            row, other = desk.put(), desk.put(address="c@d.example")
            desk.start()
            mail = desk.await_state(row, "FAILED")
            desk.await_state(other, "SENT")
            desk.stop()
            equal((mail["attempts"], mail["said"], mail["due_ms"], mail["sent_ms"]),
                  (1, words, None, None))
            contains(desk.log(), "mail failed")
            taken = [server.next() for _ in range(1 + act.startswith("end"))]
            equal(taken[-1]["to"], ["c@d.example"])
            equal(server.lines.qsize(), 0)


@case
def who_may_send_is_no_matter_of_the_mail():
    with Desk() as desk, desk.server(script=["rcpt=530", "ok"]):
        row = desk.put()
        desk.start()
        equal(desk.await_state(row, "SENT")["attempts"], 2)
        desk.stop()


@case
def an_answer_that_is_lost_makes_the_same_mail_again():
    with Desk() as desk, desk.server(script=["drop", "drop", "ok"]) as server:
        row = desk.put(facts=TEXT)
        desk.start()
        equal(desk.await_state(row, "SENT")["attempts"], 3)
        desk.stop()
        sent = [server.next()["message"] for _ in range(3)]
        equal(len(set(sent)), 1)
        equal(len({read(m)["Message-ID"] for m in sent}), 1)


@case
def no_server_is_waited_for_and_then_given_up():
    with Desk() as desk:
        with socket.create_server(("127.0.0.1", 0)) as s:
            port = s.getsockname()[1]
        desk.configure(host="127.0.0.1", port=port, tls="none")
        row = desk.put()
        desk.start()
        mail = desk.await_attempts(row, 2)
        desk.stop()
        equal(mail["state"], "WAITING")
        desk.configure(host="127.0.0.1", port=port, tls="none", give_up_ms="1ms")
        desk.start()
        desk.await_state(row, "FAILED")
        desk.stop()
        contains(desk.log(), "mail failed")


@case
def a_flood_comes_one_by_one_and_holds_up_nobody():
    with Desk(pace_ms="1s") as desk:
        flood = [desk.put() for _ in range(BURST + 3)]
        other = desk.put(address="c@b.example")
        desk.start()
        last = desk.await_state(flood[-1], "SENT")["sent_ms"]
        desk.stop()
        sent = [desk.mail(row)["sent_ms"] for row in flood]
        assert desk.mail(other)["sent_ms"] < sent[-2], (desk.mail(other), sent)
        equal(sent, sorted(sent))
        assert last - sent[0] >= 3000, sent


@case
def no_mail_fails_for_having_waited_for_its_place():
    with Desk() as desk, desk.server(script=["end=451", "ok"]) as server:
        desk.configure(host="127.0.0.1", port=server.port, tls="none", give_up_ms="10s")
        row = desk.put()  # written long ago
        desk.start()
        desk.await_state(row, "SENT")
        desk.stop()
        equal(desk.mail(row)["attempts"], 2)


# ---- servers that hang ------------------------------------------------------------------------------

def stops_in_time(desk):
    began = time.monotonic()
    desk.stop()
    assert time.monotonic() - began < 10, "stopping took %.1f s" % (time.monotonic() - began)


@case
def a_server_that_never_answers_does_not_hold_up_a_stop():
    with Desk() as desk, desk.server(script=["hang", "ok"]) as server:
        row = desk.put()
        desk.start()
        first = server.next()["message"]
        stops_in_time(desk)
        mail = desk.mail(row)
        equal((mail["state"], mail["attempts"], mail["said"]), ("WAITING", 0, None))
        desk.start()
        equal(server.next()["message"], first)
        desk.await_state(row, "SENT")
        desk.stop()


@case
def a_server_that_never_greets_is_given_its_time():
    with Desk() as desk, socket.create_server(("127.0.0.1", 0)) as silent:
        desk.configure(host="127.0.0.1", port=silent.getsockname()[1], tls="none",
                       timeout_ms="500ms")
        row = desk.put()
        desk.start()
        contains(desk.await_attempts(row, 2)["said"], "timed out")
        stops_in_time(desk)


@case
def nobody_waits_for_a_good_bye():
    with Desk() as desk, desk.server(script=["mute", "mute"]):
        rows = desk.put(), desk.put(address="c@d.example")
        desk.start()
        for row in rows:
            equal(desk.await_state(row, "SENT")["attempts"], 1)
        stops_in_time(desk)


class Rude:
    """A server that sends the same bytes, once or for ever, to whoever connects."""

    def __init__(self, words, endless=False):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.words, self.endless = words, endless
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                peer = self.socket.accept()[0]
                while True:
                    peer.sendall(self.words)
                    if not self.endless:
                        break
                peer.recv(1)
                peer.close()
            except OSError:
                if self.socket.fileno() < 0:
                    return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


@case
def a_server_that_talks_rubbish_is_tried_again():
    for words, endless in ((b"554 not here\r\n", False), (b"421 busy\r\n", False),
                           (b"HTTP/1.1 200 OK\r\n\r\n", False), (b"\xff\x00\x1b]0;x\x07\r\n", False),
                           (b"554 " + b"x" * 100000 + b"\r\n", False), (b"", False),
                           (b"220-\xff\x1b[31mx\r\n", True), (b"x" * 1000, True)):
        with Desk() as desk, Rude(words, endless) as rude:
            desk.configure(host="127.0.0.1", port=rude.port, tls="none", timeout_ms="500ms")
            row = desk.put()
            desk.start()
            mail = desk.await_attempts(row, 2)
            stops_in_time(desk)
            equal(mail["state"], "WAITING", words[:40])
            assert len(mail["said"]) < 1000 and mail["said"].isprintable(), mail["said"]


@case
def what_a_server_says_is_kept_up_to_its_limit():
    with Desk() as desk, desk.server(script=["end=554"], words="x" * 1000):
        row = desk.put()
        desk.start()
        equal(len(desk.await_state(row, "FAILED")["said"]), SAID_BYTES)
        desk.stop()


# ---- workers that are killed -------------------------------------------------------------------------

@case
def each_occasion_arrives_whenever_the_worker_is_killed():
    for point, copies in (("before_mail_claim", 1), ("before_mail", 1), ("after_mail", 2)):
        with Desk() as desk, desk.server() as server:
            desk.configure(host="127.0.0.1", port=server.port, tls="none", timeout_ms="500ms",
                           lease_ms="600ms")
            rows = [desk.put(address="a%d@b.example" % i) for i in range(3)]
            desk.crash(point)
            desk.start()
            for row in rows:
                desk.await_state(row, "SENT")
            desk.stop()
            sent = [server.next() for _ in range(len(rows) - 1 + copies)]
            equal(server.lines.qsize(), 0, point)
            equal(sorted({s["to"][0] for s in sent}), ["a%d@b.example" % i for i in range(3)])
            equal(len({read(s["message"])["Message-ID"] for s in sent}), len(rows), point)


# ---- settings ---------------------------------------------------------------------------------------

@case
def settings_that_cannot_work_refuse_to_start():
    with Desk() as desk:
        password = secret_file(desk)
        for settings, words in (
                ({"host": "mail.example", "tls": "none"}, "mail.tls = none is for a server on loopback"),
                ({"host": "a b"}, "mail.host is no host"),
                ({"host": "localhost/x"}, "mail.host is no host"),
                ({"host": "user@localhost"}, "mail.host is no host"),
                ({"from": "nobody"}, "mail.from is no address"),
                ({"host": "localhost", "user": "desk"}, "belong together"),
                ({"host": "localhost", "password_file": password}, "belong together"),
                ({"host": "localhost", "user": "desk", "password_file": "absent"},
                 "mail.password_file cannot be read"),
                ({"host": "localhost", "user": "desk", "password_file": "keys"}, "no plain file"),
                ({"tls": "maybe"}, "none, starttls or tls"),
                ({"lease_ms": "1s"}, "mail.lease_ms"),
        ):
            desk.configure(**settings)
            contains(desk.refusal(), words, settings)
        desk.configure(host="localhost", user="desk", password_file=secret_file(desk, 0o640))
        contains(desk.refusal(), "mail.password_file can be read by others")
        desk.configure(host="localhost", user="desk", password_file=secret_file(desk, text="\n"))
        contains(desk.refusal(), "no password in its first line")
        desk.configure(host="localhost", user="desk", password_file=secret_file(desk, text="x" * 1025))
        contains(desk.refusal(), "too long")


if __name__ == "__main__":
    make_templates()
    CERTIFICATES.update(make_certificates())
    try:
        tally = run_cases()
    finally:
        clean_up()
    finish(*tally)
