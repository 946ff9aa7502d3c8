# The statements and migrations as C (formats: src/sql/sql.h).
DESK_QUERIES = $(sort $(wildcard $(srcdir)/db/queries/*.sql))
DESK_MIGRATIONS = $(sort $(wildcard $(srcdir)/db/migrations/*.sql))
SIMGATE_QUERIES = $(srcdir)/db/simgate/queries.sql
SIMGATE_MIGRATIONS = $(sort $(wildcard $(srcdir)/db/simgate/[0-9]*.sql))

GEN_QUERIES = $(AWK) -f $(srcdir)/src/sql/gen_queries.awk
GEN_MIGRATIONS = $(AWK) -f $(srcdir)/src/sql/gen_migrations.awk
GEN_DESK = -v prefix=SQL_ -v catalog=desk -v header=sql/queries.h
GEN_SIMGATE = -v prefix=SG_ -v catalog=simgate -v header=simgate/queries.h
# $(call generate,command): into a new file first, so that a failure leaves nothing half made.
generate = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(1) </dev/null >$@.new && mv -f $@.new $@

src/sql/queries.h: $(DESK_QUERIES) src/sql/gen_queries.awk db/queries
	$(call generate,$(GEN_QUERIES) -v mode=h $(GEN_DESK) $(DESK_QUERIES))
src/sql/queries.c: $(DESK_QUERIES) src/sql/gen_queries.awk db/queries
	$(call generate,$(GEN_QUERIES) -v mode=c $(GEN_DESK) $(DESK_QUERIES))
src/sql/migrations.c: $(DESK_MIGRATIONS) src/sql/gen_migrations.awk db/migrations
	$(call generate,$(GEN_MIGRATIONS) $(GEN_DESK) $(DESK_MIGRATIONS))
src/simgate/queries.h: $(SIMGATE_QUERIES) src/sql/gen_queries.awk
	$(call generate,$(GEN_QUERIES) -v mode=h $(GEN_SIMGATE) $(SIMGATE_QUERIES))
src/simgate/queries.c: $(SIMGATE_QUERIES) src/sql/gen_queries.awk
	$(call generate,$(GEN_QUERIES) -v mode=c $(GEN_SIMGATE) $(SIMGATE_QUERIES))
src/simgate/migrations.c: $(SIMGATE_MIGRATIONS) src/sql/gen_migrations.awk db/simgate
	$(call generate,$(GEN_MIGRATIONS) $(GEN_SIMGATE) $(SIMGATE_MIGRATIONS))

GENERATED = src/sql/queries.h src/sql/queries.c src/sql/migrations.c \
    src/simgate/queries.h src/simgate/queries.c src/simgate/migrations.c
BUILT_SOURCES += src/sql/queries.h src/simgate/queries.h
CLEANFILES += $(GENERATED)
nodist_libsql_a_SOURCES = src/sql/queries.h src/sql/queries.c src/sql/migrations.c
nodist_libsimgate_a_SOURCES = src/simgate/queries.h src/simgate/queries.c src/simgate/migrations.c
EXTRA_DIST += db/queries db/migrations db/simgate db/demo \
    src/sql/gen_queries.awk src/sql/gen_migrations.awk
