# Kills: a worker that ends itself at a point of its code, and kill -9 of all programs under load
check_PROGRAMS += tests/torture/refunddesk-worker-crash
tests_torture_refunddesk_worker_crash_SOURCES = $(refunddesk_worker_SOURCES) $(WORKER_SOURCES)
tests_torture_refunddesk_worker_crash_CPPFLAGS = $(AM_CPPFLAGS) -DREFUNDDESK_CRASH_POINTS
tests_torture_refunddesk_worker_crash_LDADD = $(WORKER_LIBS)
SYSTEM_TESTS += \
	tests/torture/check_autorefund.py \
	tests/torture/check_batches.py \
	tests/torture/check_crashes.py \
	tests/torture/check_hooks.py \
	tests/torture/check_kills.py \
	tests/torture/check_lanes.py \
	tests/torture/check_webhooks.py
