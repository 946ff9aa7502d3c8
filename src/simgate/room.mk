noinst_LIBRARIES += libsimgate.a
libsimgate_a_SOURCES = \
	src/simgate/answer.c src/simgate/answer.h \
	src/simgate/control.c \
	src/simgate/faults.c src/simgate/faults.h \
	src/simgate/ledger.c src/simgate/ledger.h \
	src/simgate/payments.c \
	src/simgate/refunds.c \
	src/simgate/routes.c src/simgate/routes.h \
	src/simgate/simgate.c src/simgate/simgate.h

bin_PROGRAMS += refunddesk-simgate
refunddesk_simgate_SOURCES = src/bin/simgate.c
refunddesk_simgate_LDADD = libsimgate.a libsql.a libcore.a $(SIMGATE_LIBS) $(SQL_LIBS) $(CORE_LIBS)
