noinst_LIBRARIES += librefund.a
librefund_a_SOURCES =
