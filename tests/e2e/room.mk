# End to end: a whole desk by its own supervisor, real lighttpd, real HTTP
SYSTEM_TESTS += \
	tests/e2e/check_run.py \
	tests/e2e/check_api.py \
	tests/e2e/check_batches.py \
	tests/e2e/check_clients.py \
	tests/e2e/check_conformance.py \
	tests/e2e/check_edge.py \
	tests/e2e/check_hostile.py \
	tests/e2e/check_faults.py \
	tests/e2e/check_orders_api.py \
	tests/e2e/check_payouts.py \
	tests/e2e/check_sheet.py \
	tests/e2e/check_sync.py \
	tests/e2e/check_webhooks.py
