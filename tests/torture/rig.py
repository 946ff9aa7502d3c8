"""A desk whose worker is in the test's own hands."""
import json
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

from cases import build_folder, equal, in_parallel, wait_until
from desk import STOP_S, Desk

SHARED = ("refunddesk-api", "refunddesk-portal", "refunddesk-simgate", "refundctl", "lighttpd",
          "static")
CRASH_WORKER = "tests/torture/refunddesk-worker-crash"
TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "templates")


class WorkerDesk(Desk):
    """The supervisor runs a stand-in for the worker that does nothing; `start_worker` and its
    siblings run the real one, or one that kills itself at a crash point."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.build = self.programs
        self.programs = os.path.join(os.path.dirname(self.home), "programs")
        self.worker = None
        os.mkdir(self.programs)
        for name in SHARED:
            os.symlink(os.path.join(self.build, name), os.path.join(self.programs, name))
        # A copy: the supervisor looks for the others beside itself.
        shutil.copy(os.path.join(self.build, "run-instance"), self.programs)
        stand_in = os.path.join(self.programs, "refunddesk-worker")
        with open(stand_in, "w") as f:
            f.write("#!/bin/sh\nexec sleep infinity\n")
        os.chmod(stand_in, 0o700)

    def start_worker(self, crash=None):
        program = os.path.join(self.build, CRASH_WORKER if crash else "refunddesk-worker")
        environment = dict(self.environment(self.ports), REFUNDDESK_CRASH=crash or "",
                           REFUNDDESK_WEB_TEMPLATES_DIR=TEMPLATES,
                           REFUNDDESK_SIMULATOR_URL="http://127.0.0.1:%d" % self.simgate_port)
        with open(self.log_path, "ab") as log:
            self.worker = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", program, "--home", self.home], env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop_worker(self):
        """As a service manager would; it finishes what is in flight."""
        worker, self.worker = self.worker, None
        worker.send_signal(signal.SIGTERM)
        equal(worker.wait(STOP_S), 0, "the worker's exit status")

    def kill_worker(self):
        worker, self.worker = self.worker, None
        worker.kill()
        worker.wait()

    def crash_worker(self, point):
        """Runs the worker until it has killed itself there."""
        self.start_worker(crash=point)
        worker, self.worker = self.worker, None
        try:
            equal(worker.wait(STOP_S), -signal.SIGKILL, "the end of the worker at " + point)
        finally:
            worker.kill()

    def stop(self, *arguments):
        if self.worker:
            self.stop_worker()
        super().stop(*arguments)

    def kill_all(self):
        if self.worker:
            self.kill_worker()
        super().kill_all()

    # ---- work ------------------------------------------------------------------------------------

    def charged_orders(self, n, amount="400", **fields):
        """Paid, with the ordinary worker at work; n ids."""
        return in_parallel(n, lambda i: self.charged_order(amount, **fields))

    def queue_refunds(self, order, n, kind="u", ways=("STANDARD",)):
        """n refunds of one order, of different amounts, by those ways in turn; their request
        ids."""
        requests = [self.name(kind) for _ in range(n)]
        for i, request in enumerate(requests):
            answer = self.api.send_back(ways[i % len(ways)], order, request, "%d.%02d" % (i + 1, i))
            equal(answer.status, 200, answer)
        return requests

    def refunds(self, requests):
        """{unique_request_id: row} of those that are stored."""
        return {r["unique_request_id"]: r for r in self.select(
            "SELECT * FROM refunds WHERE unique_request_id IN (SELECT value FROM json_each(?))",
            json.dumps(requests))}

    def statuses(self, requests):
        return {request: r["status"] for request, r in self.refunds(requests).items()}

    def check_done_once(self, requests):
        """All there, all SUCCESS, each once in the ledger with its amount."""
        wait_until(lambda: "all to end: %r" % self.statuses(requests),
                   lambda: "PENDING" not in self.statuses(requests).values())
        refunds = self.refunds(requests)
        equal({request: r["status"] for request, r in refunds.items()},
              {request: "SUCCESS" for request in requests})
        rows = self.select(
            "SELECT * FROM refunds WHERE unique_request_id IN (SELECT value FROM json_each(?))",
            json.dumps(requests), database="simgate.db")
        equal(sorted(r["unique_request_id"] for r in rows), sorted(requests))
        for row in rows:
            refund = refunds[row["unique_request_id"]]
            equal((row["outcome"], row["amount_minor"], row["refund_id"]),
                  ("SUCCEEDED", refund["amount_minor"], refund["gateway_ref"]), refund)
