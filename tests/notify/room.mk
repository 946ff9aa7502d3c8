# tests of src/notify
check_PROGRAMS += tests/notify/check_notify
TESTS += tests/notify/check_notify
tests_notify_check_notify_SOURCES = tests/notify/main.c \
	tests/notify/t_mail_encode.c \
	tests/notify/t_mail_send.c \
	tests/notify/t_mail_text.c \
	tests/notify/t_mail_words.c \
	tests/notify/t_webhook.c
tests_notify_check_notify_CPPFLAGS = $(AM_CPPFLAGS) \
	-DTEMPLATES_DIR='"$(abs_top_srcdir)/templates"'
tests_notify_check_notify_LDADD = $(T_SUPPORT) libnotify.a librefund.a libview.a libstore.a \
	libsql.a libcore.a $(VIEW_LIBS) $(CSV_LIBS) $(SQL_LIBS) $(GATEWAY_LIBS) $(CORE_LIBS) $(CHECK_LIBS)
# A worker, and a mail server of Debian's python3-aiosmtpd.
SYSTEM_TESTS += tests/notify/check_mails.py tests/notify/check_hostile_mails.py
