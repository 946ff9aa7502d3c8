#!/usr/bin/env python3
"""The downloads of a batch as a spreadsheet opens them: LibreOffice, headless, makes no cell of
them a formula, and numbers are numbers. Skipped where soffice is not installed."""
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

sys.dont_write_bytecode = True

from cases import case, contains, equal, finish, run_cases, wait_until
from clients import Portal
from desk import Desk

CONVERT_S = 120
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_REPEATED = 100  # cells; more is the empty rest of a row

# What a spreadsheet would run, in each column that a file may fill.
TRAPS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "=HYPERLINK(\"http://x\")", "'=1+1", "%=1", "a\r=1")
COLUMNS = "order_id,amount,unique_id," + ",".join("udf%d" % i for i in range(1, 10))


class Cell:
    def __init__(self, node):
        self.formula = node.get(TABLE + "formula")
        self.kind = node.get(OFFICE + "value-type")
        self.value = node.get(OFFICE + "value")
        self.text = "\n".join("".join(p.itertext()) for p in node.iter(TEXT + "p"))


def opened(csv):
    """Rows of cells, as LibreOffice reads these bytes."""
    folder = tempfile.mkdtemp(prefix="refunddesk-sheet-")
    try:
        path = os.path.join(folder, "in.csv")
        with open(path, "wb") as f:
            f.write(csv)
        done = subprocess.run(
            ["soffice", "-env:UserInstallation=file://%s/profile" % folder, "--headless",
             "--convert-to", "fods", "--outdir", folder, path],
            env=dict(os.environ, HOME=folder), capture_output=True, timeout=CONVERT_S)
        equal(done.returncode, 0, done.stderr)
        root = ET.parse(os.path.join(folder, "in.fods"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = []
    for row in root.iter(TABLE + "table-row"):
        cells = []
        for node in row.iter(TABLE + "table-cell"):
            repeated = int(node.get(TABLE + "number-columns-repeated", "1"))
            cells += [Cell(node)] * min(repeated, MOST_REPEATED)
        rows.append(cells)
    return rows


def quoted(text):
    return '"%s"' % text.replace('"', '""')


def download(desk, batch, which):
    admin = [u["password"] for u in desk.credentials["users"] if u["name"] == "admin"]
    portal = Portal(desk.portal_port).login("admin", admin[0])
    answer = portal.call("GET", "/batch/batch-refunds/%s/download/%s" % (batch, which))
    equal(answer.status, 200, answer)
    return answer.body


def run_batch(desk):
    """One row accepted, one whose refund fails, two refused; traps wherever text may stand."""
    orders = [desk.charged_order("2000") for _ in range(3)]
    failing = desk.name("refused")
    desk.simgate.fault("refuse", match={"unique_request_id": failing, "operation": "refund"})
    udf = ",".join(map(quoted, TRAPS))
    text = COLUMNS + "\n" + "".join(line + "," + udf + "\n" for line in (
        "%s,1234.50,=ok-1" % orders[0], "%s,7,%s" % (orders[1], failing),
        "=1+1,100,@none", "%s,=2*3," % orders[2]))
    answer = desk.api.call("POST", "/batch-refunds", js=text.encode(),
                           headers={"Content-Type": "text/csv"})
    equal((answer.status, answer.json["rows"]["good"]), (200, 2), answer)
    path = "/batch-refunds/" + answer.json["id"]
    equal(desk.api.call("POST", path + "/confirm",
                        js={"run_mode": "GOOD_ROWS", "totals": {"INR": "1241.50"}}).status, 200)
    wait_until("the batch to run", lambda: desk.api.call(
        "GET", path).json["status"] == "PARTIALLY_COMPLETED")
    equal(desk.ended(failing)["status"], "FAILURE")
    equal(desk.ended("=ok-1")["status"], "SUCCESS")
    return answer.json["id"], orders


@case
def a_formula_is_seen_as_one(desk):
    """What the others prove would be nothing if no formula were ever found."""
    rows = opened(b'a,b\n=1+1,1.5\n')
    equal((rows[1][0].formula is not None, rows[1][1].kind, rows[1][1].value), (True, "float", "1.5"))


@case
def no_cell_of_a_download_is_a_formula_and_numbers_are_numbers(desk):
    batch, orders = run_batch(desk)
    sheets = {which: opened(download(desk, batch, which))
              for which in ("data", "failed", "refund-failed")}
    for which, rows in sheets.items():
        formulas = [(which, c.formula, c.text) for row in rows for c in row if c.formula]
        equal(formulas, [])
    data = sheets["data"]
    equal([c.text for c in data[0][:3]], ["S.No", "Order/Transaction Id", "Amount"])
    equal([(c.kind, c.value) for c in [row[0] for row in data[1:5]]],
          [("float", "%d" % n) for n in (1, 2, 3, 4)])
    equal([(row[2].kind, row[2].value) for row in data[1:4]],
          [("float", "1234.5"), ("float", "7"), ("float", "100")])
    equal((data[4][2].kind, data[4][2].text.lstrip("'")), ("string", "=2*3"))
    equal(data[1][1].text, orders[0])
    failed = sheets["failed"]
    equal([row[0].text.lstrip("'") for row in failed[1:3]], ["=1+1", orders[2]])
    equal((failed[1][1].kind, failed[1][1].value), ("float", "100"))
    equal((sheets["refund-failed"][1][1].kind, sheets["refund-failed"][1][1].value), ("float", "7"))
    for row in (data[1], failed[1]):
        contains("\n".join(c.text for c in row), "=HYPERLINK")


def main():
    if shutil.which("soffice") is None:
        print("skipped: soffice is not installed (libreoffice-calc-nogui)")
        finish(0, 0)
    with Desk() as desk:
        total, failed = run_cases(desk, after_each=desk.fsck,
                                  on_failure=lambda: print(desk.log_tail()))
    finish(total, failed)


main()
