noinst_LIBRARIES += libsimgate.a
libsimgate_a_SOURCES =
