# Parsers of what comes from outside: `make check` reads the corpora, `make fuzz` looks for more.
FUZZ_SOURCES = tests/fuzz/targets.c tests/fuzz/targets.h tests/fuzz/fuzz_batch.c tests/fuzz/fuzz_core.c \
	tests/fuzz/fuzz_csv.c tests/fuzz/fuzz_gateway.c tests/fuzz/fuzz_notify.c tests/fuzz/fuzz_refund.c \
	tests/fuzz/fuzz_terms.c tests/fuzz/fuzz_web.c
FUZZ_LIBS = libapi.a libworker.a libnotify.a libgateway.a libweb.a libview.a librefund.a libstore.a libsql.a libcore.a $(WEB_LIBS) \
	$(VIEW_LIBS) $(GATEWAY_LIBS) $(CSV_LIBS) $(SQL_LIBS) $(CORE_LIBS)
FUZZ_TARGETS = address basic batch csv form hook json mail mask money multipart order payee percent request signature split \
	time version

check_PROGRAMS += tests/fuzz/check_fuzz
TESTS += tests/fuzz/check_fuzz
tests_fuzz_check_fuzz_SOURCES = tests/fuzz/replay.c $(FUZZ_SOURCES)
tests_fuzz_check_fuzz_LDADD = $(FUZZ_LIBS)

# Made by clang alone, in a build tree of its own.
EXTRA_PROGRAMS = tests/fuzz/fuzzer
tests_fuzz_fuzzer_SOURCES = tests/fuzz/driver.c $(FUZZ_SOURCES)
tests_fuzz_fuzzer_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzzer_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

FUZZ_BUILD = fuzz-build
$(FUZZ_BUILD)/Makefile:
	@echo 'int LLVMFuzzerTestOneInput(const void *p, unsigned long n) { return !p && n; }' | \
	    $(CLANG) -x c -fsanitize=fuzzer,address,undefined -o conftest.fuzz - 2>/dev/null || { \
	    echo "make fuzz needs clang and its run-time library:" \
	        "apt-get install --no-install-recommends clang-14 libclang-rt-14-dev" >&2; exit 1; }
	@rm -f conftest.fuzz
	$(AM_V_GEN)$(MKDIR_P) $(FUZZ_BUILD) && cd $(FUZZ_BUILD) && $(abs_top_srcdir)/configure -q \
	    --enable-sanitizers --disable-system-tests --disable-werror CC='$(CLANG)' \
	    CFLAGS='-O1 -g -fsanitize=fuzzer-no-link'

# 60 s each target; FUZZ_SECONDS=10 for a shorter look, FUZZ_TARGETS="csv form" for some of them.
fuzz: $(FUZZ_BUILD)/Makefile
	@$(MAKE) -s -C $(FUZZ_BUILD) $(BUILT_SOURCES)
	@$(MAKE) -s -C $(FUZZ_BUILD) tests/fuzz/fuzzer
	@$(srcdir)/tests/fuzz/run-fuzz $(FUZZ_BUILD)/tests/fuzz/fuzzer $(srcdir)/tests/fuzz/corpus \
	    $(FUZZ_BUILD)/found $(FUZZ_TARGETS)
.PHONY: fuzz

EXTRA_DIST += tests/fuzz/run-fuzz $(call found,tests/fuzz/corpus/*/*)
