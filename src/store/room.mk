noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/actor.h \
	src/store/api_keys.c src/store/api_keys.h \
	src/store/audit.c src/store/audit.h \
	src/store/batch_list.c src/store/batch_list.h \
	src/store/batch_rows.c \
	src/store/batches.c src/store/batches.h \
	src/store/conflicts.c src/store/conflicts.h \
	src/store/endpoints.c \
	src/store/events.c src/store/events.h \
	src/store/find.c src/store/find.h \
	src/store/gateways.c src/store/gateways.h \
	src/store/imports.c src/store/imports.h \
	src/store/idempotency.c src/store/idempotency.h \
	src/store/jobs.c src/store/jobs.h \
	src/store/listing.c src/store/listing.h \
	src/store/mails.c src/store/mails.h \
	src/store/news.c src/store/news.h \
	src/store/merchants.c src/store/merchants.h \
	src/store/order_list.c src/store/order_list.h \
	src/store/orders.c src/store/orders.h \
	src/store/payouts.c src/store/payouts.h \
	src/store/refund_list.c src/store/refund_list.h \
	src/store/refunds.c src/store/refunds.h \
	src/store/split.c src/store/split.h \
	src/store/txns.c src/store/txns.h \
	src/store/users.c src/store/users.h \
	src/store/webhooks.c src/store/webhooks.h \
	src/store/would.c src/store/would.h
