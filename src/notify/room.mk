noinst_LIBRARIES += libnotify.a
libnotify_a_SOURCES =
