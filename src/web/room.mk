noinst_LIBRARIES += libweb.a
libweb_a_SOURCES = \
	src/web/auth_key.c src/web/auth_key.h \
	src/web/cookie.c src/web/cookie.h \
	src/web/csrf.c src/web/csrf.h \
	src/web/fcgi.c src/web/fcgi.h \
	src/web/fcgi_request.c src/web/fcgi_request.h \
	src/web/form.c src/web/form.h \
	src/web/match.c src/web/match.h \
	src/web/percent.c src/web/percent.h \
	src/web/reply.c \
	src/web/request.c src/web/request.h \
	src/web/route.c src/web/route.h \
	src/web/session.c src/web/session.h \
	src/web/slow.c src/web/slow.h
