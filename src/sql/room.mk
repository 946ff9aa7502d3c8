noinst_LIBRARIES += libsql.a
libsql_a_SOURCES =
