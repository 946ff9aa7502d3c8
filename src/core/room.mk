noinst_LIBRARIES += libcore.a
libcore_a_SOURCES = \
	src/core/app.c src/core/app.h \
	src/core/arena.c src/core/arena.h \
	src/core/clock.c src/core/clock.h \
	src/core/config.c src/core/config.h \
	src/core/config_table.c src/core/config_table.h \
	src/core/digest.c src/core/digest.h \
	src/core/err.c src/core/err.h \
	src/core/id.c src/core/id.h \
	src/core/json.c src/core/json.h src/core/json_read.c \
	src/core/limits.h \
	src/core/log.c src/core/log.h \
	src/core/money.c src/core/money.h \
	src/core/secret.c src/core/secret.h \
	src/core/str.c src/core/str.h
