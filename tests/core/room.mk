check_PROGRAMS += tests/core/check_core
TESTS += tests/core/check_core
tests_core_check_core_SOURCES = \
	tests/core/main.c \
	tests/core/t_app.c \
	tests/core/t_arena.c \
	tests/core/t_clock.c \
	tests/core/t_config.c \
	tests/core/t_digest.c \
	tests/core/t_err.c \
	tests/core/t_id.c \
	tests/core/t_json.c \
	tests/core/t_json_limits.c \
	tests/core/t_log.c \
	tests/core/t_money.c \
	tests/core/t_secret.c \
	tests/core/t_str.c
tests_core_check_core_LDADD = $(T_SUPPORT) libcore.a $(CORE_LIBS) $(CHECK_LIBS)
