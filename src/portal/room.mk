noinst_LIBRARIES += libportal.a
libportal_a_SOURCES = src/portal/page_login.c src/portal/page_order.c src/portal/page_orders.c \
	src/portal/page_refund.c src/portal/page_refund_create.c src/portal/page_refunds.c \
	src/portal/paging.c src/portal/paging.h src/portal/portal.h src/portal/refund_form.c \
	src/portal/refund_form.h src/portal/routes.c src/portal/rows.c src/portal/rows.h \
	src/portal/shell.c src/portal/shell.h src/portal/timeline.c src/portal/timeline.h
