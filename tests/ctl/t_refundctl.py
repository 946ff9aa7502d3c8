#!/usr/bin/env python3
"""refundctl from outside: command line, instance, users, keys, gateways, checks, backup."""
import hashlib
import json
import os
import pty
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

from cases import build_folder, case, contains, equal, finish, run_cases

PROGRAM = os.path.join(build_folder(), "refundctl")
BASE = tempfile.mkdtemp(prefix="ctl-")
COMMANDS = ["init", "migrate", "demo", "merchant add", "merchant list", "user add", "user list",
            "user disable", "user password", "user email", "api-key add", "api-key list", "api-key revoke",
            "gateway add", "gateway list", "gateway show", "gateway hook-secret",
            "gateway pause", "gateway resume", "import", "fsck", "audit-verify", "backup"]


class Instance:
    """A fresh instance folder with a merchant, unless told otherwise."""

    count = 0

    def __init__(self, init=True, merchant=True):
        Instance.count += 1
        self.home = os.path.join(BASE, "home%d" % Instance.count)
        if init:
            self.run(0, "init")
        if init and merchant:
            self.run(0, "merchant", "add", "acme")

    def run(self, code, *words, stdin=""):
        """The output of the command, which must end with that exit code."""
        done = subprocess.run([PROGRAM, "--home", self.home, *words], input=stdin, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        equal(done.returncode, code, "%s: %s%s" % (words, done.stdout, done.stderr))
        return done.stdout + done.stderr

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def mode(self, *parts):
        return stat.S_IMODE(os.stat(self.path(*parts)).st_mode)

    def ask(self, statement, *values):
        db = sqlite3.connect(self.path("refunddesk.db"))
        try:
            return db.execute(statement, values).fetchall()
        finally:
            db.close()

    def change(self, *statements):
        """Past the desk: without its triggers and CHECKs."""
        db = sqlite3.connect(self.path("refunddesk.db"))
        db.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute("DROP TRIGGER " + name)
        for statement in statements:
            db.executescript(statement)
        db.commit()
        db.close()

    def holds(self, text):
        """Whether any file of the instance has these bytes."""
        for folder, _, names in os.walk(self.home):
            for name in names:
                path = os.path.join(folder, name)
                if stat.S_ISREG(os.stat(path).st_mode):
                    with open(path, "rb") as f:
                        if text.encode() in f.read():
                            return True
        return False


# ---- command line ----------------------------------------------------------------------------------

@case
def help_names_every_command_and_no_other():
    text = Instance(init=False).run(0, "--help")
    named = re.findall(r"^  ([a-z][a-z-]*(?: [a-z-]+)?)(?: [A-Z_]+)*$", text, re.M)
    equal(named, COMMANDS)
    assert "restore" not in text


@case
def wrong_command_lines_end_with_two():
    desk = Instance()
    for words, said in [
            (["frobnicate"], "no such command"), ([], "which command"),
            (["user"], "no such command"), (["user", "add"], "missing: NAME"),
            (["user", "add", "a", "b"], "too many"), (["fsck", "--fast"], "no such option"),
            (["user", "add", "a", "--role"], "needs a value"),
            (["user", "add", "a", "--generate=1"], "takes no value"),
            (["user", "add", "a", "--role", "x", "--role", "y"], "twice"), (["restore"], "no such")]:
        contains(desk.run(2, *words), said)


@case
def without_an_instance_it_says_how_to_make_one():
    for command in ("fsck", "demo", "migrate"):
        contains(Instance(init=False).run(1, command), "init")


# ---- init -------------------------------------------------------------------------------------------

@case
def init_makes_a_closed_folder_once():
    desk = Instance(init=False)
    contains(desk.run(0, "init"), "version 4")
    equal(desk.mode(), 0o700)
    for owner in ("worker", "desk"):
        equal(desk.mode("keys", owner + ".key"), 0o600)
        equal(desk.mode("keys", owner + ".pub"), 0o644)
    equal(desk.mode("refunddesk.db"), 0o600)
    before = {n: open(desk.path(*n), "rb").read()
              for n in [("keys", "worker.key"), ("keys", "worker.pub"), ("keys", "desk.key"),
                        ("refunddesk.conf",)]}
    contains(desk.run(0, "init"), "nothing to do")
    for name, text in before.items():
        equal(open(desk.path(*name), "rb").read(), text, str(name))


@case
def init_writes_every_setting_as_a_comment():
    desk = Instance(init=False)
    desk.run(0, "init")
    text = open(desk.path("refunddesk.conf")).read()
    for line in ("[database]", "[worker]", "# cookie_secure = true", "# write_wait_ms = 5s"):
        contains(text, line + "\n")
    assert not re.search(r"^\w+ =", text, re.M), text
    demo = Instance(init=False)
    demo.run(0, "init", "--demo")
    contains(open(demo.path("refunddesk.conf")).read(), "\ncookie_secure = false\n")
    demo.run(0, "fsck")


@case
def init_closes_a_folder_that_others_could_enter():
    desk = Instance(init=False)
    os.mkdir(desk.home)
    os.chmod(desk.home, 0o755)
    desk.run(0, "init")
    equal(desk.mode() & 0o007, 0)


@case
def a_broken_configuration_is_refused_by_line():
    desk = Instance()
    with open(desk.path("refunddesk.conf"), "a") as f:
        f.write("[web]\nportal_threads = many\n")
    contains(desk.run(1, "fsck"), "line")
    contains(desk.run(1, "init"), "portal_threads")


@case
def a_newer_schema_is_refused():
    desk = Instance()
    contains(desk.run(0, "migrate"), "nothing to do")
    desk.change("INSERT INTO schema_migrations VALUES (99, 'later', 'x', 1)")
    for command in ("migrate", "fsck", "init"):
        contains(desk.run(1, command), "newer release")


# ---- users -------------------------------------------------------------------------------------------

def add_session(desk, user):
    db = sqlite3.connect(desk.path("refunddesk.db"))
    db.execute("INSERT INTO sessions SELECT x'01', id, 'c', 1, 1, '::1' FROM users WHERE name = ?",
               (user,))
    db.commit()
    db.close()


@case
def a_user_gets_the_password_of_stdin():
    desk = Instance()
    contains(desk.run(0, "user", "add", "asha", "--role", "maker", stdin="correct horse\n"), "asha")
    ((role, hashed),) = desk.ask("SELECT role, password_hash FROM users")
    equal(role, "maker")
    assert hashed.startswith("$argon2id$"), hashed
    assert not desk.holds("correct horse")
    equal(desk.ask("SELECT right_refunds, right_orders, right_users FROM users"), [(2, 1, 0)])


@case
def bad_users_are_refused():
    desk = Instance()
    contains(desk.run(1, "user", "add", "a", "--role", "maker", stdin="short\n"), "8 to 1024")
    contains(desk.run(1, "user", "add", "a", "--role", "maker", stdin=""), "8 to 1024")
    contains(desk.run(1, "user", "add", "a", "--role", "maker", stdin="x" * 1025 + "\n"), "8 to 1024")
    contains(desk.run(1, "user", "add", "a", "--role", "king", "--generate"), "--role")
    contains(desk.run(1, "user", "add", "a", "--generate"), "--role")
    contains(desk.run(1, "user", "add", "a\x1b[2J", "--role", "maker", "--generate"), "name")
    for name in ("api", "Worker", "AUTO_REFUNDED"):
        contains(desk.run(1, "user", "add", name, "--role", "maker", "--generate"), "the desk itself")
    desk.run(0, "user", "add", "a", "--role", "viewer", stdin="x" * 1024 + "\n")
    contains(desk.run(1, "user", "add", "a", "--role", "viewer", "--generate"), "with this name")
    equal(desk.ask("SELECT count(*) FROM users"), [(1,)])


@case
def a_new_password_and_disabling_end_the_sessions():
    desk = Instance()
    desk.run(0, "user", "add", "asha", "--role", "admin", "--generate")
    for words in (["user", "password", "asha", "--generate"], ["user", "disable", "asha"]):
        before = desk.ask("SELECT password_hash, disabled FROM users")
        add_session(desk, "asha")
        desk.run(0, *words)
        equal(desk.ask("SELECT count(*) FROM sessions"), [(0,)])
        assert desk.ask("SELECT password_hash, disabled FROM users") != before
    contains(desk.run(0, "user", "list"), "disabled")
    contains(desk.run(1, "user", "disable", "nobody"), "no such user")


@case
def mails_go_where_a_user_has_an_address():
    desk = Instance()
    desk.run(0, "user", "add", "asha", "--role", "viewer", "--generate", "--email", "asha@example.com")
    desk.run(0, "user", "add", "ben", "--role", "admin", "--generate")
    equal(desk.ask("SELECT name, email FROM users ORDER BY name"), [("asha", "asha@example.com"), ("ben", None)])
    kinds = {kind for (kind,) in desk.ask("SELECT kind FROM user_mails")}
    assert "manual_review" in kinds and "approval_requested" not in kinds, kinds
    contains(desk.run(0, "user", "email", "ben", "ben@example.com"), "ben@example.com")
    desk.run(0, "user", "email", "asha", "none")
    equal(desk.ask("SELECT name, email FROM users ORDER BY name"), [("asha", None), ("ben", "ben@example.com")])
    for bad in ("ben", "ben@example.com\nBcc: x@y.zz", "Ben <ben@example.com>", ""):
        contains(desk.run(1, "user", "email", "ben", bad), "The e-mail address ")
    contains(desk.run(1, "user", "add", "eve", "--role", "viewer", "--generate", "--email", "eve"), "no @")
    contains(desk.run(1, "user", "email", "nobody", "a@b.co"), "no such user")
    equal([action for (action,) in desk.ask("SELECT action FROM audit WHERE action LIKE 'user.%' ORDER BY id")],
          ["user.added"] * 2 + ["user.mails"] * 2)


@case
def a_gateway_is_paused_and_its_readers_are_told():
    desk = Instance()
    desk.run(0, "gateway", "add", "STRIPE", "--id", "305", "--adapter", "simulator")
    desk.run(0, "user", "add", "asha", "--role", "viewer", "--generate", "--email", "asha@example.com")
    contains(desk.run(0, "gateway", "pause", "STRIPE", "maintenance at night"), "paused, its refunds wait")
    contains(desk.run(0, "gateway", "pause", "STRIPE", "once more"), "already paused")
    contains(desk.run(0, "gateway", "show", "STRIPE"), "paused        yes")
    ((kind, address, facts),) = desk.ask("SELECT kind, address, facts FROM mails")
    equal((kind, address), ("gateway_paused", "asha@example.com"))
    equal(json.loads(facts)["said"], "maintenance at night")
    contains(desk.run(0, "gateway", "resume", "STRIPE"), "not paused")
    contains(desk.run(0, "gateway", "show", "STRIPE"), "paused        no")
    for why in ("", "a\nb", "x" * 501):
        contains(desk.run(1, "gateway", "pause", "STRIPE", why), "Why it is paused")
    contains(desk.run(1, "gateway", "pause", "NOBODY", "why"), "no gateway")
    equal(desk.ask("SELECT count(*) FROM mails"), [(1,)])
    equal([action for (action,) in desk.ask("SELECT action FROM audit WHERE action LIKE 'gateway.%' ORDER BY id")],
          ["gateway.added", "gateway.paused", "gateway.resumed"])


@case
def generated_passwords_differ_and_are_long():
    desk = Instance()
    said = {desk.run(0, "user", "add", "u%d" % n, "--role", "viewer", "--generate").split()[1]
            for n in range(3)}
    equal(len(said), 3)
    for password in said:
        assert re.fullmatch(r"([a-z]{4}-){3}[a-z]{4}", password), password


def on_a_terminal(desk, *lines):
    """Exit code of `user add` and all that the terminal showed; a line for each question."""
    main, side = pty.openpty()
    with subprocess.Popen([PROGRAM, "--home", desk.home, "user", "add", "asha", "--role", "maker"],
                          stdin=side, stdout=side, stderr=side, close_fds=True) as child:
        os.close(side)
        shown, left = b"", list(lines)
        while True:
            try:
                piece = os.read(main, 4096)
            except OSError:  # Linux says so when the other side is closed
                break
            if not piece:
                break
            shown += piece
            if left and shown.endswith(b": "):
                os.write(main, left.pop(0).encode() + b"\n")
    os.close(main)
    return child.returncode, shown.decode()


@case
def a_terminal_asks_twice_without_showing():
    desk = Instance()
    code, shown = on_a_terminal(desk, "correct horse", "correct house")
    equal(code, 1, shown)
    contains(shown, "differ")
    code, shown = on_a_terminal(desk, "correct horse", "correct horse")
    equal(code, 0, shown)
    assert "horse" not in shown, shown


# ---- keys and gateways --------------------------------------------------------------------------------

@case
def an_api_key_is_shown_once_and_stored_hashed():
    desk = Instance()
    key = desk.run(0, "api-key", "add", "shop", "--scopes", "read,intake").strip()
    assert re.fullmatch(r"rdk_[A-Za-z0-9_-]{43}", key), key
    equal(desk.ask("SELECT key_hash, scopes, prefix FROM api_keys"),
          [(hashlib.sha256(key.encode()).digest(), 5, key[:12])])
    assert not desk.holds(key)
    shown = desk.run(0, "api-key", "list")
    assert key not in shown and key[:12] in shown
    desk.run(0, "api-key", "revoke", shown.split()[0])
    contains(desk.run(0, "api-key", "list"), "revoked")
    contains(desk.run(1, "api-key", "revoke", shown.split()[0]), "revoked already")
    contains(desk.run(1, "api-key", "revoke", "xyz"), "not an id")
    contains(desk.run(1, "api-key", "add", "k", "--scopes", "read,,refund"), "--scopes")
    contains(desk.run(1, "api-key", "add", "k", "--expires-days", "0"), "--expires-days")


@case
def gateway_credentials_are_sealed_at_once():
    desk = Instance()
    secret = json.dumps({"key_secret": "s3cr3t-of-the-gateway"})
    desk.run(0, "gateway", "add", "RAZORPAY", "--id", "23", "--adapter", "simulator",
             "--credentials", "-", stdin=secret)
    assert not desk.holds("s3cr3t-of-the-gateway")
    ((sealed,),) = desk.ask("SELECT credentials FROM gateways")
    equal(len(sealed), len(secret) + 48, "crypto_box_seal adds 48 bytes: ")
    for words, stdin, said in [
            (["PAYU", "--id", "12", "--credentials", "-"], "[1]", "JSON object"),
            (["PAYU", "--id", "12", "--credentials", "-"], "{", ""),
            (["PAYU", "--id", "12", "--credentials", "/nonexistent"], "", "cannot be read"),
            (["PAYU", "--id", "0"], "", "--id"), (["PAYU"], "", "--id"), (["payu", "--id", "1"], "", "capitals"),
            (["PAYU", "--id", "1", "--base-url", "http://gateway.example"], "", "https"),
            (["RAZORPAY", "--id", "23"], "", "with this name")]:
        contains(desk.run(1, "gateway", "add", *words, stdin=stdin), said)
    equal(desk.ask("SELECT count(*) FROM gateways"), [(1,)])


@case
def a_gateway_says_what_it_can_do():
    desk = Instance()
    desk.run(0, "gateway", "add", "AIRWALLEX", "--id", "330", "--adapter", "simulator", "--payout",
             "--reference-id", "bus", "--cannot-refund")
    desk.run(0, "gateway", "add", "RAZORPAY", "--id", "23", "--adapter", "simulator", "--instant")
    equal(desk.ask("SELECT name, can_refund, can_instant, can_payout, reference_id FROM gateways"
                   " ORDER BY name"),
          [("AIRWALLEX", 0, 0, 1, "bus"), ("RAZORPAY", 1, 1, 0, None)])
    listed = desk.run(0, "gateway", "list").splitlines()
    contains(listed[0], "cannot refund, payouts (bus)")
    contains(listed[1], "refunds, instant")
    assert "payouts" not in listed[1]
    contains(desk.run(0, "gateway", "show", "AIRWALLEX"), "reference id  bus")
    contains(desk.run(1, "gateway", "show", "NOBODY"), "no gateway with this name")
    for words in (["X", "--id", "1", "--reference-id", "bus"],
                  ["X", "--id", "1", "--payout", "--reference-id", ""],
                  ["X", "--id", "1", "--payout", "--reference-id", "x" * 65],
                  ["X", "--id", "1", "--payout", "--reference-id", "b\u00fcs"]):
        contains(desk.run(1, "gateway", "add", *words), "--reference-id")


@case
def hook_secrets_are_sealed_to_the_desk():
    desk = Instance()
    secret = "whsec-of-the-gateway"
    desk.run(0, "gateway", "add", "STRIPE", "--id", "305", "--hook-secret", "-",
             stdin=secret + "\n")
    desk.run(0, "gateway", "add", "RAZORPAY", "--id", "23")
    contains(desk.run(0, "gateway", "show", "STRIPE"), "hook secret   sealed")
    contains(desk.run(0, "gateway", "show", "RAZORPAY"), "hook secret   none")
    with open(desk.path("hook.txt"), "w") as file:
        file.write(secret + "-2")
    desk.run(0, "gateway", "hook-secret", "RAZORPAY", desk.path("hook.txt"))
    os.unlink(desk.path("hook.txt"))
    ((first,), (second,)) = desk.ask("SELECT hook_secret FROM gateways ORDER BY name DESC")
    equal((len(first), len(second)), (len(secret) + 48, len(secret) + 2 + 48))
    assert not desk.holds("whsec-of-the-gateway")
    desk.run(0, "gateway", "hook-secret", "RAZORPAY", "-", stdin="x" * 255)
    for stdin in ("", "\n", "short", "x" * 256, "caf\u00e9 caf\u00e9", "two lines\nof text", "a\0bcdefgh"):
        contains(desk.run(1, "gateway", "hook-secret", "RAZORPAY", "-", stdin=stdin), "")
    contains(desk.run(1, "gateway", "hook-secret", "NOBODY", "-", stdin=secret), "no gateway")
    contains(desk.run(1, "gateway", "add", "PAYU", "--id", "12", "--credentials", "-",
                      "--hook-secret", "-", stdin=secret), "Only one")
    equal([row[0] for row in desk.ask("SELECT action FROM audit ORDER BY seq")
           if row[0].startswith("gateway.")],
          ["gateway.added"] * 2 + ["gateway.hook_secret"] * 2)


@case
def several_merchants_must_be_named():
    desk = Instance()
    desk.run(0, "merchant", "add", "other", "--currency", "KWD")
    contains(desk.run(1, "user", "list"), "--merchant")
    desk.run(0, "user", "add", "a", "--role", "maker", "--generate", "--merchant", "other")
    contains(desk.run(0, "user", "list", "--merchant", "other"), "maker")
    equal(desk.run(0, "user", "list", "--merchant", "acme"), "")
    contains(desk.run(1, "merchant", "add", "acme"), "with this id")
    contains(desk.run(1, "merchant", "add", "third", "--currency", "XXQ"), "ISO 4217")


@case
def what_refundctl_does_is_in_the_audit_log():
    desk = Instance()
    desk.run(0, "user", "add", "asha", "--role", "maker", stdin="correct horse\n")
    desk.run(0, "user", "disable", "asha")
    equal(desk.ask("SELECT seq, actor, action, subject FROM audit ORDER BY seq"),
          [(1, "refundctl", "merchant.added", "acme"), (2, "refundctl", "user.added", "asha"),
           (3, "refundctl", "user.disabled", "asha")])
    contains(desk.run(0, "audit-verify"), "3 entries, whole")


# ---- checks and backup ----------------------------------------------------------------------------------

@case
def backup_is_whole_closed_and_never_overwrites():
    desk = Instance()
    copy = os.path.join(BASE, "copy.db")
    desk.run(0, "backup", copy)
    equal(stat.S_IMODE(os.stat(copy).st_mode), 0o600)
    db = sqlite3.connect(copy)
    equal(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    equal(db.execute("SELECT merchant_id FROM merchants").fetchall(), [("acme",)])
    db.close()
    contains(desk.run(1, "backup", copy), "exists already")
    desk.run(1, "backup", os.path.join(BASE, "no", "such", "folder.db"))


@case
def fsck_finds_what_is_wrong():
    good = Instance(merchant=False)
    good.run(0, "demo", "--demo-dir", os.path.join(os.environ.get("SRCDIR", "."), "db", "demo"))
    contains(good.run(0, "fsck"), "all is well")
    refund = "(SELECT min(id) FROM refunds WHERE state = 'SUCCESS')"
    split = ("(SELECT min(p.refund_row) FROM refund_parts p JOIN refunds r ON r.id = p.refund_row"
             " WHERE r.status <> 'FAILURE')")
    batch = ("INSERT INTO batches (id, merchant, file_name, reason, source, status, rows_total,"
             " created_by, created_ms, updated_ms) VALUES (1, (SELECT id FROM merchants), 'b.csv',"
             " 'CANCELLATION', 'API', 'AWAITING_CONFIRMATION', 1, 'a', 1, 1);"
             " INSERT INTO batch_rows (batch, row, line, order_id, amount, verdict, updated_ms)"
             " VALUES (1, 1, 2, 'A', '1', 'OK', 1);")
    for said, statement in [
            ("held is not the sum", "UPDATE txns SET held_minor = held_minor + 1"
             " WHERE txn_id = 'demo_merchant-ORD_90412-1'"),
            ("refunded is not the sum", "UPDATE txns SET refunded_minor = refunded_minor - 1 WHERE"
             " refunded_minor > 0"),
            ("more is held", "UPDATE txns SET held_minor = amount_minor + 1"
             " WHERE txn_id = 'demo_merchant-ORD_90412-1'"),
            ("status and state disagree", "UPDATE refunds SET status = 'PENDING' WHERE id = " + refund),
            ("sent to gateway", "UPDATE refunds SET sent = 0 WHERE id = " + refund),
            ("do not belong together", "UPDATE refunds SET currency = 'CLF' WHERE id = " + refund),
            ("of another order", "UPDATE orders SET kept_txn = (SELECT min(id) FROM txns)"
             " WHERE order_id = 'ORD_90412'"),
            ("no kept transaction", "UPDATE orders SET kept_txn = NULL WHERE order_id = 'ORD_90412'"),
            ("nothing will be done", "UPDATE refunds SET state = 'QUEUED', status = 'PENDING'"
             " WHERE id = " + refund),
            ("nothing is left to do", "INSERT INTO jobs (id, kind, merchant, subject, due_ms)"
             " VALUES (1, 'send', 1, " + refund + ", 1)"),
            ("more than its part", "UPDATE order_parties SET amount_minor = 1 WHERE order_row IN"
             " (SELECT order_row FROM refunds WHERE id = " + split + ")"),
            ("not its amount", "UPDATE refund_parts SET amount_minor = amount_minor + 1"
             " WHERE refund_row = " + split),
            ("not its amount", "DELETE FROM refund_parts WHERE refund_row = " + split),
            ("split settlement is not whole", "UPDATE orders SET is_split_settled = 0"),
            ("split settlement is not whole", "DELETE FROM order_parties"),
            ("has no payee", "DELETE FROM payouts"),
            ("a payee no payout", "UPDATE refunds SET refund_type = 'STANDARD'"),
            ("counts of the batch", batch + " UPDATE batches SET rows_total = 2"),
            ("counts of the batch", batch + " DELETE FROM batch_rows"),
            ("status and rows of the batch", batch + " UPDATE batches SET status = 'COMPLETED'"),
            ("status and rows of the batch", batch + " UPDATE batch_rows SET status = 'FAILED';"
             " UPDATE batches SET rows_done = 1, rows_failed = 1"),
            ("the row of the batch asked for", batch + " UPDATE batch_rows SET status = 'ACCEPTED',"
             " refund_row = " + refund + "; UPDATE batches SET status = 'COMPLETED', rows_done = 1,"
             " rows_accepted = 1"),
            ("auto refunded without a refund", "UPDATE txns SET told_status = 'CHARGED'"
             " WHERE txn_id = 'demo_merchant-ORD_90412-1'"),
            ("conflict and its transaction disagree",
             "INSERT INTO conflicts (txn_row, merchant, order_row, kind, state, initiated_ms,"
             " success_ms, refund_row, rounds, first_ms, updated_ms) SELECT txn_row, merchant,"
             " order_row, 'MULTIPLE_CHARGED', 'REFUNDED', 1, 1, id, 1, 1, 1 FROM refunds"
             " WHERE id = " + refund),
            ("marks are not", "UPDATE orders SET is_multiple = 1 WHERE order_id = 'ORD_90412'"),
            ("hears of nothing", "INSERT INTO endpoints (id, merchant, url, secret, state, created_by,"
             " created_ms, updated_ms) SELECT 1, id, 'https://a.example/', x'00', 'DISABLED', 'a', 1, 1"
             " FROM merchants; INSERT INTO webhooks (id, merchant, event_id, name, body, created_ms)"
             " SELECT 1, id, 'evt_1', 'n', '{}', 1 FROM merchants; INSERT INTO deliveries (id,"
             " merchant, endpoint, webhook, state, due_ms, created_ms) SELECT 1, id, 1, 1, 'WAITING',"
             " 1, 1 FROM merchants"),
            ("unknown status", "UPDATE orders SET status = 'LOST' WHERE order_id = 'ORD_90412'"),
            ("entry 7 was changed", "UPDATE audit SET detail = '{}' WHERE seq = 7"),
            ("entry 9 was changed", "DELETE FROM audit WHERE seq = 9"),
            ("was changed, removed", "UPDATE audit_heads SET seq = seq - 1")]:
        bad = Instance(init=False)
        os.mkdir(bad.home)
        good.run(0, "backup", bad.path("refunddesk.db"))
        bad.change(statement)
        contains(bad.run(1, "fsck"), said)
        if "entry" in said:
            contains(bad.run(1, "audit-verify"), said)
        shutil.rmtree(bad.home)


try:
    tally = run_cases()
finally:
    shutil.rmtree(BASE)
finish(*tally)
