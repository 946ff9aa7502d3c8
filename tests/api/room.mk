# tests of src/api
check_PROGRAMS += tests/api/check_api
TESTS += tests/api/check_api tests/api/check_openapi.py
tests_api_check_api_SOURCES = tests/api/main.c tests/api/rig.c tests/api/rig.h \
	tests/web/double.c tests/web/double.h $(SHOP_SOURCES) \
	tests/api/t_beneficiaries.c \
	tests/api/t_conformance.c \
	tests/api/t_errors.c \
	tests/api/t_faces.c \
	tests/api/t_hooks.c \
	tests/api/t_lists.c \
	tests/api/t_once.c \
	tests/api/t_openapi.c \
	tests/api/t_order_fields.c \
	tests/api/t_order_update.c \
	tests/api/t_orders.c \
	tests/api/t_payout_refunds.c \
	tests/api/t_refund_actions.c \
	tests/api/t_refunds.c \
	tests/api/t_routes.c
tests_api_check_api_LDADD = $(T_SUPPORT) libapi.a libgateway.a libweb.a libview.a librefund.a libstore.a \
	libsql.a libcore.a $(WEB_LIBS) $(VIEW_LIBS) $(CSV_LIBS) $(SQL_LIBS) $(CORE_LIBS) $(CHECK_LIBS)
