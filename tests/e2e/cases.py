"""Named cases and waiting that depends on no luck."""
import os
import sys
import threading
import time
import traceback

sys.dont_write_bytecode = True  # the source folder may be read-only

PATIENCE_S = 30
CASES = []


def case(function):
    CASES.append(function)
    return function


def wait_until(what, condition, bound_s=PATIENCE_S):
    """Returns the first true value of condition(); says what did not happen, and how it stood."""
    end = time.monotonic() + bound_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("not within %g s: %s" % (bound_s, what() if callable(what) else what))
        time.sleep(0.02)


def equal(got, wanted, what=""):
    assert got == wanted, "%s%r, expected %r" % (what and "%s: " % what, got, wanted)


def contains(whole, part, what=""):
    assert part in whole, "%s%r has no %r" % (what and what + ": ", whole, part)


def in_parallel(n, function):
    """[function(0), …, function(n - 1)], all let go at the same moment; raises what one raised."""
    results, errors = [None] * n, []
    barrier = threading.Barrier(n)

    def run(i):
        try:
            barrier.wait()
            results[i] = function(i)
        except Exception as error:  # told to the caller below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def run_cases(*arguments, after_each=None, on_failure=None):
    """Runs all cases (or those named on the command line); exits with their tally.

    `after_each` is part of the case: what it raises fails it."""
    wanted = [a for a in sys.argv[1:] if not a.startswith("-")]
    chosen = [c for c in CASES if not wanted or c.__name__ in wanted]
    failed = 0
    for function in chosen:
        began = time.monotonic()
        word = "ok"
        try:
            function(*arguments)
            if after_each:
                after_each()
        except Exception:  # every case is told of, none stops the others
            failed += 1
            word = "FAILED"
            traceback.print_exc(file=sys.stdout)
            if on_failure:
                on_failure()
        print("%s %s, %.1f s" % (word, function.__name__, time.monotonic() - began), flush=True)
    return len(chosen), failed


def finish(total, failed):
    print("%d passed, %d failed" % (total - failed, failed), flush=True)
    sys.exit(1 if failed else 0)


def build_folder():
    """Where the programs are: $BUILDDIR, else where `make check` runs its tests."""
    return os.path.abspath(os.environ.get("BUILDDIR", "."))
