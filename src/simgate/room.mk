noinst_LIBRARIES += libsimgate.a
libsimgate_a_SOURCES = \
	src/simgate/answer.c src/simgate/answer.h \
	src/simgate/control.c \
	src/simgate/faults.c src/simgate/faults.h \
	src/simgate/ledger.c src/simgate/ledger.h \
	src/simgate/payments.c \
	src/simgate/payouts.c \
	src/simgate/refunds.c src/simgate/refunds.h \
	src/simgate/routes.c src/simgate/routes.h \
	src/simgate/simgate.c src/simgate/simgate.h
nodist_libsimgate_a_SOURCES = \
	src/simgate/queries.c src/simgate/queries.h src/simgate/migrations.c

sbin_PROGRAMS += refunddesk-simgate
refunddesk_simgate_SOURCES = src/bin/simgate.c
refunddesk_simgate_LDADD = libsimgate.a libsql.a libcore.a $(SIMGATE_LIBS) $(SQL_LIBS) $(CORE_LIBS)

# Its own catalog, by the scripts of src/sql.
SIMGATE_CATALOG = -v prefix=SG_ -v catalog=simgate -v header=simgate/queries.h
SIMGATE_QUERIES = $(srcdir)/db/simgate/queries.sql
SIMGATE_MIGRATIONS = $(sort $(wildcard $(srcdir)/db/simgate/[0-9]*.sql))

src/simgate/queries.h: $(SIMGATE_QUERIES) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) src/simgate && $(SQL_GEN_QUERIES) -v mode=h $(SIMGATE_CATALOG) \
	    $(SIMGATE_QUERIES) > $@.tmp && mv $@.tmp $@
src/simgate/queries.c: $(SIMGATE_QUERIES) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) src/simgate && $(SQL_GEN_QUERIES) -v mode=c $(SIMGATE_CATALOG) \
	    $(SIMGATE_QUERIES) > $@.tmp && mv $@.tmp $@
src/simgate/migrations.c: $(SIMGATE_MIGRATIONS) $(SQL_GENERATORS)
	$(AM_V_GEN)$(MKDIR_P) src/simgate && $(SQL_GEN_MIGRATIONS) $(SIMGATE_CATALOG) \
	    $(SIMGATE_MIGRATIONS) > $@.tmp && mv $@.tmp $@

$(libsimgate_a_OBJECTS): src/simgate/queries.h
BUILT_SOURCES += src/simgate/queries.h
CLEANFILES += src/simgate/queries.h src/simgate/queries.c src/simgate/migrations.c
EXTRA_DIST += $(SIMGATE_QUERIES) $(SIMGATE_MIGRATIONS)
