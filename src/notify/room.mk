noinst_LIBRARIES += libnotify.a
libnotify_a_SOURCES = \
	src/notify/mail_encode.c src/notify/mail_encode.h \
	src/notify/mail_facts.c \
	src/notify/mail_file.c src/notify/mail_file.h \
	src/notify/mail_send.c src/notify/mail_send.h \
	src/notify/mail_text.c src/notify/mail_text.h \
	src/notify/webhook.c src/notify/webhook.h
