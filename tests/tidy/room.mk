# The tree's own rules.
TESTS += tests/tidy/tidy.py
EXTRA_DIST += tests/tidy/clang-tidy.yaml tests/tidy/cppcheck.txt tests/tidy/cppcheck.cfg
