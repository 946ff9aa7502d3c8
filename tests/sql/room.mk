check_PROGRAMS += tests/sql/check_sql
TESTS += tests/sql/check_sql tests/sql/t_gen.sh
tests_sql_check_sql_SOURCES = \
	tests/sql/main.c \
	tests/sql/rig.c tests/sql/rig.h \
	tests/sql/t_cursor.c \
	tests/sql/t_fault.c \
	tests/sql/t_list.c \
	tests/sql/t_migrate.c \
	tests/sql/t_process.c \
	tests/sql/t_sql.c \
	tests/sql/t_writer.c
nodist_tests_sql_check_sql_SOURCES = \
	tests/sql/fixture_migrations.c \
	tests/sql/fixture_queries.c tests/sql/fixture_queries.h
tests_sql_check_sql_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/tests
tests_sql_check_sql_LDADD = $(T_SUPPORT) libsql.a libcore.a $(SQL_LIBS) $(CORE_LIBS) $(CHECK_LIBS)

SQL_FIXTURE = -v prefix=FX_ -v catalog=fixture -v header=sql/fixture_queries.h
SQL_FIXTURE_QUERIES = $(srcdir)/tests/sql/fixture/queries.sql
SQL_FIXTURE_MIGRATIONS = $(sort $(wildcard $(srcdir)/tests/sql/fixture/0*.sql))

tests/sql/fixture_queries.h: $(SQL_FIXTURE_QUERIES) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) tests/sql && $(SQL_GEN_QUERIES) -v mode=h $(SQL_FIXTURE) \
	    $(SQL_FIXTURE_QUERIES) > $@.tmp && mv $@.tmp $@
tests/sql/fixture_queries.c: $(SQL_FIXTURE_QUERIES) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) tests/sql && $(SQL_GEN_QUERIES) -v mode=c $(SQL_FIXTURE) \
	    $(SQL_FIXTURE_QUERIES) > $@.tmp && mv $@.tmp $@
tests/sql/fixture_migrations.c: $(SQL_FIXTURE_MIGRATIONS) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) tests/sql && $(SQL_GEN_MIGRATIONS) $(SQL_FIXTURE) \
	    $(SQL_FIXTURE_MIGRATIONS) > $@.tmp && mv $@.tmp $@

$(tests_sql_check_sql_OBJECTS): tests/sql/fixture_queries.h
BUILT_SOURCES += tests/sql/fixture_queries.h
CLEANFILES += tests/sql/fixture_queries.h tests/sql/fixture_queries.c \
	tests/sql/fixture_migrations.c
EXTRA_DIST += tests/sql/t_gen.sh $(SQL_FIXTURE_QUERIES) $(SQL_FIXTURE_MIGRATIONS)
