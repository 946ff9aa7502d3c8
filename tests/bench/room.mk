# `make bench`: figures and their targets (tests/bench/bench.py). The tools are built with the tests.
check_PROGRAMS += tests/bench/seed tests/bench/null_fcgi tests/bench/raw_commits \
	tests/bench/batch_floor tests/bench/batch_judge
BENCHES += tests/bench/bench.py
tests_bench_seed_SOURCES = tests/bench/seed.c
tests_bench_seed_LDADD = libstore.a libsql.a libcore.a $(SQL_LIBS) $(CORE_LIBS)
tests_bench_null_fcgi_SOURCES = tests/bench/null_fcgi.c
tests_bench_null_fcgi_LDADD = $(WEB_LIBS)
tests_bench_raw_commits_SOURCES = tests/bench/raw_commits.c
tests_bench_raw_commits_LDADD = $(SQL_LIBS)
BENCH_BATCH_LIBS = librefund.a libstore.a libsql.a libcore.a $(CSV_LIBS) $(SQL_LIBS) $(CORE_LIBS)
BENCH_ROUNDS = tests/bench/rounds.c tests/bench/rounds.h
tests_bench_batch_floor_SOURCES = tests/bench/batch_floor.c $(BENCH_ROUNDS)
tests_bench_batch_floor_LDADD = $(BENCH_BATCH_LIBS)
tests_bench_batch_judge_SOURCES = tests/bench/batch_judge.c $(BENCH_ROUNDS)
tests_bench_batch_judge_LDADD = $(BENCH_BATCH_LIBS)
EXTRA_DIST += tests/bench/batches.py tests/bench/bench.py tests/bench/rig.py tests/bench/first_answer.py \
	tests/bench/imports.py tests/bench/load.lua
