# Manual pages, written by hand; tests/tidy/man.py compares them with the programs.
dist_man_MANS = man/refundctl.1 man/refunddesk.conf.5 man/refunddesk-api.8 \
	man/refunddesk-portal.8 man/refunddesk-simgate.8 man/refunddesk-worker.8
