# tests of src/worker
check_PROGRAMS += tests/worker/check_worker
TESTS += tests/worker/check_worker
tests_worker_check_worker_SOURCES = tests/worker/main.c $(SHOP_SOURCES) \
	tests/worker/rig.c tests/worker/rig.h \
	tests/worker/t_age.c \
	tests/worker/t_hook_turn.c \
	tests/worker/t_lanes.c \
	tests/worker/t_mail_pace.c \
	tests/worker/t_news.c \
	tests/worker/t_operation.c \
	tests/worker/t_outcome.c \
	tests/worker/t_payee.c \
	tests/worker/t_payout.c \
	tests/worker/t_share.c \
	tests/worker/t_sync.c \
	tests/worker/t_thread.c \
	tests/worker/t_turn.c
tests_worker_check_worker_LDADD = $(T_SUPPORT) $(WORKER_LIBS) $(CHECK_LIBS)
