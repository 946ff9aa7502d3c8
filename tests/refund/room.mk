# tests of src/refund
check_PROGRAMS += tests/refund/check_refund
TESTS += tests/refund/check_refund
SHOP_SOURCES = tests/refund/shop.c tests/refund/shop.h tests/refund/readers.c tests/refund/readers.h \
	tests/store/desk.c tests/store/desk.h
tests_refund_check_refund_SOURCES = tests/refund/main.c $(SHOP_SOURCES) tests/refund/told.c tests/refund/told.h \
	tests/refund/charges.c tests/refund/charges.h tests/refund/filed.c tests/refund/filed.h \
	tests/refund/t_announce.c \
	tests/refund/t_apply.c \
	tests/refund/t_approve.c \
	tests/refund/t_autorefund.c \
	tests/refund/t_autorefund_later.c \
	tests/refund/t_autorefund_order.c \
	tests/refund/t_batch.c tests/refund/t_batch_again.c \
	tests/refund/t_batch_csv.c tests/refund/t_batch_sync.c \
	tests/refund/t_batch_files.c \
	tests/refund/t_cause.c \
	tests/refund/t_conflict_form.c tests/refund/t_conflict_would.c \
	tests/refund/t_endpoint.c \
	tests/refund/t_intake.c \
	tests/refund/t_machine.c \
	tests/refund/t_mask.c \
	tests/refund/t_news_order.c \
	tests/refund/t_occasion.c tests/refund/t_occasion_mail.c \
	tests/refund/t_order_body.c \
	tests/refund/t_order_news.c \
	tests/refund/t_payout.c \
	tests/refund/t_settings.c \
	tests/refund/t_split.c \
	tests/refund/t_split_random.c \
	tests/refund/t_split_terms.c \
	tests/refund/t_sync.c \
	tests/refund/t_terms.c \
	tests/refund/t_validate.c
tests_refund_check_refund_LDADD = $(T_SUPPORT) librefund.a libstore.a libsql.a libcore.a \
	$(CSV_LIBS) $(SQL_LIBS) $(CORE_LIBS) $(CHECK_LIBS)
