# tests of src/portal
check_PROGRAMS += tests/portal/check_portal
TESTS += tests/portal/check_portal
tests_portal_check_portal_SOURCES = tests/portal/main.c tests/portal/rig.c tests/portal/rig.h \
	tests/portal/t_access.c tests/portal/t_api_docs.c tests/portal/t_api_keys.c tests/portal/t_batch.c tests/portal/t_create.c tests/portal/t_export.c tests/portal/t_lists.c tests/portal/t_order_conflicts.c tests/portal/t_order_page.c tests/portal/t_pages.c tests/portal/t_payout.c tests/portal/t_profile.c tests/portal/t_refund_page.c tests/portal/t_settings.c tests/portal/t_settings_conflict.c tests/portal/t_split.c tests/portal/endpoints.c tests/portal/endpoints.h tests/portal/t_webhook_log.c tests/portal/t_webhooks.c \
	tests/store/desk.c tests/store/desk.h tests/store/made.c tests/store/made.h
tests_portal_check_portal_CPPFLAGS = $(AM_CPPFLAGS) \
	-DTEMPLATES_DIR='"$(abs_top_srcdir)/templates"'
tests_portal_check_portal_LDADD = $(T_SUPPORT) libportal.a libweb.a librefund.a libview.a \
	libstore.a libsql.a libcore.a $(WEB_LIBS) $(VIEW_LIBS) $(CSV_LIBS) $(SQL_LIBS) $(CORE_LIBS) $(CHECK_LIBS)
