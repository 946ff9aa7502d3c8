check_PROGRAMS += tests/view/check_view
TESTS += tests/view/check_view
tests_view_check_view_SOURCES = tests/view/main.c tests/view/t_csv.c \
	tests/view/t_day.c tests/view/t_format.c tests/view/t_template.c
tests_view_check_view_LDADD = $(T_SUPPORT) libview.a libcore.a $(VIEW_LIBS) $(CORE_LIBS) $(CHECK_LIBS)
