check_LIBRARIES += tests/support/libtsupport.a
tests_support_libtsupport_a_SOURCES = \
	tests/support/suite.c tests/support/suite.h
