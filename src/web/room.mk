noinst_LIBRARIES += libweb.a
libweb_a_SOURCES = \
	src/web/auth_key.c src/web/auth_key.h \
	src/web/cookie.c src/web/cookie.h \
	src/web/csrf.c src/web/csrf.h \
	src/web/fcgi.c src/web/fcgi.h \
	src/web/fcgi_request.c src/web/fcgi_request.h \
	src/web/form.c src/web/form.h \
	src/web/match.c src/web/match.h \
	src/web/multipart.c src/web/multipart.h \
	src/web/openapi.h \
	src/web/percent.c src/web/percent.h \
	src/web/rate.c src/web/rate.h \
	src/web/reply.c \
	src/web/request.c src/web/request.h \
	src/web/route.c src/web/route.h \
	src/web/session.c src/web/session.h \
	src/web/slow.c src/web/slow.h \
	src/web/upload.c src/web/upload.h
nodist_libweb_a_SOURCES = src/web/openapi.c

# The document is part of both programs: the API serves it, the portal makes its API page from it.
OPENAPI = $(srcdir)/src/api/openapi.json
src/web/openapi.c: $(OPENAPI) src/web/room.mk
	$(AM_V_GEN)$(MKDIR_P) src/web && { echo '#include "web/openapi.h"'; \
	    echo 'const char openapi_text[] = {'; \
	    od -An -v -tu1 $(OPENAPI) | sed 's/[0-9][0-9]*/&,/g'; echo '0};'; \
	    echo 'const size_t openapi_bytes = sizeof openapi_text - 1;'; } >$@.tmp && mv $@.tmp $@
EXTRA_DIST += src/api/openapi.json
CLEANFILES += src/web/openapi.c
