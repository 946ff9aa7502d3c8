# tests of src/store
check_PROGRAMS += tests/store/check_store tests/store/print_moves
TESTS += tests/store/check_store tests/store/t_schema.py
tests_store_check_store_SOURCES = tests/store/main.c \
	tests/store/desk.c tests/store/desk.h \
	tests/store/made.c tests/store/made.h \
	tests/store/t_audit.c \
	tests/store/t_conflicts.c \
	tests/store/made_batch.c tests/store/made_batch.h \
	tests/store/t_batch_rows.c \
	tests/store/t_batches.c \
	tests/store/t_find.c \
	tests/store/t_gateways.c \
	tests/store/t_idempotency.c \
	tests/store/t_imports.c \
	tests/store/t_mails.c \
	tests/store/t_merchants.c \
	tests/store/t_order_list.c \
	tests/store/t_payouts.c \
	tests/store/t_refund_list.c \
	tests/store/t_split.c \
	tests/store/t_webhooks.c
tests_store_check_store_LDADD = $(T_SUPPORT) libstore.a libsql.a libcore.a $(SQL_LIBS) $(CORE_LIBS) \
	$(CHECK_LIBS)
tests_store_print_moves_SOURCES = tests/store/print_moves.c
tests_store_print_moves_LDADD = librefund.a libcore.a $(CORE_LIBS)
