# tests of src/web
check_PROGRAMS += tests/web/check_web
TESTS += tests/web/check_web
tests_web_check_web_SOURCES = tests/web/main.c tests/web/suites.h \
	tests/web/double.c tests/web/double.h tests/web/faces.c tests/web/faces.h tests/web/fcgi_peer.c tests/web/fcgi_peer.h \
	tests/web/t_auth_key.c tests/web/t_fcgi.c tests/web/t_form.c tests/web/login_rig.c tests/web/login_rig.h tests/web/t_guard.c tests/web/t_login.c tests/web/t_rate.c tests/web/t_multipart.c \
	tests/web/t_request.c \
	tests/web/t_route.c tests/web/t_session.c
tests_web_check_web_LDADD = $(T_SUPPORT) libweb.a libview.a libstore.a libsql.a libcore.a \
	$(WEB_LIBS) $(VIEW_LIBS) $(SQL_LIBS) $(CORE_LIBS) $(CHECK_LIBS)
