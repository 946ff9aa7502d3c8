noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/actor.h \
	src/store/api_keys.h \
	src/store/audit.c src/store/audit.h \
	src/store/gateways.c src/store/gateways.h \
	src/store/jobs.h \
	src/store/merchants.c src/store/merchants.h \
	src/store/orders.h \
	src/store/refunds.h \
	src/store/users.h
