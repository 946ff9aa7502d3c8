noinst_LIBRARIES += libsql.a
libsql_a_SOURCES = \
	src/sql/cursor.c \
	src/sql/list.c \
	src/sql/lock.c \
	src/sql/migrate.c \
	src/sql/ops.h \
	src/sql/private.h \
	src/sql/queue.c src/sql/queue.h \
	src/sql/sql.c src/sql/sql.h \
	src/sql/sql_fault.c \
	src/sql/sql_sqlite.c \
	src/sql/sql_writer.c
nodist_libsql_a_SOURCES = src/sql/queries.c src/sql/queries.h src/sql/migrations.c

# Another catalog (the simulator's, the tests') uses the same two scripts with its own prefix.
SQL_GEN_QUERIES = LC_ALL=C $(AWK) -f $(srcdir)/src/sql/gen_queries.awk
SQL_GEN_MIGRATIONS = LC_ALL=C $(AWK) -f $(srcdir)/src/sql/gen_migrations.awk
SQL_GENERATORS = $(srcdir)/src/sql/gen_queries.awk $(srcdir)/src/sql/gen_migrations.awk

SQL_DESK = -v prefix=SQL_ -v catalog=desk -v header=sql/queries.h
SQL_DESK_QUERIES = $(sort $(wildcard $(srcdir)/db/queries/*.sql))
SQL_DESK_MIGRATIONS = $(sort $(wildcard $(srcdir)/db/migrations/*.sql))

src/sql/queries.h: $(SQL_DESK_QUERIES) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) src/sql && $(SQL_GEN_QUERIES) -v mode=h $(SQL_DESK) \
	    /dev/null $(SQL_DESK_QUERIES) > $@.tmp && mv $@.tmp $@
src/sql/queries.c: $(SQL_DESK_QUERIES) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) src/sql && $(SQL_GEN_QUERIES) -v mode=c $(SQL_DESK) \
	    /dev/null $(SQL_DESK_QUERIES) > $@.tmp && mv $@.tmp $@
src/sql/migrations.c: $(SQL_DESK_MIGRATIONS) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) src/sql && $(SQL_GEN_MIGRATIONS) $(SQL_DESK) \
	    $(SQL_DESK_MIGRATIONS) > $@.tmp && mv $@.tmp $@

$(libsql_a_OBJECTS): src/sql/queries.h
BUILT_SOURCES += src/sql/queries.h
CLEANFILES += src/sql/queries.h src/sql/queries.c src/sql/migrations.c
EXTRA_DIST += src/sql/gen_queries.awk src/sql/gen_migrations.awk \
	$(SQL_DESK_QUERIES) $(SQL_DESK_MIGRATIONS)
