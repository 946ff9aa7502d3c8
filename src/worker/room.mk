WORKER_SOURCES = \
	src/worker/account.c \
	src/worker/age.c \
	src/worker/batch_runner.c src/worker/batch_runner.h \
	src/worker/crash.h \
	src/worker/hook_open.c src/worker/hook_open.h \
	src/worker/hook_runner.c src/worker/hook_runner.h \
	src/worker/hook_turn.c src/worker/hook_turn.h \
	src/worker/job_charge.c \
	src/worker/job_inquire.c \
	src/worker/job_news.c \
	src/worker/job_send.c \
	src/worker/news_hook.c src/worker/news_hook.h \
	src/worker/loop.c \
	src/worker/mail_pace.c src/worker/mail_pace.h \
	src/worker/mail_runner.c src/worker/mail_runner.h \
	src/worker/operation.c src/worker/operation.h \
	src/worker/outcome.c src/worker/outcome.h \
	src/worker/payee.c src/worker/payee.h \
	src/worker/share.c src/worker/share.h \
	src/worker/thread.c src/worker/thread.h \
	src/worker/turn.c \
	src/worker/wake.c \
	src/worker/worker.h

noinst_LIBRARIES += libworker.a
libworker_a_SOURCES = $(WORKER_SOURCES)
