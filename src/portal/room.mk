noinst_LIBRARIES += libportal.a
libportal_a_SOURCES =
