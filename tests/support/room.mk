check_LIBRARIES += tests/support/libtsupport.a
tests_support_libtsupport_a_SOURCES = \
	tests/support/silent.c tests/support/silent.h \
	tests/support/suite.c tests/support/suite.h
