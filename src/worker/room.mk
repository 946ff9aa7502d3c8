noinst_LIBRARIES += libworker.a
libworker_a_SOURCES =
