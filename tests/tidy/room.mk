# The tree's own rules.
TESTS += tests/tidy/tidy.py tests/tidy/man.py
EXTRA_DIST += tests/tidy/clang-tidy.yaml tests/tidy/cppcheck.txt tests/tidy/cppcheck.cfg
