# `make bench`: figures and their targets (tests/bench/bench.py). The tools are built with the tests.
check_PROGRAMS += tests/bench/seed tests/bench/null_fcgi tests/bench/raw_commits
BENCHES += tests/bench/bench.py
tests_bench_seed_SOURCES = tests/bench/seed.c
tests_bench_seed_LDADD = libstore.a libsql.a libcore.a $(SQL_LIBS) $(CORE_LIBS)
tests_bench_null_fcgi_SOURCES = tests/bench/null_fcgi.c
tests_bench_null_fcgi_LDADD = $(WEB_LIBS)
tests_bench_raw_commits_SOURCES = tests/bench/raw_commits.c
tests_bench_raw_commits_LDADD = $(SQL_LIBS)
EXTRA_DIST += tests/bench/bench.py tests/bench/rig.py tests/bench/first_answer.py \
	tests/bench/imports.py tests/bench/load.lua
